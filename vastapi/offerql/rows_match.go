package offerql

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// check makes a term into a function of a row; nil when any row will do.
func (r *Rows[T]) check(t *term) func(*T) bool {
	if t.op == opAny {
		return nil
	}
	if t.field == nil {
		return r.wordsCheck(t)
	}
	c := r.columns[t.field]
	switch {
	case t.null():
		told := t.op == opNe
		return func(row *T) bool { return c.told(row) == told }
	case t.op == opLike || t.op == opNotLike:
		return r.patternCheck(&c, t)
	case t.field.Kind == Flag:
		mask := flagMask(t)
		return func(row *T) bool { return mask&(1<<c.Flag(row)) != 0 }
	case t.field.Kind == Place:
		return c.placesCheck(t)
	case t.field.Kind == GPU || t.field.Kind == Name:
		return c.textsCheck(t)
	}
	return c.numbersCheck(t)
}

func (c *Column[T]) told(row *T) bool {
	switch {
	case c.Num != nil:
		return !math.IsNaN(c.Num(row))
	case c.Flag != nil:
		return c.Flag(row) != vastapi.FlagUnknown
	}
	return len(c.texts(row)) > 0
}

func (c *Column[T]) numbersCheck(t *term) func(*T) bool {
	n := numberCheck(t)
	get := c.Num
	switch n.kind {
	case inRange:
		low, high := n.lo, n.hi
		return func(row *T) bool { v := get(row); return v >= low && v <= high }
	case outOfRange:
		low, high := n.lo, n.hi
		return func(row *T) bool { v := get(row); return v < low || v > high }
	case numIn:
		return func(row *T) bool { return n.has(get(row)) }
	}
	return func(row *T) bool { v := get(row); return !math.IsNaN(v) && !n.has(v) }
}

func (c *Column[T]) placesCheck(t *term) func(*T) bool {
	places, not, get := placeCheck(t).places, t.op == opNe || t.op == opNotIn, c.Text
	return func(row *T) bool { s := get(row); return s != "" && places.has(s) != not }
}

// textsCheck compares texts with letters in any case: the words of a status are
// shown in capitals.
func (c *Column[T]) textsCheck(t *term) func(*T) bool {
	var values []string
	for _, v := range t.vals {
		values = append(values, v.text)
	}
	not := t.op == opNe || t.op == opNotIn
	is := func(s string) bool { return isOneOf(s, values) }
	if get := c.Text; get != nil {
		return func(row *T) bool { s := get(row); return s != "" && is(s) != not }
	}
	get := c.List
	return func(row *T) bool { list := get(row); return len(list) > 0 && slices.ContainsFunc(list, is) != not }
}

func (r *Rows[T]) patternCheck(c *Column[T], t *term) func(*T) bool {
	re, not := t.words[0].re, t.op == opNotLike
	full := r.full
	if t.field.Kind != Place {
		full = nil
	}
	return func(row *T) bool {
		list := c.texts(row)
		if full != nil {
			if s := full(row); s != "" {
				list = append(slices.Clip(list), s)
			}
		}
		return len(list) > 0 && slices.ContainsFunc(list, re.MatchString) != not
	}
}

// wordsCheck looks for words in all texts of the Words columns.
func (r *Rows[T]) wordsCheck(t *term) func(*T) bool {
	finders := make([]func(*T) bool, len(t.words))
	for i, w := range t.words {
		finders[i] = r.finder(w)
	}
	not := t.op == opNotWords
	return func(row *T) bool {
		for _, found := range finders {
			if found(row) {
				return !not
			}
		}
		return not
	}
}

// finder finds one word in a row.
func (r *Rows[T]) finder(w word) func(*T) bool {
	inText := w.finder()
	number := w.low != "" && w.low[0] >= '0' && w.low[0] <= '9'
	where := r.where
	return func(row *T) bool {
		for i := range where {
			switch c := &where[i]; {
			case c.Num != nil && w.class == patternWord:
				if v := c.Num(row); v > 0 && w.re.MatchString(strconv.FormatFloat(v, 'f', 0, 64)) {
					return true
				}
			case c.Num != nil:
				if v := c.Num(row); number && v > 0 && containsID(int64(v), w.low) {
					return true
				}
			case c.List != nil:
				if slices.ContainsFunc(c.List(row), inText) {
					return true
				}
			case c.Country && w.class == placeWord:
				if slices.Contains(placeCodes(w.text), c.Text(row)) {
					return true
				}
			default:
				if s := c.Text(row); s != "" && inText(s) {
					return true
				}
			}
		}
		return w.class != placeWord && r.full != nil && inText(r.full(row))
	}
}

// finder finds a word in a text: a place only as a word of its own, so that "us"
// is not found in "cluster", any other word also inside of one.
func (w word) finder() func(string) bool {
	switch {
	case w.class == patternWord:
		return w.re.MatchString
	case w.class == placeWord:
		low := lowerASCII(w.typed)
		return func(s string) bool { return containsWord(s, low) }
	}
	low, under := w.low, strings.ReplaceAll(w.low, " ", "_")
	short := ""
	if s := tight(low); len(s) >= minTight && gpusWithTight(s) != nil {
		short = s
	}
	return func(s string) bool {
		return containsFold(s, low) || under != low && containsFold(s, under) || short != "" && containsTight(s, short)
	}
}

// containsWord reports whether low, which is in lower case, stands in s with no
// letter or digit beside it.
func containsWord(s, low string) bool {
	for i := 0; low != "" && i+len(low) <= len(s); i++ {
		if equalFold(s[i:i+len(low)], low) && (i == 0 || !isLetter(s[i-1])) && (i+len(low) == len(s) || !isLetter(s[i+len(low)])) {
			return true
		}
	}
	return false
}

func isLetter(c byte) bool { return isDigit(c) || 'a' <= lower(c) && lower(c) <= 'z' || c >= 0x80 }

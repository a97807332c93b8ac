package offerql

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// checkKind is what a check compares; cheap ones come first.
type checkKind uint8

const (
	gpuIn   checkKind = iota // GPU name is one of texts: what refuses most
	inRange                  // lo ≤ number ≤ hi
	flagIn                   // state of the flag is in mask
	placeIn
	placeNotIn
	numIn
	numNotIn
	outOfRange // number < lo or number > hi
	isUnknown
	isKnown
	textIn
	textNotIn
	wordsIn
	wordsNotIn
)

// check is a compiled term, or several of one field. What bounds and flags need
// is in it; lists are behind a pointer, so that a query fits few cache lines.
type check struct {
	kind   checkKind
	mask   uint8 // bits of vastapi.Flag
	field  *Field
	lo, hi float64
	*lists
}

// lists are the values of a check that has more than bounds.
type lists struct {
	nums   []float64
	texts  []string
	places *placeSet
	words  []word
}

// Match reports whether q admits o. A null column satisfies no comparison.
// Match is pure and allocates nothing.
func (q Query) Match(o *vastapi.Offer) bool {
	for i := range q.checks {
		if c := &q.checks[i]; c.kind == inRange {
			// Nearly all terms are bounds; unknown is NaN and fails both.
			if v := c.field.num(o); !(v >= c.lo && v <= c.hi) {
				return false
			}
		} else if !c.match(o) {
			return false
		}
	}
	return true
}

func (c *check) match(o *vastapi.Offer) bool {
	switch c.kind {
	case inRange:
		v := c.field.num(o)
		return v >= c.lo && v <= c.hi
	case flagIn:
		return c.mask&(1<<c.field.flag(o)) != 0
	case placeIn:
		return c.places.has(c.field.text(o))
	case placeNotIn:
		place := c.field.text(o)
		return place != "" && !c.places.has(place)
	case numIn:
		return slices.Contains(c.nums, c.field.num(o))
	case numNotIn:
		v := c.field.num(o)
		return !math.IsNaN(v) && !slices.Contains(c.nums, v)
	case outOfRange:
		v := c.field.num(o)
		return v < c.lo || v > c.hi
	case isUnknown:
		return !c.field.told(o)
	case isKnown:
		return c.field.told(o)
	case gpuIn:
		return slices.Contains(c.texts, o.GPUName.String())
	case textIn:
		return slices.Contains(c.texts, c.field.text(o))
	case textNotIn:
		s := c.field.text(o)
		return s != "" && !slices.Contains(c.texts, s)
	case wordsIn:
		return anyWord(c.words, o)
	}
	return c.wordsToldAndAbsent(o)
}

// told reports whether the column has a value.
func (f *Field) told(o *vastapi.Offer) bool {
	switch {
	case f.num != nil:
		return !math.IsNaN(f.num(o))
	case f.flag != nil:
		return f.flag(o) != vastapi.FlagUnknown
	}
	return f.text(o) != ""
}

func anyWord(words []word, o *vastapi.Offer) bool {
	for i := range words {
		if words[i].match(o) {
			return true
		}
	}
	return false
}

// wordsToldAndAbsent: "-4090" is a comparison of the GPU name, which an offer
// whose GPU is not told cannot satisfy.
func (c *check) wordsToldAndAbsent(o *vastapi.Offer) bool {
	for i := range c.words {
		switch c.words[i].class {
		case gpuWord:
			if o.GPUName.Empty() {
				return false
			}
		case placeWord:
			if countryOf(o) == "" {
				return false
			}
		}
	}
	return !anyWord(c.words, o)
}

func (w *word) match(o *vastapi.Offer) bool {
	switch w.class {
	case gpuWord:
		return w.in(o.GPUName.String())
	case placeWord:
		return slices.Contains(placeCodes(w.text), countryOf(o))
	}
	return containsFold(o.GPUName.String(), w.low) || containsFold(o.Geolocation.String(), w.low) ||
		containsFold(o.CPUName.String(), w.low) || containsID(int64(o.MachineID), w.low) || containsID(int64(o.HostID), w.low)
}

// containsID reports whether low occurs in the digits of id.
func containsID(id int64, low string) bool {
	if low[0] < '0' || low[0] > '9' {
		return false
	}
	var buf [20]byte
	return strings.Contains(string(strconv.AppendInt(buf[:0], id, 10)), low)
}

// compile makes the query of terms.
func compile(terms []term, volumes bool) Query {
	q := Query{terms: terms, volumes: volumes, checks: make([]check, 0, len(terms))}
	for i := range terms {
		q.addCheck(&terms[i])
	}
	return q
}

func (q *Query) addCheck(t *term) {
	switch {
	case t.op == opAny:
	case t.field == nil:
		q.insert(wordCheck(t))
	case t.null():
		kind := isUnknown
		if t.op == opNe {
			kind = isKnown
		}
		q.insert(check{kind: kind, field: t.field})
	case t.field.Kind == Flag:
		q.merge(check{kind: flagIn, field: t.field, mask: flagMask(t)})
	case t.field.Kind == Place:
		q.insert(placeCheck(t))
	case t.field.Kind == GPU || t.field.Kind == Name:
		q.insert(textCheck(t))
	default:
		q.merge(numberCheck(t))
	}
}

// merge folds bounds and flags of one field into one check.
func (q *Query) merge(c check) {
	for i := range q.checks {
		if have := &q.checks[i]; have.field == c.field && have.kind == c.kind {
			switch c.kind {
			case inRange:
				have.lo, have.hi = max(have.lo, c.lo), min(have.hi, c.hi)
				return
			case flagIn:
				have.mask &= c.mask
				return
			}
		}
	}
	q.insert(c)
}

// insert keeps the checks in the order of their kinds.
func (q *Query) insert(c check) {
	q.checks = append(q.checks, c)
	for i := len(q.checks) - 1; i > 0 && q.checks[i].kind < q.checks[i-1].kind; i-- {
		q.checks[i], q.checks[i-1] = q.checks[i-1], q.checks[i]
	}
}

func flagMask(t *term) (mask uint8) {
	for _, v := range t.vals {
		mask |= 1 << vastapi.FlagOf(v.flag)
	}
	if t.op == opNe || t.op == opNotIn {
		mask = ^mask & (1<<vastapi.FlagYes | 1<<vastapi.FlagNo)
	}
	return mask
}

func placeCheck(t *term) check {
	c := check{kind: placeIn, field: t.field, lists: &lists{places: new(placeSet)}}
	if t.op == opNe || t.op == opNotIn {
		c.kind = placeNotIn
	}
	for _, v := range t.vals {
		for _, code := range placeCodes(v.text) {
			c.places.add(code)
		}
	}
	return c
}

func textCheck(t *term) check {
	c := check{kind: textIn, field: t.field, lists: new(lists)}
	if t.op == opNe || t.op == opNotIn {
		c.kind = textNotIn
	} else if t.field == gpuField {
		c.kind = gpuIn
	}
	c.texts = make([]string, len(t.vals))
	for i, v := range t.vals {
		c.texts[i] = v.text
	}
	return c
}

func numberCheck(t *term) check {
	c := check{kind: inRange, field: t.field, lo: math.Inf(-1), hi: math.Inf(1)}
	switch t.op {
	case opEq:
		c.lo, c.hi = t.ends()
	case opNe:
		if c.lo, c.hi = t.ends(); c.lo == c.hi {
			c.kind, c.lists = numNotIn, &lists{nums: []float64{c.lo}}
		} else {
			c.kind = outOfRange
		}
	case opGt:
		c.lo = math.Nextafter(t.limit(), math.Inf(1))
	case opGe:
		c.lo = t.limit()
	case opLt:
		c.hi = math.Nextafter(t.limit(), math.Inf(-1))
	case opLe:
		c.hi = t.limit()
	default:
		c.kind, c.lists = numIn, new(lists)
		if t.op == opNotIn {
			c.kind = numNotIn
		}
		for _, v := range t.vals {
			c.nums = append(c.nums, t.field.point(v))
		}
	}
	return c
}

func wordCheck(t *term) check {
	c := check{kind: wordsIn, lists: &lists{words: t.words}}
	if t.op == opNotWords {
		c.kind = wordsNotIn
	}
	if codes := t.wordCodes(); codes != nil {
		c.field, c.places, c.words = placeField, new(placeSet), nil
		for _, code := range codes {
			c.places.add(code)
		}
		if c.kind = placeIn; t.op == opNotWords {
			c.kind = placeNotIn
		}
	}
	return c
}

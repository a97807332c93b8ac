package offerql

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner walks over the text of a query. Unlike the official client it takes
// any white space as a space: a tab or a no-break space that came with pasted
// text looks like one.
type scanner struct {
	s     string
	i     int
	table *table // of the fields that can be named
}

func (p *scanner) end() bool { return p.i >= len(p.s) }

// space returns the length of the white space at i, 0 if there is none.
func (p *scanner) space(i int) int {
	if i >= len(p.s) {
		return 0
	}
	c := p.s[i]
	if c < utf8.RuneSelf {
		if c == ' ' || c >= '\t' && c <= '\r' || c >= 0x1c && c <= 0x1f {
			return 1
		}
		return 0
	}
	if r, n := utf8.DecodeRuneInString(p.s[i:]); unicode.IsSpace(r) {
		return n
	}
	return 0
}

// skip returns the index of the first character at or after i that is no white space.
func (p *scanner) skip(i int) int {
	for {
		n := p.space(i)
		if n == 0 {
			return i
		}
		i += n
	}
}

// run returns the end of the text without white space that begins at i.
func (p *scanner) run(i int) int {
	for i < len(p.s) && (p.s[i] > ' ' && p.s[i] < utf8.RuneSelf || p.space(i) == 0) {
		i++
	}
	return i
}

// word returns the end of the bare word that begins at i.
func (p *scanner) word(i int) int {
	for i < len(p.s) {
		c := p.s[i]
		if isIdent(c) {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			if !isInner(c) {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(p.s[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) {
			return i
		}
		i += n
	}
	return i
}

// isInner reports the signs that a bare word may hold.
func isInner(c byte) bool { return c == '.' || c == '-' || c == '/' || c == '+' || c == '#' }

// isSign reports the characters that operators consist of.
func isSign(c byte) bool { return c == '=' || c == '<' || c == '>' || c == '!' }

// isFrame reports the characters around values that say nothing.
func isFrame(c byte) bool { return c == ',' || c == '[' || c == ']' }

// operator is an operator read from the text.
type operator struct {
	op         op
	start, end int
	text       string // set when it is none that exists
	symbolic   bool
}

// operatorAt reads the operator behind a name that ends at i. Found is false
// when there is none: then the name is a bare word.
func (p *scanner) operatorAt(i int) (o operator, found bool) {
	j := p.skip(i)
	if j >= len(p.s) {
		return operator{}, false
	}
	k := j
	for k < len(p.s) && (isSign(p.s[k]) || p.s[k] == '~') {
		k++
	}
	if k > j {
		if j > i && p.beginsWord(j) && !p.fieldBefore(i) {
			return operator{}, false // 4090 ~texas, 4090 !CN
		}
		o = operator{start: j, end: k, symbolic: true}
		var ok bool
		if o.op, ok = symbolicOp(p.s[j:k]); !ok {
			o.text = p.s[j:k]
		}
		return o, true
	}
	if j == i {
		return operator{}, false
	}
	return p.wordOperator(j)
}

func symbolicOp(s string) (op, bool) {
	switch s {
	case "=", "==":
		return opEq, true
	case "!=":
		return opNe, true
	case ">":
		return opGt, true
	case ">=":
		return opGe, true
	case "<":
		return opLt, true
	case "<=":
		return opLe, true
	case "~":
		return opLike, true
	case "!~":
		return opNotLike, true
	}
	return 0, false
}

// beginsWord reports whether the sign at j may begin a word of its own.
func (p *scanner) beginsWord(j int) bool {
	return p.s[j] == '~' || p.s[j] == '!' && (j+1 == len(p.s) || p.s[j+1] != '=')
}

// fieldBefore reports whether the name that ends at i is one of a field.
func (p *scanner) fieldBefore(i int) bool {
	from := i
	for from > 0 && isIdent(p.s[from-1]) {
		from--
	}
	if p.table != nil && p.table.own {
		return p.table.named[p.s[from:i]] != nil
	}
	return policyField(p.s[from:i]) != nil
}

func (p *scanner) wordOperator(j int) (operator, bool) {
	k := p.letters(j)
	if k-j > 5 || k == j {
		return operator{}, false
	}
	word := p.s[j:k]
	if word == "not" {
		l := p.skip(k)
		m := p.letters(l)
		switch p.s[l:m] {
		case "in":
			return p.closed(operator{op: opNotIn, start: j, end: m})
		case "eq":
			return p.closed(operator{op: opNe, start: j, end: m})
		}
		return operator{start: j, end: k, text: word}, true
	}
	if o, ok := wordOp(word); ok {
		return p.closed(operator{op: o, start: j, end: k})
	}
	return operator{}, false
}

// closed accepts a word operator that is followed by a space, a bracket or the end.
func (p *scanner) closed(o operator) (operator, bool) {
	if o.end < len(p.s) && p.space(o.end) == 0 && p.s[o.end] != '[' {
		return operator{}, false
	}
	return o, true
}

func (p *scanner) letters(i int) int {
	for i < len(p.s) && 'a' <= p.s[i] && p.s[i] <= 'z' {
		i++
	}
	return i
}

func wordOp(s string) (op, bool) {
	switch s {
	case "eq":
		return opEq, true
	case "neq", "noteq":
		return opNe, true
	case "gt":
		return opGt, true
	case "gte":
		return opGe, true
	case "lt":
		return opLt, true
	case "lte":
		return opLe, true
	case "in":
		return opIn, true
	case "nin", "notin":
		return opNotIn, true
	}
	return 0, false
}

// isReserved reports whether s has a meaning of its own and so is no bare word.
func isReserved(s string) bool {
	if _, ok := wordOp(s); ok {
		return true
	}
	switch len(s) {
	case 2:
		return equalFold(s, "or")
	case 3:
		return s == "not" || equalFold(s, "and")
	}
	return false
}

// item is one value as written, without its quotes.
type item struct {
	text   string
	quoted bool
	col    int // where it was written, quotes included
	len    int
}

// items splits the text between from and to at commas and bars; inside quotes
// both are ordinary characters.
func (p *scanner) items(buf []item, from, to int) ([]item, *Error) {
	i := from
	for i < to {
		i = p.skip(i)
		if i >= to {
			break
		}
		it, next, err := p.item(i, to)
		if err != nil {
			return nil, err
		}
		if it.text != "" {
			buf = append(buf, it)
		}
		i = next
	}
	return buf, nil
}

func (p *scanner) item(i, to int) (item, int, *Error) {
	if q := p.s[i]; q == '"' || q == '\'' {
		n := strings.IndexByte(p.s[i+1:to], q)
		if n < 0 {
			return item{}, 0, &Error{Col: i, Len: to - i, Kind: BadText, Text: "the quote is not closed"}
		}
		it := item{text: p.s[i+1 : i+1+n], quoted: true, col: i, len: n + 2}
		j := p.skip(i + n + 2)
		if j < to && p.s[j] != ',' && p.s[j] != '|' {
			return item{}, 0, &Error{Col: j, Len: 1, Kind: BadText, Text: "there is text behind the quotes; a comma is missing"}
		}
		return it, j + 1, nil
	}
	j := i
	for j < to && p.s[j] != ',' && p.s[j] != '|' {
		if p.s[j] == '"' {
			return item{}, 0, &Error{Col: j, Len: 1, Kind: BadText, Text: "a quote in the middle of a value"}
		}
		j++
	}
	t := p.s[i:j]
	if n := len(t); n > 0 && !isIdent(t[n-1]) {
		t = strings.TrimRightFunc(t, unicode.IsSpace)
	}
	return item{text: t, col: i, len: len(t)}, j + 1, nil
}

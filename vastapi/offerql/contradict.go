package offerql

import (
	"slices"
	"strings"
)

// Contradiction says in a sentence why no offer can satisfy q: bounds with
// nothing between them, a value that is wanted and refused. It is "" when it sees
// no such reason. A query with one is well formed; it is of no use to send it.
func (q Query) Contradiction() string {
	list := q.list()
	for i := range list {
		if c := &list[i]; c.field != nil && q.empty(c) {
			return q.disagreement(c.field)
		}
	}
	return ""
}

// empty reports whether no value satisfies c together with the other checks of its field.
func (q Query) empty(c *check) bool {
	switch c.kind {
	case inRange:
		return c.lo > c.hi || c.hi < 0 && !c.field.signed
	case flagIn:
		return c.mask == 0
	case numIn:
		return !slices.ContainsFunc(c.nums, func(v float64) bool { return q.allAdmit(c.field, v) })
	case textIn, gpuIn:
		return !slices.ContainsFunc(c.texts, func(s string) bool { return q.allAdmitText(c.field, s) })
	}
	return false
}

func (q Query) allAdmit(f *Field, v float64) bool {
	for i := range q.prog.checks {
		switch c := &q.prog.checks[i]; {
		case c.field != f:
		case c.kind == isUnknown:
			return false
		case (c.kind == inRange || c.kind == outOfRange || c.kind == numIn || c.kind == numNotIn || c.kind == blocked) && !c.admits(v):
			return false
		}
	}
	return true
}

func (q Query) allAdmitText(f *Field, s string) bool {
	for i := range q.prog.checks {
		switch c := &q.prog.checks[i]; {
		case c.field != f:
		case c.kind == isUnknown:
			return false
		case (c.kind == textIn || c.kind == gpuIn) && !slices.Contains(c.texts, s),
			c.kind == textNotIn && slices.Contains(c.texts, s),
			c.kind == textLike && f.Kind != Place && !c.words[0].re.MatchString(s),
			c.kind == textNotLike && f.Kind != Place && c.words[0].re.MatchString(s):
			return false
		}
	}
	return true
}

// disagreement names the terms about a field that leave nothing.
func (q Query) disagreement(f *Field) string {
	var terms []string
	for _, t := range q.terms {
		if t.field == f && t.op != opAny {
			terms = append(terms, t.String())
		}
	}
	switch n := len(terms); {
	case n == 0:
		return "" // it is what is hidden, not what was typed
	case n == 1:
		return terms[0] + " holds for no offer"
	case n == 2:
		return terms[0] + " and " + terms[1] + " cannot both hold"
	default:
		return strings.Join(terms[:n-1], ", ") + " and " + terms[n-1] + " cannot all hold"
	}
}

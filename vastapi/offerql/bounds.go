package offerql

import "math"

// How a value as typed becomes one number, or two, on the scale of the wire.

// point is the number that the official client would send.
func (f *Field) point(v value) float64 {
	if v.exact {
		return v.num
	}
	return tidy(v.num * f.Multiplier)
}

// upper is the greatest number that is still called v: a card of 24 GB may have
// 24,576 MB, and 535 is every driver up to 535.999.999.
func (f *Field) upper(v value) float64 {
	switch {
	case f.Kind == Driver:
		return v.num + math.Pow(1000, float64(3-v.parts)) - 1
	case (f.dim == memory || f.dim == cardMemory) && !v.exact:
		return math.Ceil(tidy(v.num * 1024))
	}
	return f.point(v)
}

// bounds are the least and the greatest number that "= v" admits.
func (f *Field) bounds(v value) (low, high float64) {
	low = f.point(v)
	if f.Kind == Driver || f.dim == cardMemory {
		return low, f.upper(v)
	}
	return low, low
}

// ends are the least and the greatest number that a term with = or != names.
func (t term) ends() (low, high float64) {
	if t.span {
		return t.field.point(t.vals[0]), t.field.upper(t.vals[1])
	}
	return t.field.bounds(t.vals[0])
}

// limit is the number behind >, >=, < or <=.
func (t term) limit() float64 {
	low, high := t.field.bounds(t.vals[0])
	switch {
	case t.op == opLe, t.op == opGt && t.field.Kind == Driver:
		return high
	}
	return low
}

// null reports whether t compares with null.
func (t term) null() bool { return len(t.vals) == 1 && t.vals[0].kind == isNull }

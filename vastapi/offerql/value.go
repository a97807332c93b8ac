package offerql

import "strings"

// value reads what stands behind the operator into t.
func (p *parser) value(t *term) *Error {
	start := p.i
	list, from, to, err := p.extent()
	if err != nil {
		return err
	}
	if t.op == opEq || t.op == opNe {
		if w := p.s[from:to]; !list && t.field.isAny(w) {
			if t.op == opNe {
				return &Error{Col: from, Len: to - from, Kind: BadWildcard, Text: "any goes with = only"}
			}
			t.op = opAny
			return nil
		}
	}
	var buf [4]item
	items, err := p.items(buf[:0], from, to)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return &Error{Col: start, Len: p.i - start, Kind: BlankValue, Text: "a value for " + t.field.Name + " is missing"}
	}
	if t.field.Kind == GPU && !list && len(items) == 1 && !items[0].quoted && (t.op == opEq || t.op == opNe) {
		items[0] = p.joinGPU(items[0])
	}
	if err := p.assign(t, items); err != nil {
		return err
	}
	if t.field.Kind == Number && !list {
		return p.looseUnit(t.field, items[len(items)-1])
	}
	return nil
}

// isAny reports whether a value as typed says that the field does not matter. A
// text, such as the name of a mainboard, may be "all".
func (f *Field) isAny(s string) bool {
	return s == "any" || s == "*" || s == "?" || s == "all" && f.Kind != Name
}

// assign turns items into the values of t.
func (p *parser) assign(t *term, items []item) *Error {
	one := len(items) == 1
	if one && t.field.ordered() && !items[0].quoted && strings.Contains(items[0].text, "..") {
		return p.rangeValue(t, items[0])
	}
	switch {
	case t.op == opIn || t.op == opNotIn:
	case one:
	case t.op == opEq && t.field.dim != cardMemory && t.field.dim != memory:
		t.op = opIn
	case t.op == opNe && t.field.dim != cardMemory && t.field.dim != memory:
		t.op = opNotIn
	default:
		last := items[len(items)-1]
		text := t.field.Name + strings.TrimSpace(opText[t.op]) + " takes one value; a space, not a comma, separates terms"
		if t.field.dim != plain {
			text += ", and a range is written 24..48"
		}
		return &Error{Col: items[0].col, Len: last.col + last.len - items[0].col, Kind: BadNumber, Text: text}
	}
	// The values of all terms share one array while it lasts.
	from := len(p.vals)
	for _, it := range items {
		v, err := p.read(t, it)
		if err != nil {
			return err
		}
		p.vals = append(p.vals, v)
	}
	t.vals = p.vals[from:len(p.vals):len(p.vals)]
	return nil
}

func (f *Field) ordered() bool { return f.Kind == Number || f.Kind == Driver }

// rangeValue reads "24..48"; a unit behind the second number goes for both.
func (p *parser) rangeValue(t *term, it item) *Error {
	if t.op != opEq && t.op != opNe && t.op != opIn && t.op != opNotIn {
		return &Error{Col: it.col, Len: it.len, Kind: BadValue, Text: "a range goes with = or !="}
	}
	low, high, _ := strings.Cut(it.text, "..")
	if low == "" || high == "" {
		kind := BlankValue
		if high == "" && it.col+it.len == len(p.s) {
			kind = Unfinished
		}
		return &Error{Col: it.col, Len: it.len, Kind: kind, Text: "a range has two ends: 24..48; for one use >= or <="}
	}
	if _, rest, ok := cutNumber(strings.TrimPrefix(low, "$")); ok && rest == "" && t.field.Kind == Number {
		if _, suffix, ok := cutNumber(strings.TrimPrefix(high, "$")); ok {
			low += suffix
		}
	}
	bounds := term{field: t.field, op: opGe}
	a, err := p.read(&bounds, item{text: low, col: it.col, len: it.len})
	if err != nil {
		return endOfRange(err)
	}
	bounds.op = opLe
	b, err := p.read(&bounds, item{text: high, col: it.col, len: it.len})
	if err != nil {
		return endOfRange(err)
	}
	if a.kind != isNumber || b.kind != isNumber {
		return &Error{Col: it.col, Len: it.len, Kind: BadNumber, Text: "the ends of a range are numbers"}
	}
	switch t.op {
	case opIn:
		t.op = opEq
	case opNotIn:
		t.op = opNe
	}
	t.span, t.vals = true, []value{a, b}
	if from, _ := t.field.bounds(a); from > t.field.upper(b) {
		return &Error{Col: it.col, Len: it.len, Kind: BadValue, Text: "the range ends below its beginning", Suggest: high + ".." + low}
	}
	return nil
}

// endOfRange is what is wrong with one end: the mistake is marked in the whole
// range, in place of which that end alone would say something else.
func endOfRange(e *Error) *Error {
	e.Suggest = ""
	return e
}

package offerql

import (
	"slices"

	"vastdeck/vastapi"
)

// Filter is q as the filter of a search, multipliers applied and numbers as
// numbers. With defaults it has those of the official client too, unless q says
// something else about their field: verified eq true, external eq false and,
// for offers, rentable eq true, for volumes, disk_space gte 1. What the server
// cannot be asked is left out: Local names it.
func (q Query) Filter(defaults bool) vastapi.Filter {
	f := vastapi.Filter{}
	if defaults {
		for _, t := range clientDefaults(q.volumes) {
			if !q.replaces(t) {
				addWire(f, t)
			}
		}
	}
	for _, list := range [...][]term{q.terms, q.hidden} {
		for i := range list {
			addWire(f, &list[i])
		}
	}
	return f
}

// Local lists, in canonical form, the terms that the server cannot be asked.
func (q Query) Local() []string {
	var out []string
	for _, t := range q.terms {
		if t.isLocal() {
			out = append(out, t.String())
		}
	}
	return out
}

// isLocal reports whether no search filter says what t says.
func (t term) isLocal() bool {
	switch {
	case t.op == opAny:
		return false
	case t.field == nil:
		return t.localWords()
	case t.op == opLike, t.op == opNotLike:
		return true
	case t.field.LocalOnly:
		return true
	case t.op == opNe && t.field.ordered() && !t.null():
		// A filter joins its conditions by "and": it has no "below or above".
		low, high := t.ends()
		return low != high
	}
	return false
}

// localWords: words of several columns are an "or" between columns, which a
// filter does not have; left out, they can be refused column by column.
func (t term) localWords() bool {
	for _, w := range t.words {
		if w.class == localWord || w.class == patternWord || t.op == opWords && w.class != t.words[0].class {
			return true
		}
	}
	return false
}

func addWire(f vastapi.Filter, t *term) {
	switch {
	case t.op == opAny || t.isLocal():
	case t.field == nil:
		addWords(f, t)
	case t.field.ordered() && !t.null() && (t.op == opEq || t.op == opNe):
		low, high := t.ends()
		if low == high {
			put(f, t.field.Wire, opWire[t.op], low)
			return
		}
		put(f, t.field.Wire, "gte", low)
		put(f, t.field.Wire, "lte", high)
	case t.field.ordered() && t.op >= opGt && t.op <= opLe:
		put(f, t.field.Wire, opWire[t.op], t.limit())
	default:
		addValues(f, t)
	}
}

func addWords(f vastapi.Filter, t *term) {
	var gpus, codes []any
	for _, w := range t.words {
		if w.class == gpuWord {
			gpus = appendNew(gpus, w.gpus())
		} else {
			codes = appendNew(codes, placeCodes(w.text))
		}
	}
	op := "in"
	if t.op == opNotWords {
		op = "notin"
	}
	if gpus != nil {
		put(f, "gpu_name", op, gpus)
	}
	if codes != nil {
		put(f, "geolocation", op, codes)
	}
}

// addValues adds a term whose values are sent as they are: lists, texts, flags, null.
func addValues(f vastapi.Filter, t *term) {
	vals, op := t.wireValues(), opWire[t.op]
	switch {
	case t.op == opIn || t.op == opNotIn:
		put(f, t.field.Wire, op, vals)
	case len(vals) == 1:
		put(f, t.field.Wire, op, vals[0])
	case t.op == opEq: // a region
		put(f, t.field.Wire, "in", vals)
	default:
		put(f, t.field.Wire, "notin", vals)
	}
}

// wireValues are the values of t as they are sent, regions expanded.
func (t term) wireValues() []any {
	out := make([]any, 0, len(t.vals))
	for _, v := range t.vals {
		switch {
		case v.kind == isNull:
			out = append(out, nil)
		case v.kind == isNumber:
			out = append(out, t.field.point(v))
		case v.kind == isFlag && v.num != 0 && v.flag:
			out = append(out, 1.)
		case v.kind == isFlag && v.num != 0:
			out = append(out, 0.)
		case v.kind == isFlag:
			out = append(out, v.flag)
		case t.field.Kind == Place:
			out = appendNew(out, placeCodes(v.text))
		default:
			out = append(out, v.text)
		}
	}
	return out
}

func appendNew(list []any, add []string) []any {
	for _, s := range add {
		if !slices.Contains(list, any(s)) {
			list = append(list, s)
		}
	}
	return list
}

// put adds one condition to a column. A column holds each operator once, so two
// conditions with the same operator become the one that says both.
func put(f vastapi.Filter, column, op string, v any) {
	ops := f[column]
	if ops == nil {
		ops = map[string]any{}
		f[column] = ops
	}
	have, twice := ops[op]
	if !twice {
		ops[op] = v
		if op == "notin" || op == "neq" {
			joinRefused(ops)
		}
		return
	}
	switch op {
	case "gt", "gte":
		ops[op] = max(have.(float64), v.(float64))
	case "lt", "lte":
		ops[op] = min(have.(float64), v.(float64))
	case "neq":
		refuse(ops, have, v)
	case "notin":
		ops[op] = union(have.([]any), v.([]any))
	case "in":
		intersect(ops, have.([]any), v.([]any))
	}
}

// refuse turns two "not equal" into one list. Null among them says nothing more:
// whatever is compared at all is not null.
func refuse(ops map[string]any, a, b any) {
	switch {
	case a == nil:
		ops["neq"] = b
	case b == nil || a == b:
	default:
		delete(ops, "neq")
		list, _ := ops["notin"].([]any)
		ops["notin"] = union(list, []any{a, b})
	}
}

// joinRefused keeps a single neq beside a notin in the list.
func joinRefused(ops map[string]any) {
	list, both := ops["notin"].([]any)
	one, ok := ops["neq"]
	if both && ok {
		delete(ops, "neq")
		if one != nil {
			list = union(list, []any{one})
		}
		ops["notin"] = list
	}
}

func union(a, b []any) []any {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// intersect keeps what both lists have. When that is nothing the two stay two
// conditions that cannot both hold, because an empty list is refused as blank.
func intersect(ops map[string]any, a, b []any) {
	var both []any
	for _, v := range a {
		if slices.Contains(b, v) {
			both = append(both, v)
		}
	}
	if both != nil {
		ops["in"] = both
		return
	}
	if eq, ok := ops["eq"]; !ok {
		ops["eq"] = b[0]
	} else if slices.Contains(a, eq) {
		ops["in"] = b
	}
}

package offerql

import (
	"strconv"
	"strings"
)

// Explain says in words what each term of q comes to: multipliers, ranges,
// regions and words written out, and what is applied locally only.
func (q Query) Explain() []string {
	out := make([]string, 0, len(q.terms))
	for _, t := range q.terms {
		line := t.explain()
		if t.isLocal() {
			line += " · applied locally"
		}
		out = append(out, line)
	}
	return out
}

func (t term) explain() string {
	switch {
	case t.op == opAny:
		return t.field.Name + " does not matter"
	case t.field == nil:
		return t.explainWords()
	case t.null() && t.op == opEq:
		return t.field.Name + " is not told"
	case t.null():
		return t.field.Name + " is told"
	case t.op == opLike:
		return t.field.Name + " is like " + t.words[0].text
	case t.op == opNotLike:
		return t.field.Name + " is not like " + t.words[0].text
	case t.field.ordered():
		return t.explainNumber()
	}
	return t.explainList()
}

var opSigns = [...]string{opEq: "=", opNe: "≠", opGt: ">", opGe: "≥", opLt: "<", opLe: "≤", opIn: "is one of", opNotIn: "is none of"}

func (t term) explainNumber() string {
	f := t.field
	if t.op == opIn || t.op == opNotIn {
		var list []string
		for _, v := range t.vals {
			list = append(list, f.figure(f.point(v)))
		}
		return f.Name + " " + opSigns[t.op] + " " + strings.Join(list, ", ") + t.typed()
	}
	if t.op != opEq && t.op != opNe {
		return f.Name + " " + opSigns[t.op] + " " + f.figure(t.limit()) + t.typed()
	}
	low, high := t.ends()
	switch {
	case low == high:
		return f.Name + " " + opSigns[t.op] + " " + f.figure(low) + t.typed()
	case t.op == opNe:
		return f.Name + " < " + f.figure(low) + " or > " + f.figure(high) + t.typed()
	}
	return f.Name + " " + f.figure(low) + " to " + f.figure(high) + t.typed()
}

// figure is a number on the wire's scale with its unit.
func (f *Field) figure(v float64) string {
	if f.Kind == Driver {
		return printDriver(value{num: v, parts: 3})
	}
	s, unit := printNumber(v), f.Unit
	switch f.dim {
	case memory, cardMemory:
		s, unit = thousands(s), "MB"
	case days:
		s, unit = thousands(s), "s"
	}
	if unit == "" {
		return s
	}
	return s + " " + unit
}

// typed repeats the figures as typed where the wire has others.
func (t term) typed() string {
	f := t.field
	if f.Multiplier == 1 && f.Kind != Driver || f.Kind == Driver && t.vals[0].parts == 3 {
		return ""
	}
	var parts []string
	for _, v := range t.vals {
		if v.exact {
			return ""
		}
		parts = append(parts, v.print(f))
	}
	sep := ", "
	if t.span {
		sep = ".."
	}
	text := strings.Join(parts, sep)
	if last := text[len(text)-1]; f.Unit != "" && isDigit(last) {
		text += " " + f.Unit
	}
	return " (" + text + ")"
}

// thousands puts commas into the whole part of a number.
func thousands(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	if strings.ContainsAny(s, "e-") {
		return s
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		return whole + "." + rest
	}
	return whole
}

func (t term) explainList() string {
	var list []string
	sign := opSigns[t.op]
	for _, v := range t.vals {
		s := v.text
		switch {
		case v.kind == isFlag:
			s = strconv.FormatBool(v.flag)
		case t.field.Kind == Place:
			s = placeText(v.text)
		}
		list = append(list, s)
	}
	return t.field.Name + " " + sign + " " + strings.Join(list, ", ")
}

// placeText is a country with its name, or a region with its countries.
func placeText(place string) string {
	if isRegion(place) {
		return place + " (" + strings.Join(placeCodes(place), " ") + ")"
	}
	for _, c := range countries {
		if c.code == place {
			return place + " (" + c.name + ")"
		}
	}
	return place
}

func (t term) explainWords() string {
	is := "is"
	if t.op == opNotWords {
		is = "is not"
	}
	var parts []string
	for _, w := range t.words {
		switch w.class {
		case gpuWord:
			names := w.gpus()
			if len(names) > 8 {
				names = append(names[:8:8], "… "+strconv.Itoa(len(names)-8)+" more")
			}
			parts = append(parts, "GPU "+is+" "+strings.Join(names, ", "))
		case placeWord:
			parts = append(parts, "country "+is+" "+placeText(w.text))
		case patternWord:
			which := "the GPU, place, CPU, host or machine is like "
			if t.op == opNotWords {
				which = "no GPU, place, CPU, host or machine is like "
			}
			parts = append(parts, which+w.text)
		default:
			verb := " in the GPU, place, CPU, host or machine"
			if t.op == opNotWords {
				verb = " nowhere in the GPU, place, CPU, host or machine"
			}
			parts = append(parts, strconv.Quote(w.text)+verb)
		}
	}
	if t.op == opNotWords {
		return strings.Join(parts, "; ")
	}
	return strings.Join(parts, "; or ")
}

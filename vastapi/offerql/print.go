package offerql

import (
	"math"
	"strings"
)

// String prints q in canonical form: Parse(q.String()) gives q again.
func (q Query) String() string {
	var b strings.Builder
	for i, t := range q.terms {
		if i > 0 {
			b.WriteByte(' ')
		}
		t.print(&b, i > 0 && q.terms[i-1].takesUnit(&q.terms[i]))
	}
	return b.String()
}

// takesUnit reports whether the word u, printed behind t without quotes, would
// be taken for the unit of t's number.
func (t *term) takesUnit(u *term) bool {
	if t.field == nil || t.field.Kind != Number || t.op == opIn || t.op == opNotIn || u.op != opWords || u.words[0].class == patternWord {
		return false
	}
	_, is := findUnit(t.field, u.words[0].text)
	return is
}

// Terms prints each term of q in canonical form.
func (q Query) Terms() []string {
	out := make([]string, len(q.terms))
	for i, t := range q.terms {
		out[i] = t.String()
	}
	return out
}

func (t term) String() string {
	var b strings.Builder
	t.print(&b, false)
	return b.String()
}

func (t term) print(b *strings.Builder, quoted bool) {
	if t.field == nil {
		t.printWords(b, quoted)
		return
	}
	b.WriteString(t.field.Name)
	b.WriteString(opText[t.op])
	switch {
	case t.op == opAny:
		b.WriteString("any")
	case t.op == opLike || t.op == opNotLike:
		b.WriteString(printPattern(t.words[0].text, false, true))
	case t.span:
		b.WriteString(t.printRange())
	case t.op == opIn || t.op == opNotIn:
		b.WriteByte('[')
		for i, v := range t.vals {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(v.print(t.field))
		}
		b.WriteByte(']')
	default:
		b.WriteString(t.vals[0].print(t.field))
	}
}

// printRange gives the lower end a unit of its own where it would otherwise get
// that of the upper one.
func (t term) printRange() string {
	low, high := t.vals[0].print(t.field), t.vals[1].print(t.field)
	if isDigit(low[len(low)-1]) && !isDigit(high[len(high)-1]) {
		if t.field.dim == days {
			low += "d"
		} else {
			low += "GB"
		}
	}
	return low + ".." + high
}

func (t term) printWords(b *strings.Builder, quoted bool) {
	if t.op == opNotWords {
		b.WriteByte('-')
	}
	for i, w := range t.words {
		if i > 0 {
			b.WriteByte('|')
		}
		if w.class == patternWord {
			b.WriteString("~" + printPattern(w.text, i < len(t.words)-1, false))
		} else if s := w.print(); quoted && i == 0 && s[0] != '"' {
			b.WriteString(`"` + s + `"`)
		} else {
			b.WriteString(s)
		}
	}
}

func (v value) print(f *Field) string {
	switch v.kind {
	case isNull:
		return "null"
	case isFlag:
		switch {
		case v.num != 0 && v.flag:
			return "1"
		case v.num != 0:
			return "0"
		case v.flag:
			return "true"
		}
		return "false"
	case isNumber:
		if f.Kind == Driver {
			return printDriver(v)
		}
		if v.exact {
			return printNumber(v.num) + "MB"
		}
		if f.dim == days {
			return printDays(v.num)
		}
		return printNumber(v.num)
	}
	return printText(v, f)
}

// printDays prints what is no whole number of days in hours, if it is that:
// people type 7h, not 0.29166666666666663.
func printDays(v float64) string {
	if h := math.Round(v * 24); v != math.Trunc(v) && h*(1./24) == v {
		return printNumber(h) + "h"
	}
	return printNumber(v)
}

// printText leaves the quotes away where the text reads back without them.
func printText(v value, f *Field) string {
	if !v.exact && f.Kind != Name && plainText(v.text) {
		return strings.ReplaceAll(v.text, " ", "_")
	}
	if f.Kind == Name && plainText(v.text) && !reservedValue(v.text) {
		if !strings.Contains(v.text, " ") {
			return v.text
		}
		if !f.underscore {
			return strings.ReplaceAll(v.text, " ", "_")
		}
	}
	if strings.Contains(v.text, `"`) {
		return "'" + v.text + "'"
	}
	return `"` + v.text + `"`
}

// plainText reports whether s survives being written without quotes: letters,
// digits and single signs inside, and no space at either end.
func plainText(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		inner := i > 0 && i < len(s)-1
		if !isIdent(c) && !(inner && (c == ' ' || c == '.' || c == '-' || c == '/')) {
			return false
		}
	}
	return s != ""
}

func isIdent(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// print quotes a word that would otherwise read as something else.
func (w word) print() string {
	if w.class == placeWord {
		return w.text
	}
	bare := strings.ReplaceAll(w.text, " ", "_")
	switch {
	case plainText(w.text) && !beginsField(bare) && !isReserved(bare) && !isRange(bare) && !isSize(bare):
		return bare
	case strings.Contains(w.text, `"`):
		return "'" + w.text + "'"
	}
	return `"` + w.text + `"`
}

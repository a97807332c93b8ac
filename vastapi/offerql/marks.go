package offerql

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Marker finds the parts of texts that the words and patterns of a query are
// found by, so that they can be shown. The zero Marker finds none. It is not
// changed once it is made.
type Marker struct{ words []marked }

type marked struct {
	field *Field // nil = any text
	word
}

// Marker makes the marker of the words that q looks for; what it leaves out marks
// nothing. Comparisons other than "~" have no part in it: what they find is the
// whole of a cell.
func (q Query) Marker() Marker {
	var m Marker
	for i := range q.terms {
		t := &q.terms[i]
		if t.op != opWords && t.op != opLike {
			continue
		}
		for _, w := range t.words {
			m.words = append(m.words, marked{t.field, w})
		}
	}
	return m
}

// Empty reports whether m finds nothing in any text.
func (m Marker) Empty() bool { return len(m.words) == 0 }

// Equal reports whether m and n find the same.
func (m Marker) Equal(n Marker) bool {
	return slices.EqualFunc(m.words, n.words, func(a, b marked) bool { return a.field == b.field && a.word.equal(b.word) })
}

// mostMarks is how many parts of one text are marked.
const mostMarks = 16

// In returns the parts of a text of the column with that canonical name, from
// (inclusive) to (exclusive) in bytes, in their order and apart from each other.
// The columns that words are looked for in are gpu_name, geolocation (a country
// code, or a place that ends in one), cpu_name, machine_id and host_id.
func (m Marker) In(column, text string) [][2]int {
	var out [][2]int
	for i := range m.words {
		if w := &m.words[i]; w.field == nil || w.field.Name == column {
			out = w.mark(out, column, text)
		}
	}
	return apart(out)
}

func (w *marked) mark(out [][2]int, column, text string) [][2]int {
	switch w.class {
	case patternWord:
		return appendFound(out, w.re, text)
	case gpuWord:
		if column != gpuField.Name {
			return out
		}
		if w.tight {
			return markTight(out, text, w.low)
		}
	case placeWord:
		if column == placeField.Name {
			return w.markPlace(out, text)
		}
		return out
	}
	return markFold(out, text, w.low)
}

func appendFound(out [][2]int, re *regexp.Regexp, text string) [][2]int {
	for _, at := range re.FindAllStringIndex(text, mostMarks) {
		if at[0] < at[1] {
			out = append(out, [2]int{at[0], at[1]})
		}
	}
	return out
}

func markFold(out [][2]int, text, low string) [][2]int {
	for i := 0; low != "" && i+len(low) <= len(text) && len(out) < mostMarks; i++ {
		if equalFold(text[i:i+len(low)], low) {
			out = append(out, [2]int{i, i + len(low)})
			i += len(low) - 1
		}
	}
	return out
}

// markTight finds low in a text whose spaces are left out.
func markTight(out [][2]int, text, low string) [][2]int {
	for i := range len(text) {
		if text[i] == ' ' || !beginsTight(text[i:], low) {
			continue
		}
		to, n := i, 0
		for ; n < len(low); to++ {
			if text[to] != ' ' {
				n++
			}
		}
		return append(out, [2]int{i, to})
	}
	return out
}

// markPlace finds the country: its code, which may end a text, or its name.
func (w *marked) markPlace(out [][2]int, text string) [][2]int {
	from := strings.LastIndexByte(text, ' ') + 1
	for _, code := range placeCodes(w.text) {
		if text[from:] == code {
			return append(out, [2]int{from, len(text)})
		}
	}
	if code := codeOfName(text); code != "" && slices.Contains(placeCodes(w.text), code) {
		return append(out, [2]int{0, len(text)})
	}
	return out
}

// apart sorts parts and joins those that touch.
func apart(list [][2]int) [][2]int {
	if len(list) < 2 {
		return list
	}
	slices.SortFunc(list, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	out := list[:1]
	for _, p := range list[1:] {
		if last := &out[len(out)-1]; p[0] <= last[1] {
			last[1] = max(last[1], p[1])
		} else {
			out = append(out, p)
		}
	}
	return out
}

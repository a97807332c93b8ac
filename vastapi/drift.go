package vastapi

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"vastdeck/vastapi/safetext"
)

// Change is in which way a field of the answers differs from what is known.
type Change string

// The changes.
const (
	FieldGone  Change = "gone"  // no row has it
	FieldEmpty Change = "empty" // it is null in every row
	FieldForm  Change = "form"  // it is of another kind than it was
	FieldNew   Change = "new"   // it is not known
)

// Deviation is one field that is not as it is known to be. Its texts are inert, and it
// holds no value of the field.
type Deviation struct {
	Field  string // "inet_down_cost"
	Change Change
	Was    string // the form that it is known to have, "a number"; "" for a new one
	Is     string // the form that it has now; "" for one that is gone or empty
	In, Of int    // rows it was seen so in, and rows looked at
	Means  string // what is missing for the user: "the price shows as –"; "" = nothing
	Other  string // for one that is gone: a new field that may be the same; for a new one, which it may be; "" = none
}

// Drift is how the rows of one kind differ from what is known of them.
type Drift struct {
	What       Rows
	Rows       int    // that were looked at
	Unread     int    // of those, which cannot be read and are left out everywhere
	Why        string // why not, of the first
	Deviations []Deviation
}

// Count is the number of fields with that change.
func (d Drift) Count(c Change) int {
	n := 0
	for _, v := range d.Deviations {
		if v.Change == c {
			n++
		}
	}
	return n
}

// Harms reports whether anything is missing for the user.
func (d Drift) Harms() bool {
	return d.Unread > 0 || slices.ContainsFunc(d.Deviations, func(v Deviation) bool { return v.Means != "" })
}

// enough is how many rows a field that may be null is null in before that tells something.
const enough = 32

// maxFieldName is how much of a name is shown, in runes.
const maxFieldName = 60

// Drift compares a shape with what is known. Rows that cannot be read count only when no
// row can be read. Fields that rows may be without are never gone.
func (s Shape) Drift() Drift {
	out := Drift{What: s.What, Rows: s.Rows, Unread: s.Unread, Why: s.Why}
	t := wireTables()[s.What]
	if t == nil || s.Rows == 0 {
		return out
	}
	seen, rows := s.fields, s.Rows-s.Unread
	if rows == 0 {
		seen, rows = s.broken, s.Rows
	}
	for _, f := range t.order {
		if v, deviates := f.deviation(seen, rows); deviates {
			out.Deviations = append(out.Deviations, v)
		}
	}
	out.Deviations = append(out.Deviations, t.unknown(seen, rows)...)
	for n, v := range out.Deviations {
		out.Deviations[n].In = min(v.In, v.Of) // a row may have a field twice
	}
	related(out.Deviations)
	slices.SortStableFunc(out.Deviations, func(a, b Deviation) int {
		return cmp.Or(cmp.Compare(a.Change.rank(), b.Change.rank()), strings.Compare(a.Field, b.Field))
	})
	return out
}

// rank puts what may do harm first.
func (c Change) rank() int {
	return slices.Index([]Change{FieldGone, FieldEmpty, FieldForm, FieldNew}, c)
}

// deviation compares one field that is read.
func (f *wireField) deviation(seen map[string]*sighting, rows int) (Deviation, bool) {
	v := Deviation{Field: f.name, Was: f.form.words, Of: rows, Means: f.lost}
	if outer, _, nested := strings.Cut(f.name, "."); nested {
		if rows = seen[outer].told(); rows == 0 {
			return v, false // what is outside is gone, and is told
		}
		v.Of = rows
	}
	at := seen[f.name]
	if at.told() == 0 {
		switch {
		case f.told == sometimes, f.or != "" && seen[f.or].told() > 0:
			return v, false
		case at == nil:
			v.Change = FieldGone
		case f.told == always, rows >= enough:
			v.Change, v.In = FieldEmpty, at.empty
		default:
			return v, false
		}
		return v, true
	}
	return f.reformed(v, at)
}

// reformed compares the kinds of values. Numbers written as text are seen now and then:
// what can be read is told only when it has become the rule.
func (f *wireField) reformed(v Deviation, at *sighting) (Deviation, bool) {
	v.Change = FieldForm
	if is, n := most(at.odd); n > 0 {
		v.Is, v.In = is, n
		return v, true
	}
	is, n := most(at.kinds)
	if n < at.told() || f.form.names(is) {
		return v, false
	}
	v.Is, v.In, v.Means = is, n, ""
	return v, true
}

// names reports whether a form in words is one that the field is known to have.
func (f form) names(words string) bool {
	return strings.ContainsFunc(f.kinds, func(k rune) bool { return wordsOf(value{kind: kind(k)}) == words })
}

// most is what was seen most often.
func most(counts map[string]int) (what string, n int) {
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if counts[name] > n {
			what, n = name, counts[name]
		}
	}
	return what, n
}

// unknown are the fields that are neither read nor known.
func (t *wireTable) unknown(seen map[string]*sighting, rows int) []Deviation {
	var list []Deviation
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if t.fields[name] != nil || t.known[name] {
			continue
		}
		at := seen[name]
		is, n := most(at.kinds)
		if n == 0 {
			is = wordsOf(value{kind: kindNull})
		}
		list = append(list, Deviation{Field: safetext.Clean(name, maxFieldName), Change: FieldNew, Is: is, In: at.rows, Of: rows})
	}
	return list
}

// related says which new field may be one that is gone: of the same form, and with most
// words of its name in common.
func related(list []Deviation) {
	for g := range list {
		if list[g].Change != FieldGone {
			continue
		}
		best, share := -1, 0.49
		for n := range list {
			if list[n].Change != FieldNew || list[n].Is != list[g].Was || list[n].Other != "" {
				continue
			}
			if s := common(list[g].Field, list[n].Field); s > share {
				best, share = n, s
			}
		}
		if best >= 0 {
			list[g].Other, list[best].Other = list[best].Field, list[g].Field
		}
	}
}

// common is the share of words that two names have in common, from 0 to 1.
func common(a, b string) float64 {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '_' || r == '.' })
	}
	x, y := split(a), split(b)
	n := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			n++
		}
	}
	return float64(n) / float64(max(len(x), len(y), 1))
}

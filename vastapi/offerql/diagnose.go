package offerql

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// Suggestion is one way to change a query that finds nothing, and what it would
// find then.
type Suggestion struct {
	Remove   []string // terms to take away, as Terms prints them; also those of the default policy
	Instead  string   // a term to put in place of the only one removed, "" = none
	Blocks   bool     // what hides offers are the blocks, not a term: Remove is empty
	Offers   int      // offers that the query would find
	Sentence string   // "remove reliability>0.99 → 14 offers"
	fields   []string // of Remove: the field whose default goes, "" = a term of the text
}

// Apply is the text of a query changed as s says. Taking a default away is
// written as "field=any". Blocks are not in the text, which stays as it is.
func (s Suggestion) Apply(text string) string {
	for i, term := range s.Remove {
		if s.fields[i] != "" {
			text = WithoutDefault(text, s.fields[i])
		} else {
			text = RemoveTerm(text, term)
		}
	}
	if s.Instead != "" {
		text = joined(text, s.Instead)
	}
	return text
}

// maxDiagnosed is how many terms are looked at; a query has a handful.
const maxDiagnosed = 64

// suspect is a term of the query that is being diagnosed.
type suspect struct {
	name     string // as Terms prints it
	field    string // of a default
	hidden   bool   // of Excluding
	checks   []check
	instead  string
	another  []check // of instead
	only     int     // offers that fail this term alone
	repaired int     // of those, the ones that instead admits
}

// Diagnose says which term of q, or which two when no single one does, keeps the
// query from finding any of the offers, those that would find most first. The
// terms of the default policy that q leaves in force and what Excluding hides
// count as terms. A number that looks like one on another scale gets a suggestion
// of its own. There is none when the query finds something, or when three terms
// stand in the way.
//
// It goes over the offers once: an offer is found without a term when that term
// is the only one it fails.
func Diagnose(q Query, offers iter.Seq[*vastapi.Offer]) []Suggestion {
	d := newDiagnosis(q)
	for o := range offers {
		if d.count(o) {
			return nil
		}
	}
	if list := d.singles(); list != nil {
		return list
	}
	return d.pairs()
}

// diagnosis counts, over all offers, which terms are failed alone or in twos.
type diagnosis struct {
	suspects []suspect
	two      []int // offers that fail exactly the terms i and j, at i*len(suspects)+j
}

func newDiagnosis(q Query) *diagnosis {
	d := &diagnosis{}
	full := q.WithDefaults()
	policy := len(full.terms) - len(q.terms)
	for i, t := range full.terms {
		s := suspect{name: t.String(), checks: t.alone()}
		if i < policy {
			s.field = t.field.Name
		} else if other, ok := t.rescaled(); ok {
			s.instead, s.another = other.String(), other.alone()
		}
		d.add(s)
	}
	if len(q.hidden) > 0 {
		d.add(suspect{hidden: true, checks: Query{}.withHidden(q.hidden).list()})
	}
	d.two = make([]int, len(d.suspects)*len(d.suspects))
	return d
}

func (q Query) withHidden(hidden []term) Query {
	q.hidden = hidden
	return q.with(nil)
}

// alone are the checks of t without those of other terms.
func (t term) alone() []check { return Query{}.with([]term{t}).list() }

// add leaves out what can never be failed, and what is too much.
func (d *diagnosis) add(s suspect) {
	if len(s.checks) > 0 && len(d.suspects) < maxDiagnosed {
		d.suspects = append(d.suspects, s)
	}
}

// count notes which terms o fails, and reports whether it fails none.
func (d *diagnosis) count(o *vastapi.Offer) (found bool) {
	first, second := -1, -1
	for i := range d.suspects {
		if all(d.suspects[i].checks, o) {
			continue
		}
		switch {
		case first < 0:
			first = i
		case second < 0:
			second = i
		default:
			return false
		}
	}
	switch {
	case first < 0:
		return true
	case second < 0:
		s := &d.suspects[first]
		s.only++
		if s.another != nil && all(s.another, o) {
			s.repaired++
		}
	default:
		d.two[first*len(d.suspects)+second]++
	}
	return false
}

func all(checks []check, o *vastapi.Offer) bool {
	for i := range checks {
		if !checks[i].match(o) {
			return false
		}
	}
	return true
}

func (d *diagnosis) singles() []Suggestion {
	var out []Suggestion
	for i := range d.suspects {
		s := &d.suspects[i]
		if s.repaired > 0 {
			out = append(out, Suggestion{Remove: []string{s.name}, fields: []string{""}, Instead: s.instead, Offers: s.repaired,
				Sentence: "write " + s.instead + " for " + s.name + " → " + counted(s.repaired)})
		}
		if s.only > 0 {
			out = append(out, remove(s.only, s))
		}
	}
	// A number on another scale is a mistake: mending it comes before giving up the term.
	slices.SortStableFunc(out, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(min(len(b.Instead), 1), min(len(a.Instead), 1)), cmp.Compare(b.Offers, a.Offers))
	})
	return out
}

// pairs is the best pair, if there is one.
func (d *diagnosis) pairs() []Suggestion {
	best, n := -1, 0
	for at, count := range d.two {
		if count > n {
			best, n = at, count
		}
	}
	if best < 0 {
		return nil
	}
	return []Suggestion{remove(n, &d.suspects[best/len(d.suspects)], &d.suspects[best%len(d.suspects)])}
}

// remove suggests to do without some terms.
func remove(offers int, list ...*suspect) Suggestion {
	out := Suggestion{Offers: offers}
	var what []string
	for _, s := range list {
		if s.hidden {
			out.Blocks = true
			what = append(what, "the blocks")
			continue
		}
		out.Remove, out.fields = append(out.Remove, s.name), append(out.fields, s.field)
		what = append(what, s.name)
	}
	out.Sentence = "remove " + strings.Join(what, " and ") + " → " + counted(offers)
	return out
}

func counted(offers int) string {
	if offers == 1 {
		return "1 offer"
	}
	return thousands(strconv.Itoa(offers)) + " offers"
}

// rescaled is a comparison whose number looks as if it were on another scale,
// on the scale of its field: MB for GB, seconds for days, 1240 for CUDA 12.4.
func (t term) rescaled() (term, bool) {
	if t.field == nil || t.null() || t.span || t.op < opEq || t.op > opLe || t.vals[0].kind != isNumber || t.vals[0].exact {
		return term{}, false
	}
	v := t.vals[0]
	factor := t.field.otherScale(v.num)
	if factor == 0 {
		return term{}, false
	}
	v.num = printable(v.num / factor)
	t.vals = []value{v}
	return t, true
}

// otherScale is by how much v is too large for f, 0 when it is not.
func (f *Field) otherScale(v float64) float64 {
	switch {
	case (f.dim == memory || f.dim == cardMemory) && v >= 8000:
		return 1000
	case f.dim == days && v >= 3600:
		return 86400
	case f.Name == "cuda_max_good" && v >= 100 && v < 2000:
		return 100
	case f.dim == speed && v >= 1e6:
		return 1000
	}
	return 0
}

// printable cuts a number to the digits that people write.
func printable(v float64) float64 {
	n, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	return n
}

package offerql

import (
	"slices"

	"vastdeck/vastapi"
)

// Measure is what the numbers of a column measure, and so which units they may carry.
type Measure uint8

// The measures.
const (
	Plain   Measure = iota // a number with Column.Unit, or with none
	Dollars                // USD; with the Unit $/h an hour
	Space                  // of a disk, typed in GB
	VRAM                   // of a card, typed in GB and told in MiB
	Hours                  // a length of time, typed and told in hours
)

var dimensions = [...]dimension{Plain: plain, Dollars: money, Space: size, VRAM: cardMemory, Hours: hours}

// Column is one field of a table of one's own. One of Num, Flag, Text and List is
// set; all must be pure.
type Column[T any] struct {
	Name    string // as it is explained
	Aliases []string
	Help    string // one line, without a full stop
	Unit    string // of a bare number
	Measure Measure
	Signed  bool // numbers below 0 can be right
	GPU     bool // Text is the name of a GPU
	Country bool // Text is a country code: a country or a region is asked for
	Values  []string
	// Words says that bare words are looked for in it. They are found inside a text,
	// a country by its code or name, a number by its digits.
	Words bool

	Num  func(*T) float64      // NaN = not told
	Flag func(*T) vastapi.Flag // yes or no
	Text func(*T) string       // "" = not told
	List func(*T) []string     // any of them counts; none = not told
}

// Rows is a table of fields about values of one type, so that the language can be
// spoken about something else than offers. It is not changed once it is made.
type Rows[T any] struct {
	table   *table
	columns map[*Field]Column[T]
	where   []Column[T] // in which words are looked for
	full    func(*T) string
}

// NewRows makes the table. Others are what people call fields and no spelling
// mistake leads to, by what they call them. Full is all that is told of the place,
// in which a pattern of the Country column is looked for too; it may be nil.
func NewRows[T any](columns []Column[T], others map[string]string, full func(*T) string) *Rows[T] {
	r := &Rows[T]{
		table:   &table{named: map[string]*Field{}, others: others, own: true},
		columns: map[*Field]Column[T]{}, full: full,
	}
	for _, c := range columns {
		f := c.field()
		r.columns[f] = c
		r.table.fields = append(r.table.fields, f)
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			r.table.named[name] = f
		}
		if c.Words {
			r.where = append(r.where, c)
			if c.Num == nil {
				r.table.words = append(r.table.words, f)
			}
		}
	}
	r.table.names = namesOf(r.table.fields)
	return r
}

// field is the column as the language knows it.
func (c Column[T]) field() *Field {
	f := &Field{
		Name: c.Name, Aliases: c.Aliases, Help: c.Help, Unit: c.Unit, Kind: Number, LocalOnly: true,
		dim: dimensions[c.Measure], underscore: true, values: c.Values, list: c.List != nil,
	}
	switch {
	case c.Flag != nil:
		f.Kind = Flag
	case c.GPU:
		f.Kind = GPU
	case c.Country:
		f.Kind = Place
	case c.Num == nil:
		f.Kind = Name
	}
	if f.Kind == GPU || f.Kind == Place || f.Kind == Name {
		f.text = noOffer // so that it takes patterns
	}
	f.complete()
	f.hot, f.signed = notHot, c.Signed
	return f
}

// noOffer stands for the text of a field that offers do not have.
func noOffer(*vastapi.Offer) string { return "" }

// Fields returns the fields of the table, in the order given.
func (r *Rows[T]) Fields() []Field {
	out := make([]Field, len(r.table.fields))
	for i, f := range r.table.fields {
		out[i] = *f
	}
	return out
}

// Parse reads a query about the rows. The error, if any, is an *Error.
func (r *Rows[T]) Parse(s string) (Filter[T], error) {
	q, err := parse(s, r.table)
	if err != nil {
		return Filter[T]{}, err
	}
	q.prog = nil // it is about offers
	f := Filter[T]{query: q}
	for i := range q.terms {
		if check := r.check(&q.terms[i]); check != nil {
			f.checks = append(f.checks, check)
		}
	}
	return f, nil
}

// Complete lists what may stand in place of the token that ends at the cursor, as
// the package's Complete does.
func (r *Rows[T]) Complete(s string, cursor int, known Known) []Candidate {
	return complete(s, cursor, known, r.table)
}

// Whole reports whether the token that ends at the cursor is complete, as the
// package's Whole does.
func (r *Rows[T]) Whole(s string, cursor int, list []Candidate) bool {
	return whole(s, cursor, list, r.table)
}

// Known counts the values of all texts in the rows.
func (r *Rows[T]) Known(rows []*T) Known {
	k := Known{}
	for f, c := range r.columns {
		if c.Text == nil && c.List == nil {
			continue
		}
		counts := map[string]int{}
		for _, row := range rows {
			if c.List == nil {
				if s := c.Text(row); s != "" {
					counts[s]++
				}
				continue
			}
			for _, s := range c.List(row) {
				counts[s]++
			}
		}
		k[f.Name] = counts
	}
	return k
}

// texts are the texts of a row that are told.
func (c *Column[T]) texts(row *T) []string {
	if c.List != nil {
		return c.List(row)
	}
	if s := c.Text(row); s != "" {
		return []string{s}
	}
	return nil
}

// Filter is a query about rows. The zero Filter admits every row. It is not changed
// once it is made, so that copies may be used at the same time.
type Filter[T any] struct {
	query  Query
	checks []func(*T) bool
}

// Match reports whether f admits a row. What is not told satisfies no comparison.
func (f Filter[T]) Match(row *T) bool {
	for _, check := range f.checks {
		if !check(row) {
			return false
		}
	}
	return true
}

// Empty reports whether f has no terms.
func (f Filter[T]) Empty() bool { return f.query.Empty() }

// Equal reports whether two filters consist of the same terms in the same order.
func (f Filter[T]) Equal(g Filter[T]) bool { return f.query.Equal(g.query) }

// HasPattern reports whether f looks for a pattern, which is slower than other terms.
func (f Filter[T]) HasPattern() bool { return f.query.HasPattern() }

// Marker makes the marker of the words that f looks for. A column is named as the
// field is.
func (f Filter[T]) Marker() Marker { return f.query.Marker() }

// Explain says in words what each term of f comes to.
func (f Filter[T]) Explain() []string {
	out := make([]string, 0, len(f.query.terms))
	for _, t := range f.query.terms {
		if t.field == nil {
			out = append(out, t.explainLoose())
			continue
		}
		out = append(out, t.explain())
	}
	return out
}

// explainLoose says what words come to that are looked for in all texts.
func (t term) explainLoose() string {
	verb := "is in a text of it"
	if t.op == opNotWords {
		verb = "is in no text of it"
	}
	var list []string
	for _, w := range t.words {
		switch w.class {
		case placeWord:
			list = append(list, "the country "+placeText(w.text)+", or the word")
		case patternWord:
			list = append(list, "what is like "+w.text)
		default:
			list = append(list, `"`+w.text+`"`)
		}
	}
	return joinOr(list) + " " + verb
}

func joinOr(list []string) string {
	out := list[0]
	for _, s := range list[1:] {
		out += " or " + s
	}
	return out
}

// isOneOf reports whether a text is among the values, letters in any case.
func isOneOf(text string, values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return equalFold(v, text) })
}

package vastapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Rows names a kind of rows in the answers of the server.
type Rows string

// The kinds of rows that are described: see wireTables.
const (
	RowsOffers    Rows = "offers"
	RowsInstances Rows = "instances"
	RowsPages     Rows = "pages of instances" // what stands around the list
	RowsVolumes   Rows = "volumes"
	RowsAccount   Rows = "account"
)

// AllRows are the kinds of rows, in the order in which they are spoken of.
func AllRows() []Rows { return []Rows{RowsAccount, RowsInstances, RowsPages, RowsVolumes, RowsOffers} }

// Limits of what is looked at: an answer may be hostile.
const (
	mostShaped      = 256 // rows
	mostShapedNames = 400 // names of fields
)

// Shape is what rows of one kind look like: which fields they have, and of which kinds.
// It holds names of fields and numbers, and no value of any.
type Shape struct {
	What   Rows
	Rows   int    // that were looked at, the first of the answers
	Unread int    // of those, which the decoder can make no sense of
	Why    string // why not, of the first: "the row has no id"; "" without any

	fields map[string]*sighting // of rows that can be read
	broken map[string]*sighting // of the others
}

// sighting is what was seen of one field.
type sighting struct {
	rows  int            // that have it
	empty int            // of those, in which it is null
	kinds map[string]int // how often, by forms in words: "a number"
	odd   map[string]int // of those, the ones that the decoder can make no sense of
}

// told is the number of rows in which the field is there and not null.
func (s *sighting) told() int {
	if s == nil {
		return 0
	}
	return s.rows - s.empty
}

// shaped is the key of WithShapes.
type shaped struct{}

// WithShapes has the answers to reads that are made with the returned context looked at:
// tell is given the shape of the rows of each answer that is described, before the call
// that asked for it returns. It is called on the goroutine of that call.
func WithShapes(ctx context.Context, tell func(Shape)) context.Context {
	return context.WithValue(ctx, shaped{}, tell)
}

// routeRows are the kinds of rows in the answers of a route.
var routeRows = map[Route][]Rows{
	RouteSearch: {RowsOffers}, RouteInstances: {RowsInstances, RowsPages}, RouteVolumes: {RowsVolumes}, RouteUser: {RowsAccount},
}

// lookAt tells the shapes of an answer to whoever wants to know them.
func lookAt(ctx context.Context, route Route, body []byte) {
	tell, wanted := ctx.Value(shaped{}).(func(Shape))
	if !wanted {
		return
	}
	for _, what := range routeRows[route] {
		if s, err := ShapeOf(what, body); err == nil {
			tell(s)
		}
	}
}

// ShapeOf looks at the rows in one answer: at most the first 256. An answer that holds
// no such rows is an error; a row that cannot be read is none and counted.
func ShapeOf(what Rows, body []byte) (Shape, error) {
	t, described := wireTables()[what]
	if !described {
		return Shape{}, fmt.Errorf("rows of %q are not described", string(what))
	}
	s := Shape{What: what, fields: map[string]*sighting{}, broken: map[string]*sighting{}}
	d := newSorter()
	all := &scanner{b: body}
	if t.list == "" {
		s.row(t, d, body)
		if s.Unread > 0 && len(s.broken) == 0 {
			return Shape{}, errors.New("the answer is no object")
		}
		return s, nil
	}
	found := false
	err := all.object(func(key []byte) error {
		if string(key) != t.list || all.peek() != '[' {
			return all.skip()
		}
		found = true
		return all.array(func() error {
			all.peek()
			start := all.i
			if err := all.skip(); err != nil {
				return err
			}
			if s.Rows < mostShaped {
				s.row(t, d, all.b[start:all.i])
			}
			return nil
		})
	})
	switch {
	case err != nil:
		return Shape{}, err
	case !found:
		return Shape{}, fmt.Errorf("the answer holds no %s", t.list)
	}
	return s, nil
}

// row takes in one row.
func (s *Shape) row(t *wireTable, d *sorter, raw []byte) {
	s.Rows++
	into := s.fields
	if err := t.read(d, raw); err != nil {
		if s.Unread++; s.Unread == 1 {
			s.Why = err.Error()
		}
		into = s.broken
	}
	row := scanner{b: raw}
	_ = row.fields(func(key []byte, v value) error { // as far as it goes: the decoder has said what is wrong
		t.see(into, string(key), v)
		return nil
	})
}

// unlike follows the form of a value that is of the right kind and makes no sense.
const unlike = " that makes no sense"

// see takes in one field, and what is inside of those that are read inside.
func (t *wireTable) see(into map[string]*sighting, name string, v value) {
	at := t.at(into, name)
	if at == nil {
		return
	}
	at.rows++
	if v.kind == kindNull {
		at.empty++
		return
	}
	is := wordsOf(v)
	at.kinds[is]++
	if f := t.fields[name]; f != nil && !f.form.expects(v) && !f.form.readable(v) {
		if f.form.names(is) {
			is += unlike
		}
		at.odd[is]++
	}
	if v.kind != kindObject || strings.Contains(name, ".") || !t.nests(name) {
		return
	}
	inner := scanner{b: v.raw}
	_ = inner.fields(func(key []byte, v value) error { // it was read as a value before
		t.see(into, name+"."+string(key), v)
		return nil
	})
}

// at is what was seen of a field; nil for one that is not read when there are too many
// names already, so that those which are read are found among any number of others.
func (t *wireTable) at(into map[string]*sighting, name string) *sighting {
	at := into[name]
	if at == nil && (len(into) < mostShapedNames || t.fields[name] != nil) {
		at = &sighting{kinds: map[string]int{}, odd: map[string]int{}}
		into[name] = at
	}
	return at
}

// Add puts what another answer of the same kind looks like to s.
func (s *Shape) Add(other Shape) {
	if s.Rows == 0 {
		*s = Shape{What: other.What, fields: map[string]*sighting{}, broken: map[string]*sighting{}}
	}
	if s.Unread == 0 {
		s.Why = other.Why
	}
	s.Rows += other.Rows
	s.Unread += other.Unread
	if t := wireTables()[other.What]; t != nil {
		t.add(s.fields, other.fields)
		t.add(s.broken, other.broken)
	}
}

// add adds sightings to others, in an order that is always the same.
func (t *wireTable) add(into, from map[string]*sighting) {
	for _, name := range slices.Sorted(maps.Keys(from)) {
		more, at := from[name], t.at(into, name)
		if at == nil {
			continue
		}
		at.rows += more.rows
		at.empty += more.empty
		for is, n := range more.kinds {
			at.kinds[is] += n
		}
		for is, n := range more.odd {
			at.odd[is] += n
		}
	}
}

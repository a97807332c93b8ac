package offerql

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"vastdeck/vastapi"
)

// Order reads an order of rows as ParseOrder reads one of offers, and gives what
// compares two rows by it, for slices.SortStableFunc. What is not told comes last,
// whichever way a column is sorted; texts are compared with letters in any case. No
// text is no order, and nil. The error, if any, is an *Error.
func (r *Rows[T]) Order(s string) (func(a, b *T) int, error) {
	keys, err := readOrder(s, orderNames{
		find:    func(name string) *Field { return r.table.named[name] },
		nearest: r.table.nearest,
	})
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	compare := make([]func(a, b *T) int, len(keys))
	for n, k := range keys {
		compare[n] = r.columns[k.field].compare(k.down)
	}
	return func(a, b *T) int {
		for _, c := range compare {
			if d := c(a, b); d != 0 {
				return d
			}
		}
		return 0
	}, nil
}

// Select reads a query and an order about rows and gives what picks the rows that both
// ask for: those that the query admits, sorted if there is an order. The list it is
// given is reused. The error, if any, is an *Error about the query, or an *OrderError.
func (r *Rows[T]) Select(query, order string) (func([]*T) []*T, error) {
	// A space ends the last word: nobody is typing it any more.
	f, err := r.Parse(query + " ")
	if err != nil {
		return nil, err
	}
	compare, err := r.Order(order)
	if err != nil {
		return nil, &OrderError{err}
	}
	return func(list []*T) []*T {
		list = slices.DeleteFunc(list, func(row *T) bool { return !f.Match(row) })
		if compare != nil {
			slices.SortStableFunc(list, compare)
		}
		return list
	}, nil
}

// OrderError is a mistake in an order, where one in a query could be meant too.
type OrderError struct{ Err error }

// Error is the mistake.
func (e *OrderError) Error() string { return e.Err.Error() }

// Unwrap gives the *Error.
func (e *OrderError) Unwrap() error { return e.Err }

// compare is what sorts rows by a column.
func (c Column[T]) compare(down bool) func(a, b *T) int {
	if c.Num != nil {
		return func(a, b *T) int { return lastUnknown(c.Num(a), c.Num(b), math.IsNaN, cmp.Compare[float64], down) }
	}
	if c.Flag != nil {
		return func(a, b *T) int {
			return lastUnknown(c.Flag(a), c.Flag(b), func(f vastapi.Flag) bool { return !f.Yes() && !f.No() }, byTruth, down)
		}
	}
	return func(a, b *T) int {
		return lastUnknown(c.joined(a), c.joined(b), func(s string) bool { return s == "" }, cmp.Compare[string], down)
	}
}

// joined is all texts of a row as one that can be compared.
func (c *Column[T]) joined(row *T) string { return strings.ToLower(strings.Join(c.texts(row), ", ")) }

// byTruth sorts false before true.
func byTruth(a, b vastapi.Flag) int {
	switch {
	case a == b:
		return 0
	case a.Yes():
		return 1
	}
	return -1
}

func lastUnknown[V any](a, b V, unknown func(V) bool, compare func(a, b V) int, down bool) int {
	switch noA, noB := unknown(a), unknown(b); {
	case noA && noB:
		return 0
	case noA:
		return 1
	case noB:
		return -1
	case down:
		return compare(b, a)
	}
	return compare(a, b)
}

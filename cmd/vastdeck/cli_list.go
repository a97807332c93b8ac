package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	figures "vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/safetext"
)

// listFlags are the flags of the verbs that list something.
type listFlags struct {
	verbFlags
	order string
	limit int
}

func (f *listFlags) add(c *cobra.Command, order string) {
	f.addProvider(c)
	f.addJSON(c)
	f.addNoPlan(c)
	l := c.Flags()
	l.StringVar(&f.order, "order", "", "how the list is sorted: `FIELDS`, e.g. '"+order+"'")
	l.IntVar(&f.limit, "limit", 0, "at most `N` rows (default all)")
}

// checkList refuses flags that make no sense together.
func (f *listFlags) checkList() error {
	if f.limit < 0 {
		return usagef("--limit must not be below 0")
	}
	return f.check()
}

// cut is a list without what is beyond --limit.
func cut[T any](list []T, limit int) []T {
	if limit > 0 && len(list) > limit {
		return list[:limit]
	}
	return list
}

// pointedList is the error of a query or of an order of the verb.
func pointedList(verb, query, order string, err error) error {
	var inOrder *offerql.OrderError
	if errors.As(err, &inOrder) {
		return pointedIn(verb, order, err)
	}
	return pointedIn(verb, query, err)
}

// queryOf is the query that the arguments of a verb are.
func queryOf(args []string) string { return strings.Join(args, " ") }

// The columns that every list of the account has.
var ownColumns = []column{
	{"ID", true}, {"Name", false}, {"GPU Type", false}, {"Cost Per Hour", true}, {"Status", false}, {"Machine ID", true}, {"Region", false},
}

// gpuType is what GPUs somebody has: "2x RTX 4090".
func gpuType(n int, name safetext.Text) string {
	switch {
	case name.Empty():
		return ""
	case n > 0:
		return figures.Count(n) + "x " + name.String()
	}
	return name.String()
}

// perHour is a rate in a table.
func perHour(r vastapi.Rate) string {
	if !vastapi.Known(r) {
		return ""
	}
	return figures.Rate(float64(r))
}

// idCell is an id in a table, nothing when there is none.
func idCell[T interface {
	~int64
	String() string
}](id T) string {
	if id <= 0 {
		return ""
	}
	return id.String()
}

// region is where a machine is; what stands before the comma is sometimes empty.
func region(t safetext.Text) string { return strings.TrimLeft(t.String(), ", ") }

// told is a figure as it is written, nothing when nobody has told it.
func told(v float64, write func(float64) string) string {
	if !vastapi.Known(v) {
		return ""
	}
	return write(v)
}

// whole is an id for JSON, null when there is none.
func whole[T ~int64](id T) *int64 {
	if id <= 0 {
		return nil
	}
	n := int64(id)
	return &n
}

// text is a text from outside for JSON, null when it is not told.
func text(t safetext.Text) *string { return words(t.String()) }

func words(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

package offerql_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

type pet struct {
	name string
	age  float64
	tame vastapi.Flag
}

var pets = offerql.NewRows([]offerql.Column[pet]{
	{Name: "name", Aliases: []string{"called"}, Text: func(p *pet) string { return p.name }},
	{Name: "age", Num: func(p *pet) float64 { return p.age }},
	{Name: "tame", Flag: func(p *pet) vastapi.Flag { return p.tame }},
}, nil, nil)

func TestRowsAreSortedByTheColumnsOfTheirOwnTable(t *testing.T) {
	t.Parallel()
	all := []pet{{"bob", 3, vastapi.FlagOf(true)}, {"", 1, 0}, {"Ann", math.NaN(), vastapi.FlagOf(false)}, {"cid", 3, 0}}
	for order, want := range map[string]string{
		"":              "bob,,Ann,cid",
		"called":        "Ann,bob,cid,",
		"name-":         "cid,bob,Ann,",
		"age":           ",bob,cid,Ann",
		"-age":          "bob,cid,,Ann",
		"age- , called": "bob,cid,,Ann",
		"tame":          "Ann,bob,,cid",
		"tame-":         "bob,Ann,,cid",
	} {
		compare, err := pets.Order(order)
		if err != nil {
			t.Errorf("%q: %v", order, err)
			continue
		}
		if (compare == nil) != (order == "") {
			t.Errorf("%q: an order of nothing, or none of something", order)
			continue
		}
		list := slices.Clone(all)
		if compare != nil {
			slices.SortStableFunc(list, func(a, b pet) int { return compare(&a, &b) })
		}
		var names []string
		for _, p := range list {
			names = append(names, p.name)
		}
		if got := strings.Join(names, ","); got != want {
			t.Errorf("%q: got %q, want %q", order, got, want)
		}
	}
}

func TestAnOrderOfRowsIsReadLikeAQuery(t *testing.T) {
	t.Parallel()
	for order, want := range map[string]offerql.Error{
		"nam":             {Col: 0, Len: 3, Kind: offerql.UnknownField, Suggest: "name"},
		"age,called,name": {Col: 11, Len: 4, Kind: offerql.Conflict},
		"age desc":        {Col: 0, Len: 8, Kind: offerql.BadText, Suggest: "age-"},
		"age, -":          {Col: 5, Len: 1, Kind: offerql.BlankValue},
		"dph_total":       {Col: 0, Len: 9, Kind: offerql.UnknownField},
	} {
		_, err := pets.Order(order)
		var e *offerql.Error
		if !errors.As(err, &e) || e.Col != want.Col || e.Len != want.Len || e.Kind != want.Kind || e.Suggest != want.Suggest {
			t.Errorf("%q: %+v", order, e)
		}
	}
}

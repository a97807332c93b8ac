package offerql

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"vastdeck/vastapi"
)

// Prices per hour between which a ceiling makes sense. The dearest machines of
// the market cost some $100 an hour, the cheapest a cent.
const (
	leastCeiling = 0.001
	mostCeiling  = 10_000
)

// checkCeiling says in a sentence why a rate is no ceiling.
func checkCeiling(rate vastapi.Rate) error {
	switch v := float64(rate); {
	case math.IsNaN(v):
		return errors.New("a price ceiling is a number of dollars an hour, e.g. 0.60")
	case v <= 0:
		return errors.New("a price ceiling is more than $0 an hour, e.g. 0.60")
	case v < leastCeiling:
		return fmt.Errorf("no machine costs less than $%g an hour; a ceiling is e.g. 0.60", leastCeiling)
	case v > mostCeiling:
		return fmt.Errorf("a ceiling above $%d an hour leaves nothing out; one is e.g. 0.60", mostCeiling)
	}
	return nil
}

// caps reports whether t is an upper bound of a price, or says that any price
// does, which cannot stand beside one.
func (t term) caps(price *Field) bool {
	if t.field != price || t.null() {
		return false
	}
	return t.op == opLt || t.op == opLe || t.op == opEq || t.op == opAny
}

// floor is what stays of an upper bound that is also a lower one: 0.2..0.6.
func (t term) floor() (term, bool) {
	if !t.span {
		return term{}, false
	}
	return term{field: t.field, op: opGe, vals: t.vals[:1:1]}, true
}

// WithCeiling is q with dph_total<=rate in place of its upper bounds on the price;
// all other terms stay. The error is a sentence about a rate that is no price.
func (q Query) WithCeiling(rate vastapi.Rate) (Query, error) {
	if err := checkCeiling(rate); err != nil {
		return q, err
	}
	if q.volumes {
		return q, errNoPrice
	}
	ceiling := term{field: priceField, op: opLe, vals: []value{{num: float64(rate)}}}
	terms, at := make([]term, 0, len(q.terms)+1), -1
	for _, t := range q.terms {
		if !t.caps(priceField) {
			terms = append(terms, t)
			continue
		}
		if floor, ok := t.floor(); ok {
			terms = append(terms, floor)
		}
		if at < 0 {
			at = len(terms)
		}
	}
	if at < 0 {
		at = len(terms)
	}
	return q.with(slices.Insert(terms, at, ceiling)), nil
}

var errNoPrice = errors.New("offers of volumes have no price per hour; storage_cost<=0.1 limits what a GB costs")

// SetCeiling is the text of a query with dph<=rate in place of its upper bounds on
// the price; all else stays as it was typed. The error is a sentence about a rate
// that is no price, or the *Error of a text that cannot be read.
func SetCeiling(text string, rate vastapi.Rate) (string, error) {
	return setCeiling(text, priceField, "dph", rate)
}

// SetBidCeiling is SetCeiling for the lowest bid that would run: min_bid<=rate.
func SetBidCeiling(text string, rate vastapi.Rate) (string, error) {
	return setCeiling(text, offerFields["min_bid"], "min_bid", rate)
}

// setCeiling limits a price, which is typed under that name.
func setCeiling(text string, price *Field, name string, rate vastapi.Rate) (string, error) {
	if err := checkCeiling(rate); err != nil {
		return text, err
	}
	d, err := readDraft(text, false)
	if err != nil {
		return text, err
	}
	ceiling := name + "<=" + printNumber(float64(rate))
	first := slices.IndexFunc(d.terms, func(t term) bool { return t.caps(price) })
	if first < 0 {
		return joined(text, ceiling), nil
	}
	var floors string
	for _, t := range d.terms {
		if floor, ok := t.floor(); ok && t.caps(price) {
			floors = joined(floors, floor.String())
		}
	}
	from, to := d.spans[first][0], d.spans[first][1]
	rest := draft{text: d.text[to:]}
	for i := first + 1; i < len(d.terms); i++ {
		rest.terms = append(rest.terms, d.terms[i])
		rest.spans = append(rest.spans, [2]int{d.spans[i][0] - to, d.spans[i][1] - to})
	}
	after := rest.without(func(i int) bool { return rest.terms[i].caps(price) })
	if after != rest.text && after != "" {
		after = " " + after
	}
	return d.text[:from] + joined(floors, ceiling) + after, nil
}

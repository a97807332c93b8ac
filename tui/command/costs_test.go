package command

import (
	"errors"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

func TestChargesAreReadAndAddedUp(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{})
	if s.Loads().LoadCharges(time.Now()) != nil || s.Loads().LoadSpent() != nil || s.Loads().LoadInvoices(time.Now()) != nil {
		t.Error("charges are asked for before anybody has logged in")
	}
	s.Use(&server{})
	day := feed.DayOf(time.Now())
	var d feed.Snapshot
	got := s.Loads().LoadCharges(day)().(ChargesLoaded)
	got.Fold(&d)
	if one, here := d.Charges.Day(day); !here || one.Sum.GPU != 1 || len(one.List) != 1 || one.List[0].Instance != 7 {
		t.Errorf("they are %+v", d.Charges)
	}
	spent := s.Loads().LoadSpent()().(SpentLoaded)
	spent.Fold(&d)
	if v := d.Spent.Value; v.Day != 1 || v.Month != 1 || !v.DayOf.Equal(day) || !v.Since.Equal(feed.MonthOf(time.Now())) {
		t.Errorf("it is %+v", v)
	}
	invoices := s.Loads().LoadInvoices(day)().(InvoicesLoaded)
	invoices.Fold(&d)
	if l := d.Invoices.Value.List; len(l) != 2 || l[0].Amount != vastapi.Amount(6) {
		t.Errorf("the newest is not first: %+v", l)
	}
}

func TestFailedReadingKeepsTheCharges(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{})
	s.Use(&server{err: errors.New("it does not answer")})
	d := feed.Snapshot{Charges: feed.Charges{}.With(feed.ChargeDay{Day: feed.DayOf(time.Now())})}
	s.Loads().LoadCharges(feed.DayOf(time.Now()))().(ChargesLoaded).Fold(&d)
	if d.Charges.Err == nil || len(d.Charges.Days) != 1 {
		t.Errorf("it is %+v", d.Charges)
	}
}

package command

import (
	"cmp"
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// The topics of what was charged.
const (
	Charges  Topic = "charges"
	Invoices Topic = "invoices"
	Spent    Topic = "spent"
)

// EverySpent is how often it is read what was charged today and in this month.
const EverySpent = 10 * time.Minute

// ChargesLoaded answers LoadCharges.
type ChargesLoaded struct {
	Answer
	Day feed.ChargeDay
}

// Fold keeps the day.
func (m ChargesLoaded) Fold(s *feed.Snapshot) {
	if m.Err != nil {
		s.Charges = s.Charges.Failed(m.Err, m.At)
		return
	}
	s.Charges = s.Charges.With(m.Day)
}

// LoadCharges asks what was charged in the day of UTC that begins at day. A longer
// span would come as one row for each contract, without its days.
func (l Loads) LoadCharges(day time.Time) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, Charges, func(ctx context.Context) (feed.ChargeDay, error) {
		at := time.Now()
		list, cut, err := api.Charges(vastapi.WithPriority(ctx, vastapi.PriorityWatch), day, day.Add(24*time.Hour-time.Second))
		if err != nil {
			return feed.ChargeDay{}, err
		}
		d := feed.ChargeDay{Day: day, At: at, List: feed.ChargedOf(list), Cut: cut} // the dearest first
		slices.SortStableFunc(d.List, func(a, b feed.Charged) int { return cmp.Compare(b.Spending.Total(), a.Spending.Total()) })
		for _, c := range d.List {
			d.Sum = d.Sum.And(c.Spending)
		}
		return d, nil
	}, func(a Answer, d feed.ChargeDay) tea.Msg { return ChargesLoaded{a, d} })
}

// ChargesBusy reports whether charges are being asked for.
func (l Loads) ChargesBusy() bool { return l.s.Busy(Charges) }

// InvoicesLoaded answers LoadInvoices.
type InvoicesLoaded struct {
	Answer
	Invoices feed.Invoices
}

// Fold keeps the invoices.
func (m InvoicesLoaded) Fold(s *feed.Snapshot) { s.Invoices.Apply(m.Invoices, m.At, m.Err) }

// LoadInvoices asks for the money that came and went in pieces since from.
func (l Loads) LoadInvoices(from time.Time) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, Invoices, func(ctx context.Context) (feed.Invoices, error) {
		list, cut, err := api.Invoices(ctx, from, time.Now())
		slices.Reverse(list)
		return feed.Invoices{List: list, From: from, Cut: cut}, err
	}, func(a Answer, v feed.Invoices) tea.Msg { return InvoicesLoaded{a, v} })
}

// SpentLoaded answers LoadSpent.
type SpentLoaded struct {
	Answer
	Spent feed.Spent
}

// Fold keeps what was spent.
func (m SpentLoaded) Fold(s *feed.Snapshot) { s.Spent.Apply(m.Spent, m.At, m.Err) }

// LoadSpent asks what was charged today and in this month, in UTC: two requests.
func (l Loads) LoadSpent() tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, Spent, func(ctx context.Context) (feed.Spent, error) {
		now := time.Now()
		ctx = vastapi.WithPriority(ctx, vastapi.PriorityWatch)
		s := feed.Spent{DayOf: feed.DayOf(now), Since: feed.MonthOf(now)}
		var err error
		if s.Day, err = charged(ctx, api, s.DayOf, now); err != nil {
			return feed.Spent{}, err
		}
		s.Month, err = charged(ctx, api, s.Since, now)
		return s, err
	}, func(a Answer, v feed.Spent) tea.Msg { return SpentLoaded{a, v} })
}

// charged is what all contracts were charged between two moments. When there is more
// than is read in one go, the sum is not known.
func charged(ctx context.Context, api API, from, to time.Time) (vastapi.Amount, error) {
	list, cut, err := api.Charges(ctx, from, to)
	if err != nil {
		return 0, err
	}
	sum := vastapi.Amount(0)
	for _, c := range list {
		sum += c.Amount
	}
	if cut {
		sum = vastapi.Unknown[vastapi.Amount]()
	}
	return sum, nil
}

package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// Budget is what may be spent in a day and in a month of UTC, in USD; 0 is no limit.
type Budget struct {
	Day, Month vastapi.Amount
	Block      bool // nothing that costs more is begun once it is used up
}

// set reports whether there is a limit.
func (b Budget) set() bool { return b.Day > 0 || b.Month > 0 }

// budget is how the budget stands now: what was charged, and since that was read what
// the account is billed.
func (m *Model) budget(now time.Time) rental.Budget {
	limit := m.deps.Budget
	if !limit.set() {
		return rental.Budget{}
	}
	day, month := m.spent(now)
	return rental.Budget{
		Day: pricing.Allowance{Limit: limit.Day, Spent: day}, Month: pricing.Allowance{Limit: limit.Month, Spent: month}, Block: limit.Block,
	}
}

// told is how far a budget has been told of.
type budgetTold struct {
	day, month     pricing.AllowanceState
	dayOf, monthOf time.Time // of what
}

// warnBudget tells once when a budget is nearly used up, and once when it is.
func (m *Model) warnBudget(now time.Time) tea.Cmd {
	b, told := m.budget(now), &m.session.budget
	if !b.Set() {
		return nil
	}
	if day := feed.DayOf(now); !told.dayOf.Equal(day) {
		told.day, told.dayOf = pricing.AllowanceNone, day
	}
	if month := feed.MonthOf(now); !told.monthOf.Equal(month) {
		told.month, told.monthOf = pricing.AllowanceNone, month
	}
	return tea.Batch(m.tellBudget("the budget of the day (UTC)", b.Day, b.Block, &told.day), m.tellBudget("the budget of the month (UTC)", b.Month, b.Block, &told.month))
}

func (m *Model) tellBudget(name string, a pricing.Allowance, block bool, told *pricing.AllowanceState) tea.Cmd {
	state := a.State()
	if state < pricing.AllowanceNear || state <= *told {
		return nil
	}
	*told = state
	text, level := figure.Percent(a.Part())+" of "+name+" ("+figure.Amount(float64(a.Limit))+") is spent", view.Warn
	if state == pricing.AllowanceUsed {
		text, level = name+" ("+figure.Amount(float64(a.Limit))+") is used up", view.Bad
		if block {
			text += ": nothing that costs more is begun"
		}
	}
	m.toast(text, level)
	m.told(alertBudget, text, level, time.Now())
	return m.note(feed.Event{At: time.Now(), Level: eventLevel(level), Kind: alertBudget, Text: text})
}

// loadSpent asks for what was spent.
func (m *Model) loadSpent() tea.Cmd {
	m.data.Spent.Loading, m.session.spent = true, time.Now()
	return m.cmd.Loads().LoadSpent()
}

// renewSpent asks for what was spent once that is due: it is looked at with every
// answer about the account.
func (m *Model) renewSpent(now time.Time) tea.Cmd {
	if !m.spentDue(now) {
		return nil
	}
	return m.load(command.Spent)
}

// spentDue reports whether it is to be asked again what was spent. Only where a budget
// waits for it is that so soon after a failure.
func (m *Model) spentDue(now time.Time) bool {
	s := m.data.Spent
	switch {
	case s.Told() && s.Age(now) < command.EverySpent:
		return false
	case !m.deps.Budget.set() && now.Sub(m.session.spent) < command.EverySpent:
		return false
	}
	return true
}

// spent is what was spent today and in this month, in UTC: what was charged, and since
// that was read what the account is billed. Both are unknown until it has been read.
func (m *Model) spent(now time.Time) (day, month vastapi.Amount) {
	return m.data.SpentBy(now)
}

package costs

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Draw shows the filter line, the table with its sums and, when asked for, the detail;
// or the page that is open.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	if s.H < 1 || s.W < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	if m.page != nil {
		body, c := m.page.draw(m, env, s.W, s.H)
		return view.Frame{Body: body, Cursor: c}
	}
	split := m.split(s)
	detail := ""
	if split.DetailH > 0 && split.DetailW > 0 {
		detail = m.detailed(env, split.DetailW, split.DetailH)
	}
	body := pane.Join(env.Theme, split, m.list(env, split.ListW, split.ListH), detail)
	return listing.Frame(&m.query.Model, body, m.status(env, s.W), s, split.ListH-1, m.table.CursorLine()) // the sums stay in sight
}

// split shares the area between the table and the detail.
func (m *Model) split(s view.Size) pane.Split {
	return pane.Of(s.W, max(0, s.H-2), m.detail, view.Wide)
}

// list is the table with its sums below, or sentences in place of an empty one.
func (m *Model) list(env view.Env, w, h int) string {
	d := env.Data
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	for _, err := range []error{d.Instances.Err, d.Volumes.Err} {
		if err != nil {
			say(theme.Bad, view.Sentence(err))
		}
	}
	switch {
	case m.made && len(m.plain) > 0:
		if h < 5 {
			return m.table.Draw(w, h)
		}
		return m.table.Draw(w, h-1) + "\n" + m.sums(env, w)
	case !m.made && len(notes) > 0:
		say(theme.Dim, "It is asked for again by itself; ctrl+r asks now.")
	case !m.made:
		say(theme.Dim, "reading what is billed…")
	case len(unread(d)) > 0:
		say(theme.Dim, "Nothing is billed of what has been read; the "+strings.Join(unread(d), " and ")+" have not been read yet.")
	case len(notes) > 0:
		say(theme.Dim, "Nothing was billed when it was last read. It is asked for again by itself; ctrl+r asks now.")
	default:
		say(theme.Plain, "Nothing is billed: no instance, no bid and no volume. b shows what was charged before, I the invoices.")
	}
	return pane.Notes(env.Theme, w, h, notes...)
}

// sums is the line of totals over what is shown.
func (m *Model) sums(env view.Env, w int) string {
	return env.Theme.Ink(theme.Money).Paint(fit.Line(" "+fit.Parts(w-1, " · ", m.sumsParts(env)...), w))
}

// sumsText is all of the line of totals.
func (m *Model) sumsText(env view.Env) string { return strings.Join(m.sumsParts(env), " · ") }

// sumsParts are the parts of the line of totals, those that matter most first.
func (m *Model) sumsParts(env view.Env) []string {
	t := m.all
	name := "total"
	if m.table.Shown() != m.table.Total() || m.folded && m.keep() != nil {
		name = "shown"
		t = totalsOf(m.visible())
	}
	missing := unread(env.Data)
	least := func(unknown int) string {
		if unknown > 0 || len(missing) > 0 {
			return "≥ "
		}
		return ""
	}
	parts := []string{
		fmt.Sprintf("%s %s", name, figure.Plural(t.rows, "thing")),
		least(t.unknown) + rateText(t.now) + " now",
		least(t.unknown) + figure.Amount(float64(pricing.Monthly(t.now, *m.hours))) + " a month of " + figure.Decimal(*m.hours, 0) + " h",
		least(t.unknownSoFar) + soFarText(t.sofar) + " so far",
		least(t.unknownRunning) + rateText(t.running) + " if all ran",
	}
	if len(missing) > 0 {
		parts = slices.Insert(parts, 1, "without the "+strings.Join(missing, " and ")+", not read yet")
	}
	return parts
}

// visible are the rows that the query admits.
func (m *Model) visible() []*row {
	rows := make([]*row, 0, m.table.Shown())
	for n := range m.table.Shown() {
		if r, ok := m.table.At(n); ok {
			rows = append(rows, r)
		}
	}
	return rows
}

// status says what leaks, what is marked, how the budget stands, and explains the
// chosen figure of the row under the cursor.
func (m *Model) status(env view.Env, w int) string {
	class := theme.Dim
	var parts []string
	part := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	for _, err := range []error{env.Data.Instances.Err, env.Data.Volumes.Err} {
		if err != nil && m.made {
			class = theme.Bad
			parts = append(parts, view.Sentence(err))
		}
	}
	if marked := m.table.Marked(); len(marked) > 0 {
		t := totalsOf(marked)
		least := ""
		if t.unknown > 0 {
			least = "≥ "
		}
		part(true, "%d marked, %s%s now, %s%s a month", t.rows, least, rateText(t.now), least, figure.Amount(float64(pricing.Monthly(t.now, *m.hours))))
	}
	part(m.table.MarkedHidden() > 0, "%s marked but hidden by the filter: left alone", figure.Count(m.table.MarkedHidden()))
	part(m.table.Shown() != m.table.Total(), "%s of %s shown", figure.Count(m.table.Shown()), figure.Count(m.table.Total()))
	part(m.made && len(m.plain) > 0 && m.table.CursorVanished() && m.table.Shown() > 0, "the row under the cursor is gone")
	for _, text := range budgetText(env) {
		class = theme.Warn
		parts = append(parts, text)
	}
	if m.only {
		part(true, "what is billed and computes nothing: %s a day; * marks all, D ends them", figure.Amount(float64(m.all.leak.Day())))
	} else if m.all.leaks > 0 {
		part(true, "leak %s a day in %s: P lists them", figure.Amount(float64(m.all.leak.Day())), figure.Plural(m.all.leaks, "thing"))
	}
	if r, ok := m.table.Cursor(); ok && m.made {
		part(true, "%s", m.explain(env, r, m.figure).line())
	}
	return env.Theme.Ink(class).Paint(fit.Line(strings.TrimSuffix(" "+strings.Join(parts, " · "), " "), w))
}

// budgetText says how the budget stands where that matters.
func budgetText(env view.Env) []string {
	var list []string
	b := env.Desk.Budget
	for _, a := range []struct {
		name string
		of   pricing.Allowance
	}{{"the budget of the day (UTC)", b.Day}, {"the budget of the month (UTC)", b.Month}} {
		switch a.of.State() {
		case pricing.AllowanceNear:
			list = append(list, fmt.Sprintf("%s of %s spent (%s)", figure.Percent(a.of.Part()), a.name, figure.Amount(float64(a.of.Limit))))
		case pricing.AllowanceUsed:
			list = append(list, fmt.Sprintf("%s of %s is used up", a.name, figure.Amount(float64(a.of.Limit))))
		}
	}
	return list
}

// detailed is the detail of the row under the cursor.
func (m *Model) detailed(env view.Env, w, h int) string {
	r, ok := m.table.Cursor()
	if !ok {
		return fit.Block([]string{" no row is selected"}, w, h)
	}
	return pane.Facts(env.Theme, r.title(), m.facts(env, r), m.scroll, w, h)
}

// facts is all that is known of what a row costs, and of the account.
func (m *Model) facts(env view.Env, r *row) []pane.Fact {
	facts := []pane.Fact{{Label: "kind", Value: r.kind}, {Label: "status", Value: r.word, Class: r.class}}
	if r.leaks {
		facts = append(facts, pane.Fact{Value: "it is billed and computes nothing: " + figure.Amount(float64(r.now.Day())) + " a day; D ends that", Class: theme.Warn})
	}
	for n, f := range figures {
		facts = append(facts, pane.Fact{Label: f.name, Value: m.explain(env, r, n).value, Class: theme.Money})
	}
	if !r.since.IsZero() && r.members == nil {
		facts = append(facts, pane.Fact{Label: "made", Value: figure.Span(env.Now.Sub(r.since)) + " ago"})
	}
	facts = append(facts, pane.Fact{Label: "what", Value: figure.Text(r.what)}, pane.Fact{Label: "name", Value: figure.Text(r.name), Class: theme.Strong})
	return append(append(facts, pane.Fact{}, pane.Fact{Label: "the account"}), m.account(env)...)
}

// account is what is left of the credit, when it ends, and how the budget stands.
func (m *Model) account(env view.Env) []pane.Fact {
	b := env.Data.Burn
	facts := []pane.Fact{{Label: "credit", Value: figure.Amount(float64(env.Desk.Credit)), Class: theme.Money}}
	s := lasting(env)
	switch {
	case !s.Known:
		facts = append(facts, pane.Fact{Label: "lasts", Value: "not known yet"})
	case !s.Finite:
		facts = append(facts, pane.Fact{Label: "lasts", Value: "nothing is billed", Class: theme.Good})
	case s.UsedUp():
		facts = append(facts, pane.Fact{Label: "lasts", Value: "it is used up, and " + rateText(b.CommittedAtLeast) + " is billed", Class: theme.Bad})
	default:
		class := theme.Plain
		switch pricing.Pressing(s) {
		case pricing.LastsHours:
			class = theme.Bad
		case pricing.LastsADay:
			class = theme.Warn
		}
		facts = append(facts, pane.Fact{Label: "lasts", Value: figure.Span(s.Lasts) + " at " + rateText(b.CommittedAtLeast), Class: class},
			pane.Fact{Label: "zero", Value: zeroText(env, s), Class: class})
	}
	if b.Leak > 0 {
		facts = append(facts, pane.Fact{Label: "leak", Value: rateText(b.Leak) + ", " + figure.Amount(float64(b.Leak.Day())) + " a day", Class: theme.Warn})
	}
	if day, month := env.Data.SpentBy(env.Now); vastapi.Known(day) {
		facts = append(facts, pane.Fact{Label: "today", Value: figure.Amount(float64(day)) + " since midnight UTC: what was charged, and what is billed since that was read", Class: theme.Money},
			pane.Fact{Label: "month", Value: figure.Amount(float64(month)) + " since the first, UTC", Class: theme.Money})
	}
	facts = append(facts, budgetFacts(env.Desk.Budget.Day, "budget, UTC day")...)
	return append(facts, budgetFacts(env.Desk.Budget.Month, "budget, UTC month")...)
}

// lasting is how long the credit lasts. It is not known before all that is billed is.
func lasting(env view.Env) pricing.Span {
	if len(unread(env.Data)) > 0 {
		return pricing.Span{}
	}
	return pricing.SpanOf(env.Desk.Credit, env.Data.Burn.CommittedAtLeast)
}

// zeroText is when the credit is used up, counted from when it was read, in the user's
// own time.
func zeroText(env view.Env, s pricing.Span) string {
	read := env.Data.User.At
	if read.IsZero() {
		read = env.Now
	}
	zero := s.Zero(read)
	return zero.Local().Format("Mon Jan 2 2006 15:04 MST")
}

// unread are the things that are billed and have not been read yet.
func unread(d *feed.Snapshot) []string {
	var list []string
	if !d.Instances.Told() {
		list = append(list, "instances")
	}
	if !d.Volumes.Told() {
		list = append(list, "volumes")
	}
	return list
}

// budgetFacts is how an allowance stands, nothing without one.
func budgetFacts(a pricing.Allowance, name string) []pane.Fact {
	switch a.State() {
	case pricing.AllowanceNone:
		return nil
	case pricing.AllowanceUnknown:
		return []pane.Fact{{Label: name, Value: "what was spent is not known yet; the limit is " + figure.Amount(float64(a.Limit))}}
	}
	class := theme.Plain
	switch a.State() {
	case pricing.AllowanceNear:
		class = theme.Warn
	case pricing.AllowanceUsed:
		class = theme.Bad
	}
	return []pane.Fact{{Label: name, Value: fmt.Sprintf("%s of %s, %s", figure.Amount(float64(a.Spent)), figure.Amount(float64(a.Limit)), figure.Percent(a.Part())), Class: class}}
}

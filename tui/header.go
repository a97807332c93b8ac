package tui

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/statusbar"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

func rate(r vastapi.Rate) string { return figure.Rate(float64(r)) }

// header is who pays, what is left and what it is spent on, and how old all that is.
func (m *Model) header(now time.Time, w int) string {
	left := []statusbar.Piece{{Text: "vastdeck", Class: theme.Accent, Priority: 9}}
	if m.deps.Demo {
		left = append(left, statusbar.Piece{Text: m.demoText(), Class: theme.Warn})
	}
	if m.deps.ReadOnly {
		left = append(left, statusbar.Piece{Text: "READ-ONLY", Class: theme.Warn})
	} else if m.session.phase == ready && m.data.Rights.ReadsOnly() {
		left = append(left, statusbar.Piece{Text: "READ-ONLY KEY", Class: theme.Warn, Priority: 2})
	}
	piece, named := m.profilePiece()
	if named {
		left = append(left, piece)
	}
	if account := m.owner(); !m.deps.Demo && !(named && account == m.deps.Profiles.Name) {
		left = append(left, statusbar.Piece{Text: account, Class: theme.Strong, Priority: 6})
	}
	if m.deps.Host != "" {
		left = append(left, statusbar.Piece{Text: m.deps.Host, Class: theme.Warn, Priority: 2})
	}
	left = append(left, m.money(now, w)...)
	return statusbar.Draw(m.theme, left, m.freshness(now), w)
}

// demoText names the demo, and how fast its world goes.
func (m *Model) demoText() string {
	if s := m.deps.DemoSpeed; s > 0 && s != 1 {
		return "DEMO " + strconv.FormatFloat(s, 'g', 4, 64) + "x"
	}
	return "DEMO"
}

func (m *Model) account() string {
	u := m.data.User.Value
	if !u.Email.Empty() {
		return fit.Cut(u.Email.String(), 32)
	}
	return m.deps.Account
}

func (m *Model) money(now time.Time, w int) []statusbar.Piece {
	if m.session.phase != ready {
		return nil
	}
	credit := m.credit()
	out := []statusbar.Piece{{Text: "credit " + figure.Amount(float64(credit)), Class: theme.Money, Priority: 1}}
	if !m.data.Instances.Told() || !m.data.Volumes.Told() {
		return append(out, statusbar.Piece{Text: "burn —", Class: theme.Dim, Priority: 1})
	}
	b := m.data.Burn
	burn := "burn " + rate(b.AtLeast)
	if b.Unknown > 0 {
		burn = fmt.Sprintf("burn ≥ %s", rate(b.AtLeast))
	}
	if rising(b) {
		burn += " → " + rate(b.CommittedAtLeast) // once what is starting runs
	}
	out = append(out, statusbar.Piece{Text: burn, Class: theme.Money})
	if b.Leak > 0 {
		out = append(out, statusbar.Piece{Text: "leak " + rate(b.Leak), Class: theme.Warn, Priority: 4})
	}
	out = append(out, runwayPieces(pricing.SpanOf(credit, b.CommittedAtLeast), m.data.User.At)...)
	out = append(out, m.spentPieces(now)...)
	return append(out, m.budgetPieces(now, w)...)
}

// spentPieces are what was spent today and in this month, of UTC.
func (m *Model) spentPieces(now time.Time) []statusbar.Piece {
	day, month := m.spent(now)
	if !vastapi.Known(day) || !vastapi.Known(month) {
		return nil
	}
	return []statusbar.Piece{
		{Text: "today " + figure.Amount(float64(day)), Class: theme.Money, Priority: 6},
		{Text: "month " + figure.Amount(float64(month)), Class: theme.Money, Priority: 7},
	}
}

// rising reports whether the burn will be another one once all that is starting runs.
func rising(b pricing.Burn) bool {
	return b.Heading > 0 && rate(b.CommittedAtLeast) != rate(b.AtLeast)
}

// freshness tells the age of what the shown view is made of, and what is wrong with getting it newer.
func (m *Model) freshness(now time.Time) []statusbar.Piece {
	var out []statusbar.Piece
	if label := m.noticesLabel(); label != "" {
		out = append(out, statusbar.Piece{Text: label, Class: theme.Accent, Priority: 4})
	}
	if len(m.work) > 0 {
		out = append(out, statusbar.Piece{Text: "● " + figure.Plural(len(m.work), "change") + " under way", Class: theme.Accent, Priority: 2})
	}
	if wait := m.waiting(now); wait != "" {
		out = append(out, statusbar.Piece{Text: wait, Class: theme.Dim, Priority: 7})
	}
	out = append(out, m.oldAccount(now)...)
	switch {
	case m.session.phase == connecting:
		return append(out, statusbar.Piece{Text: "looking for your key…", Class: theme.Dim, Priority: 3})
	case m.session.phase == loggedOut:
		return append(out, statusbar.Piece{Text: "no key", Class: theme.Warn, Priority: 3})
	case m.active == view.Market:
		market := m.data.Offers
		if market.Told() {
			market.At = market.Value.Since
		}
		return append(out, age(now, "offers", market, command.EveryOffers)...)
	}
	shown := m.data.Instances
	if m.active == view.Sessions && !m.data.Remote.At.IsZero() {
		open := feed.Feed[struct{}]{At: m.data.Remote.At, Err: m.data.Remote.Err, Since: m.data.Remote.At}
		return append(out, age(now, "sessions", open, command.EverySessions)...)
	}
	every := m.interval(command.Instances)
	if m.many() {
		every += m.session.walk
		at, closely := m.shownAt()
		if shown.At = at; closely {
			every = max(command.EverySteady, m.someInterval())
		}
		if closely && m.data.Closely.Err != nil && shown.Err == nil {
			shown.Err, shown.Since = m.data.Closely.Err, m.data.Closely.Since
		}
	}
	if read, total := m.cmd.Walked(); !shown.Told() && shown.Err == nil && read < total {
		return append(out, statusbar.Piece{Text: fmt.Sprintf("loading instances… %s of %s", figure.Count(read), figure.Count(total)), Class: theme.Dim, Priority: 3})
	}
	return append(out, age(now, "instances", shown, every)...)
}

// oldAccount says when credit or volumes are older than their polls promise.
func (m *Model) oldAccount(now time.Time) []statusbar.Piece {
	if m.session.phase != ready {
		return nil
	}
	var out []statusbar.Piece
	old := func(name string, told bool, at time.Time, err error) {
		if told && now.Sub(at) > 2*command.EveryAccount || !told && err != nil {
			text := "no " + name
			if told {
				text = name + " " + figure.Age(now.Sub(at)) + " old"
			}
			out = append(out, statusbar.Piece{Text: "! " + text, Class: theme.Bad, Priority: 2})
		}
	}
	old("credit", m.data.User.Told(), m.data.User.At, m.data.User.Err)
	old("volumes", m.data.Volumes.Told(), m.data.Volumes.At, m.data.Volumes.Err)
	return out
}

func age[T any](now time.Time, name string, f feed.Feed[T], every time.Duration) []statusbar.Piece {
	var out []statusbar.Piece
	if f.Err != nil {
		out = append(out, statusbar.Piece{Text: "! " + short(f.Err) + lasting(now.Sub(f.Since)), Class: theme.Bad, Priority: 1})
	}
	if !f.Told() {
		return append(out, statusbar.Piece{Text: "loading " + name + "…", Class: theme.Dim, Priority: 3})
	}
	text := name + " " + figure.Age(f.Age(now))
	if text != name+" now" {
		text += " old"
	}
	class, priority := theme.Dim, 5
	if every > 0 {
		switch f.Freshness(now, every) {
		case feed.Late:
			class, priority = theme.Warn, 2
		case feed.Stale: // matters more than what is drawn from it, also where there is little room
			class, priority, text = theme.Bad, 1, "STALE "+text
		}
	}
	return append(out, statusbar.Piece{Text: text, Class: class, Priority: priority})
}

// lasting is for how long something has been wrong, "" in its first moments.
func lasting(d time.Duration) string {
	if d < 5*time.Second {
		return ""
	}
	return " for " + figure.Age(d)
}

// short is an error in a few words; the whole sentence is in the view.
func short(err error) string {
	var e *vastapi.Error
	switch {
	case !errors.As(err, &e):
		return "failed"
	case e.Kind == vastapi.KindServer && e.Status/100 == 2:
		return "answer unreadable"
	case e.Status != 0:
		return fmt.Sprintf("%d %s", e.Status, e.Kind)
	case e.Kind == vastapi.KindTransport:
		return "offline"
	case e.Kind == vastapi.KindPaused:
		return "no answer, resting"
	}
	return string(e.Kind)
}

// runwayClass is the colour of a runway, by its length.
func runwayClass(s pricing.Span) theme.Class {
	switch pricing.Pressing(s) {
	case pricing.LastsHours:
		return theme.Bad
	case pricing.LastsADay:
		return theme.Warn
	case pricing.LastsDays:
		return theme.Plain
	}
	return theme.Good
}

// longestZero is how far ahead the day of zero is named: beyond it, it is a guess.
const longestZero = 60 * 24 * time.Hour

// runwayPieces are how long the credit lasts and, where there is room, when it is used
// up, counted from when it was read.
func runwayPieces(s pricing.Span, read time.Time) []statusbar.Piece {
	if !s.Known || !s.Finite {
		return nil
	}
	class := runwayClass(s)
	if s.UsedUp() {
		return []statusbar.Piece{{Text: "used up", Class: class, Priority: 2}}
	}
	out := []statusbar.Piece{{Text: "lasts " + figure.Span(s.Lasts), Class: class, Priority: 2}}
	zero := s.Zero(read)
	if zero.IsZero() || s.Lasts > longestZero {
		return out
	}
	layout := "Jan 2 15:04"
	if s.Lasts >= 72*time.Hour {
		layout = "Jan 2"
	}
	return append(out, statusbar.Piece{Text: "zero " + zero.Local().Format(layout), Class: class, Priority: 8})
}

// narrow is below how many cells a warning about a budget is written short.
const narrow = 100

// budgetPieces say that a budget is nearly or wholly used up. That matters more than
// where the account is, so it stays also where there is little room.
func (m *Model) budgetPieces(now time.Time, w int) []statusbar.Piece {
	b := m.budget(now)
	var out []statusbar.Piece
	for _, a := range []struct {
		name string
		of   pricing.Allowance
	}{{"day", b.Day}, {"month", b.Month}} {
		class, name := theme.Warn, a.name+"'s budget"
		switch a.of.State() {
		case pricing.AllowanceUsed:
			class = theme.Bad
		case pricing.AllowanceNear:
			if w < narrow {
				name = a.name
			}
		default:
			continue
		}
		out = append(out, statusbar.Piece{Text: "! " + name + " " + figure.Percent(a.of.Part()), Class: class, Priority: 1})
	}
	return out
}

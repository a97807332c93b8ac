package volumes

import (
	"fmt"
	"strings"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
)

// Draw shows the filter line, the table and, when asked for, the detail.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	if s.H < 1 || s.W < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	if m.page != nil {
		body, cursor := m.page.draw(env, s.W, s.H)
		return view.Frame{Body: body, Cursor: cursor}
	}
	split := m.split(s)
	body := pane.Join(env.Theme, split, m.rows(env, split.ListW, split.ListH), m.facts(env, split.DetailW, split.DetailH))
	return listing.Frame(&m.query.Model, body, m.status(env, s.W), s, split.ListH, m.table.CursorLine())
}

// leastRows is how many lines the list keeps beside its titles.
const leastRows = 4

// split shares the area between the table and the detail.
func (m *Model) split(s view.Size) pane.Split {
	return listing.Split(s.W, max(0, s.H-2), m.detail, &m.query.Model, m.table.Shown(), leastRows)
}

// rows is the table, or a sentence in place of an empty one.
func (m *Model) rows(env view.Env, w, h int) string {
	if m.table.Shown() > 0 {
		return m.table.Draw(w, h)
	}
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	f := env.Data.Volumes
	switch {
	case m.table.Pending():
		say(theme.Dim, "sorting…")
	case len(m.plain) > 0 && m.only && m.query.Typed.Empty():
		say(theme.Plain, "Something that runs uses each of "+figure.Plural(len(m.plain), "volume")+". Press P for all of them.")
	case len(m.plain) > 0:
		say(theme.Plain, "No volume satisfies this filter; there are "+figure.Count(len(m.plain))+" in all.")
		if m.only {
			say(theme.Dim, "Only those that nothing uses are shown: P shows the others too.")
		}
		say(theme.Dim, "Take a term away, or press esc to clear the filter.")
	case f.Told():
		say(theme.Plain, "There is no volume. Press n to look for a place and make one.")
		say(theme.Dim, "A volume is a disk that outlives instances. It lies on one machine for good: only instances on that machine can have it, "+
			"one at a time, and only from when they are rented. It is billed for as long as it exists, used or not.")
	case f.Err != nil:
		say(theme.Bad, view.Sentence(f.Err))
		say(theme.Dim, "It is asked again by itself; ctrl+r asks now.")
	default:
		say(theme.Dim, "loading volumes…")
	}
	return pane.Notes(env.Theme, w, h, notes...)
}

// status sums up what is shown and what is marked, or says what is wrong with the row
// under the cursor.
func (m *Model) status(env view.Env, w int) string {
	f := env.Data.Volumes
	var parts []string
	part := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	marked, hidden := m.table.Marked(), m.table.MarkedHidden()
	part(len(marked) > 0, "%s marked, %s", figure.Count(len(marked)), tallyOf(marked).money())
	part(hidden > 0, "%s marked but hidden by the filter: left alone", figure.Count(hidden))
	part(m.table.Pending(), "sorting")
	part(m.only, "only what nothing uses (P)")
	part(m.table.Shown() != len(m.plain), "%s of %s shown", figure.Count(m.table.Shown()), figure.Count(len(m.plain)))
	part(m.query.Cut() != "", "%s", m.query.Cut())
	part(m.query.Bad && !m.query.Focused(), "what is marked in the filter is not applied")
	part(m.query.Focused() && !m.query.Typed.Empty(), "%s", strings.Join(m.query.Typed.Explain(), "; "))
	part(f.Value.Bad > 0, "%s rows could not be read", figure.Count(f.Value.Bad))
	part(m.want != 0, "volume %s is not in the list yet", m.want)
	part(m.table.CursorVanished() && m.table.Shown() > 0, "the volume under the cursor is gone")
	if f.Err != nil && f.Told() {
		parts = append(parts, view.Sentence(f.Err))
	}
	class := theme.Dim
	if r, ok := m.table.Cursor(); ok && r.problem != "" && len(marked)+hidden == 0 && !m.query.Focused() {
		class = theme.Warn
		parts = append([]string{r.problem}, parts...)
	}
	var sums []string
	if f.Told() && len(m.plain) > 0 {
		sums = []string{m.sums() + " ", "all: " + m.sum.money() + " ", amount(m.sum.rate.Month()) + " a month "}
	}
	left := strings.TrimSuffix(" "+strings.Join(parts, " · "), " ")
	return env.Theme.Ink(class).Paint(fit.Ends(left, w, sums...))
}

// sums are what all volumes come to.
func (m *Model) sums() string {
	text := figure.Plural(len(m.plain), "volume") + ", " + size(m.sum.size) + ", " + m.sum.money()
	if m.sum.wasted > 0 {
		text += "; unused " + rate(m.sum.wasted)
	}
	return text
}

// facts is the detail of the volume under the cursor.
func (m *Model) facts(env view.Env, w, h int) string {
	if w == 0 || h == 0 {
		return ""
	}
	r, ok := m.table.Cursor()
	if !ok {
		return fit.Block([]string{" no volume is selected"}, w, h)
	}
	return pane.Facts(env.Theme, "Volume "+r.ID.String(), detailFacts(env, r), m.scroll, w, h)
}

// toggleDetail opens the detail, or closes it.
func (m *Model) toggleDetail() view.Effect {
	m.detail, m.scroll = !m.detail, 0
	return view.Effect{}
}

func (m *Model) scrollDetail(env view.Env, by int) view.Effect {
	r, ok := m.table.Cursor()
	if !ok {
		return view.Effect{}
	}
	s := m.split(env.Size)
	m.scroll = max(0, min(m.scroll+by, pane.MaxScroll(detailFacts(env, r), s.DetailW, s.DetailH)))
	return view.Effect{}
}

package offers

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// Draw shows the query line, the table and, when asked for, the detail.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	if s.H < 1 || s.W < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	split := m.split(s)
	body := pane.Join(env.Theme, split, m.list(env, split.ListW, split.ListH), m.facts(env, split.DetailW, split.DetailH))
	f := view.Frame{Body: pane.Frame(m.line.Draw(s.W), body, m.status(env, s.W), s.H)}
	if c := m.line.Cursor(); c != nil {
		f.Cursor = tea.NewCursor(c.X, 0)
	}
	return f
}

// split shares the area between the table and the detail.
func (m *Model) split(s view.Size) pane.Split {
	return pane.Of(s.W, max(0, s.H-2), m.detail, view.Wide)
}

// list is the table, or a sentence in place of an empty one.
func (m *Model) list(env view.Env, w, h int) string {
	if m.table.Shown() > 0 {
		return m.table.Draw(w, h)
	}
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	f := env.Data.Offers
	switch {
	case m.table.Total() > 0:
		say(theme.Plain, fmt.Sprintf("No offer here satisfies this query; %s are here.", figure.Count(m.table.Total())))
		say(theme.Dim, "Take a term away, or esc twice to clear the query.")
	case f.Told():
		say(theme.Plain, "The market has no such offer now.")
		say(theme.Dim, "Take a term away, e.g. "+m.query.String())
	case f.Err != nil:
		say(theme.Bad, view.Sentence(f.Err))
		say(theme.Dim, "It is asked again by itself; ctrl+r asks now.")
	default:
		say(theme.Dim, "loading offers…")
	}
	return pane.Notes(env.Theme, w, h, notes...)
}

// status says how much of the market is here and shown.
func (m *Model) status(env view.Env, w int) string {
	f := env.Data.Offers
	if !f.Told() {
		return fit.Line("", w)
	}
	var parts []string
	part := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	part("%s of %s offers shown", figure.Count(m.table.Shown()), figure.Count(m.table.Total()))
	switch {
	case m.walking:
		part("the server has more, loading")
	case m.skipped:
		part("the server has more at one price than it gives: narrow the query")
	case f.Value.More:
		part("the server has more than is kept here: narrow the query")
	}
	if m.bad {
		part("what is marked in the query is not applied")
	}
	part("prices with a %s disk", figure.GB(float64(defaultDisk)))
	if b := f.Value.Bad; b > 0 {
		part("%d rows could not be read", b)
	}
	if marked := m.table.Marked(); len(marked) > 0 {
		var sum vastapi.Rate
		for _, o := range marked {
			sum += o.DphTotal
		}
		part("%s marked, %s together", figure.Count(len(marked)), figure.Rate(float64(sum)))
	}
	if m.table.CursorVanished() && m.table.Shown() > 0 {
		part("the offer under the cursor has left the market")
	}
	if local := m.query.Local(); len(local) > 0 {
		part("checked here only: %s", strings.Join(local, " "))
	}
	class := theme.Dim
	if f.Err != nil {
		class = theme.Bad
		parts = append([]string{view.Sentence(f.Err)}, parts...)
	}
	return env.Theme.Ink(class).Paint(fit.Line(" "+strings.Join(parts, " · "), w))
}

// facts is the detail of the offer under the cursor.
func (m *Model) facts(env view.Env, w, h int) string {
	if w == 0 || h == 0 {
		return ""
	}
	o, ok := m.under()
	if !ok {
		return fit.Block([]string{" no offer is selected"}, w, h)
	}
	return pane.Facts(env.Theme, "Offer "+o.ID.String(), detail(&o, defaultDisk), m.scroll, w, h)
}

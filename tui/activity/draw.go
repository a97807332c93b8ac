package activity

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
	if m.menu != nil {
		return view.Frame{Body: m.menu.Draw(env, s.W, s.H)}
	}
	split := m.split(s)
	body := pane.Join(env.Theme, split, m.list(env, split.ListW, split.ListH), m.facts(env, split.DetailW, split.DetailH))
	return listing.Frame(&m.query, body, m.status(env, s.W), s, split.ListH, m.table.CursorLine())
}

// split shares the area between the table and the detail.
func (m *Model) split(s view.Size) pane.Split {
	return pane.Of(s.W, max(0, s.H-2), m.detail, view.Wide)
}

// list is the table, or a sentence in place of an empty one.
func (m *Model) list(env view.Env, w, h int) string {
	if m.table.Total() > 0 {
		return m.table.Draw(w, h)
	}
	journal := env.Data.Journal
	switch {
	case journal.Err != nil:
		return pane.Notes(env.Theme, w, h, pane.Note{Class: theme.Bad, Text: view.Sentence(journal.Err)},
			pane.Note{Class: theme.Dim, Text: "Nothing can be rented or started until that is mended."})
	case !told(env):
		return pane.Notes(env.Theme, w, h, pane.Note{Class: theme.Dim, Text: "reading the journal…"})
	}
	return pane.Notes(env.Theme, w, h, pane.Note{
		Text: "Nothing was done with this account from this machine yet. What you rent, start, stop or destroy is listed here, with what came of it.",
	})
}

// status sums up what needs somebody, else what came of the row under the cursor.
func (m *Model) status(env view.Env, w int) string {
	var parts []string
	part := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	part(m.orphans == 1, "1 orphan is billed: D destroys it")
	part(m.orphans > 1, "%s orphans are billed: D destroys the one under the cursor", figure.Count(m.orphans))
	part(m.opened > 0, "%s open: the account is being read to find out", figure.Count(m.opened))
	part(m.table.Shown() != m.table.Total(), "%s of %s shown", figure.Count(m.table.Shown()), figure.Count(m.table.Total()))
	journal := env.Data.Journal.Value
	part(len(journal.Recent) < journal.Total, "the newest %s of %s operations", figure.Count(len(journal.Recent)), figure.Count(journal.Total))
	part(m.table.CursorVanished() && m.table.Shown() > 0, "the row under the cursor is gone")
	if err := env.Data.Journal.Err; err != nil && m.table.Total() > 0 {
		parts = append(parts, view.Sentence(err))
	}
	if r, ok := m.table.Cursor(); ok && len(parts) == 0 {
		parts = append(parts, r.said)
	}
	return env.Theme.Ink(theme.Dim).Paint(fit.Line(strings.TrimSuffix(" "+strings.Join(parts, " · "), " "), w))
}

// facts is the detail of the row under the cursor.
func (m *Model) facts(env view.Env, w, h int) string {
	if w == 0 || h == 0 {
		return ""
	}
	r, ok := m.table.Cursor()
	if !ok {
		return fit.Block([]string{" no row is selected"}, w, h)
	}
	return pane.Facts(env.Theme, heading(r), detail(env, r), m.scroll, w, h)
}

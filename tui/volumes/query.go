package volumes

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/queryline"
	"vastdeck/vastapi/offerql"
)

// key gives a key or a paste to the line, or to the table.
func (m *Model) key(env view.Env, msg tea.Msg) view.Effect {
	if m.query.Focused() {
		if !m.query.Update(msg) {
			return view.Effect{}
		}
		e := m.readText(env, m.query.Value())
		if _, pasted := msg.(tea.PasteMsg); pasted {
			m.query.Complete(0, 0, nil) // it is whole
			return e
		}
		m.suggest(env, false)
		return e
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && m.table.Update(k) {
		m.want, m.scroll = 0, 0
	}
	return view.Effect{}
}

// pressLine gives a key to the line that is typed.
func (m *Model) pressLine(env view.Env, code rune) view.Effect {
	return m.key(env, tea.KeyPressMsg{Code: code})
}

// readText reads the line: what it admits is shown at once. What cannot be read is
// marked, and the terms in front of it apply.
func (m *Model) readText(env view.Env, text string) view.Effect {
	q, usable, err := language.ParseTyped(spelled(text))
	m.bad = err != nil
	if err != nil {
		m.mark(err)
	} else {
		m.query.SetProblem(nil)
	}
	if !usable {
		return view.Effect{} // the last good list stays
	}
	if q.Equal(m.typed) {
		return view.Effect{}
	}
	m.typed = q
	e := m.refilter(env)
	m.point()
	return e
}

// point shows the words of the query in the rows that they have found, once these
// are on the screen.
func (m *Model) point() {
	marker := m.typed.Marker()
	if m.table.Pending() || marker.Equal(m.marker) {
		return
	}
	m.marker = marker
	if marker.Empty() {
		m.table.Found = nil
	} else {
		m.table.Found = func(column, text string) [][2]int { return marker.In(fieldOf[column], text) }
	}
	m.table.Invalidate()
}

// fieldOf is what the columns are called in the query, as far as words are looked
// for in them.
var fieldOf = map[string]string{
	"id": "id", "status": "status", "machine": "machine_id", "name": "name", "region": "geolocation", "attached": "attached",
}

// mark shows what could not be read; quietly while it may only be unfinished.
func (m *Model) mark(err error) {
	var e *offerql.Error
	if !errors.As(err, &e) {
		return
	}
	var p queryline.Problem
	p.From, p.To = e.Span(m.query.Value())
	if e.Kind != offerql.Unfinished {
		p.Message = e.Reason()
	}
	m.query.SetProblem(&p)
}

// suggest offers what may stand at the cursor.
func (m *Model) suggest(_ view.Env, asked bool) {
	from, to, found := language.Suggest(m.query.Value(), m.query.Pos(), asked, func() offerql.Known {
		if m.values == nil {
			m.values = language.Known(m.plain)
		}
		return m.values
	})
	var list []queryline.Candidate
	for _, c := range found {
		list = append(list, queryline.Candidate{Text: c.Text, Help: c.Help, Count: c.Count})
	}
	m.query.Complete(from, to, list)
}

// enter leaves the line. What looked like the beginning of a field while it was
// typed is a word now, or a mistake that is named.
func (m *Model) enter(env view.Env) view.Effect {
	text := m.query.Value()
	m.query.EndCompletion()
	if _, err := language.Parse(spelled(text)); offerql.IsUnfinished(err) {
		text += " "
		if _, err := language.Parse(spelled(text)); err != nil {
			e := m.readText(env, text)
			return e
		}
	}
	m.query.Blur()
	return join(m.readText(env, text), m.rememberTable())
}

// leaveQuery leaves the line as it is.
func (m *Model) leaveQuery() view.Effect {
	m.query.Blur()
	return m.rememberTable()
}

// clearQuery shows everything again.
func (m *Model) clearQuery(env view.Env) view.Effect {
	m.query.Reset()
	return join(m.readText(env, ""), m.rememberTable())
}

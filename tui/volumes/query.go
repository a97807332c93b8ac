package volumes

import (
	"errors"
	"strings"

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
	q, err := language.Parse(text)
	m.bad = err != nil
	if err != nil {
		m.mark(err)
		var e *offerql.Error
		if !errors.As(err, &e) || e.Col > len(text) {
			return view.Effect{}
		}
		if q, err = language.Parse(text[:e.Col]); err != nil {
			return view.Effect{} // the last good list stays
		}
	} else {
		m.query.SetProblem(nil)
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
	text := m.query.Value()
	from := len([]rune(text[:min(e.Col, len(text))]))
	p := queryline.Problem{From: from, To: from + len([]rune(text[min(e.Col, len(text)):min(e.Col+e.Len, len(text))]))}
	if e.Kind != offerql.Unfinished {
		p.Message = e.Text
		if e.Suggest != "" {
			p.Message += ": " + e.Suggest + "?"
		}
	}
	m.query.SetProblem(&p)
}

func unfinished(err error) bool {
	var e *offerql.Error
	return errors.As(err, &e) && e.Kind == offerql.Unfinished
}

// suggest offers what may stand at the cursor. Unless it was asked for, nothing is
// offered before the first letter of a term, and nothing behind one that is complete.
func (m *Model) suggest(_ view.Env, asked bool) {
	text := m.query.Value()
	runes := []rune(text)
	at := len(string(runes[:min(m.query.Pos(), len(runes))]))
	none := func() { m.query.Complete(0, 0, nil) }
	if empty := at == 0 || strings.TrimRight(text[:at], " ") != text[:at]; empty && !asked {
		none()
		return
	}
	if m.values == nil {
		m.values = language.Known(m.plain)
	}
	found := language.Complete(text, at, m.values)
	if len(found) == 0 || !asked && language.Whole(text, at, found) {
		none()
		return
	}
	var list []queryline.Candidate
	for _, c := range found {
		if c.From == found[0].From && c.To == found[0].To {
			list = append(list, queryline.Candidate{Text: c.Text, Help: c.Help, Count: c.Count})
		}
	}
	count := func(n int) int { return len([]rune(text[:min(n, len(text))])) }
	m.query.Complete(count(found[0].From), count(found[0].To), list)
}

// enter leaves the line. What looked like the beginning of a field while it was
// typed is a word now, or a mistake that is named.
func (m *Model) enter(env view.Env) view.Effect {
	text := m.query.Value()
	m.query.EndCompletion()
	if _, err := language.Parse(text); unfinished(err) {
		text += " "
		if _, err := language.Parse(text); err != nil {
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

package instances

import (
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// Subject is the instance under the cursor.
func (m *Model) Subject(env view.Env) view.Subject {
	r, ok := m.table.Cursor()
	if !ok || m.page != nil || m.want != 0 || m.table.Pending() {
		return view.Subject{}
	}
	if i, there := env.Data.Instance(r.ID); there {
		return view.Subject{Instance: &i}
	}
	return view.Subject{}
}

// spot is what the list shows.
type spot struct {
	query string
	only  bool
	at    vastapi.InstanceID
}

// Place is what leads back to what is shown. Marks, folds and the detail stay by
// themselves.
func (m *Model) Place(view.Env) any {
	at, _ := m.table.CursorKey()
	return spot{strings.TrimSpace(m.query.Value()), m.only, at}
}

// returnTo shows again what was shown.
func (m *Model) returnTo(env view.Env, s spot) view.Effect {
	m.want = 0
	var e view.Effect
	if strings.TrimSpace(m.query.Value()) != s.query {
		m.query.SetValue(s.query)
		e = m.filter(env).Narrow(m.query.Read(s.query))
	}
	m.table.Select(s.at)
	return e
}

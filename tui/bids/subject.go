package bids

import "vastdeck/tui/view"

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

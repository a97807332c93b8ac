package volumes

import "vastdeck/tui/view"

// Subject is the volume under the cursor.
func (m *Model) Subject(view.Env) view.Subject {
	r, ok := m.table.Cursor()
	if !ok || m.page != nil || m.want != 0 || m.table.Pending() {
		return view.Subject{}
	}
	v := r.Volume
	return view.Subject{Volume: &v}
}

package instances

import (
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// mostOfGroup is how many instances of a group under the cursor count as shown.
const mostOfGroup = 25

// Visible are the instances on the screen, those under the cursor first. Of groups
// that are shown as one row only the members of the chosen one count.
func (m *Model) Visible(view.Env) []vastapi.InstanceID {
	var ids []vastapi.InstanceID
	if r, ok := m.table.Peek(); ok {
		for _, one := range r.each() {
			ids = append(ids, one.ID)
		}
		ids = ids[:min(len(ids), mostOfGroup)]
	}
	if m.folded {
		return ids
	}
	for y := 1; ; y++ {
		id, ok := m.table.RowAt(y)
		if !ok {
			return ids
		}
		ids = append(ids, id)
	}
}

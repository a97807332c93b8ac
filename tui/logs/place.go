package logs

import (
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// Place is what leads back to the logs that are shown.
func (m *Model) Place(view.Env) any {
	ids := make([]vastapi.InstanceID, len(m.sources))
	for n, s := range m.sources {
		ids[n] = s.id
	}
	return view.ShowLogs{Instances: ids}
}

package run

import (
	"slices"

	"vastdeck/tui/view"
)

// Place is what leads back to the instances that the page is about.
func (m *Model) Place(view.Env) any {
	return view.RunCommand{Instances: slices.Clone(m.targets)}
}

package command

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// tidyAfter is how long after a page its garbage is swept up: by then Update has
// let go of the older market.
const tidyAfter = 500 * time.Millisecond

// Tidy gives memory back to the system a moment after a page of the market was
// taken in; nil where nobody wants that. A page leaves megabytes behind, and the
// next one comes half a minute later.
func (s *Set) Tidy() tea.Cmd {
	if s.cfg.Tidy == nil {
		return nil
	}
	tidy := s.cfg.Tidy
	return tea.Tick(tidyAfter, func(time.Time) tea.Msg {
		tidy()
		return nil
	})
}

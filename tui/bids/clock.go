package bids

import (
	"time"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
)

// tick moves the moment that the view is drawn as of. What stands in the list, below it
// and in the detail is of one moment, so that they name one length of time.
func (m *Model) tick(now time.Time) {
	if !now.After(m.clock) {
		return
	}
	was := m.clock
	m.clock = now
	for _, r := range m.rows {
		if r.outbid() && (r.word(was) != r.word(now) || figure.Amount(float64(r.wasted(was))) != figure.Amount(float64(r.wasted(now)))) {
			m.table.Invalidate()
			return
		}
	}
}

// now is the moment that the view is drawn as of.
func (m *Model) now(env view.Env) time.Time {
	if m.clock.IsZero() {
		return env.Now
	}
	return m.clock
}

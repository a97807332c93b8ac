package command

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// Increases is the topic of price increases that wait for an answer.
const Increases Topic = "increases"

// EveryIncreases is how often price increases are asked for, while there are
// instances: hosts give days to answer.
const EveryIncreases = 5 * time.Minute

// IncreasesLoaded answers LoadIncreases.
type IncreasesLoaded struct {
	Answer
	Increases vastapi.PriceIncreases
}

// Fold keeps the increases.
func (m IncreasesLoaded) Fold(s *feed.Snapshot) { s.Increases.Apply(m.Increases, m.At, m.Err) }

// LoadIncreases asks which price increases wait for an answer.
func (l Loads) LoadIncreases() tea.Cmd {
	if l.closed() {
		return nil
	}
	return Run(l.s.Runner, Increases, l.s.api.PriceIncreases,
		func(a Answer, p vastapi.PriceIncreases) tea.Msg { return IncreasesLoaded{a, p} })
}

package instances

import (
	"time"

	"vastdeck/tui/status"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi/rental"
)

// mostStates is how many states of the timeline are listed, the newest.
const mostStates = 16

// timeline lists the states that were seen, the newest first.
func timeline(seen []rental.StateAt, now time.Time) []pane.Fact {
	return status.Timeline(seen, now, mostStates, func(n int) string { return "and " + figure.Plural(n, "state") + " before that" })
}

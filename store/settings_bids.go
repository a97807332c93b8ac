package store

import "math"

// Bids says how far bids are raised.
type Bids struct {
	MostOver float64 `toml:"most_over"` // percent over the present bid that raising it to hold may go; 0 = any
}

// mostRaise is far above what anybody means: a bid is raised to ten times itself.
const mostRaise = 900

// problems checks the values that the types alone do not.
func (b Bids) problems(check func(ok bool, key, reason string)) {
	check(b.MostOver >= 0 && b.MostOver <= mostRaise && !math.IsNaN(b.MostOver), "bids.most_over", "must be from 0 to 900 percent; 0 = any")
}

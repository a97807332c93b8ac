package command

import (
	"time"

	"vastdeck/vastapi"
)

// Skew is by how much the server's clock is ahead of this one, as its last answer
// told, precise to a second; known is false before the first answer.
func (l Loads) Skew() (ahead time.Duration, known bool) {
	if l.s == nil || l.s.api == nil {
		return 0, false
	}
	c, tells := l.s.api.(interface{ Health() vastapi.Health })
	if !tells {
		return 0, false
	}
	h := c.Health()
	return h.Skew, h.Dated
}

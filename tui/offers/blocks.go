package offers

import (
	"fmt"
	"slices"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
)

// blocks are the hosts and machines that are hidden now, each id once and in
// ascending order, so that equal blocks make equal searches.
type blocks struct {
	hosts    []vastapi.HostID
	machines []vastapi.MachineID
}

// blocksNow are those of a list that have not expired.
func blocksNow(list []feed.Block, now time.Time) blocks {
	var b blocks
	for _, block := range list {
		switch {
		case expired(block, now):
		case block.Host > 0:
			b.hosts = append(b.hosts, block.Host)
		case block.Machine > 0:
			b.machines = append(b.machines, block.Machine)
		}
	}
	slices.Sort(b.hosts)
	slices.Sort(b.machines)
	b.hosts, b.machines = slices.Compact(b.hosts), slices.Compact(b.machines)
	return b
}

func expired(b feed.Block, now time.Time) bool { return !b.Until.IsZero() && !now.Before(b.Until) }

// count is how many hosts and machines are hidden.
func (b blocks) count() int { return len(b.hosts) + len(b.machines) }

func (b blocks) equal(other blocks) bool {
	return slices.Equal(b.hosts, other.hosts) && slices.Equal(b.machines, other.machines)
}

// withBlock puts a block into a copy of the list, in place of one of the same
// subject.
func withBlock(list []feed.Block, b feed.Block) []feed.Block {
	return append(withoutBlock(list, b), b)
}

// withoutBlock is a copy of the list without the blocks of a subject.
func withoutBlock(list []feed.Block, b feed.Block) []feed.Block {
	return slices.DeleteFunc(slices.Clone(list), func(o feed.Block) bool { return o.Machine == b.Machine && o.Host == b.Host })
}

func blockName(b feed.Block) string {
	if b.Host > 0 {
		return "host " + b.Host.String()
	}
	return "machine " + b.Machine.String()
}

// blockMenu lists what is blocked, to take it away again.
func blockMenu() *menu {
	return &menu{Menu: listing.Menu{
		Title: "Blocked hosts and machines", Empty: "nothing is blocked: x on an offer hides its machine or its host",
		Verb: "show it again", Away: "take the block away",
		List: func(env view.Env) []listing.Choice {
			var list []listing.Choice
			for _, b := range env.Data.Memory.Blocks {
				drop := func() view.Effect {
					return view.Do(
						view.Remember{Change: func(m *feed.Memory) { m.Blocks = withoutBlock(m.Blocks, b) }},
						view.Toast{Text: blockName(b) + " is shown again", Level: view.Good},
					)
				}
				c := listing.Choice{Label: blockName(b), Detail: blockDetail(b, env.Now), Do: drop, Drop: drop}
				if expired(b, env.Now) {
					c.Class = theme.Dim
				}
				list = append(list, c)
			}
			return list
		},
	}}
}

func blockDetail(b feed.Block, now time.Time) string {
	s := "until it is taken away"
	switch {
	case expired(b, now):
		s = "has expired"
	case !b.Until.IsZero():
		s = "for another " + figure.Span(b.Until.Sub(now))
	}
	if b.Reason != "" {
		s = fmt.Sprintf("%s · %s", s, b.Reason)
	}
	return s
}

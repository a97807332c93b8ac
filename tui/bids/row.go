package bids

import (
	"strings"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/status"
	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// row is an interruptible instance of the snapshot with what follows from it. The
// instance is the snapshot's own, which is replaced whole and never changed.
type row struct {
	*vastapi.Instance
	name  string // the label without the token of the rental
	state rental.State
	stand standing
	since time.Time // when the state was first seen, zero = not seen
	outs  int       // how often it was outbid in this run
	seen  time.Time // when this run saw it first
	left  bool      // a refused rent left it behind
	price feed.OnDemand
	moved rental.Moved // how much the price to hold was seen to rise
	like  vastapi.Rate // the lowest price on demand of such GPUs on the market in hand; 0 = not known
	at    time.Time    // when all this was so, by which it is sorted and filtered
}

// standing is how a bid stands.
type standing struct {
	word  string // "WINNING"; words that are no matter of bids pass through
	glyph string
	class theme.Class
}

// stand tells how a bid stands from the one state of its instance.
func stand(i *vastapi.Instance, s rental.State, left, asked bool) standing {
	switch {
	case left:
		return standing{"LEFTOVER", "✗", theme.Bad}
	case s.Word == "OUTBID":
		return standing{"OUTBID", "▲", theme.Warn}
	case s.Class == rental.ClassRunning && pricing.AtRisk(i.DphBase, i.MinBid):
		return standing{"AT RISK", "!", theme.Warn}
	case s.Class == rental.ClassRunning && vastapi.Known(margin(i)):
		return standing{"WINNING", "●", theme.Good}
	case s.Word == "STOPPED" && asked:
		return standing{"STOPPED by you", "■", theme.Warn}
	}
	return standing{s.Word, status.Glyph(s), status.Class(s.Class)}
}

// margin is by how much of the price to hold the bid is above it, below 0 when it is
// below; NaN when either is not known.
func margin(i *vastapi.Instance) float64 { return pricing.Margin(i.DphBase, i.MinBid) }

// outbid reports whether somebody bids more, as far as that is known.
func (r *row) outbid() bool { return r.state.Word == "OUTBID" }

// word is how it stands, with how long it is outbid now.
func (r *row) word(now time.Time) string {
	if r.outbid() && !r.left && !r.since.IsZero() {
		return r.stand.word + " " + figure.Span(max(0, now.Sub(r.since)))
	}
	return r.stand.word
}

// saving is by how much of the on-demand price the bid is below it, NaN when either
// is not known.
func (r *row) saving() float64 {
	if !(r.price.Rate > 0) || !vastapi.Known(r.DphBase) {
		return vastapi.Unknown[float64]()
	}
	return 1 - float64(r.DphBase/r.price.Rate)
}

// wasted is what its disk has cost until now since it was seen to be outbid, unknown
// unless it is outbid.
func (r *row) wasted(now time.Time) vastapi.Amount {
	if !r.outbid() || r.since.IsZero() || now.Before(r.since) {
		return vastapi.Unknown[vastapi.Amount]()
	}
	return pricing.Stopped(r.Instance).For(now.Sub(r.since))
}

// perGPU is a rate for one GPU of it.
func (r *row) perGPU(rate vastapi.Rate) vastapi.Rate { return pricing.PerGPU(rate, r.NumGPUs) }

// place is where the machine is; what stands before the comma is sometimes empty.
func place(r *row) string { return strings.TrimLeft(r.Geolocation.String(), ", ") }

// idOf is an id as a number, NaN when there is none.
func idOf[T ~int64](id T) float64 {
	if id <= 0 {
		return vastapi.Unknown[float64]()
	}
	return float64(id)
}

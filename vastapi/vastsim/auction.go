package vastsim

import (
	"math"
	"time"
)

// floorStep is how long a floor lasts on m.
func (w *World) floorStep(m *machine) time.Duration {
	return 3*time.Minute + time.Duration(w.unit(drawFloor, uint64(m.idx))*240)*time.Second
}

// floorPrice is the lowest bid for one card of m that would run at t: what the
// strongest competitor bids. It moves in steps along a slow wave of its own,
// between about four and nine tenths of the price.
func (w *World) floorPrice(m *machine, t time.Duration) float64 {
	k := int64(0)
	if !w.cfg.quiet {
		k = int64(t / w.floorStep(m))
	}
	mean := 0.5 + 0.2*w.unit(drawFloor, uint64(m.idx), 1)
	turn := 2 * math.Pi * w.unit(drawFloor, uint64(m.idx), 2)
	swing := 0.12 * math.Sin(float64(k)*0.31+turn)
	jitter := 0.05 * (w.unit(drawFloor, uint64(m.idx), 3, uint64(k)) - 0.5)
	return max(0.001, round(m.base*(mean+swing+jitter), 4))
}

func (w *World) nextFloor(m *machine, t time.Duration) time.Duration {
	if w.cfg.quiet {
		return forever
	}
	s := w.floorStep(m)
	return (t/s + 1) * s
}

// floorOf is the bid that would keep in running now, for all its cards.
func (w *World) floorOf(in *instance) float64 {
	return round(w.floorPrice(in.m, w.clock)*float64(in.gpus), 4)
}

// mayRun says whether in could hold its cards now. Renters on demand come
// before bids; among bids the floor decides.
func (w *World) mayRun(in *instance) bool {
	held := in.m.held
	if in.holds {
		held -= in.gpus
	}
	if held+in.gpus > in.m.gpus || w.offline(in.m, w.clock) {
		return false
	}
	if in.bid {
		return in.price >= w.floorOf(in) && held+in.gpus+min(w.busy(in.m, w.clock), in.m.gpus-held) <= in.m.gpus
	}
	if in.holds {
		return true
	}
	return in.gpus <= w.free(in.m)
}

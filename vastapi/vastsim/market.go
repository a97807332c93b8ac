package vastsim

import (
	"math"
	"math/big"
	"sync"
	"time"
)

// An offer is what one machine lists at one moment: some of its free cards.
type offer struct {
	id       int64
	m        *machine
	gpus     int
	first    int // index of its first card
	rentable bool
	base     float64 // $/h for all its cards
	minBid   float64 // $/h for all its cards; 0 means no bids taken
}

// An epoch is the time between two listings of a machine by its host.
func (w *World) epoch(m *machine, t time.Duration) (n int64, began time.Duration) {
	if w.cfg.quiet {
		return 0, 0
	}
	n = int64((t + m.phase) / m.relist)
	return n, max(0, time.Duration(n)*m.relist-m.phase)
}

// busy says how many cards of m other renters want to use at t.
func (w *World) busy(m *machine, t time.Duration) int {
	n, _ := w.epoch(m, t)
	switch x := w.unit(drawEpoch, uint64(m.idx), uint64(n)); {
	case x < 0.72:
		return 0
	case x < 0.80:
		return m.gpus
	default:
		return int((x - 0.80) / 0.20 * float64(m.gpus))
	}
}

// gap is how long after the start of an epoch the machine lists nothing: the
// host's old offers are gone and the new ones are not there yet.
func (w *World) gap(m *machine, n int64) time.Duration {
	if n == 0 {
		return 0
	}
	return time.Duration((15 + 225*w.unit(drawEpoch, uint64(m.idx), uint64(n), 1)) * float64(time.Second))
}

// cardPrice is the host's price of one card at t: a slow wave the whole model
// shares and steps the host makes on its own.
func (w *World) cardPrice(m *machine, t time.Duration) float64 {
	if w.cfg.quiet {
		return m.base
	}
	every := 10*time.Minute + time.Duration(w.unit(drawPrice, uint64(m.idx))*80)*time.Minute
	shift := time.Duration(w.unit(drawPrice, uint64(m.idx), 1) * float64(every))
	k := int64((t + shift) / every)
	if k == 0 {
		return m.base
	}
	at := (time.Duration(k)*every - shift).Hours()
	wave := 0.0
	for i, c := range m.model.name {
		wave += float64(c) * float64(i+1) // a phase of its own for each model
	}
	tide := 0.035*math.Sin(at/5.3+wave) - 0.035*math.Sin(wave) + 0.02*math.Sin(at/1.9+wave*2) - 0.02*math.Sin(wave*2)
	own := 0.08 * (w.unit(drawPrice, uint64(m.idx), 2, uint64(k)) - 0.5)
	return round(m.base*(1+tide+own), 4)
}

// listing is what m offers at t. It depends on the seed, on t and on how many
// of the cards this account holds, on nothing else.
func (w *World) listing(m *machine, t time.Duration) []offer { return w.appendListing(nil, m, t) }

// appendListing appends the listing of m at t to out.
func (w *World) appendListing(out []offer, m *machine, t time.Duration) []offer {
	n, began := w.epoch(m, t)
	if t < began+w.gap(m, n) || t < m.hushed || t >= m.end || w.offline(m, t) {
		return out
	}
	before := len(out)
	busy := min(w.busy(m, t), m.gpus-m.held)
	free := m.gpus - m.held - busy
	price, floor := w.cardPrice(m, t), w.floorPrice(m, t)
	add := func(slot, gpus, first int, rentable bool) {
		if m.maxListed >= 0 && len(out)-before >= m.maxListed {
			return
		}
		o := offer{id: w.offerID(m, slot, n), m: m, gpus: gpus, first: first, rentable: rentable}
		o.base = round(price*float64(gpus), 8)
		if m.biddable {
			o.minBid = round(floor*float64(gpus), 4)
		}
		if p, ok := w.prices[o.id]; ok {
			o.minBid = round(o.minBid*p/o.base, 4)
			o.base = p
		}
		if !w.removed[o.id] {
			out = append(out, o)
		}
	}
	if free == 0 && m.held == 0 {
		add(3, m.gpus, 0, false) // rented out whole: still a row, not rentable
		return out
	}
	for slot := range 4 {
		if size := 1 << slot; size <= free {
			add(slot, size, m.held, true)
		}
	}
	return out
}

// Offer ids look arbitrary, yet two offers never share one: the number that
// names machine, chunk, epoch and our own changes is multiplied in a prime
// field. Numbers come round again only after hundreds of epochs.
const (
	idFirst  = 30_000_000
	idPrime  = 69999989
	idFactor = 45_238_117
	slots    = 5 // four chunk sizes and the volume offer
)

var idInverse = sync.OnceValue(func() int64 {
	return new(big.Int).ModInverse(big.NewInt(idFactor), big.NewInt(idPrime)).Int64()
})

func (w *World) offerID(m *machine, slot int, epoch int64) int64 {
	span := w.idSpan()
	generation := (epoch*16 + int64(m.changes)) % (idPrime / (span * slots))
	x := (generation*span+int64(m.idx))*slots + int64(slot)
	return idFirst + x*idFactor%idPrime
}

// idSpan is more than the number of machines there will ever be: each lists at
// least one offer at first, each instance may bring one machine more.
func (w *World) idSpan() int64 { return int64(w.cfg.offers + max(0, w.cfg.instances) + 16) }

// machineOfOffer undoes offerID as far as the machine.
func (w *World) machineOfOffer(id int64) *machine {
	x := id - idFirst
	if x < 0 || x >= idPrime {
		return nil
	}
	x = x * idInverse() % idPrime
	if i := int(x / slots % w.idSpan()); i < len(w.machines) {
		return w.machines[i]
	}
	return nil
}

// findOffer looks an id up among the offers of this moment.
func (w *World) findOffer(id int64) (offer, bool) {
	if m := w.machineOfOffer(id); m != nil {
		for _, o := range w.listing(m, w.clock) {
			if o.id == id {
				return o, true
			}
		}
	}
	return offer{}, false
}

// hold changes how many cards of m this account occupies. Every chunk starts at
// the first free card, so every listed offer overlaps and disappears; the rest
// of the machine comes back a little later under other ids.
func (w *World) hold(m *machine, cards int) {
	if cards == 0 {
		return
	}
	m.held += cards
	m.changes++
	pause := 60 + 90*w.unit(drawEpoch, uint64(m.idx), m.changes, 2)
	m.hushed = w.clock + time.Duration(pause*float64(time.Second))
	for _, in := range w.order {
		if in.m == m && (in.queued || in.outbid || in.bid && in.holds) {
			in.due = w.clock // somebody waits for this machine
		}
	}
}

// free says how many cards of m somebody without a bid could have now.
func (w *World) free(m *machine) int {
	return m.gpus - m.held - min(w.busy(m, w.clock), m.gpus-m.held)
}

// offline says whether the host of m has lost its connection at t. Outages come
// in windows of six hours and are as frequent as the machine is unreliable.
func (w *World) offline(m *machine, t time.Duration) bool {
	from, to := w.outage(m, t)
	return t >= from && t < to
}

// outage is the one outage of the window around t; an empty span when there is
// none.
func (w *World) outage(m *machine, t time.Duration) (from, to time.Duration) {
	const window = 6 * time.Hour
	k := uint64(t / window)
	if w.cfg.quiet || k == 0 || w.unit(drawOutage, uint64(m.idx), k) > (1-m.reliability)*2.5 {
		return forever, forever
	}
	start := time.Duration(k)*window + time.Duration(w.unit(drawOutage, uint64(m.idx), k, 1)*float64(5*time.Hour))
	long := 4*time.Minute + time.Duration(w.unit(drawOutage, uint64(m.idx), k, 2)*float64(40*time.Minute))
	return start, start + long
}

// nextMarketChange is the next time after t when anything about m may differ:
// its floor, its listing or its connection.
func (w *World) nextMarketChange(m *machine, t time.Duration) time.Duration {
	if w.cfg.quiet {
		return forever
	}
	n, _ := w.epoch(m, t)
	next := min(time.Duration(n+1)*m.relist-m.phase, w.nextFloor(m, t), w.nextLine(m, t))
	if _, began := w.epoch(m, t); t < began+w.gap(m, n) {
		next = min(next, began+w.gap(m, n))
	}
	return next
}

// nextLine is the next time after t when m may lose or find its connection.
func (w *World) nextLine(m *machine, t time.Duration) time.Duration {
	if w.cfg.quiet {
		return forever
	}
	const window = 6 * time.Hour
	next := (t/window + 1) * window
	if from, to := w.outage(m, t); t < from {
		next = min(next, from)
	} else if t < to {
		next = min(next, to)
	}
	return next
}

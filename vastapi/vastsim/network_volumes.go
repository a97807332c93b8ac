package vastsim

import (
	"fmt"
	"slices"
)

// A share is disk space that a host rents out over the network between its machines.
type share struct {
	id      int64    // of its offer
	m       *machine // the machine that serves it, whose figures the offer shows
	cluster int64
	gb      float64
	cost    float64 // $/GB/month
	used    float64 // GB that our volumes occupy
	slowest float64 // MB/s that a disk of it was seen to do
	fastest float64
}

// Numbers of shares, of which there are few: below those of other offers.
const (
	shareFirst   = 29_000_000
	shareStep    = 131
	clusterFirst = 700
)

// seedShares has every third host in a datacenter that owns several machines offer one.
func (w *World) seedShares() {
	several := 0
	for i := range w.machines {
		m := w.machines[i]
		if !m.host.datacenter || m.host.machines < 2 || slices.ContainsFunc(w.shares, func(s *share) bool { return s.m.host == m.host }) {
			continue
		}
		several++
		if several%3 != 1 {
			continue
		}
		n := len(w.shares)
		d := w.deck(drawShare, uint64(n))
		s := &share{id: shareFirst + int64(n)*shareStep, m: m, cluster: clusterFirst + int64(n)}
		s.gb, s.cost = round(d.between(500, 20000), 0), round(m.host.storage*d.between(1.1, 1.6), 4)
		s.slowest = round(d.between(80, 400), 1)
		s.fastest = round(s.slowest*d.between(1.5, 4), 1)
		w.shares = append(w.shares, s)
	}
}

// networkOffer is a share as a row of the search; it lies on no machine.
func (w *World) networkOffer(s *share, storage float64) *volumeOfferRow {
	r := w.volumeOffer(s.m, storage)
	r.ID, r.Ask, r.MachineID, r.Cluster = s.id, s.id, nil, ptr(s.cluster)
	r.DiskSpace, r.StorageCost, r.StorageTotal = s.gb-s.used, s.cost, s.cost*storage/monthHours
	r.NwMin, r.NwAvg, r.NwMax = ptr(s.slowest), ptr(round((s.slowest+s.fastest)/2, 1)), ptr(s.fastest)
	return r
}

// networkOffers are the shares that have room.
func (w *World) networkOffers(storage float64) []*volumeOfferRow {
	var rows []*volumeOfferRow
	for _, s := range w.shares {
		if s.gb-s.used >= 1 && w.clock < s.m.end {
			rows = append(rows, w.networkOffer(s, storage))
		}
	}
	return rows
}

// searchNetworkVolumes is POST /network_volumes/search/.
func (w *World) searchNetworkVolumes(q *request) answer { return w.searchPlaces(q, w.networkOffers) }

// rentNetworkVolume is PUT /network_volumes/.
func (w *World) rentNetworkVolume(q *request) answer {
	id, size, name, refused, bad := wantedVolume(q)
	if bad {
		return refused
	}
	i := slices.IndexFunc(w.shares, func(s *share) bool { return s.id == id && w.clock < s.m.end })
	switch {
	case i < 0:
		return fail(404, "no_such_ask", fmt.Sprintf("no_such_ask Network volume offer %d is not available.", id))
	case size < 1 || size > w.shares[i].gb-w.shares[i].used:
		return fail(400, "invalid_args", "Not enough space for a volume of that size.")
	case w.credit() <= 0:
		return fail(400, "insufficient_credit", "Insufficient credit")
	}
	return madeVolume(w.newNetworkVolume(w.shares[i], size, name))
}

func (w *World) newNetworkVolume(s *share, size float64, name string) *volume {
	v := &volume{id: w.contractID(), name: name, share: s, size: size, cost: s.cost, created: w.clock, readyAt: w.clock + networkReady}
	s.used += size
	w.addVolume(v)
	return v
}

package feed

import (
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// OfferKey names a row of the market for as long as it is shown: by machine,
// number of GPUs and rental type, because hosts list a machine anew under other
// offer ids. ID tells apart those of which a machine has several; it is 0 for
// one that is alone. Keys are comparable and stay with their row whatever comes
// and goes beside it.
type OfferKey struct {
	Machine vastapi.MachineID
	GPUs    int32
	kind    int32 // index in kinds; a number keeps keys quick to hash
	ID      vastapi.OfferID
}

var kinds = []vastapi.RentalType{vastapi.OnDemand, vastapi.Interruptible, vastapi.Reserved}

// Kind is how the row would be rented.
func (k OfferKey) Kind() vastapi.RentalType { return kinds[k.kind] }

// KindOf is the rental type with the default in place of nothing.
func KindOf(t vastapi.RentalType) vastapi.RentalType {
	if t == "" {
		return vastapi.OnDemand
	}
	return t
}

func kindIndex(t vastapi.RentalType) int32 {
	for n, k := range kinds {
		if k == t {
			return int32(n)
		}
	}
	return 0
}

// slot is what an offer shares with the one it replaces: a key without an id.
func slot(o *vastapi.Offer, kind int32) OfferKey {
	return OfferKey{Machine: o.MachineID, GPUs: int32(o.NumGPUs), kind: kind}
}

// seat is what is known of one slot while a page is taken in.
type seat struct {
	came   int // rows of the page that were not here before
	went   int // rows that are gone
	heir   int // index of the row that came last
	lost   int // index of the row that went last
	others int // rows that are here all along
}

// keyed gives every row of came that has no key yet one of its own. A row
// inherits the key of one that is gone when there is no doubt which: exactly one
// of that slot went and exactly one came, and it is not dearer. What has
// bequeathed its key is taken out of kept. Keys of prior, rows that will come back in later windows, are left alone.
func (m *Market) keyed(came, kept, prior []Row) []Row {
	kind := kindIndex(KindOf(m.Search.Type))
	seats := map[OfferKey]*seat{}
	for n := range came {
		if came[n].Key == (OfferKey{}) {
			s := slot(came[n].Offer, kind)
			if seats[s] == nil {
				seats[s] = &seat{}
			}
			seats[s].came++
			seats[s].heir = n
		}
	}
	if len(seats) == 0 {
		return kept
	}
	count(seats, came, kept, prior, kind)
	heirs := inherit(seats, came, kept)
	wish := map[OfferKey]int{}
	for n := range came {
		r := &came[n]
		if r.Key != (OfferKey{}) {
			continue
		}
		k := slot(r.Offer, kind)
		if at := seats[k]; k.Machine == 0 || at.came > 1 || at.went > 0 || at.others > 0 {
			k.ID = r.Offer.ID
		}
		wish[k] = n
	}
	m.grant(wish, came, kept, prior)
	return without(kept, heirs)
}

// count looks who else sits in the seats that rows have come to.
func count(seats map[OfferKey]*seat, came, kept, prior []Row, kind int32) {
	for n := range kept {
		if s := seats[slot(kept[n].Offer, kind)]; s != nil {
			if kept[n].Gone.IsZero() {
				s.others++
			} else {
				s.went++
				s.lost = n
			}
		}
	}
	for _, list := range [][]Row{came, prior} {
		for n := range list {
			if list[n].Key != (OfferKey{}) {
				if s := seats[slot(list[n].Offer, kind)]; s != nil {
					s.others++
				}
			}
		}
	}
}

// inherit hands on the keys of which there is no doubt, and tells whose. What was
// marked, or is under the cursor, stands for a price as well: one that came back
// dearer begins anew, and the older row stays behind as gone.
func inherit(seats map[OfferKey]*seat, came, kept []Row) map[int]bool {
	lost := map[int]bool{}
	for k, s := range seats {
		if k.Machine != 0 && s.came == 1 && s.went == 1 && !dearer(came[s.heir].Offer, kept[s.lost].Offer, k.Kind()) {
			came[s.heir].Key, came[s.heir].Seen = kept[s.lost].Key, kept[s.lost].Seen
			lost[s.lost] = true
		}
	}
	return lost
}

// dearer reports whether an offer costs more than the one it replaces, as far as
// the shown digits tell. A price that is not told, or was not, may be any.
func dearer(now, was *vastapi.Offer, kind vastapi.RentalType) bool {
	p, q := pricing.Headline(now, kind), pricing.Headline(was, kind)
	return !(p <= q) && pricing.Shown(p) != pricing.Shown(q)
}

// grant gives rows the keys they wish for, or one that nobody has when another
// row has inherited that.
func (m *Market) grant(wish map[OfferKey]int, came, kept, prior []Row) {
	taken := map[OfferKey]bool{}
	for _, list := range [][]Row{came, kept, prior} {
		for n := range list {
			if _, wished := wish[list[n].Key]; wished {
				taken[list[n].Key] = true
			}
		}
	}
	for k, n := range wish {
		if taken[k] {
			m.spare-- // below all ids
			k.ID = m.spare
		}
		came[n].Key = k
	}
}

// without is the list without some of its rows.
func without(list []Row, some map[int]bool) []Row {
	if len(some) == 0 {
		return list
	}
	left := list[:0]
	for n, r := range list {
		if !some[n] {
			left = append(left, r)
		}
	}
	return left
}

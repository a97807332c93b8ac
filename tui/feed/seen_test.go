package feed

import (
	"testing"
	"time"

	"vastdeck/vastapi"
)

// When a row was first seen stays with it through refreshes, another id of the
// same machine, another disk, and its absence for a moment.
func TestRowKeepsWhenItWasFirstSeen(t *testing.T) {
	t.Parallel()
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	one := vastapi.Offer{ID: 1, MachineID: 7, NumGPUs: 1, DphTotal: 0.1}
	seen := func(m Market, id vastapi.OfferID) time.Time {
		for _, r := range m.Rows {
			if r.Offer.ID == id && r.Gone.IsZero() {
				return r.Seen
			}
		}
		return time.Time{}
	}
	search := vastapi.OfferSearch{}
	m := Market{}.With(page(one), search, 0, false, minute(0))
	m = m.With(page(one, at(2, 0.2)), search, 0, false, minute(5))
	if !seen(m, 1).Equal(minute(0)) || !seen(m, 2).Equal(minute(5)) {
		t.Errorf("after a refresh: %s and %s", seen(m, 1), seen(m, 2))
	}
	anew := one
	anew.ID = 91
	m = m.With(page(anew, at(2, 0.2)), search, 0, false, minute(6))
	if !seen(m, 91).Equal(minute(0)) {
		t.Errorf("listed anew, it is seen since %s", seen(m, 91))
	}
	m = m.With(page(at(2, 0.2)), search, 0, false, minute(7))
	m = m.With(page(anew, at(2, 0.2)), search, 0, false, minute(7).Add(Lingers/2))
	if !seen(m, 91).Equal(minute(0)) {
		t.Errorf("back after a moment, it is seen since %s", seen(m, 91))
	}
	m = m.With(page(anew), vastapi.OfferSearch{Storage: 500}, 0, false, minute(9))
	if !seen(m, 91).Equal(minute(0)) {
		t.Errorf("priced for another disk, it is seen since %s", seen(m, 91))
	}
	if m = m.Merge(page(at(3, 0.3)), vastapi.OfferSearch{Storage: 500}, minute(10)); !seen(m, 3).Equal(minute(10)) {
		t.Errorf("one that came late is seen since %s", seen(m, 3))
	}
}

package feed

import (
	"errors"
	"testing"
	"time"

	"vastdeck/vastapi"
)

// left are the offers that are gone but still shown, in their order.
func left(m Market) []int {
	list := []int{}
	for _, r := range m.Rows {
		if !r.Gone.IsZero() {
			list = append(list, int(r.Offer.ID))
		}
	}
	return list
}

func TestRowThatLeavesLingersAndDropsOut(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1), on(8, 1, 2, 0.2))
	if !m.NextExpiry().IsZero() {
		t.Error("nothing is gone, and something will drop out")
	}
	m = next(m, 10, on(8, 1, 2, 0.2))
	if got := left(m); len(got) != 1 || got[0] != 1 || m.Count() != 1 {
		t.Fatalf("gone are %v, %d are here", got, m.Count())
	}
	if _, ok := m.Offer(1); ok {
		t.Error("an offer that is gone can be found")
	}
	end := noon.Add(10*time.Second + Lingers)
	if !m.NextExpiry().Equal(end) {
		t.Errorf("it drops out at %s", m.NextExpiry())
	}
	if early := m.Expired(end.Add(-1)); len(early.Rows) != 2 {
		t.Error("it dropped out too early")
	}
	late := m.Expired(end)
	if len(late.Rows) != 1 || !late.NextExpiry().IsZero() || late.Count() != 1 {
		t.Errorf("it did not drop out: %+v", late.Rows)
	}
	if len(m.Rows) != 2 {
		t.Error("the older market was changed")
	}
	if m = next(m, 41, on(8, 1, 2, 0.2)); len(m.Rows) != 1 {
		t.Errorf("a page that comes later does not drop it: %v", left(m))
	}
}

func TestGoneIsCountedFromTheFirstTimeItWasMissed(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1))
	m = next(next(m, 10), 20)
	if end := noon.Add(10*time.Second + Lingers); !m.NextExpiry().Equal(end) {
		t.Errorf("it drops out at %s, want %s", m.NextExpiry(), end)
	}
}

func TestRowThatComesBackIsNoLongerGone(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1))
	was := key(t, m, 1)
	m = next(next(m, 10), 20, on(7, 1, 1, 0.3))
	if len(left(m)) != 0 || m.Count() != 1 || key(t, m, 1) != was || m.Rows[0].Offer.DphTotal != 0.3 {
		t.Errorf("it came back as %+v", m.Rows)
	}
	late := next(m, 30).Merge(page(on(7, 1, 1, 0.3)), m.Search, noon.Add(31*time.Second))
	if len(left(late)) != 0 || key(t, late, 1) != was {
		t.Errorf("rows that come late do not bring it back: %+v", late.Rows)
	}
}

func TestRowOfAWindowThatWasNotReadIsNotGone(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1), on(8, 1, 2, 0.2), on(9, 1, 3, 0.3))
	m = m.With(page(on(8, 1, 2, 0.2)), m.Search, 0, true, noon.Add(time.Second)) // up to 0.2
	if got := left(m); len(got) != 1 || got[0] != 1 {
		t.Errorf("gone are %v, want the first only", got)
	}
}

func TestRowThatAnotherSearchLeavesOutIsNotGone(t *testing.T) {
	t.Parallel()
	with := func(f vastapi.Filter) vastapi.OfferSearch {
		return vastapi.OfferSearch{Filter: f, Type: vastapi.OnDemand, Storage: 10}
	}
	all, few := with(nil), with(vastapi.Filter{"num_gpus": {"gte": 2.0}})
	m := Market{}.With(page(on(7, 1, 1, 0.1), on(8, 2, 2, 0.2), on(9, 2, 3, 0.9)), all, 0, false, noon)
	m = m.With(page(on(8, 2, 2, 0.2)), few, 0, true, noon.Add(time.Second))
	if len(left(m)) != 0 || ids(m) != "2 3" {
		t.Errorf("gone are %v, here %s", left(m), ids(m))
	}
	m = m.With(page(on(8, 2, 2, 0.2)), few, 0.2, false, noon.Add(2*time.Second)) // the window in which 3 would lie
	if len(left(m)) != 0 || ids(m) != "2" {
		t.Errorf("gone are %v, here %s: 3 came with another search", left(m), ids(m))
	}
	m = m.With(page(), few, 0, false, noon.Add(3*time.Second))
	if len(left(m)) != 1 {
		t.Errorf("gone are %v, want the one that this search had brought", left(m))
	}
}

func TestSearchIsTheSameWhateverIsLeftToDefaults(t *testing.T) {
	t.Parallel()
	base := vastapi.OfferSearch{Filter: vastapi.Filter{"a": {"eq": 1.0}}}
	for _, c := range []struct {
		other vastapi.OfferSearch
		same  bool
	}{
		{vastapi.OfferSearch{Filter: vastapi.Filter{"a": {"eq": 1.0}}, Type: vastapi.OnDemand, Storage: 10, Limit: 9, Order: [][2]string{{"score", "desc"}}}, true},
		{vastapi.OfferSearch{Filter: vastapi.Filter{"a": {"eq": 2.0}}}, false},
		{vastapi.OfferSearch{}, false},
		{vastapi.OfferSearch{Filter: base.Filter, Type: vastapi.Reserved}, false},
		{vastapi.OfferSearch{Filter: base.Filter, Storage: 11}, false},
	} {
		if got := SameSearch(base, c.other); got != c.same {
			t.Errorf("%+v: same %t", c.other, got)
		}
	}
}

func TestPricesForAnotherDiskAreReplacedAndKeysStay(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1), on(8, 1, 2, 0.2), on(9, 1, 3, 0.9))
	one, three := key(t, m, 1), key(t, m, 3)
	big := vastapi.OfferSearch{Storage: 500}
	m = m.With(page(on(7, 1, 1, 0.4), on(9, 1, 4, 0.45)), big, 0, true, noon.Add(time.Second))
	if ids(m) != "1 4" || len(left(m)) != 0 {
		t.Errorf("priced for another disk: %s, gone %v", ids(m), left(m))
	}
	if key(t, m, 1) != one || key(t, m, 4) == three {
		t.Errorf("the keys are %+v and %+v", key(t, m, 1), key(t, m, 4))
	}
	if !m.Since.Equal(noon.Add(time.Second)) {
		t.Errorf("the market is of %s", m.Since)
	}
	if old := m.Merge(page(on(5, 1, 5, 0.1)), vastapi.OfferSearch{}, noon.Add(2*time.Second)); ids(old) != "1 4" {
		t.Errorf("prices for the older disk were merged in: %s", ids(old))
	}
	m = m.With(page(on(9, 1, 3, 1.2)), big, 0.45, false, noon.Add(3*time.Second))
	if key(t, m, 3) != three {
		t.Errorf("the key of a later window is %+v, was %+v", key(t, m, 3), three)
	}
}

func TestRowsOfTwoRentalTypesNeverMix(t *testing.T) {
	t.Parallel()
	bids := vastapi.OfferSearch{Type: vastapi.Interruptible}
	m := holding(on(7, 1, 1, 0.1), on(8, 1, 2, 0.9))
	if got := m.Merge(page(on(7, 1, 3, 0.05)), bids, noon); ids(got) != "1 2" {
		t.Errorf("merged: %s", ids(got))
	}
	if got := m.With(page(on(7, 1, 1, 0.05)), bids, 0, true, noon); ids(got) != "1" || len(left(got)) != 0 || got.Rows[0].Key.Kind() != vastapi.Interruptible {
		t.Errorf("with a page of bids: %s %+v", ids(got), got.Rows)
	}
}

func TestMarketIsWholeWhenNothingWasLeftOut(t *testing.T) {
	t.Parallel()
	var none Market
	if none.Complete() {
		t.Error("what was never read is whole")
	}
	m := holding(on(7, 1, 1, 0.1))
	if !m.Complete() {
		t.Error("a market read at once is not whole")
	}
	if m.With(page(on(7, 1, 1, 0.1)), m.Search, 0, true, noon).Complete() {
		t.Error("a market of which the server has more is whole")
	}
	walk := Market{}.With(page(on(7, 1, 1, 0.1)), m.Search, 0, true, noon)
	walk = walk.With(page(on(7, 1, 1, 0.1)), m.Search, 0.1, true, noon)     // a full page of one price
	walk = walk.With(page(on(8, 1, 2, 0.2)), m.Search, 0.1001, false, noon) // what is dearer
	if walk.Complete() {
		t.Error("offers of one price were left out, and the market is whole")
	}
	if again := walk.With(page(on(7, 1, 1, 0.1)), m.Search, 0, false, noon); !again.Complete() {
		t.Error("the next walk left nothing out, and the market is not whole")
	}
}

func TestCheapestCountsOnlyWhatIsHere(t *testing.T) {
	t.Parallel()
	m := next(holding(on(1, 1, 1, 0.1), on(2, 1, 2, 0.2), on(3, 1, 3, 0.3)), 5, on(2, 1, 2, 0.2), on(3, 1, 3, 0.3))
	if got := m.Cheapest(2); len(got.Rows) != 3 || got.More {
		t.Errorf("two are here, and the cheapest two are %s of %d rows, more %t", ids(got), len(got.Rows), got.More)
	}
	if got := m.Cheapest(1); ids(got) != "2" || !got.More || got.Count() != 1 {
		t.Errorf("the cheapest is %s, more %t", ids(got), got.More)
	}
	if m.Holds(page(on(3, 1, 3, 0.3)), 3) || !m.Holds(page(on(3, 1, 3, 0.3)), 2) {
		t.Error("what is gone counts as here")
	}
}

func TestMarketsOfAllTypesAreKeptForSwitchingBack(t *testing.T) {
	t.Parallel()
	of := func(kind vastapi.RentalType, after time.Duration, n int) Feed[Market] {
		var p vastapi.OfferPage
		for id := range n {
			p.Offers = append(p.Offers, on(id+1, 1, id+1, 0.1))
		}
		at := noon.Add(after)
		var f Feed[Market]
		f.Apply(Market{}.With(p, vastapi.OfferSearch{Type: kind}, 0, false, at), at, nil)
		return f
	}
	var s Snapshot
	s.SetOffers("", of("", 0, 4), 10)
	s.SetOffers(vastapi.Interruptible, of(vastapi.Interruptible, time.Minute, 3), 10)
	if s.Offers.Value.Count() != 4 || s.OffersOf(vastapi.OnDemand).Value.Count() != 4 || s.OffersOf(vastapi.Interruptible).Value.Count() != 3 {
		t.Errorf("the markets are %+v", s.Offers)
	}
	s.ShowOffers(vastapi.Interruptible)
	if s.Offers.Value.Count() != 3 || s.OffersOf(vastapi.OnDemand).Value.Count() != 4 || s.Kind != vastapi.Interruptible {
		t.Errorf("after switching, shown are %d, aside %d", s.Offers.Value.Count(), s.OffersOf("").Value.Count())
	}
	rev := s.OffersOf("").Rev
	s.SetOffers(vastapi.Reserved, of(vastapi.Reserved, 2*time.Minute, 5), 10) // 12 together
	if old := s.OffersOf(""); old.Told() || old.Value.Count() != 0 || old.Rev <= rev {
		t.Errorf("the oldest did not make room: %+v", old)
	}
	s.SetOffers(vastapi.Interruptible, of(vastapi.Interruptible, 3*time.Minute, 20), 10)
	if s.Offers.Value.Count() != 20 || s.OffersOf(vastapi.Reserved).Told() {
		t.Error("the shown market made room, or the others did not")
	}
	s.ShowOffers(vastapi.OnDemand)
	if s.Offers.Told() {
		t.Error("a market that made room counts as told")
	}
}

func TestReportsOfManyMachinesMakeRoom(t *testing.T) {
	t.Parallel()
	var s Snapshot
	for n := range mostReports + 5 {
		s.SetReports(vastapi.MachineID(n+1), []vastapi.Report{{Count: n}}, noon.Add(time.Duration(n)*time.Second), nil)
	}
	if len(s.Reports) != mostReports || s.Reports[1].Told() || !s.Reports[mostReports+5].Told() {
		t.Errorf("%d are kept, the first %t", len(s.Reports), s.Reports[1].Told())
	}
	held := s.Reports
	s.SetReports(6, nil, noon.Add(time.Hour), errors.New("502"))
	if f := s.Reports[6]; f.Err == nil || len(f.Value) != 1 || held[6].Err != nil {
		t.Errorf("after a failure it is %+v, and what a reader holds %+v", f, held[6])
	}
}

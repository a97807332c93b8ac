package command

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// found is an answer that holds offers.
func found(after time.Duration, kind vastapi.RentalType, offers ...vastapi.Offer) OffersFound {
	return OffersFound{Answer: Answer{At: noon.Add(after)}, Search: vastapi.OfferSearch{Type: kind}, Page: vastapi.OfferPage{Offers: offers}, Most: 100}
}

// here lists the offers of a market.
func here(f feed.Feed[feed.Market]) string {
	var list []string
	for _, r := range f.Value.Rows {
		list = append(list, fmt.Sprint(int64(r.Offer.ID)))
	}
	return strings.Join(list, " ")
}

func TestPagesAreTakenInOneAtATimeInOrderAndNoneIsLost(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	first := c.FoldOffers(&d, found(0, "", priced(1, 0.1)), false)
	if c.FoldOffers(&d, found(time.Second, "", priced(2, 0.2)), true) != nil ||
		c.FoldOffers(&d, found(2*time.Second, vastapi.Interruptible, priced(3, 0.3)), false) != nil ||
		c.FoldOffers(&d, found(3*time.Second, "", priced(4, 0.4)), true) != nil {
		t.Fatal("two pages are taken in at once")
	}
	var order []string
	for cmd := first; cmd != nil; cmd = c.NextFold(&d) {
		if !c.Folding() {
			t.Error("pages wait, and nothing is being taken in")
		}
		m := folded(t, c, &d, cmd)
		order = append(order, fmt.Sprintf("%s %t", m.At.Sub(noon), m.Late))
	}
	if got := strings.Join(order, ", "); got != "0s false, 1s true, 2s false, 3s true" {
		t.Errorf("taken in were %s", got)
	}
	if here(d.Offers) != "1 2 4" || here(d.OffersOf(vastapi.Interruptible)) != "3" || c.Folding() {
		t.Errorf("the markets are %q and %q", here(d.Offers), here(d.OffersOf(vastapi.Interruptible)))
	}
	if !d.Offers.At.Equal(noon) || d.Offers.Rev != 3 {
		t.Errorf("the market is of %s in its revision %d", d.Offers.At, d.Offers.Rev)
	}
}

func TestTakenInPageTellsWhatTheSearchTold(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	page := found(0, "", priced(1, 0.1), priced(2, 0.3))
	page.From, page.More, page.Page.Bad, page.Took = 0.1, true, 2, time.Second
	m := takeIn(t, c, &d, page)
	if m.From != 0.1 || m.Top != 0.3 || m.Rows != 2 || m.Bad != 2 || !m.More || m.Through || m.Late || m.Took != time.Second || !m.At.Equal(noon) {
		t.Errorf("it tells %+v", m)
	}
	page.Most = 2
	if m := takeIn(t, c, &d, page); !m.Through {
		t.Error("all that is kept is here, and the walk goes on")
	}
	page.Most, page.More = 0, false
	if m := takeIn(t, c, &d, page); !m.Through {
		t.Error("the server has no more, and the walk goes on")
	}
}

func TestLateRowsAreNoFirstAnswer(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	folded(t, c, &d, c.FoldOffers(&d, found(0, "", priced(2, 0.2)), true))
	if d.Offers.Told() || d.Offers.Rev != 0 {
		t.Errorf("a late answer counts as the first: %+v", d.Offers)
	}
}

func TestErrorThatCameMeanwhileIsNotMendedByAnOlderPage(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	cmd := c.FoldOffers(&d, found(0, "", priced(1, 0.1)), false)
	failed := found(time.Second, "")
	failed.Err = errors.New("502")
	takeIn(t, c, &d, failed)
	folded(t, c, &d, cmd)
	if d.Offers.Err == nil || here(d.Offers) != "1" {
		t.Errorf("the market is %+v", d.Offers)
	}
}

func TestPagesOfAnotherAccountAreNotTakenIn(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	cmd := c.FoldOffers(&d, found(0, "", priced(1, 0.1)), false)
	c.FoldOffers(&d, found(0, "", priced(2, 0.1)), true)
	c.Use(&server{})
	if c.Folding() || c.NextFold(&d) != nil {
		t.Error("pages of the older account wait")
	}
	if c.Current(cmd().(MarketFolded)) {
		t.Error("a page of the older account counts")
	}
}

func TestMistakeWhileAPageIsTakenInLosesNoOther(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	d.Offers.Apply(feed.Market{Rows: []feed.Row{{}}}, noon, nil) // a row without an offer, which cannot be
	cmd := c.FoldOffers(&d, found(time.Second, "", priced(1, 0.1)), false)
	c.FoldOffers(&d, found(2*time.Second, vastapi.Interruptible, priced(2, 0.1)), false)
	var crash *CrashError
	if m := folded(t, c, &d, cmd); !errors.As(m.Err, &crash) {
		t.Errorf("it ended with %v", m.Err)
	}
	if !errors.As(d.Offers.Err, &crash) {
		t.Errorf("the market says %v", d.Offers.Err)
	}
	folded(t, c, &d, c.NextFold(&d))
	if here(d.OffersOf(vastapi.Interruptible)) != "2" {
		t.Error("the page behind it is lost")
	}
}

func TestRowsThatAreGoneDropOutInTime(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	takeIn(t, c, &d, found(0, "", priced(1, 0.1), priced(2, 0.2)))
	takeIn(t, c, &d, found(time.Second, "", priced(2, 0.2)))
	if here(d.Offers) != "1 2" || c.ExpireOffers(&d, noon.Add(time.Second)) != nil {
		t.Fatalf("here are %s", here(d.Offers))
	}
	rev, at := d.Offers.Rev, d.Offers.At
	m := folded(t, c, &d, c.ExpireOffers(&d, noon.Add(time.Second+feed.Lingers)))
	if here(d.Offers) != "2" || d.Offers.Rev == rev || !d.Offers.At.Equal(at) || !m.Late {
		t.Errorf("here are %s: %+v", here(d.Offers), m)
	}
	if c.ExpireOffers(&d, noon.Add(time.Hour)) != nil {
		t.Error("nothing is gone, and something drops out")
	}
}

func TestShownMarketIsSwitchedAndNothingIsLost(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	takeIn(t, c, &d, found(0, "", priced(1, 0.1)))
	m := c.Loads().ShowMarket(vastapi.Interruptible)().(MarketShown)
	m.Fold(&d)
	takeIn(t, c, &d, found(time.Second, vastapi.Interruptible, priced(2, 0.1)))
	if here(d.Offers) != "2" || here(d.OffersOf(vastapi.OnDemand)) != "1" {
		t.Errorf("shown are %s, aside %s", here(d.Offers), here(d.OffersOf(vastapi.OnDemand)))
	}
}

func TestNewestOfATopicIsComputed(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	first := Compute(c.Loads(), "market/rows", func() int { return 1 })
	second := Compute(c.Loads(), "market/rows", func() int { return 2 })
	other := Compute(c.Loads(), "instances/rows", func() string { return "x" })
	if a := first().(Computed[int]); c.Current(a) {
		t.Error("an older result counts")
	}
	if a := second().(Computed[int]); !c.Current(a) || a.Value != 2 || a.Topic != "market/rows" {
		t.Errorf("the newest is %+v", a)
	}
	if a := other().(Computed[string]); !c.Current(a) || a.Value != "x" {
		t.Errorf("another topic's is %+v", a)
	}
	var crash *CrashError
	if a := Compute(c.Loads(), "market/rows", func() int { panic("a mistake") })().(Computed[int]); !errors.As(a.Err, &crash) {
		t.Errorf("a mistake ends with %v", a.Err)
	}
}

package command

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// asking are the commands that ask the account.
func asking(l Loads) map[string]tea.Cmd {
	return map[string]tea.Cmd{
		"offers": l.SearchOffers(vastapi.OfferSearch{}), "typed": l.SearchTyped(vastapi.OfferSearch{}),
		"more offers": l.MoreOffers(vastapi.OfferSearch{}, 0.1), "one offer": l.RereadOffer(7, "", 10),
		"some offers": l.RereadOffers("x", []vastapi.OfferID{7}, "", 10), "raw": l.LoadOfferRaw(7, "", 10),
		"instances": l.LoadInstances(), "volumes": l.LoadVolumes(), "user": l.LoadUser(), "reports": l.LoadReports(7),
		"GPU names": l.LoadGPUNames(), "templates": l.LoadTemplates(vastapi.TemplateQuery{}), "ssh keys": l.LoadSSHKeys(),
	}
}

func TestNobodyIsAskedWithoutAnAccount(t *testing.T) {
	t.Parallel()
	none := New(t.Context(), Config{Journal: &journal{}, Policy: rental.DefaultPolicy()})
	out := set(t, &server{}, Market{})
	out.LogOut()
	for state, c := range map[string]*Set{"no account yet": none, "logged out": out} {
		for what, cmd := range asking(c.Loads()) {
			if cmd != nil {
				t.Errorf("%s: %s can be asked for", state, what)
			}
		}
		if c.Busy(Offers) || c.Busy(Instances) {
			t.Errorf("%s: an answer is awaited that never comes", state)
		}
		if c.Loads().ShowMarket(vastapi.Interruptible) == nil {
			t.Errorf("%s: what needs nobody cannot be done", state)
		}
	}
	out.Use(&server{})
	for what, cmd := range asking(out.Loads()) {
		if cmd == nil {
			t.Errorf("logged in again, %s cannot be asked for", what)
		}
	}
}

func TestLogOutGivesUpTheWalkAndWhatWaitsToBeTakenIn(t *testing.T) {
	t.Parallel()
	s := &server{}
	c := set(t, s, Market{})
	var d feed.Snapshot
	first := c.FoldOffers(&d, found(0, "", priced(1, 0.1)), false)
	c.FoldOffers(&d, found(time.Second, "", priced(2, 0.2)), true)
	more := c.Loads().MoreOffers(vastapi.OfferSearch{}, 0.1)
	plan := Run(c.Runner, planPrefix+"1", func(context.Context) (int, error) { return 1, nil }, func(a Answer, _ int) tea.Msg { return KeyTried{Answer: a} })
	c.Again(Typed, time.Hour)
	c.LogOut()
	if c.Folding() || c.NextFold(&d) != nil || c.Busy(Offers) || c.Awaited(Typed) {
		t.Error("something of the market goes on")
	}
	if c.Current(first().(MarketFolded)) {
		t.Error("a page that was being taken in still counts")
	}
	if a := more().(OffersFound); c.Current(a) {
		t.Error("the next window still counts")
	}
	if !c.Current(plan().(KeyTried)) {
		t.Error("a change that is under way was given up")
	}
}

// What was sent cannot be called back: its answer comes to whoever is logged in then.
func TestLatePageOfWhoeverWasLoggedInBeforeIsNotTakenIn(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{priced(1, 0.1)}}}
	c := set(t, s, Market{})
	var d feed.Snapshot
	before := c.Loads().SearchOffers(vastapi.OfferSearch{})().(OffersFound)
	c.LogOut()
	if c.FoldOffers(&d, before, true) != nil {
		t.Error("it is taken in after logging out")
	}
	c.Use(s)
	if c.FoldOffers(&d, before, true) != nil || c.Folding() {
		t.Error("it is taken in for the next account")
	}
	c.Loads().SearchOffers(vastapi.OfferSearch{})
	overtaken := c.Loads().SearchOffers(vastapi.OfferSearch{})().(OffersFound)
	if c.FoldOffers(&d, overtaken, true) == nil {
		t.Error("what this account has asked for is not taken in")
	}
}

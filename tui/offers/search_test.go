package offers

import (
	"errors"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"vastdeck/tui/command"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

func TestTypedQueryFilters(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	if !s.m.Capturing() || s.m.Draw(s.env(), s.size).Cursor == nil {
		t.Error("the query line does not have the keyboard")
	}
	s.text("h100")
	s.has("1 of 3 offers shown")
	s.lacks("RTX 4090  ")
	s.press("enter")
	s.has("8× H100 SXM")
	if s.m.Capturing() {
		t.Error("enter does not lead back to the list")
	}
	s.has("1 of 3 offers shown")
	s.press("esc")
	s.has("3 of 3 offers shown")
}

func TestPastedQueryFilters(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.m.Update(s.env(), tea.PasteMsg{Content: "num_gpus>=2\ndph<1"})
	s.has("1 of 3 offers shown", "2× RTX 3090")
}

func TestUnfinishedQueryKeepsTheList(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus>=2")
	s.has("2 of 3 offers shown")
	for _, typed := range []string{" ", "d", "ph", "<"} {
		if e := s.text(typed); e.Cmd != nil {
			t.Errorf("after %q the server is asked for a query that is not finished", typed)
		}
		s.has("2 of 3 offers shown")
	}
	s.text("1")
	s.has("1 of 3 offers shown")
	s.text(" num_gpu>=2")
	s.has("1 of 3 offers shown", "num_gpus?")
}

func TestChipsShowWhichDefaultsHold(t *testing.T) {
	t.Parallel()
	list := three()
	list[2].Rented = vastapi.FlagYes
	s := newStage(t, usual, list...).load()
	s.press("/")
	s.text("rented=any")
	s.has("[verified=true] [external=false] [rentable=true]", "3 of 3 offers shown")
	s.lacks("[rented=false]")
	s.text(" num_gpus>=8")
	s.has("1 of 3 offers shown")
	for range len("rented=any num_gpus>=8") {
		s.press("backspace")
	}
	s.has("2 of 3 offers shown", "[rentable=true] [rented=false]")
}

func TestSearchCarriesTheFilterAndTheDiskOfTheForm(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus>=2")
	s.press("enter")
	s.load()
	last := s.server.searches[len(s.server.searches)-1]
	q, err := offerql.Parse("num_gpus>=2")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(q.WithDefaults().Filter(false), last.Filter); diff != "" {
		t.Errorf("the filter that was sent (-want +got):\n%s", diff)
	}
	for _, field := range []string{"verified", "external", "rentable", "rented", "num_gpus"} {
		if _, ok := last.Filter[field]; !ok {
			t.Errorf("the filter says nothing about %s: %v", field, last.Filter)
		}
	}
	if last.Type != vastapi.OnDemand || last.Limit != 1000 {
		t.Errorf("asked for %d of type %q", last.Limit, last.Type)
	}
	for _, f := range s.form(s.press("r")).Fields {
		if f.Key == "disk" {
			if want := typedNumber(float64(last.Storage)); f.Value != want {
				t.Errorf("prices are for %s GB, the form begins with %s GB", want, f.Value)
			}
			return
		}
	}
	t.Error("the form has no disk")
}

func TestServerIsAskedOnlyForWhatIsNotHere(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	if e := s.text("num_gpus>=2"); e.Cmd != nil {
		t.Error("the whole market is here, and the server is asked about a part of it")
	}
	if e := s.text(" verified=any"); e.Cmd == nil {
		t.Error("offers that are not verified are not here, and nobody asks for them")
	}
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, usual, three()...).load()
		s.press("/")
		s.text("verified=an")
		e := s.text("y")
		due := e.Cmd().(command.Due)
		if due.Topic != command.Typed {
			t.Fatalf("due is %q", due.Topic)
		}
		before := len(s.server.searches)
		s.settle(s.hear(due), 3)
		if n := len(s.server.searches) - before; n != 1 {
			t.Errorf("%d searches were sent, want 1", n)
		}
		if s.hear(due).Cmd != nil {
			t.Error("the same query is asked for again")
		}
	})
}

// The part of the market that is here is its cheap end: what a query narrows
// down to may all be beyond it.
func TestNarrowerQueryIsSentWhileTheServerHasMore(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 20, Max: 100}, many(400)...).load()
	s.press("/")
	if e := s.text("dph>=0.45"); e.Cmd == nil {
		t.Fatal("nobody asks for offers that are not here")
	}
	e := s.hear(command.Due{Topic: command.Typed})
	if e.Cmd == nil {
		t.Fatal("the query is not sent when it is due")
	}
	e.Cmd()
	if last := s.server.searches[len(s.server.searches)-1]; last.Filter["dph_total"]["gte"] != 0.45 {
		t.Errorf("sent was %v", last.Filter)
	}
}

func TestNarrowerQueryWaitsForTheFirstAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 20, Max: 100}, many(400)...)
	first := s.m.Update(s.env(), command.Refresh{})
	s.press("/")
	s.text("dph>=0.3")
	if e := s.hear(command.Due{Topic: command.Typed}); e.Cmd != nil {
		t.Error("a second search overtakes the first, whose rows would be lost")
	}
	next := s.answer(first)
	if next.Cmd == nil {
		t.Fatal("the query is not sent after the first answer, which says that there is more")
	}
	solo.Messages(next.Cmd)
	if last := s.server.searches[len(s.server.searches)-1]; last.Filter["dph_total"]["gte"] != 0.3 {
		t.Errorf("sent was %v", last.Filter)
	}
}

func TestMarketIsWalkedToItsEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 100, Max: 5000}, many(350)...).load()
	if got, want := s.asked(), "0.000 0.199 0.298 0.397"; got != want {
		t.Errorf("windows began at %s, want %s", got, want)
	}
	s.has("350 of 350 offers shown")
	s.lacks("the server has more")
	if s.press("/"); s.text("4090").Cmd != nil {
		t.Error("all is here, and the server is asked")
	}
}

func TestWalkEndsAtTheMostThatIsKept(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 100, Max: 250}, many(1000)...).load()
	if n := len(s.server.searches); n != 3 {
		t.Errorf("%d searches were sent for 250 offers in pages of 100: %s", n, s.asked())
	}
	if n := s.data.Offers.Value.Count(); n != 250 {
		t.Errorf("%d offers are kept", n)
	}
}

func TestEachWalkAsksForAllWindowsAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 100, Max: 250}, many(1000)...).load()
	s.server.searches = nil
	var left []vastapi.Offer
	for _, o := range s.server.offers {
		if o.ID != 180 { // in the second window
			left = append(left, o)
		}
	}
	s.server.offers = left
	s.load()
	if n := len(s.server.searches); n != 3 {
		t.Errorf("the second walk asked %d times: %s", n, s.asked())
	}
	if _, still := s.data.Offers.Value.Offer(180); still {
		t.Error("an offer that has left the market is still there")
	}
}

func TestWalkStepsOverAPageOfOnePrice(t *testing.T) {
	t.Parallel()
	list := many(140)
	for i := 20; i < 120; i++ { // more than a page of them
		list[i].DphTotal = list[20].DphTotal
	}
	s := newStage(t, command.Market{Limit: 40, Max: 5000}, list...)
	s.settle(s.m.Update(s.env(), command.Refresh{}), 6)
	if got, want := s.asked(), "0.000 0.120 0.120"; got != want {
		t.Errorf("windows began at %s, want %s", got, want)
	}
	const lacking = "the server has more at one price than it gives: narrow the query"
	if n := s.data.Offers.Value.Count(); n < 80 || s.data.Offers.Value.Rows[n-1].Offer.ID != 140 {
		t.Errorf("%d offers are here, and the dearest is not: %s", n, s.plain())
	}
	s.has(lacking)
	s.press("/")
	if s.text("num_gpus=1").Cmd == nil {
		t.Error("some offers are not here, and nobody asks for them")
	}
	s.press("esc")
	s.m.Update(s.env(), command.Refresh{})
	s.has(lacking) // until the next walk has shown otherwise
	s.server.offers = three()
	s.load()
	s.lacks(lacking)
}

func TestWalkOverOnePriceEnds(t *testing.T) {
	t.Parallel()
	list := many(500)
	for i := range list {
		list[i].DphTotal = 0.3
	}
	s := newStage(t, command.Market{Limit: 100, Max: 5000}, list...)
	s.settle(s.m.Update(s.env(), command.Refresh{}), 5)
	if got, want := s.asked(), "0.000 0.300 0.300"; got != want {
		t.Errorf("windows began at %s, want %s", got, want)
	}
	s.has("100 of 100 offers shown", "the server has more")
}

func TestLoadingIsSaidOnlyWhileTheNextWindowIsAwaited(t *testing.T) {
	t.Parallel()
	const loading = "100 of more, loading"
	s := newStage(t, command.Market{Limit: 100, Max: 250}, many(1000)...)
	e := s.answer(s.m.Update(s.env(), command.Refresh{}))
	s.has(loading)
	s.settle(e, 3)
	s.lacks(loading)
	s.has("250 kept of more: narrow the query")
	broken := newStage(t, command.Market{Limit: 100, Max: 250}, many(1000)...)
	e = broken.answer(broken.m.Update(broken.env(), command.Refresh{}))
	broken.server.err = errors.New("502")
	broken.settle(e, 2)
	broken.lacks(loading)
}

// The walk ends at the most that is kept, however many more the server has.
func TestMarketGrowsYoungerThoughTheServerHasMore(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 100, Max: 250}, many(1000)...).load()
	first := s.data.Offers.Value.Since
	s.server.err = errors.New("502")
	s.load()
	s.server.err = nil
	s.load()
	if since := s.data.Offers.Value.Since; !since.After(first) {
		t.Errorf("after another walk the market is of %s, as after the first", since)
	}
	if err := s.data.Offers.Err; err != nil {
		t.Errorf("after a walk to its end the market is broken: %v", err)
	}
}

func TestWalkEndsWithAnError(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 100, Max: 5000}, many(350)...)
	e := s.m.Update(s.env(), command.Refresh{})
	e = s.answer(e)
	s.server.err = errors.New(broken)
	s.settle(e, 1)
	s.has(broken, "100 of 100 offers shown")
}

func TestCursorStaysOnItsMachineWhenTheOfferGetsAnotherID(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("down")
	was := s.under()
	s.server.offers[1].ID = 90002 // the host lists it anew
	s.server.offers[1].DphTotal = 0.01
	s.load()
	if got := s.under(); got != was {
		t.Errorf("the cursor went from machine %d to %d", was, got)
	}
	if o, _ := s.m.under(); o.ID != 90002 {
		t.Errorf("the offer under the cursor is %d, want the new one", o.ID)
	}
}

func TestOffersOfOneMachineAreToldApart(t *testing.T) {
	t.Parallel()
	list := three()
	list[1].MachineID, list[1].NumGPUs = list[0].MachineID, list[0].NumGPUs
	s := newStage(t, usual, list...).load()
	s.press("down", "space")
	s.has("1 marked")
	o, _ := s.m.under()
	s.server.offers[0].DphTotal = 0.9 // now it stands behind the other
	s.load()
	if now, _ := s.m.under(); now.ID != o.ID {
		t.Errorf("the cursor went from offer %d to %d", o.ID, now.ID)
	}
}

func TestSiblingsNeitherMoveTheCursorNorDropMarks(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("space", "down", "space")
	on, _ := s.m.under()
	twin, other := three()[0], three()[1]
	twin.ID, twin.DphTotal = 901, 0.41
	other.ID, other.DphTotal = 902, 0.39
	s.server.offers = append(three(), twin, other)
	s.load()
	if o, ok := s.m.under(); !ok || o.ID != on.ID {
		t.Errorf("the cursor went from offer %d to %d", on.ID, o.ID)
	}
	s.has("5 of 5 offers shown", "2 marked")
	s.server.offers = three() // and they go again
	s.load()
	if o, ok := s.m.under(); !ok || o.ID != on.ID {
		t.Errorf("the cursor went from offer %d to %d when the siblings left", on.ID, o.ID)
	}
	s.has("2 marked")
}

func TestOfferInheritsOnlyWhenThereIsNoDoubt(t *testing.T) {
	t.Parallel()
	list := three()
	list[1].MachineID, list[1].NumGPUs = list[0].MachineID, list[0].NumGPUs // two of a kind
	s := newStage(t, usual, list...).load()
	heir := list[0]
	heir.ID = 901
	s.server.offers = []vastapi.Offer{heir, list[2]} // both went, one came
	s.load()
	if o, ok := s.m.under(); ok {
		t.Errorf("the cursor is on offer %d, which may stand for either of two", o.ID)
	}
	s = newStage(t, usual, three()...).load()
	other := three()[0]
	other.ID, other.NumGPUs = 901, 4 // the same machine, another part of it
	s.server.offers = []vastapi.Offer{other, three()[2]}
	s.load()
	if o, ok := s.m.under(); ok {
		t.Errorf("the cursor is on offer %d of another size", o.ID)
	}
}

func TestOfferThatComesBackIsNotMistakenForItsHeir(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("space")
	heir := three()[0]
	heir.ID = 901
	s.server.offers = []vastapi.Offer{heir, three()[1], three()[2]}
	s.load()
	if o, ok := s.m.under(); !ok || o.ID != 901 {
		t.Fatalf("the cursor is on offer %d, %t", o.ID, ok)
	}
	back := three()[0]
	back.DphTotal = 0.1
	s.server.offers = []vastapi.Offer{back, heir, three()[1], three()[2]}
	s.load()
	if o, ok := s.m.under(); !ok || o.ID != 901 {
		t.Errorf("the cursor went to offer %d when the first came back", o.ID)
	}
	s.has("4 of 4 offers shown", "1 marked")
}

func TestMistakeInTheQueryIsMarkedAndNotApplied(t *testing.T) {
	t.Parallel()
	const notApplied = "what is marked in the query is not applied"
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus>=2 colour=red dph<1")
	s.has("2 of 3 offers shown", notApplied) // the term before it applies, those behind it do not
	s.press("enter")
	s.has(notApplied)
	if e := s.press("r"); len(e.Intents) != 1 {
		t.Error("the list that is shown cannot be used")
	}
	s.press("esc")
	s.has("3 of 3 offers shown")
	s.lacks(notApplied)
}

func TestEnterNamesAnUnfinishedTerm(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus>=2 dph<")
	quiet := s.plain()
	s.press("enter")
	if !s.m.Capturing() {
		t.Error("enter leaves a query that is not finished")
	}
	if s.plain() == quiet {
		t.Errorf("it does not say what is missing:\n%s", quiet)
	}
	s.has("2 of 3 offers shown", "what is marked in the query is not applied")
	s.text("1")
	s.press("enter")
	if s.m.Capturing() {
		t.Error("enter does not lead back to the list")
	}
	s.has("1 of 3 offers shown")
	s.lacks("not applied")
}

func TestAnotherQueryPutsTheCursorOnItsFirstRow(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("down", "down", "/")
	s.text("num_gpus>=2")
	if o, ok := s.m.under(); !ok || o.ID != 2 {
		t.Errorf("the cursor is on offer %d, want the cheapest that is shown", o.ID)
	}
	s.press("down")
	s.text(" ") // the same query
	if o, ok := s.m.under(); !ok || o.ID != 3 {
		t.Errorf("the cursor is on offer %d, and the query is the same as before", o.ID)
	}
}

// What the default policy leaves out is not shown either when the server sends it.
func TestDefaultsHoldBeforeAnythingIsTyped(t *testing.T) {
	t.Parallel()
	list := three()
	list[0].Rented = vastapi.FlagYes
	s := newStage(t, usual, list...).load()
	s.has("2 of 3 offers shown")
	s.lacks("RTX 4090  ")
}

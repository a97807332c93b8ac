package offers

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// withDisk are n offers of hosts of their own whose disk costs a dollar for 720
// GB an hour.
func withDisk(n int) []vastapi.Offer {
	list := many(n)
	for i := range list {
		list[i].HostID, list[i].StorageCost = vastapi.HostID(40+i), 1
	}
	return list
}

// fleetForm is the form that R opens.
func (s *stage) fleetForm() view.Form {
	s.t.Helper()
	for _, in := range s.press("R").Intents {
		if ask, ok := in.(view.Ask); ok {
			return ask.Form
		}
	}
	s.t.Fatalf("R opens no form: %s", s.reason("R"))
	return view.Form{}
}

// typedInto changes a field and takes over what follows from it.
func typedInto(f view.Form, v view.Values, key, text string) {
	v[key] = text
	for k, follows := range f.React(key, v) {
		v[k] = follows
	}
}

func pairOf(list []view.Pair, label string) string {
	for _, p := range list {
		if p.Label == label {
			return p.Value
		}
	}
	return ""
}

// What a form begins with must be possible to rent: the price of the market is for
// another disk than the one in the form.
func TestCeilingOfAFleetIsForTheDiskInTheForm(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, withDisk(3)...).load()
	s.press("space", "down", "space", "down", "space")
	f := s.rentForm()
	v := filled(f)
	if v["ceiling"] != "0.12" {
		t.Errorf("with 10 GB the dearest marked offer costs $0.102 + $0.0139, and the ceiling is %q", v["ceiling"])
	}
	typedInto(f, v, "disk", "360")
	if v["ceiling"] != "0.61" {
		t.Errorf("with 360 GB it costs $0.602, and the ceiling is %q", v["ceiling"])
	}
	if got := pairOf(f.Panel(v), "within it"); got != "3 of 3 offers, the cheapest $0.600/h" {
		t.Errorf("the panel says %q", got)
	}
	p := plan(t, s.submitRent(f, v))
	if len(p.Steps) != 3 {
		t.Errorf("the plan has %d candidates", len(p.Steps))
	}
	typedInto(f, v, "ceiling", "0.30")
	typedInto(f, v, "disk", "20")
	if v["ceiling"] != "0.30" {
		t.Errorf("the ceiling that was typed became %q", v["ceiling"])
	}
	s.granted(f.Closed(s.env(), v))
	if again := filled(s.rentForm()); again["ceiling"] != "0.30" || again["disk"] != "20" {
		t.Errorf("the next form for the same offers begins with %q for %q GB", again["ceiling"], again["disk"])
	}
}

// The dearest of a whole list is no price that anybody wants to pay for two.
func TestCeilingOfWhatIsShownStaysNearTheCheapest(t *testing.T) {
	t.Parallel()
	list := withDisk(40)
	for i := range list {
		list[i].DphBase, list[i].DphTotal = vastapi.Rate(i+1)/10, vastapi.Rate(i+1)/10
	}
	s := newStage(t, usual, list...).load()
	f := s.fleetForm()
	v := filled(f)
	most := func() float64 { n, _ := strconv.ParseFloat(v["ceiling"], 64); return n }
	if v["count"] != "2" || most() < 0.3 || most() > 1 {
		t.Errorf("for %q of offers at $0.10, $0.20, $0.30 … the ceiling is %q", v["count"], v["ceiling"])
	}
	typedInto(f, v, "count", "10")
	if most() < 1.1 || most() > 2 {
		t.Errorf("for 10 it is %q", v["ceiling"])
	}
	if got := pairOf(f.Panel(v), "within it"); !strings.HasSuffix(got, " of 40 offers, the cheapest $0.114/h") {
		t.Errorf("the panel says %q", got)
	}
	typedInto(f, v, "ceiling", "0.15")
	for _, p := range f.Panel(v) {
		if p.Label == "within it" && (!p.Warn || !strings.HasPrefix(p.Value, "1 of 40")) {
			t.Errorf("that only one of ten can be had is told as %+v", p)
		}
	}
}

func TestCeilingOfBidsFollowsTheBid(t *testing.T) {
	t.Parallel()
	list := withDisk(3)
	for i := range list {
		list[i].IsBid, list[i].MinBid = true, 0.05
	}
	s := newStage(t, usual, list...).load()
	s.settle(s.press("t"), 5)
	s.press("space", "down", "space")
	f := s.rentForm()
	v := filled(f)
	typedInto(f, v, "bid", "0.40")
	if v["ceiling"] != "0.42" {
		t.Errorf("a bid of $0.40 and $0.0139 for the disk have a ceiling of %q", v["ceiling"])
	}
	if p := plan(t, s.submitRent(f, v)); len(p.Steps) != 2 {
		t.Errorf("the plan has %d candidates", len(p.Steps))
	}
}

func TestMachinesOfSeveralModelsAreNotNamedAfterOne(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("space", "down", "space")
	f := s.rentForm()
	if name := filled(f)["name"]; strings.Contains(name, "rtx") || name == "" {
		t.Errorf("an RTX 4090 and an RTX 3090 are named %q", name)
	}
	if got := pairOf(f.Intro, "offers"); got != "2 of several models, on 2 machines of 1 host; the cheapest with its disk is tried first" {
		t.Errorf("the offers are told as %q", got)
	}
}

func TestPanelTakesWhatIsPaidAheadFromTheCredit(t *testing.T) {
	t.Parallel()
	list := three()
	for i := range list {
		list[i].DiscountedDphTotal = list[i].DphTotal * 0.8
	}
	s := newStage(t, usual, list...).load()
	s.data.User.Apply(vastapi.User{Credit: 40}, noon, nil)
	s.settle(s.press("t"), 5)
	s.settle(s.press("t"), 5)
	f := s.rentForm()
	v := filled(f)
	before := pairOf(f.Panel(v), "lasts")
	v["prepay"] = "20"
	after := pairOf(f.Panel(v), "lasts")
	if pairOf(f.Panel(v), "paid ahead") != "$20.00, at once" || before == after {
		t.Errorf("without paying ahead the credit lasts %q, with it %q", before, after)
	}
}

func TestOfferThatIsGoneWhenAgreedToLeadsToTheFormForTheNextBest(t *testing.T) {
	t.Parallel()
	list := three()
	twin := list[0]
	twin.ID, twin.MachineID, twin.DphBase, twin.DphTotal = 77, 5077, 0.45, 0.45
	s := newStage(t, usual, append(list, twin)...).load()
	f := s.rentForm()
	e := s.submitRent(f, view.Values{"image": "me/app:1", "env": "-e TOKEN=hush"})
	again := e.Intents[0].(view.Confirm).Again
	s.server.offers = s.server.offers[1:]
	e = s.answer(s.granted(again(s.env(), "")))
	var next view.Form
	for _, in := range e.Intents {
		if ask, ok := in.(view.Ask); ok {
			next = ask.Form
		}
	}
	if v := filled(next); pairOf(next.Intro, "offer") == "" || !strings.Contains(pairOf(next.Intro, "offer"), "77 on machine 5077") || v["image"] != "me/app:1" || v["env"] != "-e TOKEN=hush" {
		t.Errorf("the form is about %v and begins with %v; it wants %+v", next.Intro, v, e.Intents)
	}
	if got := toasts(e); !strings.Contains(got, "has just left the market") {
		t.Errorf("it says %q", got)
	}
}

func TestFormIsOpenedAtTheFieldThatWasRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	spec := feed.RentSpec{Image: "me/app:1", Disk: 44, GPU: "RTX 4090", NumGPUs: 1}
	e := s.hear(view.Focused{On: feed.RentAgain{RentSpec: spec, Field: "image"}})
	if f := e.Intents[0].(view.Ask).Form; f.Focus != "image" {
		t.Errorf("it begins at %q", f.Focus)
	}
}

// The market in hand can be older than a rent: what was rented, or could not be had,
// is not offered again.
func TestOfferThatWasJustTriedIsNotTheBestMatch(t *testing.T) {
	t.Parallel()
	list := three()
	twin := list[0]
	twin.ID, twin.MachineID, twin.DphBase, twin.DphTotal = 77, 5077, 0.45, 0.45
	s := newStage(t, usual, append(list, twin)...).load()
	spec := feed.RentSpec{Image: "me/app:1", Disk: 44, GPU: "RTX 4090", NumGPUs: 1, Machine: list[0].MachineID}
	about := func(again feed.RentAgain) string {
		for _, in := range s.hear(view.Focused{On: again}).Intents {
			if ask, ok := in.(view.Ask); ok {
				return pairOf(ask.Form.Intro, "offer")
			}
		}
		return ""
	}
	if got := about(feed.RentAgain{RentSpec: spec}); !strings.HasPrefix(got, "1 on machine") {
		t.Fatalf("it is about %q", got)
	}
	if got := about(feed.RentAgain{RentSpec: spec, Tried: 1}); !strings.HasPrefix(got, "77 on machine 5077") {
		t.Errorf("after offer 1 could not be had it is about %q", got)
	}
	op := rental.Op{Verb: "rent", State: rental.OpConfirmed, Subject: rental.Subject{Offer: 1, Machine: list[0].MachineID}}
	s.data.Journal.Apply(feed.Journal{Account: "1", Recent: []rental.Past{{Op: op}}}, noon.Add(time.Second), nil)
	if got := about(feed.RentAgain{RentSpec: spec}); !strings.HasPrefix(got, "77 on machine 5077") {
		t.Errorf("after offer 1 was rented it is about %q", got)
	}
}

// A form about several machines takes what one of them can do.
func TestFleetTakesADiskThatOnlySomeOffersHave(t *testing.T) {
	t.Parallel()
	list := withDisk(3)
	list[1].DiskSpace, list[1].InetUpCost = 900, 0.05
	s := newStage(t, usual, list...).load()
	s.press("space", "down", "space", "down", "space")
	f := s.rentForm()
	v := filled(f)
	typedInto(f, v, "disk", "800")
	if errs := f.Check(v); len(errs) != 0 {
		t.Errorf("800 GB, which one of three has, are refused: %v", errs)
	}
	typedInto(f, v, "disk", "901")
	if errs := f.Check(v); !strings.Contains(errs["disk"], "900") {
		t.Errorf("901 GB, which none has, are told as %v", errs)
	}
	if got := pairOf(f.Panel(v), "traffic"); got != "in up to $0.0020, out up to $0.0500 per GB, on top" {
		t.Errorf("the traffic is told as %q", got)
	}
}

// What is never stored is still known in the run in which it was typed.
func TestRentedAgainInTheSameRunKeepsWhatIsNeverStored(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.submitRent(s.rentForm(), view.Values{
		"image": "me/app:1", "name": "train", "env": "-e TOKEN=hush -p 80:80", "onstart": "echo hush", "private": view.Yes, "registry": "ghcr.io", "login": "me", "password": "hush",
	})
	f := s.rentForm()
	s.granted(f.Closed(s.env(), view.Values{"image": "other", "env": "-e OTHER=1", "onstart": "echo other", "disk": "10"})) // another form was begun meanwhile
	spec := s.data.Memory.RentForms[0]
	open := func(again feed.RentAgain) view.Values {
		for _, in := range s.hear(view.Focused{On: again}).Intents {
			if ask, ok := in.(view.Ask); ok {
				return filled(ask.Form)
			}
		}
		t.Fatal("no form opens")
		return nil
	}
	if v := open(feed.RentAgain{RentSpec: spec}); v["env"] != "-e TOKEN=hush -p 80:80" || v["onstart"] != "echo hush" || v["password"] != "hush" || v["login"] != "me" {
		t.Errorf("of the same form it begins with %v", v)
	}
	of := spec
	of.Name = "train-2"
	if v := open(feed.RentAgain{RentSpec: of, Env: "-e TOKEN=told"}); v["env"] != "-e TOKEN=told" || v["onstart"] != "echo hush" || v["password"] != "hush" {
		t.Errorf("of an instance of it, it begins with %v", v)
	}
	other := spec
	other.Image = "you/app:2"
	if v := open(feed.RentAgain{RentSpec: other}); strings.Contains(v["env"], "hush") || v["onstart"] != "" || v["password"] != "" {
		t.Errorf("another image is given what was typed for the first: %v", v)
	}
}

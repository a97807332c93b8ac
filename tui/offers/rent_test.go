package offers

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

func TestRentReadsThePriceAgainBeforeItAsks(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	form := s.rentForm()
	values := view.Values{"image": "pytorch/pytorch:latest", "disk": "40", "name": "train"}
	if errs := form.Check(values); len(errs) != 0 {
		t.Fatalf("the form finds %v", errs)
	}
	s.server.offers[0].DphBase, s.server.offers[0].DphTotal = 0.6, 0.6 // dearer meanwhile
	e := s.granted(form.Submit(s.env(), values))
	if len(e.Intents) != 0 || e.Cmd == nil {
		t.Fatal("a plan was made from an old price")
	}
	asked := s.answer(e)
	if last := s.server.searches[len(s.server.searches)-1]; last.Storage != 40 {
		t.Errorf("the price was read for %v GB", last.Storage)
	}
	c, ok := asked.Intents[0].(view.Confirm)
	if !ok || c.Form != form.ID || c.Plan.Consent.Kind != rental.ConsentChoose {
		t.Fatalf("it wants %+v", asked.Intents)
	}
	if !strings.Contains(strings.Join(texts(c.Plan), "\n"), "$0.60") {
		t.Errorf("the plan does not speak of the price just read:\n%s", strings.Join(texts(c.Plan), "\n"))
	}
	for _, waiting := range []string{form.ID, ""} {
		again := c.Again(s.env(), waiting)
		if again.Cmd == nil || len(again.Intents) != 0 {
			t.Fatal("working it out anew does not read the price again")
		}
		if next, ok := s.answer(again).Intents[0].(view.Confirm); !ok || next.Form != waiting {
			t.Errorf("worked out anew for the form %q it is for %q", waiting, next.Form)
		}
	}
	next := filled(s.rentForm())
	if next["disk"] != "40" || next["name"] != "train" {
		t.Errorf("the next form has forgotten what was typed: %v", next)
	}
}

func texts(p rental.Plan) []string {
	list := []string{p.Title}
	for _, f := range p.Facts {
		list = append(list, f.Label+" "+f.Value)
	}
	return list
}

func TestRentThatCannotBeGivesTheFormBack(t *testing.T) {
	t.Parallel()
	values := view.Values{"image": "pytorch/pytorch:latest", "disk": "40"}
	for name, c := range map[string]struct {
		change func(*stage)
		says   string
	}{
		"gone":          {func(s *stage) { s.server.offers = s.server.offers[1:] }, "has just left the market"},
		"no answer":     {func(s *stage) { s.server.err = errors.New(broken) }, broken},
		"rented by now": {func(s *stage) { s.server.offers[0].Rentable = vastapi.FlagNo }, "not"},
	} {
		s := newStage(t, usual, three()...).load()
		form := s.rentForm()
		c.change(s)
		e := s.answer(s.granted(form.Submit(s.env(), values)))
		if len(e.Intents) == 0 {
			t.Fatalf("%s: it wants nothing", name)
		}
		if f, ok := e.Intents[len(e.Intents)-1].(view.FormFailed); !ok || f.Form != form.ID || !strings.Contains(f.Text, c.says) {
			t.Errorf("%s: it wants %+v", name, e.Intents[0])
		}
	}
}

func TestAnswerThatNobodyWaitsForOpensNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	if e := s.hear(command.OffersReread{Tag: "1", Offers: three()[:1]}); len(e.Intents) != 0 {
		t.Error("an answer that nobody waits for opens a dialog")
	}
	form := s.rentForm()
	values := view.Values{"image": "x", "disk": "40"}
	first := s.granted(form.Submit(s.env(), values))
	second := s.granted(form.Submit(s.env(), values))
	if e := s.answer(first); len(e.Intents) != 0 {
		t.Error("the older of two questions of one form opens a dialog")
	}
	if e := s.answer(second); len(e.Intents) != 1 {
		t.Error("the newest question of the form opens none")
	}
}

// filled are the values a form begins with.
func filled(f view.Form) view.Values {
	v := view.Values{}
	for _, field := range f.Fields {
		v[field.Key] = field.Value
	}
	return v
}

// rentForm is the form that r opens.
func (s *stage) rentForm() view.Form {
	s.t.Helper()
	for _, in := range s.press("r").Intents {
		if ask, ok := in.(view.Ask); ok {
			return ask.Form
		}
	}
	s.t.Fatalf("r opens no form: %s", s.reason("r"))
	return view.Form{}
}

// submitRent hands a rent form in and gives what the answer leads to.
func (s *stage) submitRent(f view.Form, change view.Values) view.Effect {
	s.t.Helper()
	v := filled(f)
	for k, text := range change {
		v[k] = text
	}
	if errs := f.Check(v); len(errs) != 0 {
		s.t.Fatalf("the form finds %v", errs)
	}
	e := s.granted(f.Submit(s.env(), v))
	if e.Cmd == nil {
		s.t.Fatal("the price is not read again")
	}
	for range 3 { // the plan for several machines is worked out in a command
		if e = s.answer(e); len(e.Intents) > 0 {
			break
		}
	}
	return e
}

// plan is the plan that is asked about.
func plan(t *testing.T, e view.Effect) rental.Plan {
	t.Helper()
	for _, in := range e.Intents {
		if c, ok := in.(view.Confirm); ok {
			return c.Plan
		}
	}
	t.Fatalf("it wants %+v", e.Intents)
	return rental.Plan{}
}

func TestFormSaysWhatIsWrongFieldByField(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	form := s.rentForm()
	for _, c := range []struct {
		key, value string
		wrong      bool
	}{
		{"disk", "10", false}, {"disk", "40 GB", false}, {"disk", " 12.5 ", false}, {"disk", "7", true}, {"disk", "501", true},
		{"disk", "", true}, {"disk", "many", true}, {"disk", "NaN", true}, {"disk", "7 GB", true}, {"disk", "GB", true}, {"disk", "Inf", true}, {"disk", "-1", true},
		{"image", "", true}, {"image", "has space", true}, {"image", "ubuntu", false},
		{"name", strings.Repeat("x", rental.MaxName+1), true}, {"name", "worker", false},
	} {
		v := view.Values{"image": "ubuntu", "disk": "10", "name": ""}
		v[c.key] = c.value
		errs := form.Check(v)
		if (errs[c.key] != "") != c.wrong || (!c.wrong && len(errs) != 0) {
			t.Errorf("%s %q: errors %v", c.key, c.value, errs)
		}
		for _, p := range form.Panel(v) {
			if strings.Contains(p.Value, "NaN") || strings.Contains(p.Value, "Inf") {
				t.Errorf("%s %q: the panel says %q", c.key, c.value, p.Value)
			}
			if wrong := c.key == "disk" && c.wrong; p.Label == "all in" && strings.Contains(p.Value, "$") == wrong {
				t.Errorf("%s %q: all in it costs %q", c.key, c.value, p.Value)
			}
		}
	}
}

func TestBidTravelsIntoTheFormThePlanAndTheRequest(t *testing.T) {
	t.Parallel()
	list := three()
	for i := range list {
		list[i].IsBid = true
	}
	s := newStage(t, usual, list...).load()
	s.settle(s.press("t"), 5)
	f := s.rentForm()
	v := filled(f)
	if errs := f.Check(v); errs["bid"] == "" {
		t.Errorf("a bid without a price is let pass: %v", errs)
	}
	for _, price := range []string{"", "0", "-1", "NaN", "0.0001", "1e9", "cheap"} {
		v["bid"] = price
		if errs := f.Check(v); errs["bid"] == "" {
			t.Errorf("a bid of %q is let pass", price)
		}
	}
	p := plan(t, s.submitRent(f, view.Values{"bid": "$0.30", "disk": "20"}))
	call := p.Steps[0].Call.(vastapi.CreateInstance)
	if call.Price == nil || *call.Price != 0.30 {
		t.Errorf("the request bids %v", call.Price)
	}
	if last := s.server.searches[len(s.server.searches)-1]; last.Type != vastapi.Interruptible {
		t.Errorf("the price was read again as %q", last.Type)
	}
}

func TestReservedIsRentedOnDemandAndPaidAhead(t *testing.T) {
	t.Parallel()
	list := three()
	for i := range list {
		list[i].DiscountedDphTotal = list[i].DphTotal * 0.8
	}
	s := newStage(t, usual, list...).load()
	s.settle(s.press("t"), 5)
	s.settle(s.press("t"), 5)
	p := plan(t, s.submitRent(s.rentForm(), view.Values{"prepay": "20"}))
	if len(p.Steps) != 2 || p.Mode != rental.Chain {
		t.Fatalf("the plan has %d steps, mode %s", len(p.Steps), p.Mode)
	}
	if _, ok := p.Steps[1].Call.(vastapi.PrepayInstance); !ok {
		t.Errorf("the second step is %T", p.Steps[1].Call)
	}
}

func TestMarkedOffersAreRentedTogether(t *testing.T) {
	t.Parallel()
	list := many(3)
	for i := range list {
		list[i].HostID = vastapi.HostID(40 + i)
	}
	s := newStage(t, usual, list...).load()
	s.press("space", "down", "space", "down", "space")
	f := s.rentForm()
	if filled(f)["count"] != "3" {
		t.Errorf("it begins with %q machines", filled(f)["count"])
	}
	searches := len(s.server.searches)
	p := plan(t, s.submitRent(f, view.Values{"count": "2", "ceiling": "5", "least": "2"}))
	if n := len(s.server.searches) - searches; n != 1 {
		t.Errorf("prices were read again in %d searches, want 1", n)
	}
	if p.Mode != rental.FirstN || p.Want != 2 || p.Least != 2 || len(p.Steps) != 3 {
		t.Errorf("the plan is %s, wants %d, at least %d, of %d", p.Mode, p.Want, p.Least, len(p.Steps))
	}
	for _, c := range []struct{ key, value string }{{"count", "0"}, {"count", "9"}, {"count", "x"}, {"count", "65"}, {"ceiling", "0"}, {"ceiling", "x"}, {"least", "3"}} {
		v := filled(f)
		v["count"], v["ceiling"] = "2", "5"
		v[c.key] = c.value
		if errs := f.Check(v); errs[c.key] == "" {
			t.Errorf("%s %q is let pass: %v", c.key, c.value, errs)
		}
	}
}

func TestSeveralOfWhatIsShownCanBeRented(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, many(40)...).load()
	e := s.press("R")
	f := e.Intents[0].(view.Ask).Form
	if filled(f)["count"] != "2" {
		t.Errorf("it begins with %q machines", filled(f)["count"])
	}
}

func TestGoneOfferIsReplacedByTheNextBestInTheSameForm(t *testing.T) {
	t.Parallel()
	list := three()
	twin := list[0]
	twin.ID, twin.MachineID, twin.DphBase, twin.DphTotal = 77, 5077, 0.45, 0.45
	s := newStage(t, usual, append(list, twin)...).load()
	f := s.rentForm()
	v := filled(f)
	v["name"] = "train"
	s.server.offers = s.server.offers[1:]
	e := s.answer(s.granted(f.Submit(s.env(), v)))
	refit, ok := e.Intents[0].(view.Refit)
	if !ok {
		t.Fatalf("it wants %+v", e.Intents)
	}
	if failed := e.Intents[1].(view.FormFailed); !strings.Contains(failed.Text, "next best: offer 77 on machine 5077") {
		t.Errorf("it says %q", failed.Text)
	}
	p := plan(t, s.submitRent(refit.Form, v))
	if call := p.Steps[0].Call.(vastapi.CreateInstance); call.Offer != 77 {
		t.Errorf("the plan rents offer %d", call.Offer)
	}
}

func TestTemplateFillsTheFormAndWhatIsChangedIsNamed(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.data.Templates.Apply(feed.TemplateList{Templates: []vastapi.Template{{
		ID: 1, Hash: "abc123", Name: safetext.New("PyTorch"), Image: safetext.New("pytorch/pytorch"), Tag: safetext.New("2.4"),
		Env: safetext.New("-e A=1 -p 8080:8080"), OnStart: safetext.New("touch /x"), UseSSH: vastapi.FlagYes, SSHDirect: vastapi.FlagYes, Disk: 32,
	}}}, noon, nil)
	f := s.rentForm()
	v := filled(f)
	v["template"] = "abc123"
	for k, text := range f.React("template", v) {
		v[k] = text
	}
	if v["image"] != "pytorch/pytorch:2.4" || v["disk"] != "32" || !strings.Contains(v["env"], "8080") || v["onstart"] != "touch /x" {
		t.Errorf("the template filled in %v", v)
	}
	v["disk"] = "64"
	if errs := f.Check(v); len(errs) != 0 {
		t.Fatalf("the form finds %v", errs)
	}
	said := ""
	for _, p := range f.Panel(v) {
		said += p.Label + " " + p.Value + "\n"
	}
	if !strings.Contains(said, "the template has 32") {
		t.Errorf("what is changed is not named:\n%s", said)
	}
	p := plan(t, s.submitRent(f, v))
	if call := p.Steps[0].Call.(vastapi.CreateInstance); call.Template != "abc123" || call.Disk != 64 {
		t.Errorf("the request is %+v", call)
	}
	v["template"] = "no such"
	if errs := f.Check(v); errs["template"] == "" {
		t.Error("a template that is not known is let pass")
	}
}

func TestEnvironmentThatIsNotUnderstoodIsNamedWithItsPlaceAndNothingIsDropped(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	f := s.rentForm()
	v := filled(f)
	for _, text := range []string{"-e", "-e A", "-p 99999:1", "-q x", "-p 80:80 -p 80:80"} {
		v["env"] = text
		if errs := f.Check(v); errs["env"] == "" {
			t.Errorf("%q is let pass", text)
		}
	}
	v["env"] = "-e A=1"
	v["envfile"], v["envfile"+view.FileText] = "x.env", "A=0\nTOKEN=hush"
	p := plan(t, s.submitRent(f, v))
	call := p.Steps[0].Call.(vastapi.CreateInstance)
	if call.Env["A"] != "1" || call.Env["TOKEN"] != "hush" {
		t.Error("what was typed does not win over the file, or the file was dropped")
	}
	if text := strings.Join(texts(p), "\n"); strings.Contains(text, "hush") {
		t.Errorf("a secret stands in the plan:\n%s", text)
	}
	v["envfile"+view.FileText] = "A=1\nnot a line\n"
	if errs := f.Check(v); !strings.Contains(errs["envfile"], "2") {
		t.Errorf("the mistake in the file is told as %q", errs["envfile"])
	}
}

func TestRentedBeforeIsFilledInOnTheBestMatch(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	o := s.server.offers[1]
	spec := feed.RentSpec{Image: "me/app:1", Disk: 44, Name: "again", RunType: "jupyter", Direct: true, EnvNames: []string{"TOKEN"}, Ports: []string{"-p 9000:9000"}, GPU: o.GPUName.String(), NumGPUs: o.NumGPUs}
	e := s.hear(view.Focused{On: spec})
	f := e.Intents[0].(view.Ask).Form
	v := filled(f)
	if v["image"] != "me/app:1" || v["disk"] != "44" || v["launch"] != "jupyter" || !strings.Contains(v["env"], "-e TOKEN=") || !strings.Contains(v["env"], "9000") {
		t.Errorf("it begins with %v", v)
	}
	if !strings.Contains(f.Title, o.GPUName.String()) {
		t.Errorf("it is about %q", f.Title)
	}
	spec.GPU = "H900"
	if e := s.hear(view.Focused{On: spec}); len(e.Intents) == 0 {
		t.Error("it does not say that nothing like it is on the market")
	}
}

func TestSecretsOfTheFormAreNotRemembered(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.submitRent(s.rentForm(), view.Values{"env": "-e TOKEN=hush -p 80:80", "onstart": "echo hush", "private": view.Yes, "registry": "ghcr.io", "login": "me", "password": "hush"})
	if len(s.data.Memory.RentForms) != 1 {
		t.Fatalf("%d forms are remembered", len(s.data.Memory.RentForms))
	}
	if text := fmt.Sprintf("%+v", s.data.Memory.RentForms); strings.Contains(text, "hush") || !strings.Contains(text, "TOKEN") {
		t.Errorf("remembered is %s", text)
	}
}

func TestDraftIsKeptButForWhatBelongsToAnotherOffer(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	f := s.rentForm()
	v := filled(f)
	v["image"], v["env"], v["mount"] = "me/app:1", "-e TOKEN=hush", "/elsewhere"
	s.granted(f.Closed(s.env(), v))
	if again := filled(s.rentForm()); again["env"] != "-e TOKEN=hush" || again["image"] != "me/app:1" || again["name"] != v["name"] {
		t.Errorf("what was filled in is lost: %v", again)
	}
	s.press("down")
	next := filled(s.rentForm())
	if next["env"] != "-e TOKEN=hush" || next["image"] != "me/app:1" {
		t.Errorf("for another offer what was filled in is lost: %v", next)
	}
	if next["name"] == v["name"] {
		t.Errorf("another model of GPU is named %q", next["name"])
	}
	s.granted(f.Closed(s.env(), view.Values{"image": "x", "disk": "44", "name": "mine"}))
	s.submit(s.form(s.press("$")), view.Values{"disk": "70"})
	if next := filled(s.rentForm()); next["disk"] != "70" {
		t.Errorf("after another workload the form begins with %s GB", next["disk"])
	}
}

// What was a bid must never come back as an on-demand rental.
func TestBidThatIsMadeAgainIsABid(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	o := s.server.offers[0]
	spec := feed.RentSpec{Image: "me/app:1", Disk: 20, Kind: vastapi.Interruptible, Bid: 0.21, GPU: o.GPUName.String(), NumGPUs: o.NumGPUs}
	e := s.granted(s.m.Update(s.env(), view.Focused{On: spec}))
	for _, in := range e.Intents {
		if _, asks := in.(view.Ask); asks {
			t.Fatal("a form opens before the market of bids is here")
		}
	}
	var form view.Form
	for n := 0; n < 10 && form.ID == ""; n++ {
		e = s.answer(e)
		for _, in := range e.Intents {
			if ask, asks := in.(view.Ask); asks {
				form = ask.Form
			}
		}
	}
	if v := filled(form); v["bid"] != "0.21" || !strings.Contains(form.Title, "bid") {
		t.Errorf("the form is %q with %v", form.Title, v)
	}
}

// The answer for a form that was closed must not open a plan over another one.
func TestPlanOfAClosedFormDoesNotOpenOverAnother(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	first := s.rentForm()
	waiting := s.granted(first.Submit(s.env(), filled(first)))
	s.granted(first.Closed(s.env(), filled(first)))
	s.press("down")
	second := s.rentForm()
	if first.ID == second.ID {
		t.Fatalf("two forms are both called %q", first.ID)
	}
	if e := s.answer(waiting); len(e.Intents) != 0 {
		t.Errorf("the answer for the closed form wants %+v", e.Intents)
	}
}

func TestVariablesOfARememberedFormAreNotSentEmpty(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	o := s.server.offers[0]
	spec := feed.RentSpec{Image: "me/app:1", Disk: 20, EnvNames: []string{"HF_TOKEN", "WANDB"}, GPU: o.GPUName.String(), NumGPUs: o.NumGPUs}
	f := s.granted(s.m.Update(s.env(), view.Focused{On: spec})).Intents[0].(view.Ask).Form
	v := filled(f)
	if errs := f.Check(v); !strings.Contains(errs["env"], "HF_TOKEN") || !strings.Contains(errs["env"], "WANDB") {
		t.Errorf("missing values are told as %q", errs["env"])
	}
	v["env"] = "-e HF_TOKEN=a -e WANDB=b"
	if errs := f.Check(v); len(errs) != 0 {
		t.Errorf("with values the form finds %v", errs)
	}
}

func TestInstanceIsRentedAgainWithItsVariables(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	o := s.server.offers[0]
	again := feed.RentAgain{RentSpec: feed.RentSpec{Image: "me/app:1", Disk: 20, EnvNames: []string{"A"}, GPU: o.GPUName.String(), NumGPUs: o.NumGPUs}, Env: "-e A=1", OnStart: "touch /x"}
	f := s.granted(s.m.Update(s.env(), view.Focused{On: again})).Intents[0].(view.Ask).Form
	if v := filled(f); v["env"] != "-e A=1" || v["onstart"] != "touch /x" {
		t.Errorf("it begins with %v", v)
	}
}

func TestWhatWasTypedSurvivesTheChoiceOfATemplate(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.data.Templates.Apply(feed.TemplateList{Templates: []vastapi.Template{
		{ID: 1, Hash: "one", Name: safetext.New("One"), Image: safetext.New("one/one"), Tag: safetext.New("1"), Env: safetext.New("-e A=1"), UseSSH: vastapi.FlagYes, Disk: 32},
		{ID: 2, Hash: "two", Name: safetext.New("Two"), Image: safetext.New("two/two"), Tag: safetext.New("2"), Env: safetext.New("-e B=2"), UseSSH: vastapi.FlagYes, Disk: 16},
	}}, noon, nil)
	f := s.rentForm()
	v := filled(f)
	choose := func(hash string) {
		v["template"] = hash
		for k, text := range f.React("template", v) {
			v[k] = text
		}
	}
	v["env"], v["onstart"] = "-e MINE=x", "echo mine"
	choose("one")
	if v["image"] != "one/one:1" || v["onstart"] != "echo mine" || !strings.Contains(v["env"], "MINE=x") || !strings.Contains(v["env"], "A=1") {
		t.Errorf("after the first template: %v", v)
	}
	v["env"] = "-e A=1"
	choose("two")
	if v["image"] != "two/two:2" || v["disk"] != "16" || v["onstart"] != "echo mine" {
		t.Errorf("after the second template: %v", v)
	}
}

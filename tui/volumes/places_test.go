package volumes

import (
	"errors"
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// found are the machines in the list of places, in their order.
func (s *stage) found() string {
	var ids []string
	for n := range s.m.places.table.Shown() {
		o, _ := s.m.places.table.At(n)
		ids = append(ids, o.MachineID.String())
	}
	return strings.Join(ids, " ")
}

// due is the end of typing.
func (s *stage) due() { s.settle(s.hear(command.Due{Topic: command.PlacesTyped})) }

func TestPlacesArePricedForTheWantedSize(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	s.has("Places for a new volume of 50 GB", "$4.00", "$0.006/h", "$0.080", "100 GB", "1001", "Falun, SE", "$5.00", "Austin, US", "3 places")
	if q := s.server.searches[0]; q.Storage != 50 || q.Limit != 1000 || q.Type != "" {
		t.Errorf("asked for %+v", q)
	}
	f := only[view.Ask](t, s.press("s")).Form
	if wrong := f.Check(view.Values{"size": "1.5"}); wrong["size"] == "" {
		t.Error("half a GB is accepted")
	}
	e := f.Submit(s.env(), view.Values{"size": "1tb"})
	s.settle(s.granted(e))
	if got := s.found(); got != "1002 1881" {
		t.Errorf("with 1 TB the places are %s", got)
	}
	s.has("1,000 GB", "$100.00")
	if n := len(s.server.searches); n != 1 {
		t.Errorf("%d searches for rows that were here", n)
	}
}

func TestSearchFiltersTheRowsInHandAndAsksWhereTheyDoNotSuffice(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	s.press("/")
	s.text("region=EU")
	if got := s.found(); got != "1001 1881" {
		t.Errorf("typing shows %s", got)
	}
	s.press("enter")
	if n := len(s.server.searches); n != 1 {
		t.Errorf("%d searches for what was here", n)
	}
	s.press("esc", "/")
	s.text("verified=any")
	s.press("enter")
	if s.reason("R") != "" {
		t.Error("it is asked while somebody types")
	}
	s.due()
	last := s.server.searches[len(s.server.searches)-1]
	if len(s.server.searches) != 2 || last.Filter["verified"] != nil {
		t.Errorf("%d searches, the last for %+v", len(s.server.searches), last.Filter)
	}
}

func TestAnyRegionIsSaidAsOtherToolsSayIt(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"region all", "region=all", "Region ALL", "storage_cost<0.09 region all", "region all storage_cost<0.09", "geolocation=any", "region   all", " region all", "region all country any"} {
		s := full(t).openPlaces("n")
		s.press("/")
		s.text(line)
		s.press("enter")
		if s.m.places.bad {
			t.Errorf("%q cannot be read", line)
		}
		want := "1001 1002 1881"
		if strings.Contains(line, "storage_cost") {
			want = "1001"
		}
		if got := s.found(); got != want {
			t.Errorf("%q shows %s", line, got)
		}
	}
	for _, other := range []string{"regional all", "region=EU all", "xregion all"} {
		if _, read, _ := readPlaces(other); read != other {
			t.Errorf("%q is read as %q", other, read)
		}
	}
}

func TestPlacesThatIgnoreTheSearchAreLeftOut(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.server.offers[1].Verification = safetext.New("unverified")
	s.server.offers[2].DiskSpace = 10
	s.openPlaces("n")
	if got := s.found(); got != "1001" {
		t.Errorf("shown are %s", got)
	}
}

func TestSearchSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.server.err = errors.New("the market does not answer")
	s.openPlaces("n")
	s.has("the market does not answer", "R asks again")
	s.server.err, s.server.offers = nil, nil
	s.settle(s.press("R"))
	s.has("There is no place for a volume of 50 GB")
	s.press("/")
	s.text("nonsense<5")
	s.press("enter")
	if !s.m.places.bad || s.reason("R") == "" {
		t.Error("nonsense was accepted")
	}
	s.has("what is marked in the line is not applied")
	s.press("esc", "/")
	s.text("storage_cost<1 storage_cost>2")
	s.press("enter")
	s.has("Nothing can satisfy this")
	if got := s.reason("R"); got == "" {
		t.Error("what nothing can satisfy is asked for")
	}
}

func TestVolumeIsMadeOnlyAfterConsent(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	f := only[view.Ask](t, s.press("down", "enter")).Form
	if f.Fields[0].Key != "name" || f.Fields[1].Value != "50" {
		t.Errorf("the form is %+v", f.Fields)
	}
	for _, wrong := range []view.Values{{"size": "0"}, {"size": "2001"}, {"size": "x"}, {"size": "50", "name": "no blanks"}, {"size": "2.5"}} {
		if len(f.Check(wrong)) == 0 {
			t.Errorf("%v is accepted", wrong)
		}
	}
	v := view.Values{"size": "100", "name": "models"}
	if wrong := f.Check(v); len(wrong) != 0 {
		t.Fatalf("refused: %v", wrong)
	}
	var text strings.Builder
	for _, p := range f.Panel(v) {
		text.WriteString(p.Label + " " + p.Value + "\n")
	}
	for _, want := range []string{"a month $10.00", "an hour $0.014/h", "fixed for good", "1002 alone"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the panel does not say %q:\n%s", want, &text)
		}
	}
	if got := f.Sum(v); !strings.Contains(got, "$10.00 a month") {
		t.Errorf("the sum is %q", got)
	}
	c := only[view.Confirm](t, f.Submit(s.env(), v))
	if c.Plan.Steps[0].Call != (vastapi.CreateVolume{Offer: 2, Size: 100, Name: "models"}) || c.Plan.Consent.Kind != rental.ConsentChoose || c.Form != f.ID {
		t.Errorf("the plan is %+v", c.Plan)
	}
	if s.server.changes != 0 {
		t.Error("something was sent")
	}
}

func TestAPlanIsWorkedOutAnewFromThePlaceAsItIs(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	f := only[view.Ask](t, s.press("enter")).Form
	c := only[view.Confirm](t, f.Submit(s.env(), view.Values{"size": "60"}))
	s.server.offers[0].StorageCost = 0.09
	next := only[view.Confirm](t, s.settle(c.Again(s.env(), f.ID)))
	if got := next.Plan.Cost.Change; got != vastapi.PerGBMonth(0.09).Hourly(60) {
		t.Errorf("it costs %v", got)
	}
	s.server.offers[0].DiskSpace = 20
	if e := only[view.FormFailed](t, s.settle(next.Again(s.env(), f.ID))); !strings.Contains(e.Text, "room for 20 GB") {
		t.Errorf("the form is told %q", e.Text)
	}
	s.server.offers = s.server.offers[1:]
	if e := only[view.FormFailed](t, s.settle(next.Again(s.env(), f.ID))); !strings.Contains(e.Text, "no room for it on machine 1001") {
		t.Errorf("the form is told %q", e.Text)
	}
	s.server.err = errors.New("no answer")
	if e := only[view.Toast](t, s.settle(next.Again(s.env(), ""))); !strings.Contains(e.Text, "could not be read again") {
		t.Errorf("said is %q", e.Text)
	}
}

func TestCopyShowsTheMachineOfTheSourceFirst(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("K")
	s.has("Places for a copy of volume 881, 50 GB; it lies on machine 1881")
	if got := s.found(); got != "1881 1001 1002" {
		t.Errorf("the places are %s", got)
	}
	f := only[view.Ask](t, s.press("enter")).Form
	if wrong := f.Check(view.Values{"size": "49"}); wrong["size"] == "" {
		t.Error("a copy may be smaller")
	}
	c := only[view.Confirm](t, f.Submit(s.env(), view.Values{"size": "50"}))
	if c.Plan.Steps[0].Call != (vastapi.CloneVolume{Source: 881, Offer: 3, Size: 50}) {
		t.Errorf("the plan is %+v", c.Plan.Steps[0].Call)
	}
	s.load(some()[1:]...)
	if e := only[view.FormFailed](t, s.settle(c.Again(s.env(), f.ID))); !strings.Contains(e.Text, "is gone") {
		t.Errorf("the form is told %q", e.Text)
	}
	s.press("esc")
	s.openPlaces("n")
	s.has("Places for a new volume of 50 GB")
	if got := s.found(); got != "1001 1002 1881" {
		t.Errorf("the places are %s", got)
	}
}

// TestNothingIsCopiedFromAVolumeThatIsGone holds that a form, which stays open for as long as
// it likes, makes no plan with a source that was deleted meanwhile.
func TestNothingIsCopiedFromAVolumeThatIsGone(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("K")
	f := only[view.Ask](t, s.press("enter")).Form
	s.load(some()[1:]...)
	if e := only[view.FormFailed](t, f.Submit(s.env(), view.Values{"size": "50"})); e.Text != "the volume that was to be copied is gone" {
		t.Errorf("the form is told %q", e.Text)
	}
}

func TestCopyBeginsAtTheMachineOfTheSourceInAnyOrder(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	s.press("ctrl+o", "enter", "esc") // by price
	s.openPlaces("K")
	if got := s.found(); got != "1001 1002 1881" {
		t.Errorf("the places are %s", got)
	}
	if o, ok := s.m.places.table.Cursor(); !ok || o.MachineID != 1881 {
		t.Error("the cursor is not on the machine of what is copied")
	}
	s.press("up")
	s.settle(s.press("R"))
	if o, ok := s.m.places.table.Cursor(); !ok || o.MachineID != 1002 {
		t.Error("the cursor was taken from where the user put it")
	}
}

func TestWhatWasMadeIsShownWithItsMountFlag(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	done := command.PlanExecuted{Report: rental.Report{Done: []rental.StepResult{{Step: rental.Step{Call: vastapi.CreateVolume{}}, Volume: 900, Verified: true}}}}
	s.hear(done)
	s.has("Volume 900 was made", "-v V.900:/data", "not in the list yet")
	if got := s.reason("r"); got == "" {
		t.Error("an instance can be rented with what is not there yet")
	}
	s.load(append(some(), volume(900, "fresh", 20))...)
	s.has("20 GB, fixed for good", "link volume 900", "fresh")
	if g := only[view.Goto](t, s.press("r")); g.Focus != (view.RentWith{Volume: 900, Machine: 1900, Mount: "/data"}) {
		t.Errorf("r leads to %+v", g)
	}
	s.press("esc")
	if r, ok := s.m.table.Cursor(); !ok || r.ID != 900 {
		t.Error("the cursor is not on the new volume")
	}
}

func TestWhatWasMadeDoesNotDisturbTyping(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("/")
	s.hear(command.PlanExecuted{Report: rental.Report{Done: []rental.StepResult{{Step: rental.Step{Call: vastapi.CreateVolume{}}, Volume: 900}}}})
	if s.m.page != nil || !s.m.Capturing() {
		t.Error("the line has lost the keyboard")
	}
	rent := newStage(t).load(some()...)
	rent.hear(command.PlanExecuted{Report: rental.Report{Done: []rental.StepResult{{Step: rental.Step{Call: vastapi.CreateInstance{}}, Contract: 5, Volume: 900}}}})
	if rent.m.page != nil {
		t.Error("a rent is shown as if a volume had been made")
	}
}

func TestPolicyOfPlacesCanBeTakenAway(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	s.press("-")
	s.has("verified=true", "applies")
	s.press("enter")
	if got := s.m.places.line.Value(); got != "verified=any" || s.m.page != page(s.m.places) {
		t.Errorf("the line is %q", got)
	}
	s.press("-", "enter")
	if got := s.m.places.line.Value(); got != "" {
		t.Errorf("put back, the line is %q", got)
	}
}

func TestSearchOfPlacesIsCopiedAsTheOfficialLine(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	s.press("/")
	s.text("inet_down>500")
	s.press("enter")
	if c := only[view.Copy](t, s.press("C")); !strings.HasPrefix(c.Text, "vastai search volumes 'inet_down>500'") || !strings.Contains(c.Text, "50") {
		t.Errorf("copied is %q", c.Text)
	}
}

func TestPlacesAreNotAskedForAgainWithinAMinute(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	s.press("esc")
	s.openPlaces("n")
	if n := len(s.server.searches); n != 1 {
		t.Errorf("%d searches", n)
	}
	s.press("esc")
	s.now = s.now.Add(2 * placesAge)
	s.openPlaces("n")
	if n := len(s.server.searches); n != 2 {
		t.Errorf("%d searches", n)
	}
}

func TestSearchAndOrderOfPlacesAreRemembered(t *testing.T) {
	t.Parallel()
	s := full(t).openPlaces("n")
	s.press("/")
	s.text("region all inet_down>500")
	s.press("enter", "ctrl+o", "down", "down", "down", "enter")
	next := full(t)
	next.data.Memory = s.data.Memory.Clone()
	next.openPlaces("n")
	if got := next.m.places.line.Value(); got != "region all inet_down>500" {
		t.Errorf("the search is %q", got)
	}
	a, _ := s.m.places.table.SortBy()
	if b, _ := next.m.places.table.SortBy(); a != b || b == "" {
		t.Errorf("the order is by %q, want %q", b, a)
	}
}

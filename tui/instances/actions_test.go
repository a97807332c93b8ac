package instances

import (
	"fmt"
	"strings"
	"testing"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// plan is what a key asks consent for.
func plan(t *testing.T, e view.Effect) view.Confirm {
	t.Helper()
	if len(e.Intents) != 1 || e.Cmd != nil {
		t.Fatalf("it wants %+v", e)
	}
	c, ok := e.Intents[0].(view.Confirm)
	if !ok {
		t.Fatalf("it wants %+v", e.Intents[0])
	}
	return c
}

// targetIDs are the instances that a plan is about.
func targetIDs(p rental.Plan) string {
	var ids []string
	for _, s := range p.Steps {
		ids = append(ids, s.Subject.Instance.String())
	}
	return strings.Join(ids, " ")
}

func TestDestroyIsAboutTheMarkedOrTheOneUnderTheCursor(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	p := plan(t, s.press("down", "D")).Plan
	if targetIDs(p) != "18820377" || p.Consent != (rental.Consent{Kind: rental.ConsentType, Words: "0377"}) {
		t.Errorf("about %s with consent %+v", targetIDs(p), p.Consent)
	}
	p = plan(t, s.press("space", "down", "space", "up", "D")).Plan
	if targetIDs(p) != "18820377 18821102" || p.Consent.Words != "destroy 2" {
		t.Errorf("about %s with words %q", targetIDs(p), p.Consent.Words)
	}
}

func TestMarkedButHiddenInstancesAreLeftAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.press("*", "/")
	s.text("worker")
	s.press("enter")
	s.has("2 marked, $1.640/h · 1 marked but hidden by the filter: left alone")
	if p := plan(t, s.press("D")).Plan; targetIDs(p) != "18820341 18820377" {
		t.Errorf("the plan is about %s", targetIDs(p))
	}
	s.press("/")
	s.text(" -worker eval")
	s.press("backspace", "backspace", "backspace", "backspace", "backspace", "enter")
	s.has("3 marked but hidden by the filter: left alone") // also when none of them is shown
}

func TestWhatIsUnderWayForARowKeepsItFromBeingChanged(t *testing.T) {
	t.Parallel()
	const why = "a destroy of 18820341 is under way: W shows it"
	s := newStage(t).load(some()...)
	s.busy = map[vastapi.InstanceID]string{18820341: "destroy"}
	for _, key := range []string{"S", "n", "D"} {
		if got := s.reason(key); got != why {
			t.Errorf("%s: %q, want %q", key, got, why)
		}
		if e := s.press(key); len(e.Intents) != 0 {
			t.Errorf("%s acts on an instance that is being destroyed", key)
		}
	}
	s.has("a destroy is under way")
	if got := s.reason("enter"); got != "" {
		t.Errorf("its detail cannot be looked at: %q", got)
	}
	s.press("down")
	if got := s.reason("D"); got != "" {
		t.Errorf("the next one cannot be destroyed: %q", got)
	}
	s.press("*")
	if got := s.reason("D"); got != why {
		t.Errorf("all together: %q, want %q", got, why)
	}
}

func TestInstanceThatIsBeingDestroyedIsLeftAlone(t *testing.T) {
	t.Parallel()
	const why = "it is being destroyed already"
	going := running(7, "old")
	going.Next = safetext.New("unloaded")
	if c := rental.Display(going).Class; c != rental.ClassTerminal {
		t.Fatalf("such an instance is of class %v", c)
	}
	s := newStage(t).load(going, running(8, "new"))
	for _, key := range []string{"S", "n", "D"} {
		if got := s.reason(key); got != why {
			t.Errorf("%s: %q, want %q", key, got, why)
		}
	}
	s.press("*")
	if got := s.reason("D"); got != "" {
		t.Errorf("with another one: %q", got)
	}
}

func TestCursorActsOnNothingWhileANewInstanceIsAwaited(t *testing.T) {
	t.Parallel()
	const why = "instance 777 is not in the list yet: wait for it, or move to choose another"
	s := newStage(t).load(some()...)
	s.m.Update(s.env(), view.Focused{On: vastapi.InstanceID(777)})
	s.has("instance 777 is not in the list yet")
	for _, key := range []string{"S", "n", "D"} {
		if got := s.reason(key); got != why {
			t.Errorf("%s: %q, want %q", key, got, why)
		}
		if e := s.press(key); len(e.Intents) != 0 {
			t.Errorf("%s acts on another instance than the one that was rented", key)
		}
	}
	s.load(append(some(), running(777, "new"))...)
	if p := plan(t, s.press("D")).Plan; targetIDs(p) != "777" {
		t.Errorf("once it is listed the plan is about %s", targetIDs(p))
	}
	s.m.Update(s.env(), view.Focused{On: vastapi.InstanceID(888)})
	s.press("up")
	if got := s.reason("D"); got != "" {
		t.Errorf("after a move of the user: %q", got)
	}
	s.m.Update(s.env(), view.Focused{On: vastapi.InstanceID(888)})
	s.press("space")
	if p := plan(t, s.press("D")).Plan; targetIDs(p) != s.under().String() {
		t.Errorf("marked by hand, the plan is about %s", targetIDs(p))
	}
}

func TestVolumesAreNamedBesidesTheInstances(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.lacks("besides these")
	s.volumes(vastapi.Volume{ID: 1, Hourly: 0.02})
	s.has("besides these, 1 volume bills $0.020/h")
	s.volumes(vastapi.Volume{ID: 1, Hourly: 0.02}, vastapi.Volume{ID: 2, Hourly: 0.03})
	s.has("besides these, 2 volumes bill $0.050/h")
	s.load()
	s.has("besides these, 2 volumes bill $0.050/h") // also when there is nothing else
}

func TestStartOrStopFollowsWhatIsChosen(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if got := s.label("S"); got != "start / stop…" {
		t.Errorf("without an instance S is labelled %q", got)
	}
	s.load(some()...)
	if got := s.label("S"); got != "stop…" {
		t.Errorf("on one that runs S is labelled %q", got)
	}
	if p := plan(t, s.press("S")).Plan; p.Verb != "stop" || targetIDs(p) != "18820341" || p.Consent.Kind != rental.ConsentChoose {
		t.Errorf("S on one that runs plans to %s %s", p.Verb, targetIDs(p))
	}
	s.press("down", "down")
	if got := s.label("S"); got != "start…" {
		t.Errorf("on one that is stopped S is labelled %q", got)
	}
	if p := plan(t, s.press("S")).Plan; p.Verb != "start" || targetIDs(p) != "18821102" {
		t.Errorf("S on one that is stopped plans to %s %s", p.Verb, targetIDs(p))
	}
	s.press("*")
	if p := plan(t, s.press("S")).Plan; p.Verb != "stop" || targetIDs(p) != "18820341 18820377" {
		t.Errorf("S on a mixture plans to %s %s, want to stop what runs and start nothing", p.Verb, targetIDs(p))
	}
}

func TestPlanIsWorkedOutAgainForTheSameTargets(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	c := plan(t, s.press("*", "D"))
	s.load(some()[1], some()[2], running(999, "new"))
	s.press("esc") // the marks are cleared meanwhile
	if p := plan(t, c.Again(s.env(), "")).Plan; targetIDs(p) != "18820377 18821102" {
		t.Errorf("the second plan is about %s", targetIDs(p))
	}
	s.load(running(999, "new"))
	e := c.Again(s.env(), "")
	if n, ok := e.Intents[0].(view.Toast); !ok || !strings.Contains(n.Text, "gone") {
		t.Errorf("with no target left it wants %+v", e.Intents)
	}
}

func TestPlanThatCannotBeMadeSaysWhy(t *testing.T) {
	t.Parallel()
	over := stopped(7, "old")
	over.End = noon.Add(-1)
	s := newStage(t).load(over)
	e := s.press("S")
	if len(e.Intents) != 1 {
		t.Fatalf("it wants %+v", e)
	}
	if n, ok := e.Intents[0].(view.Toast); !ok || n.Level != view.Warn || n.Text == "" {
		t.Errorf("starting a contract that has ended wants %+v", e.Intents[0])
	}
}

func TestRenameAsksForANameAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	ask, ok := s.press("down", "n").Intents[0].(view.Ask)
	if !ok || len(ask.Form.Fields) != 1 || ask.Form.Fields[0].Value != "worker-b" {
		t.Fatalf("it wants %+v; the token of the rental is not part of the name", ask)
	}
	c := plan(t, ask.Form.Submit(s.env(), view.Values{"name": "  worker-c "}))
	call, ok := c.Plan.Steps[0].Call.(vastapi.LabelInstance)
	if !ok || call.ID != 18820377 || call.Label != "worker-c vx-abcdefghijkl" {
		t.Errorf("it would send %+v; the token must stay", c.Plan.Steps[0].Call)
	}
	if c.Plan.Consent.Kind != rental.ConsentNone || c.Form != ask.Form.ID {
		t.Errorf("consent %+v, form %q", c.Plan.Consent, c.Form)
	}
	e := ask.Form.Submit(s.env(), view.Values{"name": strings.Repeat("x", rental.MaxName+1)})
	if f, ok := e.Intents[0].(view.FormFailed); !ok || f.Form != ask.Form.ID || f.Text == "" {
		t.Errorf("a name that is too long wants %+v", e.Intents)
	}
}

func TestCursorStaysOnItsInstance(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.press("down")
	s.load(running(5, "first"), some()[2], some()[1])
	if got := s.under(); got != 18820377 {
		t.Errorf("the cursor is on %d, want 18820377", got)
	}
	s.press("o", "o", "O")
	if got := s.under(); got != 18820377 {
		t.Errorf("after sorting the cursor is on %d, want 18820377", got)
	}
	s.load(some()[0])
	if got := s.under(); got != 0 {
		t.Errorf("the instance is gone, and the cursor is on %d", got)
	}
	for _, key := range []string{"D", "S", "n", "space"} {
		if e := s.press(key); len(e.Intents) != 0 {
			t.Errorf("%s acts upon the neighbour of an instance that is gone", key)
		}
	}
	s.load(some()...)
	if got := s.under(); got != 18820377 {
		t.Errorf("it came back, and the cursor is on %d", got)
	}
}

func TestNewInstanceIsSelectedAsSoonAsItIsListed(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.m.Update(s.env(), view.Focused{On: vastapi.InstanceID(777)})
	s.load(some()...)
	if got := s.under(); got != 18820341 {
		t.Errorf("the cursor went to %d before the instance was there", got)
	}
	s.load(append(some(), running(777, "new"))...)
	if got := s.under(); got != 777 {
		t.Errorf("the cursor is on %d, want the new one", got)
	}
	s.press("up")
	was := s.under()
	s.load(append(some(), running(777, "new"))...)
	if got := s.under(); got != was {
		t.Errorf("the cursor is drawn back to %d after the user has moved", got)
	}
	s.m.Update(s.env(), view.Focused{On: vastapi.InstanceID(888)})
	s.press("down") // the user goes elsewhere while it is awaited
	was = s.under()
	s.load(append(some(), running(777, "new"), running(888, "newer"))...)
	if got := s.under(); got != was {
		t.Errorf("the cursor jumps to %d under the user's fingers", got)
	}
}

func TestFilterTakesWordsAndTheirOpposite(t *testing.T) {
	t.Parallel()
	list := some()
	list[2].Geolocation = safetext.New("Quebec, CA")
	s := newStage(t).load(list...)
	for query, want := range map[string]string{
		"":                 "18820341 18820377 18821102",
		"worker":           "18820341 18820377",
		"WORKER -worker-b": "18820341",
		"stopped":          "18821102",
		"-running":         "18821102",
		"quebec":           "18821102",
		"rtx 377":          "18820377",
		"-":                "18820341 18820377 18821102",
		"18821202":         "18821102", // its machine
		"nonsense":         "",
	} {
		s.press("/")
		s.text(query)
		var ids []string
		for _, i := range list {
			if strings.Contains(s.plain(), fmt.Sprint(" ", i.ID, " ")) {
				ids = append(ids, i.ID.String())
			}
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%q shows %q, want %q", query, got, want)
		}
		s.press("enter", "esc", "esc")
		s.load(list...)
	}
}

func TestStatusLineExplainsTheRowUnderTheCursor(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.press("G")
	s.has("the disk is billed: $0.02")
	starting := running(1, "x")
	starting.Actual, starting.Status = safetext.New("loading"), safetext.New("pulling image 3 of 9")
	newStage(t).load(starting).has("pulling image 3 of 9")
}

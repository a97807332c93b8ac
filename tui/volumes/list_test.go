package volumes

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

func TestListTellsWhatAVolumeIsAndCosts(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.has("881", "models", "50 GB", "$0.007/h", "$5.00", "1881", "Falun, SE", "2d", "! FREE",
		"882", "cache", "200 GB", "$20.00", "● IN USE", "worker-a", "Austin, US", "eval (stopped)")
	s.lacks("vx-abcdefghijkl")
	if name, badge := s.m.Title(s.env()); name != "Volumes" || badge != "3" {
		t.Errorf("the tab says %s %s", name, badge)
	}
	s.has("3 volumes, 750 GB, $0.104/h, $75.00 a month; unused $0.076/h")
	s.has("it bills unused: r rents with it, D deletes it")
}

func TestVolumesAreFoundByEveryFormOfTheirId(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"882": "882", "V.882": "882", "vol-882": "882", "id=vol-882": "882", "id=V.883": "883", "id=881": "881",
		"worker": "882", "attached=eval": "883", "problem=unused": "881", "problem=idle": "883", "region=EU": "881 882", "size>100": "882 883",
		"region all": "881 882 883", "geo any size>100": "882 883", "region=all": "881 882 883", "-free region ALL": "882 883", "month<10": "881", "machine_id=1882": "882", "-free": "882 883", "status=FREE": "881", "kind=local": "881 882 883", "age>1d": "881 882 883",
	} {
		s := full(t)
		s.filter(query)
		if got := s.shown(); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
		if s.m.query.Bad {
			t.Errorf("%q is marked as a mistake:\n%s", query, s.plain())
		}
	}
}

func TestNetworkVolumesAreListedWithTheirKind(t *testing.T) {
	t.Parallel()
	v := volume(900, "shared", 10)
	v.Kind, v.MachineID, v.Cluster = safetext.New("network_volume"), 0, 700
	s := newStage(t).load(v, volume(901, "near", 10))
	s.has("network", "2 volumes, 20 GB") // in place of its machine
	s.filter("kind=network")
	if got := s.shown(); got != "900" {
		t.Errorf("the network volumes are %q", got)
	}
	for _, key := range []string{"r", "K", "m"} {
		if got := s.reason(key); !strings.Contains(got, "network volume") {
			t.Errorf("%s: %q", key, got)
		}
	}
	s.press("enter")
	s.has("network volume: it is not bound to one machine", "cluster 700", "how an instance gets one is not published")
	if text := s.plain(); strings.Contains(text, "-v V.900") || strings.Contains(text, "machine 0") {
		t.Errorf("it is said how to mount it:\n%s", text)
	}
	s.press("enter", "E")
	s.has("a volume is billed for as long as it exists, used or not")
	if text := s.plain(); strings.Contains(text, "offline") {
		t.Errorf("it is said to have a machine:\n%s", text)
	}
	s.press("esc")
	p := only[view.Confirm](t, s.press("D")).Plan
	if p.Steps[0].Call != (vastapi.DeleteVolume{ID: 900}) || !strings.HasPrefix(p.Steps[0].Detail, "10 GB in the network of its host") {
		t.Errorf("%+v", p.Steps[0])
	}
}

func TestListIsRememberedBetweenRuns(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.filter("size>100")
	s.press("o", "o", "O", "c", "space", "enter")
	next := newStage(t)
	next.data.Memory = s.data.Memory.Clone()
	next.hear(command.MemoryLoaded{})
	next.load(some()...)
	if a, b := strings.Join(next.m.table.VisibleColumns(), " "), strings.Join(s.m.table.VisibleColumns(), " "); a != b {
		t.Errorf("the columns are %s, want %s", a, b)
	}
	a, desc := s.m.table.SortBy()
	if b, d := next.m.table.SortBy(); a != b || desc != d || a == "id" {
		t.Errorf("the order is by %s %t, want %s %t", b, d, a, desc)
	}
	if got := next.m.query.Value(); got != "size>100" {
		t.Errorf("the query is %q", got)
	}
}

func TestProblemsAreShownAlone(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("P")
	if got := s.shown(); got != "881 883" {
		t.Errorf("shown are %s", got)
	}
	s.press("P", "G", "!")
	s.has("Volume 881", "no instance")
	if got := newStage(t).load(volume(1, "a", 1, 5)).reason("P"); got == "" {
		t.Error("P promises something where nothing is wrong")
	}
}

func TestDeleteIsAskedAboutWithItsName(t *testing.T) {
	t.Parallel()
	s := full(t)
	c := only[view.Confirm](t, s.press("D"))
	if c.Plan.Consent != (rental.Consent{Kind: rental.ConsentType, Words: "models"}) || c.Plan.Steps[0].Call != (vastapi.DeleteVolume{ID: 881}) {
		t.Errorf("the plan is %+v", c.Plan)
	}
	s.load(some()[1:]...)
	if toast := only[view.Toast](t, c.Again(s.env(), "")); !strings.Contains(toast.Text, "are gone") {
		t.Errorf("working it out anew says %q", toast.Text)
	}
	if s.server.changes != 0 {
		t.Error("something was sent")
	}
}

func TestDeleteIsRefusedWithTheHoldersNamed(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("down")
	const why = "worker-a holds volume 882: destroy the instance first, a stopped one holds it as well (a goes there)"
	if got := s.reason("D"); got != why {
		t.Errorf("D: %q", got)
	}
	if e := s.press("D"); len(e.Intents) != 0 {
		t.Errorf("D wants %+v", e.Intents)
	}
	if g := only[view.Goto](t, s.press("a")); g.View != view.Instances || g.Focus != vastapi.InstanceID(77) {
		t.Errorf("a leads to %+v", g)
	}
	s.press("*")
	if got := s.reason("D"); !strings.Contains(got, "worker-a holds volume 882, eval (stopped) holds volume 883") {
		t.Errorf("D of all: %q", got)
	}
}

// The list of volumes may be older than that of instances.
func TestAnInstanceThatSaysItHoldsAVolumeKeepsItFromBeingDeleted(t *testing.T) {
	t.Parallel()
	i := instance(99, "late", "running")
	i.Volumes = []vastapi.VolumeID{881}
	s := newStage(t).load(some()...).with(i)
	if got := s.reason("D"); !strings.Contains(got, "late holds volume 881") {
		t.Errorf("D: %q", got)
	}
	if toast := only[view.Toast](t, deleteAgain(s.env(), []vastapi.VolumeID{881})); !strings.Contains(toast.Text, "held by instance 99") {
		t.Errorf("the plan says %q", toast.Text)
	}
}

func TestRentWithAVolumeLeadsToItsMachine(t *testing.T) {
	t.Parallel()
	s := full(t)
	g := only[view.Goto](t, s.press("r"))
	if g.View != view.Market || g.Focus != (view.RentWith{Volume: 881, Machine: 1881, Mount: "/data"}) {
		t.Errorf("r leads to %+v", g)
	}
	s.press("down")
	if got := s.reason("r"); got != "worker-a has it, and one instance at a time can: a goes there" {
		t.Errorf("r: %q", got)
	}
}

func TestMountInstructionsAreCopied(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("m")
	s.has("-v V.881:/data", "rent on machine 1881 and link volume 881 in the form, or", "vastai create instance OFFER", "one instance at a time")
	if c := only[view.Copy](t, s.press("y")); c.Text != "-v V.881:/data" {
		t.Errorf("y copies %q", c.Text)
	}
	if c := only[view.Copy](t, s.press("Y")); !strings.Contains(c.Text, "-v V.881:/data\nrent on machine 1881") {
		t.Errorf("Y copies %q", c.Text)
	}
	if g := only[view.Goto](t, s.press("r")); g.Focus != (view.RentWith{Volume: 881, Machine: 1881, Mount: "/data"}) {
		t.Errorf("r leads to %+v", g)
	}
	s.press("esc")
	s.has("models", "cache")
}

func TestCopyMenuHasEveryFormOfTheId(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("y", "down", "down")
	s.has("mount flag", "V.881", "rent line", "1881")
	if c := only[view.Copy](t, s.press("enter")); c.Text != "V.881" {
		t.Errorf("copied is %q", c.Text)
	}
}

func TestFiguresAreExplained(t *testing.T) {
	t.Parallel()
	s := full(t)
	for _, key := range []string{"E", "e"} {
		s.press(key)
		s.has("50 GB × $0.100000 a GB and month ÷ 720 h = $0.006944/h", "$0.006944/h × 720 h", "$5.00", "48.0 h since it was made", "≈ $0.33", "used or not")
		s.press("esc")
	}
}

func TestRawIsTheServersOwnWords(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.settle(s.press("J"))
	s.has("Volume 881 as the server gives it now", `"id": 881`)
}

func TestUnknownFiguresAreNoZeros(t *testing.T) {
	t.Parallel()
	v := volume(1, "", vastapi.Unknown[vastapi.GB]())
	v.StorageCost, v.Hourly, v.Status = vastapi.Unknown[vastapi.PerGBMonth](), vastapi.Unknown[vastapi.Rate](), safetext.New("")
	s := newStage(t).load(v, volume(2, "b", 50))
	s.has("≥ $0.007/h", "BEING MADE")
	s.press("E")
	s.has("the rate of 1 volume is not known")
}

func TestAFocusThatTheFilterHidesClearsIt(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.filter("size>100")
	s.hear(view.Focused{On: vastapi.VolumeID(881)})
	if r, ok := s.m.table.Cursor(); !ok || r.ID != 881 {
		t.Error("the cursor is not on the volume that was asked for")
	}
}

func TestWhatCouldNotBeReadIsNotCalledLoading(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if got := s.reason("D"); got != "the volumes are still being loaded" {
		t.Errorf("D: %q", got)
	}
	s.hear(command.VolumesLoaded{Answer: command.Answer{Err: errBroken, At: noon}})
	if got := s.reason("D"); got != "the volumes could not be read yet: ctrl+r asks again" {
		t.Errorf("D: %q", got)
	}
}

// TestAVolumeBeingMadeIsLookedAtSooner holds what somebody who waits for a new volume needs:
// the list is asked for before its turn, at most every ten seconds, and for nobody else.
func TestAVolumeBeingMadeIsLookedAtSooner(t *testing.T) {
	t.Parallel()
	beat := func(s *stage, d time.Duration) bool {
		s.now = s.now.Add(d)
		return s.hear(command.Beat{At: s.now}).Cmd != nil
	}
	fresh := volume(881, "models", 50)
	fresh.Status = safetext.New("creating")
	read := func(list ...vastapi.Volume) *stage {
		s := newStage(t)
		s.hear(view.Shown{})
		s.hear(command.VolumesLoaded{Answer: command.Answer{Topic: command.Volumes, At: s.now}, List: vastapi.VolumeList{Volumes: list}})
		return s
	}
	s := read(fresh)
	if beat(s, time.Second) {
		t.Error("asks again within a second")
	}
	if !beat(s, 10*time.Second) {
		t.Error("does not ask again")
	}
	if beat(s, 5*time.Second) {
		t.Error("asks while it waits for an answer")
	}
	s.hear(view.Hidden{})
	if beat(s, time.Minute) {
		t.Error("asks while nobody looks")
	}
	if beat(read(volume(881, "models", 50)), time.Minute) {
		t.Error("asks though nothing is being made")
	}
}

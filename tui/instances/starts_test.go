package instances

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/copying"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// lines is a journal.
type lines []string

func (l lines) Append([]byte) error { return nil }

func (l lines) Replay(fn func([]byte) error) error {
	for _, one := range l {
		if err := fn([]byte(one)); err != nil {
			return err
		}
	}
	return nil
}

// rentOf is the journal of a rent of an instance with a disk of 80 GB, and of
// what came of it.
func rentOf(id vastapi.InstanceID, at time.Time, kind string) lines {
	stamp := func(t time.Time) string { return t.Format(time.RFC3339Nano) }
	op := fmt.Sprintf("op-%d", id)
	return lines{
		fmt.Sprintf(`{"kind":"intent","t":%q,"plan":"p","op":%q,"account":"1","verb":"rent","token":"abcdefghijkl","label":"worker vx-abcdefghijkl","ask":7,"machine":%d,"image":"pytorch/pytorch","disk":80,"max_dph":0.82}`, stamp(at), op, id+100),
		fmt.Sprintf(`{"kind":"sent","t":%q,"plan":"p","op":%q}`, stamp(at.Add(time.Second)), op),
		fmt.Sprintf(`{"kind":%q,"t":%q,"plan":"p","op":%q,"contract":%d}`, kind, stamp(at.Add(2*time.Second)), op, id),
	}
}

// journal is an answer with what the journals tell.
func (s *stage) journal(l lines) view.Effect {
	s.t.Helper()
	ops, err := rental.Open(l)
	if err != nil {
		s.t.Fatal(err)
	}
	msg := command.JournalRead{Answer: command.Answer{At: s.now}, Journal: feed.JournalOf(ops, "1")}
	msg.Fold(s.data)
	return s.m.Update(s.env(), msg)
}

// at is an answer with instances at a moment.
func (s *stage) at(t time.Time, list ...vastapi.Instance) view.Effect {
	s.t.Helper()
	s.now = t.Add(-10 * time.Second)
	return s.answer(command.InstancesLoaded{Page: vastapi.InstancePage{Instances: list, Total: len(list)}})
}

// rentedOne is an instance of the journal's rent, in a state.
func rentedOne(id vastapi.InstanceID, actual string) vastapi.Instance {
	i := running(id, "worker vx-abcdefghijkl")
	i.Actual, i.Start = safetext.New(actual), noon
	i.RunType = safetext.New("ssh_direc ssh_proxy")
	return i
}

func reachableAt(i vastapi.Instance, host string, port int) vastapi.Instance {
	i.SSHHost, i.SSHPort = safetext.New(host), port
	return i
}

// notes are the events that an effect notes.
func notes(e view.Effect) []feed.Event {
	var list []feed.Event
	for _, in := range e.Intents {
		if n, ok := in.(view.Note); ok {
			list = append(list, n.Event)
		}
	}
	return list
}

func TestPhasesOfAStartAreTimedFromTheRent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.size = view.Size{W: 150, H: 60}
	s.journal(rentOf(777, noon, "confirmed"))
	s.at(noon.Add(5*time.Second), rentedOne(777, "created"))
	s.has("created 4s · loading · running · ssh ready")
	loading := rentedOne(777, "loading")
	loading.Status = safetext.New("pulling image 3 of 9")
	s.at(noon.Add(21*time.Second), loading)
	s.has("created 20s · loading 0s", "pulling image 3 of 9")
	s.now = noon.Add(51 * time.Second)
	s.press("enter")
	s.has("✓ created 20s", "◐ loading 30s", "○ running", "○ ssh ready")
	up := reachableAt(rentedOne(777, "running"), "ssh4.vast.ai", 41022)
	e := s.at(noon.Add(3*time.Minute), up)
	s.has("✓ ssh ready after 2m: created 20s · loading 2m · running 0s", "ssh -p 41022 root@ssh4.vast.ai")
	if list := notes(e); len(list) != 1 || list[0].Level != feed.EventGood || list[0].Instance != 777 || !strings.Contains(list[0].Text, "Instance 777 is up after 2m") {
		t.Errorf("noted was %+v", list)
	}
	if list := notes(s.at(noon.Add(4*time.Minute), up)); len(list) != 0 {
		t.Errorf("it is noted again: %+v", list)
	}
}

func TestJournalThatComesLaterTellsWhenTheStartBegan(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.at(noon.Add(31*time.Second), rentedOne(777, "loading"))
	s.has("loading")
	s.lacks("created 0s") // it had begun before it was seen
	s.journal(rentOf(777, noon, "confirmed"))
	s.has("created 30s")
}

func TestStartThatSticksSaysWhyAndWhatHelps(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.size = view.Size{W: 200, H: 40}
	s.journal(rentOf(777, noon, "confirmed"))
	loading := rentedOne(777, "loading")
	loading.Status = safetext.New("pull access denied for me/app")
	e := s.at(noon.Add(20*time.Second), loading)
	s.has("✗ ERROR", "hopeless: ", "the image does not exist, or its registry wants a login", "pull access denied", "D destroy it", "x block the host", "r rent the next best")
	if list := notes(e); len(list) != 1 || list[0].Level != feed.EventBad || !strings.Contains(list[0].Text, "does not come up") {
		t.Errorf("noted was %+v", list)
	}
	s = newStage(t)
	s.at(noon, rentedOne(777, "loading"))
	s.at(noon.Add(12*time.Minute), rentedOne(777, "loading"))
	s.has("✗ LOADING ≥12m", "stuck: ", "nothing new for 12m")
}

func TestInstanceThatWasUpIsNoStart(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.lacks("created 0s", "ssh ready")
	s.load(some()...)
	if len(s.m.starts) != 0 {
		t.Errorf("%d starts are followed", len(s.m.starts))
	}
	args := rentedOne(5, "loading")
	args.RunType = safetext.New("args")
	s.load(args)
	args.Actual = safetext.New("running")
	s.load(args)
	if !s.m.starts[5].Ready() {
		t.Error("one without ssh never counts as up")
	}
}

func TestDifferenceIsABannerUntilItIsAcknowledged(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.journal(rentOf(777, noon, "confirmed"))
	capped := rentedOne(777, "running")
	capped.Disk = 40
	e := s.at(noon.Add(time.Minute), running(5, "first"), capped, running(999, "last"))
	const text = "✗ instance 777 is not what was asked for: disk is 40 GB, asked for was 80 GB"
	s.has(text, "! goes to it", "✗ RUNNING")
	if list := notes(e); len(list) != 1 || list[0].Level != feed.EventBad || list[0].Instance != 777 {
		t.Errorf("noted was %+v", list)
	}
	s.lacks("D destroy… · x block host…")
	s.press("esc") // the cursor is on another one
	s.has(text)
	s.press("!")
	if s.under() != 777 {
		t.Errorf("! leads to %d", s.under())
	}
	s.has("D destroy… · x block host… · esc acknowledges", "not as asked")
	if p := plan(t, s.press("D")).Plan; targetIDs(p) != "777" || p.Consent.Kind != rental.ConsentType {
		t.Errorf("D is about %s", targetIDs(p))
	}
	s.press("esc") // the detail
	s.has(text)
	if e := s.at(noon.Add(2*time.Minute), running(5, "first"), capped); len(notes(e)) != 0 {
		t.Error("it is noted again")
	}
	s.press("esc")
	s.lacks(text)
	s.at(noon.Add(3*time.Minute), running(5, "first"), capped)
	s.lacks(text)
	s.has("✗ RUNNING")
	capped.DphBase = 2 // another difference
	s.at(noon.Add(4*time.Minute), running(5, "first"), capped)
	s.has("is not what was asked for")
	if got := s.reason("!"); got != "" {
		t.Errorf("! says %q", got)
	}
}

func TestReportOfThisRunTellsMoreThanTheJournal(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	o := vastapi.Offer{
		ID: 7, MachineID: 877, HostID: 3, GPUName: safetext.New("H100 SXM"), NumGPUs: 2, DphBase: 0.8, StorageCost: 0.18, DiskSpace: 500,
		Rentable: vastapi.FlagYes, Verification: safetext.New("verified"), Reliability: 0.99, Duration: 90 * 24 * time.Hour,
	}
	p, err := rental.PlanRent(o, s.now, rental.RentOptions{Image: "pytorch/pytorch", Disk: 80, Name: "worker"}, s.env().Desk)
	if err != nil {
		t.Fatal(err)
	}
	s.m.Update(s.env(), command.PlanExecuted{Report: rental.Report{Plan: p, Done: []rental.StepResult{{Step: p.Steps[0], Contract: 777, Verified: true}}}})
	made := rentedOne(777, "running")
	made.Label = safetext.New(p.Steps[0].Call.(vastapi.CreateInstance).Label)
	s.at(noon.Add(time.Minute), made)
	s.has(`GPU is "RTX 4090", asked for was "H100 SXM"`)
}

func TestWhatARefusedRentLeftBehindIsNamedInTheList(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.journal(rentOf(777, noon, "rejected"))
	left := stopped(777, "worker vx-abcdefghijkl")
	s.at(noon.Add(time.Minute), left)
	s.has("✗ LEFTOVER", "a refused rent left it behind: its disk is billed until it is destroyed (D)")
	s.lacks("is not what was asked for")
	if p := plan(t, s.press("D")).Plan; targetIDs(p) != "777" {
		t.Errorf("D is about %s", targetIDs(p))
	}
}

func TestFailedOnesStayMarkedWithTheReason(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	p := plan(t, s.press("*", "D")).Plan
	s.press("esc") // the marks are cleared meanwhile
	at := s.under()
	step := func(n int, why string) rental.StepResult {
		return rental.StepResult{Index: n, Step: p.Steps[n], Why: why}
	}
	done := step(0, "")
	done.Verified = true
	s.m.Update(s.env(), command.PlanExecuted{Report: rental.Report{
		Plan: p, Done: []rental.StepResult{done}, Failed: []rental.StepResult{step(1, "the server refused it")}, NotTried: []rental.StepResult{step(2, "")},
	}})
	if s.under() != at {
		t.Error("the cursor was moved")
	}
	s.load(some()[1], some()[2])
	s.has("2 marked")
	if p := plan(t, s.press("D")).Plan; targetIDs(p) != "18820377 18821102" {
		t.Errorf("trying again is about %s", targetIDs(p))
	}
	s.press("esc", "down", "G", "up")
	s.has("destroy failed: the server refused it", "✗ RUNNING", "✗ STOPPED")
	if got := s.reason("w"); !strings.Contains(got, "a change that failed") {
		t.Errorf("w says %q", got)
	}
	s.m.Update(s.env(), command.PlanExecuted{Report: rental.Report{Plan: p, Done: []rental.StepResult{step(1, ""), step(2, "")}}})
	s.lacks("the server refused it")
}

func TestGroupIsDestroyedByItsNameInOneQuestion(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1001, "train-1"), running(1002, "other"), running(1003, "train-2 vx-abcdefghijkl"), running(1004, ""))
	c := plan(t, s.press("X"))
	if targetIDs(c.Plan) != "1001 1003" || c.Plan.Consent.Words != "destroy 2" || !strings.Contains(c.Plan.Title, `"train"`) {
		t.Errorf("it is %q about %s", c.Plan.Title, targetIDs(c.Plan))
	}
	s.load(running(1001, "train-1"), running(1005, "train-3"))
	if p := plan(t, c.Again(s.env(), "")).Plan; targetIDs(p) != "1001" {
		t.Errorf("worked out again it is about %s, which was not all asked about before", targetIDs(p))
	}
	s = newStage(t).load(running(1004, ""))
	if got := s.reason("X"); !strings.Contains(got, "it has no name") {
		t.Errorf("X says %q", got)
	}
	s = newStage(t).load(running(1001, "train-1"), running(1003, "train-2"))
	s.busy = map[vastapi.InstanceID]string{1003: "stop"}
	if got := s.reason("X"); got != "a stop of 1003 is under way: W shows it" {
		t.Errorf("X says %q", got)
	}
}

func TestRentAgainOpensTheFormOfTheMarket(t *testing.T) {
	t.Parallel()
	i := running(777, "worker-a")
	i.RunType = safetext.New("ssh_direc ssh_proxy")
	i.Env = [][2]safetext.Text{{safetext.New("TOKEN"), safetext.New("s3cret")}, {safetext.New("-p 8080:8080"), safetext.New("1")}}
	s := newStage(t).load(i)
	e := s.press("r")
	g, ok := e.Intents[0].(view.Goto)
	if !ok || g.View != view.Market {
		t.Fatalf("it wants %+v", e.Intents)
	}
	spec, ok := g.Focus.(feed.RentAgain)
	if !ok || spec.Image != "pytorch/pytorch" || spec.Disk != 80 || spec.Name != "worker-a" || spec.GPU != "RTX 4090" || spec.NumGPUs != 2 || spec.Machine != 877 || spec.RunType != "ssh" {
		t.Errorf("the form is %+v", g.Focus)
	}
	if !strings.Contains(spec.Env, "-e TOKEN=s3cret") || !strings.Contains(spec.Env, "-p 8080:8080") {
		t.Errorf("the variables are %q", spec.Env)
	}
	want := view.Toast{Text: "look at what an instance does not tell: the start script", Level: view.Warn}
	if len(e.Intents) != 2 || e.Intents[1] != want {
		t.Errorf("it says %+v", e.Intents[1:])
	}
}

func TestSSHCommandIsCopiedAndNothingThatAShellWouldActOn(t *testing.T) {
	t.Parallel()
	i := running(777, "a")
	i.SSHHost, i.SSHPort = safetext.New("ssh4.vast.ai"), 41022
	for want, change := range map[string]func(*vastapi.Instance){
		"ssh -p 41022 root@ssh4.vast.ai": func(*vastapi.Instance) {},
		"ssh -p 33022 root@1.2.3.4": func(i *vastapi.Instance) {
			i.PublicIP, i.Ports = safetext.New("1.2.3.4"), []vastapi.PortMap{{Container: "22/tcp", Host: 33022}}
		},
	} {
		one := i
		change(&one)
		if got := copying.SSHTo(&one); got != want {
			t.Errorf("it is %q, want %q", got, want)
		}
	}
	for _, host := range []string{"a;rm -rf ~", "$(id)", "-oProxyCommand=id", "a b", "a\nb", "`id`", ""} {
		i.SSHHost = safetext.New(host)
		if got := copying.SSHTo(&i); got != "" {
			t.Errorf("%q became %q", host, got)
		}
	}
}

func TestBlockIsRememberedForAsLongAsIsTyped(t *testing.T) {
	t.Parallel()
	i := running(777, "a")
	i.HostID = 31
	s := newStage(t).load(i)
	ask, ok := s.press("x").Intents[0].(view.Ask)
	if !ok {
		t.Fatal("x asks nothing")
	}
	for _, days := range []string{"", "x", "-1", "9999"} {
		if ask.Form.Check(view.Values{"days": days})["days"] == "" {
			t.Errorf("%q days are taken", days)
		}
	}
	for what, want := range map[string]feed.Block{"host": {Host: 31}, "machine": {Machine: 877}} {
		var mem feed.Memory
		for _, in := range ask.Form.Submit(s.env(), view.Values{"what": what, "days": "7", "reason": "slow"}).Intents {
			if r, ok := in.(view.Remember); ok {
				r.Change(&mem)
				r.Change(&mem)
			}
		}
		if len(mem.Blocks) != 1 || mem.Blocks[0].Host != want.Host || mem.Blocks[0].Machine != want.Machine || mem.Blocks[0].Reason != "slow" || mem.Blocks[0].Until.Sub(s.now) != 7*24*time.Hour {
			t.Errorf("%s: blocked is %+v", what, mem.Blocks)
		}
	}
}

// Machines of a fleet differ in the number behind their name alone.
func TestNumberBehindTheNameIsSeenOnAHundredColumns(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, w := range []int{80, 100, 140} {
		s.size = view.Size{W: w, H: 20}
		i := running(777, "rtx-3060-kestrel-12")
		i.Geolocation = safetext.New(", US")
		s.load(i)
		s.has("rtx-3060-kestrel-12")
		if w > 80 {
			s.has(" US")
		}
		if strings.Contains(s.plain(), ", US") {
			t.Errorf("a place without a town begins with a comma:\n%s", s.plain())
		}
	}
}

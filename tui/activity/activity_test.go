package activity

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dark = theme.New(true)
)

// stage is the view with the world around it, without a program.
type stage struct {
	t       *testing.T
	m       *Model
	data    *feed.Snapshot
	now     time.Time
	size    view.Size
	locked  bool // the run is read-only
	busy    map[vastapi.InstanceID]string
	journal lines
}

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

func newStage(t *testing.T) *stage {
	t.Helper()
	return &stage{t: t, m: New(dark), data: &feed.Snapshot{}, now: noon, size: view.Size{W: 150, H: 24}}
}

func (s *stage) env() view.Env {
	list := s.data.Instances.Value.Instances
	return view.Env{
		Now: s.now, Data: s.data, Theme: dark, Size: s.size, ReadOnly: s.locked, Busy: s.busy,
		Desk: rental.Desk{Now: s.now, At: s.now, NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 40, Instances: list},
	}
}

// rent is the journal of a rent: its intent, that it was sent, and what came of it.
func rent(n int, at time.Time, more ...string) []string {
	head := []string{
		fmt.Sprintf(`{"kind":"intent","t":%q,"plan":"plan-%d","op":"op-%d","account":"1","verb":"rent","token":%q,"label":"train vx-%s","ask":%d,"machine":%d,"image":"pytorch/pytorch","disk":40,"max_dph":0.4}`,
			stamp(at), n, n, token(n), token(n), 700+n, 50+n),
		fmt.Sprintf(`{"kind":"sent","t":%q,"plan":"plan-%d","op":"op-%d"}`, stamp(at.Add(time.Second)), n, n),
	}
	for _, m := range more {
		head = append(head, fmt.Sprintf(`{"t":%q,"plan":"plan-%d","op":"op-%d",%s}`, stamp(at.Add(4*time.Second)), n, n, m))
	}
	return head
}

// act is the journal of another verb about an instance.
func act(n int, verb, plan string, id int, at time.Time, state, more string) []string {
	list := []string{
		fmt.Sprintf(`{"kind":"intent","t":%q,"plan":%q,"op":"op-%d","account":"1","verb":%q,"instance":%d,"state":%q,"label":"renamed"}`, stamp(at), plan, n, verb, id, state),
	}
	if more != "" {
		list = append(list, fmt.Sprintf(`{"t":%q,"plan":%q,"op":"op-%d",%s}`, stamp(at.Add(2*time.Second)), plan, n, more))
	}
	return list
}

func stamp(t time.Time) string { return t.Format(time.RFC3339Nano) }

func token(n int) string { return strings.Repeat(string(rune('a'+n%26)), 12) }

const (
	yes     = `"kind":"confirmed","contract":9001,"via":"response"`
	no      = `"kind":"rejected","status":410,"error":"gone"`
	silence = `"kind":"unknown","status":502,"error":"server"`
)

// read is an answer with this journal.
func (s *stage) read(parts ...[]string) *stage {
	s.t.Helper()
	s.journal = append(s.journal, slices.Concat(parts...)...)
	ops, err := rental.Open(s.journal)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.answer(command.JournalRead{Journal: feed.JournalOf(ops, "1")})
}

func (s *stage) answer(msg command.JournalRead) *stage {
	s.now = s.now.Add(10 * time.Second)
	msg.At = s.now
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
	return s
}

// load is an answer with these instances.
func (s *stage) load(list ...vastapi.Instance) *stage {
	s.now = s.now.Add(10 * time.Second)
	msg := command.InstancesLoaded{Answer: command.Answer{At: s.now}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}}
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
	return s
}

func (s *stage) notice(e feed.Event) *stage {
	s.data.Events = append(slices.Clone(s.data.Events), e)
	s.m.Update(s.env(), command.Noted{})
	return s
}

func running(id vastapi.InstanceID, label string) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: vastapi.MachineID(id) + 100, Label: safetext.New(label), Actual: word, Intended: word, Cur: word, Next: word,
		GPUName: safetext.New("RTX 4090"), NumGPUs: 2, Disk: 80, DphBase: 0.8, DphTotal: 0.82, BilledNow: 0.82, IfRunning: 0.82, StorageTotal: 0.02,
	}
}

// press does what the root does with a key: the view's action, else the view.
func (s *stage) press(names ...string) view.Effect { return solo.Press(s.key, names...) }

func (s *stage) key(name string) view.Effect { return solo.Key(s.m, s.env(), name) }

func (s *stage) text(t string) { solo.Type(s.key, t) }

func (s *stage) plain() string { return solo.Plain(s.m, s.env(), s.size) }

func (s *stage) has(want ...string) {
	s.t.Helper()
	solo.Has(s.t, s.plain(), want...)
}

func (s *stage) lacks(texts ...string) {
	s.t.Helper()
	solo.Lacks(s.t, s.plain(), texts...)
}

// on puts the cursor on a row.
func (s *stage) on(key string) *stage {
	s.t.Helper()
	if !s.m.table.Select(key) {
		s.t.Fatalf("there is no row %s:\n%s", key, s.plain())
	}
	return s
}

// reason is why a key's action cannot be done.
func (s *stage) reason(key string) string { return solo.Reason(s.m, s.env(), key) }

func one[T view.Intent](t testing.TB, e view.Effect) T {
	t.Helper()
	return solo.Only[T](t, e)
}

func targetIDs(p rental.Plan) string {
	var ids []string
	for _, step := range p.Steps {
		ids = append(ids, step.Subject.Instance.String())
	}
	return strings.Join(ids, " ")
}

// orders is the order of the rows on the screen.
func (s *stage) order() string {
	var keys []string
	for n := range s.m.table.Shown() {
		if r, ok := s.m.table.At(n); ok {
			keys = append(keys, r.key)
		}
	}
	return strings.Join(keys, " ")
}

func TestOrphansStandOnTopThenTheNewest(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "late vx-"+token(3)), running(9001, "train vx-"+token(1)))
	s.read(rent(1, noon, yes), rent(2, noon.Add(time.Minute), no), rent(3, noon.Add(-time.Hour), `"kind":"absent","checks":6`))
	s.notice(feed.Event{At: noon.Add(30 * time.Second), Kind: "watch", Text: "machine 7 is back", Machine: 7})
	want := fmt.Sprintf("orphan/1 op/op-2 event/%d/0 op/op-1 op/op-3", noon.Add(30*time.Second).UnixNano())
	if got := s.order(); got != want {
		t.Errorf("the order is %s\nwant %s", got, want)
	}
	s.has("✗ orphan", "✗ rejected", "● confirmed", "✗ absent", "machine 7 is back", "+$0.400/h", "HTTP 410", "1 orphan is billed")
	if _, badge := s.m.Title(s.env()); badge != "1!" {
		t.Errorf("the tab says %q", badge)
	}
}

func TestSecondInstanceOfOneRentIsAnOrphan(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes)).load(running(9001, "train vx-"+token(1)), running(9002, "train vx-"+token(1)))
	if got := s.order(); got != "orphan/9002 op/op-1" {
		t.Errorf("the rows are %s", got)
	}
	s.on("orphan/9002").press("enter")
	s.has("one too many: the rental with its mark made instance 9001", "billed now", "$0.820/h")
	s.load(running(9001, "train vx-"+token(1)))
	if got := s.order(); got != "op/op-1" {
		t.Errorf("once it is gone the rows are %s", got)
	}
}

func TestOpenOperationsSayWhatIsBeingDone(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, silence))
	s.press("enter")
	s.has("▲ unknown", "≤ +$0.400/h", "the account is read again in", "that it did not happen is believed after", "1 open: the account is being read")
	if _, badge := s.m.Title(s.env()); badge != "1!" {
		t.Errorf("the tab says %q", badge)
	}
	s.read([]string{fmt.Sprintf(`{"kind":"confirmed","t":%q,"op":"op-1","contract":9001,"via":"reading"}`, stamp(noon.Add(time.Minute)))})
	s.has("● confirmed", "seen when the account was read")
	s.lacks("read again")
}

func TestDetailTellsAllRecords(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, silence, yes))
	s.size = view.Size{W: 200, H: 40}
	s.press("enter")
	s.has("Operation: rent", "plan-1", "op-1", token(1), "offer      701", "machine    51", "pytorch/pytorch", "40 GB", "train",
		"about to be sent", "unknown: the server answered 502", "confirmed: the server said yes", "instance 9001")
}

func TestOperationsOfAnotherAccountAreNotShown(t *testing.T) {
	t.Parallel()
	other := strings.ReplaceAll(strings.Join(rent(2, noon, yes), "\n"), `"account":"1"`, `"account":"2"`)
	s := newStage(t).read(rent(1, noon, no), strings.Split(other, "\n"))
	if got := s.order(); got != "op/op-1" {
		t.Errorf("the rows are %s", got)
	}
	ops, _ := rental.Open(s.journal)
	s = newStage(t).answer(command.JournalRead{Journal: feed.JournalOf(ops, "")})
	if s.m.table.Total() != 0 {
		t.Error("operations are shown before it is known whose account this is")
	}
	s.has("reading the journal…")
}

func TestRetryOfARentOpensTheMarketWithItsForm(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, no))
	spec, ok := one[view.Goto](t, s.press("r")).Focus.(feed.RentSpec)
	if !ok || spec.Image != "pytorch/pytorch" || spec.Disk != 40 || spec.Name != "train" || spec.Machine != 51 || spec.Kind != vastapi.OnDemand || vastapi.Known(spec.Bid) {
		t.Errorf("the form is %+v", spec)
	}
	s.data.Memory.RentForms = []feed.RentSpec{
		{Image: "other", Disk: 40, Name: "train"},
		{Image: "pytorch/pytorch", Disk: 40, Name: "train", RunType: "jupyter", EnvNames: []string{"HF_TOKEN"}, Ports: []string{"-p 80:80"}, GPU: "RTX 4090", NumGPUs: 2},
	}
	spec = one[view.Goto](t, s.press("r")).Focus.(feed.RentSpec)
	if spec.RunType != "jupyter" || len(spec.EnvNames) != 1 || spec.GPU != "RTX 4090" || spec.Machine != 51 || spec.Kind != vastapi.OnDemand {
		t.Errorf("with its form remembered it is %+v", spec)
	}
}

func TestRetryOfADestroyIsAboutAllThatFailedAndExist(t *testing.T) {
	t.Parallel()
	at := noon
	s := newStage(t).load(running(11, "a"), running(12, "b"), running(13, "c"), running(15, "e"))
	s.read(act(1, "destroy", "p", 11, at, "", no), act(2, "destroy", "p", 12, at, "", yes), act(3, "destroy", "p", 13, at, "", no),
		act(4, "destroy", "p", 14, at, "", no), act(5, "destroy", "q", 15, at, "", no))
	s.on("op/op-3")
	c := one[view.Confirm](t, s.press("r"))
	if got := targetIDs(c.Plan); got != "13 11" || c.Plan.Verb != "destroy" || c.Plan.Consent.Kind != rental.ConsentType {
		t.Errorf("it plans to %s %s with consent %+v", c.Plan.Verb, got, c.Plan.Consent)
	}
	s.load(running(11, "a"))
	if got := targetIDs(one[view.Confirm](t, c.Again(s.env(), "")).Plan); got != "11" {
		t.Errorf("worked out again it is about %s", got)
	}
	s.load()
	if n := one[view.Toast](t, c.Again(s.env(), "")); !strings.Contains(n.Text, "gone") {
		t.Errorf("with no target left it says %q", n.Text)
	}
}

func TestRetryMakesThePlanOfTheSameVerb(t *testing.T) {
	t.Parallel()
	off := running(11, "a")
	word := safetext.New("stopped")
	off.Actual, off.Intended, off.Cur, off.Next = safetext.New("exited"), word, word, word
	s := newStage(t).load(off, running(12, "b"))
	s.read(act(1, "start", "p1", 11, noon, "running", no), act(2, "stop", "p2", 12, noon, "stopped", no), act(3, "rename", "p3", 12, noon, "", no))
	for key, want := range map[string]string{"op/op-1": "start 11", "op/op-2": "stop 12", "op/op-3": "rename 12"} {
		p := one[view.Confirm](t, s.on(key).press("r")).Plan
		if got := p.Verb + " " + targetIDs(p); got != want {
			t.Errorf("%s: it plans to %s, want %s", key, got, want)
		}
	}
}

func TestOrphanIsDestroyedByTypedWordsOnly(t *testing.T) {
	t.Parallel()
	s := newStage(t).read().load(running(18820341, "lost vx-"+token(5)), running(5, "by hand"))
	p := one[view.Confirm](t, s.press("D")).Plan
	if targetIDs(p) != "18820341" || p.Consent != (rental.Consent{Kind: rental.ConsentType, Words: "0341"}) {
		t.Errorf("it is about %s with consent %+v", targetIDs(p), p.Consent)
	}
}

func TestWhatARefusedRentLeftBehindCanBeDestroyed(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, `"kind":"rejected","status":500,"error":"server","contract":9001`)).load(running(9001, "no label"))
	if p := one[view.Confirm](t, s.press("D")).Plan; targetIDs(p) != "9001" {
		t.Errorf("it is about %s", targetIDs(p))
	}
}

func TestCopyIsALineOfTheOfficialClient(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "lost vx-"+token(5)))
	s.read(rent(1, noon, no), act(2, "destroy", "p", 11, noon, "", no), act(3, "stop", "p2", 12, noon, "stopped", no), act(4, "rename", "p3", 12, noon, "", no))
	for key, want := range map[string]string{
		"op/op-1": "# how it was started is not kept: run type, ports, variables, scripts\nvastai create instance 701 --image pytorch/pytorch --disk 40 --label train --cancel-unavail",
		"op/op-2": "vastai destroy instance 11",
		"op/op-3": "vastai stop instance 12", "op/op-4": "vastai label instance 12 renamed", "orphan/1": "vastai destroy instance 1",
	} {
		if got := one[view.Copy](t, s.on(key).press("C")).Text; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestACopiedRentNamesWhatIsMissingInIt(t *testing.T) {
	t.Parallel()
	intent := `{"kind":"intent","t":"2026-03-01T12:00:00Z","plan":"p","op":"op-1","account":"1","verb":"rent","ask":701,"image":"a/b","disk":40,"max_dph":0.4,` +
		`"runtype":"jupyter_direc ssh_direc ssh_proxy","template":"abc","flags":["-p 8080:8080","-h box"],"omits":["2 variables","the start script"]}`
	s := newStage(t).read([]string{intent, `{"kind":"rejected","t":"2026-03-01T12:00:01Z","op":"op-1","status":410,"error":"gone"}`})
	got := one[view.Copy](t, s.on("op/op-1").press("C"))
	for _, want := range []string{"# this was sent as well, and is not kept: 2 variables, the start script\n", "--template_hash abc", "--jupyter --direct", "-p 8080:8080", "-h box", "--cancel-unavail"} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("%q is not in %q", want, got.Text)
		}
	}
	if !strings.Contains(got.What, "without what the journal does not keep") {
		t.Errorf("%q is copied", got.What)
	}
	whole := newStage(t).read([]string{strings.Replace(intent, `"omits":["2 variables","the start script"]`, `"label":"x"`, 1)})
	if got := one[view.Copy](t, whole.on("op/op-1").press("C")); strings.HasPrefix(got.Text, "# this was") || got.What != "the request" {
		t.Errorf("%q, %q", got.What, got.Text)
	}
}

func TestWhatNoReadingCanDenySaysThatItWillBeClosed(t *testing.T) {
	t.Parallel()
	for verb, want := range map[string]bool{"reboot": true, "prepay": true, "accept": true, "destroy": false, "rename": false} {
		s := newStage(t).read(act(1, verb, "p", 11, noon, "", `"kind":"unknown"`)).load(running(11, "x"))
		s.size.W, s.size.H = 240, 60
		s.on("op/op-1").press("enter")
		if text := s.plain(); strings.Contains(text, "closed a day after") != want || !strings.Contains(text, "is read again") {
			t.Errorf("%s: %s", verb, text)
		}
	}
}

func TestWhatNeverBecameKnownIsClosedNotDone(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(act(1, "destroy", "p", 11, noon, "", `"kind":"unknown","closed":true`)).load(running(11, "x"))
	s.on("op/op-1")
	if got := s.reason("r"); !strings.Contains(got, "never became known") {
		t.Errorf("retry: %q", got)
	}
	if text := s.plain(); !strings.Contains(text, "closed") || strings.Contains(text, "is read again") {
		t.Errorf("%s", text)
	}
}

func TestFilterFindsByAnyWord(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes), rent(2, noon, no), act(3, "destroy", "p", 11, noon, "", no))
	for query, want := range map[string]int{"rent": 2, "rejected": 2, "rent -rejected": 1, "train": 2, "offer 702": 1, "instance 11": 1, "pytorch": 2, "xyz": 0, "-": 3} {
		s.press("/")
		s.text(query)
		s.press("enter")
		if got := s.m.table.Shown(); got != want {
			t.Errorf("%q shows %d rows, want %d", query, got, want)
		}
		s.press("esc")
	}
}

func TestOrderIsRememberedAndTakenUp(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes), rent(2, noon, no))
	in := one[view.Remember](t, s.press("o"))
	in.Change(&s.data.Memory)
	id, desc := s.m.table.SortBy()
	if got := s.data.Memory.Tables["activity"]; got.Sort != id || got.Desc != desc || id == "when" {
		t.Errorf("remembered %+v, sorted by %s", got, id)
	}
	again := newStage(t)
	again.data.Memory = s.data.Memory
	again.m.Update(again.env(), command.MemoryLoaded{})
	if other, d := again.m.table.SortBy(); other != id || d != desc {
		t.Errorf("the next run sorts by %s", other)
	}
}

func TestOpeningShowsTheTopUntilARowWasChosen(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes)).read(rent(2, noon.Add(time.Hour), no), rent(3, noon.Add(2*time.Hour), no))
	under := func() string {
		r, _ := s.m.table.Cursor()
		return r.key
	}
	s.m.Update(s.env(), view.Shown{})
	if got := under(); got != "op/op-3" {
		t.Errorf("opened, the cursor is on %s", got)
	}
	s.press("down")
	s.m.Update(s.env(), view.Shown{})
	if got := under(); got != "op/op-2" {
		t.Errorf("after a row was chosen, the cursor is on %s", got)
	}
}

func TestRowsAreMadeAnewOnlyWhenSomethingHasChanged(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes)).load(running(9001, "train vx-"+token(1)))
	before, _ := s.m.table.Get("op/op-1")
	s.load(running(9001, "train vx-"+token(1)), running(5, "by hand"))
	if after, _ := s.m.table.Get("op/op-1"); after != before {
		t.Error("an answer that changes nothing here makes all rows anew")
	}
	s.load(running(9001, "train vx-"+token(1)), running(6, "x vx-"+token(7)))
	if got := s.order(); got != "orphan/6 op/op-1" {
		t.Errorf("a new orphan is not shown: %s", got)
	}
}

func TestRentNamesItsInstanceAndIsFoundByItsOffer(t *testing.T) {
	t.Parallel()
	r := operationRow(&rental.Past{Op: rental.Op{Verb: "rent", State: rental.OpConfirmed, Contract: 9001, Subject: rental.Subject{Offer: 77}}})
	if r.target != "instance 9001" || !strings.Contains(r.text(), "offer 77") {
		t.Errorf("its target is %q, it is found by %q", r.target, r.text())
	}
}

// Two readings of the journal may come at one moment, and the second tells what became
// of what the first left open.
func TestTheNewestReadingCountsHoweverSoonItComes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.read(rent(1, noon))
	s.has("▲ sent")
	s.now = s.now.Add(-10 * time.Second) // the next one comes at the moment of this one
	s.read(rent(1, noon, no)[2:])
	s.has("rejected")
	s.lacks("▲ sent")
}

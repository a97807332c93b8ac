package instances

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// many are n instances of a fleet: most run, some are stopped, start or have failed.
func many(n int) []vastapi.Instance {
	list := make([]vastapi.Instance, n)
	gpus := []string{"RTX 4090", "H100 SXM", "RTX 3090", "A100 PCIE"}
	places := []string{"Stockholm, SE", "Bavaria, DE", "Texas, US", "Tokyo, JP"}
	for k := range list {
		i := running(vastapi.InstanceID(20_000_000+k), fmt.Sprintf("fleet%d-%d", k/500, k%500))
		i.GPUName, i.Geolocation, i.Country = safetext.New(gpus[k%4]), safetext.New(places[k%4]), places[k%4][len(places[k%4])-2:]
		i.GPUUtil, i.GPUTemp, i.CPUUtil, i.MemUsed, i.MemLimit = float64(k%101), 40+float64(k%40), 0.5, 10, 64
		i.Start, i.End = noon.Add(-time.Duration(k)*time.Hour), noon.Add(time.Duration(k)*time.Hour)
		i.DphTotal, i.BilledNow, i.DiskUsed = vastapi.Rate(0.1+float64(k%50)/10), vastapi.Rate(0.1+float64(k%50)/10), 20
		switch k % 20 {
		case 17:
			i.Intended, i.Cur, i.Next, i.Actual, i.BilledNow = safetext.New("stopped"), safetext.New("stopped"), safetext.New("stopped"), safetext.New("exited"), 0.02
		case 18:
			i.Actual = safetext.New("loading")
		case 19:
			i.Actual, i.Status = safetext.New("created"), safetext.New("Error response from daemon: manifest unknown")
		}
		list[k] = i
	}
	return list
}

// fleet is a stage with commands, for lists that are worked out elsewhere.
func fleet(t testing.TB, list []vastapi.Instance) *stage {
	s := &stage{m: New(dark), data: &feed.Snapshot{}, now: noon, size: view.Size{W: 200, H: 50}}
	s.t, _ = t.(*testing.T)
	s.set = command.New(t.Context(), command.Config{})
	s.settle(s.answer(command.InstancesLoaded{Page: vastapi.InstancePage{Instances: list, Total: len(list)}}))
	return s
}

// settle runs what an effect waits for until nothing is left to do.
func (s *stage) settle(e view.Effect) {
	for e.Cmd != nil {
		var next []view.Effect
		for _, msg := range messages(e.Cmd) {
			next = append(next, s.m.Update(s.env(), msg))
		}
		e = view.Join(next...)
	}
}

// messages are what a command comes to, batches taken apart.
func messages(c tea.Cmd) []tea.Msg {
	if c == nil {
		return nil
	}
	switch msg := c().(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		var all []tea.Msg
		for _, c := range msg {
			all = append(all, messages(c)...)
		}
		return all
	default:
		return []tea.Msg{msg}
	}
}

// loadWith is an answer with these instances, of which polls have shown these problems.
func (s *stage) loadWith(problems map[vastapi.InstanceID][]rental.Problem, list ...vastapi.Instance) *stage {
	s.load(list...)
	traces := map[vastapi.InstanceID]feed.Trace{}
	for _, i := range list {
		t := s.data.Traced(i.ID)
		t.Problems = problems[i.ID]
		traces[i.ID] = t
	}
	s.data.Traces = traces
	s.m.seen = -1
	s.settle(s.m.Update(s.env(), command.InstancesLoaded{}))
	return s
}

func problem(kind rental.ProblemKind, level rental.Level, evidence string, actions ...rental.Action) []rental.Problem {
	return []rental.Problem{{Kind: kind, Level: level, Evidence: evidence, Actions: actions}}
}

// granted keeps what an effect wants remembered.
func (s *stage) granted(e view.Effect) {
	for _, in := range e.Intents {
		if r, ok := in.(view.Remember); ok {
			memory := s.data.Memory.Clone()
			r.Change(&memory)
			s.data.Memory = memory
		}
	}
}

// listed are the ids of the rows shown, in their order.
func (s *stage) listed() string {
	var ids []string
	for n := range s.m.table.Shown() {
		r, _ := s.m.table.At(n)
		ids = append(ids, r.ID.String())
	}
	return strings.Join(ids, " ")
}

// ask types a query from the start and leaves the line.
func (s *stage) ask(query string) {
	s.press("/")
	s.m.query.Reset()
	s.text(query)
	s.press("enter")
}

func TestListsOfEveryLengthAreShownWhole(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 26, 500, 5_000} {
		s := fleet(t, many(n))
		if s.m.table.Pending() || s.m.table.Shown() != n {
			t.Errorf("of %d instances %d are shown", n, s.m.table.Shown())
		}
		for _, size := range []view.Size{{W: 60, H: 10}, {W: 80, H: 24}, {W: 100, H: 30}, {W: 140, H: 40}, {W: 200, H: 60}, {W: 320, H: 90}, {W: 33, H: 7}, {W: 1, H: 1}} {
			if err := fit.Exact(s.m.Draw(s.env(), size).Body, size.W, size.H); err != nil {
				t.Errorf("%d instances in %v: %v", n, size, err)
			}
		}
		s.press("G")
		r, ok := s.m.table.Cursor()
		if ok != (n > 0) || ok && r.ID != vastapi.InstanceID(20_000_000+n-1) {
			t.Errorf("of %d the last one is not under the cursor", n)
		}
	}
}

func TestColumnsThatMatterMostAreShownAtEveryWidth(t *testing.T) {
	t.Parallel()
	seven := []string{"ID", "Status", "$/h now", "Machine", "GPU", "Name", "Region"}
	for w, want := range map[int][]string{
		60:  {"ID", "Status", "$/h now", "Name"},
		80:  {"ID", "Status", "$/h now", "GPU", "Name", "Region"},
		100: seven,
		140: append(slices.Clone(seven), "GPU %", "Temp"),
		200: append(slices.Clone(seven), "GPU %", "Temp", "VRAM", "CPU", "RAM", "Disk", "Uptime", "Ends", "$ so far", "ssh"),
		240: append(slices.Clone(seven), "GPU %", "Temp", "VRAM", "CPU", "RAM", "Disk", "Uptime", "Ends", "$ so far", "ssh", "Image"),
	} {
		s := newStage(t).load(some()...)
		header, _, _ := strings.Cut(ansi.Strip(s.m.table.Draw(w, 5)), "\n")
		for _, title := range want {
			if !slices.Contains(strings.Fields(strings.ReplaceAll(header, "▲", "")), strings.Fields(title)[0]) {
				t.Errorf("%d columns: %q is not in %q", w, title, header)
			}
		}
		for _, title := range []string{"Host", "Template", "Message", "running"} {
			if strings.Contains(header, title) {
				t.Errorf("%d columns: %q was not asked for: %q", w, title, header)
			}
		}
	}
}

func TestInstancesAreFilteredInTheLanguageOfTheMarket(t *testing.T) {
	t.Parallel()
	a, b, c := running(101, "train-1"), running(102, "us_eval"), stopped(203, "cluster")
	a.GPUUtil, a.GPUTemp, a.Country, a.Start, a.End, a.HostID = 1, 70, "SE", noon.Add(-50*time.Hour), noon.Add(20*time.Hour), 7
	b.GPUUtil, b.GPUTemp, b.Country, b.Geolocation, b.GPUName, b.NumGPUs = 99, 50, "DE", safetext.New("Bavaria, DE"), safetext.New("H100 SXM"), 8
	c.GPUUtil, c.GPUTemp, c.Bid, c.Country, c.Geolocation = vastapi.Unknown[float64](), vastapi.Unknown[float64](), true, "US", safetext.New("Texas, US")
	a.DiskUsed, b.Start, b.End = 76, noon.Add(-time.Hour), noon.Add(900*time.Hour)
	s := newStage(t).loadWith(map[vastapi.InstanceID][]rental.Problem{
		101: problem(rental.ProblemIdle, rental.Caution, "Idle."), 203: problem(rental.ProblemDisk, rental.Danger, "Full."),
	}, a, b, c)
	for query, want := range map[string]string{
		"train": "101", "-train": "102 203", "us": "102 203", "DE": "102", "EU": "101 102", "bavaria": "102", "stopped": "203", "status=running": "101 102",
		"util<5": "101", "util>=99%": "102", "util=null": "203", "temp>60": "101", "uptime>2d": "101", "uptime<3h": "102", "ends<24h": "101", "ends>30d": "102",
		"disk>90": "101", "type=bid": "203", "type=on-demand": "101 102", "dph<0.05": "203", "cost>0.5": "101 102", "num=8": "102", "gpus>2": "102",
		"gpu=H100_SXM": "102", "4090": "101 203", "h100": "102", "problem=idle": "101", "problem!=null": "101 203", "problem=low_disk": "", "problem='low disk'": "203",
		"leaks=true": "203", "machine=201": "101", "host=7": "101", "id>102": "203", "image=pytorch/pytorch": "101 102 203", "~^cluster$": "203", "train|cluster": "101 203",
		"so_far>30": "101", "region!=US": "101 102", "running util<5 4090": "101", "dph_running>0.5": "101 102 203",
	} {
		s.ask(query)
		if got := s.listed(); got != want {
			t.Errorf("%q shows %q, want %q\n%s", query, got, want, s.plain())
		}
	}
}

func TestMistakesInTheFilterAreNamedAndWhatStandsBeforeThemApplies(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.press("/")
	s.text("worker utl<5 x")
	if s.listed() != "18820341 18820377" {
		t.Errorf("shown is %s", s.listed())
	}
	s.has("there is no field utl", "util?")
	s.press("enter")
	s.has("what is marked in the filter is not applied", "2 of 3 shown")
	s.press("esc")
	if s.listed() != "18820341 18820377 18821102" {
		t.Errorf("after esc %s are shown", s.listed())
	}
}

func TestWhatIsTypedIsExplainedAndCompleted(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.press("/")
	s.text("worker ut")
	s.has("util", "load of the GPU")
	s.press("tab")
	if got := s.m.query.Value(); !strings.HasPrefix(got, "worker gpu_util") && got != "worker util" {
		t.Errorf("tab makes %q of it", got)
	}
	s.text("<5 status=")
	s.has("RUNNING", "STOPPED")
	s.press("esc", "esc")
	s.m.query.Reset()
	s.press("/")
	s.text("worker type=bid ")
	s.has(`"worker" is in a text of it`, "type = bid")
}

func TestOnlyThoseWithAProblemAreShownWhenAskedFor(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	if s.reason("P") == "" || s.reason("!") == "" {
		t.Error("there is no problem, and nobody says so")
	}
	stop := rental.Action{Kind: rental.ActStop, Text: "Stop it"}
	s.loadWith(map[vastapi.InstanceID][]rental.Problem{
		18820377: problem(rental.ProblemIdle, rental.Caution, "The GPU has not been used for 2h.", stop),
		18821102: problem(rental.ProblemEnd, rental.Danger, "The contract ends in 3h."),
	}, some()...)
	s.has("2 with a problem (!)", "! RUNNING", "✗ STOPPED")
	s.press("P")
	if s.listed() != "18820377 18821102" {
		t.Errorf("shown are %s", s.listed())
	}
	s.has("problems only (P)", "2 of 3 shown")
	s.press("P")
	if s.m.table.Shown() != 3 {
		t.Errorf("after P again %d are shown", s.m.table.Shown())
	}
	s.press("g", "!")
	if s.under() != 18820377 || !s.m.detail {
		t.Errorf("! goes to %v", s.under())
	}
	s.press("esc")
	s.has("idle: The GPU has not been used for 2h.", "S stop it")
	s.press("!")
	if s.under() != 18821102 {
		t.Errorf("! goes to %v", s.under())
	}
	s.press("!")
	if s.under() != 18820377 {
		t.Errorf("round the end ! goes to %v", s.under())
	}
	s.press("esc")
	s.ask("running -worker-b")
	if s.press("!"); s.under() != 18820377 {
		t.Errorf("what the filter hides is not gone to: %v", s.under())
	}
	s.press("esc", "P")
	s.loadWith(nil, some()...)
	s.has("None of 3 instances has a problem now. Press P for all of them.")
	if s.reason("P") != "" {
		t.Errorf("P cannot be taken back: %s", s.reason("P"))
	}
}

func TestStatusSaysForHowLongAndIsCutAtTheWord(t *testing.T) {
	t.Parallel()
	loading := running(7, "new")
	loading.Actual = safetext.New("loading")
	odd := running(8, "odd")
	odd.Actual = safetext.New("hibernating")
	s := newStage(t)
	s.load(loading)
	s.now = s.now.Add(170 * time.Second)
	s.size.W = 110
	s.load(loading, stopped(9, "eval"), odd)
	s.has("◐ LOADING ≥3m", "■ STOPPED (billing)", "○ HIBERNATING")
	for w, want := range map[int]string{18: "■ STOPPED (bills)", 17: "■ STOPPED (bills)", 13: "■ STOPPED $", 11: "■ STOPPED $", 10: "■ STOPPED"} {
		if got := cutStatus("■ STOPPED (billing)", w); got != want {
			t.Errorf("cut to %d cells it is %q", w, got)
		}
	}
	for w, want := range map[int]string{140: "■ STOPPED (bills)", 100: "■ STOPPED (bills)", 80: "■ STOPPED $"} {
		s.size.W = w
		s.has(want)
	}
	if got := cutStatus("▲ SCHEDULING 51/60", 14); got != "▲ SCHED… 51/60" {
		t.Errorf("cut it is %q", got)
	}
	for text, want := range map[string]string{"Stockholm, SE": "Sto…, SE", "US": "US", "Sweden": "Sweden"} {
		if got := cutPlace(text, 8); got != want {
			t.Errorf("cut %q is %q", text, got)
		}
	}
	for text, want := range map[string]string{
		"◐ LOADING 3m": "◐ LOADING", "■ STOPPED (billing)": "■ STOPPED (billing)", "● RUNNING": "● RUNNING", "● RUNNING 3/5": "● RUNNING 3/5",
	} {
		if got := steadyStatus(text); got != want {
			t.Errorf("what is news of %q is %q", text, got)
		}
	}
}

func TestWhatCouldNotBeReadIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	odd := running(8, "odd")
	odd.NumGPUs = 0
	for bad, want := range map[int]string{1: "1 instance could not be read: it is not shown and in no sum", 3: "3 instances could not be read: they are not shown and in no sum"} {
		s.answer(command.InstancesLoaded{Page: vastapi.InstancePage{Instances: []vastapi.Instance{odd}, Total: 1 + bad, Bad: bad}})
		s.has(want, "burn ≥ $")
		s.lacks("0×")
	}
	s.load(odd)
	s.lacks("could not be read", "≥ $")
}

func TestWhatHelpsIsNamedWhereThereIsLittleRoom(t *testing.T) {
	t.Parallel()
	s := newStage(t).loadWith(map[vastapi.InstanceID][]rental.Problem{
		8: problem(rental.ProblemOutbid, rental.Caution, "The price to hold is $0.078/h, the bid is $0.001/h.",
			rental.Action{Kind: rental.ActBid, Text: "Bid more"}, rental.Action{Kind: rental.ActWait, Text: "Wait on"},
			rental.Action{Kind: rental.ActRentNext, Text: "Rent the next best"}, rental.Action{Kind: rental.ActDestroy, Text: "Destroy it"}),
	}, running(8, "low"))
	for w, want := range map[int]string{
		140: "the bid is $0.001/h.  b bid more · r rent the next best · D destroy it",
		105: "the bid is $0.001/h.  b bid more · r rent the next best · w more",
		90:  "the bid is $0.001/h.  b bid more · w more",
		80:  "the bid is $0.001/h.  w what helps",
		64:  "the bid i…  w what helps",
	} {
		s.size.W = w
		if !strings.Contains(s.plain(), want) {
			t.Errorf("%d cells: no %q in\n%s", w, want, s.plain())
		}
	}
}

func TestRowSaysWhatIsUnderWayForIt(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.size.W = 110
	s.busy = map[vastapi.InstanceID]string{18820377: "stop"}
	s.m.Update(s.env(), command.Beat{At: s.now})
	s.has("◐ stop under way", "● RUNNING")
	s.busy = nil
	s.m.Update(s.env(), command.Beat{At: s.now})
	s.lacks("under way")
}

func TestEndsAreAmberAndRedWhenTheyAreNear(t *testing.T) {
	t.Parallel()
	at := slices.IndexFunc(catalogue(), func(c spec) bool { return c.id == "ends" })
	for _, c := range []struct {
		left  time.Duration
		text  string
		class theme.Class
	}{
		{100 * time.Hour, "4d 4h", theme.Plain}, {72 * time.Hour, "3d", theme.Plain}, {71 * time.Hour, "2d 23h", theme.Warn}, {24 * time.Hour, "1d", theme.Warn},
		{23*time.Hour + 30*time.Minute, "23h 30m", theme.Bad}, {0, "over", theme.Bad}, {-time.Hour, "over", theme.Bad},
	} {
		r := &row{at: noon}
		r.End = noon.Add(c.left)
		if text, class := catalogue()[at].cell(r); text != c.text || class != c.class {
			t.Errorf("%v before its end it says %q in %v, want %q in %v", c.left, text, class, c.text, c.class)
		}
	}
	s := fleet(t, many(30))
	s.granted(s.press("'"))
	s.has("first end is over")
}

func TestLegendExplainsEveryWordAndSign(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.size = view.Size{W: 140, H: 60}
	s.press("L")
	for _, l := range rental.Legend() {
		s.has(l.Word)
	}
	s.has("✗ before it", "(billing) $", "comes from the API as it is")
	s.size.H = 12
	top := s.plain()
	s.press("pgdown")
	if s.plain() == top {
		t.Error("it cannot be scrolled")
	}
	for range 60 {
		s.press("j")
	}
	end := s.plain()
	if s.press("j"); s.plain() != end {
		t.Error("it scrolls beyond its end")
	}
	s.press("esc")
	s.has("worker-a")
	s.press("L", "L")
	s.has("worker-a")
}

func TestColumnsOrderAndFilterAreRemembered(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.size.H = 70
	s.press("c")
	s.has("Columns", "[•] ID", "[ ] Host")
	s.press("/")
	s.text("owner")
	s.press("enter", "space")
	s.granted(s.press("enter"))
	if !slices.Contains(s.data.Memory.Tables[memoryName].Columns, "host") {
		t.Errorf("remembered are %v", s.data.Memory.Tables[memoryName].Columns)
	}
	s.m.table.Draw(150, 20)
	s.granted(s.press("o"))
	s.granted(s.press("O"))
	by, desc := s.m.table.SortBy()
	s.press("/")
	s.text("worker util!=5")
	s.granted(s.press("enter"))

	next := newStage(t)
	next.data.Memory = s.data.Memory.Clone()
	next.load(some()...)
	if b, d := next.m.table.SortBy(); b != by || d != desc {
		t.Errorf("sorted by %s %v, was %s %v", b, d, by, desc)
	}
	if !slices.Contains(next.m.table.VisibleColumns(), "host") || next.m.query.Value() != "worker util!=5" || next.m.table.Shown() != 0 && next.listed() != s.listed() {
		t.Errorf("columns %v, filter %q, shown %s", next.m.table.VisibleColumns(), next.m.query.Value(), next.listed())
	}
	next.press("/")
	next.text(" utl<5 ")
	next.granted(next.press("esc"))
	if got := next.data.Memory.Tables[memoryName].Query; got != "worker util!=5" {
		t.Errorf("a filter that cannot be read is kept: %q", got)
	}
	next.granted(next.press("esc"))
	if got := next.data.Memory.Tables[memoryName].Query; got != "" {
		t.Errorf("the cleared filter is still remembered: %q", got)
	}
	s.press("ctrl+o")
	s.has("Sort by", "Machine")
	if err := fit.Exact(s.m.Draw(s.env(), s.size).Body, s.size.W, s.size.H); err != nil {
		t.Error(err)
	}
}

func TestMemoryThatComesLateArrangesWhatIsThere(t *testing.T) {
	t.Parallel()
	s := fleet(t, many(5_000))
	s.data.Memory.SetTable(memoryName, feed.TableState{Sort: "util", Desc: true, Query: "h100 util>50"})
	s.settle(s.m.Update(s.env(), command.MemoryLoaded{}))
	if s.m.table.Pending() || s.m.table.Shown() == 0 || s.m.table.Shown() == 5_000 || s.under() == 0 {
		t.Errorf("pending %v, %d are shown, under the cursor %v", s.m.table.Pending(), s.m.table.Shown(), s.under())
	}
	first, _ := s.m.table.At(0)
	if by, _ := s.m.table.SortBy(); by != "util" || first.GPUUtil != 100 {
		t.Errorf("sorted by %s, the first has %v", by, first.GPUUtil)
	}
}

func TestGroupIsMadeOfWhatTheFilterAdmits(t *testing.T) {
	t.Parallel()
	list := []vastapi.Instance{running(701, "train-1"), running(702, "train-2"), stopped(703, "train-3"), running(704, "eval")}
	s := newStage(t).load(list...)
	s.press("z")
	s.size.W = 110
	s.has("3×", "6× RTX 4090", "STOPPED 2/3")
	s.press("g")
	s.ask("-stopped")
	s.has("2×", "RUNNING 2/2", "3 of 4 shown")
	if got := len(s.m.chosen()); got != 2 {
		t.Errorf("the group under the cursor stands for %d instances", got)
	}
	for _, r := range s.m.chosen() {
		if r.ID == 703 {
			t.Error("what the filter hides is acted upon")
		}
	}
	s.ask("train-3")
	if got := s.m.chosen(); len(got) != 1 || got[0].ID != 703 {
		t.Errorf("the only one that is left stands for %v", got)
	}
	s.ask("nothing-like-it")
	if s.reason("D") != "no instance is shown: the filter hides them all" {
		t.Errorf("D says %q", s.reason("D"))
	}
	s.press("esc", "g", "z")
	if s.under() != 701 {
		t.Errorf("unfolded the cursor is on %v, want the first of the group", s.under())
	}
	s.press("down", "z")
	if s.under() != -701 {
		t.Errorf("folded the cursor is on %v, want its group", s.under())
	}
}

func TestOverviewSaysWhatLeaksAsTheHeaderDoes(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()[0], stopped(9, "cold"))
	s.volumes(vastapi.Volume{ID: 1, Hourly: 0.5}, vastapi.Volume{ID: 2, Hourly: 0.25}, vastapi.Volume{ID: 3, Hourly: 0.125, Instances: []vastapi.InstanceID{some()[0].ID}})
	s.data.Derive()
	s.size = view.Size{W: 160, H: 30}
	s.has("leak " + figure.Rate(float64(s.data.Burn.Leak)) + ": 1 instance, 2 volumes")
	s.load(some()[0])
	s.data.Derive()
	s.has("leak $0.750/h: 2 volumes")
	s.press("'", "down")
	s.has("what leaks are volumes alone")
	if s.granted(s.press("enter")); s.m.page == nil {
		t.Error("it leads to instances although none of them leaks")
	}
}

func TestDetailBelowAShortListTakesWhatTheRowsLeave(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.size = view.Size{W: 140, H: 36}
	rule := func() int {
		for n, l := range strings.Split(s.plain(), "\n") {
			if strings.HasPrefix(l, "───") {
				return n
			}
		}
		return -1
	}
	s.press("enter")
	if got, want := rule(), 2+s.m.topHeight(s.size)+max(leastRows-1, len(some())); got != want {
		t.Errorf("the rule is on line %d, want it on %d:\n%s", got, want, s.plain())
	}
	short := rule()
	s.press("/")
	s.text("zzz")
	typing := rule()
	s.press("backspace")
	if typing <= short || rule() != typing {
		t.Errorf("while the query is typed the rule goes from %d to %d and %d", short, typing, rule())
	}
	var list []vastapi.Instance
	for n := range 60 {
		list = append(list, running(vastapi.InstanceID(1+n), "one"))
	}
	s = newStage(t).load(list...)
	s.size = view.Size{W: 140, H: 36}
	s.press("enter")
	s.press("down", "down")
	s.has("row 3 of 60")
	if got := rule(); got != 1+s.m.topHeight(s.size)+pane.Of(140, 34-s.m.topHeight(s.size), true, view.Wide).ListH {
		t.Errorf("of a long list the rule is on line %d", got)
	}
}

func TestAWordIsLookedForElsewhereAmongHundredsOfInstances(t *testing.T) {
	t.Parallel()
	s := fleet(t, many(fewWords+1))
	s.press("/")
	e := s.press("4")
	if !s.m.table.Pending() {
		t.Fatal("they were filtered within the key")
	}
	s.settle(e)
	if s.m.table.Pending() || s.m.table.Shown() == 0 || s.m.table.Shown() == len(s.m.plain) {
		t.Errorf("%d of %d are shown", s.m.table.Shown(), len(s.m.plain))
	}
}

func TestOverviewAddsUpAndLeadsToWhatItCounts(t *testing.T) {
	t.Parallel()
	a, b := some()[0], stopped(9, "cold")
	a.End, b.End = noon.Add(40*time.Hour), noon.Add(90*time.Hour)
	s := newStage(t).load(a, b, some()[1])
	s.data.Derive()
	s.size = view.Size{W: 160, H: 30}
	s.has("burn $1.660/h", "leak $0.020/h: 1 instance  ", "2 running", "1 stopped", "first end in 1d 15h", "runway 1d 0h"[:9])
	s.press("'")
	s.has("Overview", "billed without computing")
	s.size.W = 80 // where the header has no room for them
	s.data.User.Apply(vastapi.User{Credit: 40}, s.now, nil)
	s.data.Spent.Apply(feed.Spent{Day: 3.5, Month: 61.25, DayOf: feed.DayOf(s.now), Since: feed.MonthOf(s.now)}, s.now, nil)
	s.has("credit $", "zero Mar 2", "today $3.50", "month $61.25")
	s.size.W = 160
	s.granted(s.press("down", "enter"))
	if s.listed() != "9" || s.m.query.Value() != "leaks=true" {
		t.Errorf("the leak leads to %s with %q", s.listed(), s.m.query.Value())
	}
	s.press("esc", "'", "enter")
	if by, desc := s.m.table.SortBy(); by != "dph" || !desc || s.under() != 18820341 {
		t.Errorf("the burn leads to %v by %s", s.under(), by)
	}
	for w := 1; w < 170; w += 7 {
		if err := fit.Exact(s.m.strip(s.env(), w), w, 1); err != nil {
			t.Errorf("%d columns: %v", w, err)
		}
	}
	s.size.H = 10
	s.lacks("burn $")
}

func TestWhatIsOnTheScreenIsToldToTheProgram(t *testing.T) {
	t.Parallel()
	s := fleet(t, many(500))
	s.size = view.Size{W: 120, H: 22}
	s.plain()
	got := s.m.Visible(s.env())
	if len(got) == 0 || len(got) > 20 || got[0] != 20_000_000 {
		t.Errorf("visible are %v", got)
	}
}

// stands are ways in which the list can stand beside those in states.
var stands = map[string]func(*testing.T) *stage{
	"problems": func(t *testing.T) *stage {
		s := newStage(t).loadWith(map[vastapi.InstanceID][]rental.Problem{
			18820341: problem(rental.ProblemIdle, rental.Caution, strings.Repeat("世界 ", 80), rental.Action{Kind: rental.ActStop, Text: "Stop it"}),
			18821102: problem(rental.ProblemEnd, rental.Danger, "The contract ends in 3h."),
		}, some()...)
		s.press("P")
		return s
	},
	"typing with candidates": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.press("/")
		s.text("sta")
		return s
	},
	"a mistake": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.ask("worker utl<5 世界 x")
		return s
	},
	"groups": func(t *testing.T) *stage {
		s := newStage(t).load(running(701, "train-1"), stopped(702, "train-2"), running(703, strings.Repeat("世", 50)+"-1"), running(704, strings.Repeat("世", 50)+"-2"))
		s.press("z", "space", "enter")
		return s
	},
	"every column": func(t *testing.T) *stage {
		s := newStage(t).load(many(40)...)
		s.press("c", "a", "enter")
		return s
	},
	"fleet": func(t *testing.T) *stage { return fleet(t, many(500)) },
	"columns": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.press("c", "/")
		s.text("di")
		return s
	},
	"legend":   func(t *testing.T) *stage { s := newStage(t).load(some()...); s.press("L"); return s },
	"sort":     func(t *testing.T) *stage { s := newStage(t).load(some()...); s.press("ctrl+o"); return s },
	"overview": func(t *testing.T) *stage { s := newStage(t).load(many(60)...); s.press("'"); return s },
	"full":     func(t *testing.T) *stage { s := newStage(t).load(some()...); s.press("enter", "Z"); return s },
}

func TestFramesAreExactHoweverTheListStands(t *testing.T) {
	t.Parallel()
	for name, make := range stands {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			for w := 1; w < 260; w += 7 {
				for h := 1; h < 60; h += 3 {
					f := s.m.Draw(s.env(), view.Size{W: w, H: h})
					if err := fit.Exact(f.Body, w, h); err != nil {
						t.Fatalf("%dx%d: %v", w, h, err)
					}
					if c := f.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
						t.Fatalf("%dx%d: the text cursor stands at %d,%d", w, h, c.X, c.Y)
					}
				}
			}
		})
	}
}

func TestThousandsAreArrangedElsewhereAndNothingIsUnderTheCursorMeanwhile(t *testing.T) {
	t.Parallel()
	list := many(5_000)
	s := fleet(t, list)
	s.press("down", "down", "space", "down")
	was := s.under()
	// An answer that is still being worked out leaves what is seen as it is.
	shorter := slices.Delete(slices.Clone(list), 0, 2)
	e := s.answer(command.InstancesLoaded{Page: vastapi.InstancePage{Instances: shorter, Total: len(shorter)}})
	if s.under() != was || s.m.table.Total() != 5_000 {
		t.Error("something changed before it was worked out")
	}
	s.settle(e)
	if s.under() != was || s.m.table.Total() != 4_998 || len(s.m.table.Marked()) != 1 || s.m.table.Marked()[0].ID != 20_000_002 {
		t.Errorf("the cursor is on %v, %d rows, marked %v", s.under(), s.m.table.Total(), s.m.table.Marked())
	}
	e = s.press("O")
	if s.under() != 0 || len(s.m.chosen()) != 0 || s.reason("D") == "" {
		t.Errorf("while it is sorted D says %q, and %d are chosen", s.reason("D"), len(s.m.chosen()))
	}
	s.settle(e)
	if s.under() != was {
		t.Errorf("sorted the other way the cursor is on %v", s.under())
	}
	s.press("/")
	s.m.query.Reset()
	var last view.Effect
	for _, k := range "H100 util<5" {
		key := string(k)
		if k == ' ' {
			key = "space"
		}
		last = s.key(key)
	}
	s.settle(last)
	s.press("enter")
	for n := range s.m.table.Shown() {
		if r, _ := s.m.table.At(n); r.GPUName.String() != "H100 SXM" || !(r.GPUUtil < 5) {
			t.Fatalf("%v is shown", r.ID)
		}
	}
	if s.m.table.Shown() == 0 || s.m.table.MarkedHidden() != 1 {
		t.Errorf("%d are shown, %d marks are hidden", s.m.table.Shown(), s.m.table.MarkedHidden())
	}
	s.settle(s.press("esc"))
	s.settle(s.press("esc"))
	s.settle(s.press("z"))
	if s.m.table.Total() != 10 {
		t.Errorf("5,000 instances are %d groups", s.m.table.Total())
	}
	s.settle(s.press("z"))
	if s.m.table.Total() != 4_998 {
		t.Errorf("unfolded they are %d", s.m.table.Total())
	}
}

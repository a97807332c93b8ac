package instances

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chart"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// told is an instance of which everything is told.
func told() vastapi.Instance {
	i := made()
	r := reachableOne()
	i.SSHHost, i.SSHPort, i.PublicIP = r.SSHHost, r.SSHPort, r.PublicIP
	i.Ports = append(r.Ports, vastapi.PortMap{Container: "6006/tcp", Host: 36006}, vastapi.PortMap{Container: "8080/tcp", Host: 30080})
	i.RunType, i.Jupyter, i.Template = safetext.New("jupyter_direc ssh_direc ssh_proxy"), vastapi.NewSecret("t0k3n"), safetext.New("PyTorch (Vast)")
	i.Status = safetext.New("success, running pytorch/pytorch_2.4/ssh")
	i.HostID, i.GPURAM, i.CPUCores, i.MemLimit, i.InetDown, i.InetUp, i.InetDownCost, i.InetUpCost = 31, 24564, 48, 128, 812, 300, 0.003, 0.004
	i.Reliability, i.Verification, i.CUDA, i.Driver = 0.991, safetext.New("verified"), 12.4, safetext.New("550.54.14")
	i.Start, i.End = noon.Add(-31*time.Hour), noon.Add(60*time.Hour)
	i.GPUUtil, i.GPUTemp, i.Deposit, i.Discount = 3, 61, 12.5, 0.2
	i.OnStart = safetext.New("cd /workspace\n\n" + strings.Repeat("echo step\n", 30))
	return i
}

// samples are the readings of half an hour, with a gap.
func samples(n int) []feed.Sample {
	nan := float32(math.NaN())
	var list []feed.Sample
	for k := range n {
		s := feed.Sample{
			Unix: noon.Add(time.Duration(k-n) * 30 * time.Second).Unix(), GPU: float32(k * 100 / n), Temp: 40 + float32(k%20), VRAM: 50, CPU: 12, RAM: nan, Disk: 52,
		}
		if k == n/2 {
			s.GPU, s.Temp = nan, nan
		}
		list = append(list, s)
	}
	return list
}

// seen is the view with a detail about which the polls have told a lot.
func seen(t testing.TB, i vastapi.Instance) *stage {
	t.Helper()
	s := newStage(t).load(i)
	states := []rental.StateAt{
		{At: noon.Add(-30 * time.Hour), State: rental.State{Word: "CREATING", Class: rental.ClassMoving}},
		{At: noon.Add(-29 * time.Hour), State: rental.State{Word: "LOADING", Class: rental.ClassMoving}},
		{At: noon.Add(-3*time.Minute - 12*time.Second), State: rental.State{Word: "RUNNING", Class: rental.ClassRunning}},
	}
	inc := asked(7, i.ID)
	s.increases(inc)
	problems := rental.Problems(&i, s.now, rental.Background{Increases: []vastapi.PriceIncrease{inc}, Watched: rental.Watched{IdleSince: noon.Add(-40 * time.Minute), States: states}})
	s.data.Traces = map[vastapi.InstanceID]feed.Trace{i.ID: {Watched: rental.Watched{States: states, LastAt: noon}, Samples: samples(60), Problems: problems, ReadAt: s.now}}
	s.m.Update(s.env(), command.JournalRead{})
	s.opened = map[vastapi.InstanceID]rental.Opened{i.ID: {Sessions: 1}}
	return s
}

// page is the whole detail, w cells wide, without what a terminal colours.
func (s *stage) page(w int) string {
	s.t.Helper()
	r, ok := s.m.table.Cursor()
	if !ok {
		s.t.Fatal("nothing is under the cursor")
	}
	facts := s.m.detailFacts(s.env(), r, w)
	h := pane.MaxScroll(facts, w, 1) + 2
	return ansi.Strip(pane.Facts(dark, "Instance "+r.ID.String(), facts, 0, w, h))
}

func TestDetailIsAsItWasWritten(t *testing.T) {
	t.Parallel()
	scheduling := standing()["scheduling"]
	waits := newStage(t).load(scheduling)
	trouble(waits, scheduling, rental.Problems(&scheduling, waits.now, rental.Background{}))
	starts := newStage(t)
	starts.at(noon.Add(5*time.Minute), rentedOne(779, "loading"))
	for name, s := range map[string]*stage{"told": seen(t, told()), "waits": waits, "starts": starts, "bare": newStage(t).load(running(7, ""))} {
		for _, w := range []int{40, 56, 120} {
			golden(t, fmt.Sprintf("detail-%s-%d", name, w), s.page(w))
		}
	}
}

// golden compares a text with its file; UPDATE_GOLDEN=1 writes it.
func golden(t *testing.T, name, text string) {
	t.Helper()
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		lines = append(lines, strings.TrimRight(l, " "))
	}
	text = strings.Join(lines, "\n") + "\n"
	file := filepath.Join("testdata", name+".golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s differs (UPDATE_GOLDEN=1 writes it):\n%s", file, text)
	}
}

func TestDetailHidesSecretsAndTellsTheRest(t *testing.T) {
	t.Parallel()
	s := seen(t, told())
	text := s.page(100)
	for _, secret := range []string{"hunter2", "t0k3n", "BATCH=16", "VX_OP", "vx-abcdefghijkl", "NaN"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is shown:\n%s", secret, text)
		}
	}
	holds(t, "the detail", text,
		"● RUNNING, seen so for 3m", "idle", "S stop it", "asks more", "I accepts or rejects it", "$0.820/h → $1.000/h, +$129.60 a month", "ends in 8d 23h", "so far", "$0.820/h", "a day", "a month",
		"https://52.0.2.17:30080/?token=…", "http://52.0.2.17:36006/", "HF_TOKEN=…", "-p 8080:8080", "cd /workspace", "more (u)", "volumes", "3; kept",
		"timeline", "Feb 28 07:00 ◐ LOADING", "11:56:48 ● RUNNING until now, 3m", "60 readings in", "1 ssh session from here", "in 2d 11h", "jupyter_direc", "PyTorch (Vast)")
}

func TestUsageIsDrawnFromTheReadings(t *testing.T) {
	t.Parallel()
	i := told()
	for w, lines := range map[int]int{30: 2, 40: 2, 56: 1, 200: 1} { // of each figure
		facts := usageFacts(samples(300), &i, w)
		if len(facts) != 5*lines+1 { // nothing is known of the RAM
			t.Fatalf("%d facts at %d", len(facts), w)
		}
		for n, f := range facts[:len(facts)-1] {
			if got := fit.Wrap(f.Value, w-labelColumn-4); w > 40 && len(got) != 1 {
				t.Errorf("%d wide: line %d takes %d lines: %q", w, n, len(got), got)
			}
		}
		for _, value := range []string{"99.", "0.0% to 99"} {
			if !strings.Contains(facts[0].Value, value) {
				t.Errorf("%d wide: %q is not in %q", w, value, facts[0].Value)
			}
		}
		if line, _, beside := strings.Cut(facts[lines-1].Value, " "); beside != (lines == 1) || fit.Width(line) < leastLine {
			t.Errorf("%d wide: the line is %q", w, facts[lines-1].Value)
		}
	}
	few := usageFacts(samples(4), &i, 56)
	if line, _, _ := strings.Cut(few[0].Value, " "); fit.Width(line) != 4 || !strings.Contains(line, untold) {
		t.Errorf("four readings with a gap are %q", few[0].Value)
	}
	if got := usageFacts(nil, &i, 56); len(got) != 1 || got[0].Value != "3.0%, 61 °C" {
		t.Errorf("without readings it says %+v", got)
	}
	flat := []feed.Sample{{GPU: 3, Temp: 60}, {GPU: 3, Temp: 60}, {GPU: 3, Temp: 60}}
	if got, want := usageFacts(flat, &i, 56)[0].Value, chart.Sparkline([]float64{3, 3, 3}, 3, chart.Options{Scale: true, Max: 100})+" 3.0%, 3.0% to 3.0%"; got != want {
		t.Errorf("a small load looks like %q, want %q", got, want)
	}
}

func TestUsageOfOneOrTwoReadingsIsTheNewestAlone(t *testing.T) {
	t.Parallel()
	i := told()
	for n := 1; n < fewReadings; n++ {
		all := []feed.Sample{{GPU: 44, Temp: 60}, {GPU: 45, Temp: 61}}[:n]
		facts := usageFacts(all, &i, 56)
		if want := fmt.Sprintf("%d.0%%", 43+n); facts[0].Value != want || len(facts) != len(gauges) {
			t.Errorf("%d readings: %+v, want %s and no more", n, facts, want)
		}
	}
}

func TestTimelineListsTheNewestFirstAndCountsTheRest(t *testing.T) {
	t.Parallel()
	var states []rental.StateAt
	for n := range 40 {
		states = append(states, rental.StateAt{At: noon.Add(time.Duration(n) * time.Minute), State: rental.State{Word: fmt.Sprintf("S%d", n)}})
	}
	facts := timeline(states, noon.Add(45*time.Minute))
	if len(facts) != mostStates+1 {
		t.Fatalf("%d lines", len(facts))
	}
	holds(t, "the newest", facts[0].Value, "12:39:00", "S39", "until now, 6m")
	holds(t, "the one before", facts[1].Value, "12:38:00", "S38", "1m")
	holds(t, "the rest", facts[mostStates].Value, "and 24 states before that")
	if len(timeline(nil, noon)) != 0 {
		t.Error("a timeline of nothing says something")
	}
}

func TestDetailOnTheWholePageAndBack(t *testing.T) {
	t.Parallel()
	s := seen(t, told())
	s.press("Z")
	s.lacks("Status")
	s.has("Instance 18820341", "} scrolls")
	if got := s.label("Z"); got != "detail beside the list" {
		t.Errorf("Z says %q", got)
	}
	for range 60 {
		s.press("}")
	}
	s.has("timeline", "{ scrolls back")
	s.press("Z")
	s.has("Instance 18820341", "Status")
	s.press("Z", "esc")
	s.lacks("Instance 18820341")
	s.press("enter")
	s.has("Status")
}

func TestDetailIsExactAndNeverCutWithoutAHint(t *testing.T) {
	t.Parallel()
	odd := told()
	for _, field := range []*safetext.Text{&odd.Label, &odd.GPUName, &odd.Image, &odd.Status, &odd.Template, &odd.RunType, &odd.Driver, &odd.Verification, &odd.Geolocation} {
		*field = safetext.New(strings.Repeat("👩‍👩‍👧‍👦\u202e世界\x1b[2J", 40))
	}
	odd.OnStart = safetext.New(strings.Repeat("\x1b]8;;http://evil.example\x1b\\世界\t", 400))
	odd.Env = append(odd.Env, [2]safetext.Text{safetext.New("世\x1b[31m"), safetext.New("x")})
	for name, i := range map[string]vastapi.Instance{"told": told(), "odd": odd, "bare": running(5, "")} {
		s := seen(t, i)
		for _, keys := range [][]string{{"enter"}, {"Z"}, {"}", "}"}} {
			s.press(keys...)
			for _, w := range []int{1, 7, 23, 40, 59, 60, 99, 100, 159, 160, 230} {
				for _, h := range []int{1, 3, 9, 24, 60} {
					s.size = view.Size{W: w, H: h}
					f := s.m.Draw(s.env(), s.size)
					if err := fit.Exact(f.Body, w, h); err != nil {
						t.Fatalf("%s after %v, %dx%d: %v", name, keys, w, h, err)
					}
					if h >= 9 && w >= 40 && s.m.full {
						s.hinted(name, w, h)
					}
				}
			}
		}
	}
}

// hinted checks that facts which are not on the screen are spoken of.
func (s *stage) hinted(name string, w, h int) {
	s.t.Helper()
	split := s.m.split(s.env(), s.size)
	r, _ := s.m.table.Cursor()
	most := pane.MaxScroll(s.m.detailFacts(s.env(), r, split.DetailW), split.DetailW, split.DetailH)
	if text := s.plain(); most > 0 && !strings.Contains(text, "scrolls") {
		s.t.Fatalf("%s, %dx%d: %d lines are not shown, and nothing says so:\n%s", name, w, h, most, text)
	}
}

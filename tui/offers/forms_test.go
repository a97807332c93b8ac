package offers

import (
	"math"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// form is the form that an effect opens.
func (s *stage) form(e view.Effect) view.Form {
	s.t.Helper()
	for _, in := range e.Intents {
		if ask, ok := in.(view.Ask); ok {
			return ask.Form
		}
	}
	s.t.Fatalf("no form was opened: %v", e.Intents)
	return view.Form{}
}

// submit fills a form in and hands it in, as the dialog does.
func (s *stage) submit(f view.Form, typed view.Values) view.Effect {
	s.t.Helper()
	v := view.Values{}
	for _, field := range f.Fields {
		v[field.Key] = field.Value
	}
	for key, text := range typed {
		if _, ok := v[key]; !ok {
			s.t.Fatalf("the form has no field %q", key)
		}
		v[key] = text
	}
	if f.Check != nil {
		if errs := f.Check(v); len(errs) > 0 {
			s.t.Fatalf("the form says %v", errs)
		}
	}
	return s.granted(f.Submit(s.env(), v))
}

func (s *stage) last() vastapi.OfferSearch { return s.server.searches[len(s.server.searches)-1] }

// due has the server asked for what was typed.
func (s *stage) due() {
	s.t.Helper()
	s.settle(s.hear(command.Due{Topic: command.Typed}), 5)
}

func closes(e view.Effect, form string) bool {
	for _, in := range e.Intents {
		if in == (view.FormDone{Form: form}) {
			return true
		}
	}
	return false
}

func TestWorkloadDecidesPricesSearchAndRentForm(t *testing.T) {
	t.Parallel()
	list := three()[:1]
	list[0].InetDownCost, list[0].InetUpCost = 0.01, 0.02
	s := newStage(t, usual, list...).load()
	s.size.W = 200
	s.has("$0.402/h", "prices with a 10 GB disk, 1d") // 0.4 + 0.15 × 10 ÷ 720
	f := s.form(s.press("$"))
	e := s.submit(f, view.Values{"disk": "720", "hours": "2d", "in": "48", "out": "24 GB"})
	if !closes(e, workloadForm) {
		t.Error("the form stays open")
	}
	// The disk is 0.15 an hour, traffic 0.48 + 0.48 over 48 h is 0.02 an hour.
	s.has("$0.570/h", "$27.36", "prices with a 720 GB disk, 2d, 48 GB in, 24 GB out")
	s.due()
	if got := s.last().Storage; got != 720 {
		t.Errorf("asked with a disk of %v GB, want 720", got)
	}
	for _, field := range s.form(s.press("r")).Fields {
		if field.Key == "disk" && field.Value != "720" {
			t.Errorf("the rent form begins with %s GB", field.Value)
		}
	}
	next := newStage(t, usual, list...)
	next.data.Memory = s.data.Memory
	next.load()
	if got := next.last().Storage; got != 720 {
		t.Errorf("the next run asks with a disk of %v GB", got)
	}
}

func TestHoursAloneAskNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	before := len(s.server.searches)
	s.submit(s.form(s.press("$")), view.Values{"hours": "100"})
	s.has("4d 4h")
	s.due()
	if n := len(s.server.searches) - before; n != 0 {
		t.Errorf("%d searches for a job of another length", n)
	}
}

func TestWorkloadThatCannotBeIsNamedFieldByField(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	f := s.form(s.press("$"))
	good := view.Values{"disk": "40", "hours": "3d", "in": "0", "out": "1.5TB"}
	if errs := f.Check(good); len(errs) > 0 {
		t.Fatalf("an ordinary workload is refused: %v", errs)
	}
	if j := typedJob(good); j.Hours != 72 || j.Out != 1500 {
		t.Errorf("3d and 1.5TB are read as %+v", j)
	}
	for field, texts := range map[string][]string{
		"disk":  {"", "x", "-1", "0", "7", "NaN", "Inf", "1e9", "10 PB"},
		"hours": {"", "0", "-3", "nan", "1e12", "soon"},
		"in":    {"", "-1", "NaN", "+Inf", "many"},
		"out":   {"", "-0.5", "1e300"},
	} {
		for _, text := range texts {
			v := view.Values{"disk": "40", "hours": "24", "in": "0", "out": "0"}
			v[field] = text
			errs := f.Check(v)
			if errs[field] == "" || len(errs) != 1 {
				t.Errorf("%s %q: %v", field, text, errs)
			}
			if f.Panel(v) != nil {
				t.Errorf("%s %q has a price", field, text)
			}
		}
	}
}

func TestCeilingIsOneKeyAndPartOfTheQuery(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus>=1")
	s.press("enter")
	f := s.form(s.press("<"))
	for _, bad := range []string{"", "0", "-1", "NaN", "cheap", "inf", "99999999"} {
		if f.Check(view.Values{"price": bad})["price"] == "" {
			t.Errorf("%q is taken for a price", bad)
		}
	}
	s.submit(f, view.Values{"price": "$0.45"})
	s.has("/num_gpus>=1 dph<=0.45", "1 of 3 offers shown")
	s.submit(s.form(s.press("<")), view.Values{"price": "0.55"})
	s.has("/num_gpus>=1 dph<=0.55", "2 of 3 offers shown")
	s.lacks("0.45 ")
}

func TestBlockedMachineIsHiddenHereAndThereUntilItExpires(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	f := s.form(s.press("x"))
	for _, bad := range []string{"-1", "x", "NaN", "99999"} {
		if f.Check(view.Values{"days": bad})["days"] == "" {
			t.Errorf("%q is taken for a number of days", bad)
		}
	}
	e := s.submit(f, view.Values{"reason": "slow disk"})
	if !closes(e, blockForm) {
		t.Error("the form stays open")
	}
	s.settle(e, 3)
	s.has("2 of 3 offers shown", "[1 offer blocked]")
	s.load()
	if got := s.last().Filter["machine_id"]["notin"]; got == nil {
		t.Errorf("the search says nothing about the machine: %v", s.last().Filter)
	}
	s.press("X")
	s.has("machine 1001", "slow disk", "for another 7d")
	s.press("esc")
	s.now = s.now.Add(8 * 24 * time.Hour)
	s.hear(command.Beat{At: s.now})
	s.has("3 of 3 offers shown")
	s.lacks("blocked]")
}

func TestBlockedHostHidesAllItsMachinesUntilItIsTakenAway(t *testing.T) {
	t.Parallel()
	list := three()
	list[2].HostID = 99
	s := newStage(t, usual, list...).load()
	s.settle(s.submit(s.form(s.press("x")), view.Values{"subject": "host", "days": "0"}), 3)
	s.has("1 of 3 offers shown", "[2 offers blocked]")
	if b := s.data.Memory.Blocks[0]; b.Host != 31 || b.Machine != 0 || !b.Until.IsZero() {
		t.Errorf("kept was %+v", b)
	}
	s.now = s.now.Add(10 * 365 * 24 * time.Hour)
	s.hear(command.Beat{At: s.now})
	s.has("1 of 3 offers shown")
	s.press("X", "D")
	s.has("nothing is blocked")
	s.press("esc")
	s.has("3 of 3 offers shown")
}

func TestBlocksHoldFromTheFirstSearchOfTheNextRun(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...)
	s.data.Memory.Blocks = []feed.Block{{Machine: 1001}, {Host: 7}, {Machine: 1002, Until: noon.Add(-time.Second)}}
	s.load()
	first := s.server.searches[0].Filter
	if first["machine_id"]["notin"] == nil || first["host_id"]["notin"] == nil {
		t.Errorf("the first search is %v", first)
	}
	s.has("2 of 3 offers shown", "[1 offer blocked]")
}

func TestNoteStandsInTheMemoryOfTheMachine(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.size = view.Size{W: 200, H: 90}
	s.press("enter")
	s.has("nothing yet: your notes")
	e := s.submit(s.form(s.press("n")), view.Values{"note": " fast uplink "})
	if !closes(e, noteForm) || s.data.Memory.Notes["machine 1001"] != "fast uplink" {
		t.Errorf("kept are %v", s.data.Memory.Notes)
	}
	s.has("machine 1001: fast uplink")
	s.lacks("nothing yet")
	s.submit(s.form(s.press("n")), view.Values{"note": ""})
	s.has("nothing yet")
}

func TestMeasuresAreReadWithTheirUnits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"40": 40, " 40 GB": 40, "2TB": 2000, "1.5 tb": 1500} {
		if got := measured(text, sizes); got != want {
			t.Errorf("%q is %v GB, want %v", text, got, want)
		}
	}
	for text, want := range map[string]float64{"24": 24, "24h": 24, "3d": 72, "1 w": 168} {
		if got := measured(text, spans); got != want {
			t.Errorf("%q is %v h, want %v", text, got, want)
		}
	}
	for _, text := range []string{"", "d", "ten", "1e999", "--3", strings.Repeat("9", 400)} {
		if got := measured(text, spans); !math.IsNaN(got) {
			t.Errorf("%q is %v h", text, got)
		}
	}
}

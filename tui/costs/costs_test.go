package costs

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

var (
	noon      = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	dark      = theme.New(true)
	errBroken = errors.New("the account does not answer: it is tried again")
)

// stage is the view with the world around it, without a program.
type stage struct {
	t      testing.TB
	m      *Model
	data   *feed.Snapshot
	now    time.Time
	size   view.Size
	locked bool
	busy   map[vastapi.InstanceID]string
	budget rental.Budget
	set    *command.Set
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{t: t, m: New(dark), data: &feed.Snapshot{}, now: noon, size: view.Size{W: 150, H: 24}, set: command.New(t.Context(), command.Config{})}
	s.m.Update(s.env(), view.Shown{})
	return s
}

func (s *stage) env() view.Env {
	list, volumes := s.data.Instances.Value.Instances, s.data.Volumes.Value.Volumes
	return view.Env{
		Now: s.now, Data: s.data, Theme: dark, Size: s.size, ReadOnly: s.locked, Busy: s.busy, Load: s.set.Loads(),
		Desk: rental.Desk{
			Now: s.now, At: s.now, NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 40, Budget: s.budget,
			Burn: pricing.Account(list, volumes), Instances: list, Volumes: volumes,
		},
	}
}

// load is an answer with these, a moment after the one before.
func (s *stage) load(list []vastapi.Instance, volumes ...vastapi.Volume) *stage {
	s.now = s.now.Add(10 * time.Second)
	v := command.VolumesLoaded{Answer: command.Answer{At: s.now}, List: vastapi.VolumeList{Volumes: volumes}}
	v.Fold(s.data)
	i := command.InstancesLoaded{Answer: command.Answer{At: s.now}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}}
	i.Fold(s.data)
	s.m.Update(s.env(), v)
	s.m.Update(s.env(), i)
	return s
}

// charge is the answer about a day, counted back from today.
func (s *stage) charge(back int, list ...vastapi.Charge) *stage {
	d := feed.ChargeDay{Day: feed.DayOf(s.now).AddDate(0, 0, -back), At: s.now, List: feed.ChargedOf(list)}
	for _, c := range d.List {
		d.Sum = d.Sum.And(c.Spending)
	}
	msg := command.ChargesLoaded{Answer: command.Answer{At: s.now}, Day: d}
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
	return s
}

func (s *stage) credit(v vastapi.Amount) {
	s.now = s.now.Add(time.Minute)
	msg := command.UserLoaded{Answer: command.Answer{At: s.now}, User: vastapi.User{Credit: v}}
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
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

func (s *stage) reason(key string) string { return solo.Reason(s.m, s.env(), key) }

func running(id vastapi.InstanceID, label string) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: vastapi.MachineID(id) + 100, Label: safetext.New(label), Actual: word, Intended: word, Cur: word, Next: word,
		GPUName: safetext.New("RTX 4090"), NumGPUs: 2, Disk: 80, DiskUsed: vastapi.Unknown[vastapi.GB](), Start: noon.Add(-10 * time.Hour),
		DphBase: 0.78, StorageCost: 0.18, DphTotal: 0.80, BilledNow: 0.80, IfRunning: 0.80, StorageTotal: 0.02, MinBid: vastapi.Unknown[vastapi.Rate](),
	}
}

func stopped(id vastapi.InstanceID, label string) vastapi.Instance {
	i := running(id, label)
	word := safetext.New("stopped")
	i.Actual, i.Intended, i.Cur, i.Next = safetext.New("exited"), word, word, word
	i.BilledNow = 0.02
	return i
}

func bid(id vastapi.InstanceID, label string) vastapi.Instance {
	i := running(id, label)
	i.Bid, i.DphBase, i.DphTotal, i.BilledNow, i.IfRunning, i.MinBid = true, 0.3, 0.32, 0.32, 0.32, 0.2
	return i
}

func volume(id vastapi.VolumeID, name string, used ...vastapi.InstanceID) vastapi.Volume {
	return vastapi.Volume{
		ID: id, Name: safetext.New(name), Status: safetext.New("created"), MachineID: 1, Size: 200, StorageCost: 0.10,
		Hourly: vastapi.PerGBMonth(0.10).Hourly(200), Instances: used, Start: noon.Add(-72 * time.Hour),
	}
}

func some() []vastapi.Instance {
	return []vastapi.Instance{running(101, "train-1"), running(102, "train-2 vx-abcdefghijkl"), stopped(103, "eval"), bid(104, "cheap")}
}

func full(t testing.TB) *stage {
	return newStage(t).load(some(), volume(201, "data", 101), volume(202, "old"))
}

func gpu(id vastapi.InstanceID, label string, amount, disk, up, down vastapi.Amount) vastapi.Charge {
	return vastapi.Charge{Kind: "instance", Instance: id, Label: safetext.New(label), Amount: amount + disk + up + down, Items: []vastapi.ChargeItem{
		{Kind: "gpu", Amount: amount}, {Kind: "disk", Amount: disk}, {Kind: "bwu", Amount: up}, {Kind: "bwd", Amount: down},
	}}
}

func charged(t testing.TB) *stage {
	s := full(t)
	for back := range 5 {
		s.charge(back, gpu(101, "train-1", 8, 0.5, 0.1, 0.2), gpu(999, "=cmd|' /C calc'!A0", 1, 0, 0, 0))
	}
	return s
}

const hostileName = "\x1b[2J世界\u202e👩‍👩‍👧‍👦=1+1\r\n"

var states = map[string]func(testing.TB) *stage{
	"loading": func(t testing.TB) *stage { return newStage(t) },
	"error before any answer": func(t testing.TB) *stage {
		s := newStage(t)
		msg := command.InstancesLoaded{Answer: command.Answer{Err: errBroken, At: s.now}}
		msg.Fold(s.data)
		s.m.Update(s.env(), msg)
		return s
	},
	"empty":     func(t testing.TB) *stage { return newStage(t).load(nil) },
	"full":      full,
	"read-only": func(t testing.TB) *stage { s := full(t); s.locked = true; return s },
	"filtered away": func(t testing.TB) *stage {
		s := full(t)
		s.press("/")
		s.text("nothing is called so")
		s.press("enter")
		return s
	},
	"typing":  func(t testing.TB) *stage { s := full(t); s.press("/"); s.text("train"); return s },
	"groups":  func(t testing.TB) *stage { s := full(t); s.press("z"); return s },
	"leaks":   func(t testing.TB) *stage { s := full(t); s.press("P"); return s },
	"detail":  func(t testing.TB) *stage { s := charged(t); s.press("enter"); return s },
	"explain": func(t testing.TB) *stage { s := charged(t); s.press("E", "down", "down"); return s },
	"charges": func(t testing.TB) *stage { s := charged(t); s.press("b", "left"); return s },
	"charges while reading": func(t testing.TB) *stage {
		s := full(t)
		s.press("b")
		return s
	},
	"agreement": func(t testing.TB) *stage { s := charged(t); s.press("t"); return s },
	"no agreement yet": func(t testing.TB) *stage {
		s := full(t)
		s.press("t")
		return s
	},
	"credit": func(t testing.TB) *stage {
		s := full(t)
		for n := range 9 {
			s.credit(40 - vastapi.Amount(n)*0.3)
		}
		s.press("h", "left", "left")
		return s
	},
	"no credit": func(t testing.TB) *stage { s := full(t); s.press("h"); return s },
	"invoices": func(t testing.TB) *stage {
		s := full(t)
		s.press("I")
		msg := command.InvoicesLoaded{Answer: command.Answer{At: s.now}, Invoices: feed.Invoices{List: []vastapi.Invoice{
			{ID: 7, At: noon.Add(-time.Hour), Kind: "credit", Amount: 25, Service: safetext.New("card " + hostileName), Description: safetext.New(hostileName)},
			{At: noon.Add(-50 * time.Hour), Kind: "refund", Amount: -3},
		}}}
		msg.Fold(s.data)
		s.m.Update(s.env(), msg)
		s.press("enter")
		return s
	},
	"copies":          func(t testing.TB) *stage { s := full(t); s.press("y"); return s },
	"copies of marks": func(t testing.TB) *stage { s := full(t); s.press("*", "y"); return s },
	"columns":         func(t testing.TB) *stage { s := full(t); s.press("c"); return s },
	"sort":            func(t testing.TB) *stage { s := full(t); s.press("ctrl+o"); return s },
	"both marked": func(t testing.TB) *stage {
		s := full(t)
		s.press("*", "D")
		return s
	},
	"over budget": func(t testing.TB) *stage {
		s := full(t)
		s.budget = rental.Budget{Day: pricing.Allowance{Limit: 10, Spent: 9}, Month: pricing.Allowance{Limit: 100, Spent: 120}, Block: true}
		s.press("enter")
		return s
	},
	"names as others choose them": func(t testing.TB) *stage {
		i := running(1, hostileName+strings.Repeat("世界", 200))
		i.GPUName = safetext.New(hostileName)
		s := newStage(t).load([]vastapi.Instance{i, stopped(2, "e"+strings.Repeat("\u0301", 300))}, volume(3, hostileName))
		s.charge(0, gpu(77, hostileName+strings.Repeat("x", 400), 1, 1, 1, 1))
		s.press("enter", "b")
		return s
	},
	"nothing is told": func(t testing.TB) *stage {
		n := vastapi.Unknown[float64]()
		s := newStage(t).load([]vastapi.Instance{{ID: 1, Disk: vastapi.GB(n), DphTotal: vastapi.Rate(n), DphBase: vastapi.Rate(n), BilledNow: vastapi.Rate(n), IfRunning: vastapi.Rate(n), StorageCost: vastapi.PerGBMonth(n), StorageTotal: vastapi.Rate(n), MinBid: vastapi.Rate(n)}},
			vastapi.Volume{ID: 2, Size: vastapi.GB(n), Hourly: vastapi.Rate(n), StorageCost: vastapi.PerGBMonth(n)})
		s.press("enter")
		return s
	},
}

func TestFramesAreExactInEveryState(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			for size := range solo.Sizes(211) {
				solo.Frame(t, s.m, s.env(), size)
			}
			s.lacks("NaN", "vx-abcdefghijkl", "\x1b[2J")
		})
	}
}

func TestEachStateSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][]string{
		"loading":                 {"reading what is billed…"},
		"error before any answer": {errBroken.Error(), "ctrl+r asks now"},
		"empty":                   {"Nothing is billed"},
		"full":                    {"101", "train-1", "ai", "bid", "storage", "$0.800/h", "$576.00", "$20.00", "! STOPPED", "! unused", "leak $1.15 a day in 2 things"},
		"filtered away":           {"0 of 6 shown"},
		"groups":                  {"train-* (2)", "2 of 2 run", "$1.600/h"},
		"leaks":                   {"2 of 6 shown", "eval", "old", "* marks all, D ends them"},
		"detail":                  {"billed now", "$0.800/h", "$576.00", "the account", "zero"},
		"explain":                 {"Figures of instance 101", "formula", "size × price ÷ 720 h", "read just now"},
		"charges":                 {"Charges by day (UTC): $49.00 in 5 days", "gpu", "Mon Mar 9: $9.80 for 2 contracts", "instance 101"},
		"charges while reading":   {"reading, 30 days to come", "not read yet"},
		"agreement":               {"Mar 6 to Mar 10", "differs", "instance 101", "instance 999"},
		"no agreement yet":        {"no charges have been read yet"},
		"credit":                  {"Credit over time", "zero on", "$"},
		"no credit":               {"the credit has not been read yet"},
		"invoices":                {"2 rows · $25.00 came · $3.00 went", "Invoice 7"},
		"both marked":             {"destroy 4 instances…", "delete 2 volumes…"},
		"over budget":             {"90.0% of the budget of the day (UTC) spent ($10.00)", "the budget of the month (UTC) of $100.00 is used up"},
		"nothing is told":         {"—", "≥ $0.000/h"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			s.size = view.Size{W: 170, H: 40}
			s.has(want...)
		})
	}
}

func TestEveryActionSaysWhyItCannotBeDone(t *testing.T) {
	t.Parallel()
	const readOnly = "this run is read-only: start without --read-only to change anything"
	deeds := []string{"enter", "E", "e", "y", "right", "left", "s", "D"}
	for state, want := range map[string]string{
		"loading": "what is billed is still being read", "error before any answer": "what is billed is still being read",
		"empty": "nothing is billed", "filtered away": "no row is shown: the filter hides them all", "full": "",
	} {
		s := states[state](t)
		for _, key := range deeds {
			if got := s.reason(key); got != want {
				t.Errorf("%s, %s: %q, want %q", state, key, got, want)
			}
		}
	}
	if got := states["read-only"](t).reason("D"); got != readOnly {
		t.Errorf("a read-only run destroys: %q", got)
	}
	s := full(t)
	s.busy = map[vastapi.InstanceID]string{101: "stop"}
	if got := s.reason("D"); got != "stop of 101 is under way: W shows it" {
		t.Errorf("while something is under way: %q", got)
	}
	for key, want := range map[string]string{
		"x": "there is nothing to write yet", "P": "nothing is billed without computing", "z": "no two names form a group: name-1 and name-2 do", "}": "the detail is closed: enter opens it",
	} {
		if got := newStage(t).reason(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

// plan is the plan that an effect asks about.
func plan(t *testing.T, e view.Effect) rental.Plan {
	t.Helper()
	if len(e.Intents) != 1 {
		t.Fatalf("there are %d wishes", len(e.Intents))
	}
	c, ok := e.Intents[0].(view.Confirm)
	if !ok {
		t.Fatalf("it wants %#v", e.Intents[0])
	}
	return c.Plan
}

func TestLeaksAreEndedByPlansThatAreAskedAbout(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("P", "*", "D")
	p := plan(t, s.press("enter"))
	if p.Verb != "destroy" || len(p.Steps) != 1 || p.Steps[0].Subject.Instance != 103 || p.Consent.Kind != rental.ConsentType {
		t.Errorf("the plan is %s of %d, consent %v", p.Verb, len(p.Steps), p.Consent)
	}
	s = full(t)
	s.press("P", "*", "D", "down")
	p = plan(t, s.press("enter"))
	if p.Verb != "delete volume" || len(p.Steps) != 1 || p.Steps[0].Subject.Volume != 202 || p.Consent.Kind != rental.ConsentType {
		t.Errorf("the plan is %s of %d, consent %v", p.Verb, len(p.Steps), p.Consent)
	}
	s = full(t)
	s.press("/")
	s.text("data")
	s.press("enter")
	e := s.press("D")
	toast, ok := e.Intents[0].(view.Toast)
	if !ok || !strings.Contains(toast.Text, "101") {
		t.Errorf("a volume that is held: %#v", e.Intents)
	}
}

func TestKeysOnlyAskAndNeverSend(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		s := make(t)
		for _, a := range s.m.Actions(s.env()) {
			if a.Disabled != "" || a.Do == nil {
				continue
			}
			for _, in := range a.Do().Intents {
				if c, ok := in.(view.Confirm); ok && c.Plan.Consent.Kind == rental.ConsentNone {
					t.Errorf("%s, %v: a plan without consent", name, a.Key.Keys())
				}
			}
		}
	}
}

func TestSumsAreThoseOfTheRows(t *testing.T) {
	t.Parallel()
	s := charged(t)
	var now, sofar float64
	for _, r := range s.m.plain {
		now, sofar = now+float64(r.now), sofar+float64(r.sofar.Total)
	}
	b := pricing.Account(s.data.Instances.Value.Instances, s.data.Volumes.Value.Volumes)
	if math.Abs(now-float64(b.Total)) > 1e-9 || math.Abs(float64(s.m.all.leak-b.Leak)) > 1e-9 || s.m.all.leaks != b.Idle+b.Unused {
		t.Errorf("rows come to %v with a leak of %v in %d, the account to %v with %v", now, s.m.all.leak, s.m.all.leaks, b.Total, b.Leak)
	}
	if math.Abs(float64(s.m.all.sofar.Total)-sofar) > 1e-9 {
		t.Errorf("so far is %v, the rows come to %v", s.m.all.sofar.Total, sofar)
	}
	folded := totalsOf(fold(s.m.plain, nil))
	if folded != s.m.all {
		t.Errorf("grouped it is %+v, else %+v", folded, s.m.all)
	}
	for _, d := range s.data.Charges.Days {
		sum := pricing.Spending{}
		for _, c := range d.List {
			sum = sum.And(c.Spending)
		}
		if math.Abs(float64(sum.Total()-d.Sum.Total())) > 1e-9 {
			t.Errorf("%v: %v and %v", d.Day, sum, d.Sum)
		}
	}
}

func TestMonthIsSwitchedAndRemembered(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.has("$576.00", "a month of 720 h")
	e := s.press("p")
	s.has("$584.00", "a month of 730 h")
	var m feed.Memory
	for _, in := range e.Intents {
		if r, ok := in.(view.Remember); ok {
			r.Change(&m)
		}
	}
	if !m.Month730 {
		t.Fatal("it is not remembered")
	}
	s = newStage(t)
	s.data.Memory = m
	s.m.Update(s.env(), command.MemoryLoaded{})
	s.load(some()).has("$584.00")
}

func TestSoFarCountsWhatWasSeenAndFlagsWhatIsGuessed(t *testing.T) {
	t.Parallel()
	i := running(1, "a")
	seen := rental.Watched{States: []rental.StateAt{
		{At: i.Start, State: rental.State{Word: "LOADING", Class: rental.ClassMoving}},
		{At: i.Start.Add(time.Hour), State: rental.State{Word: "RUNNING", Class: rental.ClassRunning}},
		{At: i.Start.Add(5 * time.Hour), State: rental.State{Word: "STOPPED", Class: rental.ClassStopped}},
		{At: i.Start.Add(8 * time.Hour), State: rental.State{Word: "RUNNING", Class: rental.ClassRunning}},
	}}
	a := pricing.Accrue(feed.Stretches(&i, feed.Trace{Watched: seen}, time.Time{}, i.Start.Add(10*time.Hour)))
	want := 0.02*1 + 0.80*4 + 0.02*3 + 0.80*2
	if math.Abs(float64(a.Total)-want) > 1e-9 || a.Estimated() || a.SeenFor != 10*time.Hour {
		t.Errorf("it came to %+v, want %v", a, want)
	}
	late := pricing.Accrue(feed.Stretches(&i, feed.Trace{Watched: rental.Watched{States: seen.States[3:]}}, time.Time{}, i.Start.Add(10*time.Hour)))
	if math.Abs(float64(late.Total)-8) > 1e-9 || late.GuessedFor != 8*time.Hour || soFarText(late) != "~$8.00" {
		t.Errorf("seen late it is %+v", late)
	}
	window := pricing.Accrue(feed.Stretches(&i, feed.Trace{Watched: seen}, i.Start.Add(4*time.Hour), i.Start.Add(6*time.Hour)))
	if math.Abs(float64(window.Total)-0.82) > 1e-9 {
		t.Errorf("two hours of it are %+v", window)
	}
	i.Start = time.Time{}
	if never := pricing.Accrue(feed.Stretches(&i, feed.Trace{}, time.Time{}, noon)); vastapi.Known(never.Total) {
		t.Errorf("without a beginning it is %+v", never)
	}
}

func TestEveryFigureOfEveryRowIsExplained(t *testing.T) {
	t.Parallel()
	s := charged(t)
	rows := append(slices.Clone(s.m.plain), fold(s.m.plain, nil)...)
	for _, r := range rows {
		for n, f := range figures {
			e := s.m.explain(s.env(), r, n)
			if e.value == "" || e.age == "" || e.formula == "" && e.note == "" {
				t.Errorf("%s of %s is %+v", f.id, r.title(), e)
			}
			for _, c := range s.m.table.Columns() {
				if text, _ := c.Cell(r); c.ID == f.id && text != e.value {
					t.Errorf("%s of %s: the column says %q, the explanation %q", f.id, r.title(), text, e.value)
				}
			}
		}
	}
}

func TestEstimateAndChargeAreComparedForTheSameTime(t *testing.T) {
	t.Parallel()
	i := running(101, "a")
	i.Start = noon.AddDate(0, 0, -30)
	s := newStage(t)
	s.load([]vastapi.Instance{i})
	s.charge(0, gpu(101, "a", 0.80*12, 0, 5, 5)).charge(1, gpu(101, "a", 0.80*20, 0, 1, 1)).charge(3, gpu(101, "a", 100, 0, 0, 0))
	s.m.seen = seen{-1, -1, -1}
	s.m.load(s.env())
	list := s.m.agreed
	if len(list) != 1 || math.Abs(float64(list[0].estimate)-0.80*36) > 0.01 {
		t.Fatalf("it is %+v", list)
	}
}

func TestChargesAreAskedForNewestFirstAndOnlyWhileShown(t *testing.T) {
	t.Parallel()
	var c feed.Charges
	now := noon
	for n := range feed.ChargedDays {
		day, ok := c.Next(now)
		if !ok || !day.Equal(feed.DayOf(now).AddDate(0, 0, -n)) {
			t.Fatalf("day %d is %v, %t", n, day, ok)
		}
		c = c.With(feed.ChargeDay{Day: day, At: now})
	}
	if day, ok := c.Next(now.Add(time.Minute)); ok {
		t.Errorf("%v is asked for again after a minute", day)
	}
	if day, ok := c.Next(now.Add(feed.EveryCharges)); !ok || !day.Equal(feed.DayOf(now)) {
		t.Errorf("after a while it is %v, %t", day, ok)
	}
	c = c.With(feed.ChargeDay{Day: feed.DayOf(now).AddDate(0, 0, 1), At: now})
	if len(c.Days) != feed.ChargedDays {
		t.Errorf("%d days are kept", len(c.Days))
	}
}

// save is what an export would write.
func save(t *testing.T, s *stage, v view.Values) string {
	t.Helper()
	e := s.press("x")
	form := e.Intents[0].(view.Ask).Form
	all := view.Values{}
	for _, f := range form.Fields {
		all[f.Key] = f.Value
	}
	for k, val := range v {
		all[k] = val
		all = form.React(k, all)
	}
	if wrong := form.Check(all); len(wrong) != 0 {
		t.Fatal(wrong)
	}
	if !strings.HasSuffix(all["path"], "."+all["format"]) {
		t.Errorf("%s is written into %s", all["format"], all["path"])
	}
	return form.Submit(s.env(), all).Intents[0].(view.Save).Text()
}

func TestExportsCannotAttackASpreadsheet(t *testing.T) {
	t.Parallel()
	var list []vastapi.Instance
	for n, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", " =2", "\t=3", "a=b", "\"quoted\",x", "＝4"} {
		list = append(list, running(vastapi.InstanceID(n+1), name))
	}
	s := newStage(t).load(list)
	s.charge(0, gpu(5, "=cmd()", 1, 1, 1, 1))
	for _, what := range []string{whatNow, whatCharges} {
		rows, err := csv.NewReader(strings.NewReader(save(t, s, view.Values{"what": what}))).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows {
			for n, c := range row {
				if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r") || strings.HasPrefix(strings.TrimSpace(c), "=") {
					t.Errorf("%s %s: %q may be a formula", what, rows[0][n], c)
				}
			}
		}
	}
}

func TestExportsTellTheFiguresOfTheView(t *testing.T) {
	t.Parallel()
	s := charged(t)
	rows, err := csv.NewReader(strings.NewReader(save(t, s, nil))).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := fmt.Sprint(rows[1][:6], rows[1][10]); !strings.Contains(got, "0.8") || rows[1][10] != "576" {
		t.Errorf("the first row is %v", rows[1])
	}
	var out struct {
		Version int
		Rows    []map[string]any
	}
	if err := json.Unmarshal([]byte(save(t, s, view.Values{"what": whatCharges, "format": "json"})), &out); err != nil || out.Version != 1 || len(out.Rows) != 10 {
		t.Fatalf("%+v, %v", out, err)
	}
	total := 0.0
	for _, r := range out.Rows {
		total += r["total"].(float64)
	}
	if math.Abs(total-49) > 1e-6 {
		t.Errorf("the charges come to %v", total)
	}
}

func TestTableIsRemembered(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("/")
	s.text("kind=storage")
	s.press("enter")
	e := s.press("o")
	var m feed.Memory
	for _, in := range e.Intents {
		in.(view.Remember).Change(&m)
	}
	got := m.Tables["costs"]
	if got.Query != "kind=storage" || got.Sort == "" {
		t.Fatalf("%+v is kept", got)
	}
	s = newStage(t)
	s.data.Memory = m
	s.m.Update(s.env(), command.MemoryLoaded{})
	s.load(some(), volume(201, "data", 101)).has("1 of 5 shown", "kind=storage")
}

func TestEscClosesTheTopmostFirst(t *testing.T) {
	t.Parallel()
	s := charged(t)
	s.press("/")
	s.text("train")
	s.press("enter", "space", "enter", "b")
	for _, gone := range []string{"Charges by day (UTC)", "Instance 101", "1 marked", "/train"} {
		s.has(gone)
		s.press("esc")
		s.lacks(gone)
	}
}

func TestManyRowsAreMadeAwayFromUpdate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var list []vastapi.Instance
	for n := range 3 * atOnce {
		list = append(list, running(vastapi.InstanceID(n+1), fmt.Sprintf("w-%d", n)))
	}
	s.now = s.now.Add(time.Second)
	msg := command.InstancesLoaded{Answer: command.Answer{At: s.now}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}}
	msg.Fold(s.data)
	e := s.m.Update(s.env(), msg)
	if e.Cmd == nil || s.m.made {
		t.Fatal("they are made at once")
	}
	s.m.Update(s.env(), e.Cmd())
	s.has("total 600 things")
}

func TestNothingIsMadeWhileNobodyLooks(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.m.Update(s.env(), view.Hidden{})
	s.load(some())
	if s.m.made {
		t.Error("rows are made for nobody")
	}
	s.m.Update(s.env(), view.Shown{})
	s.has("train-1")
}

func TestCreditLeadsToZeroAtThePresentRate(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.credit(40)
	l := s.m.creditChart(s.env(), noon.AddDate(0, 0, -7), time.Time{})
	if len(l.Series) != 2 {
		t.Fatalf("%d series", len(l.Series))
	}
	end := l.Series[1].Points[1]
	want := pricing.SpanOf(40, s.env().Data.Burn.CommittedAtLeast).Lasts
	if end.Value != 0 || !end.At.Equal(s.data.User.At.Add(want)) {
		t.Errorf("it ends at %v with %v", end.At, end.Value)
	}
	for range 5 {
		s.credit(40)
	}
	if len(s.m.credit) != 2 {
		t.Errorf("%d readings that say the same are kept", len(s.m.credit))
	}
}

func TestCreditOfEarlierRunsComesFirst(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.credit(40)
	past := []feed.Credit{{At: noon.AddDate(0, 0, -40), Amount: 90}, {At: noon.AddDate(0, 0, -3), Amount: 60}, {At: noon.AddDate(0, 0, -1), Amount: 50}, {At: noon.Add(time.Hour), Amount: 7}}
	command.CreditsRead{Answer: command.Answer{At: s.now}, List: past}.Fold(s.data)
	var got []float64
	for _, p := range s.m.readings(s.env(), noon.AddDate(0, 0, -7)) {
		got = append(got, p.Value)
	}
	if !slices.Equal(got, []float64{60, 50, 40}) {
		t.Errorf("they are %v", got)
	}
	s.press("h")
	s.has("the last 7 days", "$60.00")
	s.press("d")
	s.has("the last 30 days")
}

func TestCursorGoesWithItsRowIntoItsGroup(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("down", "z")
	if r, ok := s.m.table.Cursor(); !ok || r.key != "gtrain" {
		t.Errorf("it is on %+v, %t", r, ok)
	}
	s.press("z")
	if r, ok := s.m.table.Cursor(); !ok || r.key != "i101" {
		t.Errorf("it is on %+v, %t", r, ok)
	}
}

func BenchmarkFrameWithFiveThousand(b *testing.B) {
	s := newStage(b)
	var list []vastapi.Instance
	for n := range 5000 {
		list = append(list, running(vastapi.InstanceID(n+1), fmt.Sprintf("w-%d", n)))
	}
	msg := command.InstancesLoaded{Answer: command.Answer{At: s.now.Add(time.Second)}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}}
	msg.Fold(s.data)
	s.m.Update(s.env(), s.m.Update(s.env(), msg).Cmd())
	if e := s.m.arrange(s.env()); e.Cmd != nil {
		s.m.Update(s.env(), e.Cmd())
	}
	env := s.env()
	for b.Loop() {
		s.m.Update(env, tea.KeyPressMsg{Code: tea.KeyDown})
		s.m.Draw(env, s.size)
	}
}

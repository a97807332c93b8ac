package tui

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestLeavingSaysWhatGoesOn(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Rate]()
	for _, c := range []struct {
		name    string
		plans   int
		list    []vastapi.Instance
		volumes []vastapi.Volume
		want    []string
	}{
		{"nothing", 0, nil, nil, nil},
		{"one machine", 0, []vastapi.Instance{instance(1, "running", 0.41)}, nil, []string{"1 machine keeps costing money at $0.410/h."}},
		{"three machines", 0, []vastapi.Instance{instance(1, "running", 0.4), instance(2, "running", 1), instance(3, "exited", 0.1)}, nil,
			[]string{"3 machines keep costing money at $1.500/h."}},
		{"one volume", 0, nil, []vastapi.Volume{{Hourly: 0.02}}, []string{"1 volume keeps costing money at $0.020/h."}},
		{"a machine and two volumes", 0, []vastapi.Instance{instance(1, "running", 0.4)}, []vastapi.Volume{{Hourly: 0.02}, {Hourly: 0.03}},
			[]string{"1 machine and 2 volumes keep costing money at $0.450/h."}},
		{"a machine whose rate is not known", 0, []vastapi.Instance{instance(1, "running", unknown)}, nil,
			[]string{"1 machine keeps costing money at a rate that is not known."}},
		{"one rate known of two", 0, []vastapi.Instance{instance(1, "running", unknown), instance(2, "running", 0.4)}, nil,
			[]string{"2 machines keep costing money at ≥ $0.400/h."}},
		{"a machine that costs nothing now", 0, []vastapi.Instance{instance(1, "offline", 0)}, nil, nil},
		{"one change", 1, nil, nil, []string{"1 change still under way: leaving waits up to 5 s, and the next start settles the rest."}},
		{"two changes and a machine", 2, []vastapi.Instance{instance(1, "running", 0.4)}, nil,
			[]string{"2 changes still under way: leaving waits up to 5 s, and the next start settles the rest.", "1 machine keeps costing money at $0.400/h."}},
	} {
		m := told(root(t, true, nil), time.Now(), c.list, c.volumes...)
		for n := range c.plans {
			working(m, fmt.Sprint("plan", n))
		}
		if got := m.leaving(); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		typed(m, "q")
		if asks := m.stack.Top() != nil; asks != (len(c.want) > 0) {
			t.Errorf("%s: q asks %t", c.name, asks)
		}
	}
	const unread, open = "What runs and what it costs has not been read yet.", "What became of an operation of an earlier run is still being looked for."
	m := root(t, true, nil)
	if got := m.leaving(); fmt.Sprint(got) != fmt.Sprint([]string{unread}) {
		t.Errorf("before anything is known it says %q", got)
	}
	if typed(m, "q"); m.stack.Empty() {
		t.Error("before anything is known q leaves without asking")
	}
	if got := root(t, false, nil).leaving(); got != nil {
		t.Errorf("without an account it says %q", got)
	}
	m = told(root(t, true, nil), time.Now(), nil)
	m.session.open = 0.4
	if got := m.leaving(); fmt.Sprint(got) != fmt.Sprint([]string{open}) {
		t.Errorf("with an operation of before open it says %q", got)
	}
	starting := instance(1, "loading", 0.1)
	starting.IfRunning, starting.DphBase, starting.DphTotal = 0.4, 0.4, 0.4
	m = told(root(t, true, nil), time.Now(), []vastapi.Instance{starting})
	if got := fmt.Sprint(m.leaving()); !strings.Contains(got, "$0.100/h, $0.400/h once all that is starting runs") {
		t.Errorf("while something is starting it says %s", got)
	}
}

// headers are the ways in which the header can stand.
func headers(t *testing.T) map[string]*Model {
	t.Helper()
	now := time.Now()
	list := []vastapi.Instance{instance(1, "running", 0.41), instance(2, "exited", 0.02)}
	all := situations(t)
	hostile := told(root(t, true, func(d *Deps) { d.Host = strings.Repeat("世界.example ", 9) }), now, list)
	hostile.data.User.Value.Email = safetext.New(strings.Repeat("世界", 90) + "\x1b[2J@\u202e")
	all["a name as others choose it"] = hostile
	broken := told(root(t, true, func(d *Deps) { d.ReadOnly, d.Host = true, "127.0.0.1:8787" }), now.Add(-61*time.Minute), list)
	broken.data.Offers.Apply(broken.data.Offers.Value, now, &vastapi.Error{Kind: vastapi.KindRateLimited, Status: 429})
	working(broken, "a", "b")
	all["all is wrong"] = broken
	garbled := told(root(t, true, nil), now, list)
	garbled.data.Offers.Apply(garbled.data.Offers.Value, now, &vastapi.Error{Kind: vastapi.KindServer, Status: 200})
	all["an answer that cannot be read"] = garbled
	rich := told(root(t, true, nil), now, list)
	rich.data.User.Value.Credit, rich.data.Burn.AtLeast, rich.data.Burn.Unknown = 1e9, 1e6, 3
	all["large figures"] = rich
	return all
}

func TestBarsAreExactAtEveryWidth(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, m := range headers(t) {
		for w := 1; w <= 300; w++ {
			for bar, line := range map[string]string{"header": m.header(now, w), "tabs": m.tabline(w), "bottom line": m.footer(w)} {
				if err := fit.Exact(line, w, 1); err != nil {
					t.Fatalf("%s, %s at %d: %v", name, bar, w, err)
				}
			}
		}
	}
}

func TestCardIsExactBelowTheLeastSize(t *testing.T) {
	t.Parallel()
	for name, m := range headers(t) {
		step := 13
		if testing.Short() {
			step = 131
		}
		for n := 0; n < leastW*2*leastH*2; n += step {
			m.size = view.Size{W: 1 + n%(leastW*2), H: 1 + n/(leastW*2)}
			if err := fit.Exact(m.View().Content, m.size.W, m.size.H); err != nil {
				t.Fatalf("%s, %dx%d: %v", name, m.size.W, m.size.H, err)
			}
		}
	}
}

func TestHeaderKeepsMoneyLongest(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(1, "running", 0.41), instance(2, "exited", 0.02)})
	at := func(w int) string { return ansi.Strip(m.header(time.Now(), w)) }
	for _, want := range []string{"vastdeck", "someone@example.org", "credit $41.20", "burn $0.430/h", "leak $0.020/h", "lasts", "offers now"} {
		if !strings.Contains(at(160), want) {
			t.Errorf("%q is not in %q", want, at(160))
		}
	}
	if s := at(60); !strings.Contains(s, "burn $0.430/h") || !strings.Contains(s, "credit $41.20") {
		t.Errorf("at 60 cells the header is %q", s)
	}
	if s := at(20); !strings.Contains(s, "burn $0.430/h") {
		t.Errorf("at 20 cells the header is %q", s)
	}
}

func TestStaleDataAreNamedWhereThereIsLittleRoom(t *testing.T) {
	t.Parallel()
	now := time.Now()
	m := told(root(t, true, nil), now, []vastapi.Instance{instance(1, "running", 2.31), instance(2, "exited", 0.031)})
	for _, w := range []int{60, 80, 100} {
		if s := ansi.Strip(m.header(now.Add(2*time.Minute), w)); !strings.Contains(s, "STALE offers 2 min old") {
			t.Errorf("at %d cells the header is %q", w, s)
		}
	}
}

func TestHeaderSaysWhoPaysAndWhatIsWrong(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, want := range map[string][]string{
		"looking for a key":             {"looking for your key…"},
		"no key":                        {"no key"},
		"nothing told":                  {"default", "credit —", "burn —", "loading offers…"},
		"demo":                          {"DEMO"},
		"read-only":                     {"READ-ONLY"},
		"all is wrong":                  {"READ-ONLY", "127.0.0.1:8787", "! 429 rate limited", "STALE offers 1 h old", "2 changes under way"},
		"large figures":                 {"burn ≥ $1,000,000.00/h"},
		"an answer that cannot be read": {"! answer unreadable"},
	} {
		got := ansi.Strip(headers(t)[name].header(now, 250))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is not in %q", name, w, got)
			}
		}
	}
	if got := ansi.Strip(headers(t)["demo"].header(now, 250)); strings.Contains(got, "example.org") {
		t.Errorf("the demo shows an account: %q", got)
	}
}

func TestHeaderNamesCreditAndVolumesThatAreOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := func(m *Model) string { return ansi.Strip(m.header(time.Now(), 250)) }
		m := told(root(t, true, nil), time.Now(), nil)
		time.Sleep(2 * time.Minute) // twice their interval
		if s := at(m); strings.Contains(s, "! ") {
			t.Errorf("what is as old as it may be is named: %q", s)
		}
		time.Sleep(time.Second)
		for _, want := range []string{"! credit 2 min old", "! volumes 2 min old"} {
			if s := at(m); !strings.Contains(s, want) {
				t.Errorf("%q is not in %q", want, s)
			}
		}
		m.data.User.Apply(m.data.User.Value, time.Now(), nil)
		if s := at(m); strings.Contains(s, "! credit") || !strings.Contains(s, "! volumes") {
			t.Errorf("after the account was read the header is %q", s)
		}
		never := root(t, true, nil)
		if s := at(never); strings.Contains(s, "! ") {
			t.Errorf("before the first answers the header is %q", s)
		}
		never.data.User.Apply(vastapi.User{}, time.Now(), errBroken)
		never.data.Volumes.Apply(vastapi.VolumeList{}, time.Now(), errBroken)
		if s := at(never); !strings.Contains(s, "! no credit") || !strings.Contains(s, "! no volumes") {
			t.Errorf("when the first reads fail the header is %q", s)
		}
	})
}

func TestHeaderTellsWhereTheBurnIsHeading(t *testing.T) {
	t.Parallel()
	starting := instance(1, "loading", 0.1)
	starting.IfRunning, starting.DphBase, starting.DphTotal = 0.4, 0.4, 0.4
	for _, c := range []struct {
		list []vastapi.Instance
		want string
	}{
		{[]vastapi.Instance{starting}, "burn $0.100/h → $0.400/h"},
		{[]vastapi.Instance{starting, instance(2, "running", 1)}, "burn $1.100/h → $1.400/h"},
	} {
		m := told(root(t, true, nil), time.Now(), c.list)
		if s := ansi.Strip(m.header(time.Now(), 200)); !strings.Contains(s, c.want) {
			t.Errorf("%q is not in %q", c.want, s)
		}
	}
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(2, "running", 1), instance(3, "loading", 0.4)})
	if s := ansi.Strip(m.header(time.Now(), 200)); strings.Contains(s, "→") {
		t.Errorf("what is starting costs no more later, and the header is %q", s)
	}
}

// The dear end of a market that is read in several windows may be older than its newest answer.
func TestMarketIsAsOldAsItsOldestOffer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), nil)
		time.Sleep(2 * time.Minute)
		first := command.OffersFound{Answer: command.Answer{At: time.Now()}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(1)}}, More: true}
		found(m, first)
		if s := ansi.Strip(m.header(time.Now(), 200)); !strings.Contains(s, "STALE offers 2 min old") {
			t.Errorf("after one window of two the header is %q", s)
		}
		last := command.OffersFound{Answer: command.Answer{At: time.Now()}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(2)}}, From: 0.4}
		found(m, last)
		if s := ansi.Strip(m.header(time.Now(), 200)); !strings.Contains(s, "offers now") {
			t.Errorf("after the last window the header is %q", s)
		}
	})
}

func TestHeaderTellsTheAgeOfTheShownView(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(1, "running", 0.4)})
		m.active = view.Instances // every 30 s
		for _, c := range []struct {
			age  time.Duration
			want string
		}{
			{0, "instances now"}, {45 * time.Second, "instances 30 s old"}, {61 * time.Second, "instances 1 min old"},
			{100 * time.Second, "STALE instances 1 min old"}, {2 * time.Hour, "STALE instances 2 h old"},
		} {
			got := ansi.Strip(m.header(m.data.Instances.At.Add(c.age), 200))
			if !strings.HasSuffix(strings.ReplaceAll(got, "30s", "30 s"), " "+c.want) {
				t.Errorf("at an age of %s the header ends with %q, want %q", c.age, got[max(0, len(got)-40):], c.want)
			}
		}
	})
}

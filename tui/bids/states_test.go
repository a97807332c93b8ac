package bids

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

var errBroken = errors.New("the account does not answer: it is tried again")

// states are all the ways in which the view can stand.
var states = map[string]func(testing.TB) *stage{
	"loading": func(t testing.TB) *stage { return newStage(t) },
	"error before any answer": func(t testing.TB) *stage {
		s := newStage(t)
		s.answer(command.InstancesLoaded{Answer: command.Answer{Err: errBroken}})
		return s
	},
	"empty":      func(t testing.TB) *stage { return newStage(t).load() },
	"no bids":    func(t testing.TB) *stage { return newStage(t).load(onDemand(7)) },
	"full":       func(t testing.TB) *stage { return newStage(t).load(some()...) },
	"old prices": func(t testing.TB) *stage { return newStage(t).load(some()...).listed(nil) },
	"error with old data": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.answer(command.InstancesLoaded{Answer: command.Answer{Err: errBroken}})
		return s
	},
	"read-only": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.locked = true
		return s
	},
	"filtered away": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.press("/")
		s.text("nothing is called so")
		s.press("enter")
		return s
	},
	"typing": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.press("/")
		s.text("worker")
		return s
	},
	"completing": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.press("/")
		s.text("marg")
		return s
	},
	"several marked": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.press("space", "down", "space")
		return s
	},
	"detail": func(t testing.TB) *stage {
		s := newStage(t).load(some()...).listed([]vastapi.MachineID{18821202}, bought(18821202, 2, 0.9))
		s.press("g", "enter")
		return s
	},
	"cursor's bid is gone": func(t testing.TB) *stage { return newStage(t).load(some()...).load(some()[:2]...) },
	"all are gone":         func(t testing.TB) *stage { return newStage(t).load(some()...).load() },
	"legend": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.press("L")
		return s
	},
	"explained": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.press("E")
		return s
	},
	"sorting by": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.press("ctrl+o")
		return s
	},
	"columns": func(t testing.TB) *stage {
		s := newStage(t).load(some()...)
		s.press("c")
		return s
	},
	"names as others choose them": func(t testing.TB) *stage {
		var list []vastapi.Instance
		for n, name := range []string{
			strings.Repeat("x", 600), strings.Repeat("世界", 200), "e" + strings.Repeat("\u0301", 200), "two\nrows\r\x1b[2J", "\u202eRLO\u2066",
			"👩‍👩‍👧‍👦🏳️‍🌈🇸🇪", "", "\x1b]8;;http://evil.example\x1b\\good",
		} {
			i := bidding(vastapi.InstanceID(100+n), name)
			t := safetext.New(name)
			i.GPUName, i.Geolocation, i.Image, i.Status, i.Actual = t, t, t, t, t
			list = append(list, i)
		}
		s := newStage(t).load(list...)
		s.press("enter", "down", "space")
		return s
	},
	"nothing is told": func(t testing.TB) *stage {
		unknown := vastapi.Unknown[float64]()
		s := newStage(t).load(vastapi.Instance{
			ID: 1, Bid: true, Disk: vastapi.GB(unknown), DphTotal: vastapi.Rate(unknown), DphBase: vastapi.Rate(unknown), BilledNow: vastapi.Rate(unknown),
			IfRunning: vastapi.Rate(unknown), StorageCost: vastapi.PerGBMonth(unknown), StorageTotal: vastapi.Rate(unknown), MinBid: vastapi.Rate(unknown),
		})
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
		})
	}
}

func TestEveryActionSaysWhyItCannotBeDone(t *testing.T) {
	t.Parallel()
	const (
		loading  = "the instances are still being loaded"
		nothing  = "there is no bid: n places one"
		hidden   = "no bid is shown: the filter hides them all"
		readOnly = "this run is read-only: start without --read-only to change anything"
		gone     = "the bid under the cursor is gone: move to choose another"
		closed   = "the detail is closed: enter opens it"
		holds    = "it holds: its bid is 50.0% above the price to hold; b changes it all the same"
	)
	deeds := []string{"enter", "b", "h", "m", "D", "i", "r", "E", "y", "J", "C"}
	lists := []string{"n", "/", "o", "O", "ctrl+o", "c", "L", "}", "{", "esc"}
	all := func(why string, more map[string]string) map[string]string {
		want := map[string]string{"}": closed, "{": closed}
		for _, key := range deeds {
			want[key] = why
		}
		for key, text := range more {
			want[key] = text
		}
		return want
	}
	for state, want := range map[string]map[string]string{
		"loading":                 all(loading, nil),
		"error before any answer": all("the instances could not be read yet: ctrl+r asks again", nil),
		"empty":                   all(nothing, nil),
		"no bids":                 all(nothing, nil),
		"all are gone":            all(nothing, nil),
		"full":                    all("", nil), // the one that is outbid is on top
		"detail":                  all("", map[string]string{"}": "", "{": ""}),
		"read-only":               all("", map[string]string{"n": readOnly, "b": readOnly, "h": readOnly, "D": readOnly, "r": readOnly}),
		"filtered away":           all(hidden, nil),
		"cursor's bid is gone":    all(gone, nil),
		"several marked":          all(oneOnly, map[string]string{"enter": "", "y": "", "D": ""}),
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			for _, a := range s.m.Actions(s.env()) {
				key := a.Key.Keys()[0]
				if !slices.Contains(deeds, key) && !slices.Contains(lists, key) {
					t.Errorf("the key %q is not spoken of here", key)
				}
				if a.Disabled != want[key] {
					t.Errorf("%s: %q, want %q", key, a.Disabled, want[key])
				}
			}
		})
	}
	t.Run("one that wins", func(t *testing.T) {
		t.Parallel()
		if got := newStage(t).load(bidding(7, "a")).reason("h"); got != holds {
			t.Errorf("h: %q", got)
		}
	})
	t.Run("under way", func(t *testing.T) {
		t.Parallel()
		s := newStage(t).load(some()...)
		s.busy = map[vastapi.InstanceID]string{18821102: "bid"}
		s.m.Update(s.env(), command.Beat{At: s.now})
		for _, key := range []string{"b", "h", "D"} {
			if got := s.reason(key); got != "a bid is under way for 18821102: W shows it" {
				t.Errorf("%s: %q", key, got)
			}
		}
		s.has("◐ bid under way")
	})
	t.Run("typing", func(t *testing.T) {
		t.Parallel()
		s := states["typing"](t)
		for _, a := range s.m.Actions(s.env()) {
			if !a.Typing || a.Disabled != "" {
				t.Errorf("%v does not work while the filter is typed", a.Key.Keys())
			}
		}
		if e := s.press("D"); len(e.Intents) != 0 {
			t.Error("a letter of the filter destroys something")
		}
	})
}

func TestEachStateSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][]string{
		"loading":                 {"loading instances…"},
		"error before any answer": {errBroken.Error(), "ctrl+r asks now"},
		"empty":                   {"No instance is rented by a bid. Press n to place one"},
		"no bids":                 {"No instance is rented by a bid."},
		"full":                    {"18820341", "● WINNING", "! AT RISK", "▲ OUTBID", "1 winning · 1 at risk · 1 outbid", "h raises it to hold, m shows what is on demand, D destroys it"},
		"error with old data":     {errBroken.Error(), "worker-a"},
		"filtered away":           {"0 of 3 shown", "No bid satisfies this filter"},
		"typing":                  {"/worker", "2 of 3 shown"},
		"completing":              {"/marg", "above the price to hold"},
		"several marked":          {"2 marked, $0.640/h"},
		"detail":                  {"Bid 18821102", "ways out", "resumes by itself", "$0.900/h, $0.450/h a GPU", "20.0% below the price to hold"},
		"cursor's bid is gone":    {"the bid under the cursor is gone", "worker-b"},
		"all are gone":            {"No instance is rented by a bid."},
		"legend":                  {"WINNING", "at least 10 %", "STOPPED by you", "bids.most_over"},
		"explained":               {"The figures of bid 18821102", "$0.400000/h ÷ $0.500000/h − 1 = -20.0%", "not known without a price on demand", "× 720 h"},
		"sorting by":              {"▲ Margin", "Saving"},
		"nothing is told":         {"Bid 1", "—"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			states[state](t).has(want...)
		})
	}
}

func TestOnlyInterruptibleInstancesAreBids(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	if strings.Contains(s.plain(), "18829999") {
		t.Error("an instance on demand is listed")
	}
	if _, badge := s.m.Title(s.env()); badge != "3" {
		t.Errorf("the tab says %q", badge)
	}
}

func TestAnOutbidInstanceSaysSinceWhenAndWhatItCosts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.load(at(bidding(7, "a"), 0.4, 0.35))
	out := paused(at(bidding(7, "a"), 0.4, 0.5))
	s.load(out).after(time.Hour, out)
	s.has("▲ OUTBID 1h", "1×", "$0.02", "outbid for 1h")
	back := at(bidding(7, "a"), 0.4, 0.38)
	s.load(back).load(out)
	if got := s.line("OUTBID"); !strings.Contains(got, "2×") {
		t.Errorf("outbid twice: %s", got)
	}
}

func TestTheTimeOutbidIsOneFigureWhereverItStands(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.size.H = 60
	s.load(at(bidding(7, "a"), 0.4, 0.35))
	s.load(paused(at(bidding(7, "a"), 0.4, 0.5)))
	s.press("enter")
	for _, passed := range []time.Duration{3*time.Minute + 20*time.Second, 52 * time.Minute, 7 * time.Hour} {
		s.now = s.now.Add(passed)
		s.m.Update(s.env(), command.Beat{At: s.now})
		s.now = s.now.Add(40 * time.Second) // whatever the time is when it is drawn
		lasted := figure.Span(s.m.clock.Sub(s.m.rows[0].since))
		s.has("▲ OUTBID "+lasted, "seen so for "+lasted, "outbid for "+lasted, "until now, "+lasted)
	}
}

func TestABidThatItsRenterStoppedIsNotOutbid(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(bidding(7, "a"))
	stopped := paused(bidding(7, "a"))
	s.load(stopped)
	s.has("■ STOPPED by you")
	s.load(at(stopped, 0.6, 0.9))
	s.has("■ STOPPED by you")
	if got := s.reason("h"); got != "it is stopped, not outbid: i shows it among the instances, where S starts it" {
		t.Errorf("h: %q", got)
	}
	stopped.MinBid = vastapi.Unknown[vastapi.Rate]()
	s = newStage(t).load(stopped)
	s.has("■ STOPPED")
	if strings.Contains(s.plain(), "by you") {
		t.Error("who stopped it is not known")
	}
}

func TestWordsThatAreNoMatterOfBidsPassThrough(t *testing.T) {
	t.Parallel()
	i := bidding(7, "a")
	i.Actual = safetext.New("loading")
	s := newStage(t).load(i)
	s.has("◐ LOADING")
	i.Actual = safetext.New("offline")
	s.load(i)
	s.has("✗ OFFLINE")
}

// settle runs what the view asks for, and what it asks for then, until it rests.
func (s *stage) settle(e view.Effect) {
	s.t.Helper()
	queue := []tea.Cmd{e.Cmd}
	for n := 0; len(queue) > 0; n++ {
		if n > 50 {
			s.t.Fatal("it does not come to rest")
		}
		cmd := queue[0]
		queue = queue[1:]
		if cmd == nil {
			continue
		}
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			queue = append(queue, msg...)
		default:
			queue = append(queue, s.m.Update(s.env(), msg).Cmd)
		}
	}
}

func TestManyBidsAreWorkedOutElsewhere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var list []vastapi.Instance
	for n := range 6000 {
		list = append(list, at(bidding(vastapi.InstanceID(1000+n), "many"), 0.6, 0.4+vastapi.Rate(n)/100000))
	}
	msg := command.InstancesLoaded{Answer: command.Answer{At: s.now}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}}
	msg.Fold(s.data)
	e := s.m.Update(s.env(), msg)
	if e.Cmd == nil || len(s.m.rows) != 0 {
		t.Fatal("thousands of bids are worked out within a message")
	}
	s.has("sorting…")
	if got := s.reason("D"); got != "the list is being sorted" {
		t.Errorf("D: %q", got)
	}
	s.settle(e)
	s.has("6,000 winning")
	if _, badge := s.m.Title(s.env()); badge != "6000" {
		t.Errorf("the tab says %q", badge)
	}
}

package instances

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// noAddress is what the keys for ssh say of an instance that has no address yet.
const noAddress = "Its address is not known yet. Wait until it runs."

var errBroken = errors.New("the account does not answer: it is tried again")

// states are all the ways in which the view can stand.
var states = map[string]func(*testing.T) *stage{
	"loading": func(t *testing.T) *stage { return newStage(t) },
	"error before any answer": func(t *testing.T) *stage {
		s := newStage(t)
		s.answer(command.InstancesLoaded{Answer: command.Answer{Err: errBroken}})
		return s
	},
	"empty": func(t *testing.T) *stage { return newStage(t).load() },
	"full":  func(t *testing.T) *stage { return newStage(t).load(some()...) },
	"error with old data": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.answer(command.InstancesLoaded{Answer: command.Answer{Err: errBroken}})
		return s
	},
	"read-only": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.locked = true
		return s
	},
	"filtered away": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.press("/")
		s.text("nothing is called so")
		s.press("enter")
		return s
	},
	"typing": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.press("/")
		s.text("worker")
		return s
	},
	"several marked": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.press("space", "down", "space")
		return s
	},
	"detail": func(t *testing.T) *stage {
		s := newStage(t).load(some()...)
		s.press("enter")
		return s
	},
	"cursor's instance is gone": func(t *testing.T) *stage { return newStage(t).load(some()...).load(some()[1:]...) },
	"all are gone":              func(t *testing.T) *stage { return newStage(t).load(some()...).load() },
	"names as others choose them": func(t *testing.T) *stage {
		var list []vastapi.Instance
		for n, name := range []string{
			strings.Repeat("x", 600), strings.Repeat("世界", 200), "e" + strings.Repeat("\u0301", 200), "two\nrows\r\x1b[2J", "\u202eRLO\u2066",
			"👩‍👩‍👧‍👦🏳️‍🌈🇸🇪", "", "\x1b]8;;http://evil.example\x1b\\good",
		} {
			i := running(vastapi.InstanceID(100+n), name)
			t := safetext.New(name)
			i.GPUName, i.Geolocation, i.Image, i.Status, i.Actual, i.SSHHost, i.PublicIP, i.SSHPort = t, t, t, t, t, t, t, 22
			list = append(list, i)
		}
		s := newStage(t).load(list...)
		s.press("enter", "down", "space")
		return s
	},
	"not as asked for, one starts, one left over": func(t *testing.T) *stage {
		s := newStage(t)
		s.journal(append(rentOf(777, noon, "confirmed"), rentOf(778, noon, "rejected")...))
		capped, slow := rentedOne(777, "running"), rentedOne(779, "loading")
		capped.Disk, slow.Status = 40, safetext.New(strings.Repeat("世界", 90))
		s.at(noon.Add(time.Minute), capped, stopped(778, "x"), slow)
		s.press("!")
		return s
	},
	"nothing is told": func(t *testing.T) *stage {
		unknown := vastapi.Unknown[float64]()
		s := newStage(t).load(vastapi.Instance{
			ID: 1, GPUUtil: unknown, GPUTemp: unknown, Disk: vastapi.GB(unknown), DiskUsed: vastapi.GB(unknown), DphTotal: vastapi.Rate(unknown),
			DphBase: vastapi.Rate(unknown), BilledNow: vastapi.Rate(unknown), IfRunning: vastapi.Rate(unknown), StorageCost: vastapi.PerGBMonth(unknown),
			StorageTotal: vastapi.Rate(unknown), MinBid: vastapi.Rate(unknown), GPURAM: vastapi.MiB(unknown),
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
			for size := range solo.Sizes(101) {
				if c := solo.Frame(t, s.m, s.env(), size).Cursor; c != nil && c.Y != 0 {
					t.Fatalf("%dx%d: the text cursor stands in line %d", size.W, size.H, c.Y)
				}
			}
		})
	}
}

func TestEveryActionSaysWhyItCannotBeDone(t *testing.T) {
	t.Parallel()
	const (
		loading  = "the instances are still being loaded"
		nothing  = "there is no instance: rent one in the market (1)"
		hidden   = "no instance is shown: the filter hides them all"
		readOnly = "this run is read-only: start without --read-only to change anything"
		gone     = "the instance under the cursor is gone: move to choose another"
		closed   = "the detail is closed: enter opens it"
		noGroup  = "the group is that of the row under the cursor: esc clears the marks"
		noBid    = "it is rented on demand: its price is no bid"
		healthy  = "nothing is wrong with it, as far as that is known"
		asksNone = "no host asks for a higher price"
		alone    = "no other instance is named like it: D destroys it alone"
	)
	// What is about instances, and says the same while there is none.
	deeds := []string{"enter", "s", "l", "e", "S", "D", "w", "y", "B", "R", "n", "u", "$", "b", "f", "p", "m", "a", "d", "E", "C", "J", "r", "x", "X", "Z"}
	// What only tells how the list is shown is spoken of where the list is tested.
	lists := []string{"/", "o", "O", "c", "L", "P", "z", "!", "ctrl+o", "'", "esc"}
	all := func(why string) map[string]string {
		want := map[string]string{}
		for _, key := range deeds {
			want[key] = why
		}
		return want
	}
	with := func(want map[string]string, why string, keys ...string) map[string]string {
		for _, key := range keys {
			want[key] = why
		}
		return want
	}
	fine := func() map[string]string {
		return map[string]string{"b": noBid, "w": healthy, "s": noAddress, "f": noAddress, "p": noAddress, "X": alone}
	}
	locked := with(fine(), readOnly, "S", "B", "R", "n", "u", "$", "b", "m", "a", "D", "X")
	for state, want := range map[string]map[string]string{
		"loading":                   all(loading),
		"error before any answer":   all(loading),
		"empty":                     all(nothing),
		"all are gone":              all(nothing),
		"full":                      fine(),
		"error with old data":       fine(),
		"detail":                    fine(),
		"read-only":                 locked,
		"filtered away":             all(hidden),
		"several marked":            with(map[string]string{"X": noGroup}, oneOnly, "s", "f", "p", "u", "$", "b", "d", "E", "J", "w", "r", "x"),
		"cursor's instance is gone": all(gone),
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			for _, a := range s.m.Actions(s.env()) {
				key, why := a.Key.Keys()[0], ""
				switch {
				case slices.Contains(lists, key):
					continue
				case key == "I":
					why = asksNone
				case strings.Contains("{}", key) && state != "detail":
					why = closed
				default:
					why = want[key]
				}
				known := slices.Contains(deeds, key) || strings.Contains("I{}", key)
				if got := a.Disabled; !known || got != why {
					t.Errorf("%s: %q, want %q", key, got, why)
				}
			}
		})
	}
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
		"loading":                   {"loading instances…"},
		"error before any answer":   {errBroken.Error(), "ctrl+r asks now"},
		"empty":                     {"Nothing is rented. Press 1 for the market"},
		"all are gone":              {"Nothing is rented."},
		"full":                      {"18820341", "worker-a", "worker-b", "eval", "● RUNNING", "■ STOPPED", "$0.820/h"},
		"error with old data":       {errBroken.Error(), "worker-a"},
		"filtered away":             {"0 of 3 shown"},
		"typing":                    {"/worker", "2 of 3 shown"},
		"several marked":            {"2 marked, $1.640/h"},
		"detail":                    {"Instance 18820341", "billed now", "stopped"},
		"cursor's instance is gone": {"the instance under the cursor is gone", "worker-b"},
		"nothing is told":           {"—"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			s.has(want...)
			s.lacks("NaN", "vx-abcdefghijkl")
		})
	}
}

func TestTitleCountsWhatIsRented(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{"loading": "", "error before any answer": "", "empty": "0", "full": "3"} {
		s := states[state](t)
		if name, badge := s.m.Title(s.env()); name != "Instances" || badge != want {
			t.Errorf("%s: the tab says %q %q, want Instances %q", state, name, badge, want)
		}
	}
}

func TestEscClosesTheTopmostFirst(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.press("/")
	s.text("worker")
	s.press("enter", "space", "enter")
	for _, gone := range []string{"Instance 18820341", "1 marked", "/worker"} {
		s.has(gone)
		s.press("esc")
		s.lacks(gone)
	}
	before := s.plain()
	if e := s.press("esc"); e.Cmd != nil || len(e.Intents) != 0 || s.plain() != before {
		t.Error("esc with nothing to close does something")
	}
}

func TestDetailScrollsToItsEndAndNoFurther(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.size = view.Size{W: 200, H: 10}
	s.press("enter")
	s.has("} scrolls")
	top := s.plain()
	for range 40 {
		s.press("}")
	}
	end := s.plain()
	s.has("{ scrolls back")
	s.lacks("} scrolls")
	s.press("}")
	if s.plain() != end {
		t.Error("it scrolls beyond its end")
	}
	s.press("{")
	if s.plain() == end {
		t.Error("{ does not go back at once")
	}
	for range 40 {
		s.press("{")
	}
	if s.plain() != top {
		t.Errorf("{ does not lead back to the beginning:\n%s", s.plain())
	}
}

func TestDetailTellsWhatEachStateCosts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		instance vastapi.Instance
		want     []string
	}{
		{running(1, "a"), []string{"billed now  $0.820/h", "running     $0.820/h", "stopped     $0.020/h"}},
		{stopped(2, "b"), []string{"billed now  $0.020/h", "running     $0.820/h"}},
	} {
		s := newStage(t).load(c.instance)
		s.size = view.Size{W: 200, H: 50}
		s.press("enter")
		s.has(c.want...)
	}
	bid := running(3, "c")
	bid.Bid, bid.MinBid = true, 0.9
	s := newStage(t).load(bid)
	s.size = view.Size{W: 200, H: 50}
	s.press("enter")
	s.has("bid", fmt.Sprintf("to hold %s", "$0.900/h"))
}

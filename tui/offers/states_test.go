package offers

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

const broken = "the market does not answer: it is tried again"

// states are all the ways in which the view can stand.
var states = map[string]func(*testing.T) *stage{
	"loading": func(t *testing.T) *stage { return newStage(t, usual) },
	"error before any answer": func(t *testing.T) *stage {
		s := newStage(t, usual)
		s.server.err = errors.New(broken)
		return s.load()
	},
	"empty": func(t *testing.T) *stage { return newStage(t, usual).load() },
	"full":  func(t *testing.T) *stage { return newStage(t, usual, three()...).load() },
	"error with old data": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.server.err = errors.New(broken)
		return s.load()
	},
	"read-only": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.locked = true
		return s
	},
	"more than is kept": func(t *testing.T) *stage {
		return newStage(t, command.Market{Limit: 20, Max: 100}, many(400)...).load()
	},
	"filtered away": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("/")
		s.text("num_gpus>=9")
		s.press("enter")
		return s
	},
	"typing": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("/")
		s.text("4090 num_gpu>=")
		return s
	},
	"detail": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("enter")
		return s
	},
	"cursor's offer is gone": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.server.offers = s.server.offers[1:]
		return s.load()
	},
	"rented": func(t *testing.T) *stage {
		list := three()
		list[0].Rented = vastapi.FlagYes
		s := newStage(t, usual, list...).load()
		s.press("/")
		s.text("rented=any")
		s.press("enter")
		return s
	},
	"not rentable": func(t *testing.T) *stage {
		list := three()
		list[0].Rentable = vastapi.FlagNo
		s := newStage(t, usual, list...).load()
		s.press("/")
		s.text("rentable=any")
		s.press("enter")
		return s
	},
	"several marked": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("space", "down", "space")
		return s
	},
	"the marked one is hidden": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("space", "/")
		s.text("num_gpus>=2")
		s.press("enter")
		return s
	},
	"names as others choose them": func(t *testing.T) *stage {
		list := many(40)
		for i, name := range []string{
			strings.Repeat("x", 600), strings.Repeat("世界", 200), "e" + strings.Repeat("\u0301", 200), "two\nrows\r\x1b[2J", "\u202eRLO\u2066",
			"👩‍👩‍👧‍👦🏳️‍🌈🇸🇪", "", "\x1b]8;;http://evil.example\x1b\\good",
		} {
			o := &list[i]
			o.GPUName, o.Geolocation, o.CPUName, o.Driver, o.DiskName = safetext.New(name), safetext.New(name), safetext.New(name), safetext.New(name), safetext.New(name)
		}
		s := newStage(t, usual, list...).load()
		s.press("enter")
		return s
	},
	"nothing is told": func(t *testing.T) *stage {
		unknown := vastapi.Unknown[float64]()
		s := newStage(t, usual, vastapi.Offer{
			ID: 1, DphTotal: vastapi.Rate(unknown), DphBase: vastapi.Rate(unknown), StorageCost: vastapi.PerGBMonth(unknown), DLPerf: unknown,
			CUDA: unknown, Reliability: unknown, DiskSpace: vastapi.GB(unknown), InetDown: vastapi.Mbps(unknown), MinBid: vastapi.Rate(unknown),
			Duration: -1, HostingType: -1, DirectPorts: -1,
		}).load()
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
			check := func(w, h int) {
				f := s.m.Draw(s.env(), view.Size{W: w, H: h})
				if err := fit.Exact(f.Body, w, h); err != nil {
					t.Fatalf("%dx%d: %v", w, h, err)
				}
				if c := f.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y != 0) {
					t.Fatalf("%dx%d: the text cursor stands at %d,%d", w, h, c.X, c.Y)
				}
			}
			step := 101
			if testing.Short() {
				step = 1009
			}
			for n := 0; n < 241*91; n += step {
				check(60+n%241, 10+n/241)
			}
			for _, edge := range []int{view.Narrow, view.Wide, 60, 300} {
				for w := max(1, edge-1); w <= min(300, edge+1); w++ {
					check(w, 10)
					check(w, 37)
				}
			}
			for n := 0; n < 59*12; n += step / 14 {
				check(1+n%59, 1+n/59)
			}
		})
	}
}

func TestEveryActionSaysWhyItCannotBeDone(t *testing.T) {
	t.Parallel()
	const (
		loading  = "the offers are still being loaded"
		nothing  = "no offer is shown: change the query"
		readOnly = "this run is read-only: start without --read-only to change anything"
		marked   = "one offer is rented at a time: esc clears the marks"
		closed   = "the detail is closed: enter opens it"
		gone     = "the offer under the cursor has just left the market: move to choose another"
	)
	for state, want := range map[string]map[string]string{
		"loading":                  {"r": loading, "enter": loading},
		"error before any answer":  {"r": loading, "enter": loading},
		"empty":                    {"r": nothing, "enter": nothing},
		"full":                     {},
		"error with old data":      {},
		"more than is kept":        {},
		"read-only":                {"r": readOnly},
		"filtered away":            {"r": nothing, "enter": nothing},
		"detail":                   {},
		"cursor's offer is gone":   {"r": gone, "enter": gone},
		"rented":                   {"r": "you rent this one already"},
		"not rentable":             {"r": "this offer is not rentable now"},
		"several marked":           {"r": marked},
		"the marked one is hidden": {"r": marked},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			for _, key := range []string{"r", "enter", "/", "o", "O", "{", "}", "esc"} {
				why := want[key]
				if strings.Contains("{}", key) && state != "detail" {
					why = closed
				}
				if got := s.reason(key); got != why {
					t.Errorf("%s: %q, want %q", key, got, why)
				}
			}
			if n := len(s.m.Actions(s.env())); n != 8 {
				t.Errorf("there are %d actions; this table speaks of 8", n)
			}
		})
	}
	t.Run("typing", func(t *testing.T) {
		t.Parallel()
		s := states["typing"](t)
		for _, a := range s.m.Actions(s.env()) {
			if !a.Typing || a.Disabled != "" {
				t.Errorf("%v does not work while the query is typed", a.Key.Keys())
			}
		}
	})
}

func TestEachStateSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][]string{
		"loading":                 {"loading offers…"},
		"error before any answer": {broken, "ctrl+r asks now"},
		"empty":                   {"The market has no such offer now.", "0 of 0 offers shown"},
		"full":                    {"1× RTX 4090", "2× RTX 3090", "8× H100 SXM", "3 of 3 offers shown", "prices with a 10 GB disk", "[verified=true]"},
		"error with old data":     {broken, "1× RTX 4090", "3 of 3 offers shown"},
		"more than is kept":       {"100 of 100 offers shown", "the server has more than is kept here: narrow the query"},
		"filtered away":           {"No offer here satisfies this query; 3 are here."},
		"typing":                  {"/4090 num_gpu>="},
		"detail":                  {"Offer 1", "all in", "lowest bid"},
		"cursor's offer is gone":  {"the offer under the cursor has left the market", "2 of 2 offers shown"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			states[state](t).has(want...)
		})
	}
}

func TestTitleCountsWhatIsHere(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{"loading": "", "error before any answer": "", "empty": "0", "full": "3", "more than is kept": "100+"} {
		s := states[state](t)
		if name, badge := s.m.Title(s.env()); name != "Market" || badge != want {
			t.Errorf("%s: the tab says %q %q, want Market %q", state, name, badge, want)
		}
	}
}

func TestEscClosesTheTopmostFirst(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus<=2")
	s.press("enter", "space", "enter")
	s.has("Offer 1", "1 marked")
	for _, gone := range []string{"Offer 1", "1 marked", "num_gpus<=2"} {
		s.has(gone)
		s.press("esc")
		s.lacks(gone)
	}
	before := s.plain()
	if e := s.press("esc"); e.Cmd != nil || len(e.Intents) != 0 || s.plain() != before {
		t.Error("esc with nothing to close does something")
	}
}

func TestSlowMarketNeverStopsTheKeys(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual)
	for _, key := range []string{"down", "space", "enter", "r", "o", "O", "esc", "G", "*"} {
		if e := s.press(key); len(e.Intents) != 0 {
			t.Errorf("%s wants %v while nothing is there", key, e.Intents)
		}
	}
	s.now = s.now.Add(time.Second)
	s.hear(command.Beat{At: s.now})
	s.has("loading offers…")
	if got := fmt.Sprint(s.server.searches); got != "[]" {
		t.Errorf("something was asked: %s", got)
	}
}

func TestDetailScrollsToItsEndAndNoFurther(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.size = view.Size{W: 200, H: 14}
	s.press("enter")
	s.has("} scrolls")
	top := s.plain()
	for range 40 {
		s.press("}")
	}
	end := s.plain()
	s.has("disk type", "{ scrolls back")
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
	s.press("}", "down")
	s.has("} scrolls") // another offer begins at its beginning
	s.lacks("{ scrolls back")
}

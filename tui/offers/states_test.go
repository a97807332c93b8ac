package offers

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
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
		s.settle(s.press("enter"), 3)
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
	"nothing to drop": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("/")
		s.text("num_gpus>=9 disk>=9TB cuda>=99")
		s.settle(s.press("enter"), 3)
		return s
	},
	"without a price": func(t *testing.T) *stage {
		list := three()[:1]
		list[0].DphTotal, list[0].DphBase = vastapi.Unknown[vastapi.Rate](), vastapi.Unknown[vastapi.Rate]()
		return newStage(t, usual, list...).load()
	},
	"bids": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.settle(s.press("t"), 3)
		return s
	},
	"no bids taken": func(t *testing.T) *stage {
		list := three()[:1]
		list[0].MinBid = 0
		s := newStage(t, usual, list...).load()
		s.settle(s.press("t"), 3)
		return s
	},
	"not reserved": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.settle(s.press("t"), 3)
		s.settle(s.press("t"), 3)
		return s
	},
	"five marked": func(t *testing.T) *stage {
		s := newStage(t, usual, many(6)...).load()
		s.press("space", "down", "space", "down", "space", "down", "space", "down", "space")
		return s
	},
	"a mistake in the query": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("/")
		s.text("num_gpu>=2")
		s.press("enter")
		return s
	},
	"saved searches": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...)
		s.data.Memory.Searches = []feed.SavedSearch{{Name: "cheap 4090", Query: "4090 dph<1"}, {Name: "八 GPUs", Query: "num_gpus>=8"}, {Name: "bids", Kind: vastapi.Interruptible}}
		return s.load()
	},
	"a menu": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("y")
		return s
	},
	"an empty menu": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("X")
		return s
	},
	"columns": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("c")
		return s
	},
	"compared": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("space", "down", "space", "down", "space", "=")
		return s
	},
	"a sum": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("E")
		return s
	},
	"raw": func(t *testing.T) *stage {
		s := newStage(t, usual, three()...).load()
		s.press("J")
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
			for size := range solo.Sizes(307) {
				solo.Frame(t, s.m, s.env(), size)
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
		hidden   = "some of the marked offers are not shown: esc clears the marks, or change the query"
		closed   = "the detail is closed: enter opens it"
		gone     = "GONE: this machine left the market just now: move to choose another"
		finds    = "the query finds offers: there is no condition to drop"
		two      = "space marks offers: two to four can be compared"
		many     = "5 offers are marked: two to four can be compared"
		stuck    = "no single condition stands in the way"
		unread   = "the query cannot be read: mend it first"
	)
	onOffer := []string{"r", "enter", "x", "n", "E", "h", "J", "p", "y"}
	all := append([]string{"R", "b", "/", "t", "<", "$", "d", "-", "w", "X", "ctrl+s", "'", "P", "C", "o", "O", "S", "c", "=", "}", "{", "esc"}, onOffer...)
	each := func(keys []string, why string, more map[string]string) map[string]string {
		want := map[string]string{"-": finds, "=": two}
		if why == nothing {
			want["R"] = why
		}
		for _, k := range keys {
			want[k] = why
		}
		for k, w := range more {
			want[k] = w
		}
		return want
	}
	for state, want := range map[string]map[string]string{
		"loading":                 each(onOffer, loading, map[string]string{"-": stuck, "R": nothing}),
		"error before any answer": each(onOffer, loading, map[string]string{"-": stuck, "R": nothing}),
		"empty":                   each(onOffer, nothing, map[string]string{"-": stuck}),
		"full":                    each(nil, "", nil),
		"error with old data":     each(nil, "", nil),
		"more than is kept":       each(nil, "", nil),
		"read-only":               each(nil, "", map[string]string{"r": readOnly, "R": readOnly}),
		"filtered away":           each(onOffer, nothing, map[string]string{"-": ""}),
		"nothing to drop":         each(onOffer, nothing, map[string]string{"-": stuck}),
		"detail":                  each(nil, "", map[string]string{"{": "", "}": ""}),
		"cursor's offer is gone":  each(onOffer, gone, map[string]string{"enter": "", "h": ""}),
		"rented":                  each(nil, "", map[string]string{"r": "you rent this one already"}),
		"not rentable":            each(nil, "", map[string]string{"r": "this offer is not rentable now"}),
		"without a price":         each(nil, "", map[string]string{"r": "the price of this offer is not known"}),
		"bids":                    each(nil, "", nil),
		"no bids taken": each(nil, "", map[string]string{
			"r": "this offer takes no bids: t goes to another type", "b": "this offer takes no bids: t goes to another type",
		}),
		"not reserved":             each(nil, "", map[string]string{"r": "this offer has no reserved price: t goes to another type"}),
		"several marked":           each(nil, "", map[string]string{"=": ""}),
		"five marked":              each(nil, "", map[string]string{"=": many}),
		"the marked one is hidden": each(nil, "", map[string]string{"r": hidden}),
		"a mistake in the query":   each(nil, "", map[string]string{"<": unread, "ctrl+s": unread}),
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			for _, key := range all {
				why, told := want[key]
				if strings.Contains("{}", key) && !told {
					why = closed
				}
				if got := s.reason(key); got != why {
					t.Errorf("%s: %q, want %q", key, got, why)
				}
			}
			if n := len(s.m.Actions(s.env())); n != len(all) {
				t.Errorf("there are %d actions; this table speaks of %d", n, len(all))
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

// While many rows are sorted elsewhere, nothing is under the cursor.
func TestNothingIsActedOnWhileTheListIsSorted(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 10000, Max: 10000}, many(6000)...).load()
	s.has("6,000 of 6,000 offers shown")
	if s.reason("r") != "" {
		t.Fatalf("before: %q", s.reason("r"))
	}
	e := s.press("O")
	for _, key := range []string{"r", "enter", "x", "n", "E", "J", "p", "y", "="} {
		if got := s.reason(key); got != "the list is being sorted" {
			t.Errorf("%s: %q", key, got)
		}
	}
	s.has("sorting")
	s.settle(e, 0)
	s.lacks("sorting")
	if got := s.reason("r"); got != "" {
		t.Errorf("after: %q", got)
	}
	if o, _ := s.m.under(); s.m.list.table.Position() == 0 || o.ID == 0 {
		t.Error("nothing is under the cursor after the list was sorted")
	}
}

func TestEachStateSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][]string{
		"loading":                 {"loading offers…"},
		"error before any answer": {broken, "ctrl+r asks now"},
		"empty":                   {"The market has no such offer now.", "0 of 0 offers shown"},
		"full":                    {"1× RTX 4090", "2× RTX 3090", "8× H100 SXM", "3 of 3 offers shown", "prices with a 10 GB disk", "[verified=true]"},
		"error with old data":     {broken, "1× RTX 4090", "3 of 3 offers shown"},
		"more than is kept":       {"100 of 100 offers shown", "100 kept of more: narrow the query"},
		"filtered away":           {"No offer here satisfies this query; 3 are here."},
		"typing":                  {"/4090 num_gpu>="},
		"detail":                  {"Offer 1", "all in", "PRICE"},
		"cursor's offer is gone":  {"GONE 1×", "1 GONE", "2 of 2 offers shown"},
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

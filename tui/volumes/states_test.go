package volumes

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

var errBroken = errors.New("the account does not answer: it is tried again")

// hostile are names as others choose them.
var hostile = []string{
	strings.Repeat("x", 600), strings.Repeat("世界", 200), "e" + strings.Repeat("\u0301", 200), "two\nrows\r\x1b[2J", "\u202eRLO\u2066",
	"👩‍👩‍👧‍👦🏳️‍🌈🇸🇪", "", "\x1b]8;;http://evil.example\x1b\\good",
}

// strange has volumes, holders and places with hostile texts.
func strange(t testing.TB) *stage {
	var list []vastapi.Volume
	var who []vastapi.Instance
	s := newStage(t)
	s.server.offers = nil
	for n, name := range hostile {
		id := vastapi.InstanceID(70 + n)
		v := volume(vastapi.VolumeID(100+n), name, 10, id)
		v.Status, v.Geolocation, v.Kind = safetext.New(name), safetext.New(name), safetext.New(name)
		list, who = append(list, v), append(who, instance(id, name, "running"))
		o := placeAt(vastapi.OfferID(n+1), vastapi.MachineID(n+1), 0.1, 1000, "Falun, SE")
		o.Geolocation, o.DiskName = safetext.New(name), safetext.New(name)
		s.server.offers = append(s.server.offers, o)
	}
	return s.with(who...).load(list...)
}

// states are all the ways in which the view can stand.
var states = map[string]func(*testing.T) *stage{
	"loading": func(t *testing.T) *stage { return newStage(t) },
	"error before any answer": func(t *testing.T) *stage {
		s := newStage(t)
		s.hear(command.VolumesLoaded{Answer: command.Answer{Err: errBroken, At: noon}})
		return s
	},
	"empty": func(t *testing.T) *stage { return newStage(t).load() },
	"full":  func(t *testing.T) *stage { return full(t) },
	"error with old data": func(t *testing.T) *stage {
		s := full(t)
		s.hear(command.VolumesLoaded{Answer: command.Answer{Err: errBroken, At: noon.Add(time.Hour)}})
		return s
	},
	"read-only": func(t *testing.T) *stage { s := full(t); s.locked = true; return s },
	"filtered away": func(t *testing.T) *stage {
		s := full(t)
		s.filter("nothing is called so")
		return s
	},
	"problems alone": func(t *testing.T) *stage { s := full(t); s.press("P"); return s },
	"typing":         func(t *testing.T) *stage { s := full(t); s.press("/"); s.text("mod"); return s },
	"completing":     func(t *testing.T) *stage { s := full(t); s.press("/", "tab"); return s },
	"marked":         func(t *testing.T) *stage { s := full(t); s.press("space", "down", "space"); return s },
	"detail":         func(t *testing.T) *stage { s := full(t); s.press("down", "enter"); return s },
	"gone":           func(t *testing.T) *stage { return full(t).load(some()[1:]...) },
	"all gone":       func(t *testing.T) *stage { return full(t).load() },
	"columns":        func(t *testing.T) *stage { s := full(t); s.press("c"); return s },
	"sort":           func(t *testing.T) *stage { s := full(t); s.press("ctrl+o"); return s },
	"copy":           func(t *testing.T) *stage { s := full(t); s.press("y"); return s },
	"explain":        func(t *testing.T) *stage { s := full(t); s.press("E"); return s },
	"mount":          func(t *testing.T) *stage { s := full(t); s.press("m"); return s },
	"raw":            func(t *testing.T) *stage { s := full(t); s.settle(s.press("J")); return s },
	"hostile":        func(t *testing.T) *stage { s := strange(t); s.press("enter", "down", "space"); return s },
	"hostile, to copy": func(t *testing.T) *stage {
		s := strange(t)
		s.press("down", "y")
		return s
	},
	"hostile places":     func(t *testing.T) *stage { s := strange(t).openPlaces("n"); s.press("d", "down"); return s },
	"hostile mount":      func(t *testing.T) *stage { s := strange(t); s.press("m"); return s },
	"places":             func(t *testing.T) *stage { return full(t).openPlaces("n") },
	"places of a copy":   func(t *testing.T) *stage { s := full(t).openPlaces("K"); s.press("d"); return s },
	"places, unanswered": func(t *testing.T) *stage { s := full(t); s.press("n"); return s },
	"places, typing": func(t *testing.T) *stage {
		s := full(t).openPlaces("n")
		s.press("/")
		s.text("reg")
		return s
	},
	"no places": func(t *testing.T) *stage { s := full(t); s.server.offers = nil; return s.openPlaces("n") },
	"places, error": func(t *testing.T) *stage {
		s := full(t)
		s.server.err = errBroken
		return s.openPlaces("n")
	},
	"policy of places": func(t *testing.T) *stage { s := full(t).openPlaces("n"); s.press("-"); return s },
	"made": func(t *testing.T) *stage {
		s := full(t)
		s.m.page = newMountPage(4711, true)
		return s
	},
}

func TestFramesAreExactInEveryState(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			for _, size := range sizes() {
				solo.Frame(t, s.m, s.env(), size)
			}
		})
	}
}

// sizes are every small one, and steps of the larger ones.
func sizes() []view.Size {
	var list []view.Size
	for w := 1; w <= 200; w += 1 + w/5 {
		for h := 1; h <= 60; h += 1 + h/3 {
			list = append(list, view.Size{W: w, H: h})
		}
	}
	return append(list, view.Size{W: 159, H: 50}, view.Size{W: 160, H: 50}, view.Size{W: 100, H: 30}, view.Size{W: 60, H: 16})
}

func TestDrawingChangesNothing(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		s := make(t)
		if first, second := s.plain(), s.plain(); first != second {
			t.Errorf("%s: drawn again it is another picture", name)
		}
	}
}

func TestNothingFromOutsideReachesTheTerminal(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		if !strings.HasPrefix(name, "hostile") {
			continue
		}
		s := make(t)
		body := s.m.Draw(s.env(), s.size).Body
		for _, bad := range []string{"\x1b[2J", "\x1b]8", "\r", "\u202e", "\u2066"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s: %q is on the screen", name, bad)
			}
		}
	}
}

// Every key of every state either gives a reason, or does something that sends nothing.
func TestEveryKeySendsNothing(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		probe := make(t)
		for _, a := range probe.m.Actions(probe.env()) {
			s := make(t)
			for _, key := range a.Key.Keys() {
				e := s.press(key)
				s.settle(e)
				for _, in := range e.Intents {
					if f, ok := in.(view.Ask); ok && f.Form.Submit == nil {
						t.Errorf("%s, %s: the form does nothing", name, key)
					}
				}
				if err := fit.Exact(s.m.Draw(s.env(), s.size).Body, s.size.W, s.size.H); err != nil {
					t.Errorf("%s, %s: %v", name, key, err)
				}
			}
			if s.server.changes != 0 {
				t.Errorf("%s: %v sent something", name, a.Key.Keys())
			}
		}
	}
}

func TestKeysSayWhyTheyCannotBeUsed(t *testing.T) {
	t.Parallel()
	onOne := []string{"r", "K", "D", "m", "a", "y", "E", "J"}
	for state, want := range map[string]string{
		"loading": "the volumes are still being loaded", "empty": "there is no volume: n looks for a place and makes one",
		"filtered away": "no volume is shown: the filter hides them all", "gone": "the volume under the cursor is gone: move to choose another",
	} {
		s := states[state](t)
		for _, key := range onOne {
			if got := s.reason(key); got != want {
				t.Errorf("%s, %s: %q, want %q", state, key, got, want)
			}
		}
	}
	locked := states["read-only"](t)
	for _, key := range []string{"r", "K", "D"} {
		if got := locked.reason(key); !strings.Contains(got, "read-only") {
			t.Errorf("read-only, %s: %q", key, got)
		}
	}
	locked.openPlaces("n") // looking is no change
	if got := locked.reason("enter"); !strings.Contains(got, "read-only") {
		t.Errorf("read-only, enter on a place: %q", got)
	}
	marked := states["marked"](t)
	for _, key := range []string{"r", "K", "m", "E", "J", "a"} {
		if got := marked.reason(key); got != oneOnly {
			t.Errorf("several, %s: %q", key, got)
		}
	}
	if got := states["no places"](t).reason("enter"); got != "no place is shown: change the search" {
		t.Errorf("without places, enter: %q", got)
	}
	if got := states["places, unanswered"](t).reason("enter"); got != "places are still being looked for" {
		t.Errorf("before the answer, enter: %q", got)
	}
	if got := states["full"](t).reason("a"); got != "no instance holds it" {
		t.Errorf("a: %q", got)
	}
}

func TestNoKeyIsTakenTwice(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		s := make(t)
		var seen []string
		for _, a := range s.m.Actions(s.env()) {
			for _, key := range a.Key.Keys() {
				if slices.Contains(seen, key) && key != "esc" {
					t.Errorf("%s: %s is taken twice", name, key)
				}
				seen = append(seen, key)
			}
		}
	}
}

func TestNoEffectNeedsALogin(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.set = command.New(t.Context(), command.Config{})
	s.load(some()...)
	s.press("n")
	s.has("nothing was asked yet")
	s.press("esc", "J")
	s.has("there is no account to ask yet")
}

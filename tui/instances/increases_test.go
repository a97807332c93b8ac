package instances

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// asked is what a host asks for.
func asked(id vastapi.PriceIncreaseID, i vastapi.InstanceID) vastapi.PriceIncrease {
	return vastapi.PriceIncrease{
		ID: id, Instance: i, OldGPU: 0.8, NewGPU: 0.96, OldDisk: 0.18, NewDisk: 0.36, OldUp: 0.01, NewUp: 0.02, OldDown: 0.01, NewDown: 0.01,
		ContractEnd: noon.Add(9 * 24 * time.Hour),
	}
}

// increased is the view with these price increases.
func increased(t *testing.T, list ...vastapi.PriceIncrease) *stage {
	s := newStage(t).load(some()...)
	s.increases(list...)
	return s
}

func (s *stage) increases(list ...vastapi.PriceIncrease) {
	s.data.Increases.Apply(vastapi.PriceIncreases{List: list}, s.now, nil)
}

func TestPriceIncreasesAreListedWithWhatTheyComeTo(t *testing.T) {
	t.Parallel()
	s := increased(t)
	if got := s.reason("I"); got != "no host asks for a higher price" {
		t.Errorf("with none: %q", got)
	}
	s = increased(t, asked(7, 18820341), asked(8, 18821102))
	s.press("I")
	s.has("Price increases: 2 wait", "18820341", "worker-a", "+$0.180/h", "+$129.60", "$0.820/h → $1.000/h", "until then", "the contract of now ends in 8d", "out $0.0100 a GB → $0.0200 a GB")
	for _, w := range []int{40, 70, 110} {
		s.size.W = w
		s.has("+$0.180/h")
	}
	s.size = view.Size{W: 150, H: 24}
	s.press("esc")
	s.lacks("Price increases:")
	s.press("G", "I") // the cursor is on the one of the chosen instance
	if c := plan(t, s.press("a")); targetIDs(c.Plan) != "18821102" {
		t.Errorf("a is about %s", targetIDs(c.Plan))
	}
}

func TestAnIncreaseSaysInWhichYearItsContractEnds(t *testing.T) {
	t.Parallel()
	far := asked(7, 18820341)
	far.ContractEnd = noon.AddDate(1, 0, 4)
	s := increased(t, far)
	s.press("I")
	s.has("Price increases: 1 waits, it comes to +$0.180/h", "2027-03-05")
}

func TestIncreasesAreAnsweredOneByOneOrTogether(t *testing.T) {
	t.Parallel()
	for key, verb := range map[string]string{"a": "accept", "R": "reject"} {
		s := increased(t, asked(7, 18820341), asked(8, 18820377))
		s.press("I")
		c := plan(t, s.press(key))
		if c.Plan.Verb != verb || targetIDs(c.Plan) != "18820341" || c.Plan.Consent.Kind != rental.ConsentChoose {
			t.Errorf("%s plans to %s %s with %+v", key, c.Plan.Verb, targetIDs(c.Plan), c.Plan.Consent)
		}
		if p := plan(t, s.press("down", key)).Plan; targetIDs(p) != "18820377" {
			t.Errorf("below, %s is about %s", key, targetIDs(p))
		}
		c = plan(t, s.press("*", key))
		if targetIDs(c.Plan) != "18820341 18820377" {
			t.Errorf("with all marked, %s is about %s", key, targetIDs(c.Plan))
		}
		// What waits no longer is left out when it is worked out again, and nothing is a mistake.
		s.increases(asked(8, 18820377))
		if p := plan(t, c.Again(s.env(), "")).Plan; targetIDs(p) != "18820377" {
			t.Errorf("later it is about %s", targetIDs(p))
		}
		s.increases()
		e := c.Again(s.env(), "")
		if toast, ok := e.Intents[0].(view.Toast); !ok || toast.Level != view.Info || !strings.Contains(toast.Text, "asking again") {
			t.Errorf("with none left it wants %+v", e.Intents)
		}
		s.has("No host asks for a higher price")
		if got := s.reason(key); got != "no host asks for a higher price any more" {
			t.Errorf("%s then says %q", key, got)
		}
	}
}

func TestIncreaseUnderTheCursorThatIsGoneLeavesNothingUnderIt(t *testing.T) {
	t.Parallel()
	s := increased(t, asked(7, 18820341), asked(8, 18820377))
	s.press("I")
	s.increases(asked(8, 18820377))
	s.has("the increase under the cursor is gone")
	if got := s.reason("a"); got != "the increase under the cursor is gone: move to choose another" {
		t.Errorf("a: %q", got)
	}
	if p := plan(t, s.press("down", "a")).Plan; targetIDs(p) != "18820377" {
		t.Errorf("after a move it is about %s", targetIDs(p))
	}
	s.press("space")
	s.press("esc") // takes the mark away first
	s.has("Price increases:")
	if s.press("enter"); s.m.page != nil || s.under() != 18820377 {
		t.Errorf("enter leads to %d", s.under())
	}
}

func TestIncreasesThatCannotBeAnsweredSayWhy(t *testing.T) {
	t.Parallel()
	s := increased(t, asked(7, 18820341), asked(9, 4))
	s.press("I")
	s.has("not in the list")
	s.press("down")
	if got := s.reason("a"); got != "instance 4 is not in the list yet: ctrl+r asks again" {
		t.Errorf("a: %q", got)
	}
	s.press("up")
	s.busy = map[vastapi.InstanceID]string{18820341: "accept"}
	if got := s.reason("R"); got != "an accept of 18820341 is under way: W shows it" {
		t.Errorf("R: %q", got)
	}
	s.busy, s.locked = nil, true
	if got := s.reason("a"); !strings.Contains(got, "read-only") {
		t.Errorf("a: %q", got)
	}
}

func TestIncreasesAreExactAtEverySize(t *testing.T) {
	t.Parallel()
	var list []vastapi.PriceIncrease
	for n := range 30 {
		list = append(list, asked(vastapi.PriceIncreaseID(n+1), 18820341))
	}
	odd := running(18820341, "👩‍👩‍👧‍👦\u202e世界")
	odd.GPUName = safetext.New(strings.Repeat("世", 90))
	for _, n := range []int{0, 1, 30} {
		s := newStage(t).load(odd)
		s.increases(append(list[:n:n], vastapi.PriceIncrease{ID: 99, Instance: 5, NewGPU: vastapi.Unknown[vastapi.Rate]()})...)
		s.press("I", "space", "down")
		if n == 0 {
			s.increases()
		}
		for _, w := range []int{1, 2, 9, 34, 40, 69, 70, 71, 109, 110, 111, 200} {
			for _, h := range []int{1, 2, 3, 4, 5, 15, 16, 17, 24, 60} {
				f := s.m.Draw(s.env(), view.Size{W: w, H: h})
				if err := fit.Exact(f.Body, w, h); err != nil {
					t.Fatalf("%d increases, %dx%d: %v", n, w, h, err)
				}
			}
		}
		s.lacks("NaN")
	}
}

func TestOfSeveralIncreasesOfOneInstanceTheChosenOneIsAnswered(t *testing.T) {
	t.Parallel()
	dearer := asked(102, 18820341)
	dearer.NewGPU *= 3
	for key, want := range map[string]vastapi.Call{
		"a": vastapi.AcceptPriceIncrease{Increase: 102, Instance: 18820341},
		"R": vastapi.RejectPriceIncrease{Increase: 102, Instance: 18820341},
	} {
		s := increased(t, asked(101, 18820341), dearer, asked(103, 18820377))
		s.press("I", "down")
		c := plan(t, s.press(key))
		if len(c.Plan.Steps) != 1 || c.Plan.Steps[0].Call != want {
			t.Errorf("%s plans %+v, want %+v", key, c.Plan.Steps, want)
		}
		if again := plan(t, c.Again(s.env(), "")).Plan; again.Steps[0].Call != want {
			t.Errorf("worked out again it plans %+v", again.Steps)
		}
		s.press("*")
		if got := s.reason(key); got != "the host of instance 18820341 asks more than once: mark one of its increases alone" {
			t.Errorf("with all marked %s says %q", key, got)
		}
	}
	s := increased(t, asked(101, 18820341), dearer)
	s.data.Traces = map[vastapi.InstanceID]feed.Trace{18820341: {Problems: rental.Problems(&s.data.Instances.Value.Instances[0], s.now, rental.Background{Increases: s.data.Increases.Value.List})}}
	s.m.Update(s.env(), command.JournalRead{})
	s.press("enter")
	s.size = view.Size{W: 200, H: 60}
	s.has("asks for a higher price 2 times")
	s.press("esc", "g", "w", "enter")
	s.has("Price increases: 2 wait")
}

func TestEnterGoesToTheInstanceOfTheIncreaseUnderTheCursor(t *testing.T) {
	t.Parallel()
	s := increased(t, asked(101, 18820341), asked(102, 18820377))
	s.press("I", "space") // marks the first one and moves on
	s.press("enter")
	if got := s.under(); got != 18820377 {
		t.Errorf("enter goes to %v", got)
	}
}

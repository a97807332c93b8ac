package instances

import (
	"testing"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
)

func TestClicksAndTheWheelOnlyLook(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			solo.ClicksLook(t, s.m, s.env)
		})
	}
}

func TestAnIncreaseIsGoneToByASecondClickAndAnsweredByNone(t *testing.T) {
	t.Parallel()
	for _, size := range []view.Size{{W: 60, H: 13}, {W: 80, H: 21}, {W: 140, H: 37}} {
		s := increased(t, asked(7, 18820341), asked(8, 18820377))
		s.size = size
		s.press("I")
		solo.Find(t, s.m, s.env(), "18820341")
		if e := solo.ClickOn(t, s.m, s.env(), "18820377"); len(e.Intents) > 0 || s.m.page.(*increasesPage).at != 8 {
			t.Fatalf("%v: a click wants %+v, the cursor is on %d", size, e.Intents, s.m.page.(*increasesPage).at)
		}
		if solo.ClickOn(t, s.m, s.env(), "18820377"); s.m.page != nil || s.under() != 18820377 {
			t.Errorf("%v: a second click leads to %d", size, s.under())
		}
	}
}

func TestARowThatWasClickedIsTheOneTheUserWants(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.m.want = 99
	solo.ClickOn(t, s.m, s.env(), "18820377")
	if s.m.want != 0 || s.under() != 18820377 {
		t.Errorf("the cursor is on %d and still goes to %d", s.under(), s.m.want)
	}
}

package volumes

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

func TestPlacesAreChosenAmongByTheMouseAndNothingIsMade(t *testing.T) {
	t.Parallel()
	for _, size := range []view.Size{{W: 60, H: 13}, {W: 80, H: 21}, {W: 140, H: 37}} {
		s := full(t).openPlaces("n")
		s.size = size
		solo.ClickOn(t, s.m, s.env(), "$0.100")
		if o, ok := s.m.places.table.Cursor(); !ok || o.MachineID != 1002 {
			t.Fatalf("%v: the cursor is on %+v", size, o)
		}
		if e := solo.ClickOn(t, s.m, s.env(), "$0.100"); len(e.Intents) > 0 || !s.m.places.detail {
			t.Errorf("%v: a second click wants %+v, the detail is open: %t", size, e.Intents, s.m.places.detail)
		}
		s.press("esc", "/")
		s.text("relia")
		solo.ClickOn(t, s.m, s.env(), "▸reliability")
		if got := s.m.places.line.Value(); got != "reliability" {
			t.Errorf("%v: the line holds %q", size, got)
		}
	}
}

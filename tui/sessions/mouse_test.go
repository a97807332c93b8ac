package sessions

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

func TestAClickInTheListOfInstancesOpensNoShell(t *testing.T) {
	t.Parallel()
	menus := 0
	for name, make := range states {
		s := make(t)
		n, ok := s.m.page.(*menu)
		if !ok {
			continue
		}
		menus++
		s.plain()
		for range 2 {
			if e := s.m.Click(s.env(), view.Click{X: 4, Y: menuHead}); e.Cmd != nil || len(e.Intents) > 0 || s.m.page != n {
				t.Errorf("%s: a click wants %+v", name, e)
			}
		}
		if n.at != n.top {
			t.Errorf("%s: the cursor is on %d", name, n.at)
		}
	}
	if menus == 0 {
		t.Error("no state shows such a list")
	}
}

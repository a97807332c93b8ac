package costs

import (
	"strings"
	"testing"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

func TestTheChartOfChargesNamesItsExtremesBesideTheDayUnderTheCursor(t *testing.T) {
	t.Parallel()
	for _, w := range []int{60, 100, 140} {
		s := charged(t)
		s.size = view.Size{W: w, H: 24}
		s.press("b")
		for _, key := range []string{"", "left", "left", "right"} {
			if key != "" {
				s.press(key)
			}
			s.has("low $", "high $", "last $", s.m.page.(*chargesPage).day.Format("Jan 2")+"  $")
			if err := fit.Exact(s.m.Draw(s.env(), s.size).Body, w, 24); err != nil {
				t.Errorf("%d wide after %q: %v", w, key, err)
			}
		}
	}
	s := newStage(t)
	s.press("b")
	if strings.Contains(s.plain(), "low ") {
		t.Errorf("before anything was read it names a lowest day:\n%s", s.plain())
	}
}

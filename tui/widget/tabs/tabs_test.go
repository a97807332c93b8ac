package tabs

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

func items(active int) []Tab {
	t := []Tab{{Key: "1", Title: "Market", Badge: "1,000"}, {Key: "2", Title: "Instances", Badge: "3"}, {Key: "3", Title: "Volumes"}, {Key: "5", Title: "費用"}}
	if active >= 0 {
		t[active].Active = true
	}
	return t
}

func TestTabsGiveWayWhenThereIsNoRoom(t *testing.T) {
	t.Parallel()
	th := theme.New(true)
	for _, c := range []struct {
		w    int
		want string
	}{
		{55, " 1 Market 1,000 [2 Instances 3] 3 Volumes  5 費用      "},
		{50, " 1 Market 1,000 [2 Instances 3] 3 Volumes  5 費用 "},
		{49, " 1 Market [2 Instances] 3 Volumes  5 費用        "},
		{41, " 1 Market [2 Instances] 3 Volumes 5 費用 "},
		{38, " 1 Mar… [2 Instances] 3 Vol… 5 費用   "},
		{24, " 1 [2 Instances] 3 5    "},
		{15, "[2 Instances] …"},
		{6, "[2 In…"},
		{0, ""},
	} {
		if got := ansi.Strip(Draw(th, items(1), c.w)); got != c.want {
			t.Errorf("%d cells: %q, want %q", c.w, got, c.want)
		}
	}
}

func TestTheActiveTabIsTheOneThatStays(t *testing.T) {
	t.Parallel()
	if got := ansi.Strip(Draw(theme.New(true), items(3), 9)); got != "[5 費用] " {
		t.Errorf("got %q", got)
	}
}

func TestTheMouseHitsWhatIsDrawn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, x, want int }{
		{55, 0, 0}, {55, 15, 0}, {55, 16, 1}, {55, 30, 1}, {55, 31, 2}, {55, 49, 3}, {55, 50, -1}, {55, 54, -1},
		{24, 0, 0}, {24, 3, 1}, {24, 16, 2}, {15, 0, 1}, {6, 5, 1}, {6, 6, -1}, {6, -1, -1},
	} {
		got, ok := HitAt(items(1), c.w, c.x)
		if !ok {
			got = -1
		}
		if got != c.want {
			t.Errorf("cell %d of %d is tab %d, want %d", c.x, c.w, got, c.want)
		}
	}
}

func TestEveryWidthIsExact(t *testing.T) {
	t.Parallel()
	th := theme.New(false)
	for active := -1; active < 4; active++ {
		for w := 1; w < 90; w++ {
			if err := fit.Exact(Draw(th, items(active), w), w, 1); err != nil {
				t.Errorf("tab %d, %d cells: %v", active, w, err)
			}
		}
	}
	if err := fit.Exact(Draw(th, nil, 7), 7, 1); err != nil {
		t.Error(err)
	}
}

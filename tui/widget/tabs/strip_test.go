package tabs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

func saved(active int) []Search {
	s := []Search{{Name: "cheap 4090", Count: 1204, More: true}, {Name: "datacenter only", Count: 31, Added: 3, Removed: 1, Old: true}, {Name: "費用", Count: -1}, {Name: "8x H100", Count: 0}}
	if active >= 0 {
		s[active].Active = true
	}
	return s
}

func TestTheStripGivesWayWhenThereIsNoRoom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		active, w int
		want      string
	}{
		{1, 70, "saved:  cheap 4090 1,204+ [datacenter only 31? +3 −1] 費用  8x H100 0 "},
		{1, 64, "saved:  cheap 40… 1,204+ [datacent… 31? +3 −1] 費用  8x H100 0  "},
		{1, 50, "saved:  cheap 4… 1,204+ [datacen… 31? +3 −1] +2   "},
		{3, 30, "saved: +2  費用 [8x H100 0]   "},
		{0, 22, "[cheap 4… 1,204+] +3  "},
		{0, 6, "[chea…"},
		{0, 0, ""},
	} {
		if got := ansi.Strip(Strip(theme.New(true), "saved:", saved(c.active), c.w)); got != c.want {
			t.Errorf("%d of %d cells: %q, want %q", c.active, c.w, got, c.want)
		}
	}
}

func TestTheActiveSearchIsTheOneThatStays(t *testing.T) {
	t.Parallel()
	var many []Search
	for i := range 30 {
		many = append(many, Search{Name: fmt.Sprint("search ", i), Count: i})
	}
	for i := range many {
		many[i].Active = true
		for _, w := range []int{24, 40, 80} {
			got := ansi.Strip(Strip(theme.New(true), "saved:", many, w))
			if !strings.Contains(got, fmt.Sprintf("[%s %d]", fit.Cut(many[i].Name, shortName), i)) || !strings.Contains(got, "+") {
				t.Errorf("%d in %d cells: %q", i, w, got)
			}
		}
		many[i].Active = false
	}
}

func TestTheMouseHitsTheSearchThatIsDrawn(t *testing.T) {
	t.Parallel()
	line := ansi.Strip(Strip(theme.New(true), "saved:", saved(1), 52))
	cell := func(s string) int { return fit.Width(line[:strings.Index(line, s)]) }
	ends := []int{cell("cheap") - 1, cell("["), cell("]") + 1}
	for x := range 52 {
		want := -1
		for i, from := range ends[:2] {
			if x >= from && x < ends[i+1] {
				want = i
			}
		}
		got, ok := StripHitAt("saved:", saved(1), 52, x)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("cell %d of %q is search %d, want %d", x, line, got, want)
		}
	}
	if _, ok := StripHitAt("", saved(1), 50, 60); ok {
		t.Error("there is a search outside the line")
	}
}

func TestEveryStripIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 800 {
		items := make([]Search, r.IntN(12))
		for i := range items {
			items[i] = Search{Name: strings.Repeat("日a", r.IntN(20)), Count: r.IntN(90000) - 1, More: r.IntN(2) == 0, Added: r.IntN(4), Removed: r.IntN(4), Old: r.IntN(2) == 0}
		}
		if len(items) > 0 {
			items[r.IntN(len(items))].Active = true
		}
		w := 1 + r.IntN(160)
		if err := fit.Exact(Strip(theme.New(false), strings.Repeat("c", r.IntN(9)), items, w), w, 1); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkStrip(b *testing.B) {
	th, items := theme.New(true), saved(1)
	for b.Loop() {
		Strip(th, "saved:", items, 60)
	}
}

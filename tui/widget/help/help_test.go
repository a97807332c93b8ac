package help

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

var keys = []Item{
	{Group: "Market", Key: "r", Label: "rent…"},
	{Group: "Market", Key: "b", Label: "bid…", Disabled: "on-demand offers are shown"},
	{Group: "Everywhere", Key: "ctrl+r", Label: "refresh now"},
	{Group: "Market", Key: "=", Label: "compare"},
	{Group: "Everywhere", Key: "?", Label: "help"},
}

func screen(filter string, scroll, w, h int) string {
	return ansi.Strip(Draw(theme.New(true), keys, filter, scroll, w, h))
}

func lines(s ...string) string { return strings.Join(s, "\n") }

func TestKeysAreGroupedInTheOrderOfTheirFirst(t *testing.T) {
	t.Parallel()
	want := lines(
		"Keys  type to filter, esc closes                     ",
		"                                                     ",
		"Market                                               ",
		"  r       rent…                                      ",
		"  b       bid… (not now: on-demand offers are shown) ",
		"  =       compare                                    ",
		"                                                     ",
		"Everywhere                                           ",
		"  ctrl+r  refresh now                                ",
		"  ?       help                                       ",
		"                                                     ",
	)
	if got := screen("", 0, 53, 11); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheFilterTakesEveryWordInAnyCase(t *testing.T) {
	t.Parallel()
	want := lines("Keys  market NT  1 of 5 ", "                        ", "Market                  ", "  r  rent…              ", "                        ")
	if got := screen("market NT", 0, 24, 5); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := screen("zzz", 0, 24, 4); !strings.Contains(got, "no key is described so") {
		t.Errorf("got\n%s", got)
	}
	for filter, n := range map[string]int{"": 5, "  ": 5, "CTRL": 1, "on-demand": 1, "market": 3} {
		if got := len(Match(keys, filter)); got != n {
			t.Errorf("%q matches %d, want %d", filter, got, n)
		}
	}
}

func TestScrollingStopsAtTheEnds(t *testing.T) {
	t.Parallel()
	if got := Clamp(keys, "", 99, 6); got != 4 {
		t.Errorf("the last scroll is %d", got)
	}
	if got := Clamp(keys, "", -3, 6); got != 0 {
		t.Errorf("the first scroll is %d", got)
	}
	if got := Clamp(keys, "", 3, 60); got != 0 {
		t.Errorf("a list that fits scrolls by %d", got)
	}
	if a, b := screen("", 4, 40, 6), screen("", 99, 40, 6); a != b || !strings.HasSuffix(strings.TrimRight(a, " "), "?       help") {
		t.Errorf("got\n%s\nand\n%s", a, b)
	}
}

func TestEverySizeIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	th := theme.New(false)
	wide := append([]Item{{Group: "市場", Key: "日本", Label: "ラベル", Disabled: "理由"}}, keys...)
	for w := range 90 {
		for h := 1; h < 20; h++ {
			filter := []string{"", "r", "日", "zzz", "a long filter that nothing can ever match"}[r.IntN(5)]
			if err := fit.Exact(Draw(th, wide, filter, r.IntN(12)-2, w, h), w, h); err != nil {
				t.Errorf("%dx%d with %q: %v", w, h, filter, err)
			}
		}
	}
	if got := Draw(th, wide, "", 0, 10, 0); got != "" {
		t.Errorf("no lines are %q", got)
	}
}

func BenchmarkDraw(b *testing.B) {
	th := theme.New(true)
	items := make([]Item, 80)
	for i := range items {
		items[i] = Item{Group: fmt.Sprint("group ", i/10), Key: fmt.Sprint("k", i), Label: "does a thing"}
	}
	for b.Loop() {
		Draw(th, items, "thing", 5, 200, 60)
	}
}

package statusbar

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

var (
	left  = []Piece{{Text: "DEMO", Class: theme.Warn}, {Text: "", Priority: 9}, {Text: "$41.20", Class: theme.Money}, {Text: "runway 27h", Priority: 2}}
	right = []Piece{{Text: "leak $0.01/h", Priority: 3}, {Text: "30 s", Class: theme.Dim, Priority: 1}}
)

func TestPiecesGoByPriority(t *testing.T) {
	t.Parallel()
	th := theme.New(true)
	for _, c := range []struct {
		w    int
		want string
	}{
		{50, "DEMO · $41.20 · runway 27h     leak $0.01/h · 30 s"},
		{48, "DEMO · $41.20 · runway 27h   leak $0.01/h · 30 s"},
		{44, "DEMO · $41.20 · runway 27h              30 s"},
		{28, "DEMO · $41.20           30 s"},
		{18, "DEMO · $41.20     "},
		{10, "DEMO · $4…"},
		{1, "…"},
		{0, ""},
	} {
		if got := ansi.Strip(Draw(th, left, right, c.w)); got != c.want {
			t.Errorf("%d cells: %q, want %q", c.w, got, c.want)
		}
	}
}

func TestOfEqualPiecesTheRightmostGoes(t *testing.T) {
	t.Parallel()
	pieces := []Piece{{Text: "a", Priority: 1}, {Text: "b", Priority: 1}}
	if got := ansi.Strip(Draw(theme.New(true), pieces, []Piece{{Text: "c"}}, 6)); got != "a    c" {
		t.Errorf("got %q", got)
	}
}

func TestPiecesGivenAreNotChanged(t *testing.T) {
	t.Parallel()
	mine := []Piece{{Text: "a", Priority: 1}, {Text: "b"}, {Text: "c", Priority: 2}}
	Draw(theme.New(true), mine, nil, 1)
	if mine[0].Text != "a" || mine[1].Text != "b" || mine[2].Text != "c" {
		t.Errorf("they became %v", mine)
	}
}

var hints = []Hint{{Key: "r", Label: "rent…"}, {Key: "D", Label: "destroy…", Disabled: true}, {Key: "/", Label: "query"}, {Key: "?", Label: "help"}}

func TestHintsGoFromTheEnd(t *testing.T) {
	t.Parallel()
	th := theme.New(true)
	for _, c := range []struct {
		w    int
		want string
	}{
		{45, "r rent…  D (destroy…)  / query  ? help       "},
		{38, "r rent…  D (destroy…)  / query  ? help"},
		{37, "r rent…  D (destroy…)  ? more        "},
		{29, "r rent…  D (destroy…)  ? more"},
		{28, "r rent…  ? more             "},
		{14, "? more        "},
		{6, "? more"},
		{5, "?    "},
		{1, "?"},
		{0, ""},
	} {
		if got := ansi.Strip(Footer(th, hints, c.w)); got != c.want {
			t.Errorf("%d cells: %q, want %q", c.w, got, c.want)
		}
	}
}

func TestEveryWidthIsExact(t *testing.T) {
	t.Parallel()
	th := theme.New(false)
	wide := []Piece{{Text: "日本語"}, {Text: "é", Priority: 1}}
	for w := 1; w < 120; w++ {
		for _, line := range []string{Draw(th, left, right, w), Draw(th, wide, wide, w), Draw(th, nil, right, w), Draw(th, nil, nil, w),
			Footer(th, hints, w), Footer(th, nil, w), Footer(th, []Hint{{Key: "x", Label: "日本語を破棄"}}, w)} {
			if err := fit.Exact(line, w, 1); err != nil {
				t.Errorf("%d cells: %v", w, err)
			}
		}
	}
}

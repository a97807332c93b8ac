package table

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// wide are texts whose cells, runes and bytes differ in number.
var wide = []string{"", "a", "日本語テキスト", "né", "👩‍💻 dev", "한국어", "a\u0301b", strings.Repeat("長", 40), "plain text that is long"}

func TestChosenWidthsAreKeptWithinBounds(t *testing.T) {
	t.Parallel()
	m := clickable(3)
	if m.Widths() != nil {
		t.Errorf("without a choice they are %v", m.Widths())
	}
	m.SetWidths(map[string]int{"n": 1, "fixed": 5000, "gone": 10})
	if got := fmt.Sprint(m.Widths()); got != "map[fixed:200 gone:10 n:3]" {
		t.Errorf("they are %s", got)
	}
	m.SetWidths(map[string]int{"n": 11})
	m.Draw(40, 4)
	if got := m.WidthOf("n"); got != 11 {
		t.Errorf("the column takes %d cells, want 11", got)
	}
	if got := m.WidthOf("nobody"); got != 0 {
		t.Errorf("a column that there is not takes %d cells", got)
	}
	m.SetWidths(nil)
	m.Draw(40, 4)
	if got := m.WidthOf("n"); got != 6 {
		t.Errorf("with its own width it takes %d cells, want 6", got)
	}
}

// Whatever widths are chosen, and whatever the cells hold, each value stands under its title and
// every line is exact.
func TestValuesStandUnderTheirTitlesAtEveryWidth(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 11))
	for round := range 400 {
		cols := make([]Column[int], 1+r.IntN(6))
		texts := make([]string, len(cols)*4)
		for i := range texts {
			texts[i] = wide[r.IntN(len(wide))]
		}
		for i := range cols {
			cols[i] = Column[int]{ID: fmt.Sprint(i), Title: "T" + fmt.Sprint(i), Min: 1 + r.IntN(12), Ideal: r.IntN(20), Flex: r.IntN(3), Priority: r.IntN(4), Right: r.IntN(2) == 0,
				Cell: func(row int) (string, theme.Class) { return texts[row*len(cols)+i], theme.Class(r.IntN(3)) }}
		}
		m := New(func(i int) int { return i }, cols, theme.New(true))
		m.SetRows([]int{0, 1, 2, 3})
		widths := map[string]int{}
		for i := range cols {
			if r.IntN(2) == 0 {
				widths[fmt.Sprint(i)] = r.IntN(40) - 5
			}
		}
		m.SetWidths(widths)
		w := 1 + r.IntN(140)
		drawn := m.Draw(w, 5)
		if err := fit.Exact(drawn, w, 5); err != nil {
			t.Fatalf("round %d, %d cells, widths %v: %v", round, w, widths, err)
		}
		lines := strings.Split(ansi.Strip(drawn), "\n")
		for _, p := range m.paint.layout.cols {
			if got, chosen := widths[m.cols[p.col].ID]; chosen && p.width != clamp(got, Narrowest, Broadest) && p.x+p.width < w {
				t.Fatalf("round %d: column %d takes %d cells, %d were chosen", round, p.col, p.width, got)
			}
			for row := range 4 {
				want := align(texts[row*len(cols)+p.col], p.width, m.cols[p.col].Right)
				if got := ansi.Cut(lines[row+1], p.x, p.x+p.width); got != ansi.Strip(want) {
					t.Fatalf("round %d, %d cells: row %d has %q where column %d stands, want %q\n%s", round, w, row, got, p.col, want, strings.Join(lines, "\n"))
				}
			}
		}
	}
}

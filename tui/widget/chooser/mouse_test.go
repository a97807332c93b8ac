package chooser

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestAClickHitsTheLineThatIsDrawnThere(t *testing.T) {
	t.Parallel()
	for _, h := range []int{3, 5, 8, 11, 30} {
		m := chooser()
		press(m, "/", "e", "enter") // only those that match are drawn
		for y := range h + 2 {
			lines := strings.Split(ansi.Strip(m.Draw(40, h)), "\n")
			want := ""
			if y < len(lines) && strings.Contains(lines[y], "] ") {
				want = strings.Fields(lines[y][strings.Index(lines[y], "] ")+2:])[0]
			}
			before, _ := m.Current()
			m.Click(30, y)
			got, _ := m.Current()
			if want == "" && got.ID != before.ID || want != "" && got.Title != want {
				t.Errorf("%d lines: a click on line %d, %q, leads to %q", h, y, want, got.Title)
			}
		}
	}
}

func TestAClickOnTheMarkChoosesAtOnceAndNotWhatIsFixed(t *testing.T) {
	t.Parallel()
	m := chooser()
	m.Draw(40, 11)
	for range 2 {
		m.Click(3, 1)
	}
	m.Click(3, 2)
	m.Click(20, 4)
	m.Click(20, 4)
	want(t, m, "gpu vram rel")
	press(m, "/", "v")
	if m.Click(20, 1); m.Filtering() {
		t.Error("the filter is still being typed")
	}
}

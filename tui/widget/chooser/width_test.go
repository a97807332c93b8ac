package chooser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

func sized() *Model {
	list := items()
	for i := range list {
		list[i].Own = 10
	}
	list[4].Own = 0
	m := New(list, theme.New(true))
	m.SetUsual("gpu", "vram", "dph")
	return &m
}

func TestColumnsAreMadeWiderAndNarrowerWithinBounds(t *testing.T) {
	t.Parallel()
	m := sized()
	if m.Widths() != nil {
		t.Errorf("without a choice the widths are %v", m.Widths())
	}
	press(m, ">", ">", "down", "<", "down", "down", "down", ">", "<") // the last has no width
	if got := fmt.Sprint(m.Widths()); got != "map[dph:9 gpu:12]" {
		t.Errorf("the widths are %s", got)
	}
	if s := ansi.Strip(m.Draw(80, 14)); !strings.Contains(s, "12 cells") || fit.Exact(m.Draw(80, 14), 80, 14) != nil {
		t.Errorf("the width is not shown:\n%s", s)
	}
	press(m, "g", "=")
	if got := fmt.Sprint(m.Widths()); got != "map[dph:9]" {
		t.Errorf("after = they are %s", got)
	}
	for range 300 {
		press(m, "<")
	}
	if got := m.Widths()["gpu"]; got != narrowest {
		t.Errorf("the narrowest is %d", got)
	}
	for range 300 {
		press(m, ">")
	}
	if got := m.Widths()["gpu"]; got != broadest {
		t.Errorf("the widest is %d", got)
	}
}

func TestResetGoesBackToWhatIsUsual(t *testing.T) {
	t.Parallel()
	m := sized()
	press(m, ">", "down", "space", "down", "down", "down", "space", "K", "K", "a", "R")
	want(t, m, "gpu vram dph")
	if m.Widths() != nil {
		t.Errorf("the widths are %v", m.Widths())
	}
	if it, _ := m.Current(); it.ID != "cuda" {
		t.Errorf("the cursor is on %s, not where it was", it.ID)
	}
	press(m, "space")
	_, cancelled := press(m, "esc")
	if !cancelled {
		t.Error("esc does not cancel")
	}
	want(t, m, "gpu dph vram")
}

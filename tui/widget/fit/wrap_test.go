package fit

import (
	"strings"
	"testing"
)

func TestWrapDropsNothingAndFits(t *testing.T) {
	t.Parallel()
	const text = "a sentence with averylongwordthatdoesnotfit and 世界世界世界 in it"
	for w := 2; w < 80; w++ {
		lines := Wrap(text, w)
		for _, l := range lines {
			if Width(l) > w {
				t.Errorf("width %d: %q takes %d cells", w, l, Width(l))
			}
		}
		if got, want := strings.Join(lines, ""), strings.ReplaceAll(text, " ", ""); strings.ReplaceAll(got, " ", "") != want {
			t.Errorf("width %d: letters were lost: %q", w, got)
		}
	}
}

func TestWrapOfNothingIsOneEmptyLine(t *testing.T) {
	t.Parallel()
	if got := Wrap("  ", 10); len(got) != 1 || got[0] != "" {
		t.Errorf("got %q", got)
	}
}

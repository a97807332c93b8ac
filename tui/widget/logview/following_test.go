package logview

import (
	"slices"
	"strings"
	"testing"
)

func TestFollowingGivesEachLineOnce(t *testing.T) {
	t.Parallel()
	var f Following
	for n, step := range []struct{ tail, fresh, gap string }{
		{"a b c", "a b c", ""},
		{"a b c", "", ""},
		{"b c d", "d", ""},
		{"", "", ""},
		{"c d unfin", "unfin", ""},
		{"d unfinished e", "unfinished e", ""},
		{"x y z", "x y z", gapMark},
		{"y z z", "z", ""},
		{"n", "n", anewMark},
	} {
		fresh, gap := f.Next(strings.Fields(step.tail))
		if !slices.Equal(fresh, strings.Fields(step.fresh)) || gap != step.gap {
			t.Errorf("step %d: %q gave %q %q, want %q %q", n, step.tail, fresh, gap, step.fresh, step.gap)
		}
	}
}

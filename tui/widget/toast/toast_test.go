package toast

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func drawn(s *Stack, now time.Time, w int) []string {
	lines := s.Draw(theme.New(true), now, w)
	for i := range lines {
		lines[i] = ansi.Strip(lines[i])
	}
	return lines
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNoticesEndByLevel(t *testing.T) {
	t.Parallel()
	var s Stack
	s.Push(start, theme.Failure, "destroy #12: refused")
	s.Push(start, theme.Success, "rented")
	want(t, drawn(&s, start, 60), " ✗ destroy #12: refused ", " ✓ rented               ")
	if end, ok := s.NextEnd(); !ok || !end.Equal(start.Add(4*time.Second)) {
		t.Errorf("the next end is %v", end)
	}
	if s.Expire(start.Add(4*time.Second - 1)) {
		t.Error("a notice ended early")
	}
	want(t, drawn(&s, start.Add(4*time.Second), 60), " ✗ destroy #12: refused ")
	if !s.Expire(start.Add(4*time.Second)) || s.Len() != 1 {
		t.Errorf("%d notices are left", s.Len())
	}
	s.Clear()
	if _, ok := s.NextEnd(); ok || len(drawn(&s, start, 60)) != 0 {
		t.Error("something is left")
	}
}

func TestTheSameNoticeIsCounted(t *testing.T) {
	t.Parallel()
	var s Stack
	for i := range 3 {
		s.Push(start.Add(time.Duration(i)*time.Second), theme.Warning, "rate limit")
	}
	want(t, drawn(&s, start.Add(9*time.Second), 60), " ! rate limit (3×) ")
	s.Push(start.Add(time.Hour), theme.Warning, "rate limit")
	want(t, drawn(&s, start.Add(time.Hour), 60), " ! rate limit ")
}

func TestTheOldestGivesWay(t *testing.T) {
	t.Parallel()
	var s Stack
	for i := range 7 {
		s.Push(start, theme.Info, fmt.Sprint("n", i))
	}
	want(t, drawn(&s, start, 60), " i n3 ", " i n4 ", " i n5 ", " i n6 ")
}

func TestLinesAreOneWidthAndNoWiderThanAsked(t *testing.T) {
	t.Parallel()
	var s Stack
	s.Push(start, theme.Info, "日本語の長いお知らせ\nsecond line")
	s.Push(start, theme.Level(99), "short")
	for w := range 50 {
		lines := s.Draw(theme.New(true), start, w)
		for _, l := range lines {
			if n := fit.Width(l); n > w || n != fit.Width(lines[0]) {
				t.Errorf("%d cells: %q takes %d", w, l, n)
			}
		}
	}
	if got := drawn(&s, start, 60)[1]; !strings.HasPrefix(got, " ✗ short") {
		t.Errorf("an unknown level is drawn as %q", got)
	}
}

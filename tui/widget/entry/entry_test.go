package entry

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/widget/fit"
)

func TestPasteLosesLineBreaksAndControls(t *testing.T) {
	t.Parallel()
	l := New("", 64, false)
	l.Update(tea.PasteMsg{Content: "destroy\n2\r\x1b[31m"})
	if v := l.Value(); strings.ContainsAny(v, "\n\r\x1b") || !strings.HasPrefix(v, "destroy 2") {
		t.Errorf("pasted as %q", v)
	}
}

func TestLineIsExactAtEveryWidth(t *testing.T) {
	t.Parallel()
	l := New("a longer text than fits, with 世界 in it", 64, false)
	for w := 1; w < 60; w++ {
		if s, x := l.Draw(w); fit.Width(s) != w || x >= w {
			t.Errorf("width %d: %q is %d cells, cursor at %d", w, s, fit.Width(s), x)
		}
	}
}

func TestSecretLineShowsNoLetter(t *testing.T) {
	t.Parallel()
	l := New("", 64, true)
	l.Update(tea.PasteMsg{Content: "abcdef0123"})
	if s, _ := l.Draw(30); strings.ContainsAny(s, "abcdef0123") || l.Value() != "abcdef0123" {
		t.Errorf("drawn as %q, holds %q", s, l.Value())
	}
}

func TestLimitHolds(t *testing.T) {
	t.Parallel()
	l := New("", 8, false)
	l.Update(tea.PasteMsg{Content: strings.Repeat("x", 1<<20)})
	if n := len([]rune(l.Value())); n > 8 {
		t.Errorf("holds %d runes", n)
	}
}

package pane

import (
	"strings"
	"testing"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

func TestListAndDetailFillTheAreaExactly(t *testing.T) {
	t.Parallel()
	th := theme.New(true)
	facts := []Fact{{"machine", "512", theme.Plain}, {}, {"place", strings.Repeat("a long place ", 9), theme.Dim}}
	for w := 1; w < 220; w += 3 {
		for h := 1; h < 50; h++ {
			for _, open := range []bool{false, true} {
				s := Of(w, h, open, 160)
				list := fit.Block([]string{"list"}, s.ListW, s.ListH)
				detail := Facts(th, "title", facts, 0, s.DetailW, s.DetailH)
				got := strings.Split(Join(th, s, list, detail), "\n")
				if len(got) != h {
					t.Fatalf("%dx%d open=%v: %d lines", w, h, open, len(got))
				}
				for _, l := range got {
					if fit.Width(l) != w {
						t.Fatalf("%dx%d open=%v: a line of %d cells: %q", w, h, open, fit.Width(l), l)
					}
				}
			}
		}
	}
}

func TestFrameHasItsLinesAtEveryHeight(t *testing.T) {
	t.Parallel()
	for h := 1; h < 30; h++ {
		body := fit.Block([]string{"body"}, 9, max(0, h-2))
		got := strings.Split(Frame("top", body, "bottom", h), "\n")
		if len(got) != h || got[0] != "top" || h > 1 && got[h-1] != "bottom" {
			t.Errorf("height %d: %q", h, got)
		}
	}
}

func TestNotesAreExactAndWrapped(t *testing.T) {
	t.Parallel()
	for w := 1; w < 60; w++ {
		s := Notes(theme.New(true), w, 12, Note{theme.Bad, "a sentence that says what is wrong"}, Note{theme.Dim, "and what to do next"})
		if err := fit.Exact(s, w, 12); err != nil {
			t.Errorf("width %d: %v", w, err)
		}
	}
}

package tuitest

import (
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/tuitest/cells"
)

// inBubble runs do with a toy in a terminal of 60x12.
func inBubble(t *testing.T, m *toy, do func(t *testing.T, s *Screen)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { do(t, Start(t, m, 60, 12)) })
}

func TestEveryNamedKeyArrivesUnderItsName(t *testing.T) {
	t.Parallel()
	keys := keyNames()
	keys = append(keys, "a", "Z", "é", "世", "?", "+", "/", "ctrl+c", "ctrl+z", "ctrl+s", "alt+x", "alt+enter",
		"shift+tab", "shift+up", "ctrl+left", "alt+pgdown", "ctrl+f5", "ctrl+alt+shift+end")
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		for i, key := range keys {
			s.Press(key)
			if got, want := s.Line("keys "), fmt.Sprintf("keys %d", i+1); got != want {
				t.Fatalf("after %q: %q, want %q", key, got, want)
			}
			last := strings.Fields(s.Line("last "))
			if got := last[len(last)-1]; got != key {
				t.Errorf("%q arrives as %q", key, got)
			}
		}
	})
}

func TestUnknownKeysAreRefused(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "entre", "ctrl+é", "shift+a", "ctrl+enter"} {
		if b, err := keyBytes(key); err == nil {
			t.Errorf("%q gives %q, want an error", key, b)
		}
	}
}

func TestFiftyKeysInOneWriteAllArrive(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		s.PressFast(strings.Fields(strings.Repeat("enter ", 50))...)
		s.Has("keys 50", "last enter enter enter")
		s.Type("hello")
		s.Has("keys 55", "last l l o")
	})
}

func TestPasteArrivesWhole(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		s.Paste("destroy 2\rnow")
		s.Has("keys 1", `last paste:"destroy 2\rnow"`)
		s.Paste(strings.Repeat("long ", 2000))
		s.Has("keys 2")
	})
}

func TestVirtualTimePassesAsAsked(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{every: 10 * time.Second}, func(t *testing.T, s *Screen) {
		s.Wait(9 * time.Second)
		s.Has("ticks 0")
		s.Wait(time.Second)
		s.Has("ticks 1")
		s.Wait(time.Hour)
		s.Has("ticks 361")
		if d := s.Elapsed(); d < time.Hour+10*time.Second || d > time.Hour+11*time.Second {
			t.Errorf("%v have passed", d)
		}
	})
}

func TestUntilStopsWhenTheScreenIsAsAwaited(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{every: time.Second}, func(t *testing.T, s *Screen) {
		s.UntilHas(time.Minute, "ticks 5")
		if d := s.Elapsed(); d < 5*time.Second || d > 5*time.Second+3*settling {
			t.Errorf("seen after %v, want soon after 5s", d)
		}
		s.Until(time.Minute, func(text string) bool { return strings.Contains(text, "ticks 7") })
	})
}

func TestUntilFailsAtItsLimitAndShowsTheScreen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got := failuresOf(t, func(t testing.TB) {
			Start(t, &toy{}, 60, 12).UntilHas(time.Second, "nowhere")
		})
		for _, want := range []string{"after 1s", "|size 60x12\n"} {
			if !strings.Contains(got, want) {
				t.Errorf("the failure lacks %q:\n%s", want, got)
			}
		}
	})
}

func TestResizeReachesProgramAndTerminal(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		s.Has("size 60x12")
		for _, size := range [][2]int{{100, 30}, {40, 10}, {1, 1}, {300, 100}, {60, 12}} {
			s.Resize(size[0], size[1])
			c := s.Cells()
			if c.W != size[0] || c.H != size[1] || len(s.Lines()) != size[1] {
				t.Errorf("the terminal is %dx%d after Resize(%d, %d)", c.W, c.H, size[0], size[1])
			}
		}
		s.Has("size 60x12")
	})
}

func TestMouseFocusAndBackgroundAreBytesOfTheTerminal(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		s.Click(7, 3)
		s.Has("click 7,3")
		s.ClickOn("box")
		s.Has("click 3,6")
		s.Wheel(1, 1, 2)
		s.Has("keys 2", "last wheel-wheeldown wheel-wheeldown")
		s.Wheel(1, 1, -1)
		s.Has("wheel-wheelup")
		s.Blur()
		s.Has("blurred")
		s.Focus()
		s.Has("focused")
		s.Background(color.White)
		s.Has("dark false")
		s.Background(color.Black)
		s.Has("dark true")
	})
}

// plain is a program that asks the terminal for nothing.
type plain struct{}

func (plain) Init() tea.Cmd                         { return nil }
func (m plain) Update(tea.Msg) (tea.Model, tea.Cmd) { return m, nil }
func (plain) View() tea.View                        { return tea.NewView("plain") }

func TestNoTerminalSendsWhatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(s *Screen){
		"mouse":        func(s *Screen) { s.Click(0, 0) },
		"wheel":        func(s *Screen) { s.Wheel(0, 0, 1) },
		"focus events": func(s *Screen) { s.Focus() },
	} {
		synctest.Test(t, func(t *testing.T) {
			got := failuresOf(t, func(t testing.TB) { do(Start(t, plain{}, 20, 5)) })
			if !strings.Contains(got, "has not asked for") {
				t.Errorf("%s: reported %q", name, got)
			}
		})
	}
}

func TestAProgramThatQuitsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{
		"alone":             {"q"},
		"keys behind it":    strings.Fields("a q" + strings.Repeat(" x", 50)),
		"escape behind it":  {"q", "esc"},
		"escape before it":  {"esc", "q", "q"},
		"half a paste":      {"q", "esc", "[", "2"},
		"several, many":     strings.Fields(strings.Repeat("q ", 5000)),
		"nothing, then end": nil,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := Start(t, &toy{every: time.Minute}, 60, 12)
			if s.Exited() {
				t.Fatalf("%s: exited at once", name)
			}
			s.PressFast(keys...)
			if len(keys) > 0 && !s.Exited() {
				t.Errorf("%s: still running", name)
			}
		})
	}
}

func TestTypingIntoAnEndedProgramFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got := failuresOf(t, func(t testing.TB) {
			s := Start(t, &toy{}, 60, 12)
			s.Press("q", "x")
		})
		if !strings.Contains(got, `typing "x": the program has ended`) {
			t.Errorf("reported %q", got)
		}
	})
}

func TestQuitGivesTheProgramsError(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		if err := s.Quit(); err != nil || !s.Exited() {
			t.Errorf("Quit: %v, exited %v", err, s.Exited())
		}
	})
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		s.Send(tea.InterruptMsg{})
		if err := s.Err(); !errors.Is(err, tea.ErrInterrupted) {
			t.Errorf("after an interrupt: %v", err)
		}
	})
}

func TestAnErrorNobodyAskedForFailsTheTest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got := failuresOf(t, func(t testing.TB) {
			Start(t, &toy{}, 60, 12).Send(tea.InterruptMsg{})
		})
		if !strings.Contains(got, "the program ended with") {
			t.Errorf("reported %q", got)
		}
	})
}

func TestAFrameOfTheWrongSizeFailsTheTest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got := failuresOf(t, func(t testing.TB) { Start(t, &toy{breakFrame: true}, 60, 12) })
		if !strings.Contains(got, "the frame has 13 lines where the terminal has 12") {
			t.Errorf("reported %q", got)
		}
	})
	for content, want := range map[string]string{
		"abc\ndef":           "",
		"abc\nde":            "line 1",
		"abcd\ndef":          "line 0",
		"\x1b[1mabc\x1b[m\n": "line 1",
		"世a\n世b":             "",
		"abc":                "1 lines",
	} {
		if got := frameFault(content, 3, 2); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("frameFault(%q) = %q, want %q", content, got, want)
		}
	}
}

func TestCellsHoldTextStylesAndCursor(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		for text, want := range map[string]cells.Style{
			"red":   {Fg: "#800000", Attrs: cells.Bold},
			"世界":    {},
			"back":  {Attrs: cells.Reverse},
			"lined": {Fg: "#010203", Bg: "#0000ff", Attrs: cells.Underline},
		} {
			if got := s.Row(text).Style(); got != want {
				t.Errorf("%s has style %+v, want %+v", text, got, want)
			}
		}
		c := s.Cells()
		if x, y, ok := c.Find("back"); x != 9 || y != 5 || !ok {
			t.Errorf("back is at %d,%d, want 9,5: wide characters take two columns", x, y)
		}
		if want := (cells.Cursor{X: 2, Shape: "block"}); c.Cursor != want {
			t.Errorf("cursor %+v, want %+v", c.Cursor, want)
		}
		if s.Title() != "toy" {
			t.Errorf("title %q", s.Title())
		}
	})
}

func TestRowsAreFoundByTheirText(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		r := s.Row("box")
		r.There()
		r.Has("╭", "╮")
		r.Lacks("red")
		if r.Y() != 6 || r.Text() != "╭─ box ─╮" {
			t.Errorf("row %d %q", r.Y(), r.Text())
		}
		s.Row("nowhere").Gone()
		s.Lacks("nowhere")
	})
}

func TestAssertionsFailWithTheScreen(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(s *Screen){
		"Has":       func(s *Screen) { s.Has("size", "nowhere") },
		"Lacks":     func(s *Screen) { s.Lacks("size") },
		"Line":      func(s *Screen) { s.Line("nowhere") },
		"Row.Has":   func(s *Screen) { s.Row("size").Has("nowhere") },
		"Row.Lacks": func(s *Screen) { s.Row("size").Lacks("60") },
		"Row.There": func(s *Screen) { s.Row("nowhere").There() },
		"Row.Gone":  func(s *Screen) { s.Row("size").Gone() },
		"ClickOn":   func(s *Screen) { s.ClickOn("nowhere") },
	} {
		synctest.Test(t, func(t *testing.T) {
			got := failuresOf(t, func(t testing.TB) { do(Start(t, &toy{}, 60, 12)) })
			if !strings.Contains(got, "|size 60x12\n") {
				t.Errorf("%s reports %q", name, got)
			}
		})
	}
}

func TestBytesOutCountsWhatTheProgramWrites(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		before := s.BytesOut()
		s.Wait(10 * time.Second)
		if n := s.BytesOut() - before; n != 0 {
			t.Errorf("%d bytes while nothing changed", n)
		}
		s.Press("x")
		if n := s.BytesOut() - before; n < 2 || n > 200 {
			t.Errorf("%d bytes for one key", n)
		}
	})
}

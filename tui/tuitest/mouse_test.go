package tuitest_test

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
)

// cursorLine is the line of the row under the cursor of the list.
func (d *deck) cursorLine() string {
	for _, l := range d.Lines() {
		if strings.HasPrefix(l, "▌") {
			return l
		}
	}
	return ""
}

func TestAClickMovesTheCursorAndASecondOneShowsTheDetail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, detail string }{
		{"2", "Instance "}, {"3", "Volume "}, {"5", ""}, {"7", ""},
	} {
		play(t, 130, 36, func(d *deck) {
			d.loaded()
			d.Press(c.key, "down")
			d.Wait(3 * time.Second)
			d.Press("g")
			first := d.cursorLine()
			at := lineOf(d.Lines(), "▌")
			if first == "" {
				return // nothing is listed
			}
			d.Click(30, at)
			if d.cursorLine() == "" {
				t.Errorf("%s: the cursor is gone\n%s", c.key, d.Text())
			}
			if c.detail != "" {
				d.Has(" " + c.detail)
			}
			d.nothingSent()
			d.Press("esc")
			d.Click(30, at+1)
			if next := d.cursorLine(); next == "" {
				t.Errorf("%s: the cursor is gone\n%s", c.key, d.Text())
			}
			d.nothingSent()
		})
	}
}

func lineOf(lines []string, prefix string) int {
	for y, l := range lines {
		if strings.HasPrefix(l, prefix) {
			return y
		}
	}
	return -1
}

func TestAClickOnATabShowsThatView(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		for _, title := range []string{"Instances", "Volumes", "Cost", "Market"} {
			x, _, ok := d.Cells().Find(title)
			if !ok {
				t.Fatalf("no tab %s\n%s", title, d.Text())
			}
			d.Click(x, 1)
			if line := d.Lines()[1]; !strings.Contains(line[strings.Index(line, "["):strings.Index(line, "]")], title) {
				t.Errorf("a click on %s shows %s", title, line)
			}
		}
		d.nothingSent()
	})
}

func TestAClickOnATitleSortsAndAnotherTurnsTheOrderRound(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.Press("2")
		d.ClickOn("VRAM")
		d.Has("VRAM▼")
		d.ClickOn("VRAM▼")
		d.Has("VRAM▲")
		d.nothingSent()
	})
}

func TestTheWheelScrollsWhatIsUnderIt(t *testing.T) {
	t.Parallel()
	play(t, 170, 36, func(d *deck) {
		d.loaded()
		before := d.cursorLine()
		d.Wheel(20, 15, 2)
		if d.cursorLine() == before {
			t.Errorf("the list has not moved\n%s", d.Text())
		}
		d.Wheel(20, 15, -4)
		if d.cursorLine() != before {
			t.Errorf("the list is not back at its beginning\n%s", d.Text())
		}
		d.Press("enter")
		d.Has("} scrolls")
		d.Wheel(160, 15, 50)
		if d.cursorLine() == "" || !strings.Contains(d.Text(), "{ scrolls back") {
			t.Errorf("the detail is not scrolled to its end\n%s", d.Text())
		}
		d.Press("?")
		help := d.Text()
		d.Wheel(80, 15, 3)
		if d.Text() == help {
			t.Errorf("the help is not scrolled\n%s", d.Text())
		}
		d.nothingSent()
	})
}

func TestAClickInTheQueryLinePlacesTheTextCursor(t *testing.T) {
	t.Parallel()
	play(t, 130, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "/")
		d.Type("worker")
		d.Press("enter")
		d.Click(4, 2) // behind "wor"
		d.Type("X")
		d.Has("/worXker")
		d.Press("backspace")
		d.Click(20, 5)
		d.Press("3") // the list has the keyboard again
		d.Has("[3 Volumes")
	})
}

func TestNoClickAgreesToAnything(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{
		"destroy":    {"2", "*", "D"},
		"stop":       {"2", "G", "S"},
		"rename":     {"2", "n"},
		"new volume": {"3", "n"},
		"quit":       {"q"},
		"rent":       {"1", "r"},
		"help":       {"?"},
		"nothing":    {"2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, 100, 30, func(d *deck) {
				d.loaded()
				d.Press(keys...)
				d.Wait(time.Second)
				for y := 2; y < 30; y++ {
					for x := 1; x < 100; x += 7 {
						d.Click(x, y)
					}
					d.Wait(400 * time.Millisecond)
				}
				if d.Exited() {
					t.Fatal("a click has ended the program")
				}
				d.Wait(20 * time.Second)
				d.nothingSent()
			})
		})
	}
}

func TestAClickOnAButtonGivesItTheFocusAndAKeyAgrees(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.openRent("my-box")
		d.Wait(time.Second)
		d.ClickOn("Cancel")
		d.Has("▸Cancel")
		d.ClickOn("Rent   tab")
		d.Lacks("▸Cancel")
		d.nothingSent()
		d.Press("enter") // right after a click it is not heard
		d.Has("that was quick")
		d.nothingSent()
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(30*time.Second, "rented: instance")
	})
}

func TestTheMouseIsLeftToTheTerminalWhenTheUserWantsThat(t *testing.T) {
	t.Parallel()
	play(t, 130, 36, func(d *deck) {
		d.loaded()
		if !d.WantsMouse() {
			t.Fatal("the mouse is not asked for at the start")
		}
		d.Press("M")
		d.Has("shift and a drag")
		if d.WantsMouse() {
			t.Error("the terminal still reports what the mouse does")
		}
		d.Press("?")
		d.Type("mouse")
		d.Has("M  use the mouse again")
		d.Press("esc", "esc", "M")
		if !d.WantsMouse() {
			t.Error("the mouse does not come back")
		}
	})
	playWith(t, 130, 36, func(deps *tui.Deps) { deps.NoMouse = true }, func(d *deck) {
		d.loaded()
		if d.WantsMouse() {
			t.Error("it is asked for although the settings say that it shall not")
		}
	})
}

func TestEveryFigureOfTheOverviewLeadsSomewhereByAClick(t *testing.T) {
	t.Parallel()
	play(t, 170, 36, func(d *deck) {
		d.loaded()
		d.Press("2")
		d.ClickOn("1 stopped")
		d.Has("/status in [STOPPED,FROZEN]")
		d.Press("esc")
		d.ClickOn("first end")
		d.Has("Ends▲")
		d.ClickOn("offers from $")
		d.Has("[1 Market")
		d.nothingSent()
	})
}

func TestAToastNeverCoversTheRowUnderTheCursor(t *testing.T) {
	t.Parallel()
	play(t, 120, 24, func(d *deck) {
		d.loaded()
		d.Press("end", "M") // a toast, with the cursor on the lowest row
		d.Has("shift and a drag")
		if line := d.cursorLine(); line == "" || strings.Contains(line, "drag") || strings.Contains(line, "mouse") {
			t.Errorf("the toast covers the row under the cursor: %q\n%s", line, d.Text())
		}
	})
}

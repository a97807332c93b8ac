package tuitest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/vastapi/vastsim"
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
		"fleet":      {"1", "R"},
		"bid":        {"1", "b", "r"},
		"palette":    {"2", ":"},
		"help":       {"?"},
		"what helps": {"2", "H"},
		"nothing":    {"2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			atEverySize(t, func(d *deck) {
				d.Press(keys...)
				d.Wait(time.Second)
				w, h := len([]rune(d.Lines()[0])), len(d.Lines())
				for y := 2; y < h; y++ {
					for _, x := range within(d.Lines()[y], w) {
						d.Click(x, y)
						d.Click(x, y)
					}
					d.Wait(450 * time.Millisecond)
				}
				if d.Exited() {
					t.Fatal("a click has ended the program")
				}
				d.Wait(20 * time.Second)
			})
		})
	}
}

// within are some cells of a line: between the edges of what floats above it, else of all of it.
func within(line string, w int) (cells []int) {
	from, to := 0, w
	if runes := []rune(line); strings.Count(line, "│") >= 2 {
		from, to = slices.Index(runes, '│')+1, len(runes)-1
		for runes[to] != '│' {
			to--
		}
	}
	for x := from; x < to; x += 9 {
		cells = append(cells, x)
	}
	return cells
}

func TestAClickOnAButtonGivesItTheFocusAndAKeyAgrees(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.openRent("my-box")
		d.Wait(time.Second)
		d.Has("▸Cancel")
		for range 3 {
			d.ClickOn("Rent   tab")
			d.Wait(time.Second)
		}
		d.Lacks("▸Cancel")
		d.nothingSent()
		d.ClickOn("Rent   tab")
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

// everySize are the smallest screen, a usual one and a large one.
var everySize = [][2]int{{60, 16}, {80, 24}, {140, 40}}

// atEverySize runs a scenario at each of them.
func atEverySize(t *testing.T, do func(*deck)) {
	t.Helper()
	sizes := everySize
	if testing.Short() {
		sizes = sizes[1:2]
	}
	for _, s := range sizes {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) {
			t.Parallel()
			play(t, s[0], s[1], func(d *deck) {
				d.loaded()
				do(d)
				d.nothingSent()
			})
		})
	}
}

func TestAClickOnCancelCancels(t *testing.T) {
	t.Parallel()
	atEverySize(t, func(d *deck) {
		d.Press("r", "tab", "tab", "tab", "tab", "tab", "tab", "ctrl+u")
		d.Type("my-box")
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "tab switches")
		d.Wait(time.Second)
		d.ClickOn("Cancel")
		d.Lacks("tab switches")
		d.Has("Continue to the plan") // the form below
	})
}

func TestAClickBesideAPopUpClosesItWhenNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open   []string
		typed  string
		shows  string
		closes bool
	}{
		"help":                   {[]string{"?"}, "", "type to filter", true},
		"help with a filter":     {[]string{"?"}, "zz", "no key is described so", false},
		"palette":                {[]string{":"}, "", "Go to, or do", true},
		"palette with a line":    {[]string{":"}, "zzzz", "Go to, or do", false},
		"notices":                {[]string{"ctrl+n"}, "", "Notices of this run", true},
		"a form":                 {[]string{"$"}, "", "What prices are worked out for", true},
		"a form that was filled": {[]string{"$"}, "7", "What prices are worked out for", false},
		"words half typed":       {[]string{"2", "D"}, "x", "to agree", false},
		"words not typed":        {[]string{"2", "D"}, "", "to agree", true},
		"leaving":                {[]string{"q"}, "", "Leave vastdeck?", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, 120, 30, func(d *deck) {
				d.loaded()
				d.Press(c.open...)
				d.Wait(time.Second)
				d.Type(c.typed)
				d.Wait(time.Second)
				d.Has(c.shows)
				before := d.cursorLine()
				d.Click(0, 12) // on a row, which is not heard below a pop-up
				if open := strings.Contains(d.Text(), c.shows); open == c.closes {
					t.Errorf("it is open: %t\n%s", open, d.Text())
				}
				if after := d.cursorLine(); c.closes && lineOf(d.Lines(), "▌") == 12 {
					t.Errorf("the click fell through it: %q, then %q", before, after)
				}
				d.nothingSent()
			})
		})
	}
}

func TestASavedSearchIsOpenedByAClickOnItsName(t *testing.T) {
	t.Parallel()
	atEverySize(t, func(d *deck) {
		d.Press("/")
		d.Type("gpu_ram>=40 ")
		d.Press("enter", "ctrl+s")
		d.Type("big ones")
		d.Press("ctrl+s")
		d.Wait(8 * time.Second)
		d.Press("esc", "esc")
		d.Lacks("/gpu_ram>=40")
		if !strings.Contains(d.Text(), "saved:") {
			return // no room for the line
		}
		d.ClickOn("big ones")
		d.Has("/gpu_ram>=40", "[big ones")
		d.Press("/", "ctrl+u")
		d.Type("h100 ")
		d.ClickOn("big ones")
		d.Has("/h100")
	})
}

func TestColumnsAreChosenByClicks(t *testing.T) {
	t.Parallel()
	atEverySize(t, func(d *deck) {
		d.Press("2", "c")
		d.Has("Columns", "18 of 37")
		d.ClickOn("Status")
		d.ClickOn("Status")
		d.Has("▸ [•] Status", "18 of 37") // it is always shown
		d.ClickOn("Machine")
		d.Has("▸ [x] Machine")
		d.ClickOn("Machine")
		d.Has("▸ [ ] Machine", "17 of 37")
		d.ClickOn("x] GPU %")
		d.Has("▸ [ ] GPU %", "16 of 37")
		d.Wheel(5, 5, 1)
		d.Lacks("▸ [ ] GPU %")
		d.Press("enter", "c")
		d.Has("16 of 37")
	})
}

func TestACompletionIsTakenByAClick(t *testing.T) {
	t.Parallel()
	atEverySize(t, func(d *deck) {
		d.Press("/")
		d.Type("num_g")
		d.ClickOn("▸num_gpus")
		d.Has("/num_gpus")
		d.Press("ctrl+u")
		d.Type("relia")
		d.Has("▸reliability")
		d.Click(58, 3)
		d.Has("/relia")
		d.Lacks("▸reliability")
	})
}

func TestThePaletteGoesByAClickAndDoesNothingByOne(t *testing.T) {
	t.Parallel()
	atEverySize(t, func(d *deck) {
		d.Press(":")
		d.Type("volumes")
		d.Wait(time.Second)
		d.ClickOn("▸ view")
		d.Has("[3 Volumes")
		d.Press("2", ":")
		d.Type("destroy")
		d.Wait(time.Second)
		for range 3 {
			d.ClickOn("destroy…")
			d.Wait(time.Second)
		}
		d.Has("Go to, or do")
		d.Lacks("to agree")
	})
}

func TestANoticeIsGoneToByASecondClick(t *testing.T) {
	t.Parallel()
	play(t, 80, 24, func(d *deck) {
		d.loaded()
		d.Wait(30 * time.Second)
		d.Press("ctrl+n")
		d.Wait(time.Second)
		d.ClickOn("have problems")
		d.Has("[2 Instances")
		d.Lacks("Notices of this run")
		d.nothingSent()
	}, vastsim.WithTroubles())
}

func TestAMenuSortsByASecondClick(t *testing.T) {
	t.Parallel()
	atEverySize(t, func(d *deck) {
		d.Press("2", "ctrl+o")
		d.Has("Sort by")
		d.ClickOn("Machine")
		d.Has("Sort by")
		d.ClickOn("Machine")
		d.Lacks("Sort by")
		d.Press("ctrl+o")
		d.Has("▲ Machine")
	})
}

func TestTheWheelScrollsLogsAndOutputAlsoWhileSomethingIsTyped(t *testing.T) {
	t.Parallel()
	atEverySize(t, func(d *deck) {
		d.Press("2")
		d.pick(d.named("running"))
		d.Press("l")
		d.UntilHas(30*time.Second, "as of")
		d.Wait(2 * time.Second)
		before := d.Text()
		d.Wheel(20, 9, -2)
		d.Has("following stopped")
		d.Press("/")
		after := d.Text()
		d.Wheel(20, 9, -2)
		if d.Text() == before || d.Text() == after {
			t.Errorf("the log stands still\n%s", d.Text())
		}
	})
}

func TestNothingIsSaidOfTheMouseWhereItIsLeftToTheTerminal(t *testing.T) {
	t.Parallel()
	playWith(t, 80, 24, func(deps *tui.Deps) { deps.NoMouse = true }, func(d *deck) {
		d.loaded()
		d.Press("?", "esc", "2", "enter")
		d.Resize(100, 30)
		if err := d.Quit(); err != nil {
			t.Fatal(err)
		}
		if d.NamedMouse() {
			t.Error("the terminal was told something about the mouse")
		}
	})
}

func TestALineIsCopiedByASecondClick(t *testing.T) {
	t.Parallel()
	atEverySize(t, func(d *deck) {
		for _, view := range []string{"2", "3", "1"} {
			d.Press(view, "y")
			d.Has("Copy of")
			d.ClickOn("machine ")
			d.Has("Copy of", "▸ m  machine")
			d.Lacks("sent to the terminal")
			d.ClickOn("machine ")
			d.Lacks("Copy of")
			d.Has("sent to the terminal")
			d.Wait(20 * time.Second)
		}
	})
}

func TestAResizeBetweenLookingAndClickingMovesNoCursorElsewhere(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("down", "enter") // with the detail below
		for _, s := range append(everySize, [2]int{200, 60}, [2]int{99, 17}) {
			d.Resize(s[0], s[1])
			d.Wait(time.Second)
			y := lineOf(d.Lines(), "▌")
			if y < 0 {
				continue // the detail has all the room
			}
			lines := d.Lines()
			for _, to := range []int{y + 1, y - 1, y} {
				if to < y-1 || to >= len(lines) || !strings.Contains(lines[to], "$") {
					continue
				}
				d.Click(4, to)
				if at := lineOf(d.Lines(), "▌"); at != to {
					t.Errorf("%dx%d: a click on line %d leads to line %d\n%s", s[0], s[1], to, at, d.Text())
				}
			}
		}
		d.nothingSent()
	})
}

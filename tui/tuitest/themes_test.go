package tuitest_test

import (
	"image/color"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/theme"
	"vastdeck/tui/tuitest"
	"vastdeck/tui/tuitest/cells"
)

// screens are the texts and styles of a tour.
func screens(t *testing.T, change func(*tui.Deps), prepare func(*deck)) map[string]string {
	t.Helper()
	all := map[string]string{}
	playWith(t, 130, 40, change, func(d *deck) {
		prepare(d)
		d.tour(func(where string) { all[where] = strings.Join(d.Lines()[1:], "\n") }) // without the ages
	})
	return all
}

// What a screen says depends on no theme: all that is told by colour is told by words or signs too.
func TestEveryThemeSaysTheSame(t *testing.T) {
	t.Parallel()
	want := screens(t, nil, func(*deck) {})
	for _, name := range []string{theme.Light, theme.HighContrastDark, theme.Sixteen} {
		got := screens(t, func(deps *tui.Deps) { deps.Theme = name }, func(*deck) {})
		for where, text := range want {
			if got[where] != text {
				t.Errorf("%s says something else in %s:\n%s\ninstead of\n%s", name, where, got[where], text)
			}
		}
	}
}

// A theme that is chosen while the program runs reaches everything that is drawn, and leaves the
// user where he was.
func TestAThemeThatFollowsTheTerminalReachesWhatIsOpen(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{
		"market": {"1", "down", "down", "space"}, "market, detail": {"1", "down", "enter"}, "columns": {"1", "c", "down"}, "raw": {"1", "J"},
		"comparison": {"1", "space", "down", "space", "="}, "instances": {"2", "down", "enter"}, "legend": {"2", "L"}, "logs": {"2", "l"}, "raw instance": {"2", "J"},
		"columns of instances": {"2", "c"}, "volumes": {"3", "down", "enter"}, "columns of volumes": {"3", "c"}, "bids": {"4", "enter"}, "columns of bids": {"4", "c"}, "cost": {"5", "down"},
		"columns of cost": {"5", "c"}, "sessions": {"6"}, "keys": {"6", "K"}, "activity": {"7"}, "account": {"8"}, "places": {"3", "n"}, "query": {"2", "/", "x"}, "help": {"?"}, "destroy": {"2", "*", "D"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var fresh, changed string
			see := func(background color.Color, late bool) (seen string) {
				playWith(t, 130, 36, func(deps *tui.Deps) { deps.Theme = theme.Auto }, func(d *deck) {
					if !late {
						d.Background(background)
					} else {
						d.Background(color.Black)
					}
					d.loaded()
					d.Press(keys...)
					d.Wait(12 * time.Second) // ages are far from where their words change: 5, 10 and 30 s
					d.Background(background)
					d.Wait(time.Second)
					seen = looksOf(d.Cells())
				})
				return seen
			}
			fresh, changed = see(color.White, false), see(color.White, true)
			if fresh != changed {
				t.Errorf("what is drawn after the theme has changed is not what a program draws that began with it:\n%s\n%s", fresh, changed)
			}
		})
	}
}

// looksOf is a screen with the colours of what can be seen: of a blank that is its ground alone.
func looksOf(s tuitest.Cells) string {
	for _, row := range s.Rows {
		for x := range row {
			if c := &row[x]; c.Text == " " && !c.Style.Has(cells.Underline) && !c.Style.Has(cells.Reverse) {
				c.Style = cells.Style{Bg: c.Style.Bg}
			}
		}
	}
	return cells.Format(s)
}

package tuitest_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"vastdeck/tui"
	"vastdeck/vastapi/vastsim"
)

// tour leads through every view, page and dialog of the program. look is called for each screen.
func (d *deck) tour(look func(where string)) {
	d.t.Helper()
	see := func(where string, keys ...string) {
		d.t.Helper()
		d.Press(keys...)
		d.Wait(1500 * time.Millisecond)
		look(where)
	}
	d.loaded()
	look("market")
	see("market, detail", "enter")
	see("market, history of prices", "esc", "h")
	see("market, explained", "esc", "esc", "E")
	see("market, columns", "esc", "esc", "c")
	see("market, raw", "esc", "esc", "J")
	see("market, copies", "esc", "esc", "y")
	see("market, workload", "esc", "esc", "$")
	see("market, compare", "esc", "esc", "space", "down", "space", "=")
	see("market, bids", "esc", "esc", "esc", "t")
	see("market, search", "/", "4", "0", "9", "0", " ", "p", "r")
	d.Press("esc", "esc", "esc", "esc", "t", "t")
	d.Wait(20 * time.Second)
	see("rent", "r")
	see("rent, left", "esc", "esc")
	see("instances", "2")
	see("instances, detail", "enter")
	see("instances, full", "Z")
	see("instances, legend", "Z", "esc", "L")
	see("instances, overview", "esc", "'")
	see("instances, groups", "esc", "z")
	see("instances, copies", "z", "y")
	see("instances, sorting", "esc", "ctrl+o")
	see("instances, rename", "esc", "n")
	see("instances, destroy", "esc", "esc", "*", "D")
	d.Press("esc", "esc")
	see("instances, start or stop", "S")
	d.Press("esc", "esc", "esc")
	see("logs", "l")
	d.Press("esc", "esc")
	see("run", "2", "e")
	d.Press("esc", "esc", "esc")
	see("volumes", "3")
	see("volumes, detail", "enter")
	see("volumes, mount", "esc", "m")
	see("volumes, new", "esc", "esc", "n")
	d.Press("esc", "esc")
	see("volumes, delete", "3", "D")
	d.Press("esc", "esc")
	see("bids", "4")
	see("bids, detail", "enter")
	see("bids, legend", "esc", "L")
	see("bids, figures", "esc", "E")
	see("cost", "esc", "5")
	see("cost, detail", "enter")
	see("cost, charges", "esc", "t")
	see("cost, explained", "E")
	d.Press("esc", "esc")
	see("sessions", "6")
	see("sessions, keys", "K")
	d.Press("esc", "esc")
	see("sessions, doctor", "6", "d")
	d.Press("esc", "esc")
	see("activity", "7")
	see("activity, detail", "enter")
	d.Press("esc", "esc")
	see("account", "8")
	d.Press("esc", "2")
	see("help", "?")
	d.Press("esc", "esc")
	see("notices", "ctrl+n")
	d.Press("esc")
	see("leaving", "q")
	d.Press("esc")
	d.Resize(50, 12)
	look("card")
	d.Resize(130, 40)
	see("at the end", "1")
}

func TestEveryScreenIsDrawnInASCIIAlone(t *testing.T) {
	t.Parallel()
	playWith(t, 130, 40, func(deps *tui.Deps) { deps.ASCII = true }, func(d *deck) {
		d.tour(func(where string) {
			for n, line := range append(d.Lines(), d.Title()) {
				if at := strings.IndexFunc(line, func(r rune) bool { return r > unicode.MaxASCII }); at >= 0 {
					t.Errorf("%s, line %d has %q\n%s", where, n, []rune(line[at:])[0], line)
				}
			}
		})
	}, vastsim.WithTroubles())
}

func TestTheUsersOwnTextsStayWhatTheyAreInASCII(t *testing.T) {
	t.Parallel()
	playWith(t, 130, 36, func(deps *tui.Deps) { deps.ASCII = true }, func(d *deck) {
		d.loaded()
		d.Press("2", "/")
		d.Paste("日本語 né")
		d.Has("日本語 né")
		d.Lacks("…", "│", "▌")
	})
}

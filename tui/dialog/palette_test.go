package dialog

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/palette"
)

// called is a palette over entries of these names.
func called(history []string, entries ...palette.Entry) *Palette {
	return NewPalette(history, func(line string) Found {
		f := palette.NewFinder(line, nil, 50)
		for _, e := range entries {
			f.Add(e, 0)
		}
		list, total := f.Best()
		found := Found{Entries: list, Total: total}
		if at := strings.IndexByte(line, '!'); at >= 0 {
			found.Problem, found.At = "no such sign", at
		}
		return found
	})
}

func typed(d *Palette, keys ...string) (last Outcome) {
	for _, k := range keys {
		msg := tea.KeyPressMsg{Text: k, Code: []rune(k)[0]}
		switch k {
		case "enter":
			msg = tea.KeyPressMsg{Code: tea.KeyEnter}
		case "esc":
			msg = tea.KeyPressMsg{Code: tea.KeyEscape}
		case "tab":
			msg = tea.KeyPressMsg{Code: tea.KeyTab}
		case "up":
			msg = tea.KeyPressMsg{Code: tea.KeyUp}
		case "down":
			msg = tea.KeyPressMsg{Code: tea.KeyDown}
		}
		last = d.Update(msg, time.Time{})
	}
	return last
}

func pictured(d Dialog, w, h int) string {
	return ansi.Strip(strings.Join(d.Draw(theme.New(true), view.Size{W: w, H: h}, time.Time{}).Lines, "\n"))
}

func TestEnterPicksTheEntryUnderTheCursor(t *testing.T) {
	t.Parallel()
	d := called(nil, palette.Entry{Name: "stop"}, palette.Entry{Name: "start"}, palette.Entry{Name: "rent", Disabled: "nothing is listed"})
	if o := typed(d, "s", "t", "down", "enter"); o.Verdict != Picked || o.Entry.Name != "start" {
		t.Errorf("got %v %q", o.Verdict, o.Entry.Name)
	}
	d = called(nil, palette.Entry{Name: "rent", Disabled: "nothing is listed"})
	if o := typed(d, "r", "enter"); o.Verdict != Open || !strings.Contains(pictured(d, 90, 20), "not now: nothing is listed") {
		t.Errorf("what cannot be done is picked, or not said why:\n%s", pictured(d, 90, 20))
	}
	if o := typed(d, "z", "z", "enter"); o.Verdict != Open {
		t.Error("nothing that fits is picked")
	}
}

func TestTabCompletesAndArrowsLeadIntoTheHistory(t *testing.T) {
	t.Parallel()
	d := called([]string{"query 4090", "machine 7"}, palette.Entry{Name: "machine ID", Line: "machine "})
	typed(d, "m", "a", "tab")
	if d.Line() != "machine " {
		t.Errorf("tab makes %q", d.Line())
	}
	for _, step := range []struct{ key, want string }{
		{"up", "query 4090"}, {"up", "machine 7"}, {"up", "machine 7"}, {"down", "query 4090"}, {"down", "machine "}, {"esc", "machine "},
	} {
		typed(d, step.key)
		if d.Line() != step.want {
			t.Errorf("after %s the line is %q, want %q", step.key, d.Line(), step.want)
		}
	}
}

func TestAMistakeIsMarkedWhereItIsAndDoesNothing(t *testing.T) {
	t.Parallel()
	d := called(nil, palette.Entry{Name: "ab!c"})
	if o := typed(d, "a", "b", "!", "enter"); o.Verdict != Open {
		t.Errorf("a line that is wrong is done: %v", o.Verdict)
	}
	lines := strings.Split(pictured(d, 90, 20), "\n")
	if at, mark := strings.IndexByte(lines[1], '!'), strings.IndexByte(lines[2], '^'); at != mark || !strings.Contains(lines[2], "no such sign") {
		t.Errorf("the mark stands at %d, the mistake at %d\n%s\n%s", mark, at, lines[1], lines[2])
	}
}

func TestAPasteFillsTheLineAndDoesNothing(t *testing.T) {
	t.Parallel()
	d := called(nil, palette.Entry{Name: "quit"})
	if o := d.Update(tea.PasteMsg{Content: "quit\r\n"}, time.Time{}); o.Verdict != Open || d.Line() != "quit" {
		t.Errorf("a paste gives %v and %q", o.Verdict, d.Line())
	}
}

func TestThePaletteIsExactInEverySize(t *testing.T) {
	t.Parallel()
	var many []palette.Entry
	for range 300 {
		many = append(many, palette.Entry{Kind: "instance", Name: "worker 市場", Detail: "running", Key: "x"})
	}
	for _, entries := range [][]palette.Entry{nil, many} {
		d := called(nil, entries...)
		for w := 1; w < 120; w += 3 {
			for h := 1; h < 40; h += 2 {
				p := d.Draw(theme.New(false), view.Size{W: w, H: h}, time.Time{})
				if len(p.Lines) > h {
					t.Errorf("%dx%d has %d lines", w, h, len(p.Lines))
				}
				for _, l := range p.Lines {
					if got := ansi.StringWidth(l); got != p.W {
						t.Errorf("%dx%d has a line of %d cells, want %d", w, h, got, p.W)
					}
				}
			}
		}
	}
	if got := pictured(called(nil, many...), 90, 20); !strings.Contains(got, "more below") {
		t.Errorf("what lies below is not told\n%s", got)
	}
}

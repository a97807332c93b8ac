package dialog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

func notices(n int) []Notice {
	var list []Notice
	for i := range n {
		list = append(list, Notice{Number: n - i, At: noon.Add(-time.Duration(i) * time.Minute), Level: theme.Level(i % 4), Kind: "outbid", About: fmt.Sprint(1000 + n - i),
			Text: fmt.Sprintf("Instance %d is outbid. ", 1000+n-i) + strings.Repeat("and so on ", i%7)})
	}
	return list
}

func pressed(k string) tea.KeyPressMsg {
	special := map[string]rune{"up": tea.KeyUp, "down": tea.KeyDown, "enter": tea.KeyEnter, "esc": tea.KeyEscape, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "space": tea.KeySpace}
	if code, ok := special[k]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}

func TestNoticesAreDrawnExactlyAndTheOneUnderTheCursorIsSeen(t *testing.T) {
	t.Parallel()
	for _, size := range []view.Size{{W: 60, H: 14}, {W: 100, H: 30}, {W: 80, H: 9}} {
		d := NewNotices(func() []Notice { return notices(40) })
		for i := range 60 {
			p := d.Draw(theme.New(true), size, noon)
			for n, l := range p.Lines {
				if fit.Width(l) != p.W {
					t.Fatalf("%v, line %d takes %d of %d cells", size, n, fit.Width(l), p.W)
				}
			}
			if len(p.Lines) > size.H {
				t.Fatalf("%v: %d lines", size, len(p.Lines))
			}
			at := notices(40)[d.place(notices(40))]
			if !strings.Contains(ansi.Strip(strings.Join(p.Lines, "\n")), "outbid  "+at.About) {
				t.Fatalf("%v, after %d presses notice %d is not seen", size, i, at.Number)
			}
			d.Update(pressed("down"), noon)
		}
	}
}

func TestANoticeThatComesMeanwhileLeavesTheCursorWhereItIs(t *testing.T) {
	t.Parallel()
	list := notices(5)
	d := NewNotices(func() []Notice { return list })
	d.Update(pressed("down"), noon)
	list = append([]Notice{{Number: 6, Text: "new"}}, list...)
	if o := d.Update(pressed("enter"), noon); o.Verdict != Went || o.Number != 4 {
		t.Errorf("enter gave %d for notice %d, want 4", o.Verdict, o.Number)
	}
	list = list[:1] // the others were dropped
	if o := d.Update(pressed("space"), noon); o.Verdict != ReadOne || o.Number != 6 {
		t.Errorf("space gave %d for notice %d", o.Verdict, o.Number)
	}
	list = nil
	if o := d.Update(pressed("enter"), noon); o.Verdict != Open {
		t.Errorf("enter on nothing gave %d", o.Verdict)
	}
	if !strings.Contains(plain(d, 100, 30), "Nothing yet.") {
		t.Error("an empty list says nothing")
	}
}

func TestAClickOnANoticePutsTheCursorThere(t *testing.T) {
	t.Parallel()
	list := notices(6)
	d := NewNotices(func() []Notice { return slices.Clone(list) })
	x, y := findIn(t, d, 100, 30, "outbid  "+list[2].About)
	d.Click(x, y+1, noon) // its sentence
	if o := d.Update(pressed("enter"), noon); o.Number != list[2].Number {
		t.Errorf("enter after a click leads to notice %d, want %d", o.Number, list[2].Number)
	}
	d.Click(0, 0, noon)
	d.Click(0, 400, noon)
	if o := d.Update(pressed("a"), noon); o.Verdict != ReadAll {
		t.Errorf("a gave %d", o.Verdict)
	}
	if o := d.Update(pressed("esc"), noon); o.Verdict != Closed {
		t.Errorf("esc gave %d", o.Verdict)
	}
}

func TestTheListSaysInWordsWhatIsInIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list  func() []Notice
		want  []string
		never []string
	}{
		{func() []Notice { return nil }, []string{"none yet", "Nothing yet. What happens by itself will be noted here", "low"}, []string{"0", "enter goes there"}},
		{func() []Notice { return notices(3) }, []string{"3, none read", "enter goes there", "a marks all"}, []string{"x clears"}},
		{func() []Notice {
			list := notices(3)
			list[1].Read = true
			return list
		}, []string{"3, 2 of them not read", "x clears those read"}, nil},
		{func() []Notice {
			list := notices(1)
			list[0].Read = true
			return list
		}, []string{"1, all read", "x clears those read"}, []string{"a marks all"}},
	} {
		d := NewNotices(c.list)
		shown := ansi.Strip(strings.Join(d.Draw(theme.New(true), view.Size{W: 100, H: 30}, noon).Lines, "\n"))
		for _, want := range c.want {
			if !strings.Contains(shown, want) {
				t.Errorf("%q is not said:\n%s", want, shown)
			}
		}
		for _, never := range c.never {
			if strings.Contains(shown, never) {
				t.Errorf("%q is said:\n%s", never, shown)
			}
		}
	}
	if o := NewNotices(func() []Notice { return notices(2) }).Update(pressed("x"), noon); o.Verdict != ClearRead {
		t.Errorf("x comes to %v", o.Verdict)
	}
}

package dialog

import (
	"strings"
	"testing"

	"vastdeck/tui/widget/help"
)

func TestQuitLeavesOnQAndStaysOnEsc(t *testing.T) {
	t.Parallel()
	reasons := []string{"3 machines keep costing money at $2.31/h.", "1 change is still under way."}
	for key, want := range map[string]Verdict{
		"q": Leave, "ctrl+c": Leave, "esc": Closed, "enter": Open, "y": Open, "n": Open, "Q": Open, "space": Open, "tab": Open,
	} {
		c := clock{NewQuit(reasons), noon}
		if o := c.press(0, key); o.Verdict != want {
			t.Errorf("%s gave verdict %d, want %d", key, o.Verdict, want)
		}
		if o := c.paste("q"); o.Verdict != Open {
			t.Error("a paste leaves")
		}
	}
	s := plain(NewQuit(reasons), 80, 24)
	for _, want := range append(reasons, "Leave vastdeck?", "q again leaves · esc stays") {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not there:\n%s", want, s)
		}
	}
	everySize(t, NewQuit(append(reasons, hostile...)), 7)
}

func items() []help.Item {
	var list []help.Item
	for _, group := range []string{"Market", "Everywhere", "Moving"} {
		for r := 'a'; r <= 'n'; r++ {
			list = append(list, help.Item{Group: group, Key: string(r), Label: strings.ToLower(group) + " does " + strings.Repeat(string(r), 3)})
		}
	}
	list[0].Disabled = "the offers are still being loaded"
	return list
}

func TestHelpFiltersByWhatIsTyped(t *testing.T) {
	t.Parallel()
	d := NewHelp(items())
	c := clock{d, noon}
	if s := plain(d, 100, 60); !strings.Contains(s, "market does aaa (not now: the offers are still being loaded)") {
		t.Errorf("the reason is not told:\n%s", s)
	}
	c.text("moving ccc")
	s := plain(d, 100, 60)
	if !strings.Contains(s, "moving does ccc") || strings.Contains(s, "market does") || !strings.Contains(s, "1 of 42") {
		t.Errorf("the filter does not filter:\n%s", s)
	}
	if o := c.press(0, "?"); o.Verdict != Open {
		t.Error("a question mark in the filter closes the help")
	}
	c.press(0, "ctrl+u")
	c.paste("market")
	if s := plain(d, 100, 60); !strings.Contains(s, "14 of 42") {
		t.Errorf("a paste does not filter:\n%s", s)
	}
}

func TestHelpClosesOnEscEnterAndItsOwnKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]Verdict{"esc": Closed, "enter": Closed, "?": Closed, "q": Open, "up": Open} {
		c := clock{NewHelp(items()), noon}
		if o := c.press(0, key); o.Verdict != want {
			t.Errorf("%s gave verdict %d, want %d", key, o.Verdict, want)
		}
	}
}

func TestEveryKeyOfTheHelpIsReached(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"down", "pgdown"} {
		d := NewHelp(items())
		c := clock{d, noon}
		var all strings.Builder
		for range 80 {
			s := plain(d, 60, 14)
			framed(t, key, s)
			all.WriteString(s)
			c.press(0, key)
		}
		for _, it := range items() {
			if !strings.Contains(all.String(), it.Label) {
				t.Errorf("%s: %q is never shown", key, it.Label)
			}
		}
		end := plain(d, 60, 14)
		c.press(0, "up")
		if plain(d, 60, 14) == end {
			t.Errorf("%s: up does not go back at once", key)
		}
	}
}

func TestHelpIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	d := NewHelp(append(items(), help.Item{Group: hostile[1], Key: hostile[0], Label: hostile[6], Disabled: hostile[1]}))
	everySize(t, d, 7)
	c := clock{d, noon}
	c.text(strings.Repeat("w", 40))
	everySize(t, d, 29)
}

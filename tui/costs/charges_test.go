package costs

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

func TestTheChartOfChargesNamesItsExtremesBesideTheDayUnderTheCursor(t *testing.T) {
	t.Parallel()
	for _, w := range []int{60, 100, 140} {
		s := charged(t)
		s.size = view.Size{W: w, H: 24}
		s.press("b")
		for _, key := range []string{"", "left", "left", "right"} {
			if key != "" {
				s.press(key)
			}
			s.has("low $", "high $", "last $", s.m.page.(*chargesPage).day.Format("Jan 2")+"  $")
			if err := fit.Exact(s.m.Draw(s.env(), s.size).Body, w, 24); err != nil {
				t.Errorf("%d wide after %q: %v", w, key, err)
			}
		}
	}
	s := newStage(t)
	s.press("b")
	if strings.Contains(s.plain(), "low ") {
		t.Errorf("before anything was read it names a lowest day:\n%s", s.plain())
	}
}

// TestAPageThatCouldNotBeReadSaysWhyInWhole holds that the reason and what comes next are
// read where there is little room, and that no figures are shown in their place.
func TestAPageThatCouldNotBeReadSaysWhyInWhole(t *testing.T) {
	t.Parallel()
	broken := errors.New("Vast.ai gave an answer that cannot be used: Internal Server Error. Try again in a moment")
	for key, c := range map[string]struct {
		msg  func(command.Answer) tea.Msg
		next string
	}{
		"b": {func(a command.Answer) tea.Msg { return command.ChargesLoaded{Answer: a} }, again},
		"t": {func(a command.Answer) tea.Msg { return command.ChargesLoaded{Answer: a} }, again},
		"I": {func(a command.Answer) tea.Msg { return command.InvoicesLoaded{Answer: a} }, "esc, then I, asks again."},
	} {
		s := full(t)
		s.size = view.Size{W: 80, H: 20}
		s.press(key)
		msg := c.msg(command.Answer{Err: broken, At: s.now})
		msg.(interface{ Fold(*feed.Snapshot) }).Fold(s.data)
		s.m.Update(s.env(), msg)
		text := strings.Join(strings.Fields(s.plain()), " ")
		if !strings.Contains(text, "Internal Server Error. Try again in a moment") || !strings.Contains(text, c.next) || strings.Contains(text, "$") || strings.Contains(text, "…") {
			t.Errorf("%s:\n%s", key, s.plain())
		}
		for h := range 6 {
			if err := fit.Exact(s.m.Draw(s.env(), view.Size{W: 40, H: h + 1}).Body, 40, h+1); err != nil {
				t.Errorf("%s in %d lines: %v", key, h+1, err)
			}
		}
	}
	s := charged(t)
	s.size = view.Size{W: 80, H: 20}
	s.press("b")
	for range 7 {
		s.press("left")
	}
	msg := command.ChargesLoaded{Answer: command.Answer{Err: broken, At: s.now}}
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
	if text := strings.Join(strings.Fields(s.plain()), " "); !strings.Contains(text, "$49.00 in 5 days") || !strings.Contains(text, "not read yet Vast.ai gave an answer that cannot be used: Internal Server Error. Try again in a moment") {
		t.Errorf("a day that could not be read:\n%s", s.plain())
	}
}

// TestWhatIsChargedAddsUpAsItIsExplained holds that the parts have the digits which it
// takes to come to the sum.
func TestWhatIsChargedAddsUpAsItIsExplained(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.charge(0, gpu(101, "train-1", 0.335, 0.017, 0, 0))
	s.press("E")
	for range figures {
		if strings.Contains(s.plain(), "▸ charged") {
			break
		}
		s.press("down")
	}
	s.has("$0.335", "$0.017", "$0.352")
}

package queryline

import (
	"testing"

	"vastdeck/tui/theme"
)

func TestAClickPutsTheTextCursorOnTheCharacterThatIsDrawnThere(t *testing.T) {
	t.Parallel()
	m := New(theme.New(true))
	m.SetValue("gpu 日本 né x")
	m.Draw(60)
	for x, want := range map[int]int{0: 0, 1: 0, 2: 1, 5: 4, 6: 4, 7: 5, 8: 5, 9: 6, 11: 8, 12: 9, 13: 10, 30: 11, 59: 11} {
		m.Click(x)
		if !m.Focused() {
			t.Fatal("the line has not got the keyboard")
		}
		if got := m.Pos(); got != want {
			t.Errorf("a click on cell %d put the cursor before rune %d, want %d", x, got, want)
		}
		m.Draw(60)
	}
	empty := New(theme.New(true))
	empty.Draw(40)
	if empty.Click(20); empty.Pos() != 0 || !empty.Focused() {
		t.Errorf("in an empty line the cursor is at %d", empty.Pos())
	}
}

func TestAClickInAScrolledLineHitsWhatIsSeen(t *testing.T) {
	t.Parallel()
	m := New(theme.New(true))
	m.Focus()
	m.SetValue("abcdefghijklmnopqrstuvwxyz")
	m.Draw(11) // ten cells for text: the end of it, with room for the cursor
	m.Click(1)
	if got := m.Pos(); got != m.offset {
		t.Errorf("the cursor is at %d, the first rune drawn is %d", got, m.offset)
	}
	if m.offset == 0 {
		t.Error("the line is not scrolled")
	}
}

func TestTheListOfCandidatesIsHitWhereItWasLaid(t *testing.T) {
	t.Parallel()
	m := New(theme.New(true))
	m.Focus()
	m.SetValue("ab num")
	m.Draw(60)
	var list []Candidate
	for _, text := range []string{"num_a", "num_b", "num_c", "num_d", "num_e"} {
		list = append(list, Candidate{Text: text})
	}
	m.Complete(3, 6, list)
	lines, x := m.Popup(60, 3)
	m.Laid(7)
	m.WheelOffered(3)
	lines, x = m.Popup(60, 3) // scrolled: b to d
	m.Laid(7)
	if len(lines) != 3 || m.ChooseAt(x-1, 7) || m.ChooseAt(x, 6) || m.ChooseAt(x, 10) || m.ChooseAt(x+40, 8) {
		t.Fatalf("%d lines from cell %d on, or a cell beside them is one of them", len(lines), x)
	}
	if !m.ChooseAt(x, 7) {
		t.Fatal("the first line is not hit")
	}
	if c, _ := m.Candidate(); c.Text != "num_b" {
		t.Errorf("the first line is %q", c.Text)
	}
	m.WheelOffered(99)
	if c, _ := m.Candidate(); c.Text != "num_e" {
		t.Errorf("the wheel ends at %q", c.Text)
	}
	m.EndCompletion()
	if m.Offering() || m.ChooseAt(x, 7) {
		t.Error("a list that is closed is hit")
	}
}

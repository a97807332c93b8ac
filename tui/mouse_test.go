package tui

import (
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/vastapi/rental"
)

// clicked is a model that was drawn and clicked at.
func clicked(m *Model, x, y int) tea.Cmd {
	return m.onMouse(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
}

func TestAClickIsAboutWhatWasDrawnAndNothingElse(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, since := range map[string]func(*Model){
		"another size":   func(m *Model) { m.size.H-- },
		"another width":  func(m *Model) { m.size.W -= 20 },
		"another view":   func(m *Model) { m.lay(view.Volumes) },
		"a question":     func(m *Model) { m.stack.Push(dialog.NewQuit(nil)) },
		"another dialog": func(m *Model) { m.stack.Push(dialog.NewHelp(nil)) },
	} {
		m := told(root(t, true, nil), now, nil)
		m.View()
		before := m.active
		since(m)
		after, top := m.active, m.stack.Top()
		for y := range m.size.H {
			for x := 0; x < m.size.W; x += 3 {
				clicked(m, x, y)
			}
		}
		if m.active != after || m.stack.Top() != top {
			t.Errorf("%s since it was drawn: a click leads from %v to %v", name, before, m.active)
		}
	}
}

func TestADialogIsNotClosedByAClickThatWasMeantForWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), nil)
		m.stack.Push(dialog.NewHelp(nil))
		m.View()
		time.Sleep(restful - time.Millisecond)
		clicked(m, 0, m.size.H-1)
		if m.stack.Empty() {
			t.Fatal("it is closed by a click soon after it came")
		}
		time.Sleep(time.Millisecond)
		clicked(m, 0, m.size.H-1)
		if !m.stack.Empty() {
			t.Error("a click beside it does not close it")
		}
	})
}

func TestNothingOfAClickAsksOrAgrees(t *testing.T) {
	t.Parallel()
	e := looking(view.Do(
		view.Confirm{Plan: rental.Plan{}}, view.Ask{}, view.LogOut{}, view.Switch{}, view.Save{}, view.Pause{}, view.Tell{}, view.FormDone{}, view.Fill{}, view.Refit{},
		view.Copy{Text: "x"}, view.Goto{View: view.Market}, view.Toast{Text: "x"},
	))
	want := []view.Intent{view.Copy{Text: "x"}, view.Goto{View: view.Market}, view.Toast{Text: "x"}}
	if !reflect.DeepEqual(e.Intents, want) {
		t.Errorf("what is granted is %v", e.Intents)
	}
}

package dialog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/widget/help"
)

func TestTheHelpNarrowsWhatIsTypedAndEscFirstClears(t *testing.T) {
	t.Parallel()
	var items []help.Item
	for n := range 60 {
		items = append(items, help.Item{Group: "Market", Key: fmt.Sprint(n), Label: fmt.Sprint("thing ", n)})
	}
	items = append(items, help.Item{Group: "Instances", Key: "s", Label: "ssh", Disabled: "it is stopped"})
	d := NewHelp(items)
	if got := pictured(d, 90, 24); !strings.Contains(got, "more below: pgdn") || !strings.Contains(got, "in brackets, as in s (ssh): not possible now") {
		t.Errorf("got\n%s", got)
	}
	for _, r := range "ssh" {
		d.Update(tea.KeyPressMsg{Text: string(r), Code: r}, time.Time{})
	}
	if got := pictured(d, 90, 24); !strings.Contains(got, "not now: it is stopped") || strings.Contains(got, "thing") || strings.Contains(got, "more below") {
		t.Errorf("typing does not narrow:\n%s", got)
	}
	esc := tea.KeyPressMsg{Code: tea.KeyEscape}
	if o := d.Update(esc, time.Time{}); o.Verdict != Open || !strings.Contains(pictured(d, 90, 24), "thing 0") {
		t.Error("esc does not clear what was typed first")
	}
	if o := d.Update(esc, time.Time{}); o.Verdict != Closed {
		t.Error("esc does not close")
	}
}

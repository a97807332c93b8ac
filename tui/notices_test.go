package tui

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui/dialog"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

func TestNoticesAreReadClearedAndLeadToWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(7, "running", 0.4)})
	m.notices = notices{}
	now := time.Now()
	m.inform(view.Bad, feed.Event{At: now, Kind: "outbid", Text: "Instance 7 is outbid.", Instance: 7})
	m.inform(view.Warn, feed.Event{At: now, Kind: alertCredit, Text: "The credit lasts an hour."})
	m.inform(view.Warn, feed.Event{At: now, Kind: alertGone, Text: "Instance 9 is gone.", Instance: 9})
	m.inform(view.Info, feed.Event{At: now, Kind: alertWatch, Text: "machine 4 is on the market.", Machine: 4})
	if got := m.noticesLabel(); got != "4 notices" {
		t.Errorf("the header says %q", got)
	}
	for n, want := range []view.ID{view.Instances, view.Costs, view.Activity, view.Market} {
		number := n + 1
		m.showNotices()
		m.answer(dialog.Outcome{Verdict: dialog.Went, Number: number})
		if m.active != want || !m.stack.Empty() {
			t.Errorf("notice %d leads to view %d, want %d; a question is open: %t", number, m.active, want, !m.stack.Empty())
		}
	}
	if n := m.notices.unread(); n != 0 {
		t.Errorf("%d are not read", n)
	}
	m.heedNotices(dialog.Outcome{Verdict: dialog.ReadOne, Number: 2})
	m.heedNotices(dialog.Outcome{Verdict: dialog.ClearRead})
	if list := m.listed(); len(list) != 1 || list[0].Number != 2 || m.noticesLabel() != "1 notice" {
		t.Errorf("what nobody has read is gone too: %v", list)
	}
	m.inform(view.Info, feed.Event{At: now, Kind: "ready", Text: "Instance 7 is ready.", Instance: 7})
	if list := m.listed(); list[0].Number != 5 {
		t.Errorf("a number was given twice: %v", list)
	}
}

func TestCreditThatIsLowAtTheStartIsNoted(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(7, "running", 4)})
	m.alerts.began, m.alerts.summed = time.Now().Add(-time.Minute), false
	m.sumUp(time.Now())
	if list := m.listed(); len(list) != 1 || list[0].Kind != alertCredit || !strings.HasPrefix(list[0].Text, "The credit lasts ") || m.noticesLabel() != "" {
		t.Errorf("noted is %v", list)
	}
}

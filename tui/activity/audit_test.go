package activity

import (
	"testing"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
)

func TestAnOperationLeadsToItsLineInTheServersLog(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes))
	to := solo.Wish[view.Goto](t, s.press("a"))
	if want, ok := to.Focus.(view.ShowAudit); to.View != view.Account || !ok || want.Operation == "" {
		t.Errorf("a leads to %+v", to)
	}
}

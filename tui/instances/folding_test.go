package instances

import (
	"errors"
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// toasts are the sentences that an effect says.
func toasts(e view.Effect) string {
	var all []string
	for _, in := range e.Intents {
		if t, ok := in.(view.Toast); ok {
			all = append(all, t.Text)
		}
	}
	return strings.Join(all, "; ")
}

func TestNothingIsActedOnUntilTheGroupsHaveFollowedTheFilter(t *testing.T) {
	t.Parallel()
	s := fleet(t, many(400))
	s.settle(s.press("z"))
	s.m.table.Home()
	s.press("/")
	var waiting []view.Effect
	for _, r := range "status=STOPPED" {
		waiting = append(waiting, s.key(string(r)))
	}
	waiting = append(waiting, s.key("enter"))
	if e := s.press("D"); len(e.Intents) > 0 || len(s.m.chosen()) > 0 {
		t.Errorf("what the filter hides is acted upon: %+v", e.Intents)
	}
	if got := s.reason("D"); got != "the list is being sorted" {
		t.Errorf("D says %q", got)
	}
	s.settle(view.Join(waiting...))
	if p := plan(t, s.press("D")).Plan; len(p.Steps) != 20 {
		t.Errorf("then D plans %q with %d steps, want the 20 that are stopped", p.Title, len(p.Steps))
	}
}

func TestGroupsThatCouldNotBeMadeElsewhereAreMadeHere(t *testing.T) {
	t.Parallel()
	s := fleet(t, many(400))
	s.press("z")
	if s.m.chosen() != nil {
		t.Error("something is chosen while the groups are made")
	}
	s.m.Update(s.env(), command.Computed[folding]{Answer: command.Answer{Err: errors.New("given up")}})
	if s.m.table.Pending() || s.m.table.Shown() != 1 {
		t.Errorf("%d rows are shown, pending %v", s.m.table.Shown(), s.m.table.Pending())
	}
}

func TestTheCursorStaysWhereItWasWhenManyAreFolded(t *testing.T) {
	t.Parallel()
	s := fleet(t, many(1200))
	s.m.table.Select(20_000_700)
	s.settle(s.press("z"))
	if got := s.under(); got != -20_000_500 {
		t.Errorf("folded the cursor is on %v, want the group of 20000700", got)
	}
	s.settle(s.press("z"))
	if got := s.under(); got != 20_000_500 {
		t.Errorf("unfolded the cursor is on %v, want the first of the group", got)
	}
}

func TestAMarkedGroupThatGrowsLosesItsMark(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train-1"), running(2, "train-2"), running(30, "other"))
	s.press("z")
	s.m.table.Home()
	s.press("space")
	e := s.answer(command.InstancesLoaded{Page: vastapi.InstancePage{Instances: []vastapi.Instance{
		running(1, "train-1"), running(2, "train-2"), running(3, "train-3"), running(30, "other"),
	}}})
	if s.m.table.IsMarked(-1) {
		t.Error("the mark covers an instance that came later")
	}
	if got := toasts(e); !strings.Contains(got, "group train has grown since it was marked") {
		t.Errorf("it says %q", got)
	}
	s.m.table.Home()
	s.press("space")
	s.load(running(1, "train-1"), running(2, "train-2"), running(30, "other"))
	if !s.m.table.IsMarked(-1) {
		t.Error("a group that shrinks has lost its mark")
	}
}

func TestTheDetailOfALargeGroupListsSomeAndCountsTheRest(t *testing.T) {
	t.Parallel()
	s := fleet(t, many(400))
	s.settle(s.press("z"))
	s.m.table.Home()
	s.press("enter")
	s.size = view.Size{W: 250, H: 300}
	s.has("400 instances named fleet0-…", "and 350 more: z shows all of them")
}

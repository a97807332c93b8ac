package instances

import (
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

func TestGroupIsOneRowWithItsSumAndItsWorstState(t *testing.T) {
	t.Parallel()
	a, b, c := running(701, "train-1"), running(702, "train-2"), running(703, "eval")
	a.BilledNow, b.BilledNow, a.DphTotal, b.DphTotal = 0.25, 0.5, 0.25, 0.5
	s := newStage(t).load(a, b, c)
	s.press("z")
	plain := s.plain()
	if !strings.Contains(plain, "2×") || !strings.Contains(plain, "train ") || !strings.Contains(plain, "eval") {
		t.Errorf("the groups are not shown:\n%s", plain)
	}
	if strings.Contains(plain, "train-1") || strings.Contains(plain, "train-2") {
		t.Errorf("members are shown beside their group:\n%s", plain)
	}
	if got := s.m.table.Total(); got != 2 {
		t.Errorf("there are %d rows, want the group and one more", got)
	}
	s.press("z")
	if got := s.m.table.Total(); got != 3 {
		t.Errorf("unfolded there are %d rows", got)
	}
}

func TestWhatIsDoneToAGroupIsDoneToEachOfItsMembersOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(701, "train-1"), running(702, "train-2"), running(703, "eval"))
	s.press("z", "g")
	var ids []vastapi.InstanceID
	for _, r := range s.m.chosen() {
		ids = append(ids, r.ID)
	}
	if len(ids) != 2 || ids[0] != 701 || ids[1] != 702 {
		t.Fatalf("the group under the cursor stands for %v", ids)
	}
	e := s.press("D")
	c, ok := e.Intents[0].(view.Confirm)
	if !ok || len(c.Plan.Steps) != 2 || c.Plan.Consent.Words != "destroy 2" {
		t.Errorf("D wants %+v", e.Intents)
	}
	for _, key := range []string{"r", "J"} {
		if e := s.press(key); len(e.Intents) != 0 {
			t.Errorf("%s acts on a group: %+v", key, e.Intents)
		}
	}
	s.press("*")
	if got := len(s.m.chosen()); got != 3 {
		t.Errorf("all marked stand for %d instances", got)
	}
}

func TestGroupSaysWhichOfItsMembersHasAProblem(t *testing.T) {
	t.Parallel()
	full := running(702, "train-2")
	full.Disk, full.DiskUsed = 16, 15.75
	s := newStage(t).load(running(701, "train-1"), full, running(703, "eval"))
	s.data.Traces = map[vastapi.InstanceID]feed.Trace{702: {Problems: rental.Problems(&full, s.now, rental.Background{})}}
	s.m.Update(s.env(), command.JournalRead{})
	s.size = view.Size{W: 170, H: 40}
	s.press("z", "g")
	s.has("low disk: train-2: The disk is 98% full: 0.3 GB of 16 GB are left")
	s.press("enter")
	s.has("702         ✗ RUNNING", "701         ● RUNNING", "             low disk: The disk is 98% full")
}

func TestGroupsAreSortedByTheFirstIDAmongTheirMembers(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(701, "b-1"), running(702, "a-1"), running(703, "b-2"), running(704, "a-2"), running(705, "eval"))
	s.press("z")
	if got := s.listed(); got != "-701 -702 705" {
		t.Errorf("the order is %s", got)
	}
}

func TestAGroupInOneRowIsDestroyedByXAndOneOfAKindByDAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(701, "train-1"), running(702, "train-2"), running(703, "eval-1"))
	s.press("z", "g")
	if c := plan(t, s.press("X")); len(c.Plan.Steps) != 2 {
		t.Errorf("the group has %d steps", len(c.Plan.Steps))
	}
	s.press("down")
	if got := s.reason("X"); got != "no other instance is named like it: D destroys it alone" {
		t.Errorf("of one alone: %q", got)
	}
	s.press("*")
	if got := s.reason("X"); got != "the group is that of the row under the cursor: esc clears the marks" {
		t.Errorf("of marked ones: %q", got)
	}
}

func TestInstanceThatIsLookedForUnfoldsItsGroup(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(701, "train-1"), running(702, "train-2"))
	s.press("z")
	s.m.Update(s.env(), view.Focused{On: vastapi.InstanceID(702)})
	if r, ok := s.m.table.Cursor(); !ok || r.ID != 702 {
		t.Error("the instance is not under the cursor")
	}
}

func TestFoldingWithoutGroupsSaysWhyNot(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(701, "train-1"), running(703, "eval"))
	for _, a := range s.m.Actions(s.env()) {
		if a.Key.Help().Key == "z" && a.Disabled == "" {
			t.Error("there is nothing to fold and nobody says so")
		}
	}
}

func TestGroupsAreExactAtEverySize(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(701, "train-1"), running(702, "train-2"), running(703, "eval"))
	s.press("z", "g", "enter")
	for w := 1; w < 220; w += 13 {
		for h := 1; h < 50; h += 7 {
			f := s.m.Draw(s.env(), view.Size{W: w, H: h})
			if n := strings.Count(f.Body, "\n") + 1; n != h {
				t.Fatalf("%dx%d has %d lines", w, h, n)
			}
		}
	}
	s.size = view.Size{W: 170, H: 40}
	if plain := s.plain(); !strings.Contains(plain, "Group train") || !strings.Contains(plain, "train-2") {
		t.Errorf("the members are not in the detail:\n%s", plain)
	}
}

package costs

import (
	"strings"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi/safetext"
)

// TestNothingIsCutInTheMiddleWhereThereIsLittleRoom holds that totals, headings and
// columns that do not fit whole are left out.
func TestNothingIsCutInTheMiddleWhereThereIsLittleRoom(t *testing.T) {
	t.Parallel()
	for state, heads := range map[string][]string{"full": {" total"}, "agreement": {" Estimate", " contract", " ~ is"}, "invoices": {" Invoices"}} {
		s := states[state](t)
		for w := 60; w <= 140; w += 4 {
			s.size = view.Size{W: w, H: 24}
			text := s.plain()
			for _, head := range heads {
				found := false
				for _, l := range strings.Split(text, "\n") {
					if strings.HasPrefix(l, head) {
						found = true
						if strings.Contains(l, "…") {
							t.Errorf("%s in %d cells: %q", state, w, l)
						}
					}
				}
				if !found {
					t.Errorf("%s in %d cells: no line begins with %q:\n%s", state, w, head, text)
				}
			}
		}
	}
}

// TestWhatWasSpentTodayAndInTheMonthIsInTheDetail holds that these figures can be read
// where the header has no room for them.
func TestWhatWasSpentTodayAndInTheMonthIsInTheDetail(t *testing.T) {
	t.Parallel()
	s := states["detail"](t)
	s.size = view.Size{W: 80, H: 60}
	if strings.Contains(s.plain(), "since midnight") {
		t.Error("it is told before it has been read")
	}
	s.data.Spent.Apply(feed.Spent{Day: 3.5, Month: 61.25, DayOf: feed.DayOf(s.now), Since: feed.MonthOf(s.now)}, s.now, nil)
	s.has("today", "$3.50 since midnight UTC", "month", "$61.25 since the first, UTC")
}

// TestALongExplanationScrolls holds that the key that is named beside a page works.
func TestALongExplanationScrolls(t *testing.T) {
	t.Parallel()
	s := states["explain"](t)
	s.size = view.Size{W: 60, H: 15}
	first := s.plain()
	if !strings.Contains(first, "} scrolls") {
		t.Fatalf("all of it is seen:\n%s", first)
	}
	s.press("}", "}", "}", "}", "}", "}")
	last := s.plain()
	if last == first || strings.Contains(last, "} scrolls") || !strings.Contains(last, "read just now") {
		t.Errorf("it does not scroll to its end:\n%s", last)
	}
	s.press("{", "{", "{", "{", "{", "{")
	if s.plain() != first {
		t.Errorf("it does not scroll back:\n%s", s.plain())
	}
}

// TestANetworkVolumeIsALineLikeAnyOther holds that it is billed, leaks and is named.
func TestANetworkVolumeIsALineLikeAnyOther(t *testing.T) {
	t.Parallel()
	v := volume(900, "shared")
	v.Kind, v.MachineID = safetext.New("network"), 0
	s := newStage(t).load(some(), v)
	s.size = view.Size{W: 180, H: 24}
	s.has("200 GB, network", "shared", "! unused", "$20.00")
}

package instances

import (
	"math"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestAStartWhoseBeginningWasNotSeenIsAtLeastSoOld(t *testing.T) {
	t.Parallel()
	loading := running(7, "a")
	loading.Actual = safetext.New("loading")
	s := newStage(t)
	s.at(noon, loading)
	s.at(noon.Add(3*time.Minute), loading)
	s.has("LOADING ≥3m", "created · loading ≥3m")
	s.lacks("created 0s")
	// What comes up while the program looks on is counted from there.
	other := running(8, "b")
	other.Actual = safetext.New("loading")
	s.at(noon.Add(4*time.Minute), loading, other)
	s.at(noon.Add(5*time.Minute), loading, other)
	s.has("LOADING ≥5m", "LOADING 1m")
}

func TestAHoleInTimeIsOneInTheLineOfUsage(t *testing.T) {
	t.Parallel()
	var list []feed.Sample
	for _, from := range []time.Time{noon, noon.Add(8 * time.Hour)} {
		for n := range 40 {
			list = append(list, feed.Sample{Unix: from.Add(time.Duration(n) * 10 * time.Second).Unix(), GPU: 90, Temp: float32(math.NaN()), VRAM: float32(math.NaN()), CPU: float32(math.NaN()), RAM: float32(math.NaN()), Disk: 10})
		}
	}
	i := running(7, "a")
	for _, readings := range [][]feed.Sample{list, list[35:45]} {
		for _, f := range usageFacts(readings, &i, 70) {
			if f.Label == "GPU load" && !strings.Contains(strings.Trim(f.Value, untold), untold) {
				t.Errorf("of %d readings the line is %q", len(readings), f.Value)
			}
		}
	}
	for _, f := range usageFacts(list[:40], &i, 70) {
		if strings.Contains(f.Value, untold) {
			t.Errorf("without a hole the line is %q", f.Value)
		}
	}
}

func TestTheRowOfAGroupSaysWhatItIsWhereOneInstanceIsWanted(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train-1"), running(2, "train-2"), running(3, "other"))
	s.press("z", "g")
	for _, key := range []string{"s", "u", "w", "J", "r", "x", "$", "f", "d", "b", "m"} {
		if got := s.reason(key); got != "this row is a group of 2: z shows its instances" {
			t.Errorf("%s says %q", key, got)
		}
	}
	if p := plan(t, s.press("X")).Plan; len(p.Steps) != 2 {
		t.Errorf("X plans %q", p.Title)
	}
	s.m.table.End()
	if got := s.reason("X"); !strings.Contains(got, "no other instance is named like it") {
		t.Errorf("X on one without a group says %q", got)
	}
}

func TestAnInstanceThatIsLookedForAndHiddenSaysSo(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.ask("name=eval")
	s.m.Update(s.env(), view.Focused{On: vastapi.InstanceID(18820341)})
	if got := s.reason("D"); got != "instance 18820341 is hidden by the filter: esc shows it, or move to choose another" {
		t.Errorf("D says %q", got)
	}
	s.has("instance 18820341 is hidden by the filter: esc shows it")
	s.press("esc")
	if got := s.under(); got != 18820341 || s.reason("D") != "" {
		t.Errorf("without the filter the cursor is on %v, D says %q", got, s.reason("D"))
	}
}

package instances

import (
	"testing"
	"time"

	"vastdeck/tui/view"
)

func TestMoneyFiguresAreExplainedWithWhatGoesIntoThem(t *testing.T) {
	t.Parallel()
	i := running(7, "a")
	i.Start = noon.Add(-10 * time.Hour)
	s := newStage(t).load(i)
	s.press("E")
	s.size = view.Size{W: 160, H: 30}
	s.has("What instance 7 costs", "$0.820/h × 24 h = $19.68", "$0.820/h = GPU $0.800/h + disk $0.020/h", "$0.020/h, the disk alone", "80 GB × $0.18 a GB and month", "$8.20 for the 10h before, at what it was first seen to cost, = ~$8.20", "read", "0s old")
	s.press("esc")
	s.lacks("What instance 7 costs")
}

func TestWhatIsChosenIsCopiedAsLinesOfTheOfficialClient(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.press("*")
	e := s.press("C")
	want := view.Copy{Text: "vastai show instance 18820341\nvastai show instance 18820377\nvastai show instance 18821102", What: "the line of the official client", Shown: "vastai show instance 18820341"}
	if len(e.Intents) != 1 || e.Intents[0] != want {
		t.Errorf("C wants %+v", e.Intents)
	}
	s.load()
	if got := s.reason("C"); got != "there is no instance: rent one in the market (1)" {
		t.Errorf("without instances it says %q", got)
	}
}

package run

import (
	"testing"

	"vastdeck/tui/view"
)

func TestACommandThatIsHandedInStandsInTheLineAndIsNotRun(t *testing.T) {
	play(t, func(s *stage) {
		s.grant(s.m.Update(s.env(), view.Focused{On: view.RunCommand{Instances: s.up()[:1], Command: "du -s /workspace"}}))
		if got := s.m.line.Value(); got != "du -s /workspace" || !s.m.Capturing() || s.m.batch != nil {
			t.Errorf("the line holds %q", got)
		}
		s.grant(s.m.Update(s.env(), view.Focused{On: view.RunCommand{Instances: s.up()[:1]}}))
		if got := s.m.line.Value(); got != "du -s /workspace" {
			t.Errorf("opened once more it holds %q", got)
		}
	})
}

func TestWhatWasTypedForSomeInstancesIsNotLeftForOthers(t *testing.T) {
	play(t, func(s *stage) {
		up := s.up()
		s.open(up[0])
		s.press("ctrl+o")
		s.m.line.Set("rm -r /workspace/tmp")
		s.press("esc")
		s.open(up[0])
		if s.m.line.Value() != "rm -r /workspace/tmp" || !s.m.viaAPI {
			t.Errorf("for the same it holds %q", s.m.line.Value())
		}
		s.open(up[1])
		if s.m.line.Value() != "" || s.m.viaAPI {
			t.Errorf("for another one it holds %q", s.m.line.Value())
		}
	})
}

package run

import (
	"context"
	"fmt"
	"testing"
	"time"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

func TestTheMouseScrollsTheOutputAndChoosesAHostAndRunsNothing(t *testing.T) {
	for _, size := range []view.Size{{W: 60, H: 13}, {W: 80, H: 21}, {W: 140, H: 37}} {
		t.Run(fmt.Sprintf("%dx%d", size.W, size.H), func(t *testing.T) {
			play(t, func(s *stage) { mouseOnOutput(t, s, size) })
		})
	}
}

// mouseOnOutput has the mouse point at what a command has printed on two hosts.
func mouseOnOutput(t *testing.T, s *stage, size view.Size) {
	s.size = size
	ids := s.up()[:2]
	s.ssh.exec = func(_ context.Context, id vastapi.InstanceID, _ string, out func(remote.Stream, []byte)) (int, error) {
		for n := range 60 {
			out(remote.Stdout, fmt.Appendf(nil, "line %d of %s\n", n, id))
		}
		return 0, nil
	}
	s.open(ids...)
	s.enter("hostname")
	s.agree()
	s.wait(time.Second)
	if s.m.at != 0 {
		t.Fatalf("row %d is shown", s.m.at)
	}
	_, y := solo.Find(t, s.m, s.env(), "all, merged")
	s.grant(s.m.Click(s.env(), view.Click{X: 4, Y: y + 1}))
	if s.m.at != 1 {
		t.Errorf("%v: a click shows row %d", size, s.m.at)
	}
	s.has("line 59")
	s.grant(s.m.Click(s.env(), view.Click{X: 8, Y: 0}))
	if !s.m.typing {
		t.Errorf("%v: a click on the line does not give it the keyboard", size)
	}
	line := s.m.line.Value()
	e, ok := s.m.Wheel(s.env(), view.Wheel{X: size.W - 4, Y: size.H - 2, Lines: -9})
	s.grant(e)
	if !ok || s.m.line.Value() != line || s.m.pane().Following() {
		t.Errorf("%v: the wheel made the line %q and left the output where it was", size, s.m.line.Value())
	}
	s.lacks("line 59")
	for range 9 {
		e, _ := s.m.Wheel(s.env(), view.Wheel{X: 3, Y: y, Lines: 3})
		s.grant(e)
	}
	if s.m.at != s.m.rows()-1 {
		t.Errorf("%v: the wheel over the hosts goes to row %d", size, s.m.at)
	}
	s.wait(time.Minute)
	if got := s.ssh.commands(); len(got) != 2 || s.sent() != 0 {
		t.Errorf("%v: ran %v", size, got)
	}
}

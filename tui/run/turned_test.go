package run

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// become has an instance be in another state from now on.
func (s *stage) become(id vastapi.InstanceID, word string) {
	for n := range s.data.Instances.Value.Instances {
		if i := &s.data.Instances.Value.Instances[n]; i.ID == id {
			w := safetext.New(word)
			i.Actual, i.Intended, i.Cur, i.Next = w, w, w, w
		}
	}
	s.data.Instances.Rev++
	s.data.Traces = nil
	s.grant(s.m.Update(s.env(), command.InstancesLoaded{}))
}

func TestACommandDoesNotTakeAnotherWayThanTheLineSaid(t *testing.T) {
	play(t, func(s *stage) {
		id := s.down()[0]
		s.open(id)
		s.grant(s.m.Update(s.env(), tea.PasteMsg{Content: "ls /workspace"}))
		s.has("through the API")
		s.become(id, "running")
		s.press("enter")
		s.wait(5 * time.Second)
		if len(s.ssh.commands())+s.sent() > 0 {
			t.Fatalf("it ran: %v over ssh, %d through the API", s.ssh.commands(), s.sent())
		}
		s.has("it runs now: enter once more runs it over ssh")
		s.press("enter")
		s.wait(5 * time.Second)
		if got := s.ssh.commands(); len(got) != 1 {
			t.Errorf("the second enter has run %v", got)
		}
	})
}

func TestRemovingOverSSHAsksAlsoOnOneHost(t *testing.T) {
	for _, line := range []string{"rm -r /workspace/out", "cd /tmp && sudo /bin/rm x", "(rm y)"} {
		t.Run(line, func(t *testing.T) {
			play(t, func(s *stage) {
				removing(s, line)
			})
		})
	}
}

// removing types a line that removes something on one host.
func removing(s *stage, line string) {
	t := s.t
	s.open(s.up()[0])
	s.enter(line)
	s.wait(5 * time.Second)
	if got := s.ssh.commands(); len(got) > 0 {
		t.Fatalf("%s ran without a question", line)
	}
	form := last[view.Ask](s).Form
	if form.Title != "Run on 1 host" || !strings.Contains(form.Intro[len(form.Intro)-1].Value, "cannot be brought back") {
		t.Errorf("the question is %q with %v", form.Title, form.Intro)
	}
	s.agree()
	s.wait(5 * time.Second)
	if got := s.ssh.commands(); len(got) != 1 {
		t.Errorf("after a yes ran %v", got)
	}
}

func TestOneReachableOfSeveralHostsIsAskedAboutToo(t *testing.T) {
	play(t, func(s *stage) {
		s.open(append([]vastapi.InstanceID{s.up()[0]}, s.down()...)...)
		s.enter("shutdown now")
		s.wait(5 * time.Second)
		if got := s.ssh.commands(); len(got) > 0 {
			t.Fatalf("%v ran without a question", got)
		}
		last[view.Ask](s)
	})
}

func TestReadOnlyIsAboutTheAccountAndThePageSaysSo(t *testing.T) {
	play(t, func(s *stage) {
		s.locked = true
		s.open(s.up()[0])
		s.size.W = 200
		s.has("read-only keeps the account as it is; commands over ssh run all the same")
		s.enter("nvidia-smi")
		s.wait(5 * time.Second)
		if got := s.ssh.commands(); len(got) != 1 {
			t.Errorf("ran %v", got)
		}
	})
}

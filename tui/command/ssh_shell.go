package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// WayChosen answers ChooseWay: by which endpoint an instance is reached.
type WayChosen struct {
	Answer
	Instance vastapi.Instance
	Asked    remote.Way
	Endpoint remote.Endpoint
	Why      string // this one: a sentence

	target remote.Target
	own    bool // it needs a connection of its own
}

// WayTopic is the topic of ChooseWay, for Loads.GiveUp.
func WayTopic(id vastapi.InstanceID) Topic { return sshTopic("way", id) }

// ChooseWay finds out by which endpoint an instance answers: direct when that
// takes at most 2 s, else the proxy. OpenShell takes its answer.
func (l Loads) ChooseWay(i vastapi.Instance, way remote.Way) tea.Cmd {
	return overSSH(l, WayTopic(i.ID), func(ctx context.Context, r Remote) (WayChosen, error) {
		return choose(ctx, r, i, way)
	}, func(a Answer, w WayChosen) tea.Msg {
		w.Answer, w.Instance, w.Asked = a, i, way
		return w
	})
}

func choose(ctx context.Context, r Remote, i vastapi.Instance, way remote.Way) (w WayChosen, err error) {
	if w.target, err = target(r, i); err != nil {
		return w, err
	}
	chosen, err := r.Choose(ctx, w.target, way)
	w.Endpoint, w.Why, w.own = chosen.Endpoint, chosen.Why, chosen.Own
	return w, err
}

// chosen is the way as it was chosen.
func (w WayChosen) chosen() remote.Chosen {
	return remote.Chosen{Endpoint: w.Endpoint, Why: w.Why, Own: w.own}
}

// ShellEnded tells that a shell has ended and the terminal is the program's again,
// or, with Window, that it was opened in a window of its own. Err says why there
// was none.
type ShellEnded struct {
	Answer
	Instance vastapi.InstanceID
	Name     string
	Endpoint remote.Endpoint
	Window   bool
	Alone    bool            // it had a connection of its own, which has ended with it
	Code     int             // exit status of the shell; 255 with Failure is ssh's own
	Failure  *remote.Failure // why ssh itself failed, nil when it did not
}

// OpenShell gives the terminal to a shell in the instance of w, or opens a window
// of tmux for it. ShellEnded comes afterwards. It is nil while a shell has the
// terminal.
func (l Loads) OpenShell(w WayChosen) tea.Cmd {
	r, topic := l.s.cfg.Remote, Topic("ssh/shell")
	if r == nil || w.Err != nil || !w.Endpoint.Given() || l.s.Busy(topic) {
		return nil
	}
	t := r.Target(w.Instance)
	end := ShellEnded{Instance: w.Instance.ID, Name: t.Name, Endpoint: w.Endpoint}
	if r.Windowed() {
		end.Window = true
		return Run(l.s.Runner, topic, func(ctx context.Context) (doneOf, error) {
			return doneOf{}, r.Window(ctx, t, w.chosen())
		}, func(a Answer, _ doneOf) tea.Msg { end.Answer = a; return end })
	}
	return l.s.handOver(topic, &shelling{remote: r, target: t, way: w}, end)
}

// handOver gives the terminal to a shell. Its end counts as the answer of the topic.
func (s *Set) handOver(topic Topic, sh *shelling, end ShellEnded) tea.Cmd {
	s.gen++
	gen := s.gen
	s.live[topic] = flight{gen, func() {}, &progress{}}
	return giveTerminal(sh, func(err error) tea.Msg {
		end.Answer = Answer{Topic: topic, At: time.Now(), Took: sh.took, gen: gen}
		return sh.ended(end, err)
	})
}

// ended is end with what became of the shell.
func (s *shelling) ended(end ShellEnded, err error) ShellEnded {
	end.Alone = s.alone
	end.ended(err, s.started)
	return end
}

// ended takes in how a shell ended.
func (e *ShellEnded) ended(err error, started bool) {
	var status interface{ ExitCode() int }
	switch {
	case err == nil:
		return
	case !started || !errors.As(err, &status):
		e.Err = err
		return
	}
	e.Code = status.ExitCode()
	switch {
	case e.Code == remote.SSHFailed:
		if e.Failure = remote.FailureOf(err); e.Failure == nil {
			e.Failure = remote.Explain(remote.SSHFailed, "")
		}
	case e.Code < 0:
		e.Failure = &remote.Failure{Sentence: "ssh was ended by a signal.", Next: "Open the shell again."}
	}
}

// shelling is a shell on its way. The line about what is run is printed while the
// terminal is the shell's already.
type shelling struct {
	remote  Remote
	target  remote.Target
	way     WayChosen
	started bool
	alone   bool // with a connection of its own
	took    time.Duration

	in          io.Reader
	out, errors io.Writer
}

func (s *shelling) SetStdin(r io.Reader)  { s.in = r }
func (s *shelling) SetStdout(w io.Writer) { s.out = w }
func (s *shelling) SetStderr(w io.Writer) { s.errors = w }

// readyLimit is how long a connection may take before the shell is begun without it.
const readyLimit = 20 * time.Second

// Run says what is run and why this way, and runs it.
func (s *shelling) Run() error {
	if s.out != nil && s.way.Why != "" { // first, because the connection may take a while
		fmt.Fprintf(s.out, "%s\r\n", s.way.Why)
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyLimit)
	defer cancel()
	o, err := s.remote.Shell(ctx, s.target, s.way.chosen())
	if err != nil {
		return err
	}
	run := o.Run
	run.SetStdin(s.in)
	run.SetStdout(s.out)
	run.SetStderr(s.errors)
	if s.out != nil {
		fmt.Fprintf(s.out, "%s\r\n", o.Said)
	}
	s.started, s.alone = true, o.Alone
	begin := time.Now()
	err = run.Run()
	s.took = time.Since(begin)
	return err
}

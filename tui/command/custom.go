package command

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi/safetext"
)

// Custom is a command of the user's own, ready to be run.
type Custom struct {
	Name string
	Argv []string // the program and its arguments; no shell is involved unless it is one
	// Env are variables by name that are set besides those that every such command has.
	Env map[string]string
	// Pass names variables of this process that it has besides; the API key is never one.
	Pass []string
}

// Outsider runs commands of the user's own.
type Outsider interface {
	// Output runs c without a terminal and gives what it prints, both streams together
	// and at most most bytes, and its exit status. err says why it did not run to its end.
	Output(ctx context.Context, c Custom, most int) (out []byte, code int, err error)
	// Terminal makes what runs c in the terminal.
	Terminal(c Custom) (tea.ExecCommand, error)
}

// customLimit is how long a command may run in the background.
const customLimit = 10 * time.Minute

// mostCustomOutput is how much of what a command prints is kept, in bytes.
const mostCustomOutput = 1 << 20

// CustomEnded tells that a command of the user's own has ended. Err says why it did
// not run to its end.
type CustomEnded struct {
	Answer
	Name  string
	Code  int      // exit status; means nothing with Err
	Lines []string // what it has printed, inert; nil when it had the terminal
}

var errNoCustom = errors.New("no command can be started in this run")

// RunCustom runs a command of the user's own in the background. CustomEnded comes
// afterwards. One of a name runs at a time: it is nil while that runs.
func (s *Set) RunCustom(c Custom) tea.Cmd {
	topic := Topic("custom/" + c.Name)
	if s.Busy(topic) {
		return nil
	}
	out := s.cfg.Outsider
	end := CustomEnded{Name: c.Name}
	return Run(s.Runner, topic, func(ctx context.Context) (CustomEnded, error) {
		if out == nil {
			return end, errNoCustom
		}
		ctx, cancel := context.WithTimeout(ctx, customLimit)
		defer cancel()
		text, code, err := out.Output(ctx, c, mostCustomOutput)
		lines := safetext.NewPrinted(DefaultLines, 4*mostCustomOutput)
		_, _ = lines.Write(text)
		lines.Flush()
		end.Code, end.Lines = code, owned(lines).lines
		return end, err
	}, func(a Answer, e CustomEnded) tea.Msg {
		e.Answer, e.Name = a, c.Name
		return e
	})
}

// GiveTerminal hands the terminal to a command of the user's own. CustomEnded comes
// afterwards; it is nil while one has the terminal.
func (s *Set) GiveTerminal(c Custom) tea.Cmd {
	topic := Topic("custom")
	if s.Busy(topic) {
		return nil
	}
	s.gen++
	gen := s.gen
	s.live[topic] = flight{gen, func() {}, &progress{}}
	end := CustomEnded{Name: c.Name}
	answer := func(err error) tea.Msg {
		end.Answer = Answer{Topic: topic, At: time.Now(), gen: gen}
		var status interface{ ExitCode() int }
		if errors.As(err, &status) {
			end.Code = status.ExitCode()
		} else {
			end.Err = err
		}
		return end
	}
	if s.cfg.Outsider == nil {
		return func() tea.Msg { return answer(errNoCustom) }
	}
	run, err := s.cfg.Outsider.Terminal(c)
	if err != nil {
		return func() tea.Msg { return answer(err) }
	}
	return giveTerminal(run, answer)
}

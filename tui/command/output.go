package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// OutputRead answers LoadOutput.
type OutputRead struct {
	Answer
	Run      string // what it was asked for, as the caller named it
	Instance vastapi.InstanceID
	Lines    []string // inert; none of them is a part of a larger text
	Dropped  int      // older lines that are more than can be held
}

// OutputTopic is the topic of LoadOutput, for Loads.GiveUp.
func OutputTopic(run string, id vastapi.InstanceID) Topic {
	return Topic("output/" + run + "/" + id.String())
}

// LoadOutput reads what a command that ran through the API has printed, once the
// machine has sent it; nil while nobody is logged in. run tells commands apart.
func (l Loads) LoadOutput(run string, id vastapi.InstanceID, out vastapi.Output) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, OutputTopic(run, id), func(ctx context.Context) (arrived, error) {
		lines, err := api.Output(ctx, out)
		return owned(lines), err
	}, func(a Answer, s arrived) tea.Msg { return OutputRead{a, run, id, s.lines, s.dropped} })
}

// NoSSH says in a sentence why an instance cannot be reached over ssh, "" when it
// can be tried.
func (l Loads) NoSSH(i vastapi.Instance) string {
	if l.s.cfg.Remote == nil {
		return errNoSSH.Error()
	}
	return l.s.cfg.Remote.Target(i).Refused
}

// WriteText is WriteFile for a text that takes long to make: text is called away
// from Update, so it must not touch what Update may change. Only the root has this
// command.
func (s *Set) WriteText(form, path string, text func() string, replace bool) tea.Cmd {
	type written struct {
		path     string
		replaced bool
	}
	return Run(s.Runner, Topic("save/"+form), func(context.Context) (written, error) {
		full, replaced, err := writeText(path, text(), replace)
		return written{full, replaced}, err
	}, func(a Answer, w written) tea.Msg {
		return FileWritten{Answer: a, Form: form, Path: w.path, Replaced: w.replaced}
	})
}

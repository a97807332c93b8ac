package run

import (
	"fmt"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// longestReason is how much of what ssh says about a failure is shown.
const longestReason = 300

// overSSH begins what goes over ssh.
func (m *Model) overSSH(env view.Env) view.Effect {
	b := m.batch
	var list []vastapi.Instance
	for _, j := range b.jobs {
		if j.way == overSSH {
			list = append(list, j.instance)
		}
	}
	if len(list) == 0 {
		return view.Effect{}
	}
	return view.Wait(env.Load.RunRemote(b.name, list, b.line, command.RunLimits{Timeout: b.timeout, Lines: mostPending}))
}

// of is the part of a host in the command that a message is about; nil when that is
// no longer the one that is shown.
func (m *Model) of(run string, id vastapi.InstanceID) *job {
	if m.batch == nil || m.batch.name != run {
		return nil
	}
	return m.batch.job(id)
}

func (m *Model) started(env view.Env, msg command.RemoteStarted) {
	if j := m.of(msg.Run, msg.Instance); j != nil && !j.ended() {
		j.phase, j.began = running, env.Now
	}
}

func (m *Model) heard(msg command.RemoteOutput) {
	j := m.of(msg.Run, msg.Instance)
	if j == nil {
		return
	}
	j.left += msg.Dropped
	lines := make([]printed, len(msg.Lines))
	for n, l := range msg.Lines {
		lines[n] = printed{l.Text, l.Stderr}
	}
	j.more(lines)
}

func (m *Model) ended(env view.Env, msg command.RemoteHostEnded) {
	j := m.of(msg.Run, msg.Instance)
	if j == nil {
		return
	}
	j.end, j.lost = env.Now, msg.Lost
	if !j.began.IsZero() && msg.Took > 0 {
		j.began = j.end.Add(-msg.Took)
	}
	switch {
	case j.phase == given:
	case msg.Err != nil:
		j.phase, j.text = failed, safetext.Clean(view.Sentence(msg.Err), longestReason)
	default:
		j.phase, j.code, j.coded = over, msg.Code, true
	}
}

// cancel ends the command on some hosts. What has been handed to the API runs there.
func (m *Model) cancel(env view.Env, list []*job) view.Effect {
	var ids []vastapi.InstanceID
	api := 0
	for _, j := range list {
		switch {
		case j.ended():
		case j.way == overSSH:
			j.phase, j.end = given, env.Now
			ids = append(ids, j.id)
		case j.phase == fetching:
			env.Load.GiveUp(command.OutputTopic(m.batch.name, j.id))
			j.phase, j.reading, j.text = over, false, "its output was not waited for: r reads it"
		case j.phase == asked && env.Busy[j.id] == "":
			j.phase = given
		default:
			api++
		}
	}
	if len(ids) > 0 {
		env.Load.CancelRemote(m.batch.name, ids...)
	}
	e := view.Effect{}
	switch {
	case api > 0:
		e = view.Do(view.Toast{Text: fmt.Sprintf("%s through the API cannot be called back: it ends by itself", hosts(api)), Level: view.Warn})
	case len(ids) > 0:
		e = view.Do(view.Toast{Text: "cancelled on " + hosts(len(ids)), Level: view.Info})
	}
	return m.done(env, view.Join(e, m.fetch(env)))
}

// examine has the connection to the chosen host looked at.
func (m *Model) examine() view.Effect {
	j, _ := m.chosen()
	return view.Do(view.Tell{View: view.Sessions, What: view.Examine{Instance: j.id}})
}

// noExamine says why there is no connection to look at.
func (m *Model) noExamine() string {
	j, _ := m.chosen()
	switch {
	case j == nil:
		return "choose a host first: . and , go through them"
	case j.way != overSSH:
		return "it was not run over ssh"
	case j.phase == failed, j.coded && j.code == remote.SSHFailed:
		return ""
	}
	return "ssh has not failed there"
}

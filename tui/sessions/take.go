package sessions

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi/safetext"
)

// take takes news in: answers to what was asked for here, and wishes of others.
func (m *Model) take(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case view.Connect, view.ForwardPort, view.CopyFiles, view.AttachKey, view.Examine:
		return m.wish(env, msg)
	case command.WayChosen:
		return m.wayChosen(env, msg)
	case command.ShellEnded:
		return m.shellEnded(env, msg)
	case command.SessionClosed:
		return m.sessionClosed(env, msg)
	case command.TunnelAdded:
		return m.tunnelAdded(env, msg)
	case command.TunnelRemoved:
		return m.tunnelRemoved(env, msg)
	case command.PortFound:
		return m.portFound(msg)
	case command.CopySized:
		return m.copySized(env, msg)
	case command.CopyEnded:
		return m.copyEnded(env, msg)
	case command.Examined:
		m.examined(msg)
	case command.ExamineEnded:
		m.examineEnded(msg)
	case command.HostKeyForgotten:
		return m.hostKeyForgotten(env, msg)
	case command.SSHKeysRead, command.LocalKeysRead:
		return m.keysKnown(env)
	case command.PublicKeyRead:
		return m.publicKeyRead(env, msg)
	case command.InstanceKeysRead:
		return m.instanceKeysRead(env, msg)
	case command.KeyGenerated:
		return m.keyGenerated(env, msg)
	case command.PlanExecuted:
		return m.keysChanged(env, msg)
	case command.SSHConfigSet:
		return m.configSet(env, msg)
	}
	return view.Effect{}
}

func (m *Model) sessionClosed(env view.Env, msg command.SessionClosed) view.Effect {
	if msg.Err != nil {
		return view.Do(view.Toast{Text: "the connection to " + called(env, msg.Instance) + " could not be closed: " + safetext.Clean(view.Sentence(msg.Err), 300), Level: view.Bad})
	}
	return view.Do(view.Toast{Text: "the connection to " + called(env, msg.Instance) + " is closed", Level: view.Good})
}

func (m *Model) tunnelRemoved(env view.Env, msg command.TunnelRemoved) view.Effect {
	f := msg.Forward
	if msg.Err != nil {
		return view.Do(view.Toast{Text: "the tunnel from " + localText(f) + " could not be closed: " + safetext.Clean(view.Sentence(msg.Err), 300), Level: view.Bad})
	}
	text := "the tunnel from " + localText(f) + " is closed"
	if env.Data.Memory.Saved(f) {
		text += "; it stays saved: enter opens it again, x forgets it"
	}
	return view.Do(view.Toast{Text: text, Level: view.Good})
}

func (m *Model) copyEnded(env view.Env, msg command.CopyEnded) view.Effect {
	c := msg.Copy
	what := copyWords(env, c)
	if stoppedByHand(c.Err) {
		return view.Do(view.Toast{Text: what + " is cancelled: " + safetext.Clean(view.Sentence(c.Err), 300)}, note(env, feed.EventInfo, c.Instance, what+" was cancelled"))
	}
	if c.Err != nil {
		text := what + " did not come to its end: " + ended(safetext.Clean(view.Sentence(c.Err), 300)) + " What was copied before stays."
		return view.Do(view.Toast{Text: text, Level: view.Bad}, note(env, feed.EventBad, c.Instance, text))
	}
	r := copyRow(env, c)
	text := what + " is done: " + r.why
	if c.Progress.Note != "" {
		text = ended(text) + " " + c.Progress.Note
	}
	return view.Do(view.Toast{Text: text, Level: view.Good}, note(env, feed.EventGood, c.Instance, text))
}

// copyWords says which copy is meant.
func copyWords(env view.Env, c feed.Copy) string {
	if c.Plan.Up {
		return "the upload of " + base(c.Plan.Local) + " to " + called(env, c.Instance)
	}
	return "the download of " + base(c.Plan.Remote) + " from " + called(env, c.Instance)
}

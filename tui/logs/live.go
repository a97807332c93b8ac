package logs

import (
	"errors"
	"fmt"
	"strings"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// run names what is followed over ssh for one source. Each beginning has a name of
// its own, so that what an earlier one still says is not taken for it.
func (m *Model) run(s *source) string { return fmt.Sprintf("logs/%s/%d", s.id, m.begun) }

// lookForSSH finds out why no file can be followed over ssh. It is done once for
// each reading of the instances: actions are asked for with every frame.
func (m *Model) lookForSSH(env view.Env) {
	m.noSSH = ""
	for _, s := range m.sources {
		if m.noSSH = noSSH(env, s.id); m.noSSH == "" {
			return
		}
	}
}

// noSSH says why an instance cannot be reached over ssh, "" when it can be tried.
func noSSH(env view.Env, id vastapi.InstanceID) string {
	i, ok := env.Data.Instance(id)
	if !ok {
		return "it does not exist any more"
	}
	if why := stillOf(env, id); why != "" {
		return why + ": only a running instance is reached over ssh"
	}
	return env.Load.NoSSH(i)
}

// toggleLive asks which file to follow over ssh, or goes back to what the API gives.
func (m *Model) toggleLive(env view.Env) view.Effect {
	if m.live {
		m.stopLive(env)
		m.live = false
		return m.done(env, m.anew(env))
	}
	const form = "follow-file"
	return view.Do(view.Ask{Form: view.Form{
		ID: form, Title: "Follow a file over ssh", Button: "Follow",
		Intro: []view.Pair{
			{Label: "source", Value: "tail -F over ssh: each line as it is written"},
			{Label: "instead of", Value: "the log that the API gives, which is asked for again and again"},
		},
		Fields: []view.Field{{Key: "file", Label: "file", Value: m.file, Limit: 1024,
			Help: "what the container prints itself cannot be read from within it: name the file your program writes"}},
		Check: func(v view.Values) map[string]string {
			if !strings.HasPrefix(strings.TrimSpace(v["file"]), "/") {
				return map[string]string{"file": "a path that begins with /"}
			}
			return nil
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			m.file = strings.TrimSpace(v["file"])
			return view.Join(view.Do(view.FormDone{Form: form}), m.done(env, m.goLive(env)))
		},
	}})
}

// goLive follows the file on every instance that can be reached.
func (m *Model) goLive(env view.Env) view.Effect {
	m.rest(env)
	m.live, m.shown = true, true
	m.begun++
	m.clear()
	var all []view.Effect
	for _, s := range m.sources {
		s.forget()
		if why := noSSH(env, s.id); why != "" {
			s.err = errors.New(why)
			continue
		}
		if i, ok := env.Data.Instance(s.id); ok {
			s.streaming = true
			all = append(all, view.Wait(env.Load.FollowRemote(m.run(s), i, m.file)))
		}
	}
	return view.Join(all...)
}

// stopLive ends what is followed over ssh.
func (m *Model) stopLive(env view.Env) {
	for _, s := range m.sources {
		if s.streaming {
			env.Load.CancelRemote(m.run(s))
			s.streaming = false
		}
	}
}

// heard takes in what was written to a file since the last message.
func (m *Model) heard(env view.Env, msg command.RemoteOutput) {
	s := m.source(msg.Instance)
	if s == nil || !m.live || msg.Run != m.run(s) {
		return
	}
	lines := make([]logview.Line, 0, len(msg.Lines)+1)
	if msg.Dropped > 0 {
		lines = append(lines, logview.Line{Text: fmt.Sprintf("… %d lines came too fast and are left out …", msg.Dropped), At: env.Now})
	}
	for _, l := range msg.Lines {
		lines = append(lines, logview.Line{Text: l.Text, At: env.Now})
	}
	s.read, s.at, s.err = true, env.Now, nil
	s.lines += len(lines)
	m.log.Append(s.name, lines)
}

// cut takes note that a file is not followed any more.
func (m *Model) cut(msg command.RemoteHostEnded) {
	s := m.source(msg.Instance)
	if s == nil || !m.live || msg.Run != m.run(s) {
		return
	}
	s.streaming = false
	switch {
	case msg.Err != nil:
		s.err = fmt.Errorf("it is not followed any more: %w", msg.Err)
	case msg.Code == remote.SSHFailed:
		s.err = errors.New("ssh failed (255): r follows anew, x finds out why")
	default:
		s.err = fmt.Errorf("tail has ended with %d: r follows anew", msg.Code)
	}
}

package sessions

import (
	"fmt"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// connect opens a shell in an instance: first it is found out by which endpoint it
// answers, then the terminal is handed over.
func (m *Model) connect(env view.Env, id vastapi.InstanceID, way remote.Way) view.Effect {
	i, there := env.Data.Instance(id)
	switch why := unreachable(env, &i); {
	case !there:
		return gone(id)
	case why != "":
		return view.Do(view.Toast{Text: called(env, id) + ": " + why, Level: view.Warn})
	}
	cmd := env.Load.ChooseWay(i, way)
	if cmd == nil {
		return view.Effect{}
	}
	m.connecting[id] = env.Shown
	return view.Effect{Cmd: cmd, Intents: []view.Intent{view.Toast{Text: called(env, id) + ": " + trying(env.Load.Target(i), way) + " (esc in the sessions gives up)"}}}
}

// trying says which endpoint is tried first.
func trying(t remote.Target, way remote.Way) string {
	switch {
	case way == remote.Proxy && t.Proxy.Given():
		return "connecting through the proxy " + t.Proxy.Address() + " …"
	case way != remote.Proxy && t.Direct.Given():
		return "trying direct " + t.Direct.Address() + " …"
	case way == remote.Auto && t.Proxy.Given():
		return "it has no direct port; connecting through the proxy " + t.Proxy.Address() + " …"
	}
	return "looking for the way in …"
}

// giveUp ends the search for the way into instances.
func (m *Model) giveUp(env view.Env) view.Effect {
	for id := range m.connecting {
		env.Load.GiveUp(command.WayTopic(id))
	}
	n := len(m.connecting)
	clear(m.connecting)
	text := "given up: nothing was opened"
	if n > 1 {
		text = fmt.Sprintf("%d connections given up: nothing was opened", n)
	}
	return view.Do(view.Toast{Text: text})
}

// wayChosen hands the terminal over, or says why there is no way in.
func (m *Model) wayChosen(env view.Env, w command.WayChosen) view.Effect {
	id := w.Instance.ID
	from, wanted := m.connecting[id]
	if !wanted {
		return view.Effect{}
	}
	delete(m.connecting, id)
	if w.Err != nil {
		return m.refused(env, id, w.Err)
	}
	if _, there := env.Data.Instance(id); !there {
		return gone(id)
	}
	if env.Typing || env.Shown != from { // what is typed there now is not meant for a shell
		return view.Do(view.Toast{Text: called(env, id) + " answers (" + w.Endpoint.Way.String() + "), but you have gone on to something else: s opens the shell when you want it", Level: view.Warn})
	}
	cmd := env.Load.OpenShell(w)
	if cmd == nil {
		return view.Do(view.Toast{Text: "another shell has the terminal: end it first", Level: view.Warn})
	}
	if w.Endpoint.Way == remote.Direct {
		return view.Wait(cmd) // the shell's first line says so, and it is what is expected
	}
	text := called(env, id) + ": " + w.Endpoint.Way.String() + " " + safetext.Clean(w.Endpoint.Address(), 80)
	if w.Why != "" {
		text += ". " + safetext.Clean(w.Why, 200)
	}
	return view.Effect{Cmd: cmd, Intents: []view.Intent{view.Toast{Text: text}}}
}

// examineHint says where the cause is found out.
const examineHint = " Press 6 and d: that shows step by step where it ends."

// refused says why ssh to an instance failed, and what to press.
func (m *Model) refused(env view.Env, id vastapi.InstanceID, err error) view.Effect {
	m.troubled = id
	if f := remote.FailureOf(err); f != nil && f.Kind == remote.FailHostKey {
		return m.alarm(env, id)
	}
	text := called(env, id) + ": " + ended(safetext.Clean(view.Sentence(err), 300))
	short := text
	if f := remote.FailureOf(err); f != nil {
		if f.Kind == remote.FailNoWay {
			return view.Do(view.Toast{Text: text, Level: view.Warn}) // nothing is wrong that could be found out
		}
		short = called(env, id) + ": " + ended(safetext.Clean(f.Sentence, 300)) // the hint behind it has to be seen
	}
	return view.Do(view.Toast{Text: short + examineHint, Level: view.Bad}, note(env, feed.EventBad, id, text))
}

// shellEnded tells how a shell ended.
func (m *Model) shellEnded(env view.Env, s command.ShellEnded) view.Effect {
	who := called(env, s.Instance)
	switch {
	case s.Err != nil:
		return m.refused(env, s.Instance, s.Err)
	case s.Window:
		return view.Do(view.Toast{Text: "the shell in " + who + " was opened in a window of tmux", Level: view.Good})
	case s.Failure != nil:
		return m.refused(env, s.Instance, s.Failure)
	case s.Code != 0:
		return view.Do(view.Toast{Text: fmt.Sprintf("the shell in %s ended with status %d, which is what its last command returned", who, s.Code)})
	}
	if s.Alone {
		return view.Do(view.Toast{Text: "the shell in " + who + " has ended, and with it its connection: it could not be shared"})
	}
	return view.Do(view.Toast{Text: "the shell in " + who + " has ended; the connection stays open for the next one"})
}

// ended is a sentence with its full stop.
func ended(s string) string {
	if s == "" {
		return s
	}
	switch s[len(s)-1] {
	case '.', '!', '?':
		return s
	}
	return s + "."
}

// note adds an event about an instance to the activity.
func note(env view.Env, level feed.EventLevel, id vastapi.InstanceID, text string) view.Intent {
	return view.Note{Event: feed.Event{At: env.Now, Level: level, Kind: "ssh", Text: text, Instance: id}}
}

// turnWay goes on to the next way by which an instance is reached.
func (m *Model) turnWay(env view.Env, id vastapi.InstanceID) view.Effect {
	next := (m.ways[id] + 1) % (remote.Proxy + 1)
	m.setWay(id, next)
	return view.Do(view.Toast{Text: called(env, id) + " is reached " + wayWords(next)})
}

func (m *Model) setWay(id vastapi.InstanceID, w remote.Way) {
	if w == remote.Auto {
		delete(m.ways, id)
		return
	}
	m.ways[id] = w
}

func wayWords(w remote.Way) string {
	switch w {
	case remote.Direct:
		return "directly only, from the next shell on"
	case remote.Proxy:
		return "through the proxy only, from the next shell on"
	}
	return "directly when that answers within " + remote.ProbeLimit.String() + ", else through the proxy"
}

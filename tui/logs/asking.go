package logs

import (
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// every is how often each log is asked for while all are followed.
func (m *Model) every() time.Duration { return command.LogsEvery(len(m.sources)) }

// askAll asks for every log now.
func (m *Model) askAll(env view.Env) view.Effect {
	var all []view.Effect
	for i, s := range m.sources {
		s.still = stillOf(env, s.id)
		all = append(all, m.askIn(env, s, i))
	}
	return view.Join(all...)
}

// ask asks for one log, unless an answer is awaited or still being taken in.
func (m *Model) ask(env view.Env, s *source) view.Effect { return m.askIn(env, s, 0) }

// askIn asks for one log of those that are wanted at once, when it is its turn.
func (m *Model) askIn(env view.Env, s *source, turn int) view.Effect {
	if s.asking || len(s.pending) > 0 || !m.shown {
		return view.Effect{}
	}
	cmd := env.Load.LoadLogs(s.id, vastapi.LogOptions{Tail: s.wanted(m.tail), Daemon: m.daemon}, turn)
	s.asking, s.next = cmd != nil, time.Time{}
	return view.Wait(cmd)
}

// quiet gives up what was asked for one log.
func (m *Model) quiet(env view.Env, s *source) {
	env.Load.NoLogs(s.id)
	s.asking, s.next = false, time.Time{}
}

// again schedules the next request for a log, if it is to be asked for by itself.
func (m *Model) again(env view.Env, s *source, err error) view.Effect {
	if m.paused || m.live || !m.shown || s.still != "" || vastapi.KindOf(err) == vastapi.KindNotFound {
		return view.Effect{}
	}
	d := m.pace.Next(command.LogsTopic(s.id), m.every(), err)
	s.next = env.Now.Add(d)
	return view.Wait(env.Load.LogsAgain(s.id, d))
}

// due asks for a log whose time has come.
func (m *Model) due(env view.Env, msg command.Due) view.Effect {
	for _, s := range m.sources {
		if command.LogsTopic(s.id) != msg.Topic {
			continue
		}
		s.next = time.Time{}
		if m.paused || s.still != "" {
			return view.Effect{}
		}
		return m.ask(env, s)
	}
	return view.Effect{}
}

// follow looks at how the instances are: the log of one that has stopped is not
// asked for by itself any more, the log of one that runs again is.
func (m *Model) follow(env view.Env) view.Effect {
	if !m.shown || m.live {
		return view.Effect{}
	}
	var all []view.Effect
	for i, s := range m.sources {
		before := s.still
		s.still = stillOf(env, s.id)
		switch {
		case s.still != "" && before == "" && !s.asking:
			m.quiet(env, s) // what it wrote last is asked for when the user wants it
		case s.asking, !s.next.IsZero(), m.paused:
		case !s.read && s.err == nil:
			all = append(all, m.askIn(env, s, i))
		case s.still == "" && vastapi.KindOf(s.err) != vastapi.KindNotFound:
			all = append(all, m.sooner(env, s))
		}
	}
	return view.Join(all...)
}

// sooner asks for a log that was left alone: now when what is here is older than
// the interval, else when it would have been its turn.
func (m *Model) sooner(env view.Env, s *source) view.Effect {
	left := m.every() - env.Now.Sub(s.at)
	if left <= 0 {
		return m.ask(env, s)
	}
	s.next = env.Now.Add(left)
	return view.Wait(env.Load.LogsAgain(s.id, left))
}

// read takes an answer in.
func (m *Model) read(env view.Env, msg command.LogsRead) view.Effect {
	s := m.source(msg.Instance)
	if s == nil || msg.Options.Daemon != m.daemon || m.live {
		return view.Effect{}
	}
	s.asking = false
	if command.Cancelled(msg.Err) || vastapi.KindOf(msg.Err) == vastapi.KindCancelled {
		return view.Effect{}
	}
	if s.err = msg.Err; msg.Err != nil {
		return m.again(env, s, msg.Err)
	}
	s.read, s.at = true, msg.At
	if s.lines == 0 {
		s.dropped = msg.Dropped
	}
	m.merge(s, msg)
	return m.again(env, s, nil)
}

func (m *Model) source(id vastapi.InstanceID) *source {
	for _, s := range m.sources {
		if s.id == id {
			return s
		}
	}
	return nil
}

package run

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/logview"
)

const section = "Run"

// Actions are what keys do on the page.
func (m *Model) Actions(env view.Env) []view.Action {
	switch {
	case m.typing:
		return m.typingActions(env)
	case m.pane().Capturing():
		return []view.Action{
			{Key: view.Bind("enter", "keep it", "enter"), Group: section, Typing: true, Do: func() view.Effect { return m.pressed(env, "enter") }},
			{Key: view.Bind("esc", "give it up", "esc"), Group: section, Typing: true, Do: func() view.Effect { return m.pressed(env, "esc") }},
		}
	}
	ran := m.nothingRan()
	key := func(k, label, why string, do func() view.Effect) view.Action {
		return view.Action{Key: view.Bind(k, label, k), Group: section, Disabled: why, Do: do}
	}
	pass := func(k, label string) view.Action {
		return key(k, label, ran, func() view.Effect { return m.pressed(env, k) })
	}
	hidden := func(a view.Action) view.Action { a.Hidden = true; return a }
	list := []view.Action{
		key("esc", "back", "", func() view.Effect { return m.back(env) }),
		key("e", "type a command", m.noTarget(), func() view.Effect { m.typing = true; return view.Effect{} }),
		{Key: view.Bind(".", "next host", ".", "ctrl+n"), Group: section, Disabled: ran, Do: func() view.Effect { return m.move(env, 1) }},
		hidden(view.Action{Key: view.Bind(",", "previous host", ",", "ctrl+p"), Group: section, Disabled: ran, Do: func() view.Effect { return m.move(env, -1) }}),
		key("x", "cancel here", m.noCancel(env, false), func() view.Effect { return m.cancel(env, m.here()) }),
		key("X", "cancel all", m.noCancel(env, true), func() view.Effect { return m.cancel(env, m.batch.jobs) }),
		key("o", either(m.viaAPI, "over ssh where it reaches", "through the API"), "", func() view.Effect { m.viaAPI = !m.viaAPI; return m.done(env, view.Effect{}) }),
		key("T", "time-out → "+limitWords(m.nextTimeout()), "", func() view.Effect { m.timeout = m.nextTimeout(); return view.Effect{} }),
		pass("/", "filter"),
		pass("f", either(m.pane().Following(), "stop following", "follow")),
		key("s", "save…", ran, func() view.Effect { return m.save(env) }),
		pass("y", "copy lines"),
		hidden(key("Y", "copy all that is shown", ran, func() view.Effect { return copyOut(m.pane().All()) })),
		hidden(key("C", "copy as a command line", m.noTarget(), func() view.Effect { return m.copyCall(env) })),
		hidden(key("r", "read output again", m.noReread(), func() view.Effect { return m.reread(env) })),
		hidden(key("d", "find out why ssh fails", m.noExamine(), func() view.Effect { return m.examine() })),
		hidden(pass("w", either(m.pane().Wrapping(), "do not wrap", "wrap"))),
		hidden(pass("t", "times")),
		hidden(pass("v", "choose lines to copy")),
		hidden(pass("&", "search, all lines stay")),
		hidden(pass("n", "next found")),
		hidden(pass("N", "found before")),
		hidden(key("enter", "go to the command line", m.noTarget(), func() view.Effect { m.typing = true; return view.Effect{} })),
		hidden(key("q", "leave the page", "", func() view.Effect { return m.leave() })),
	}
	return list
}

// typingActions are what keys do while the command is typed.
func (m *Model) typingActions(env view.Env) []view.Action {
	key := func(k, label string, do func() view.Effect) view.Action {
		return view.Action{Key: view.Bind(k, label, k), Group: section, Typing: true, Do: do}
	}
	return []view.Action{
		key("enter", "run it", func() view.Effect { return m.done(env, m.enter(env)) }),
		key("esc", either(m.batch == nil, "back", "to the output"), func() view.Effect { return m.back(env) }),
		key("up", "command before", func() view.Effect { return m.look(env, -1) }),
		key("down", "next command", func() view.Effect { return m.look(env, 1) }),
		key("ctrl+n", "next host", func() view.Effect { return m.move(env, 1) }),
		key("ctrl+p", "previous host", func() view.Effect { return m.move(env, -1) }),
		key("ctrl+o", either(m.viaAPI, "over ssh where it reaches", "through the API"), func() view.Effect { m.viaAPI = !m.viaAPI; return m.done(env, view.Effect{}) }),
		key("ctrl+t", "time-out → "+limitWords(m.nextTimeout()), func() view.Effect { m.timeout = m.nextTimeout(); return view.Effect{} }),
	}
}

// either is one of two labels.
func either(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}

func (m *Model) noTarget() string {
	if len(m.targets) == 0 {
		return "no instance was chosen: esc goes back"
	}
	return ""
}

func (m *Model) nothingRan() string {
	if m.batch == nil {
		return "nothing has run yet: e types a command"
	}
	return ""
}

// here are the hosts of the row that the list stands on.
func (m *Model) here() []*job {
	j, all := m.chosen()
	switch {
	case all:
		return m.batch.jobs
	case j == nil:
		return nil
	}
	return []*job{j}
}

// noCancel says why nothing can be cancelled.
func (m *Model) noCancel(_ view.Env, all bool) string {
	list := m.here()
	if all && m.batch != nil {
		list = m.batch.jobs
	}
	if slices.ContainsFunc(list, func(j *job) bool { return !j.ended() }) {
		return ""
	}
	return "nothing runs there"
}

func (m *Model) nextTimeout() time.Duration {
	return timeouts[(slices.Index(timeouts, m.timeout)+1)%len(timeouts)]
}

// limitWords is a time-out in words.
func limitWords(d time.Duration) string {
	if d == 0 {
		return "none"
	}
	return figure.Span(d)
}

// move shows the output of another host.
func (m *Model) move(env view.Env, by int) view.Effect {
	if n := m.rows(); n > 0 {
		m.at = (m.at + by + n) % n
	}
	return m.done(env, view.Effect{})
}

// look puts another command of this run into the line.
func (m *Model) look(env view.Env, by int) view.Effect {
	m.line.Set(m.history.look(by, m.line.Value()))
	m.note = ""
	return m.done(env, view.Effect{})
}

// back leaves the line, then what the log has open, then the page.
func (m *Model) back(env view.Env) view.Effect {
	if m.typing && m.batch != nil {
		m.typing, m.note = false, ""
		return view.Effect{}
	}
	if m.typing || m.batch == nil {
		return m.leave()
	}
	return m.pressed(env, "esc")
}

// leave closes the page. What runs goes on.
func (m *Model) leave() view.Effect {
	e := view.Do(view.Back{})
	if m.batch != nil && m.batch.running() {
		e.Intents = append(e.Intents, view.Toast{Text: "the command goes on: e on an instance shows it again", Level: view.Info})
	}
	return e
}

// pressed gives the log a key that an action names.
func (m *Model) pressed(env view.Env, k string) view.Effect {
	code := tea.Key{Code: []rune(k)[0], Text: k}
	switch k {
	case "esc":
		code = tea.Key{Code: tea.KeyEscape}
	case "enter":
		code = tea.Key{Code: tea.KeyEnter}
	}
	return m.done(env, m.key(env, tea.KeyPressMsg(code)))
}

// key gives what has the keyboard a key or a paste.
func (m *Model) key(env view.Env, msg tea.Msg) view.Effect {
	if m.typing {
		before := m.line.Value()
		m.line.Update(msg)
		if m.line.Value() != before {
			m.note = ""
		}
		return view.Effect{}
	}
	switch out := m.pane().Update(msg); out.Verdict {
	case logview.Copy:
		return copyOut(out.Excerpt)
	case logview.Save:
		return m.save(env)
	case logview.Leave:
		return m.leave()
	}
	return view.Effect{}
}

package logs

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/logview"
)

const section = "Logs"

// Actions are what keys do on the page.
func (m *Model) Actions(env view.Env) []view.Action {
	if m.Capturing() {
		return []view.Action{
			{Key: view.Bind("enter", "keep it", "enter"), Group: section, Typing: true, Do: func() view.Effect { return m.pressed(env, "enter") }},
			{Key: view.Bind("esc", "give it up", "esc"), Group: section, Typing: true, Do: func() view.Effect { return m.pressed(env, "esc") }},
		}
	}
	none := m.none()
	key := func(k, label string, do func() view.Effect) view.Action {
		return view.Action{Key: view.Bind(k, label, k), Group: section, Disabled: none, Do: do}
	}
	pass := func(k, label string) view.Action {
		return key(k, label, func() view.Effect { return m.pressed(env, k) })
	}
	hidden := func(a view.Action) view.Action { a.Hidden = true; return a }
	list := []view.Action{
		{Key: view.Bind("esc", "back", "esc"), Group: section, Do: func() view.Effect { return m.pressed(env, "esc") }},
		pass("/", "filter"),
		pass("f", either(m.log.Following(), "stop following", "follow")),
		key("r", "ask again", func() view.Effect { return m.refresh(env) }),
		m.apiOnly(key("p", either(m.paused, "go on asking", "pause"), func() view.Effect { return m.pause(env) })),
		pass("w", either(m.log.Wrapping(), "do not wrap", "wrap")),
		pass("t", "times"),
		m.apiOnly(key("m", either(m.daemon, "container log", "machine log"), func() view.Effect { m.daemon = !m.daemon; return m.restart(env) })),
		m.apiOnly(m.tailAction(env, "+", 1)),
		m.apiOnly(m.tailAction(env, "-", -1)),
		m.liveAction(env),
		key("s", "save…", func() view.Effect { return m.save(env) }),
		pass("y", "copy lines"),
		hidden(pass("v", "choose lines to copy")),
		hidden(key("Y", "copy the last "+figure.Count(copied), func() view.Effect { return copyOut(m.log.Last(copied)) })),
		hidden(pass("&", "search, all lines stay")),
		hidden(pass("g", "to the beginning")),
		hidden(pass("G", "to the end, and follow")),
		hidden(pass("space", "a screen on")),
		hidden(pass("b", "a screen back")),
		hidden(pass("n", "next found")),
		hidden(pass("N", "found before")),
		hidden(key("C", "copy as a vastai line", func() view.Effect { return m.copyCall() })),
		hidden(key("e", "run a command there…", func() view.Effect {
			return view.Do(view.Goto{View: view.Run, Focus: view.RunCommand{Instances: m.Visible(env)}})
		})),
		hidden(key("x", "find out why ssh fails", func() view.Effect { return m.examine() })),
		{Key: view.Bind("q", "leave the page", "q"), Group: section, Hidden: true, Do: func() view.Effect { return view.Do(view.Back{}) }},
	}
	return list
}

// apiOnly is an action that is about what the API gives.
func (m *Model) apiOnly(a view.Action) view.Action {
	if m.live && a.Disabled == "" {
		a.Disabled = "a file is followed over ssh: o goes back to what the API gives"
	}
	return a
}

// examine has the connection to the first instance looked at that could not be followed.
func (m *Model) examine() view.Effect {
	for _, s := range m.sources {
		if m.live && s.err != nil {
			return view.Do(view.Tell{View: view.Sessions, What: view.Examine{Instance: s.id}})
		}
	}
	return view.Do(view.Toast{Text: "no connection has failed here", Level: view.Info})
}

// firstOf is the first reason there is, "" when there is none.
var firstOf = cmp.Or[string]

// either is one of two labels.
func either(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}

func (m *Model) none() string {
	if len(m.sources) == 0 {
		return "no instance was chosen: esc goes back"
	}
	return ""
}

// liveAction leads to a file that is followed over ssh, and back.
func (m *Model) liveAction(env view.Env) view.Action {
	a := view.Action{Key: view.Bind("o", either(m.live, "over the API", "live over ssh…"), "o"), Group: section, Do: func() view.Effect { return m.toggleLive(env) }}
	if !m.live {
		a.Disabled = firstOf(m.none(), m.noSSH)
	}
	return a
}

// tailAction asks for more or for fewer lines.
func (m *Model) tailAction(env view.Env, k string, by int) view.Action {
	at := slices.Index(tails, m.tail) + by
	a := view.Action{Group: section, Hidden: by < 0, Disabled: m.none()}
	if at < 0 || at >= len(tails) {
		a.Key, a.Disabled = view.Bind(k, either(by > 0, "more lines", "fewer lines"), k), "there is nothing beyond "+tailWords(m.tail)
		return a
	}
	a.Key = view.Bind(k, tailWords(tails[at]), k)
	a.Do = func() view.Effect { m.tail = tails[at]; return m.restart(env) }
	return a
}

// restart reads all logs anew, because another part of them is wanted.
func (m *Model) restart(env view.Env) view.Effect {
	for _, s := range m.sources {
		m.quiet(env, s)
	}
	return m.done(env, m.anew(env))
}

// refresh asks for every log now.
func (m *Model) refresh(env view.Env) view.Effect {
	if m.live {
		m.stopLive(env)
		return m.done(env, m.goLive(env))
	}
	for _, s := range m.sources {
		s.err = nil
	}
	return m.done(env, m.askAll(env))
}

// pause keeps logs from being asked for by themselves, or lets that go on.
func (m *Model) pause(env view.Env) view.Effect {
	if m.paused = !m.paused; !m.paused {
		return m.done(env, m.follow(env))
	}
	for _, s := range m.sources {
		if !s.asking {
			m.quiet(env, s)
		}
	}
	return m.done(env, view.Effect{})
}

// done is what every key ends with: what is said follows what has changed.
func (m *Model) done(env view.Env, e view.Effect) view.Effect {
	m.tell(env)
	return view.Join(e, m.work(env))
}

// pressed gives the log a key that an action names.
func (m *Model) pressed(env view.Env, k string) view.Effect {
	code := tea.Key{Code: []rune(k)[0], Text: k}
	switch k {
	case "esc":
		code = tea.Key{Code: tea.KeyEscape}
	case "enter":
		code = tea.Key{Code: tea.KeyEnter}
	case "space":
		code = tea.Key{Code: tea.KeySpace, Text: " "}
	}
	return m.done(env, m.key(env, tea.KeyPressMsg(code)))
}

// key gives the log a key or a paste.
func (m *Model) key(env view.Env, msg tea.Msg) view.Effect {
	switch out := m.log.Update(msg); out.Verdict {
	case logview.Copy:
		return copyOut(out.Excerpt)
	case logview.Save:
		return m.save(env)
	case logview.Leave:
		return view.Do(view.Back{})
	}
	return view.Effect{}
}

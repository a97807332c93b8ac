package tui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/help"
)

// actions are what keys do everywhere.
func (m *Model) actions() []view.Action {
	list := []view.Action{
		{Key: view.Bind(":", "palette", ":"), Group: "Everywhere", Do: m.openPalette},
		{Key: view.Bind("?", "help", "?"), Group: "Everywhere", Do: m.help},
		{Key: view.Bind("ctrl+r", "refresh now", "ctrl+r"), Group: "Everywhere", Hidden: true, Typing: true, Disabled: m.offline(), Do: m.refresh},
		{Key: view.Bind("q", "quit", "q"), Group: "Everywhere", Do: m.quit},
		{Key: view.Bind("W", "show what is under way", "W"), Group: "Everywhere", Hidden: len(m.work) == 0, Disabled: m.idle(), Do: m.watch},
		{Key: view.Bind("ctrl+z", "suspend", "ctrl+z"), Group: "Everywhere", Hidden: true, Typing: true, Disabled: m.noSuspend(),
			Do: func() view.Effect { return view.Wait(command.Suspend()) }},
	}
	list = append(list, m.looksActions()...)
	if m.session.phase == loggedOut {
		// Nothing can catch it; it stands here because no other way out works while the key is typed.
		return append(list, view.Action{Key: view.Bind("ctrl+c", "quit", "ctrl+c"), Group: "Everywhere", Typing: true,
			Do: func() view.Effect { return view.Effect{} }})
	}
	for _, t := range m.tabs() {
		name, _ := t.view.Title(m.env())
		list = append(list, view.Action{
			Key: view.Bind(strconv.Itoa(int(t.id)), name, strconv.Itoa(int(t.id))), Group: "Views", Hidden: true,
			Do: func() view.Effect { return view.Do(view.Goto{View: t.id}) },
		})
	}
	return append(list,
		view.Action{Key: view.Bind("[", "back", "["), Group: "Views", Hidden: true, Disabled: m.noRetreat(), Do: m.retreat},
		view.Action{Key: view.Bind("]", "forward", "]"), Group: "Views", Hidden: true, Disabled: m.noAdvance(), Do: m.advance},
		view.Action{Key: view.Bind("tab", "next view", "tab"), Group: "Views", Hidden: true, Do: func() view.Effect { return m.step(1) }},
		view.Action{Key: view.Bind("shift+tab", "previous view", "shift+tab"), Group: "Views", Hidden: true, Do: func() view.Effect { return m.step(-1) }},
	)
}

func (m *Model) offline() string {
	if m.session.phase != ready {
		return "there is no account to ask yet"
	}
	return ""
}

func (m *Model) idle() string {
	if len(m.work) == 0 && m.ended == nil {
		return "nothing is under way"
	}
	return ""
}

func (m *Model) noSuspend() string {
	if !m.deps.CanSuspend {
		return "no shell here could resume the program"
	}
	return ""
}

func (m *Model) step(n int) view.Effect {
	at, tabs := 0, m.tabs()
	for i, t := range tabs {
		if t.id == m.front() {
			at = i
		}
	}
	at = (at + n + len(tabs)) % len(tabs)
	return view.Do(view.Goto{View: tabs[at].id})
}

func (m *Model) refresh() view.Effect {
	m.session.increases = time.Time{} // the next beat asks for them too
	return view.Effect{Cmd: m.sweep(), Intents: []view.Intent{view.Toast{Text: "asking again"}}}
}

// quit leaves at once when nothing costs money and nothing is under way.
func (m *Model) quit() view.Effect {
	if why := m.leaving(); len(why) > 0 {
		m.stack.Push(dialog.NewQuit(why))
		return view.Effect{}
	}
	return view.Wait(tea.Quit)
}

// help opens the list of all keys as they are now.
func (m *Model) help() view.Effect {
	m.stack.Push(dialog.NewHelp(m.keys()))
	return view.Effect{}
}

// scopeOf is the name of a view in the settings.
func (m *Model) scopeOf(id view.ID) string {
	if v := m.tab(id); v != nil && m.session.phase != loggedOut {
		return m.scope(tab{id, v})
	}
	return ""
}

// keys lists what the keys do here, the view's own first.
func (m *Model) keys() []help.Item {
	var items []help.Item
	add := func(scope string, list []view.Action) {
		for _, a := range list {
			if key := m.keymap.help(scope, a); key != "" {
				items = append(items, help.Item{Group: a.Group, Key: key, Label: a.Key.Help().Desc, Disabled: a.Disabled, Also: wordsFor(scope, a)})
			}
		}
	}
	own := m.scopeOf(m.active)
	add(own, m.current().Actions(m.env()))
	add(own, m.ownActions(own))
	add(everywhere, m.ownActions(everywhere))
	add(everywhere, m.actions())
	for _, n := range moving {
		keys := n.keys
		if changed, ok := m.keymap.of[inTables][n.keys[0]]; ok {
			keys = changed
		}
		items = append(items, help.Item{Group: "Moving", Key: strings.Join(keys, " "), Label: n.label})
	}
	return append(items, help.Item{Group: "Everywhere", Key: "ctrl+c", Label: "asks, twice quits always"})
}

// KeyTable is the key table of the README, generated from the actions.
func (m *Model) KeyTable() string {
	var b strings.Builder
	row := func(where, scope, key string, n keyed) {
		name := "`" + scope + "." + n.name + "`"
		if n.fixed {
			name = ""
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", where, key, n.label, name)
	}
	rows := func(where, scope string, list []view.Action) {
		for n, a := range actionsOf(scope, list) {
			row(where, scope, list[n].Key.Help().Key, a)
		}
	}
	b.WriteString("| where | key | what it does | name in config.toml |\n|---|---|---|---|\n")
	rows(everywhere, everywhere, m.actions())
	fmt.Fprintf(&b, "| everywhere | `ctrl+c` | asks, twice quits always | |\n")
	for _, n := range moving {
		row(inTables, inTables, strings.Join(n.keys, " "), n)
	}
	for _, t := range m.views {
		name, _ := t.view.Title(m.env())
		rows(name, m.scope(t), t.view.Actions(m.env()))
	}
	return b.String()
}

package volumes

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
)

// factsPage shows labelled facts, to be read and left.
type factsPage struct {
	title  string
	facts  func(env view.Env) []pane.Fact
	keys   func(m *Model, env view.Env) []view.Action // nil = none beside scrolling
	scroll int
	w, h   int // as drawn last
}

func (p *factsPage) capturing() bool { return false }

func (p *factsPage) actions(m *Model, env view.Env) []view.Action {
	move := func(by int) func() view.Effect {
		return func() view.Effect {
			p.scroll = max(0, min(p.scroll+by, pane.MaxScroll(p.facts(env), p.w, p.h)))
			return view.Effect{}
		}
	}
	var list []view.Action
	if p.keys != nil {
		list = p.keys(m, env)
	}
	return append(list,
		quiet("}", "scroll", "", move(3)),
		quiet("{", "scroll back", "", move(-3)),
		view.Action{Key: view.Bind("down", "one line down", "down", "j"), Group: section, Hidden: true, Do: move(1)},
		view.Action{Key: view.Bind("up", "one line up", "up", "k"), Group: section, Hidden: true, Do: move(-1)},
		view.Action{Key: view.Bind("pgdown", "one screen down", "pgdown"), Group: section, Hidden: true, Do: move(max(1, p.h-2))},
		view.Action{Key: view.Bind("pgup", "one screen up", "pgup"), Group: section, Hidden: true, Do: move(-max(1, p.h-2))},
	)
}

func (p *factsPage) key(m *Model, _ view.Env, msg tea.Msg) view.Effect {
	if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == "enter" {
		m.page = nil
	}
	return view.Effect{}
}

func (p *factsPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, true }

func (p *factsPage) draw(env view.Env, w, h int) (string, *tea.Cursor) {
	p.w, p.h = w, h
	return pane.Facts(env.Theme, p.title, p.facts(env), p.scroll, w, h), nil
}

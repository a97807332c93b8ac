package instances

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/status"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi/rental"
)

// legendPage explains the words and signs of the list.
type legendPage struct {
	facts  []pane.Fact
	scroll int
	w, h   int // as drawn last
}

func newLegendPage(view.Env) *legendPage { return &legendPage{facts: legend()} }

// legend lists every word of the column Status with its sign, and the signs that
// stand in place of these.
func legend() []pane.Fact {
	var facts []pane.Fact
	for _, l := range rental.Legend() {
		s := rental.State{Word: l.Word, Class: l.Class}
		facts = append(facts, pane.Fact{Label: status.Glyph(s) + " " + l.Word, Value: l.Means, Class: status.Class(s.Class)})
	}
	return append(facts,
		pane.Fact{Label: "○ …", Value: "any other word comes from the API as it is", Class: theme.Dim},
		pane.Fact{},
		pane.Fact{Label: "✗ before it", Value: "a problem that costs data or much money, a change that did not happen, or not what was asked for", Class: theme.Bad},
		pane.Fact{Label: "! before it", Value: "a problem that may cost money or time: the line below the list says which, and what helps", Class: theme.Warn},
		pane.Fact{Label: "✗ LEFTOVER", Value: "a refused rent left it behind: its disk is billed until it is destroyed", Class: theme.Bad},
		pane.Fact{Label: "3m behind it", Value: "for how long it has stood so, as far as this run has seen"},
		pane.Fact{Label: billing + " $", Value: "stopped, and its disk is billed all the same", Class: theme.Warn},
		pane.Fact{Label: "3/5", Value: "of a group: so many of its instances run; the word is that of the one that needs looking at most"},
		pane.Fact{},
		pane.Fact{Label: "Ends", Value: "below 72 hours amber, below 24 hours red: it is stopped for good then", Class: theme.Warn},
	)
}

func (p *legendPage) capturing() bool { return false }

func (p *legendPage) actions(*Model, view.Env) []view.Action {
	move := func(by int) func() view.Effect {
		return func() view.Effect {
			p.scroll = max(0, min(p.scroll+by, pane.MaxScroll(p.facts, p.w, p.h)))
			return view.Effect{}
		}
	}
	list := []view.Action{
		quiet("}", "scroll", "", move(3)),
		quiet("{", "scroll back", "", move(-3)),
		{Key: view.Bind("down", "one line down", "down", "j"), Group: section, Hidden: true, Do: move(1)},
		{Key: view.Bind("up", "one line up", "up", "k"), Group: section, Hidden: true, Do: move(-1)},
		{Key: view.Bind("pgdown", "one screen down", "pgdown"), Group: section, Hidden: true, Do: move(max(1, p.h-2))},
		{Key: view.Bind("pgup", "one screen up", "pgup"), Group: section, Hidden: true, Do: move(-max(1, p.h-2))},
	}
	return list
}

func (p *legendPage) key(m *Model, _ view.Env, msg tea.Msg) view.Effect {
	if k, ok := msg.(tea.KeyPressMsg); ok && (k.String() == "L" || k.String() == "enter") {
		m.page = nil
	}
	return view.Effect{}
}

func (p *legendPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, true }

func (p *legendPage) draw(env view.Env, w, h int) (string, *tea.Cursor) {
	p.w, p.h = w, h
	return pane.Facts(env.Theme, "What the words and signs mean", p.facts, p.scroll, w, h), nil
}

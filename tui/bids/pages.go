package bids

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// page is what stands in place of the list until it is closed. It has the keyboard
// meanwhile.
type page interface {
	// actions are what keys do on the page beside closing it.
	actions(m *Model, env view.Env) []view.Action
	// key takes the keys and pastes that no action has claimed.
	key(m *Model, env view.Env, msg tea.Msg) view.Effect
	// back is esc; it reports whether the page is to be closed by it.
	back() bool
	// draw gives exactly h lines of w cells, and where the text cursor stands.
	draw(env view.Env, w, h int) (string, *tea.Cursor)
	// capturing reports whether the page has a text line with the keyboard.
	capturing() bool
}

// show opens a page.
func (m *Model) show(p page) view.Effect {
	m.page = p
	return view.Effect{}
}

// pageActions are what keys do while a page is open.
func (m *Model) pageActions(env view.Env) []view.Action {
	p := m.page
	return append(p.actions(m, env), view.Action{
		Key: view.Bind("esc", "back", "esc"), Group: section, Typing: true,
		Do: func() view.Effect {
			if p.back() {
				m.page = nil
			}
			return view.Effect{}
		},
	})
}

// factsPage is a list of facts to read.
type factsPage struct {
	title  string
	facts  func(view.Env) []pane.Fact
	scroll int
	most   int // how far it can be scrolled, as drawn last
	h      int
}

func (p *factsPage) capturing() bool { return false }
func (p *factsPage) back() bool      { return true }

func (p *factsPage) actions(*Model, view.Env) []view.Action {
	move := func(by int) func() view.Effect {
		return func() view.Effect { p.scroll = max(0, min(p.scroll+by, p.most)); return view.Effect{} }
	}
	return []view.Action{
		quiet("}", "scroll", "", move(3)), quiet("{", "scroll back", "", move(-3)),
		{Key: view.Bind("down", "one line down", "down", "j"), Group: section, Hidden: true, Do: move(1)},
		{Key: view.Bind("up", "one line up", "up", "k"), Group: section, Hidden: true, Do: move(-1)},
		{Key: view.Bind("pgdown", "one screen down", "pgdown"), Group: section, Hidden: true, Do: move(max(1, p.h-2))},
		{Key: view.Bind("pgup", "one screen up", "pgup"), Group: section, Hidden: true, Do: move(-max(1, p.h-2))},
	}
}

func (p *factsPage) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

func (p *factsPage) draw(env view.Env, w, h int) (string, *tea.Cursor) {
	facts := p.facts(env)
	p.h, p.most = h, pane.MaxScroll(facts, w, h)
	return pane.Facts(env.Theme, p.title, facts, min(p.scroll, p.most), w, h), nil
}

// newLegend explains the words and signs of the list.
func newLegend() *factsPage {
	facts := []pane.Fact{
		{Label: "● WINNING", Value: "it runs, and its bid is at least " + safePercent + " above the price to hold", Class: theme.Good},
		{Label: "! AT RISK", Value: "it runs, and its bid is less than " + safePercent + " above the price to hold: a small move of the price pauses it", Class: theme.Warn},
		{Label: "▲ OUTBID 3m", Value: "somebody bids more since so long, as far as this run has seen; its disk is billed, and " + resumes, Class: theme.Warn},
		{Label: "■ STOPPED by you", Value: "it was stopped, not outbid: it stays so until it is started (i, then S)", Class: theme.Warn},
		{Label: "■ STOPPED", Value: "stopped or outbid: the price to hold is not told, so it cannot be said which", Class: theme.Warn},
		{Label: "✗ LEFTOVER", Value: "a refused rent left it behind: its disk is billed until it is destroyed (D)", Class: theme.Bad},
		{Label: "◐ LOADING …", Value: "any other word is that of the list of instances", Class: theme.Dim},
		{},
		{Label: "To hold", Value: "$/h for all its GPUs that a bid has to reach to run now, as the market told it last; rounded up, so that what is shown is enough"},
		{Label: "Margin", Value: "bid ÷ price to hold − 1"},
		{Label: "On-demand", Value: "what the same number of GPUs of the machine costs on demand, without disk: from the market in hand when that is younger than 10 minutes, else looked up; ≈ worked out from another number of GPUs; none: it is not offered on demand now; —: not known yet"},
		{Label: "Saving", Value: "1 − bid ÷ on-demand price; both are without disk, which costs the same"},
		{Label: "Outbid", Value: "how often it was seen to be outbid in this run"},
		{Label: "$ waiting", Value: "what its disk has cost since it was seen to be outbid"},
		{Label: "h", Value: "proposes the price to hold and as much more as it was seen to rise within an hour, or is remembered to have risen within half a day: " + safePercent + " at least, with which it is WINNING, and 20 % at most; never above the on-demand price nor above bids.most_over of the settings, and what these cut may stay AT RISK, which the question says"},
	}
	return &factsPage{title: "What the words and figures mean", facts: func(view.Env) []pane.Fact { return facts }}
}

// newSum explains the figures of a bid: inputs, formula, age.
func newSum(m *Model, id vastapi.InstanceID) *factsPage {
	return &factsPage{title: "The figures of bid " + id.String(), facts: func(env view.Env) []pane.Fact {
		r, ok := m.table.Get(id)
		if !ok {
			return []pane.Fact{{Value: "it is gone", Class: theme.Warn}}
		}
		return sums(env, r)
	}}
}

// menu is a short list to choose from.
type menu struct{ listing.Menu }

// newSortMenu lists the columns to sort by, shown or not.
func newSortMenu(m *Model) *menu { return &menu{listing.SortMenu(&m.table, m.keepOrder)} }

func (n *menu) capturing() bool                           { return false }
func (n *menu) back() bool                                { return true }
func (n *menu) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

func (n *menu) actions(m *Model, env view.Env) []view.Action {
	return n.Actions(env, section, func() { m.page = nil })
}

func (n *menu) draw(env view.Env, w, h int) (string, *tea.Cursor) { return n.Draw(env, w, h), nil }

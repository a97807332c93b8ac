package account

import (
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/table"
	"vastdeck/tui/widget/tabs"
)

// Click opens a part by its title, or moves the cursor, the order or the text cursor; a
// second click on a row shows its detail. While a new key is shown nothing is heard:
// leaving that page would lose it.
func (m *Model) Click(env view.Env, c view.Click) view.Effect {
	switch {
	case m.fresh != nil:
		return view.Effect{}
	case c.Y == 0:
		if n, hit := tabs.HitAt(m.tabs(env), env.Size.W, c.X); hit {
			return m.open(env, n)
		}
		return view.Effect{}
	}
	if m.menu != nil {
		return m.clickMenu(env, c.X, c.Y-1)
	}
	if m.raw != nil {
		return m.rawMouse().Click(env, view.Click{X: c.X, Y: c.Y - 1})
	}
	return m.shown().click(m, env, c.X, c.Y-1)
}

// Wheel scrolls the list, or the detail.
func (m *Model) Wheel(env view.Env, w view.Wheel) (e view.Effect, ok bool) {
	switch {
	case m.menu != nil:
		return e, false
	case m.fresh != nil || w.Y == 0:
		return e, true
	case m.raw != nil:
		return m.rawMouse().Wheel(env, view.Wheel{X: w.X, Y: w.Y - 1, Lines: w.Lines})
	}
	m.shown().wheel(m, env, w.X, w.Y-1, w.Lines)
	return e, true
}

// click acts upon a click in h lines.
func (l *list[T]) click(env view.Env, h, x, y int) view.Effect {
	part, px, py := l.split(env.Size.W, h).At(x, y)
	if part != pane.List {
		return view.Effect{}
	}
	switch l.table.Click(px, py) {
	case table.Sorted:
		return l.arranged(env)
	case table.Again:
		l.detail, l.scroll = !l.detail, 0
	case table.Moved:
		l.scroll, l.moved = 0, true
	}
	return view.Effect{}
}

// wheel scrolls what is under the mouse.
func (l *list[T]) wheel(w, h, x, y, lines int, facts func(*T) []pane.Fact) {
	s := l.split(w, h)
	switch part, _, _ := s.At(x, y); part {
	case pane.List:
		l.table.Wheel(lines)
	case pane.Detail:
		if r, ok := l.table.Cursor(); ok {
			l.scroll = max(0, min(l.scroll+lines, pane.MaxScroll(facts(r), s.DetailW, s.DetailH)))
		}
	}
}

func (o *overview) click(*Model, view.Env, int, int) view.Effect { return view.Effect{} }

func (o *overview) wheel(m *Model, env view.Env, _, _, lines int) { o.move(m, env, lines) }

func (p *keyPart) click(_ *Model, env view.Env, x, y int) view.Effect {
	return p.list.click(env, env.Size.H-1, x, y)
}

func (p *keyPart) wheel(_ *Model, env view.Env, x, y, lines int) {
	p.list.wheel(env.Size.W, env.Size.H-1, x, y, lines, func(r *keyRow) []pane.Fact { return keyDetail(env, r) })
}

func (p *varPart) click(_ *Model, env view.Env, x, y int) view.Effect {
	return p.list.click(env, env.Size.H-1, x, y)
}

func (p *varPart) wheel(_ *Model, env view.Env, x, y, lines int) {
	p.list.wheel(env.Size.W, env.Size.H-1, x, y, lines, func(r *varRow) []pane.Fact { return varDetail(env, r) })
}

// The log has its line above the list.
func (p *logPart) click(_ *Model, env view.Env, x, y int) view.Effect {
	switch {
	case p.query.Offering() && p.query.ChooseAt(x, y):
		return p.complete(env)
	case y == 0:
		p.query.Click(x)
		return view.Effect{}
	case p.query.Offering():
		p.query.EndCompletion() // what was typed stays
		return view.Effect{}
	}
	p.query.Blur()
	return p.list.click(env, env.Size.H-2, x, y-1)
}

func (p *logPart) wheel(_ *Model, env view.Env, x, y, lines int) {
	if p.query.Offering() {
		p.query.WheelOffered(lines)
		return
	}
	p.list.wheel(env.Size.W, env.Size.H-2, x, y-1, lines, func(e *logged) []pane.Fact { return logDetail(env, e) })
}

// The profiles have a line of titles above them.
func (p *profilePart) click(_ *Model, env view.Env, _, y int) view.Effect {
	if n := p.top(env, env.Size.H-1) + y - 1; y >= 1 && y < env.Size.H-2 && n < len(env.Profiles) && len(env.Profiles) > 1 {
		p.at = n
	}
	return view.Effect{}
}

func (p *profilePart) wheel(_ *Model, env view.Env, _, _, lines int) {
	p.at = max(0, min(p.at+lines, len(env.Profiles)-1))
}

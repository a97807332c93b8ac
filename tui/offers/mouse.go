package offers

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/tabs"
)

// Click moves the cursor, the order or the text cursor; a second click on a row shows its detail, and one on the name
// of a saved search opens that.
func (m *Model) Click(env view.Env, c view.Click) view.Effect {
	if c.Y == 1 && m.strip(env, env.Size) != "" && !m.line.Offering() {
		return m.clickSaved(env, c.X)
	}
	if m.page != nil {
		c.Y -= bars(env, env.Size) - 1
	}
	return m.mouse(env).Click(env, c)
}

// clickSaved opens the saved search whose name was clicked. What is being typed or chosen meanwhile is not
// taken away.
func (m *Model) clickSaved(env view.Env, x int) view.Effect {
	i, hit := tabs.StripHitAt(stripCaption, m.saved(env), env.Size.W, x)
	if _, choosing := m.page.(*columnPage); !hit || choosing || m.page != nil && m.page.capturing() {
		return view.Effect{}
	}
	s := env.Data.Memory.Searches[i]
	if m.line.Focused() && strings.TrimSpace(m.line.Value()) != "" && !m.shows(s) {
		return view.Do(view.Toast{Text: "a query is being typed: enter or esc leaves it, then a click opens " + s.Name, Level: view.Info})
	}
	m.line.Blur()
	return m.open(env, s)
}

// Wheel scrolls the list, the detail or the page.
func (m *Model) Wheel(env view.Env, w view.Wheel) (view.Effect, bool) {
	return m.mouse(env).Wheel(env, w)
}

// mouse is what the mouse does on the list, or on the page in place of it.
func (m *Model) mouse(env view.Env) listing.Mouse {
	return listing.Mouse{
		Page: m.page, Keys: func() []view.Action { return m.pageActions(env) },
		Line: &m.line, Table: &m.list.table, Split: m.split(env, env.Size), Top: bars(env, env.Size) - 2,
		Press:  func(k tea.Msg) view.Effect { return m.key(env, k) },
		Leave:  func() view.Effect { return m.enter(env) },
		Moved:  func() { m.detail.scroll = 0 },
		Sorted: func() view.Effect { return m.keepOrder(env) },
		Again:  m.toggleDetail,
		Scroll: func(lines int) view.Effect { return m.scrollDetail(env, lines) },
	}
}

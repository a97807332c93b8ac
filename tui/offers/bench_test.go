package offers

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// large is a view with a market of n offers, arranged.
func large(b *testing.B, n int) (*Model, view.Env) {
	b.Helper()
	page := vastapi.OfferPage{Offers: many(n), Rows: n, Asked: n + 1}
	data := &feed.Snapshot{}
	set := command.New(b.Context(), command.Config{Market: command.Market{Limit: 2 * n, Max: 2 * n}})
	env := view.Env{Now: noon, Data: data, Theme: dark, Load: set.Loads(), Size: view.Size{W: 200, H: 60}}
	m := New(dark)
	data.SetOffers(vastapi.OnDemand, feed.Feed[feed.Market]{}, 0)
	var f feed.Feed[feed.Market]
	f.Apply(feed.Market{}.With(page, m.query.search(), 0, false, noon), noon, nil)
	data.SetOffers(vastapi.OnDemand, f, 0)
	m.search.loaded, m.search.asked = m.query, m.query
	e := m.Update(env, command.MarketFolded{Search: m.query.search(), Through: true})
	settled(m, env, e)
	return m, env
}

func settled(m *Model, env view.Env, e view.Effect) {
	for e.Cmd != nil {
		var next []view.Effect
		for _, msg := range solo.Messages(e.Cmd) {
			next = append(next, m.Update(env, msg))
		}
		e = view.Join(next...)
	}
}

// Update with 50,000 offers in hand: what the user does and what the market does
// must both be over within a millisecond.
func BenchmarkUpdateWithLargeMarket(b *testing.B) {
	for _, n := range []int{5_000, 50_000} {
		for name, step := range map[string]func(*Model, view.Env, int){
			"beat": func(m *Model, env view.Env, i int) {
				m.Update(env, command.Beat{At: env.Now.Add(time.Duration(i) * time.Second)})
			},
			"down": func(m *Model, env view.Env, _ int) { m.Update(env, tea.KeyPressMsg{Code: tea.KeyDown}) },
			"letter": func(m *Model, env view.Env, i int) {
				m.line.Focus()
				if i%2 == 0 {
					m.Update(env, tea.KeyPressMsg{Code: '4', Text: "4"})
				} else {
					m.Update(env, tea.KeyPressMsg{Code: tea.KeyBackspace})
				}
			},
			"pattern": func(m *Model, env view.Env, i int) {
				m.line.SetValue("")
				m.line.Focus()
				m.Update(env, tea.PasteMsg{Content: []string{"~^RTX.4|xeon", "~^RTX.4|epyc"}[i%2]})
			},
			"page": func(m *Model, env view.Env, _ int) {
				m.list.seen = -1
				m.Update(env, command.MarketFolded{Search: m.query.search(), Through: true})
			},
			"order": func(m *Model, env view.Env, _ int) { m.list.table.Reverse(); m.arrange(env) },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				m, env := large(b, n)
				b.ResetTimer()
				for i := range b.N {
					step(m, env, i)
				}
			})
		}
	}
}

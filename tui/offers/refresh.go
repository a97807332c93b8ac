package offers

import (
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
)

const (
	// calm is for how long no key of a query may have been pressed before what is
	// shown is asked for again by itself: rows do not move under who is typing.
	calm = 2 * time.Second
	// fresh is the age below which another rental type's market is shown as it is.
	fresh = command.EveryOffers
)

// refresh asks for what is shown again, later while somebody is typing.
func (m *Model) refresh(env view.Env) view.Effect {
	if m.line.Focused() && env.Now.Sub(m.keyed) < calm {
		m.postponed = true
		return view.Wait(env.Load.AfterTyping())
	}
	m.postponed = false
	return m.seek(env, false)
}

// due is reached a moment after the last key.
func (m *Model) due(env view.Env) view.Effect {
	switch {
	case m.search.missing(m.wanted(), m.market(env)):
		m.postponed = false
		return m.seek(env, true)
	case m.postponed:
		return m.refresh(env)
	}
	return view.Effect{}
}

// pause stops the market from being asked for by itself, or lets it go on.
func (m *Model) pause() view.Effect {
	m.paused = !m.paused
	return view.Do(view.Pause{On: m.paused})
}

// pauseText says that the market stands still, "" while it does not.
func (m *Model) pauseText(env view.Env) string {
	if !m.paused {
		return ""
	}
	age := figure.Age(env.Now.Sub(m.market(env).Value.Since))
	if age == "now" {
		return "paused: P goes on"
	}
	return "paused, " + age + " old: P goes on"
}

func (m *Model) pauseLabel() string {
	if m.paused {
		return "ask for the market by itself again"
	}
	return "pause: ask for nothing by itself"
}

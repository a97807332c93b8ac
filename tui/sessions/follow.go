package sessions

import (
	"fmt"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// follow tells what has become of tunnels since they were seen last: those that
// were asked for are up, those that will not come up by themselves.
func (m *Model) follow(env view.Env) view.Effect {
	var e view.Effect
	failed := map[cause][]string{}
	var causes []cause
	now := make(map[string]remote.TunnelState, len(env.Data.Remote.Tunnels))
	for _, t := range env.Data.Remote.Tunnels {
		key := tunnelKey(t.Forward)
		now[key] = t.State
		before, known := m.states[key]
		if known && before == t.State && !m.awaited[key] {
			continue
		}
		if t.State == remote.TunnelFailed && (known || m.awaited[key]) {
			delete(m.awaited, key)
			c := cause{t.Instance, t.Why}
			if len(failed[c]) == 0 {
				causes = append(causes, c)
			}
			failed[c] = append(failed[c], localText(t.Forward))
			continue
		}
		e.Intents = append(e.Intents, m.turned(env, t, before, known)...)
	}
	m.states = now
	for _, c := range causes {
		e = view.Join(e, m.broke(env, c, failed[c]))
	}
	return e
}

// cause is why tunnels of an instance do not come up: what breaks one of them often
// breaks all, and is told once.
type cause struct {
	instance vastapi.InstanceID
	why      string
}

// broke tells that the tunnels from these addresses of this machine have failed.
func (m *Model) broke(env view.Env, c cause, ports []string) view.Effect {
	m.troubled = c.instance
	what := "the tunnel from " + ports[0]
	if len(ports) > 1 {
		what = fmt.Sprintf("%d tunnels", len(ports))
	}
	why := ended(safetext.Clean(c.why, 300))
	first, _, _ := strings.Cut(why, ". ")
	text := what + " to " + called(env, c.instance) + " failed: "
	return view.Do(view.Toast{Text: text + ended(first) + examineHint, Level: view.Bad}, note(env, feed.EventBad, c.instance, text+why))
}

// turned tells the new state of a tunnel, if it is news.
func (m *Model) turned(env view.Env, t remote.Tunnel, before remote.TunnelState, known bool) []view.Intent {
	key := tunnelKey(t.Forward)
	who := fmt.Sprintf("the tunnel from %s to %s of %s", localText(t.Forward), remoteText(t.Forward), called(env, t.Instance))
	why := ended(safetext.Clean(t.Why, 300))
	switch {
	case t.State == remote.TunnelUp && m.awaited[key]:
		delete(m.awaited, key)
		return []view.Intent{view.Toast{Text: who + " is up: " + browse(t.Forward), Level: view.Good}}
	case t.State == remote.TunnelUp && known && before == remote.TunnelWaiting:
		return []view.Intent{note(env, feed.EventGood, t.Instance, who+" is up again")}
	case t.State == remote.TunnelWaiting && known && before == remote.TunnelUp:
		return []view.Intent{note(env, feed.EventWarn, t.Instance, who+" broke and is opened again: "+why)}
	case t.State == remote.TunnelWaiting && m.awaited[key]:
		delete(m.awaited, key)
		return []view.Intent{view.Toast{Text: who + " is not up yet: " + why + " It is tried again by itself.", Level: view.Warn}}
	}
	return nil
}

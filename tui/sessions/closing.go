package sessions

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/vastapi/remote"
)

// closeForm is the question before something ends that cannot be had back.
const closeForm = "close sessions"

// closeRows closes what rows stand for. Where something is lost by it, that is said
// and asked about first, and so it is of several rows that an earlier run left marked.
func (m *Model) closeRows(env view.Env, rows []*row) view.Effect {
	var lost []view.Pair
	came := len(rows) > 1 && m.former.Untouched(&m.table) // marked in an earlier run: each is named first
	for _, r := range rows {
		loss := losses(env, r)
		if loss == "" && came {
			loss = r.name + ", " + r.local + " to " + r.remote
		}
		if loss != "" {
			lost = append(lost, view.Pair{Label: r.what, Value: loss})
		}
	}
	if len(lost) == 0 {
		return m.closeAll(env, rows)
	}
	title := "Close " + rows[0].what
	if len(rows) > 1 {
		title = fmt.Sprintf("Close %d of what is open", len(rows))
	}
	keys := make([]string, len(rows))
	for n, r := range rows {
		keys[n] = r.key
	}
	label, no, yes := "close", "no, leave it open", "yes, close it"
	if len(rows) == 1 && rows[0].kind == transfer {
		title, label, no, yes = "Cancel the "+rows[0].what, "cancel", "no, go on copying", "yes, cancel it"
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: closeForm, Title: title, Intro: lost, Button: "Go on",
		Fields: []view.Field{{Key: "close", Label: label, Kind: view.Choice, Help: "left and right choose",
			Options: []view.Option{{Value: "no", Label: no}, {Value: "yes", Label: yes}}}},
		Submit: func(env view.Env, v view.Values) view.Effect {
			done := view.Do(view.FormDone{Form: closeForm})
			if v["close"] != "yes" {
				return done
			}
			var left []*row // what was asked about and is still there
			for _, key := range keys {
				if r, there := m.table.Get(key); there {
					left = append(left, r)
				}
			}
			return view.Join(done, m.closeAll(env, left))
		},
	}})
}

// losses says what ends with a row and cannot be had back, "" when nothing does.
func losses(env view.Env, r *row) string {
	switch {
	case r.kind == connection:
		text := called(env, r.id) + ": the shells over it end, with what runs in them outside of tmux"
		tunnels, copies := 0, 0
		for _, t := range env.Data.Remote.Tunnels {
			if t.Instance == r.id && t.State == remote.TunnelUp {
				tunnels++
			}
		}
		for _, c := range env.Data.Remote.Copies {
			if c.Instance == r.id && c.Ended.IsZero() {
				copies++
			}
		}
		if tunnels > 0 {
			text += fmt.Sprintf("; %s reconnected afterwards", are(tunnels, "tunnel"))
		}
		if copies > 0 {
			text += fmt.Sprintf("; %s broken off", are(copies, "copy"))
		}
		return text
	case r.kind == transfer && r.copy.Ended.IsZero():
		return copyWords(env, r.copy) + ": what has been copied stays, the rest is not copied"
	}
	return ""
}

func are(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun + " is"
	case noun == "copy":
		return fmt.Sprintf("%d copies are", n)
	}
	return fmt.Sprintf("%d %ss are", n, noun)
}

// closeAll closes rows without another question.
func (m *Model) closeAll(env view.Env, rows []*row) view.Effect {
	var cmds []tea.Cmd
	var wants []view.Intent
	toast := func(text string) { wants = append(wants, view.Toast{Text: text, Level: view.Good}) }
	for _, r := range rows {
		switch {
		case r.kind == connection:
			cmds = append(cmds, env.Load.CloseSession(r.id))
		case r.kind == tunnel:
			cmds = append(cmds, env.Load.RemoveTunnel(r.forward))
		case r.kind == saved:
			wants = append(wants, forget(r.forward))
			toast("the tunnel from " + r.local + " is forgotten: f makes it anew")
		case r.copy.Ended.IsZero():
			env.Load.CancelCopy(r.copy.ID)
		default:
			m.dismissed[r.copy.ID] = true
		}
	}
	m.table.ClearMarks()
	m.load(env)
	return view.Effect{Cmd: tea.Batch(cmds...), Intents: wants}
}

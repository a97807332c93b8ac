package sessions

import (
	"fmt"
	"strings"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi/remote"
)

// Draw shows the filter line, the table and, when asked for, the detail; or the
// page that is open.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	if s.H < 1 || s.W < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	if m.page != nil {
		return view.Frame{Body: m.page.draw(env, s.W, s.H)}
	}
	split := m.split(s)
	body := pane.Join(env.Theme, split, m.list(env, split.ListW, split.ListH), m.facts(env, split.DetailW, split.DetailH))
	return listing.Frame(&m.query, body, m.status(env, s.W), s, split.ListH, m.table.CursorLine())
}

// split shares the area between the table and the detail.
func (m *Model) split(s view.Size) pane.Split {
	return pane.Of(s.W, max(0, s.H-2), m.detail, view.Wide)
}

// list is the table, or sentences in place of an empty one.
func (m *Model) list(env view.Env, w, h int) string {
	if m.table.Shown() > 0 {
		return m.table.Draw(w, h)
	}
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	r := env.Data.Remote
	switch {
	case m.table.Total() > 0:
		say(theme.Plain, "No row has all these words. Change the filter, or esc twice to clear it.")
	case m.without:
		say(theme.Warn, ended(upper(m.noSSH(env)))+" Connections, tunnels and copies need OpenSSH on this machine.")
		say(theme.Dim, "K shows the keys of the account all the same.")
	case r.Err != nil:
		say(theme.Bad, view.Sentence(r.Err))
		say(theme.Dim, "It is looked at again by itself; ctrl+r looks now.")
	case r.At.IsZero():
		say(theme.Dim, "looking at what is open…")
	default:
		say(theme.Plain, "Nothing is open to any instance.")
		for _, line := range firstSteps(env) {
			say(theme.Dim, line)
		}
	}
	return pane.Notes(env.Theme, w, h, notes...)
}

// firstSteps says what can be done while nothing is open.
func firstSteps(env view.Env) []string {
	if env.Data.Instances.Told() && len(env.Data.Instances.Value.Instances) == 0 {
		return []string{"There is no instance to connect to: press 1 for the market, choose an offer and press r.", "K shows the ssh keys: without one in the account, nobody gets into what is rented."}
	}
	return []string{
		"enter opens a shell: you choose in which instance. The connection stays open for the next one and is listed here.",
		"f forwards a port of an instance to this machine, e.g. 8888 for Jupyter; p copies files.",
		"K shows the ssh keys, d finds out why a connection does not work.",
	}
}

// status sums up what is open; when that is all well, it says how the row under
// the cursor stands.
func (m *Model) status(env view.Env, w int) string {
	r := env.Data.Remote
	class := theme.Dim
	var parts []string
	if r.Err != nil && m.table.Total() > 0 {
		class = theme.Bad
		parts = append(parts, view.Sentence(r.Err))
	}
	if n := len(m.table.Marked()); n > 0 {
		parts = append(parts, figure.Plural(n, "row")+" marked")
	}
	if n := m.table.MarkedHidden(); n > 0 {
		parts = append(parts, figure.Count(n)+" marked but hidden by the filter: left alone")
	}
	if m.table.Shown() != m.table.Total() {
		parts = append(parts, fmt.Sprintf("%s of %s shown", figure.Count(m.table.Shown()), figure.Count(m.table.Total())))
	}
	if m.table.CursorVanished() && m.table.Shown() > 0 {
		parts = append(parts, "the row under the cursor is gone")
	}
	parts = append(parts, m.sums(env)...)
	if row, ok := m.table.Cursor(); ok {
		if w := m.ways[row.id]; w != remote.Auto {
			parts = append(parts, w.String()+" only for "+called(env, row.id)+": w changes it")
		}
		if row.why != "" {
			parts = append(parts, row.why)
		}
	}
	return env.Theme.Ink(class).Paint(fit.Line(strings.TrimSuffix(" "+strings.Join(parts, " · "), " "), w))
}

// sums count what is open.
func (m *Model) sums(env view.Env) []string {
	r := env.Data.Remote
	var parts []string
	if n := len(r.Sessions); n > 0 {
		parts = append(parts, figure.Plural(n, "connection"))
	}
	states := map[remote.TunnelState]int{}
	for _, t := range r.Tunnels {
		states[t.State]++
	}
	if n := states[remote.TunnelUp]; n > 0 {
		parts = append(parts, figure.Plural(n, "tunnel")+" up")
	}
	for _, s := range []remote.TunnelState{remote.TunnelOpening, remote.TunnelWaiting, remote.TunnelFailed} {
		if n := states[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", figure.Plural(n, "tunnel"), s))
		}
	}
	under, rate := 0, 0.0
	for _, c := range r.Copies {
		if c.Ended.IsZero() {
			under, rate = under+1, rate+c.Progress.Rate
		}
	}
	switch {
	case under == 1:
		parts = append(parts, "1 copy under way at "+speed(rate))
	case under > 1:
		parts = append(parts, fmt.Sprintf("%d copies under way at %s", under, speed(rate)))
	}
	return parts
}

// facts is the detail of the row under the cursor.
func (m *Model) facts(env view.Env, w, h int) string {
	if w == 0 || h == 0 {
		return ""
	}
	r, ok := m.table.Cursor()
	if !ok {
		return fit.Block([]string{" no row is selected"}, w, h)
	}
	return pane.Facts(env.Theme, heading(r), m.detailOf(env, r), m.scroll, w, h)
}

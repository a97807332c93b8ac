package instances

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// Draw shows the filter line, the table and, when asked for, the detail.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	if s.H < 1 || s.W < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	split := m.split(env, s)
	body := pane.Join(env.Theme, split, m.rows(env, split.ListW, split.ListH), m.facts(env, split.DetailW, split.DetailH))
	if top := m.top(env, s); len(top) > 0 {
		body = strings.Join(top, "\n") + "\n" + body
	}
	f := view.Frame{Body: pane.Frame(m.query.Draw(s.W), body, m.status(env, s.W), s.H)}
	if c := m.query.Cursor(); c != nil {
		f.Cursor = tea.NewCursor(c.X, 0)
	}
	return f
}

// leastRows is how many lines the list keeps when something stands above it.
const leastRows = 4

// top is what stands above the list, where there is room for it.
func (m *Model) top(env view.Env, s view.Size) []string {
	if s.H < leastRows+4 {
		return nil
	}
	return m.banner(env, s.W)
}

// split shares the area between the table and the detail.
func (m *Model) split(env view.Env, s view.Size) pane.Split {
	return pane.Of(s.W, max(0, s.H-2-len(m.top(env, s))), m.detail, view.Wide)
}

// rows is the table, or a sentence in place of an empty one.
func (m *Model) rows(env view.Env, w, h int) string {
	if m.table.Total() > 0 {
		return m.table.Draw(w, h)
	}
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	f := env.Data.Instances
	switch {
	case f.Told():
		say(theme.Plain, "Nothing is rented. Press 1 for the market, choose an offer and press r.")
	case f.Err != nil:
		say(theme.Bad, view.Sentence(f.Err))
		say(theme.Dim, "It is asked again by itself; ctrl+r asks now.")
	default:
		say(theme.Dim, "loading instances…")
	}
	return pane.Notes(env.Theme, w, h, notes...)
}

// status sums up what is shown and what is marked.
func (m *Model) status(env view.Env, w int) string {
	f := env.Data.Instances
	var parts []string
	part := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	marked, hidden := m.table.Marked(), m.table.MarkedHidden()
	var sum vastapi.Rate
	for _, r := range marked {
		sum += r.total(pricing.Now)
	}
	part(len(marked) > 0, "%s marked, %s", figure.Count(len(marked)), figure.Rate(float64(sum)))
	part(hidden > 0, "%s marked but hidden by the filter: left alone", figure.Count(hidden))
	part(m.table.Shown() != m.table.Total(), "%s of %s shown", figure.Count(m.table.Shown()), figure.Count(m.table.Total()))
	part(f.Value.Bad > 0, "%s rows could not be read", figure.Count(f.Value.Bad))
	part(m.want != 0, "instance %s is not in the list yet", m.want)
	part(m.table.CursorVanished() && m.table.Shown() > 0, "the instance under the cursor is gone")
	if f.Err != nil && f.Told() {
		parts = append(parts, view.Sentence(f.Err))
	}
	if len(parts) == 0 {
		if r, ok := m.table.Cursor(); ok {
			parts = append(parts, why(env, r))
		}
	}
	left := strings.TrimSuffix(" "+strings.Join(parts, " · "), " ")
	return env.Theme.Ink(theme.Dim).Paint(ends(left, besides(env), w))
}

// besides says what the account pays for that is not in the list.
func besides(env view.Env) string {
	n := len(env.Data.Volumes.Value.Volumes)
	if n == 0 {
		return ""
	}
	noun := "volumes bill"
	if n == 1 {
		noun = "volume bills"
	}
	return fmt.Sprintf("besides these, %d %s %s ", n, noun, figure.Rate(float64(env.Data.Burn.Volumes)))
}

// ends puts left and right at the ends of a line; the left one matters more.
func ends(left, right string, w int) string {
	gap := w - fit.Width(left) - fit.Width(right)
	if gap < 2 {
		return fit.Line(left, w)
	}
	return left + fit.Spaces(gap) + right
}

// why says in one line how an instance stands: what could not be done with it,
// what its state means, or how far its start is and what the host says meanwhile.
func why(env view.Env, r *row) string {
	switch {
	case env.Busy[r.ID] != "":
		return "a " + env.Busy[r.ID] + " is under way"
	case r.failed != "":
		return r.failed
	case r.leftover:
		return leftBehind
	case r.start.Instance != 0 && !r.start.Ready():
		return started(env, r)
	case r.state.Why == "" && r.state.Class == rental.ClassMoving:
		return r.Status.String()
	}
	return r.state.Why
}

const leftBehind = "a refused rent left it behind: its disk is billed until it is destroyed (D)"

// started says how far a start is, and why it is thought to go wrong or else what
// the host says.
func started(env view.Env, r *row) string {
	v := r.start.Verdict(env.Now, 0)
	if v.Evidence != "" {
		return v.Kind.String() + ": " + v.Evidence + " " + remedies(v.Actions)
	}
	text := phases(r.start, env.Now)
	if !r.Status.Empty() {
		text += " · " + r.Status.String()
	}
	return text
}

// facts is the detail of the instance under the cursor.
func (m *Model) facts(env view.Env, w, h int) string {
	if w == 0 || h == 0 {
		return ""
	}
	r, ok := m.table.Cursor()
	if !ok {
		return fit.Block([]string{" no instance is selected"}, w, h)
	}
	title := "Instance " + r.ID.String()
	if r.members != nil {
		title = "Group " + figure.Text(r.name)
	}
	return pane.Facts(env.Theme, title, detail(r, env.Now), m.scroll, w, h)
}

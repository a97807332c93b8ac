package instances

import (
	"fmt"
	"strings"

	"vastdeck/tui/listing"
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
	if m.page != nil {
		body, cursor := m.page.draw(env, s.W, s.H)
		return view.Frame{Body: body, Cursor: cursor}
	}
	split := m.split(env, s)
	body := pane.Join(env.Theme, split, m.rows(env, split.ListW, split.ListH), m.facts(env, split.DetailW, split.DetailH))
	if top := m.top(env, s); len(top) > 0 {
		body = strings.Join(top, "\n") + "\n" + body
	}
	row := m.table.CursorLine()
	if row > 0 {
		row += m.topHeight(s)
	}
	return listing.Frame(&m.query.Model, body, m.status(env, s.W, split.ListH-1), s, m.topHeight(s)+split.ListH, row)
}

// leastRows is how many lines the list keeps when something stands above it.
const leastRows = 4

// top is what stands above the list, where there is room for it: the overview, and
// the banner about what is not as asked for.
func (m *Model) top(env view.Env, s view.Size) []string {
	var lines []string
	overview, banner := m.above(s)
	if overview {
		lines = append(lines, m.strip(env, s.W))
	}
	if banner {
		lines = append(lines, m.banner(env, s.W)...)
	}
	return lines
}

// above says what stands above the list.
func (m *Model) above(s view.Size) (overview, banner bool) {
	return s.H >= leastStrip && len(m.plain) > 0, s.H >= leastRows+4 && len(m.alarms()) > 0
}

// topHeight is how many lines stand above the list.
func (m *Model) topHeight(s view.Size) int {
	n := 0
	overview, banner := m.above(s)
	if overview {
		n++
	}
	if banner {
		n += bannerLines
	}
	return n
}

// split shares the area between the table and the detail. Below a short list the
// detail takes what the rows leave.
func (m *Model) split(_ view.Env, s view.Size) pane.Split {
	h := max(0, s.H-2-m.topHeight(s))
	if m.full && m.detail {
		return pane.Split{DetailW: s.W, DetailH: h}
	}
	return listing.Split(s.W, h, m.detail, &m.query.Model, m.table.Shown(), leastRows-1)
}

// rows is the table, or a sentence in place of an empty one.
func (m *Model) rows(env view.Env, w, h int) string {
	if m.table.Shown() > 0 {
		return m.table.Draw(w, h)
	}
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	f := env.Data.Instances
	switch {
	case m.table.Pending(), len(m.plain) == 0 && len(f.Value.Instances) > 0:
		say(theme.Dim, "sorting…")
	case len(m.plain) > 0 && m.only && m.query.Typed.Empty():
		say(theme.Plain, fmt.Sprintf("None of %s has a problem now. Press P for all of them.", figure.Plural(len(m.plain), "instance")))
	case len(m.plain) > 0:
		say(theme.Plain, fmt.Sprintf("No instance satisfies this filter; there %s.", areInstances(len(m.plain))))
		if m.only {
			say(theme.Dim, "Only those with a problem are shown: P shows the others too.")
		}
		say(theme.Dim, "Take a term away, or press esc to clear the filter.")
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

func areInstances(n int) string {
	if n == 1 {
		return "is 1 instance"
	}
	return "are " + figure.Count(n) + " instances"
}

// status sums up what is shown and what is marked, or says how the row under the
// cursor stands. room is how many rows there is room for.
func (m *Model) status(env view.Env, w, room int) string {
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
	shown := 0
	if m.only || !m.query.Typed.Empty() {
		shown = m.shown()
	}
	part(len(marked) > 0, "%s marked, %s", figure.Count(len(marked)), figure.Rate(float64(sum)))
	part(hidden > 0, "%s marked but hidden by the filter: left alone", figure.Count(hidden))
	part(m.table.Pending(), "sorting")
	part(m.only, "problems only (P)")
	part(shown > 0 && shown != len(m.plain) || m.table.Shown() == 0 && len(m.plain) > 0, "%s of %s shown", figure.Count(shown), figure.Count(len(m.plain)))
	part(m.query.Cut() != "", "%s", m.query.Cut())
	part(m.query.Bad && !m.query.Focused(), "what is marked in the filter is not applied")
	part(m.query.Focused() && !m.query.Typed.Empty(), "%s", strings.Join(m.query.Typed.Explain(), "; "))
	part(f.Value.Bad == 1, "1 instance could not be read: it is not shown and in no sum")
	part(f.Value.Bad > 1, "%s instances could not be read: they are not shown and in no sum", figure.Count(f.Value.Bad))
	if m.want != 0 && m.hidden(m.want) {
		part(true, "instance %s is hidden by the filter: %s shows it", m.want, m.unhides())
	} else {
		part(m.want != 0, "instance %s is not in the list yet", m.want)
	}
	part(m.table.CursorVanished() && m.table.Shown() > 0, "the instance under the cursor is gone")
	if f.Err != nil && f.Told() {
		parts = append(parts, view.Sentence(f.Err))
	}
	class := theme.Dim
	if r, ok := m.table.Cursor(); ok && (len(parts) == 0 || r.troubled && len(marked)+hidden == 0 && !m.query.Focused()) {
		text := why(env, r, w-1)
		if r.troubled {
			class = theme.Warn
		}
		if text != "" {
			parts = append([]string{text}, parts...)
		}
	}
	left := strings.TrimSuffix(" "+strings.Join(parts, " · "), " ")
	return env.Theme.Ink(class).Paint(fit.Ends(left, w, m.place(room)+besides(env)))
}

// shown is how many instances the rows on display stand for.
func (m *Model) shown() int {
	if !m.folded {
		return m.table.Shown()
	}
	n := 0
	for _, r := range m.table.Rows() {
		n += len(r.each())
	}
	return n
}

// place says where among the rows the cursor is when not all of them are on the screen.
func (m *Model) place(room int) string {
	if n := m.table.Shown(); room > 0 && n > room && m.table.Position() > 0 {
		return fmt.Sprintf("row %s of %s ", figure.Count(m.table.Position()), figure.Count(n))
	}
	return ""
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

// why says in one line how an instance stands: what could not be done with it,
// what its state means, or how far its start is and what the host says meanwhile. Of
// what helps as much is named as w cells have room for.
func why(env view.Env, r *row, w int) string {
	switch {
	case env.Busy[r.ID] != "":
		return article(env.Busy[r.ID]) + " is under way"
	case r.failed != "":
		return r.failed
	case r.leftover:
		return leftBehind
	case len(r.problems) > 0:
		return troubleText(r, w)
	case r.start.Instance != 0 && !r.start.Ready():
		return started(env, r, w)
	case r.state.Why == "" && r.state.Class == rental.ClassMoving:
		return r.Status.String()
	}
	return r.state.Why
}

const leftBehind = "a refused rent left it behind: its disk is billed until it is destroyed (D)"

// started says how far a start is, and why it is thought to go wrong or else what
// the host says.
func started(env view.Env, r *row, w int) string {
	v := r.start.Verdict(env.Now, 0)
	if v.Evidence != "" {
		return r.remedied(v.Kind.String()+": "+v.Evidence, first(v.Actions), "", w)
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
	return pane.Facts(env.Theme, title, m.detailFacts(env, r, w), m.scroll, w, h)
}

package bids

import (
	"fmt"
	"strings"
	"time"

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

// leastRows is how many rows the list keeps when the detail stands below it.
const leastRows = 3

// Draw shows the filter line, the table and, when asked for, the detail.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	env.Now = m.now(env)
	if s.H < 1 || s.W < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	if m.page != nil {
		body, cursor := m.page.draw(env, s.W, s.H)
		return view.Frame{Body: body, Cursor: cursor}
	}
	split := m.split(s)
	body := pane.Join(env.Theme, split, m.list(env, split.ListW, split.ListH), m.drawDetail(env, split.DetailW, split.DetailH))
	return listing.Frame(&m.query.Model, body, m.status(env, s.W), s, split.ListH, m.table.CursorLine())
}

// split shares the area between the table and the detail.
func (m *Model) split(s view.Size) pane.Split {
	return listing.Split(s.W, max(0, s.H-2), m.detail, &m.query.Model, m.table.Shown(), leastRows)
}

// list is the table, or a sentence in place of an empty one.
func (m *Model) list(env view.Env, w, h int) string {
	if m.table.Shown() > 0 {
		return m.table.Draw(w, h)
	}
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	f := env.Data.Instances
	switch {
	case f.Told() && (!m.made || m.table.Pending()):
		say(theme.Dim, "sorting…")
	case len(m.rows) > 0:
		say(theme.Plain, fmt.Sprintf("No bid satisfies this filter; there %s.", areBids(len(m.rows))))
		say(theme.Dim, "Take a term away, or press esc to clear the filter.")
	case f.Told():
		say(theme.Plain, "No instance is rented by a bid. Press n to place one: it names its price, and often costs half of what on-demand does.")
		say(theme.Dim, "A bid runs while it is the highest. Outbid, it pauses, its disk is billed on, and it resumes by itself.")
	case f.Err != nil:
		say(theme.Bad, view.Sentence(f.Err))
		say(theme.Dim, "It is asked again by itself; ctrl+r asks now.")
	default:
		say(theme.Dim, "loading instances…")
	}
	return pane.Notes(env.Theme, w, h, notes...)
}

func areBids(n int) string {
	if n == 1 {
		return "is 1 bid"
	}
	return "are " + figure.Count(n) + " bids"
}

// status says how the bid under the cursor stands when that wants looking at, and sums
// up the rest.
func (m *Model) status(env view.Env, w int) string {
	f := env.Data.Instances
	var parts []string
	part := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	class := theme.Dim
	marked, hidden := m.table.Marked(), m.table.MarkedHidden()
	var sum vastapi.Rate
	for _, r := range marked {
		sum += pricing.Now(r.Instance)
	}
	if r, ok := m.table.Cursor(); ok && len(marked)+hidden == 0 && !m.query.Focused() {
		text, troubled := why(env, r)
		if troubled {
			class = theme.Warn
		}
		part(text != "", "%s", text)
	}
	part(len(marked) > 0, "%s marked, %s", figure.Count(len(marked)), figure.Rate(float64(sum)))
	part(hidden > 0, "%s marked but hidden by the filter: left alone", figure.Count(hidden))
	part(m.table.Pending(), "sorting")
	part(!m.query.Typed.Empty() && len(m.rows) > 0, "%s of %s shown", figure.Count(m.table.Shown()), figure.Count(len(m.rows)))
	part(m.query.Cut() != "", "%s", m.query.Cut())
	part(m.query.Bad && !m.query.Focused(), "what is marked in the filter is not applied")
	part(m.query.Focused() && !m.query.Typed.Empty(), "%s", strings.Join(m.query.Typed.Explain(), "; "))
	part(m.want != 0, "instance %s is not in the list yet", m.want)
	part(m.table.CursorVanished() && m.table.Shown() > 0, "the bid under the cursor is gone")
	if f.Err != nil && f.Told() {
		parts = append(parts, view.Sentence(f.Err))
	}
	left := strings.TrimSuffix(" "+strings.Join(parts, " · "), " ")
	return env.Theme.Ink(class).Paint(fit.Ends(left, w, m.sum))
}

// summary counts the bids by how they stand, and what those that run save.
func summary(rows []*row) string {
	counts := map[string]int{}
	var saved vastapi.Rate
	for _, r := range rows {
		counts[r.stand.word]++
		if r.state.Class == rental.ClassRunning && vastapi.Known(r.price.Rate) && vastapi.Known(r.DphBase) {
			saved += r.price.Rate - r.DphBase
		}
	}
	var parts []string
	for _, word := range []string{"WINNING", "AT RISK", "OUTBID"} {
		if n := counts[word]; n > 0 {
			parts = append(parts, figure.Count(n)+" "+strings.ToLower(word))
		}
	}
	if saved > 0 {
		parts = append(parts, "saving "+figure.Rate(float64(saved))+" against on-demand")
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " · ") + " "
}

// why says in one line how a bid stands and what helps, and whether that wants looking at.
func why(env view.Env, r *row) (text string, troubled bool) {
	switch {
	case env.Busy[r.ID] != "":
		return underWayText(env.Busy[r.ID]), false
	case r.left:
		return "a refused rent left it behind: its disk is billed until it is destroyed (D)", true
	case r.outbid():
		return "outbid" + sinceWords(r, env.Now) + ": " + wayUp(env, r, " to hold") + ", m shows what is on demand, D destroys it", true
	case r.stand.word == "AT RISK" && margin(r.Instance) < 0:
		return "the price to hold is above its bid: it is about to be paused (" + wayUp(env, r, "") + ")", true
	case r.stand.word == "AT RISK":
		return fmt.Sprintf("only %.0f%% above the price to hold: a small move pauses it (%s)", 100*margin(r.Instance), wayUp(env, r, "")), true
	case r.stand.word == "WINNING":
		return "", false
	}
	return r.state.Why, false
}

// wayUp names the key that bids more: the raise as long as it stays within its limits.
func wayUp(env view.Env, r *row, why string) string {
	if unraised(env, r) != "" {
		return "b bids more"
	}
	return "h raises it" + why
}

// sinceWords is for how long it is outbid, and what that has cost.
func sinceWords(r *row, now time.Time) string {
	if r.since.IsZero() || now.Before(r.since) {
		return ""
	}
	text := " for " + figure.Span(now.Sub(r.since))
	if w := r.wasted(now); w > 0 {
		text += " (" + figure.Amount(float64(w)) + " for its disk)"
	}
	return text
}

// drawDetail is the detail of the bid under the cursor.
func (m *Model) drawDetail(env view.Env, w, h int) string {
	if w == 0 || h == 0 {
		return ""
	}
	r, ok := m.table.Cursor()
	if !ok {
		return fit.Block([]string{" no bid is selected"}, w, h)
	}
	return pane.Facts(env.Theme, "Bid "+r.ID.String(), facts(env, r), m.scroll, w, h)
}

// onDemandWords say what the same GPUs cost on demand, or why that is not known.
func onDemandWords(env view.Env, r *row) string {
	p := r.price
	switch {
	case p.Known():
		text := eachOf(r.Instance, p.Rate)
		if p.About {
			text = "about " + text + ", worked out from another number of GPUs"
		}
		return text + ", read " + figure.Age(max(0, env.Now.Sub(p.At)))
	case p.None:
		return "the machine is not offered on demand now"
	}
	if f, asked := env.Data.Listings[r.MachineID]; asked && f.Err != nil {
		return "not known: " + view.Sentence(f.Err)
	}
	return "not known yet: it is looked up while this view is shown"
}

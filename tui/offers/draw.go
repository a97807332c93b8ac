package offers

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/tabs"
	"vastdeck/vastapi"
)

// Draw shows the query line, the saved searches, the list or what stands in
// place of it, and what it all comes to.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	if s.H < 1 || s.W < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	top, saved := m.line.Draw(s.W), m.strip(env, s)
	bars := bars(env, s)
	h := max(0, s.H-bars)
	var f view.Frame
	var body string
	if m.page != nil {
		body, f.Cursor = m.page.draw(env, s.W, h)
		f.Cursor = lower(f.Cursor, bars-1)
	} else {
		body = m.body(env, m.split(env, s))
	}
	if saved != "" {
		body = saved + "\n" + body
	}
	f.Body = pane.Frame(top, body, m.status(env, s.W), s.H)
	if m.page != nil {
		return f
	}
	if lines, x := m.line.Popup(s.W, min(mostOffered, s.H/3)); len(lines) > 0 {
		at := m.belowMatches(env, len(lines), s)
		f.Body = fit.Lay(f.Body, lines, x, at, s.W)
		m.line.Laid(at)
	}
	if line := m.list.table.CursorLine(); line > 0 {
		f.Row = 1 + line + bars - 2
	}
	if c := m.line.Cursor(); c != nil {
		f.Cursor = tea.NewCursor(c.X, 0)
	}
	return f
}

// mostOffered is how many lines of completions cover the list, which is filtered
// while they are offered.
const mostOffered = 8

// belowMatches is the line where completions begin: at the lower edge of the list,
// where they hide the worst matches.
func (m *Model) belowMatches(env view.Env, lines int, s view.Size) int {
	return max(1, bars(env, s)-1+m.split(env, s).ListH-lines)
}

// body is the list with its detail.
func (m *Model) body(env view.Env, s pane.Split) string {
	facts := m.detailPane(env, s.DetailW, s.DetailH)
	if s.ListH == 0 && s.DetailH > 0 {
		return facts
	}
	return pane.Join(env.Theme, s, m.rows(env, s.ListW, s.ListH), facts)
}

// lower moves a cursor some lines down.
func lower(c *tea.Cursor, by int) *tea.Cursor {
	if c == nil {
		return nil
	}
	at := *c
	at.Y += by
	return &at
}

// bars are the lines that are not the list's: the query, the status and, when
// there are any and room for them, the saved searches.
func bars(env view.Env, s view.Size) int {
	if len(env.Data.Memory.Searches) > 0 && s.H >= leastStrip {
		return 3
	}
	return 2
}

// strip is the line of saved searches, "" when there are none or no room.
func (m *Model) strip(env view.Env, s view.Size) string {
	if bars(env, s) < 3 {
		return ""
	}
	return tabs.Strip(env.Theme, stripCaption, m.saved(env), s.W)
}

// stripCaption stands before the saved searches.
const stripCaption = "saved:"

// saved are the saved searches with what is known of them, in the order of the memory.
func (m *Model) saved(env view.Env) []tabs.Search {
	saved := env.Data.Memory.Searches
	items := make([]tabs.Search, 0, len(saved))
	for _, have := range saved {
		t := m.tally(have)
		n := -1
		if t.known {
			n = t.found
		}
		items = append(items, tabs.Search{Name: have.Name, Count: n, More: t.least, Old: t.old, Added: t.added, Removed: t.gone, Active: m.shows(have)})
	}
	return items
}

// leastStrip is the height below which saved searches have no line of their own.
const leastStrip = 14

// rows is the table, or sentences in place of an empty one.
func (m *Model) rows(env view.Env, w, h int) string {
	if m.list.table.Shown() > 0 {
		return m.list.table.Draw(w, h)
	}
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	f := m.market(env)
	switch {
	case m.list.table.Pending():
		say(theme.Dim, "sorting…")
	case m.list.table.Total() > 0:
		if m.clash != "" {
			say(theme.Warn, "Nothing can satisfy this query, so it is not sent: "+m.clash+".")
			say(theme.Dim, "Change one of the terms, or esc twice to clear the query.")
			break
		}
		say(theme.Plain, fmt.Sprintf("No offer here satisfies this query; %s are here.", figure.Count(m.list.table.Total())))
		if f.Err == nil && !m.bad && !m.search.here(m.query, f) {
			say(theme.Dim, "The market has more: the server is being asked.")
			break // what to drop is not known before the answer
		}
		if n := m.tooDear(); n > 0 {
			say(theme.Accent, "-   remove "+m.ceilingText()+" → "+figure.Plural(n, "offer"))
		}
		for i, s := range m.advised() {
			key := "    "
			if i == 0 && !s.Blocks {
				key = "-   "
			}
			say(theme.Accent, key+s.Sentence)
		}
		say(theme.Dim, "Take a term away, or esc twice to clear the query.")
	case f.Told() && f.Err == nil:
		say(theme.Plain, "The market has no such offer now.")
		say(theme.Dim, "Take a term away, e.g. "+m.query.query.String())
	case f.Err != nil:
		say(theme.Bad, view.Sentence(f.Err))
		say(theme.Dim, "It is asked again by itself; ctrl+r asks now.")
	default:
		say(theme.Dim, "loading "+offersOf(m.kind())+"…")
	}
	return pane.Notes(env.Theme, w, h, notes...)
}

func offersOf(k vastapi.RentalType) string {
	if k == vastapi.OnDemand {
		return "offers"
	}
	return kindName(k) + " offers"
}

// status says how much of the market is here and shown, for what prices are
// worked out, and what is the matter.
func (m *Model) status(env view.Env, w int) string {
	f := m.market(env)
	if !f.Told() {
		return env.Theme.Ink(theme.Dim).Paint(fit.Line(" "+kindName(m.kind()), w))
	}
	var parts []string
	part := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	part(m.pauseText(env))
	part(kindName(m.kind()))
	part(fmt.Sprintf("%s of %s offers shown", figure.Count(m.list.table.Shown()-m.list.gone), figure.Count(f.Value.Count())))
	part(m.extent(env))
	if m.list.gone > 0 {
		part(figure.Count(m.list.gone) + " GONE")
	}
	if m.list.table.Pending() {
		part("sorting")
	}
	part(m.line.Cut())
	part(m.note)
	if m.bad {
		part("what is marked in the query is not applied")
	}
	if m.clash != "" {
		part("not sent: " + m.clash)
	}
	part(m.explained())
	part(m.markedSum())
	if !m.list.table.SortVisible() {
		part(m.list.table.SortLabel())
	}
	if m.list.table.CursorVanished() && m.list.table.Shown() > 0 {
		part("the offer under the cursor has left the market")
	}
	if local := m.query.query.Local(); len(local) > 0 {
		part("checked here only: " + strings.Join(local, " "))
	}
	part("prices with a " + jobText(m.job()))
	part(m.odd(f.Value.Bad))
	part(watchLine(env))
	class := theme.Dim
	if m.paused {
		class = theme.Warn
	}
	if f.Err != nil {
		class = theme.Bad
		parts = append([]string{view.Sentence(f.Err)}, parts...)
	}
	return env.Theme.Ink(class).Paint(fit.Line(" "+strings.Join(parts, " · "), w))
}

// extent says how much of the market is here, when that is not all.
func (m *Model) extent(env view.Env) string {
	market := m.market(env).Value
	n := figure.Count(market.Count())
	switch {
	case m.search.walking:
		return n + " of more, loading"
	case m.search.skipped:
		return "the server has more at one price than it gives: narrow the query"
	case market.More:
		return n + " kept of more: narrow the query"
	}
	return ""
}

// odd counts the rows that are of no use.
func (m *Model) odd(bad int) string {
	var parts []string
	if bad > 0 {
		parts = append(parts, figure.Plural(bad, "row")+" could not be read")
	}
	if n := m.survey.unpriced; n > 0 {
		parts = append(parts, figure.Count(n)+" without a price")
	}
	return strings.Join(parts, ", ")
}

// explained says what the terms of the query come to while they are typed:
// regions, words and multipliers written out.
func (m *Model) explained() string {
	if !m.line.Focused() {
		return ""
	}
	return strings.Join(m.typed.Explain(), "; ")
}

// markedSum is what the marked offers cost together.
func (m *Model) markedSum() string {
	marked := m.list.table.Marked()
	if len(marked) == 0 {
		return ""
	}
	var sum float64
	gone := 0
	for _, r := range marked {
		if !r.Gone.IsZero() {
			gone++
			continue
		}
		sum += m.query.prices.headline(r.Offer)
	}
	here := len(marked) - gone
	switch {
	case gone == 0:
		return fmt.Sprintf("%s marked, %s together", figure.Count(here), figure.Rate(sum))
	case here == 0:
		return figure.Count(gone) + " marked, all GONE"
	}
	return fmt.Sprintf("%s marked, %s together, and %s GONE", figure.Count(here), figure.Rate(sum), figure.Count(gone))
}

// detailPane is the detail of the offer under the cursor.
func (m *Model) detailPane(env view.Env, w, h int) string {
	if w == 0 || h == 0 {
		return ""
	}
	r, ok := m.list.table.Peek()
	if !ok {
		return fit.Block([]string{" no offer is selected"}, w, h)
	}
	title := "Offer " + r.Offer.ID.String()
	if !r.Gone.IsZero() {
		title += ", GONE " + elapsed(env.Now.Sub(r.Gone))
	}
	return pane.Facts(env.Theme, title, m.facts(env, r.Offer), m.detail.scroll, w, h)
}

// elapsed says how long ago something was.
func elapsed(d time.Duration) string {
	if s := figure.Age(d); s != "now" {
		return s + " ago"
	}
	return "just now"
}

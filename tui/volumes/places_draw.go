package volumes

import (
	"fmt"
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// Mouse is what the mouse does on the line and the list; the line that says what is looked for stands in between.
func (p *placesPage) Mouse(env view.Env) listing.Mouse {
	sorted := func() view.Effect { return view.Join(p.arrange(env), p.remember()) }
	return listing.Mouse{
		Line: &p.line, Table: &p.table, Split: p.split(env.Size.W, env.Size.H), Top: 1,
		Press: func(k tea.Msg) view.Effect { return p.key(nil, env, k) },
		Leave: func() view.Effect { return p.enter(env) }, Moved: func() { p.home = false }, Sorted: sorted,
		Again: func() view.Effect { p.detail = !p.detail; return view.Effect{} },
	}
}

// split shares an area of w by h cells between the list and the detail.
func (p *placesPage) split(w, h int) pane.Split {
	return pane.Of(w, max(0, h-3), p.detail, view.Wide)
}

func (p *placesPage) draw(env view.Env, w, h int) (string, *tea.Cursor) {
	room := max(0, h-3)
	split := p.split(w, h)
	list := p.list(env, split.ListW, split.ListH)
	body := pane.Join(env.Theme, split, list, p.facts(env, split.DetailW, split.DetailH))
	lines := []string{p.line.Draw(w), p.head(env, w)}
	if room > 0 {
		lines = append(lines, strings.Split(body, "\n")...)
	}
	lines = append(lines, p.status(env, w))
	frame := strings.Join(lines[:h], "\n")
	if offered, x := p.line.Popup(w, min(listing.MostOffered, h/3)); len(offered) > 0 {
		at := max(1, 2+split.ListH-len(offered))
		frame = fit.Lay(frame, offered, x, at, w)
		p.line.Laid(at)
	}
	if c := p.line.Cursor(); c != nil {
		return frame, tea.NewCursor(c.X, 0)
	}
	return frame, nil
}

// head says what a place is looked for.
func (p *placesPage) head(env view.Env, w int) string {
	text := " Places for a new volume of " + size(p.size)
	if p.src != nil {
		text = fmt.Sprintf(" Places for a copy of volume %s, %s; it lies on machine %s", p.src.ID, size(p.src.Size), p.src.MachineID)
	}
	return env.Theme.Ink(theme.Strong).Paint(fit.Line(text+" · s changes the size", w))
}

func (p *placesPage) list(env view.Env, w, h int) string {
	if p.table.Shown() > 0 {
		return p.table.Draw(w, h)
	}
	var notes []pane.Note
	say := func(class theme.Class, text string) { notes = append(notes, pane.Note{Class: class, Text: text}) }
	switch {
	case p.clash != "":
		say(theme.Warn, "Nothing can satisfy this: "+p.clash+".")
	case p.table.Pending():
		say(theme.Dim, "sorting…")
	case p.failed != nil:
		say(theme.Bad, view.Sentence(p.failed))
		say(theme.Dim, "R asks again.")
	case p.busy:
		say(theme.Dim, "looking for places… searches are 5.5 s apart")
	case p.at.IsZero():
		say(theme.Dim, "nothing was asked yet: R asks")
	case len(p.rows) > 0:
		say(theme.Plain, "None of "+figure.Plural(len(p.rows), "place")+" that the server gave satisfies this search, or has room for "+size(p.size)+".")
		say(theme.Dim, "Take a term away, make it smaller (s), or press - to see what is asked for besides.")
	default:
		say(theme.Plain, "There is no place for a volume of "+size(p.size)+" that satisfies this search.")
		say(theme.Dim, "Take a term away, make it smaller (s), or press - to see what is asked for besides.")
	}
	return pane.Notes(env.Theme, w, h, notes...)
}

func (p *placesPage) status(env view.Env, w int) string {
	var parts []string
	if p.line.Focused() && !p.typed.Empty() {
		parts = append(parts, strings.Join(p.typed.Explain(), "; "))
	}
	if p.busy {
		parts = append(parts, "asking the server")
	}
	if p.line.Cut() != "" {
		parts = append(parts, p.line.Cut())
	}
	if p.bad && !p.line.Focused() {
		parts = append(parts, "what is marked in the line is not applied")
	}
	if p.failed != nil && p.table.Shown() > 0 {
		parts = append(parts, view.Sentence(p.failed))
	}
	if p.table.CursorVanished() && p.table.Shown() > 0 {
		parts = append(parts, "the place under the cursor is gone")
	}
	right := ""
	if !p.at.IsZero() {
		right = p.counted() + ", read " + ago(env.Now.Sub(p.at)) + " "
	}
	return env.Theme.Ink(theme.Dim).Paint(fit.Ends(strings.TrimSuffix(" "+strings.Join(parts, " · "), " "), w, right))
}

func (p *placesPage) facts(env view.Env, w, h int) string {
	if w == 0 || h == 0 {
		return ""
	}
	o, ok := p.table.Cursor()
	if !ok {
		return fit.Block([]string{" no place is selected"}, w, h)
	}
	return pane.Facts(env.Theme, "Machine "+o.MachineID.String(), placeOf(o, p.size), 0, w, h)
}

// placeOf is what is known of a place.
func placeOf(o *vastapi.Offer, wanted vastapi.GB) []pane.Fact {
	rate := o.StorageCost.Hourly(wanted)
	offered := "not told"
	if o.Duration > 0 && o.Duration.Hours() < math.MaxInt32 {
		offered = "for another " + figure.Span(o.Duration)
	}
	return []pane.Fact{
		{Label: "costs", Value: fmt.Sprintf("%s, %s a month for %s", figure.Rate(float64(rate)), amount(rate.Month()), size(wanted)), Class: theme.Money},
		{Label: "a GB", Value: perMonth(float64(o.StorageCost)) + " a month"},
		{Label: "room", Value: size(o.DiskSpace)},
		{Label: "offer", Value: fmt.Sprintf("%s on machine %s, host %s", o.ID, o.MachineID, o.HostID)},
		{Label: "reliability", Value: figure.Share(o.Reliability)},
		{Label: "offered", Value: offered},
		{Label: "network", Value: fmt.Sprintf("%s down, %s up", figure.Mbps(float64(o.InetDown)), figure.Mbps(float64(o.InetUp)))},
		{Label: "disk", Value: figure.Decimal(o.DiskBW, 0) + " MB/s"},
		{Label: "verified", Value: figure.Text(o.Verification.String())},
		{Label: "place", Value: figure.Text(place(o.Geolocation.String()))},
		{Label: "disk type", Value: figure.Text(o.DiskName.String()), Class: theme.Dim},
	}
}

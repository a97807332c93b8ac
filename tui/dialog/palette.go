package dialog

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/palette"
)

// Found is what a line of the palette finds.
type Found struct {
	Entries []palette.Entry // the best first
	Total   int             // how many fit in all
	Hint    string          // what may be typed, "" = what fits
	Problem string          // why the line cannot be done as it stands, "" = it can
	At      int             // the rune of the line that Problem is about
	Typing  bool            // the problem may only be that the line is not finished
}

// Palette is a line that finds what can be done, any view and anything known by an id.
type Palette struct {
	line    entry.Line
	search  func(string) Found
	found   Found
	at      int
	history palette.History
	said    string // why the chosen entry cannot be done
	asked   bool   // enter was pressed on the line as it stands
	still   bool   // the entries stay where they are drawn: the mouse is on one of them
	drawn   struct {
		y, rows int // the first line of the entries in the picture, and how many there were
		first   int // the entry there
	}
}

// maxPalette is how long a line may be, in runes.
const maxPalette = 1024

// NewPalette opens the palette with an empty line. search is called for each change
// of the line and must be quick; history are the lines used before, the newest first.
func NewPalette(history []string, search func(string) Found) *Palette {
	return &Palette{line: entry.New("", maxPalette, false), search: search, found: search(""), history: palette.NewHistory(history)}
}

// Line is what stands in the line.
func (d *Palette) Line() string { return d.line.Value() }

// Update takes what is typed. A paste fills the line and does nothing else.
func (d *Palette) Update(msg tea.Msg, _ time.Time) Outcome {
	if k, isKey := msg.(tea.KeyPressMsg); isKey {
		switch k.String() {
		case "esc":
			return Outcome{Verdict: Closed}
		case "enter":
			return d.pick()
		case "tab":
			d.complete()
			return Outcome{}
		case "up", "shift+tab":
			d.up()
			return Outcome{}
		case "down":
			d.down()
			return Outcome{}
		case "ctrl+p":
			d.recall(d.history.Older(d.line.Value()))
			return Outcome{}
		case "ctrl+n":
			d.recall(d.history.Newer())
			return Outcome{}
		case "pgdown":
			d.light(d.at + 10)
			return Outcome{}
		case "pgup":
			d.light(d.at - 10)
			return Outcome{}
		}
	}
	before := d.line.Value()
	d.line.Update(msg)
	if d.line.Value() != before {
		d.history.Leave()
		d.look()
	}
	return Outcome{}
}

// look searches for what the line says now.
func (d *Palette) look() {
	d.found, d.at, d.said, d.asked, d.still = d.search(d.line.Value()), 0, "", false, false
}

func (d *Palette) light(at int) {
	d.at, d.said, d.still = max(0, min(at, len(d.found.Entries)-1)), "", false
}

// up goes up in the list and, from its top, back in the history.
func (d *Palette) up() {
	if d.at > 0 && !d.history.Looking() {
		d.light(d.at - 1)
		return
	}
	d.recall(d.history.Older(d.line.Value()))
}

func (d *Palette) down() {
	if d.history.Looking() {
		d.recall(d.history.Newer())
		return
	}
	d.light(d.at + 1)
}

func (d *Palette) recall(line string, ok bool) {
	if ok {
		d.line.Set(line)
		d.look()
	}
}

// Lit is the entry under the cursor.
func (d *Palette) Lit() (palette.Entry, bool) {
	if d.at < len(d.found.Entries) {
		return d.found.Entries[d.at], true
	}
	return palette.Entry{}, false
}

// complete puts the entry under the cursor into the line.
func (d *Palette) complete() {
	if e, ok := d.Lit(); ok {
		d.line.Set(e.Completed())
		d.history.Leave()
		d.look()
	}
}

// pick answers with the entry under the cursor, or says why it cannot be done.
func (d *Palette) pick() Outcome {
	e, ok := d.Lit()
	d.asked = true
	switch {
	case !ok:
		return Outcome{}
	case d.at == 0 && d.found.Problem != "":
		return Outcome{}
	case e.Disabled != "":
		d.said = e.Disabled
		return Outcome{}
	}
	return Outcome{Verdict: Picked, Entry: e, Text: d.line.Value()}
}

// mostLines is how high the palette gets: one height, so that nothing jumps while
// somebody types.
const mostLines = 18

// Draw fills the width of a comfortable line.
func (d *Palette) Draw(th *theme.Theme, area view.Size, _ time.Time) Picture {
	w := width(area)
	in := inner(w)
	text, x := d.line.Draw(max(1, in-2))
	body := []string{th.Query.Prompt.Paint(": ") + text, d.message(th, in)}
	rows := max(1, min(area.H, mostLines)-2-len(body))
	first := d.first(rows)
	d.drawn.y, d.drawn.rows, d.drawn.first = 1+len(body), rows, first
	if len(d.found.Entries) == 0 {
		none := "  nothing is called so"
		if d.found.Problem != "" {
			none = ""
		}
		body = append(body, th.Dialog.Hint.Paint(fit.Cut(none, in)))
		body = append(body, make([]string, max(0, rows-1))...)
	} else {
		body = append(body, strings.Split(palette.Draw(th, d.found.Entries, first, d.at, in, rows), "\n")...)
	}
	b := box{title: "Go to, or do", body: body}
	p, _, _ := b.draw(th, area)
	if below := d.below(first, rows); below != "" && len(p.Lines) > 0 {
		p.Lines[len(p.Lines)-1] = edge(th, "╰", "╯", th.Dialog.Hint.Paint(fit.Cut(below, max(0, in-2))), w)
	}
	p.point(2+2+x, 1)
	return p
}

// first is the entry on the first of so many lines.
func (d *Palette) first(rows int) int {
	if n := d.drawn.first; d.still && d.drawn.rows == rows && d.at >= n && d.at < n+rows {
		return n
	}
	return palette.First(len(d.found.Entries), d.at, rows)
}

// below says how much there is beyond what is shown.
func (d *Palette) below(first, rows int) string {
	hidden := d.found.Total - min(len(d.found.Entries), first+rows)
	if hidden <= 0 {
		return ""
	}
	return "↓ " + itoa(hidden) + " more below"
}

// message is the line below the typed one: what is wrong with it and where, or what
// may be typed.
func (d *Palette) message(th *theme.Theme, w int) string {
	switch {
	case d.said != "":
		return th.Dialog.Error.Paint(fit.Cut("not now: "+d.said, w))
	case d.found.Problem != "" && (d.asked || !d.found.Typing):
		return th.Dialog.Error.Paint(fit.Cut(caret(d.found.Problem, d.found.At+2, w), w))
	case d.found.Hint != "":
		return th.Dialog.Hint.Paint(fit.Cut(d.found.Hint, w))
	}
	return th.Dialog.Hint.Paint(fit.Cut("enter does it · tab completes · ↑ what was done before · esc closes", w))
}

// caret puts a sentence beside a mark under the place that it is about.
func caret(text string, at, w int) string {
	at = max(0, min(at, w-1))
	switch n := fit.Width(text); {
	case at+2+n <= w:
		return fit.Spaces(at) + "^ " + text
	case n+2 <= at:
		return fit.Spaces(at-n-1) + text + " ^"
	}
	return "^ " + text
}

// Fill puts another line in place of what was typed.
func (d *Palette) Fill(line string) {
	d.line.Set(line)
	d.history.Leave()
	d.look()
}

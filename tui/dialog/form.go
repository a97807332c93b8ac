package dialog

import (
	"maps"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/fit"
)

// Form is a short form: fields, what follows from them, and the errors beside
// the fields. It keeps everything typed until it is closed.
type Form struct {
	form   view.Form
	lines  []entry.Line
	at     int // the focused field; len(lines) is the button
	errs   map[string]string
	failed string // why the last submission came back
	busy   bool   // handed in, waiting
}

// NewForm opens f with the first field focused.
func NewForm(f view.Form) *Form {
	d := &Form{form: f}
	for _, fd := range f.Fields {
		limit := fd.Limit
		if limit == 0 {
			limit = 256
		}
		d.lines = append(d.lines, entry.New(fd.Value, limit, false))
	}
	return d
}

// ID is the form's name.
func (d *Form) ID() string { return d.form.ID }

// Fail gives the form back to the user with the reason; its values stay.
func (d *Form) Fail(text string) { d.busy, d.failed = false, text }

// Wait shows that what was handed in is being worked out.
func (d *Form) Wait() { d.busy, d.failed = true, "" }

// Settle ends the waiting after a submission.
// The focus goes to the button: keys typed on are not meant for a field.
func (d *Form) Settle() { d.busy, d.at = false, len(d.lines) }

func (d *Form) values() view.Values {
	v := make(view.Values, len(d.lines))
	for i := range d.lines {
		v[d.form.Fields[i].Key] = d.lines[i].Value()
	}
	return v
}

// Update moves between the fields; enter goes to the next one and on the last
// hands the form in; esc closes it.
func (d *Form) Update(msg tea.Msg, _ time.Time) Outcome {
	k, isKey := msg.(tea.KeyPressMsg)
	if isKey {
		switch k.String() {
		case "esc":
			return Outcome{Verdict: Closed}
		case "tab", "down":
			d.move(1)
			return Outcome{}
		case "shift+tab", "up":
			d.move(-1)
			return Outcome{}
		case "enter":
			if d.at < len(d.lines)-1 {
				d.move(1)
				return Outcome{}
			}
			return d.submit()
		}
	}
	if _, isPaste := msg.(tea.PasteMsg); d.busy || d.at >= len(d.lines) || (!isKey && !isPaste) {
		return Outcome{}
	}
	d.lines[d.at].Update(msg)
	d.failed = ""
	if len(d.errs) > 0 {
		d.errs = d.check()
	}
	return Outcome{}
}

func (d *Form) move(n int) {
	size := len(d.lines) + 1
	d.at = ((d.at+n)%size + size) % size
}

func (d *Form) check() map[string]string {
	if d.form.Check == nil {
		return nil
	}
	return maps.Clone(d.form.Check(d.values()))
}

func (d *Form) submit() Outcome {
	if d.busy {
		return Outcome{}
	}
	d.failed = ""
	if d.errs = d.check(); len(d.errs) > 0 {
		for i, f := range d.form.Fields {
			if d.errs[f.Key] != "" {
				d.at = i
				break
			}
		}
		return Outcome{}
	}
	d.busy = true
	return Outcome{Verdict: Submitted, Form: d.form, Values: d.values()}
}

// Draw shows the fields with their errors, the panel and the button.
func (d *Form) Draw(th *theme.Theme, area view.Size, _ time.Time) Picture {
	w := inner(width(area))
	var body []string
	if len(d.form.Intro) > 0 {
		body = append(pairs(th, d.form.Intro, w), "")
	}
	label := 0
	for _, f := range d.form.Fields {
		label = max(label, fit.Width(f.Label))
	}
	label = min(label, w/3)
	var cursor *Point
	focusRow := 0
	for i, f := range d.form.Fields {
		row, x := d.field(th, i, label, w)
		if i == d.at {
			focusRow = len(body)
			cursor = &Point{X: x, Y: len(body)}
		}
		body = append(body, row)
		if e := d.errs[f.Key]; e != "" {
			for _, l := range fit.Wrap(e, max(1, w-label-4)) {
				body = append(body, fit.Spaces(label+4)+th.Dialog.Error.Paint(l))
			}
		} else if i == d.at && f.Help != "" {
			for _, l := range fit.Wrap(f.Help, max(1, w-label-4)) {
				body = append(body, fit.Spaces(label+4)+th.Dialog.Hint.Paint(l))
			}
		}
	}
	if d.form.Panel != nil {
		body = append(body, "")
		body = append(body, pairs(th, d.form.Panel(d.values()), w)...)
	}
	b := box{title: d.form.Title, body: body, foot: d.foot(th, w)}
	b.scroll = d.follow(area, focusRow, len(body), len(b.foot))
	p, footAt, _ := b.draw(th, area)
	if cursor != nil && !d.busy {
		y := cursor.Y - b.scroll + 1
		if y >= 1 && y < footAt {
			p.point(cursor.X+2, y)
		}
	}
	return p
}

// follow is how far the body is scrolled so that the focused field is seen.
func (d *Form) follow(area view.Size, row, rows, foot int) int {
	room := max(1, area.H-2-foot)
	if d.at >= len(d.lines) {
		row = rows - 1
	}
	return max(0, min(row-room+2, rows-room))
}

func (d *Form) field(th *theme.Theme, i, label, w int) (string, int) {
	f := d.form.Fields[i]
	room := max(1, w-label-4)
	unit := ""
	if f.Unit != "" && room > fit.Width(f.Unit)+8 {
		unit = " " + f.Unit
	}
	text, x := d.lines[i].Draw(room - fit.Width(unit))
	ink := th.Dialog.Label
	mark := "  "
	if i == d.at {
		ink, mark = th.Ink(theme.Accent), "▸ "
	}
	if label < 4 {
		mark = ""
	}
	return ink.Paint(fit.Line(mark+f.Label, label+2)) + "  " + text + th.Dialog.Hint.Paint(unit), label + 4 + x
}

func (d *Form) foot(th *theme.Theme, w int) []string {
	lines := []string{""}
	switch {
	case d.busy:
		lines = append(lines, th.Ink(theme.Accent).Paint("● reading the price again…"))
	case d.failed != "":
		for _, l := range fit.Wrap(d.failed, w) {
			lines = append(lines, th.Dialog.Error.Paint(l))
		}
	}
	ink := th.Dialog.Button
	if d.at >= len(d.lines) {
		ink = th.Dialog.Focus
	}
	hint := "tab next · esc close"
	return append(lines, ink.Paint(" "+d.form.Button+" ")+"  "+th.Dialog.Hint.Paint(hint))
}

package dialog

import (
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// A form with a panel is laid out in two columns from this width on.
const twoColumns = 108

func itoa(n int) string { return strconv.Itoa(n) }

// drawing is a form on its way to the screen.
type drawing struct {
	lines  []string
	cursor *Point
	focus  int   // the line of the focused field
	owner  []int // the field that each line belongs to, as far as they belong to one; else -1

	offers, offered int // the first line of the options that are listed, and how many there are
}

// owned says whose the lines are that have no owner yet.
func (b *drawing) owned(field int) {
	for len(b.owner) < len(b.lines) {
		b.owner = append(b.owner, field)
	}
}

// Draw shows the fields with their errors, the panel and the button.
func (d *Form) Draw(th *theme.Theme, area view.Size, _ time.Time) Picture {
	beside := d.form.Panel != nil && area.W >= twoColumns
	b := box{title: d.form.Title, wide: beside}
	w := inner(b.width(area))
	var body drawing
	if beside {
		left := w*3/5 - 1
		body = d.body(th, left)
		body.join(pairs(th, d.form.Panel(d.values()), w-left-3), left, th)
	} else {
		body = d.body(th, w)
		if d.form.Panel != nil {
			body.lines = append(body.lines, "")
			body.lines = append(body.lines, pairs(th, d.form.Panel(d.values()), w)...)
		}
	}
	b.body, b.foot = body.lines, d.foot(th, w)
	if d.form.Sum != nil && !beside {
		b.foot = append([]string{"", th.Ink(theme.Money).Paint(fit.Cut(d.form.Sum(d.values()), w))}, b.foot[1:]...)
	}
	b.scroll = d.follow(area, body.focus, len(body.lines), len(b.foot))
	p, footAt, _ := b.draw(th, area)
	d.drawn = drawnForm{owner: body.owner, scroll: b.scroll, foot: footAt, last: len(p.Lines) - 2, offers: body.offers, offered: body.offered, left: w + 2}
	if beside {
		d.drawn.left = w*3/5 + 1
	}
	if body.cursor != nil && !d.busy {
		if y := body.cursor.Y - b.scroll + 1; y >= 1 && y < footAt {
			p.point(body.cursor.X+2, y)
		}
	}
	return p
}

// join puts a second column beside the lines.
func (b *drawing) join(right []string, w int, th *theme.Theme) {
	for len(b.lines) < len(right) {
		b.lines = append(b.lines, "")
	}
	bar := th.Dialog.Hint.Paint("│")
	for i, l := range b.lines {
		side := ""
		if i < len(right) {
			side = right[i]
		}
		b.lines[i] = fit.Line(l, w) + " " + bar + " " + side
	}
}

// body draws the fields that apply, with what belongs to them.
func (d *Form) body(th *theme.Theme, w int) drawing {
	var b drawing
	if len(d.form.Intro) > 0 {
		b.lines = append(pairs(th, d.form.Intro, w), "")
	}
	v := d.values()
	label := 0
	for i := range d.fields {
		if d.applies(i, v) {
			label = max(label, fit.Width(d.fields[i].def.Label))
		}
	}
	label = min(label, w/3)
	for i := range d.fields {
		if !d.applies(i, v) {
			continue
		}
		if s := d.fields[i].def.Section; s != "" {
			if n := len(b.lines); n > 0 && b.lines[n-1] != "" {
				b.lines = append(b.lines, "")
			}
			b.lines = append(b.lines, th.Ink(theme.Strong).Paint(fit.Cut(s, w)))
		}
		b.owned(nobody)
		d.row(th, &b, i, label, w)
		b.owned(i)
	}
	if d.at >= len(d.fields) {
		b.focus = len(b.lines) - 1
	}
	return b
}

// row draws one field, and below it its mistake, else what helps to fill it in.
func (d *Form) row(th *theme.Theme, b *drawing, i, label, w int) {
	f, focused := &d.fields[i], i == d.at
	row, x := d.line(th, f, focused, label, w)
	if focused {
		b.focus = len(b.lines)
		if x >= 0 {
			b.cursor = &Point{X: x, Y: len(b.lines)}
		}
	}
	b.lines = append(b.lines, row)
	below := func(ink theme.Ink, text string) {
		for _, l := range fit.Wrap(text, max(1, w-label-4)) {
			b.lines = append(b.lines, fit.Spaces(label+4)+ink.Paint(l))
		}
	}
	if text := d.mistake(i); text != "" {
		below(th.Dialog.Error, text)
	}
	if !focused {
		return
	}
	if d.mistake(i) == "" && f.def.Help != "" {
		below(th.Dialog.Hint, f.def.Help)
	}
	if f.def.Kind == view.Choice {
		if h := f.def.Options; len(h) > 0 && h[f.chosen].Help != "" {
			below(th.Dialog.Hint, h[f.chosen].Help)
		}
	}
	d.offers(th, b, f, label, w)
}

// offers lists what the line that is being typed may become.
func (d *Form) offers(th *theme.Theme, b *drawing, f *field, label, w int) {
	if f.chosen < 0 && f.value() == "" {
		return // the arrow opens the list; a form is not covered with lists unasked
	}
	room := max(1, w-label-4)
	b.offers = len(b.lines)
	for n, o := range f.offered(mostOffered) {
		ink, mark := th.Dialog.Text, "  "
		if n == f.chosen {
			ink, mark = th.Dialog.Focus, "▸ "
		}
		text := mark + o.Shown()
		if o.Help != "" {
			text += "  " + o.Help
		}
		b.lines = append(b.lines, fit.Spaces(label+4)+ink.Paint(fit.Cut(text, room)))
		if n == f.chosen {
			b.focus = len(b.lines) - 1
		}
		b.offered++
	}
}

// line draws the label and the value; x is the cell of the text cursor, -1 = none.
func (d *Form) line(th *theme.Theme, f *field, focused bool, label, w int) (string, int) {
	room := max(1, w-label-4)
	unit := ""
	if f.def.Unit != "" && room > fit.Width(f.def.Unit)+8 {
		unit = " " + f.def.Unit
	}
	text, x := f.draw(th, room-fit.Width(unit), focused)
	ink := th.Dialog.Label
	mark := "  "
	if focused {
		ink, mark = th.Ink(theme.Accent), "▸ "
	}
	if label < 4 {
		mark = ""
	}
	if x >= 0 {
		x += label + 4
	}
	return ink.Paint(fit.Line(mark+f.def.Label, label+2)) + "  " + text + th.Dialog.Hint.Paint(unit), x
}

// follow is how far the body is scrolled so that the focused field is seen.
func (d *Form) follow(area view.Size, row, rows, foot int) int {
	room := max(1, area.H-2-foot)
	if d.at >= len(d.fields) {
		row = rows - 1
	}
	// Two lines below the field stay visible for its help.
	return max(0, min(row-room+3, rows-room))
}

func (d *Form) foot(th *theme.Theme, w int) []string {
	lines := []string{""}
	switch {
	case d.busy:
		text := d.form.Busy
		if d.pending {
			text = "reading the file…"
		}
		if text == "" {
			text = "working it out…"
		}
		lines = append(lines, th.Ink(theme.Accent).Paint("● "+text))
	case d.failed != "":
		for _, l := range fit.Wrap(d.failed, w) {
			lines = append(lines, th.Dialog.Error.Paint(l))
		}
	}
	ink := th.Dialog.Button
	if d.at >= len(d.fields) {
		ink = th.Dialog.Focus
	}
	return append(lines, ink.Paint(" "+d.form.Button+" ")+"  "+th.Dialog.Hint.Paint(fit.Cut(d.hint(), max(0, w-fit.Width(d.form.Button)-4))))
}

// hint names the keys that work here.
func (d *Form) hint() string {
	keys := []string{"tab next"}
	if d.at < len(d.fields) {
		f := &d.fields[d.at]
		switch {
		case f.def.Kind == view.Choice:
			keys = append(keys, "←→ choose")
		case f.def.Kind == view.Toggle:
			keys = append(keys, "space turns it")
		case f.def.Kind == view.Lines:
			keys = append(keys, "ctrl+e editor")
		case f.chosen >= 0:
			keys = []string{"tab take it"}
		case len(f.offered(1)) > 0:
			keys = append(keys, "↓ choose")
		}
	}
	if len(d.fields) > 3 {
		keys = append(keys, "ctrl+s done")
	}
	keys = append(keys, "esc close")
	for _, k := range d.form.Keys {
		keys = append(keys, k.Key+" "+k.Label)
	}
	return strings.Join(keys, " · ")
}

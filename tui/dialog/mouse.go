package dialog

import "time"

// nobody owns a line that belongs to no field.
const nobody = -1

// drawnForm is where the parts of a form stood when it was drawn last, in lines of its picture.
type drawnForm struct {
	owner  []int // the field that each line of the body belongs to
	scroll int   // lines of the body above the first one drawn
	foot   int   // first line below the body
	last   int   // the line of the button

	offers, offered int // the first line of the body with an option to choose, and how many there are
	left            int // the cell behind the column of the fields
}

// Click moves the focus to the field, or to the button, that was clicked. An option that is listed below a line is lit, and
// taken when it was lit already. Nothing is handed in.
func (d *Form) Click(x, y int, _ time.Time) Hit {
	if d.busy || x >= d.drawn.left && y != d.drawn.last {
		return Heeded
	}
	switch line := y - 1 + d.drawn.scroll; {
	case y == d.drawn.last:
		d.focusOn(len(d.fields))
	case y < 1 || y >= d.drawn.foot || line < 0 || line >= len(d.drawn.owner) || d.drawn.owner[line] == nobody:
	case line >= d.drawn.offers && line < d.drawn.offers+d.drawn.offered && d.drawn.owner[line] == d.at:
		d.light(line - d.drawn.offers)
	default:
		d.focusOn(d.drawn.owner[line])
	}
	return Heeded
}

// light lights an option of the line that has the focus, or takes it.
func (d *Form) light(n int) {
	f := &d.fields[d.at]
	if f.chosen != n {
		f.chosen = n
		return
	}
	if f.take() {
		d.touched = true
		d.changed(f.def.Key)
	}
}

// focusOn moves the focus. What was lit in a line that is left is not chosen by that.
func (d *Form) focusOn(at int) {
	if at == d.at {
		return
	}
	if d.at < len(d.fields) {
		f := &d.fields[d.at]
		f.left, f.chosen = true, keptChoice(f)
	}
	d.at = at
}

// Lossless reports whether nothing has been filled in since the form was opened.
func (d *Form) Lossless() bool { return !d.busy && !d.touched }

// span is where a button stands in a picture: a line, and the cells from and to, exclusive.
type span struct{ y, from, to int }

func (s span) holds(x, y int) bool { return y == s.y && x >= s.from && x < s.to }

// Click on the button that keeps all as it is cancels. On the one that agrees it moves the focus there and never presses
// it: what agrees is a key, and not one that comes right after the click.
func (c *Confirm) Click(x, y int, now time.Time) Hit {
	calm := now.Sub(c.opened) >= c.grace && (!c.asleep || now.Sub(c.last) >= c.grace)
	c.last = now
	if !calm {
		return Heeded // it was meant for what was there before
	}
	c.asleep = false
	if c.typed() || len(c.moved) > 0 || c.barred() != "" {
		return Heeded
	}
	switch {
	case c.buttons[0].holds(x, y):
		return Cancel
	case c.buttons[1].holds(x, y):
		c.agree = true
	}
	return Heeded
}

// Lossless reports whether no words have been typed, and the question has been looked at for a moment.
func (c *Confirm) Lossless() bool { return !c.asleep && c.line.Value() == "" }

// Click on the button that keeps all as it is takes the plan back.
func (d *Hold) Click(x, y int, _ time.Time) Hit {
	if d.keep.holds(x, y) {
		return Cancel
	}
	return Heeded
}

// Click moves the cursor to the entry that was clicked. One that the cursor was on already is done if it only shows
// something.
func (d *Palette) Click(_, y int, _ time.Time) Hit {
	at := d.drawn.first + y - d.drawn.y
	if y < d.drawn.y || at < d.drawn.first || at >= min(len(d.found.Entries), d.drawn.first+d.drawn.rows) {
		return Heeded
	}
	was := d.at
	d.light(at)
	d.still = true
	if was == at {
		return Look
	}
	return Heeded
}

// Wheel goes so many entries down, or up when n is negative.
func (d *Palette) Wheel(n int) { d.light(d.at + n) }

// Lossless reports whether nothing is typed.
func (d *Palette) Lossless() bool { return d.line.Value() == "" }

// Click puts the cursor on the notice that was clicked. One that it was on already is gone to.
func (d *Notices) Click(_, y int, _ time.Time) Hit {
	if y < 1 || y > len(d.rows) || d.rows[y-1] == 0 {
		return Heeded
	}
	list, was := d.list(), d.at
	if i := d.place(list); i < len(list) {
		was = list[i].Number
	}
	if d.at = d.rows[y-1]; d.at == was {
		return Look
	}
	return Heeded
}

// Lossless is always so: there is nothing to type.
func (d *Notices) Lossless() bool { return true }

// Lossless reports whether no filter is typed.
func (d *Help) Lossless() bool { return d.line.Value() == "" }

// Lossless reports whether nothing is searched for.
func (d *Printout) Lossless() bool { return !d.text.Searching() }

// Wheel scrolls the text.
func (d *Printout) Wheel(n int) { d.text.Wheel(n) }

// Lossless is always so: staying loses nothing.
func (d *Quit) Lossless() bool { return true }

// Lossless is always so: what is under way goes on, and what came of it is in the activity.
func (d *Progress) Lossless() bool { return true }

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
}

// Click moves the focus to the field, or to the button, that was clicked. It fills nothing in and
// hands nothing in.
func (d *Form) Click(_, y int, _ time.Time) {
	if d.busy {
		return
	}
	switch line := y - 1 + d.drawn.scroll; {
	case y == d.drawn.last:
		d.at = len(d.fields)
	case y < 1 || y >= d.drawn.foot || line < 0 || line >= len(d.drawn.owner):
	case d.drawn.owner[line] != nobody:
		d.at = d.drawn.owner[line]
	}
}

// span is where a button stands in a picture: a line, and the cells from and to, exclusive.
type span struct{ y, from, to int }

func (s span) holds(x, y int) bool { return y == s.y && x >= s.from && x < s.to }

// Click moves the focus to the button that was clicked and never presses it. What agrees is a key,
// and not one that comes right after the click.
func (c *Confirm) Click(x, y int, now time.Time) {
	awake := !c.asleep || now.Sub(c.last) >= c.grace
	c.last = now
	if !awake {
		return // it was meant for what was there before
	}
	c.asleep = false
	if c.typed() || len(c.moved) > 0 || c.barred() != "" {
		return
	}
	switch {
	case c.buttons[0].holds(x, y):
		c.agree = false
	case c.buttons[1].holds(x, y):
		c.agree = true
	}
}

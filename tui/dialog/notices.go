package dialog

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// Notice is something that the user was told of.
type Notice struct {
	Number int // of this run, from 1
	At     time.Time
	Level  theme.Level
	Kind   string // one word: "outbid", "credit"
	About  string // the instance or machine, "" = none, or several
	Text   string // a sentence, inert
	Read   bool
}

// Notices lists what the user was told of. It looks at the list anew each time, so that what is told
// meanwhile stands in it.
type Notices struct {
	list func() []Notice // the newest first
	at   int             // number of the notice under the cursor, 0 = the newest
	top  int             // first notice drawn
	rows []int           // number of the notice that each line of the body belongs to, as drawn last
	page int             // notices on the screen, as drawn last
}

// NewNotices opens the list.
func NewNotices(list func() []Notice) *Notices { return &Notices{list: list, page: 1} }

// Update moves, marks as read and leads to what a notice is about.
func (d *Notices) Update(msg tea.Msg, _ time.Time) Outcome {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return Outcome{}
	}
	list := d.list()
	at := d.place(list)
	switch k.String() {
	case "esc", "ctrl+n", "q":
		return Outcome{Verdict: Closed}
	case "up", "k":
		d.move(list, at-1)
	case "down", "j":
		d.move(list, at+1)
	case "pgup":
		d.move(list, at-max(1, d.page))
	case "pgdown":
		d.move(list, at+max(1, d.page))
	case "g", "home":
		d.move(list, 0)
	case "G", "end":
		d.move(list, len(list)-1)
	case "a":
		return Outcome{Verdict: ReadAll}
	case "x":
		return Outcome{Verdict: ClearRead}
	case "space", "r":
		if len(list) > 0 {
			return Outcome{Verdict: ReadOne, Number: list[at].Number}
		}
	case "enter":
		if len(list) > 0 {
			return Outcome{Verdict: Went, Number: list[at].Number}
		}
	}
	return Outcome{}
}

// place is where the cursor is. A notice that was dropped leaves it on the oldest.
func (d *Notices) place(list []Notice) int {
	if d.at == 0 {
		return 0
	}
	for i, n := range list {
		if n.Number <= d.at {
			return i
		}
	}
	return max(0, len(list)-1)
}

func (d *Notices) move(list []Notice, to int) {
	if len(list) > 0 {
		d.at = list[max(0, min(to, len(list)-1))].Number
	}
}

// Draw shows as many notices around the cursor as there is room for, each in full.
func (d *Notices) Draw(th *theme.Theme, area view.Size, now time.Time) Picture {
	w := inner(width(area))
	list := d.list()
	unread := 0
	for _, n := range list {
		if !n.Read {
			unread++
		}
	}
	d.rows = nil
	if len(list) == 0 {
		return d.drawEmpty(th, area, w)
	}
	foot := []string{"", th.Dialog.Hint.Paint(fit.Cut(noticeKeys(unread, len(list)), w))}
	b := box{title: "Notices of this run: " + counted(len(list), unread), foot: foot}
	at, room := d.place(list), max(1, area.H-2-len(foot))
	d.top = min(d.top, at)
	for d.top < at && d.height(list[d.top:at+1], w) > room {
		d.top++
	}
	d.page = 0
	for i := d.top; i < len(list); i++ {
		lines := d.lines(th, list[i], i == at, now, w)
		if len(b.body)+len(lines) > room && i > d.top {
			break
		}
		b.body = append(b.body, lines...)
		for range lines {
			d.rows = append(d.rows, list[i].Number)
		}
		d.page++
	}
	d.rows = d.rows[:min(len(d.rows), room)]
	p, _, _ := b.draw(th, area)
	return p
}

// nothingYet is what stands in an empty list.
const nothingYet = "Nothing yet. What happens by itself will be noted here: an instance that is outbid, ready, stuck, idle, gone or nearly out of disk; " +
	"a host that asks for more; a contract that ends; credit that runs low; a watched offer that comes up or gets cheap enough."

// drawEmpty says what will be noted.
func (d *Notices) drawEmpty(th *theme.Theme, area view.Size, w int) Picture {
	b := box{title: "Notices of this run: none yet", foot: []string{"", th.Dialog.Hint.Paint(fit.Cut("esc closes", w))}}
	for _, l := range fit.Wrap(nothingYet, max(1, w)) {
		b.body = append(b.body, th.Dialog.Text.Paint(l))
	}
	p, _, _ := b.draw(th, area)
	return p
}

// counted says how many there are and how many of them nobody has looked at.
func counted(all, unread int) string {
	switch {
	case unread == 0:
		return fmt.Sprintf("%d, all read", all)
	case unread == all:
		return fmt.Sprintf("%d, none read", all)
	}
	return fmt.Sprintf("%d, %d of them not read", all, unread)
}

// noticeKeys are the keys that do something.
func noticeKeys(unread, all int) string {
	text := "enter goes there · space marks as read"
	if unread > 0 {
		text += " · a marks all"
	}
	if unread < all {
		text += " · x clears those read"
	}
	return text + " · esc closes"
}

// height is how many lines notices take.
func (d *Notices) height(list []Notice, w int) (n int) {
	for _, one := range list {
		n += 1 + len(d.wrapped(one, w))
	}
	return n
}

// indent is where the sentence of a notice begins.
const indent = 4

func (d *Notices) wrapped(n Notice, w int) []string { return fit.Wrap(n.Text, max(1, w-indent)) }

// lines are a notice: when, what it is and about what, and below that its sentence.
func (d *Notices) lines(th *theme.Theme, n Notice, on bool, now time.Time, w int) []string {
	ground, pointer := theme.OnBase, "  "
	if on {
		ground, pointer = theme.OnSelected, "▸ "
	}
	mark := "●"
	if n.Read {
		mark = " "
	}
	head := pointer + mark + " " + th.Toast.Glyph[n.Level] + " " + told(n.At, now) + "  " + n.Kind
	if n.About != "" {
		head += "  " + n.About
	}
	ink := th.InkOn(ground, classOf(n.Level))
	if n.Read {
		ink = th.InkOn(ground, theme.Muted)
	}
	lines := []string{ink.Paint(fit.Line(head, w))}
	for _, l := range d.wrapped(n, w) {
		lines = append(lines, fit.Spaces(indent)+th.Dialog.Text.Paint(l))
	}
	return lines
}

// told is the time of the day, with the day when that is another one.
func told(at, now time.Time) string {
	at, now = at.Local(), now.Local()
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return at.Format("15:04:05")
	}
	return at.Format("Jan 02 15:04:05")
}

func classOf(l theme.Level) theme.Class {
	switch l {
	case theme.Success:
		return theme.Good
	case theme.Warning:
		return theme.Warn
	case theme.Failure:
		return theme.Bad
	}
	return theme.Accent
}

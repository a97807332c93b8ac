package table

import (
	"time"

	"vastdeck/tui/theme"
)

// defaultFlash is how long a changed figure is shown as such.
const defaultFlash = 2 * time.Second

// painter keeps what has been drawn, so that it is drawn again only when it must be.
type painter[K comparable] struct {
	layout layout
	lines  map[K]*line
	cells  uint64 // counts the times that all cells became outdated
	news   uint64 // counts the calls of SetRows
	frame  uint64 // counts the drawings

	last     string // the last drawing
	lastH    int
	current  bool // last is still what would be drawn
	now      time.Time
	flashFor time.Duration
	nextEnd  time.Time    // of the flashes in last; zero when there is none
	due      map[K]string // columns that flash when their row is drawn
}

// line is one row as it was last drawn.
type line struct {
	text    string
	state   state
	cells   []cell
	asked   uint64 // painter.cells when the cells were asked
	news    uint64 // painter.news when the cells were asked
	frame   uint64 // painter.frame when the line was last on the screen
	flashes int    // cells that were drawn as changed
}

// cell is one cell of a line: what the column said and until when it counts as changed.
type cell struct {
	text  string
	class theme.Class
	found [][2]int // bytes of text
	until time.Time
}

// state is what a row looks like beside its cells.
type state struct{ cursor, vanished, marked bool }

func (s state) ground() theme.Ground {
	switch {
	case s.cursor && s.marked:
		return theme.OnBoth
	case s.cursor:
		return theme.OnSelected
	case s.marked:
		return theme.OnMarked
	}
	return theme.OnBase
}

// touch says that cursor, marks, order or window have changed; the lines are still good.
func (p *painter[K]) touch() { p.current = false }

// invalidate says that cells may differ.
func (p *painter[K]) invalidate() {
	p.cells++
	p.current = false
}

// newRows says that there are new rows, against which changes can be seen.
func (p *painter[K]) newRows() {
	p.news++
	p.invalidate()
}

// reset forgets every line.
func (p *painter[K]) reset() {
	clear(p.lines)
	p.layout = layout{}
	p.current = false
}

func (p *painter[K]) setNow(now time.Time) {
	p.now = now
	if !p.nextEnd.IsZero() && !now.Before(p.nextEnd) {
		p.current = false
	}
}

// changed reports whether c is within its flash.
func (p *painter[K]) changed(c cell) bool { return !c.until.IsZero() && p.now.Before(c.until) }

// forget drops lines that have long been off the screen, once there are many.
func (p *painter[K]) forget(visible int) {
	if len(p.lines) <= 8*visible+256 {
		return
	}
	for key, l := range p.lines {
		if l.frame != p.frame {
			delete(p.lines, key)
		}
	}
}

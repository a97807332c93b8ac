package table

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
)

const (
	cursorMark   = "▌"
	vanishedMark = "?"
	markedMark   = "●"
	ascending    = "▲"
	descending   = "▼"
)

// Draw returns the table in exactly h lines of w cells: the header, the rows around the cursor, and
// blank lines below them. It keeps what it has drawn.
func (m *Model[K, T]) Draw(w, h int) string {
	if w <= 0 || h <= 0 {
		return strings.Repeat("\n", max(0, h-1))
	}
	p := &m.paint
	if p.layout.width != w {
		p.reset()
		p.layout = newLayout(m.sized(), m.view, w)
	}
	if p.current && p.lastH == h {
		return p.last
	}
	m.place(h - 1)
	p.frame++
	p.nextEnd = noTime
	var b strings.Builder
	b.Grow(len(p.last) + 256)
	b.WriteString(m.header(w))
	for i := range m.visible {
		b.WriteByte('\n')
		if pos := m.top + i; pos < len(m.shown) {
			b.WriteString(m.row(pos).text)
		} else {
			b.WriteString(fit.Spaces(w))
		}
	}
	p.forget(m.visible)
	p.last, p.lastH, p.current = b.String(), h, true
	return p.last
}

// HeaderAt returns the id of the column whose title is drawn at cell x of the header.
func (m *Model[K, T]) HeaderAt(x int) (id string, ok bool) {
	for _, c := range m.paint.layout.cols {
		if x >= c.x && x < c.x+c.width {
			return m.cols[c.col].ID, true
		}
	}
	return "", false
}

// RowAt returns the key of the row drawn on line y, where 0 is the header.
func (m *Model[K, T]) RowAt(y int) (key K, ok bool) {
	pos := m.top + y - 1
	if y < 1 || y > m.visible || pos >= len(m.shown) {
		return key, false
	}
	return m.keys[m.shown[pos]], true
}

// place moves the window, no further than needed, so that the cursor is in its n lines.
func (m *Model[K, T]) place(n int) {
	m.visible = n
	if m.cursor.pos >= m.top+n {
		m.top = m.cursor.pos - n + 1
	}
	m.top = clamp(min(m.top, m.cursor.pos), 0, len(m.shown)-n)
}

// row returns a shown row as a line, drawn anew only when something about it has changed.
func (m *Model[K, T]) row(pos int) *line {
	p := &m.paint
	i := m.shown[pos]
	key := m.keys[i]
	l, seen := p.lines[key]
	if !seen {
		l = &line{cells: make([]cell, len(p.layout.cols))}
		p.lines[key] = l
	}
	fresh := !seen || l.asked != p.cells
	if fresh {
		m.ask(l, i, seen)
		m.flashDue(key, l)
	}
	flashes := p.count(l)
	s := state{cursor: pos == m.cursor.pos, marked: m.marks.has(i)}
	s.vanished = s.cursor && m.cursor.gone
	if fresh || l.state != s || l.flashes != flashes {
		l.state, l.flashes = s, flashes
		l.text = m.paintRow(l)
	}
	l.frame = p.frame
	return l
}

// ask fills the cells of a line. A figure has changed when the line was on the screen with the rows
// before these: what the user has not seen before cannot change before his eyes.
func (m *Model[K, T]) ask(l *line, i int32, seen bool) {
	p := &m.paint
	compare := seen && l.news+1 == p.news && !p.now.IsZero()
	row := m.rows[i]
	class := theme.Plain
	if m.RowClass != nil {
		class = m.RowClass(row)
	}
	if class == theme.Dim {
		class = theme.Muted // also under the cursor, where Dim would be as Plain
	}
	for n, c := range p.layout.cols {
		text, own := m.cols[c.col].Cell(row)
		if cut := m.cols[c.col].Cut; cut != nil && fit.Width(text) > c.width {
			text = cut(text, c.width)
		}
		if class != theme.Plain {
			own = class
		}
		old := l.cells[n]
		until := old.until
		if compare && m.cols[c.col].steady(text) != m.cols[c.col].steady(old.text) {
			until = p.now.Add(p.flashFor)
		}
		l.cells[n] = cell{text: text, class: own, until: until}
		if m.Found != nil && class != theme.Muted {
			l.cells[n].found = m.Found(m.cols[c.col].ID, text)
		}
	}
	l.asked, l.news = p.cells, p.news
}

// flashDue begins the flash that waits for the row to be drawn.
func (m *Model[K, T]) flashDue(key K, l *line) {
	p := &m.paint
	column, due := p.due[key]
	if !due || p.now.IsZero() {
		return
	}
	delete(p.due, key)
	for n, c := range p.layout.cols {
		if m.cols[c.col].ID == column {
			l.cells[n].until = p.now.Add(p.flashFor)
		}
	}
}

// count returns how many cells of a line flash now and notes when the first of them ends.
func (p *painter[K]) count(l *line) (n int) {
	for i := range l.cells {
		c := &l.cells[i]
		if !p.changed(*c) {
			continue
		}
		n++
		if p.nextEnd.IsZero() || c.until.Before(p.nextEnd) {
			p.nextEnd = c.until
		}
	}
	return n
}

// paintRow draws a line: neighbouring cells of one class are painted together.
func (m *Model[K, T]) paintRow(l *line) string {
	p := &m.paint
	ground := l.state.ground()
	r := runs{}
	r.add(m.gutterInk(ground), gutterText(l.state, p.layout.width))
	x := min(gutter, p.layout.width)
	for n, c := range p.layout.cols {
		if c.x > x {
			r.space(c.x - x)
		}
		cell := l.cells[n]
		class := cell.class
		if p.changed(cell) {
			class = theme.Changed
		}
		m.addCell(&r, ground, class, cell, align(cell.text, c.width, m.cols[c.col].Right))
		x = c.x + c.width
	}
	r.add(m.theme.InkOn(ground, theme.Plain), fit.Spaces(p.layout.width-x))
	return r.String()
}

// addCell adds a cell as it is aligned, with what a search has found in it apart.
// Where the text is cut only what is left of it counts.
func (m *Model[K, T]) addCell(r *runs, g theme.Ground, class theme.Class, c cell, aligned string) {
	ink := m.theme.InkOn(g, class)
	if len(c.found) == 0 {
		r.add(ink, aligned)
		return
	}
	shift, same := 0, 0
	if at := strings.Index(aligned, c.text); at >= 0 {
		shift, same = at, len(c.text)
	} else {
		for same < len(c.text) && same < len(aligned) && c.text[same] == aligned[same] {
			same++
		}
		for same > 0 && same < len(c.text) && !utf8.RuneStart(c.text[same]) {
			same--
		}
	}
	at := 0
	for _, p := range c.found {
		from, to := shift+min(p[0], same), shift+min(p[1], same)
		if from < at || from >= to {
			continue
		}
		r.add(ink, aligned[at:from])
		r.add(m.theme.InkOn(g, theme.Found), aligned[from:to])
		at = to
	}
	r.add(ink, aligned[at:])
}

func (m *Model[K, T]) gutterInk(g theme.Ground) theme.Ink {
	if g == theme.OnBase {
		return m.theme.Ink(theme.Plain)
	}
	return m.theme.InkOn(g, theme.Accent)
}

func gutterText(s state, w int) string {
	left, right := " ", " "
	switch {
	case s.vanished:
		left = vanishedMark
	case s.cursor:
		left = cursorMark
	}
	if s.marked {
		right = markedMark
	}
	if w < gutter {
		return left
	}
	return left + right
}

// header draws the titles, the sort mark and, where there is room, the position.
func (m *Model[K, T]) header(w int) string {
	r := runs{}
	plain := m.theme.Table.Header
	r.add(plain, fit.Spaces(min(gutter, w)))
	x := min(gutter, w)
	for _, c := range m.paint.layout.cols {
		r.add(plain, fit.Spaces(c.x-x))
		r.add(m.titleInk(c.col), m.title(c))
		x = c.x + c.width
	}
	if free := w - x; free > 0 {
		r.add(plain, m.position(free))
	}
	return r.String()
}

func (m *Model[K, T]) titleInk(col int) theme.Ink {
	if m.sortedBy(col) {
		return m.theme.Table.Sorted
	}
	return m.theme.Table.Header
}

func (m *Model[K, T]) title(c placed) string {
	col := m.cols[c.col]
	if !m.sortedBy(c.col) {
		return align(col.Title, c.width, col.Right)
	}
	return align(fit.Cut(col.Title, c.width-1)+m.sort.mark(), c.width, col.Right)
}

func (m *Model[K, T]) sortedBy(col int) bool { return m.sort.on() && m.cols[col].ID == m.sort.col.ID }

// position returns "12/345" at the right of so many cells, after the order when its column is not on
// the screen; what does not fit or is not wanted is left out.
func (m *Model[K, T]) position(room int) string {
	text := ""
	if m.ShowPosition {
		text = strconv.Itoa(m.Position()) + "/" + figure.Count(len(m.shown))
	}
	if !m.SortVisible() {
		if label := strings.TrimSpace(m.SortLabel() + "  " + text); fit.Width(label)+1 <= room {
			text = label
		}
	}
	if text == "" || fit.Width(text)+1 > room {
		return fit.Spaces(room)
	}
	return fit.Right(text, room)
}

func align(s string, w int, right bool) string {
	if right {
		return fit.Right(s, w)
	}
	return fit.Line(s, w)
}

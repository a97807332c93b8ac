package queryline

// Click gives the line the keyboard and puts the text cursor on the character drawn at cell x of the
// line as last drawn, or behind the last one.
func (m *Model) Click(x int) {
	was := m.Focused()
	m.Focus()
	value := []rune(m.Value())
	r := measure(value)
	at := min(m.offset, len(value))
	for at < len(value) && r.between(m.offset, r.next(at)) <= x-len(prompt) {
		at = r.next(at)
	}
	if !was || at != m.Pos() {
		m.complete.list = nil // they were for another place
	}
	m.SetPos(at)
}

// Laid says that the list as last drawn was put so many lines below the line, where 1 is the next one.
func (m *Model) Laid(y int) { m.complete.drawn.y = y }

// Offering reports whether a list of candidates is on the screen, as last drawn.
func (m *Model) Offering() bool { return len(m.complete.list) > 0 && m.complete.drawn.lines > 0 }

// ChooseAt makes the candidate drawn last at cell x, y lines below the line, the one that Tab takes, and reports whether
// there is one.
func (m *Model) ChooseAt(x, y int) bool {
	c := &m.complete
	at := y - c.drawn.y
	if !m.Offering() || x < c.drawn.x || x >= c.drawn.x+c.drawn.w || at < 0 || at >= min(c.drawn.lines, len(c.list)) {
		return false
	}
	c.on = min(c.top+at, len(c.list)-1)
	return true
}

// WheelOffered goes n candidates down, or up when n is negative, and stops at the ends.
func (m *Model) WheelOffered(n int) {
	c := &m.complete
	c.on = max(0, min(c.on+n, len(c.list)-1))
}

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

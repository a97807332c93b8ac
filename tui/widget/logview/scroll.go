package logview

import "vastdeck/tui/widget/fit"

// freeze stops following where the window is, and says so.
func (m *Model) freeze() {
	if !m.follow {
		return
	}
	m.goTo(m.window())
	m.follow = false
	m.note = "following stopped, G follows"
}

func (m *Model) setFollow(on bool) {
	if !on {
		m.freeze()
		return
	}
	m.follow = true
	m.choice = choice{}
}

// step moves the window n drawn lines down, or up when n is negative; while lines are chosen, the end of the choice.
func (m *Model) step(n int) {
	if m.choice.on {
		m.moveChoice(n)
		return
	}
	m.scroll(n)
}

// Wheel moves the window n drawn lines down, or up when n is negative, also while something is typed; while lines are
// chosen, the end of the choice.
func (m *Model) Wheel(n int) {
	m.step(n)
	m.fresh = false
	m.Work()
}

func (m *Model) toBegin() {
	if m.choice.on {
		m.moveChoice(-m.count())
		return
	}
	m.scrollTo(0, 0)
}

// toEnd goes to the end and follows it, unless lines are chosen.
func (m *Model) toEnd() {
	if m.choice.on {
		m.moveChoice(m.count())
		return
	}
	m.setFollow(true)
}

// window returns the place among the lines shown of the first one drawn, and the part of it.
func (m *Model) window() (pos, part int) {
	m.arrange()
	lastPos, lastPart := m.lastWindow()
	if m.follow {
		return lastPos, lastPart
	}
	if pos = m.position(m.top); pos > lastPos {
		return lastPos, lastPart
	}
	if m.wrap && m.part > 0 && m.number(pos) == m.top {
		part = min(m.part, m.parts(pos)-1)
	}
	if pos == lastPos {
		part = min(part, lastPart)
	}
	return pos, part
}

// goTo makes a line the first one drawn.
func (m *Model) goTo(pos, part int) {
	m.top, m.part = m.end(), 0
	if pos < m.count() {
		m.top, m.part = m.number(pos), part
	}
}

// scrollTo is goTo as the user's wish: whoever goes up does not follow.
func (m *Model) scrollTo(pos, part int) {
	nowPos, nowPart := m.window()
	if lastPos, lastPart := m.lastWindow(); pos > lastPos || pos == lastPos && part > lastPart {
		pos, part = lastPos, lastPart
	}
	if pos > nowPos || pos == nowPos && part >= nowPart {
		if !m.follow {
			m.goTo(pos, part)
		}
		return
	}
	m.freeze()
	m.goTo(pos, part)
}

// scroll moves the window n drawn lines down, or up when n is negative.
func (m *Model) scroll(n int) {
	count := m.count()
	if count == 0 {
		return
	}
	pos, part := m.window()
	if !m.wrap {
		m.scrollTo(min(max(0, pos+n), count-1), 0)
		return
	}
	for ; n > 0; n-- {
		if part++; part >= m.parts(pos) {
			if pos >= count-1 {
				break
			}
			pos, part = pos+1, 0
		}
	}
	for ; n < 0; n++ {
		if part--; part < 0 {
			if part = 0; pos == 0 {
				break
			}
			pos--
			part = m.parts(pos) - 1
		}
	}
	m.scrollTo(pos, part)
}

// lastWindow returns where the window begins that ends with the last line.
func (m *Model) lastWindow() (pos, part int) {
	n, room := m.count(), max(1, m.h)
	if !m.wrap {
		return max(0, n-room), 0
	}
	for i := n - 1; i >= 0; i-- {
		p := m.parts(i)
		if p >= room {
			return i, p - room
		}
		room -= p
	}
	return 0, 0
}

// onScreen returns the places of the first and the last line drawn; there must be lines.
func (m *Model) onScreen() (first, last int) {
	pos, part := m.window()
	first, last = pos, m.count()-1
	if !m.wrap {
		return first, min(last, pos+max(1, m.h)-1)
	}
	for room := max(1, m.h); pos <= last; pos++ {
		if room -= m.parts(pos) - part; room <= 0 {
			return first, pos
		}
		part = 0
	}
	return first, last
}

// showLine moves the window, no further than needed, so that byte at of the line at a place is in it; to its middle
// when it is not there.
func (m *Model) showLine(pos, at int) {
	m.arrange()
	body := m.body(pos)
	if m.wrap {
		m.showPart(pos, partOf(body, at, m.textW))
		return
	}
	top, _ := m.window()
	switch {
	case pos == top-1 || pos < top && top-pos < m.h && m.choice.on:
		top = pos
	case pos >= top+m.h && pos < top+2*m.h && m.choice.on:
		top = pos - m.h + 1
	case pos < top || pos >= top+m.h:
		top = max(0, pos-m.h/2)
	}
	m.goTo(top, 0)
	if m.choice.on {
		return
	}
	if cell := fit.Width(body[:min(at, len(body))]); cell < m.left || cell >= m.left+m.textW-1 {
		m.left = max(0, cell-m.textW/2)
	}
}

// showPart is showLine for wrapped lines.
func (m *Model) showPart(pos, part int) {
	top, topPart := m.window()
	row := -topPart
	for p := top; p <= pos && row < m.h; p++ {
		if p == pos {
			if row += part; row >= 0 && row < m.h {
				return
			}
			break
		}
		row += m.parts(p)
	}
	m.goTo(pos, part)
	if m.choice.on {
		if pos > top {
			m.scroll(1 - m.h)
		}
		return
	}
	m.scroll(-m.h / 2)
}

// shift moves the window sideways.
func (m *Model) shift(n int) {
	if m.wrap || m.count() == 0 {
		return
	}
	widest := 0
	for first, last := m.onScreen(); first <= last; first++ {
		widest = max(widest, fit.Width(m.body(first)))
	}
	m.left = max(0, min(m.left+n, widest-m.textW/2))
}

package logview

import "strings"

// furthest is how many lines may be moved to sort new ones in among them.
const furthest = 1 << 14

// add takes new lines of one source in. Those that have a time to sort by go in front of younger ones of other sources.
func (m *Model) add(fresh []record) {
	place := m.place(fresh[0])
	if place == m.end() {
		for _, r := range fresh {
			m.push(r)
		}
	} else {
		m.weave(place, fresh, sooner)
	}
	m.fresh = false
}

// place returns the number of the line that a new one belongs in front of.
func (m *Model) place(r record) int {
	at := m.end()
	if r.order == noTime {
		return at
	}
	for least := max(m.base, at-furthest); at > least; at-- {
		before := m.at(at - 1)
		if before.src == r.src || before.order == noTime || before.order <= r.order {
			break
		}
	}
	return at
}

// sooner reports whether a new line goes in front of one that is here.
func sooner(fresh, here *record) bool {
	return fresh.order != noTime && here.order != noTime && fresh.order < here.order
}

// weave puts new lines among those from a number on, each as soon as first admits; what the view remembers by number
// moves along.
func (m *Model) weave(line int, fresh []record, first func(fresh, here *record) bool) {
	here := m.cut(line)
	for i := range here {
		m.uncount(&here[i])
	}
	m.shown.cut(line)
	now := make([]int, len(here))
	for i := range here {
		for len(fresh) > 0 && first(&fresh[0], &here[i]) {
			m.push(fresh[0])
			fresh = fresh[1:]
		}
		m.push(here[i])
		now[i] = m.end() - 1
	}
	for _, r := range fresh {
		m.push(r)
	}
	for _, place := range []*int{&m.top, &m.find.at, &m.find.from, &m.choice.anchor, &m.choice.cursor} {
		if i := *place - line; i >= 0 && i < len(now) {
			*place = now[i]
		}
	}
	m.fresh = false
}

// push takes in one line behind all others; the oldest go when there is no room.
func (m *Model) push(r record) {
	for m.full(len(r.text)) {
		old := m.pop()
		m.uncount(&old)
		if old.flags&missing == 0 {
			m.dropped++
		}
	}
	m.store.push(r)
	if r.flags&missing == 0 {
		m.sources[r.src].held++
	} else {
		m.gaps++
	}
	m.shown.trim(m.base)
}

func (m *Model) uncount(r *record) {
	if r.flags&missing == 0 {
		m.sources[r.src].held--
	} else {
		m.gaps--
	}
}

// insertOlder puts lines in front of the first one of their source. What there is no room for is left out.
func (m *Model) insertOlder(src uint32, older []record) {
	s := &m.sources[src]
	first := m.base
	for first < m.end() && m.at(first).src != src {
		first++
	}
	room, keep := MaxBytes-m.bytes, len(older)
	for keep > 0 && len(older)-keep < MaxLines-m.n && room >= len(older[keep-1].text) {
		keep--
		room -= len(older[keep].text)
	}
	older = older[keep:]
	text := make([]string, 0, len(older)+len(s.seen))
	for _, r := range older {
		text = append(text, r.text)
	}
	s.seen = append(text, s.seen...)
	if s.since > 0 {
		s.since += len(text)
	}
	m.dropped += keep
	m.weave(first, older, func(_, _ *record) bool { return true })
}

// replaceLast puts the whole of a line in the place of its beginning.
func (m *Model) replaceLast(src uint32, whole record) {
	s := &m.sources[src]
	part := s.seen[len(s.seen)-1]
	s.seen[len(s.seen)-1] = whole.text
	for line := m.end() - 1; line >= m.base; line-- {
		r := m.at(line)
		if r.src != src || r.flags&missing != 0 {
			continue
		}
		if !strings.HasPrefix(whole.text, part) || r.text != part {
			return // it is held no longer
		}
		m.bytes += len(whole.text) - len(r.text)
		whole.when, whole.order, whole.flags = r.when, r.order, r.flags
		*r = whole
		m.shown.cut(line)
		m.fresh = false
		return
	}
}

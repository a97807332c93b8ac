package logview

import (
	"slices"
	"strings"
	"time"
)

// Marks of places where the log is not known to go on without a gap.
const (
	gapMark   = "… lines may be missing …"
	anewMark  = "… the log began anew, lines may be missing …"
	doubtMark = "… lines may be missing: only blank lines link what follows to what was there …"
)

// source is where lines come from.
type source struct {
	name string
	// seen are its newest lines: as many as are held, or as its longest tail had.
	seen    []string
	since   int   // where among seen the lines begin that follow the newest mark of a gap
	held    int   // lines held, marks of gaps not counted
	tail    int   // lines of its last tail
	longest int   // of its tails
	first   int64 // when its first lines came
}

// remember takes note of lines behind those already seen.
func (s *source) remember(lines ...string) { s.seen = append(s.seen, lines...) }

// forget lets go of lines that are no longer held and can no longer be in a tail.
func (s *source) forget() {
	over := len(s.seen) - max(s.held, s.longest)
	if over <= 0 {
		return
	}
	clear(s.seen[:over]) // the text would stay in memory
	s.seen = s.seen[over:]
	s.since = max(0, s.since-over)
}

// settle ends taking lines in: lines of any source may have gone.
func (m *Model) settle() {
	for i := range m.sources {
		m.sources[i].forget()
	}
	m.Work()
}

// Append adds lines that are known to follow the last ones of their source.
func (m *Model) Append(name string, lines []Line) {
	if len(lines) == 0 {
		return
	}
	src := m.source(name)
	fresh := make([]record, len(lines))
	s := &m.sources[src]
	for i, l := range lines {
		fresh[i] = newRecord(src, l.Text, nanos(l.At))
	}
	s.sorted(fresh, nanos(lines[0].At))
	s.seen = slices.Grow(s.seen, len(lines))
	for i := range fresh {
		s.remember(fresh[i].text)
	}
	m.add(fresh)
	m.settle()
}

// MergeTail adds what is new in tail, the last lines of the log of a source as they were read at a time, and returns how
// many lines these are. Tails of one source should all be asked for with the same number of lines; a larger one adds
// the older lines too.
//
// What tail and the lines already here have in common is the longest end of these that tail begins with, so nothing is
// shown twice. Lines that repeat may therefore be taken for known ones: what is shown is the shortest log in which both
// are. A last line that was caught unfinished is replaced when it has grown. When nothing is in common the window has
// jumped, or the log was rotated, and a mark says so. A larger tail that holds all that was seen since the last mark goes
// on behind that: the mark stays, because what it stands for may be longer than what the tail tells of it.
func (m *Model) MergeTail(name string, tail []string, at time.Time) (added int) {
	if len(tail) == 0 {
		return 0
	}
	src := m.source(name)
	when := nanos(at)
	fresh, text := make([]record, len(tail)), make([]string, len(tail))
	for i, l := range tail {
		fresh[i] = newRecord(src, l, when)
		text[i] = fresh[i].text
	}
	s := &m.sources[src]
	s.sorted(fresh, when)
	l := align(s.seen, text)
	if l.common < len(s.seen)-s.since {
		if inner := align(s.seen[s.since:], text); s.since > 0 && inner.older > 0 {
			l = inner // what is older than it lies before the mark
			l.within = true
		}
	}
	mark := s.mark(l, text)
	s.longest = max(s.longest, len(text))
	s.tail = len(text)
	if l.older > 0 && !l.within && s.held == len(s.seen) {
		m.insertOlder(src, fresh[:l.older])
		added += l.older
	}
	if l.grown {
		m.replaceLast(src, fresh[l.common-1])
	}
	if next := fresh[l.older+l.common:]; len(next) > 0 {
		if mark != "" {
			m.sources[src].since = len(m.sources[src].seen)
			next = append([]record{{text: mark, when: when, order: next[0].order, src: src, flags: missing}}, next...)
		}
		m.sources[src].remember(text[l.older+l.common:]...)
		m.add(next)
		added += len(text) - l.older - l.common
	}
	m.settle()
	return added
}

// link says how a tail follows what was seen: some lines older than that, those in common, and the new ones.
type link struct {
	older, common int
	grown         bool // the last line seen is the beginning of the last one in common
	within        bool // the older lines belong between lines that are known, in front of a mark
}

// align finds the link with the most lines in common.
func align(seen, tail []string) link {
	if len(seen) == 0 {
		return link{}
	}
	best := link{common: overlap(seen, tail)}
	if len(tail) > len(seen) && best.common < len(seen) {
		if i := index(tail, seen); i >= 0 {
			return link{older: i, common: len(seen)}
		}
		if whole, part := seen[:len(seen)-1], seen[len(seen)-1]; len(whole) > best.common && part != "" {
			if i := index(tail, whole); i >= 0 && i+len(whole) < len(tail) && strings.HasPrefix(tail[i+len(whole)], part) {
				return link{older: i, common: len(seen), grown: true}
			}
		}
	}
	last := seen[len(seen)-1]
	if best.common == len(tail) || last == "" {
		return best
	}
	n := overlap(seen[:len(seen)-1], tail)
	if n > best.common || len(seen) == 1 && best.common == 0 {
		if n < len(tail) && strings.HasPrefix(tail[n], last) {
			return link{common: n + 1, grown: true}
		}
	}
	return best
}

// mark returns what stands between the lines seen and the new ones of a tail; it is empty when these follow.
func (s *source) mark(l link, tail []string) string {
	switch {
	case len(s.seen) == 0:
		return ""
	case l.common == 0 && len(tail) < s.tail:
		return anewMark // a log that goes on never has a shorter tail
	case l.common == 0:
		return gapMark
	case l.older == 0 && l.common < len(s.seen) && blank(tail[:l.common]):
		return doubtMark
	}
	return ""
}

func blank(lines []string) bool {
	for _, l := range lines {
		if strings.TrimLeft(l, " ") != "" {
			return false
		}
	}
	return true
}

// overlap returns the length of the longest end of a that b begins with.
func overlap(a, b []string) int {
	a = a[max(0, len(a)-len(b)):]
	if len(a) == len(b) && slices.Equal(a, b) {
		return len(b)
	}
	borders, n := borders(b), 0
	for _, line := range a {
		n = extend(b, borders, n, line)
	}
	return n
}

// index returns where b stands in a for the first time, or -1.
func index(a, b []string) int {
	borders, n := borders(b), 0
	for i, line := range a {
		if n = extend(b, borders, n, line); n == len(b) {
			return i + 1 - n
		}
	}
	return -1
}

// borders returns for every length of a beginning of b the length of the longest shorter one that it ends with
// (Knuth, Morris and Pratt), so that logs full of repeats take no longer than others.
func borders(b []string) []int {
	table := make([]int, len(b)+1)
	for n := 2; n <= len(b); n++ {
		table[n] = extend(b, table, table[n-1], b[n-1])
	}
	return table
}

// extend returns how much of the beginning of b ends with line, when n lines of it end in front of that.
func extend(b []string, borders []int, n int, line string) int {
	if n == len(b) {
		n = borders[n]
	}
	for n > 0 && b[n] != line {
		n = borders[n]
	}
	if b[n] == line {
		n++
	}
	return n
}

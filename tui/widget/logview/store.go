package logview

// MaxLines is how many lines are held, MaxBytes how long they are together in bytes.
const (
	MaxLines = 1 << 17
	MaxBytes = 10 << 20
)

// store holds the newest lines. A line is named by its number, counted from the first line there ever was; the numbers
// of the lines held follow each other.
type store struct {
	ring  []record // as long as a power of two, so that a number leads to a place by its low bits
	base  int      // number of the oldest line held
	n     int
	bytes int
}

// end returns the number behind that of the newest line.
func (s *store) end() int { return s.base + s.n }

// at returns a line that is held.
func (s *store) at(line int) *record { return &s.ring[line&(len(s.ring)-1)] }

// full reports whether the oldest line has to go before one of this length can come.
func (s *store) full(bytes int) bool {
	return s.n > 0 && (s.n == MaxLines || s.bytes+bytes > MaxBytes)
}

func (s *store) push(r record) {
	if s.n == len(s.ring) {
		s.grow()
	}
	s.n++
	s.bytes += len(r.text)
	*s.at(s.end() - 1) = r
}

// pop forgets the oldest line and returns it.
func (s *store) pop() record {
	r := *s.at(s.base)
	*s.at(s.base) = record{}
	s.base++
	s.n--
	s.bytes -= len(r.text)
	return r
}

// cut forgets the lines from a number on and returns them.
func (s *store) cut(line int) []record {
	gone := s.copied(line, s.end())
	for i := range gone {
		*s.at(line + i) = record{}
		s.bytes -= len(gone[i].text)
	}
	s.n -= len(gone)
	return gone
}

// copied returns copies of the lines from (inclusive) to (exclusive).
func (s *store) copied(from, to int) []record {
	lines := make([]record, 0, max(0, to-from))
	for from < to {
		place := from & (len(s.ring) - 1)
		n := min(to-from, len(s.ring)-place)
		lines = append(lines, s.ring[place:place+n]...)
		from += n
	}
	return lines
}

func (s *store) grow() {
	old := s.copied(s.base, s.end())
	s.ring = make([]record, max(64, 2*len(s.ring)))
	for i, r := range old {
		*s.at(s.base + i) = r
	}
}

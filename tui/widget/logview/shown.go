package logview

const (
	// perCall is how much of a log one call looks through, about in bytes: it must not be felt.
	perCall = 1 << 20
	// perLine is what a line costs besides its length.
	perLine = 40
)

// shown are the numbers of the lines that pass the filter, as far as they have been looked at: from some line on in
// both directions.
type shown struct {
	lo, hi int   // looked at are lo (inclusive) to hi (exclusive)
	before []int // in front of where it began, the newest first
	after  []int // behind it, the oldest first
	head   int   // of after, how many are gone
}

// begin forgets everything and begins anew at a line.
func (s *shown) begin(line int) {
	*s = shown{lo: line, hi: line, before: s.before[:0], after: s.after[:0]}
}

func (s *shown) len() int { return len(s.before) + len(s.after) - s.head }

func (s *shown) at(i int) int {
	if i < len(s.before) {
		return s.before[len(s.before)-1-i]
	}
	return s.after[s.head+i-len(s.before)]
}

// find returns the place of the first line with this number or a higher one.
func (s *shown) find(line int) int {
	low, high := 0, s.len()
	for low < high {
		if mid := (low + high) / 2; s.at(mid) < line {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// trim forgets lines below a number.
func (s *shown) trim(base int) {
	if base <= s.lo {
		return
	}
	s.lo, s.hi = base, max(base, s.hi)
	for s.len() > 0 && s.at(0) < base {
		if n := len(s.before); n > 0 {
			s.before = s.before[:n-1]
		} else {
			s.head++
		}
	}
	if s.head > 1024 && s.head > len(s.after)/2 {
		s.after = s.after[:copy(s.after, s.after[s.head:])]
		s.head = 0
	}
}

// cut forgets the lines from a number on.
func (s *shown) cut(line int) {
	keep := s.find(line)
	s.lo, s.hi = min(s.lo, line), min(s.hi, line)
	if over := len(s.before) - keep; over > 0 {
		s.before = s.before[over:]
		s.after, s.head = s.after[:0], 0
		return
	}
	s.after = s.after[:s.head+keep-len(s.before)]
}

// look goes on with the filter and returns what is left of a budget.
func (m *Model) look(budget int) int {
	s := &m.shown
	for s.hi < m.end() && budget > 0 {
		ok, cost := m.filter.shows(m.at(s.hi))
		if ok {
			s.after = append(s.after, s.hi)
		}
		s.hi++
		budget -= cost
	}
	for s.lo > m.base && budget > 0 {
		s.lo--
		ok, cost := m.filter.shows(m.at(s.lo))
		if ok {
			s.before = append(s.before, s.lo)
		}
		budget -= cost
	}
	return budget
}

// filtering reports whether lines are left that the filter has not been applied to.
func (m *Model) filtering() bool {
	return !m.filter.all() && (m.shown.hi < m.end() || m.shown.lo > m.base)
}

// count returns how many lines are shown, marks of gaps included.
func (m *Model) count() int {
	if m.filter.all() {
		return m.n
	}
	return m.shown.len()
}

// number returns the number of the line at a place among those shown.
func (m *Model) number(pos int) int {
	if m.filter.all() {
		return m.base + pos
	}
	return m.shown.at(pos)
}

// position returns the place of the first line shown with this number or a higher one.
func (m *Model) position(line int) int {
	if m.filter.all() {
		return min(max(0, line-m.base), m.n)
	}
	return m.shown.find(line)
}

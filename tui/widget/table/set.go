package table

import "slices"

// set is the rows and how they stand. Once made it is never changed: a Job may be reading it.
type set[K comparable, T any] struct {
	rows  []T
	keys  []K         // by row
	index map[K]int32 // row by key
	order []int32     // all rows, sorted
	shown []int32     // those of order that pass the filter
	spot  []int32     // by row, its position in shown, or -1
}

// successor returns other rows, not ordered yet, and where the rows of s are among them; nil says
// that each is where it was.
func (s set[K, T]) successor(rows []T, key func(T) K) (next set[K, T], now []int32) {
	keys := make([]K, len(rows))
	for i := range rows {
		keys[i] = key(rows[i])
	}
	if slices.Equal(keys, s.keys) {
		return set[K, T]{rows: rows, keys: s.keys, index: s.index}, nil
	}
	index := make(map[K]int32, len(keys))
	for i := len(keys) - 1; i >= 0; i-- { // of two rows with one key the first counts
		index[keys[i]] = int32(i)
	}
	now = make([]int32, len(s.keys))
	for i, k := range s.keys {
		now[i] = -1
		if n, ok := index[k]; ok {
			now[i] = n
		}
	}
	return set[K, T]{rows: rows, keys: keys, index: index}, now
}

// filter makes shown and spot.
func (s *set[K, T]) filter(keep func(T) bool) {
	s.spot = make([]int32, len(s.rows))
	if keep == nil {
		s.shown = s.order
		for pos, i := range s.shown {
			s.spot[i] = int32(pos)
		}
		return
	}
	// The rows are asked in the order given, in which they lie in memory.
	passed := 0
	for i := range s.rows {
		s.spot[i] = -1
		if keep(s.rows[i]) {
			s.spot[i] = 0
			passed++
		}
	}
	s.shown = make([]int32, 0, passed)
	for _, i := range s.order {
		if s.spot[i] == 0 {
			s.spot[i] = int32(len(s.shown))
			s.shown = append(s.shown, i)
		}
	}
}

// find returns the position of a key among the shown rows, -1 when it is not there.
func (s *set[K, T]) find(key K) int {
	if i, ok := s.index[key]; ok {
		return int(s.spot[i])
	}
	return -1
}

// bits is a set of row numbers.
type bits []uint64

func newBits(n int) bits { return make(bits, (n+63)/64) }

func (b bits) has(i int32) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b bits) add(i int32)      { b[i>>6] |= 1 << (i & 63) }
func (b bits) flip(i int32)     { b[i>>6] ^= 1 << (i & 63) }

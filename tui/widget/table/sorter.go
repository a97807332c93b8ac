package table

import "slices"

// sorter orders row numbers by integer keys, least significant byte first. It keeps its buffers:
// sorting 10,000 rows again allocates nothing.
type sorter struct {
	keys  []uint64 // by row number
	spare []int32
	rank  map[string]uint64
	words []string
}

// begin returns room for n keys, one for each row.
func (s *sorter) begin(n int) []uint64 {
	s.keys = slices.Grow(s.keys[:0], n)[:n]
	return s.keys
}

// ranks fills keys with the rank of each row's word among all words. Words repeat a great deal
// (models, places), so only the distinct ones are compared.
func (s *sorter) ranks(keys []uint64, word func(int) string) {
	if s.rank == nil {
		s.rank = map[string]uint64{}
	}
	clear(s.rank)
	s.words = s.words[:0]
	for i := range keys {
		w := word(i)
		n, known := s.rank[w]
		if !known {
			n = uint64(len(s.words))
			s.rank[w] = n
			s.words = append(s.words, w)
		}
		keys[i] = n
	}
	slices.Sort(s.words)
	place := make([]uint64, len(s.words))
	for r, w := range s.words {
		place[s.rank[w]] = uint64(r) + 1 // the inverse of 0 would be unknownKey
		if w == "" {
			place[s.rank[w]] = unknownKey
		}
	}
	for i, n := range keys {
		keys[i] = place[n]
	}
	clear(s.words) // no word outlives its row
	clear(s.rank)
}

// sort orders the row numbers by their keys; equal keys keep their order.
func (s *sorter) sort(order []int32) {
	var differ uint64
	for _, k := range s.keys {
		differ |= k ^ s.keys[0]
	}
	s.spare = slices.Grow(s.spare[:0], len(order))[:len(order)]
	from, to := order, s.spare
	for shift := 0; shift < 64; shift += 8 {
		if differ>>shift&0xff == 0 {
			continue // every key has the same byte here
		}
		var start [256]int32
		for _, k := range s.keys {
			start[k>>shift&0xff]++
		}
		sum := int32(0)
		for b, n := range start {
			start[b] = sum
			sum += n
		}
		for _, i := range from {
			b := s.keys[i] >> shift & 0xff
			to[start[b]] = i
			start[b]++
		}
		from, to = to, from
	}
	if len(order) > 0 && &from[0] != &order[0] {
		copy(order, from)
	}
}

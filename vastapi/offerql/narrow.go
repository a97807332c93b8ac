package offerql

import (
	"math"
	"slices"
	"strings"

	"vastdeck/vastapi"
)

// Narrows reports whether every offer that q admits was admitted by older, so
// that the rows found with older hold all that q can find. It is careful: true
// is certain, false may only mean that it cannot tell.
func (q Query) Narrows(older Query) bool {
	all := q.list()
	for i := range older.list() {
		c := &older.prog.checks[i]
		if !slices.ContainsFunc(all, func(d check) bool { return d.implies(c) }) {
			return false
		}
	}
	return true
}

// implies reports whether whatever satisfies d satisfies c.
func (d *check) implies(c *check) bool {
	if c.kind == wordsIn || c.kind == wordsNotIn {
		return d.impliesWords(c)
	}
	if d.field != c.field {
		return false
	}
	if c.kind == isKnown {
		return d.kind != isUnknown && (d.kind != flagIn || d.mask&(1<<vastapi.FlagUnknown) == 0)
	}
	switch d.kind {
	case inRange:
		return d.rangeImplies(c)
	case textLike, textNotLike:
		return c.kind == d.kind && c.words[0].equal(d.words[0])
	case numIn:
		return !slices.ContainsFunc(d.nums, func(v float64) bool { return !c.admits(v) })
	case textIn, gpuIn:
		return c.isText() && !slices.ContainsFunc(d.texts, func(s string) bool { return slices.Contains(c.texts, s) == (c.kind == textNotIn) })
	case placeIn:
		return c.kind == placeIn && c.places.holds(d.places) || c.kind == placeNotIn && !c.places.meets(d.places)
	case placeNotIn:
		return c.kind == placeNotIn && d.places.holds(c.places)
	case flagIn:
		return c.kind == flagIn && d.mask&^c.mask == 0
	case numNotIn:
		return (c.kind == numNotIn || c.kind == blocked) && containsAll(d.nums, c.nums)
	case blocked:
		return c.kind == blocked && containsAll(d.nums, c.nums)
	case textNotIn:
		return c.kind == textNotIn && containsAll(d.texts, c.texts)
	case outOfRange:
		return c.kind == outOfRange && d.lo <= c.lo && d.hi >= c.hi ||
			(c.kind == numNotIn || c.kind == blocked) && !slices.ContainsFunc(c.nums, func(v float64) bool { return v < d.lo || v > d.hi })
	}
	return d.kind == c.kind // isUnknown
}

func (d *check) rangeImplies(c *check) bool {
	switch c.kind {
	case inRange:
		return d.lo > d.hi || d.lo >= c.lo && d.hi <= c.hi
	case outOfRange:
		return d.hi < c.lo || d.lo > c.hi
	case numNotIn, blocked:
		return !slices.ContainsFunc(c.nums, func(v float64) bool { return v >= d.lo && v <= d.hi })
	case numIn:
		return d.lo == d.hi && slices.Contains(c.nums, d.lo)
	}
	return false
}

// admits reports whether a number satisfies a check of numbers.
func (c *check) admits(v float64) bool {
	switch c.kind {
	case inRange:
		return v >= c.lo && v <= c.hi
	case outOfRange:
		return v < c.lo || v > c.hi
	case numIn:
		return slices.Contains(c.nums, v)
	case numNotIn:
		return !math.IsNaN(v) && !slices.Contains(c.nums, v)
	case blocked:
		return !slices.Contains(c.nums, v)
	}
	return false
}

func (c *check) isText() bool { return c.kind == textIn || c.kind == gpuIn || c.kind == textNotIn }

// impliesWords: a longer word is in no more texts than its part, a shorter one
// is missing from no more.
func (d *check) impliesWords(c *check) bool {
	if c.kind == wordsIn {
		switch {
		case d.kind == gpuIn:
			return !slices.ContainsFunc(d.texts, func(s string) bool { return !anyInGPU(c.words, s) })
		case d.kind == wordsIn:
			return !slices.ContainsFunc(d.words, func(w word) bool { return !slices.ContainsFunc(c.words, w.implies) })
		}
		return false
	}
	return d.kind == wordsNotIn && !slices.ContainsFunc(c.words, func(w word) bool {
		return !slices.ContainsFunc(d.words, func(v word) bool { return w.implies(v) && w.class == v.class })
	})
}

// anyInGPU reports whether one of words occurs in a GPU name.
func anyInGPU(words []word, name string) bool {
	return slices.ContainsFunc(words, func(w word) bool { return w.class != placeWord && w.in(name) })
}

// implies reports whether an offer with w has v too.
func (w word) implies(v word) bool {
	switch {
	case w.class == patternWord || v.class == patternWord:
		return w.equal(v)
	case w.class == placeWord || v.class == placeWord:
		return w.class == v.class && containsAll(placeCodes(v.text), placeCodes(w.text))
	case w.class == v.class || v.class == localWord && w.class == gpuWord:
		return w.tight == v.tight && strings.Contains(w.low, v.low)
	}
	return false
}

func containsAll[T comparable](list, all []T) bool {
	return !slices.ContainsFunc(all, func(v T) bool { return !slices.Contains(list, v) })
}

func (p *placeSet) holds(q *placeSet) bool {
	for i := range p {
		if q[i]&^p[i] != 0 {
			return false
		}
	}
	return true
}

func (p *placeSet) meets(q *placeSet) bool {
	for i := range p {
		if q[i]&p[i] != 0 {
			return true
		}
	}
	return false
}

package offerql

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// checkKind is what a check compares; cheap ones come first.
type checkKind uint8

const (
	gpuIn   checkKind = iota // GPU name is one of texts: what refuses most
	inRange                  // lo ≤ number ≤ hi
	flagIn                   // state of the flag is in mask
	placeIn
	placeNotIn
	numIn
	numNotIn
	blocked    // number is not one of nums, or is not told
	outOfRange // number < lo or number > hi
	isUnknown
	isKnown
	textIn
	textNotIn
	wordsIn
	wordsNotIn
	textLike
	textNotLike
)

// hot are the columns that most queries are about.
type hot uint8

const (
	notHot hot = iota
	hotDph
	hotReliability
	hotNumGPUs
	hotGPURAM
	hotInetDown
	hotInetUp
	hotDLPerf
	hotCPURAM
	hotDisk
	hotCUDA
	hotMinBid
	hotRentable
	hotRented
)

var hotFields = map[string]hot{
	"dph_total": hotDph, "reliability": hotReliability, "num_gpus": hotNumGPUs, "gpu_ram": hotGPURAM, "inet_down": hotInetDown,
	"inet_up": hotInetUp, "dlperf": hotDLPerf, "cpu_ram": hotCPURAM, "disk_space": hotDisk, "cuda_max_good": hotCUDA,
	"min_bid": hotMinBid, "rentable": hotRentable, "rented": hotRented,
}

// check is a compiled term, or several of one field. What bounds and flags need
// is in it; lists are behind a pointer, so that a query fits few cache lines.
type check struct {
	kind   checkKind
	mask   uint8 // bits of vastapi.Flag
	hot    hot   // set for bounds and flags that match reads by itself
	field  *Field
	lo, hi float64
	*lists
}

// lists are the values of a check that has more than bounds.
type lists struct {
	nums   []float64
	texts  []string
	places *placeSet
	words  []word
}

// Match reports whether q admits o. A null column satisfies no comparison.
// Match is pure and allocates nothing.
func (q Query) Match(o *vastapi.Offer) bool {
	return q.prog == nil || q.prog.match(o)
}

// match runs for every offer at every key, so that what nearly all queries
// compare is read here and not through the field's function: the calls would cost
// more than the comparisons. Unknown is NaN and fails both bounds.
func (p *program) match(o *vastapi.Offer) bool {
	for i := range p.checks {
		c := &p.checks[i]
		var v float64
		switch c.hot {
		default:
			if c.kind != inRange {
				if !c.match(o) {
					return false
				}
				continue
			}
			v = c.field.num(o)
		case hotDph:
			v = float64(o.DphTotal)
		case hotReliability:
			v = o.Reliability
		case hotNumGPUs:
			if v = float64(o.NumGPUs); v < 0 {
				return false
			}
		case hotGPURAM:
			v = float64(o.GPURAM)
		case hotInetDown:
			v = float64(o.InetDown)
		case hotInetUp:
			v = float64(o.InetUp)
		case hotDLPerf:
			v = o.DLPerf
		case hotCPURAM:
			v = o.CPURAM
		case hotDisk:
			v = float64(o.DiskSpace)
		case hotCUDA:
			v = o.CUDA
		case hotMinBid:
			v = float64(o.MinBid)
		case hotRentable:
			if c.mask&(1<<o.Rentable) == 0 {
				return false
			}
			continue
		case hotRented:
			if c.mask&(1<<o.Rented) == 0 {
				return false
			}
			continue
		}
		if !(v >= c.lo && v <= c.hi) {
			return false
		}
	}
	return true
}

func (c *check) match(o *vastapi.Offer) bool {
	switch c.kind {
	case inRange:
		v := c.field.num(o)
		return v >= c.lo && v <= c.hi
	case flagIn:
		return c.mask&(1<<c.field.flag(o)) != 0
	case placeIn:
		return c.places.has(c.field.text(o))
	case placeNotIn:
		place := c.field.text(o)
		return place != "" && !c.places.has(place)
	case numIn:
		return c.has(c.field.num(o))
	case numNotIn:
		v := c.field.num(o)
		return !math.IsNaN(v) && !c.has(v)
	case blocked:
		return !c.has(c.field.num(o))
	case outOfRange:
		v := c.field.num(o)
		return v < c.lo || v > c.hi
	case isUnknown:
		return !c.field.told(o)
	case isKnown:
		return c.field.told(o)
	case gpuIn:
		return slices.Contains(c.texts, o.GPUName.String())
	case textIn:
		return slices.Contains(c.texts, c.field.text(o))
	case textNotIn:
		s := c.field.text(o)
		return s != "" && !slices.Contains(c.texts, s)
	case wordsIn:
		return anyWord(c.words, o)
	case textLike:
		like, _ := c.like(o)
		return like
	case textNotLike:
		like, told := c.like(o)
		return told && !like
	}
	return c.wordsToldAndAbsent(o)
}

// fewNums are as many numbers as are compared one by one.
const fewNums = 8

// has reports whether v is in the list, which is sorted when it is long: a list
// of blocked machines may be.
func (c *check) has(v float64) bool {
	if len(c.nums) <= fewNums {
		return slices.Contains(c.nums, v)
	}
	_, ok := slices.BinarySearch(c.nums, v)
	return ok
}

// told reports whether the column has a value.
func (f *Field) told(o *vastapi.Offer) bool {
	switch {
	case f.num != nil:
		return !math.IsNaN(f.num(o))
	case f.flag != nil:
		return f.flag(o) != vastapi.FlagUnknown
	}
	return f.text(o) != ""
}

func anyWord(words []word, o *vastapi.Offer) bool {
	for i := range words {
		if words[i].match(o) {
			return true
		}
	}
	return false
}

// wordsToldAndAbsent: "-4090" is a comparison of the GPU name, which an offer
// whose GPU is not told cannot satisfy.
func (c *check) wordsToldAndAbsent(o *vastapi.Offer) bool {
	for i := range c.words {
		switch c.words[i].class {
		case gpuWord:
			if o.GPUName.Empty() {
				return false
			}
		case placeWord:
			if countryOf(o) == "" {
				return false
			}
		}
	}
	return !anyWord(c.words, o)
}

func (w *word) match(o *vastapi.Offer) bool {
	switch w.class {
	case gpuWord:
		return w.in(o.GPUName.String())
	case placeWord:
		return slices.Contains(placeCodes(w.text), countryOf(o))
	case patternWord:
		return w.matchPattern(o)
	}
	return containsFold(o.GPUName.String(), w.low) || containsFold(o.Geolocation.String(), w.low) ||
		containsFold(o.CPUName.String(), w.low) || containsID(int64(o.MachineID), w.low) || containsID(int64(o.HostID), w.low)
}

// containsID reports whether low occurs in the digits of id.
func containsID(id int64, low string) bool {
	if low[0] < '0' || low[0] > '9' {
		return false
	}
	var buf [20]byte
	return strings.Contains(string(strconv.AppendInt(buf[:0], id, 10)), low)
}

// compile makes the query of terms.
func compile(terms []term, volumes bool) Query { return Query{volumes: volumes}.with(terms) }

// with is q with other terms; what it leaves out stays.
func (q Query) with(terms []term) Query {
	q.terms, q.prog = terms, nil
	if len(terms)+len(q.hidden) == 0 {
		return q
	}
	q.prog = &program{checks: make([]check, 0, len(terms)+len(q.hidden))}
	for i := range terms {
		q.prog.add(&terms[i])
	}
	for i := range q.hidden {
		c := numberCheck(&q.hidden[i])
		c.kind = blocked
		q.prog.insert(c)
	}
	return q
}

func (p *program) add(t *term) {
	switch {
	case t.op == opAny:
	case t.field == nil:
		p.insert(wordCheck(t))
	case t.null():
		kind := isUnknown
		if t.op == opNe {
			kind = isKnown
		}
		p.insert(check{kind: kind, field: t.field})
	case t.op == opLike:
		p.insert(check{kind: textLike, field: t.field, lists: &lists{words: t.words}})
	case t.op == opNotLike:
		p.insert(check{kind: textNotLike, field: t.field, lists: &lists{words: t.words}})
	case t.field.Kind == Flag:
		p.merge(check{kind: flagIn, field: t.field, mask: flagMask(t)})
	case t.field.Kind == Place:
		p.insert(placeCheck(t))
	case t.field.Kind == GPU || t.field.Kind == Name:
		p.insert(p.textCheck(t))
	default:
		p.merge(numberCheck(t))
	}
}

// merge folds bounds and flags of one field into one check.
func (p *program) merge(c check) {
	for i := range p.checks {
		if have := &p.checks[i]; have.field == c.field && have.kind == c.kind {
			switch c.kind {
			case inRange:
				have.lo, have.hi = max(have.lo, c.lo), min(have.hi, c.hi)
				return
			case flagIn:
				have.mask &= c.mask
				return
			}
		}
	}
	p.insert(c)
}

// insert keeps the checks in the order of their kinds.
func (p *program) insert(c check) {
	if c.kind == inRange || c.kind == flagIn {
		c.hot = c.field.hot
	}
	p.checks = append(p.checks, c)
	for i := len(p.checks) - 1; i > 0 && p.checks[i].kind < p.checks[i-1].kind; i-- {
		p.checks[i], p.checks[i-1] = p.checks[i-1], p.checks[i]
	}
}

func flagMask(t *term) (mask uint8) {
	for _, v := range t.vals {
		mask |= 1 << vastapi.FlagOf(v.flag)
	}
	if t.op == opNe || t.op == opNotIn {
		mask = ^mask & (1<<vastapi.FlagYes | 1<<vastapi.FlagNo)
	}
	return mask
}

func placeCheck(t *term) check {
	c := check{kind: placeIn, field: t.field, lists: &lists{places: new(placeSet)}}
	if t.op == opNe || t.op == opNotIn {
		c.kind = placeNotIn
	}
	for _, v := range t.vals {
		for _, code := range placeCodes(v.text) {
			c.places.add(code)
		}
	}
	return c
}

func (p *program) textCheck(t *term) check {
	c := check{kind: textIn, field: t.field, lists: p.newLists()}
	if t.op == opNe || t.op == opNotIn {
		c.kind = textNotIn
	} else if t.field == gpuField {
		c.kind = gpuIn
	}
	for _, v := range t.vals {
		c.texts = append(c.texts, v.text)
	}
	return c
}

// newLists is room for the values of a check; most queries have one with a text.
func (p *program) newLists() *lists {
	if p.used {
		return new(lists)
	}
	p.used = true
	p.spare.texts = p.text[:0]
	return &p.spare
}

func numberCheck(t *term) check {
	c := check{kind: inRange, field: t.field, lo: math.Inf(-1), hi: math.Inf(1)}
	switch t.op {
	case opEq:
		c.lo, c.hi = t.ends()
	case opNe:
		if c.lo, c.hi = t.ends(); c.lo == c.hi {
			c.kind, c.lists = numNotIn, &lists{nums: []float64{c.lo}}
		} else {
			c.kind = outOfRange
		}
	case opGt:
		c.lo = next(t.limit(), 1)
	case opGe:
		c.lo = t.limit()
	case opLt:
		c.hi = next(t.limit(), -1)
	case opLe:
		c.hi = t.limit()
	default:
		c.kind, c.lists = numIn, new(lists)
		if t.op == opNotIn {
			c.kind = numNotIn
		}
		for _, v := range t.vals {
			c.nums = append(c.nums, t.field.point(v))
		}
		if len(c.nums) > fewNums {
			slices.Sort(c.nums)
		}
	}
	return c
}

// next is the number next to v in the direction of the sign, which turns > into >=.
func next(v float64, sign int) float64 {
	if v == 0 || math.IsInf(v, 0) {
		return math.Nextafter(v, math.Inf(sign))
	}
	bits := math.Float64bits(v)
	if v > 0 == (sign > 0) {
		return math.Float64frombits(bits + 1)
	}
	return math.Float64frombits(bits - 1)
}

func wordCheck(t *term) check {
	c := check{kind: wordsIn, lists: &lists{words: t.words}}
	if t.op == opNotWords {
		c.kind = wordsNotIn
	}
	if codes := t.wordCodes(); codes != nil {
		c.field, c.places, c.words = placeField, new(placeSet), nil
		for _, code := range codes {
			c.places.add(code)
		}
		if c.kind = placeIn; t.op == opNotWords {
			c.kind = placeNotIn
		}
	}
	return c
}

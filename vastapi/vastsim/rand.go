package vastsim

import "math"

// Everything that looks accidental in the world is a hash of the seed and of
// what it is about, never a stream of random numbers: a stream would make the
// answer to one request depend on how many came before it.

// Streams keep the draws about different matters apart.
const (
	drawHost uint64 = iota + 1
	drawMachine
	drawEpoch
	drawPrice
	drawFloor
	drawOutage
	drawStart
	drawAccount
	drawUsage
	drawToken
	drawHistory
	drawShare
)

// mix is splitmix64's finaliser.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// hash folds its arguments into the world's seed.
func (w *World) hash(parts ...uint64) uint64 {
	h := mix(uint64(w.cfg.seed))
	for _, p := range parts {
		h = mix(h ^ p)
	}
	return h
}

// unit is a number in [0,1) that belongs to its arguments.
func (w *World) unit(parts ...uint64) float64 {
	return float64(w.hash(parts...)>>11) / (1 << 53)
}

// A deck deals a fixed sequence of draws about one thing, for seeding.
type deck struct {
	w    *World
	base uint64
	n    uint64
}

func (w *World) deck(parts ...uint64) *deck { return &deck{w: w, base: w.hash(parts...)} }

func (d *deck) unit() float64 {
	d.n++
	return float64(mix(d.base+d.n*0x9e3779b97f4a7c15)>>11) / (1 << 53)
}

// between is uniform in [lo,hi).
func (d *deck) between(lo, hi float64) float64 { return lo + (hi-lo)*d.unit() }

// whole is uniform in lo..hi, both included.
func (d *deck) whole(lo, hi int) int { return lo + int(d.unit()*float64(hi-lo+1)) }

// chance is true with probability p.
func (d *deck) chance(p float64) bool { return d.unit() < p }

// weighted picks an index in proportion to its weight.
func (d *deck) weighted(n int, weight func(int) int) int {
	sum := 0
	for i := range n {
		sum += weight(i)
	}
	left := int(d.unit() * float64(sum))
	for i := range n {
		if left -= weight(i); left < 0 {
			return i
		}
	}
	return n - 1
}

func pick[T any](d *deck, of []T) T { return of[int(d.unit()*float64(len(of)))] }

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

// round keeps n decimals, up to 8.
func round(x float64, n int) float64 {
	p := tens[n]
	return math.Round(x*p) / p
}

package vastsim

import (
	"fmt"
	"math"
	"time"
)

// monthHours is the service's month: thirty days.
const monthHours = 720

// rates is what a contract costs or moves while nothing about it changes.
type rates struct {
	gpu, disk float64 // $/h
	down, up  float64 // GB/h
}

// A segment is a span of time with one set of rates.
type segment struct {
	from, to time.Duration // to is forever while the segment is open
	rates    rates
	prepaid  bool // paid from the contract's deposit, not from the credit
}

// A ledger is the whole billing history of one contract. Sums are taken from
// its segments when asked for, so they do not depend on who looked when.
type ledger struct {
	kind     string // instance or volume
	id       int64
	label    func() any
	template *int64
	downCost float64 // $/GB
	upCost   float64 // $/GB
	segments []segment
}

// cost holds dollars by item.
type cost struct{ gpu, disk, down, up float64 }

func (c cost) total() float64 { return c.gpu + c.disk + c.down + c.up }

func (l *ledger) price(r rates) cost {
	return cost{r.gpu, r.disk, r.down * l.downCost, r.up * l.upCost}
}

func (c cost) times(hours float64) cost {
	return cost{c.gpu * hours, c.disk * hours, c.down * hours, c.up * hours}
}

func (c cost) plus(o cost) cost {
	return cost{c.gpu + o.gpu, c.disk + o.disk, c.down + o.down, c.up + o.up}
}

// overlap is how many hours of s lie in [from,to); nothing is counted after now.
func (s segment) overlap(from, to, now time.Duration) float64 {
	return max(0, (min(s.to, now, to) - max(s.from, from)).Hours())
}

// between is what the contract cost from from to to.
func (l *ledger) between(from, to, now time.Duration) cost {
	var sum cost
	for _, s := range l.segments {
		sum = sum.plus(l.price(s.rates).times(s.overlap(from, to, now)))
	}
	return sum
}

// open is the segment that is running, if any.
func (l *ledger) open() *segment {
	if n := len(l.segments); n > 0 && l.segments[n-1].to == forever {
		return &l.segments[n-1]
	}
	return nil
}

// books is the sum over all ledgers as of the last change of any rate.
type books struct {
	stale bool
	at    time.Duration
	spent float64 // $ of credit since time zero
	burn  float64 // $/h of credit
}

// bill lets a contract cost r from now on.
func (w *World) bill(l *ledger, r rates, prepaid bool) {
	if s := l.open(); s != nil {
		if s.rates == r && s.prepaid == prepaid {
			return
		}
		s.to = w.clock
		if s.from == s.to {
			l.segments = l.segments[:len(l.segments)-1]
		}
	}
	if r != (rates{}) {
		l.segments = append(l.segments, segment{w.clock, forever, r, prepaid})
	}
	w.books.stale = true
}

// balanceBooks brings the sums up to the clock when a rate has changed.
func (w *World) balanceBooks() {
	if !w.books.stale {
		return
	}
	b := books{at: w.clock}
	for _, l := range w.ledgers {
		for _, s := range l.segments {
			if s.prepaid {
				continue
			}
			per := l.price(s.rates).total()
			b.spent += per * s.overlap(0, forever, w.clock)
			if s.to == forever {
				b.burn += per
			}
		}
	}
	w.books = b
}

// credit is the spendable money at the clock.
func (w *World) credit() float64 {
	w.balanceBooks()
	return w.account.funds - w.books.spent - w.books.burn*(w.clock-w.books.at).Hours()
}

// brokeAt is when the credit reaches zero if nothing changes.
func (w *World) brokeAt() time.Duration {
	if w.account.broke {
		return forever
	}
	w.balanceBooks()
	left := w.account.funds - w.books.spent
	switch {
	case left <= 0:
		return w.books.at
	case w.books.burn <= 0:
		return forever
	}
	hours := left / w.books.burn
	if hours > 1e6 {
		return forever
	}
	return w.books.at + time.Duration(math.Ceil(hours*float64(time.Hour)))
}

// runOutOfCredit stops every instance. Disks and volumes go on costing, so the
// credit goes below zero.
func (w *World) runOutOfCredit() {
	w.account.broke = true
	for _, in := range w.order {
		if in.intended == "running" || in.holds {
			w.halt(in, "")
		}
		in.outbid, in.queued = false, false
		w.settle(in)
	}
}

// pay moves money into (or, negative, out of) the account.
func (w *World) pay(usd float64) {
	w.account.funds += usd
	if w.credit() > 0 {
		w.account.broke = false
	}
}

// reservedDiscount is the discount for paying m months in advance: nothing to
// two tenths over the first month, to three tenths over three, to the machine's
// best over six.
func reservedDiscount(m, best float64) float64 {
	var d float64
	switch {
	case m <= 1:
		d = 0.2 * m
	case m <= 3:
		d = 0.2 + 0.1*(m-1)/2
	default:
		d = 0.3 + max(0, best-0.3)*min(1, (m-3)/3)
	}
	return round(min(d, best), 6)
}

// chargeRow is one row of the charges call.
type chargeRow struct {
	Start       int64          `json:"start"`
	End         int64          `json:"end"`
	Type        string         `json:"type"`
	Source      any            `json:"source"`
	Description string         `json:"description"`
	Amount      float64        `json:"amount"`
	Metadata    map[string]any `json:"metadata"`
	Items       []chargeRow    `json:"items"`
	id          int64
}

// chargeOf is the contract's row for [from,to), or false when it cost nothing
// there.
func (w *World) chargeOf(l *ledger, from, to time.Duration) (chargeRow, bool) {
	c := l.between(from, to, w.clock)
	if c.total() <= 0 {
		return chargeRow{}, false
	}
	begin, end := l.span(from, to, w.clock)
	row := chargeRow{
		Start: int64(w.epochSeconds(begin)), End: int64(w.epochSeconds(end)), Type: l.kind,
		Source: fmt.Sprintf("%s-%d", l.kind, l.id), id: l.id, Metadata: map[string]any{}, Items: []chargeRow{},
	}
	days := max(1, int(math.Ceil((end-begin).Hours()/24)))
	name := "Instance"
	if l.kind == "volume" {
		name = "Volume"
	}
	row.Description = fmt.Sprintf("%s %d Charges - %d days", name, l.id, days)
	if v := l.label(); v != nil {
		row.Metadata["label"] = v
	}
	if l.template != nil {
		row.Metadata["template_id"] = *l.template
	}
	hours := (end - begin).Hours()
	item := func(kind string, amount float64, text string) {
		if round(amount, 3) > 0 {
			row.Amount += round(amount, 3)
			row.Items = append(row.Items, chargeRow{
				Start: row.Start, End: row.End, Type: kind, Description: text,
				Amount: round(amount, 3), Metadata: map[string]any{}, Items: []chargeRow{},
			})
		}
	}
	gpuHours := l.gpuHours(from, to, w.clock)
	item("gpu", c.gpu, fmt.Sprintf("%.3f hours at $%.3f/hour", gpuHours, c.gpu/max(gpuHours, 1e-9)))
	item("disk", c.disk, fmt.Sprintf("%.3f hours at $%.5f/hour", hours, c.disk/max(hours, 1e-9)))
	item("bwd", c.down, fmt.Sprintf("%.3f GB downloaded", c.down/max(l.downCost, 1e-9)))
	item("bwu", c.up, fmt.Sprintf("%.3f GB uploaded", c.up/max(l.upCost, 1e-9)))
	row.Amount = round(row.Amount, 3)
	return row, true
}

// span is the part of [from,to) in which the contract existed.
func (l *ledger) span(from, to, now time.Duration) (begin, end time.Duration) {
	begin, end = forever, from
	for _, s := range l.segments {
		if s.overlap(from, to, now) > 0 {
			begin, end = min(begin, max(s.from, from)), max(end, min(s.to, now, to))
		}
	}
	return begin, end
}

func (l *ledger) gpuHours(from, to, now time.Duration) float64 {
	sum := 0.0
	for _, s := range l.segments {
		if s.rates.gpu > 0 {
			sum += s.overlap(from, to, now)
		}
	}
	return sum
}

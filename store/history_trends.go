package store

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"time"
)

// span is a stretch of time in n equal parts.
type span struct {
	from, to, width int64 // s
	n               int
}

func spanOf(from, to time.Time, n int) span {
	s := span{from: from.Unix(), to: to.Unix(), n: max(1, n)}
	s.width = max(1, (s.to-s.from+int64(s.n)-1)/int64(s.n))
	return s
}

// Trend is what a slot has cost at the ends of equal parts of a stretch of time, the oldest
// first: $/h of the whole offer; NaN = it was not offered, or not known of.
type Trend struct {
	Slot
	Prices []float64
	Points int // how many prices were noted in that time; SlotTrend counts them
}

// Trends returns the trend of every slot that was offered at the end of one of n parts of
// the time between from and to. With ten thousand slots it takes a fraction of a second.
func (h *History) Trends(ctx context.Context, from, to time.Time, n int) ([]Trend, error) {
	return h.trends(ctx, spanOf(from, to, n), "", nil)
}

// SlotTrend returns the trend of one slot in n parts. Its Prices are empty when nothing is known.
func (h *History) SlotTrend(ctx context.Context, slot Slot, from, to time.Time, n int) (Trend, error) {
	s := spanOf(from, to, n)
	list, err := h.trends(ctx, s, ofSlot, []any{slot.Machine, slot.GPUs, slot.Kind})
	if err != nil || len(list) == 0 {
		return Trend{Slot: slot}, err
	}
	list[0].Points, err = h.points(ctx, slot, s)
	return list[0], err
}

// trendsQuery looks the price of each part up, ofSlot keeps it to one slot.
const (
	trendsQuery = `WITH RECURSIVE parts(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM parts WHERE n < ?1 - 1)
		SELECT s.machine, s.gpus, s.kind, parts.n,
			(SELECT p.micro FROM prices p WHERE p.slot = s.id AND p.at <= min(?2 + (parts.n + 1) * ?3, ?4) ORDER BY p.at DESC LIMIT 1)
		FROM slots s CROSS JOIN parts`
	ofSlot = " WHERE s.machine = ?5 AND s.gpus = ?6 AND s.kind = ?7"
)

// trends looks each part's price up: what was noted in between is not read.
func (h *History) trends(ctx context.Context, s span, where string, args []any) ([]Trend, error) {
	rows, err := h.db.QueryContext(ctx, trendsQuery+where, append([]any{s.n, s.from, s.width, s.to}, args...)...)
	if err != nil {
		return nil, h.told("read prices", err)
	}
	defer rows.Close()
	t := trendReader{n: s.n, of: map[Slot]*Trend{}}
	for rows.Next() {
		var slot Slot
		var part int
		var price sql.NullInt64
		if err := rows.Scan(&slot.Machine, &slot.GPUs, &slot.Kind, &part, &price); err != nil {
			return nil, h.told("read prices", err)
		}
		if price.Valid {
			t.hold(slot, part, dollars(price.Int64))
		}
	}
	return t.done(), h.told("read prices", rows.Err())
}

// points is how many prices of a slot were noted in a stretch of time.
func (h *History) points(ctx context.Context, slot Slot, s span) (n int, err error) {
	err = h.db.QueryRowContext(ctx, `SELECT count(*) FROM slots s CROSS JOIN prices p ON p.slot = s.id
		WHERE s.machine = ? AND s.gpus = ? AND s.kind = ? AND p.at >= ? AND p.at <= ?`, slot.Machine, slot.GPUs, slot.Kind, s.from, s.to).Scan(&n)
	return n, h.told("read prices", err)
}

// trendReader collects prices by slot.
type trendReader struct {
	n  int
	of map[Slot]*Trend
}

// hold notes the price of a part.
func (t *trendReader) hold(slot Slot, part int, price float64) {
	one := t.of[slot]
	if one == nil {
		one = &Trend{Slot: slot, Prices: make([]float64, t.n)}
		for n := range one.Prices {
			one.Prices[n] = math.NaN()
		}
		t.of[slot] = one
	}
	one.Prices[part] = price
}

func (t *trendReader) done() []Trend {
	out := make([]Trend, 0, len(t.of))
	for _, one := range t.of {
		out = append(out, *one)
	}
	slices.SortFunc(out, func(a, b Trend) int {
		switch {
		case a.Machine != b.Machine:
			return int(a.Machine - b.Machine)
		case a.GPUs != b.GPUs:
			return a.GPUs - b.GPUs
		case a.Kind < b.Kind:
			return -1
		}
		return 1
	})
	return out
}

// Lows is what the cheapest GPU of a model has cost, by which prices are judged.
type Lows struct {
	Prices []float64     // $/h of one GPU, ascending; each the lowest of ten minutes, or of an hour
	Span   time.Duration // between the first and the last of them
}

// Says reports whether there are enough samples, over long enough, to judge a price by.
func (l Lows) Says() bool { return Standing{Samples: len(l.Prices), Span: l.Span}.Says() }

// Lows returns what the cheapest GPU of a model has cost since.
func (h *History) Lows(ctx context.Context, model, kind string, since time.Time) (Lows, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT b.at, b.low FROM bands b JOIN models m ON m.id = b.model
		WHERE m.name = ? AND b.kind = ? AND b.at >= ? ORDER BY b.at`, model, kind, since.Unix())
	if err != nil {
		return Lows{}, h.told("read prices", err)
	}
	defer rows.Close()
	var l Lows
	var first, at, low int64
	for rows.Next() {
		if err := rows.Scan(&at, &low); err != nil {
			return Lows{}, h.told("read prices", err)
		}
		if len(l.Prices) == 0 {
			first = at
		}
		l.Prices = append(l.Prices, dollars(low))
	}
	l.Span = time.Duration(at-first) * time.Second
	slices.Sort(l.Prices)
	return l, h.told("read prices", rows.Err())
}

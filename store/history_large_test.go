package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// large is a closed history of some hundred MB: 90 days of many machines.
func large(b *testing.B, megabytes int64) (path string) {
	path = filepath.Join(b.TempDir(), "history.db")
	h, _, err := OpenHistory(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	exec := func(query string, args ...any) {
		if _, err := h.db.Exec(query, args...); err != nil {
			b.Fatal(err)
		}
	}
	exec("INSERT INTO models(id, name) VALUES(1, 'RTX 4090')")
	const perSlot = 2160 // one an hour
	for slot := 0; h.Size() < megabytes<<20; slot += 200 {
		exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
			INSERT INTO slots(id, machine, gpus, kind, model) SELECT i + ?1, i + ?1, 1, 'on-demand', 1 FROM n`, slot)
		exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?3 - 1)
			INSERT INTO prices(slot, at, micro) SELECT s.id, ?2 + n.i * 3600, 300000 + abs(random() % 500000) FROM slots s, n WHERE s.id > ?1`, slot, day1.Unix(), perSlot)
	}
	// One machine's price never rests: it was noted every ten minutes.
	exec("INSERT INTO slots(id, machine, gpus, kind, model) VALUES(?1, ?1, 1, 'on-demand', 1)", restless)
	exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 12959)
		INSERT INTO prices(slot, at, micro) SELECT ?1, ?2 + i * 600, 300000 + abs(random() % 500000) FROM n`, restless, day1.Unix())
	exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 12959)
		INSERT INTO bands(model, kind, at, low, mid, high, offers) SELECT 1, 'on-demand', ? + i * 600, 300000 + abs(random() % 100000), 500000, 900000, 100 FROM n`, day1.Unix())
	exec("INSERT INTO hours " + sumsOfHours + " GROUP BY model, kind, at - at % 3600")
	return path
}

// restless is a machine whose price is noted as often as one is.
const restless = 1_000_000

// within says how the median of what was measured compares with a budget.
func within(b *testing.B, name string, took []time.Duration, most time.Duration) {
	slices.Sort(took)
	median, word := took[len(took)/2], "ok"
	if median > most {
		word = "MISS"
	}
	fmt.Printf("%s %.1f ms %s\n", name, float64(median.Microseconds())/1000, word)
}

// BenchmarkLargeHistory is what a file of 500 MB costs: opening it, and what stands
// behind a chart (P15: at most 10 ms).
func BenchmarkLargeHistory(b *testing.B) {
	path := large(b, 500)
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			h, _, err := OpenHistory(b.Context(), path)
			if err != nil {
				b.Fatal(err)
			}
			_ = h.Close()
		}
	})
	h, _, err := OpenHistory(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	end := day1.Add(keepRaw)
	for name, span := range map[string]time.Duration{"day": 24 * time.Hour, "90 days": keepRaw} {
		b.Run("P15 chart of a model, "+name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if list, samples, _, _, err := h.ModelBands(b.Context(), "RTX 4090", "on-demand", end.Add(-span), end, 300); err != nil || samples == 0 || len(list) == 0 {
					b.Fatal(len(list), samples, err)
				}
				took = append(took, time.Since(began))
			}
			within(b, "P15 500 MB, model, "+name, took, 10*time.Millisecond)
		})
		b.Run("P15 chart of a machine, "+name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if t, err := h.SlotTrend(b.Context(), Slot{restless, 1, "on-demand"}, end.Add(-span), end, 300); err != nil || len(t.Prices) != 300 {
					b.Fatal(t.Points, err)
				}
				took = append(took, time.Since(began))
			}
			within(b, "P15 500 MB, machine, "+name, took, 10*time.Millisecond)
		})
	}
	b.Run("judging a price, 90 days", func(b *testing.B) {
		for b.Loop() {
			if l, err := h.Lows(b.Context(), "RTX 4090", "on-demand", day1); err != nil || !l.Says() {
				b.Fatal(err)
			}
		}
	})
	b.Run("trends of all machines, a week", func(b *testing.B) {
		for b.Loop() {
			if l, err := h.Trends(b.Context(), end.Add(-7*24*time.Hour), end, 14); err != nil || len(l) == 0 {
				b.Fatal(err)
			}
		}
	})
	b.Run("the first prices after opening", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			h, _, err := OpenHistory(b.Context(), path)
			if err != nil {
				b.Fatal(err)
			}
			if err := h.RecordPrices(b.Context(), Prices{At: end.Add(time.Duration(n) * time.Hour), Quotes: []Quote{{Slot{1, 1, "on-demand"}, "RTX 4090", 1}}}); err != nil {
				b.Fatal(err)
			}
			_ = h.Close()
		}
	})
}

package table

import (
	"testing"

	"vastdeck/tui/theme"
)

// wideColumns is a table as the market has it: fourteen columns, 200 cells.
func wideColumns() []Column[*machine] {
	cols := columns()
	for range 3 {
		for _, c := range columns()[1:4] {
			cols = append(cols, c)
		}
	}
	for i := range cols {
		cols[i].ID += string(rune('a' + i))
	}
	return cols
}

func wideTable(n int) *Model[int, *machine] {
	m := New(func(r *machine) int { return r.id }, wideColumns(), theme.New(true))
	m.SetRows(many(n))
	m.Sort("pricec", true)
	return &m
}

// BenchmarkScroll is one key that scrolls the window by a row, and the drawing after it, 200x60.
func BenchmarkScroll(b *testing.B) {
	m := wideTable(10_000)
	m.Select(m.keys[m.shown[60]])
	m.Draw(200, 60)
	down := keyPress("down")
	for b.Loop() {
		m.Update(down)
		if m.Position() == 10_000 {
			m.Home()
		}
		m.Draw(200, 60)
	}
}

// BenchmarkPage draws a window of which no line has been drawn before.
func BenchmarkPage(b *testing.B) {
	m := wideTable(10_000)
	for b.Loop() {
		m.Page(1)
		if m.Position() == 10_000 {
			m.Home()
		}
		m.Draw(200, 60)
	}
}

// BenchmarkDrawUnchanged is what every message costs that concerns something else.
func BenchmarkDrawUnchanged(b *testing.B) {
	m := wideTable(10_000)
	m.Draw(200, 60)
	for b.Loop() {
		m.Draw(200, 60)
	}
}

// BenchmarkFilterSort10k is a typed key of the query and a new order, on 10,000 rows.
func BenchmarkFilterSort10k(b *testing.B) { benchmarkFilterSort(b, 10_000) }

// BenchmarkFilterSort50k is the same with 50,000 rows.
func BenchmarkFilterSort50k(b *testing.B) { benchmarkFilterSort(b, 50_000) }

func benchmarkFilterSort(b *testing.B, n int) {
	m := wideTable(n)
	limit := 1.0
	for b.Loop() {
		limit = 2.5 - limit
		m.Filter(func(r *machine) bool { return r.price < limit && r.id != 17 })
		m.Sort("pricec", limit > 1)
	}
}

// BenchmarkSortWords10k orders by a column of words.
func BenchmarkSortWords10k(b *testing.B) {
	m := wideTable(10_000)
	desc := false
	for b.Loop() {
		desc = !desc
		m.Sort("nameb", desc)
	}
}

// BenchmarkSetRows10k is an answer of the server: 10,000 rows replaced, and the drawing after it.
func BenchmarkSetRows10k(b *testing.B) {
	m := wideTable(10_000)
	m.Select(5000)
	one, two := many(10_000), many(10_000)
	for i, r := range two {
		r.price += float64(i%3) / 100
	}
	for b.Loop() {
		one, two = two, one
		m.SetRows(one)
		m.Draw(200, 60)
	}
}

// BenchmarkSetRows10kVanished is the same when the row under the cursor is gone.
func BenchmarkSetRows10kVanished(b *testing.B) {
	m := wideTable(10_000)
	one, two := many(10_000)[:9_999], many(10_000)
	for b.Loop() {
		m.End()
		one, two = two, one
		m.SetRows(one)
	}
}

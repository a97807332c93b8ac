package table

import (
	"testing"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
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
	judge(b, "draw 200x60, nothing changed", float64(b.Elapsed().Nanoseconds())/1e6/float64(b.N), 0.1)
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

// BenchmarkJob10k is the work of a new filter and a new order of 10,000 rows, as a job does it.
func BenchmarkJob10k(b *testing.B) { benchmarkJob(b, 10_000, 2) }

// BenchmarkJob50k is the same with 50,000 rows.
func BenchmarkJob50k(b *testing.B) { benchmarkJob(b, 50_000, 12) }

func benchmarkJob(b *testing.B, n int, most float64) {
	m := wideTable(n)
	m.Offload = true
	m.Sort("nameb", false) // the order among rows of one price
	settle(m)
	limit := 1.0
	for b.Loop() {
		limit = 2.5 - limit
		m.Filter(func(r *machine) bool { return r.price < limit && r.id != 17 })
		m.Sort("pricec", limit > 1)
		job, _ := m.Job()
		m.Install(job.Run())
	}
	judge(b, "P8 sort "+figure.Count(n), float64(b.Elapsed().Microseconds())/1000/float64(b.N), most)
}

// BenchmarkJobRows50k is the work of an answer of the server that replaces 50,000 rows by others.
func BenchmarkJobRows50k(b *testing.B) {
	m := wideTable(50_000)
	m.Offload = true
	one, two := many(50_000), many(50_000)[1:]
	for b.Loop() {
		one, two = two, one
		m.SetRows(one)
		job, _ := m.Job()
		m.Install(job.Run())
	}
}

// each times one act that Update may do with 50,000 rows, without what prepares it.
func each(b *testing.B, name string, prepare, act func()) {
	b.Helper()
	var sum, worst time.Duration
	n := 0
	for b.Loop() {
		prepare()
		begin := time.Now()
		act()
		d := time.Since(begin)
		sum += d
		worst = max(worst, d)
		n++
	}
	b.ReportMetric(float64(sum.Microseconds())/float64(n), "µs/act")
	judge(b, name, float64(sum.Microseconds())/1000/float64(n), 1)
	b.Logf("the slowest took %v", worst)
}

// BenchmarkInstall50k is what Update does with the result of a job: new rows, of which some are gone, the cursor's
// among them, while every row is marked.
func BenchmarkInstall50k(b *testing.B) {
	m := wideTable(50_000)
	m.Offload = true
	one, two := many(50_000), many(50_000)[:49_900]
	var a Arrangement[int, *machine]
	each(b, "Update: 50,000 rows come, all marked", func() {
		m.MarkAllShown()
		m.Marked()
		m.End()
		one, two = two, one
		m.SetRows(one)
		job, _ := m.Job()
		a = job.Run()
	}, func() {
		if !m.Install(a) {
			b.Fatal("refused")
		}
	})
}

// BenchmarkInstallFilter50k is the same with a filter that leaves one row, far from the cursor.
func BenchmarkInstallFilter50k(b *testing.B) {
	m := wideTable(50_000)
	m.Offload = true
	var a Arrangement[int, *machine]
	each(b, "Update: a filter leaves one row of 50,000", func() {
		m.Filter(nil)
		settle(m)
		m.Home()
		last := m.keys[m.shown[49_999]]
		m.Filter(func(r *machine) bool { return r.id == last })
		job, _ := m.Job()
		a = job.Run()
	}, func() { m.Install(a) })
}

// BenchmarkAtOnce is the most that is arranged without a job: other rows, another filter and another order.
func BenchmarkAtOnce(b *testing.B) {
	for _, c := range []struct {
		name string
		act  func(m *Model[int, *machine], turn int)
	}{
		{"rows", func(m *Model[int, *machine], turn int) { m.SetRows(answers[turn]) }},
		{"filter", func(m *Model[int, *machine], turn int) { m.Filter(keepBelow(float64(turn) + 0.5)) }},
		{"order", func(m *Model[int, *machine], turn int) { m.Sort([]string{"nameb", "pricec"}[turn], false) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := wideTable(AtOnce)
			m.Sort("nameb", false)
			turn := 0
			each(b, "Update: other "+c.name+", as many rows as are arranged at once", func() { turn = 1 - turn }, func() { c.act(m, turn) })
		})
	}
}

var answers = [2][]*machine{many(AtOnce), many(AtOnce)[1:]}

// BenchmarkMove50k is a key that moves, each of them in turn, and asking for what is under the cursor.
func BenchmarkMove50k(b *testing.B) {
	m := wideTable(50_000)
	m.Draw(200, 60)
	keys := []string{"down", "pgdown", "G", "up", "pgup", "g", "space"}
	i := 0
	each(b, "Update: a key that moves, 50,000 rows", func() { i++ }, func() {
		m.Update(keyPress(keys[i%len(keys)]))
		m.Select(i * 7919 % 50_000)
		m.Get(i)
		m.Cursor()
		m.Marked()
	})
}

// BenchmarkMarkAll50k marks every row and takes the marks back, and lists them.
func BenchmarkMarkAll50k(b *testing.B) {
	m := wideTable(50_000)
	each(b, "Update: all of 50,000 rows marked", func() {}, func() {
		m.MarkAllShown()
		m.Marked()
	})
}

// BenchmarkInvert50k inverts the marks of every row, and lists them.
func BenchmarkInvert50k(b *testing.B) {
	m := wideTable(50_000)
	m.Move(100)
	m.ToggleMark()
	each(b, "Update: marks of 50,000 rows inverted", func() {}, func() {
		m.Invert()
		m.Marked()
	})
}

// judge prints a figure in milliseconds, its budget and whether it is kept.
func judge(b *testing.B, name string, got, most float64) {
	b.Helper()
	verdict := "ok"
	if got > most {
		verdict = "MISS"
	}
	b.Logf("%s %.3g ms %s (budget %g ms)", name, got, verdict, most)
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

package table

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// randomText is a text as safetext may let it through: of any script and length, without controls.
func randomText(r *rand.Rand) string {
	parts := []string{"a", "Z", " ", "9", "日", "한국", "é", "e\u0301", "—", "▲", "😀", "ไทย", "עב", "ｱ"}
	var b strings.Builder
	for range r.IntN(20) {
		b.WriteString(parts[r.IntN(len(parts))])
	}
	return b.String()
}

func randomColumns(r *rand.Rand) []Column[*machine] {
	cols := make([]Column[*machine], 1+r.IntN(12))
	for i := range cols {
		class := theme.Class(r.IntN(12))
		cols[i] = Column[*machine]{
			ID: fmt.Sprint(i), Title: randomText(r), Min: r.IntN(12), Ideal: r.IntN(24), Flex: r.IntN(3) - 1, Priority: r.IntN(6),
			Right: r.IntN(2) == 0, Num: func(m *machine) float64 { return m.price },
			Cell: func(m *machine) (string, theme.Class) { return m.name, class },
		}
	}
	return cols
}

func TestDrawIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	tables := make([]*Model[int, *machine], 8)
	for i := range tables {
		m := New(func(r *machine) int { return r.id }, randomColumns(r), theme.New(i%2 == 0))
		m.ShowPosition = i%3 == 0
		rows := many(r.IntN(90))
		for _, row := range rows {
			row.name = randomText(r)
		}
		m.SetRows(rows)
		m.Sort("0", true)
		tables[i] = &m
	}
	step := 1
	if testing.Short() {
		step = 4 // enough to meet the race detector with every kind of layout
	}
	for w := 1; w <= 200; w += step {
		for h := 1; h <= 60; h++ {
			m := tables[r.IntN(len(tables))]
			press(m, []string{"down", "up", "G", "g", "space", "pgdown", "*"}[r.IntN(7)])
			if err := fit.Exact(m.Draw(w, h), w, h); err != nil {
				t.Fatalf("%dx%d: %v", w, h, err)
			}
		}
	}
}

// TestTheCursorIsNeverOnAnotherRowUnnoticed plays random changes of the rows between random acts of
// the user and checks after every change that the row under the cursor is the one before, or none.
func TestTheCursorIsNeverOnAnotherRowUnnoticed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	world := many(40)
	m := newTable(world[:20]...)
	vanished, kept := 0, 0
	for step := range 10_000 {
		userActs(r, m)
		key, had := m.CursorKey()
		goneBefore, wasGone := m.VanishedKey()
		for range 1 + r.IntN(3) {
			news(r, m, world)
		}
		now, has := m.CursorKey()
		switch {
		case had && has && now != key:
			t.Fatalf("step %d: the cursor went from %d to %d unnoticed", step, key, now)
		case had && !has && !m.CursorVanished():
			t.Fatalf("step %d: %d is no longer under the cursor, and the table does not say so", step, key)
		case wasGone && has && now != goneBefore:
			t.Fatalf("step %d: %d had vanished and %d took its place", step, goneBefore, now)
		case had && has:
			kept++
		case had:
			vanished++
		}
		consistent(t, step, m)
	}
	if vanished < 500 || kept < 500 {
		t.Fatalf("the play is too tame: %d vanished, %d kept", vanished, kept)
	}
}

func userActs(r *rand.Rand, m *Model[int, *machine]) {
	for range r.IntN(3) {
		switch r.IntN(12) {
		case 9:
			m.MarkRange()
		case 10:
			m.Invert()
		case 11:
			m.ClearMarks()
		case 0:
			m.Filter(nil)
		case 1:
			limit := r.Float64() * 2
			m.Filter(func(row *machine) bool { return row.price < limit })
		case 2:
			m.NextSort()
		case 3:
			m.Reverse()
		case 4:
			m.Draw(20+r.IntN(60), 1+r.IntN(20))
		default:
			press(m, []string{"up", "down", "g", "G", "space", "pgup", "pgdown", "*", "j"}[r.IntN(9)])
		}
	}
}

// news changes the rows: some go, some come, some have other prices, and their order changes.
func news(r *rand.Rand, m *Model[int, *machine], world []*machine) {
	var rows []*machine
	for _, w := range world {
		if r.IntN(100) < 85 {
			c := *w
			if r.IntN(10) == 0 {
				c.price = r.Float64() * 2
			}
			if r.IntN(30) == 0 {
				c.price = math.NaN()
			}
			rows = append(rows, &c)
		}
	}
	if r.IntN(40) == 0 {
		rows = nil
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	m.SetRows(rows)
}

func consistent(t *testing.T, step int, m *Model[int, *machine]) {
	t.Helper()
	if row, ok := m.Cursor(); ok {
		if at, there := m.At(m.Position() - 1); !there || at != row {
			t.Fatalf("step %d: the cursor's row is not at its position", step)
		}
	}
	var marked []*machine
	for i := range m.Shown() {
		if row, _ := m.At(i); m.IsMarked(row.id) {
			marked = append(marked, row)
		}
	}
	if got := m.Marked(); !slices.Equal(got, marked) {
		t.Fatalf("step %d: %d rows are said to be marked, of those shown %d are, or their order differs", step, len(got), len(marked))
	}
	hidden := 0
	for _, row := range m.Rows() {
		if m.IsMarked(row.id) && !slices.Contains(marked, row) {
			hidden++
		}
	}
	if m.MarkedHidden() != hidden {
		t.Fatalf("step %d: %d marks are said to be hidden, %d are", step, m.MarkedHidden(), hidden)
	}
	if id, desc := m.SortBy(); id == "price" {
		for i := 1; i < m.Shown(); i++ {
			a, _ := m.At(i - 1)
			b, _ := m.At(i)
			if ordered := math.IsNaN(b.price) || (desc && a.price >= b.price) || (!desc && a.price <= b.price); !ordered {
				t.Fatalf("step %d: %v before %v, descending %v", step, a.price, b.price, desc)
			}
		}
	}
}

// TestDrawingWithMemoryEqualsDrawingAnew compares a table that keeps what it has drawn with one that
// forgets everything before each drawing.
func TestDrawingWithMemoryEqualsDrawingAnew(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	world := many(60)
	m := newTable(world...)
	w, h := 70, 20
	steps := 3000
	if testing.Short() {
		steps = 600
	}
	for step := range steps {
		switch r.IntN(6) {
		case 0:
			news(r, m, world)
		case 1:
			userActs(r, m)
		case 2:
			w, h = 1+r.IntN(90), 1+r.IntN(30)
		default:
			press(m, []string{"up", "down", "space", "pgdown"}[r.IntN(4)])
		}
		got := m.Draw(w, h)
		m.paint.reset()
		if want := m.Draw(w, h); got != want {
			t.Fatalf("step %d at %dx%d: with memory\n%s\nanew\n%s", step, w, h, got, want)
		}
	}
}

func TestSortingAgreesWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	for range 200 {
		rows := many(r.IntN(300))
		for _, row := range rows {
			row.price = math.Round(r.NormFloat64()*20) / 4 * math.Pow(10, float64(r.IntN(8)))
			row.name = []string{"", "a", "b", "日", "abc", "B"}[r.IntN(6)]
		}
		m := newTable(rows...)
		m.Sort("price", true)
		want := slices.Clone(rows)
		slices.SortStableFunc(want, func(a, b *machine) int { return -compareFloat(a.price, b.price) })
		same(t, m, want)
		m.Sort("name", false)
		slices.SortStableFunc(want, func(a, b *machine) int {
			if (a.name == "") != (b.name == "") {
				return len(b.name) - len(a.name)
			}
			return strings.Compare(a.name, b.name)
		})
		same(t, m, want)
	}
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func same(t *testing.T, m *Model[int, *machine], want []*machine) {
	t.Helper()
	for i, w := range want {
		if got, _ := m.At(i); got != w {
			t.Fatalf("place %d has row %d, want %d", i, got.id, w.id)
		}
	}
}

func TestFlashesAreDrawnAndEndWithMemory(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	m := newTable(many(30)...)
	now := time.Unix(1000, 0)
	on := theme.New(true).Ink(theme.Changed).On
	seen := false
	for range 300 {
		now = now.Add(time.Duration(r.IntN(1500)) * time.Millisecond)
		m.SetFlash(now)
		if r.IntN(3) == 0 {
			rows := many(30)
			rows[r.IntN(30)].price += 1
			m.SetRows(rows)
		}
		flash := strings.Contains(m.Draw(80, 31), on) || strings.Contains(m.Draw(80, 31), theme.New(true).InkOn(theme.OnSelected, theme.Changed).On)
		end, ok := m.FlashEnds()
		if flash != ok || (ok && !end.After(now)) {
			t.Fatalf("flash on the screen: %v, announced: %v until %v at %v", flash, ok, end, now)
		}
		seen = seen || flash
	}
	if !seen {
		t.Fatal("nothing ever flashed")
	}
}

package table

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vastdeck/tui/theme"
)

// offload is a table that leaves everything to jobs.
func offload(rows ...*machine) *Model[int, *machine] {
	m := New(func(r *machine) int { return r.id }, columns(), theme.New(true))
	m.Offload, m.limit = true, -1
	m.SetRows(rows)
	settle(&m)
	return &m
}

// settle runs jobs until nothing is asked for any more.
func settle(m *Model[int, *machine]) (jobs int) {
	for {
		job, ok := m.Job()
		if !ok {
			return jobs
		}
		jobs++
		m.Install(job.Run())
	}
}

// act is one change of a table, the same for two tables of one history.
func act(r *rand.Rand, world []*machine) func(m *Model[int, *machine]) {
	switch r.IntN(16) {
	case 0, 1, 2:
		rows := shuffled(r, world)
		return func(m *Model[int, *machine]) { m.SetRows(rows) }
	case 3:
		limit := r.Float64() * 2
		keep := func(row *machine) bool { return row.price < limit }
		return func(m *Model[int, *machine]) { m.Filter(keep) }
	case 4:
		return func(m *Model[int, *machine]) { m.Filter(nil) }
	case 5:
		id, desc := []string{"id", "name", "price", "place", ""}[r.IntN(5)], r.IntN(2) == 0
		return func(m *Model[int, *machine]) { m.Sort(id, desc) }
	case 6:
		return func(m *Model[int, *machine]) { m.Reverse() }
	case 7:
		cols := columns()[:1+r.IntN(5)]
		return func(m *Model[int, *machine]) { m.SetColumns(cols) }
	case 8:
		return func(m *Model[int, *machine]) { m.Invert() }
	case 9:
		key := 1 + r.IntN(40)
		return func(m *Model[int, *machine]) { m.Select(key) }
	case 10:
		w, h := 20+r.IntN(60), 1+r.IntN(20)
		return func(m *Model[int, *machine]) { m.Draw(w, h) }
	}
	key := []string{"up", "down", "g", "G", "space", "pgup", "pgdown", "*", "v", "j"}[r.IntN(10)]
	return func(m *Model[int, *machine]) { press(m, key) }
}

func shuffled(r *rand.Rand, world []*machine) (rows []*machine) {
	for _, w := range world {
		if r.IntN(100) < 85 {
			c := *w
			if r.IntN(4) == 0 {
				c.price = float64(r.IntN(8)) / 4
			}
			if r.IntN(30) == 0 {
				c.price = math.NaN()
			}
			rows = append(rows, &c)
		}
	}
	if r.IntN(3) > 0 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	return rows
}

// TestAJobDoesWhatTheCallWouldHaveDone plays one history on a table that arranges its rows at once
// and on one that leaves it to jobs: they never differ in anything.
func TestAJobDoesWhatTheCallWouldHaveDone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(21, 22))
	world := many(40)
	now, late := newTable(world...), offload(world...)
	vanished := 0
	for step := range 3000 {
		do := act(r, world)
		do(now)
		do(late)
		settle(late)
		if a, b := snapshot(now), snapshot(late); a != b {
			t.Fatalf("step %d: at once\n%s\nby a job\n%s", step, a, b)
		}
		if now.CursorVanished() {
			vanished++
		}
		consistent(t, step, late)
	}
	if vanished < 100 {
		t.Fatalf("the play is too tame: %d vanished", vanished)
	}
}

// TestNewRowsAndAnotherFilterMayWaitForOneJob asks for both before the job is run: what is
// shown then is what the same calls would have shown at once.
func TestNewRowsAndAnotherFilterMayWaitForOneJob(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(23, 24))
	world := many(40)
	now, late := newTable(world...), offload(world...)
	for step := range 1500 {
		rows, keep := shuffled(r, world), keepBelow(r.Float64()*2)
		for _, m := range []*Model[int, *machine]{now, late} {
			m.SetRows(rows)
			m.Filter(keep)
		}
		if _, ok := late.Cursor(); ok || !late.Pending() {
			t.Fatalf("step %d: there is something under the cursor of a table that is being arranged", step)
		}
		settle(late)
		if a, b := shownIDs(now), shownIDs(late); step > 0 && !sameMembers(a, b) {
			t.Fatalf("step %d: at once %v, by a job %v", step, a, b)
		}
		if a, b := now.Marked(), late.Marked(); len(a) != len(b) {
			t.Fatalf("step %d: %d and %d marked", step, len(a), len(b))
		}
		a, goneA := now.VanishedKey()
		if b, gone := late.VanishedKey(); gone != goneA || gone && a != b {
			t.Fatalf("step %d: at once %d vanished (%v), by a job %d (%v)", step, a, goneA, b, gone)
		}
		consistent(t, step, late)
		// The neighbours of what vanished may differ: both go on from one row.
		for _, m := range []*Model[int, *machine]{now, late} {
			if m.Filter(nil); m.Offload {
				settle(m)
			}
		}
		row, ok := now.At(r.IntN(max(1, now.Shown())))
		for _, m := range []*Model[int, *machine]{now, late} {
			if ok && m.Select(row.id) && row.id%4 == 0 {
				m.ToggleMark()
			}
			if m.Filter(keep); m.Offload {
				settle(m)
			}
			m.Home()
		}
	}
}

func keepBelow(limit float64) func(*machine) bool {
	return func(m *machine) bool { return m.price < limit }
}

func shownIDs(m *Model[int, *machine]) []int { return order(m) }

func sameMembers(a, b []int) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// snapshot is everything that can be seen of a table.
func snapshot(m *Model[int, *machine]) string {
	key, ok := m.CursorKey()
	lost, gone := m.VanishedKey()
	if !gone {
		lost = 0
	}
	id, desc := m.SortBy()
	return fmt.Sprint(order(m), " cursor ", key, ok, m.Position(), " gone ", lost, gone, " marked ", marked(m), m.MarkedHidden(),
		" sort ", id, desc, " of ", m.Total(), m.Pending(), m.Stale(), "\n", m.Draw(60, 12))
}

func TestNothingIsUnderTheCursorWhileRowsAreArranged(t *testing.T) {
	t.Parallel()
	m := offload(few()...)
	m.Select(4)
	m.Filter(func(r *machine) bool { return r.id != 1 })
	if _, ok := m.Cursor(); ok || !m.Pending() || !m.Stale() {
		t.Error("an action could meet a row")
	}
	if r, ok := m.Peek(); !ok || r.id != 4 {
		t.Error("the detail has nothing to show")
	}
	job, ok := m.Job()
	if !ok || m.Stale() || !m.Pending() {
		t.Error("the job is not there, or not counted")
	}
	if _, again := m.Job(); again {
		t.Error("there are two jobs for one wish")
	}
	if !m.Install(job.Run()) || m.Pending() {
		t.Error("the result was refused")
	}
	wantCursor(t, m, 4)
	wantOrder(t, m, 2, 3, 4, 5)
}

func TestResultsThatAreOutdatedAreRefused(t *testing.T) {
	t.Parallel()
	m := offload(few()...)
	take := func() Arrangement[int, *machine] {
		job, ok := m.Job()
		if !ok {
			t.Fatal("there is no job")
		}
		return job.Run()
	}
	m.Sort("price", false)
	a := take()
	m.Sort("name", false)
	if m.Install(a) || !m.Stale() {
		t.Error("an order that is no longer wanted was shown")
	}
	b := take()
	if !m.Install(b) || m.Install(b) {
		t.Error("a result must be shown, and once only")
	}
	m.Filter(func(r *machine) bool { return r.id < 4 })
	old := take()
	m.Filter(func(r *machine) bool { return r.id > 4 })
	newer := take()
	if m.Install(old) || !m.Install(newer) {
		t.Error("the newest job is not the one that counts")
	}
	wantOrder(t, m, 5)
	m.Sort("id", true)
	c := take()
	m.SetColumns(columns())
	if m.Install(c) {
		t.Error("columns were replaced, and the order of the old ones was shown")
	}
	settle(m)
	if m.Install(Arrangement[int, *machine]{}) {
		t.Error("nothing was shown as a result")
	}
}

func TestAJobThatIsLostIsTakenAgain(t *testing.T) {
	t.Parallel()
	m := offload(few()...)
	if m.Drop(); m.Stale() {
		t.Error("there is work although nothing was asked for")
	}
	m.Filter(func(r *machine) bool { return r.id < 3 })
	lost, _ := m.Job()
	m.Drop()
	if !m.Stale() || !m.Pending() {
		t.Error("what was asked for is forgotten")
	}
	if m.Install(lost.Run()) {
		t.Error("a job that was given up counts")
	}
	settle(m)
	wantOrder(t, m, 1, 2)
}

func TestAResultIsShownWhileTheNextFilterWaits(t *testing.T) {
	t.Parallel()
	m := offload(few()...)
	m.Filter(func(r *machine) bool { return r.id < 4 })
	job, _ := m.Job()
	m.Filter(func(r *machine) bool { return r.id < 2 })
	if !m.Install(job.Run()) || !m.Stale() || !m.Pending() {
		t.Error("the result in between was not shown, or taken for the last one")
	}
	wantOrder(t, m, 1, 2, 3)
	settle(m)
	wantOrder(t, m, 1)
}

func TestAJobHoldsNothingThatChanges(t *testing.T) {
	t.Parallel()
	m := offload(few()...)
	m.Sort("price", true)
	job, _ := m.Job()
	done := make(chan Arrangement[int, *machine])
	go func() { done <- job.Run() }()
	// All of this goes on while the job runs; the race detector watches.
	for range 50 {
		press(m, "down", "space", "*", "i", "G")
		m.Draw(60, 6)
		m.ShowColumns("id", "price")
		m.ShowColumns()
	}
	if !m.Install(<-done) {
		t.Error("the result was refused")
	}
	wantOrder(t, m, 4, 1, 5, 3, 2)
}

func TestWhatWasPressedWhileRowsAreArrangedIsDoneToThem(t *testing.T) {
	t.Parallel()
	m := offload(few()...)
	m.Select(5)
	m.Filter(func(r *machine) bool { return r.place == "DE" || r.id == 5 })
	m.Home()
	press(m, "*")
	if len(m.Marked()) != 0 {
		t.Error("rows were marked that the user had already filtered away")
	}
	settle(m)
	wantCursor(t, m, 1)
	if got := marked(m); got != "[1 4 5]" || m.MarkedHidden() != 0 {
		t.Errorf("marked %s, %d hidden", got, m.MarkedHidden())
	}
	m.Filter(nil)
	m.Home()
	m.Move(2)
	settle(m)
	wantCursor(t, m, 5) // the third of those that were on the screen
	m.Sort("id", true)
	press(m, "i")
	m.ClearMarks()
	settle(m)
	if m.Marked() != nil {
		t.Error("what was cleared came back")
	}
}

func TestFewRowsAreArrangedAtOnce(t *testing.T) {
	t.Parallel()
	m := New(func(r *machine) int { return r.id }, columns(), theme.New(true))
	m.Offload = true
	m.SetRows(many(AtOnce))
	if m.Pending() || m.Shown() != AtOnce {
		t.Error("few rows wait for a job")
	}
	m.SetRows(many(AtOnce + 1))
	if !m.Pending() || m.Shown() != AtOnce {
		t.Error("many rows do not")
	}
	settle(&m)
	m.Filter(func(r *machine) bool { return r.id == 7 })
	if !m.Pending() {
		t.Error("filtering many rows does not wait")
	}
	m.SetRows(many(3))
	settle(&m)
	if m.Filter(nil); m.Pending() || m.Shown() != 3 {
		t.Error("few rows wait again")
	}
}

func TestFilteringDoesNotSort(t *testing.T) {
	t.Parallel()
	asked := 0
	cols := columns()
	cols[2].Num = func(m *machine) float64 { asked++; return m.price }
	m := New(func(r *machine) int { return r.id }, cols, theme.New(true))
	m.SetRows(many(100))
	m.Sort("price", true)
	asked = 0
	m.Filter(keepBelow(1))
	m.Filter(keepBelow(0.5))
	m.Filter(nil)
	if asked != 0 {
		t.Errorf("%d rows were asked for what they are sorted by", asked)
	}
}

func TestEqualRowsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	rows := []*machine{{1, "b", 3, "X"}, {2, "a", 2, "X"}, {3, "b", 1, "X"}, {4, "a", 4, "X"}}
	m := newTable(rows...)
	m.Sort("price", false)
	m.Sort("name", false)
	wantOrder(t, m, 2, 4, 3, 1)
	m.Reverse()
	wantOrder(t, m, 3, 1, 2, 4)
	m.Sort("place", false)
	wantOrder(t, m, 3, 1, 2, 4)
	// The server gives them in another order, and a new one among them.
	m.SetRows([]*machine{{9, "b", 9, "X"}, rows[3], rows[2], rows[1], rows[0]})
	wantOrder(t, m, 3, 1, 9, 2, 4)
	r := rand.New(rand.NewPCG(25, 26))
	same := newTable(many(60)...)
	for _, row := range same.Rows() {
		row.place = "X"
	}
	same.Sort("place", true)
	want := fmt.Sprint(order(same))
	for range 50 {
		rows := slices.Clone(same.Rows())
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		same.SetRows(rows)
		if got := fmt.Sprint(order(same)); got != want {
			t.Fatalf("a refresh shuffled equal rows: %s", got)
		}
	}
}

func TestTwoRowsWithOneKeyLoseNothing(t *testing.T) {
	t.Parallel()
	m := offload(few()...)
	twice := append(few(), few()...)
	for range 3 {
		m.SetRows(twice)
		m.Sort("price", true)
		settle(m)
		if m.Shown() != 10 {
			t.Errorf("%d rows are shown", m.Shown())
		}
		m.SetRows(few()[1:])
		settle(m)
		if m.Shown() != 4 {
			t.Errorf("%d rows are shown", m.Shown())
		}
	}
}

func TestHiddenColumnsAreSortedByAndCanBeShown(t *testing.T) {
	t.Parallel()
	cols := columns()
	cols[0].Hidden = true
	m := New(func(r *machine) int { return r.id }, cols, theme.New(true))
	m.SetRows(few())
	m.ShowPosition = true
	if got := fmt.Sprint(m.VisibleColumns()); got != "[name price place note]" {
		t.Errorf("visible: %s", got)
	}
	m.Sort("id", true)
	wantOrder(t, &m, 5, 4, 3, 2, 1)
	m.Select(3)
	m.ToggleMark()
	m.ShowColumns("price", "nonsense", "place", "price")
	if got := screen(&m, 60, 2); !strings.HasPrefix(got, "        $/h  Place") || !strings.Contains(got, "sorted by ID ▼  3/5") {
		t.Errorf("the header is %q", got)
	}
	if m.SortVisible() || m.SortLabel() != "sorted by ID ▼" {
		t.Error("the order by a column that is not on the screen is not told")
	}
	wantCursor(t, &m, 3)
	if got := marked(&m); got != "[3]" {
		t.Errorf("marked %s", got)
	}
	m.NextSort()
	if id, _ := m.SortBy(); id != "price" {
		t.Errorf("the next order is by %s", id)
	}
	m.ShowColumns("place", "id")
	if got := screen(&m, 60, 1); !strings.HasPrefix(got, "  Place") || !strings.Contains(got, "ID") {
		t.Errorf("the header is %q", got)
	}
	m.ShowColumns()
	if len(m.VisibleColumns()) != 4 {
		t.Error("the default set did not come back")
	}
}

func TestARowThatIsGoneLooksSoUnderTheCursor(t *testing.T) {
	t.Parallel()
	for _, dark := range []bool{true, false} {
		th := theme.New(dark)
		m := New(func(r *machine) int { return r.id }, columns(), th)
		m.RowClass = func(r *machine) theme.Class {
			if r.id == 1 {
				return theme.Dim
			}
			return theme.Plain
		}
		m.SetRows(few())
		for _, g := range []theme.Ground{theme.OnSelected, theme.OnBoth} {
			line := strings.Split(m.Draw(50, 3), "\n")[1]
			if ink := th.InkOn(g, theme.Muted); ink == th.InkOn(g, theme.Plain) || !strings.Contains(line, ink.On) {
				t.Errorf("dark %v, ground %d: %q", dark, g, line)
			}
			m.ToggleMark()
		}
		m.Move(1)
		if line := strings.Split(m.Draw(50, 3), "\n")[2]; strings.Contains(line, th.InkOn(theme.OnSelected, theme.Muted).On) {
			t.Errorf("a row that is there is drawn as gone: %q", line)
		}
	}
}

package store

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// manyBands fills in 90 days of bands, ten minutes apart, for a model whose prices move.
func (h *History) manyBands(t testing.TB) {
	t.Helper()
	for _, query := range []string{
		"INSERT INTO models(id, name) VALUES(1, 'RTX 4090'), (2, 'H100 SXM')",
		fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 12959)
			INSERT INTO bands(model, kind, at, low, mid, high, offers) SELECT m.id, 'on-demand', %d + i * 600,
			300000 + i * 7919 %% 100000, 500000 + i * 104729 %% 100000, 900000 + i * 31 %% 70000, 100 + i %% 9 FROM n, models m`, day1.Unix()),
		"INSERT INTO hours " + sumsOfHours + " GROUP BY model, kind, at - at % 3600",
	} {
		if _, err := h.db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
}

// plan is how SQLite carries a query out, a step a line.
func (h *History) plan(t testing.TB, query string, args ...any) string {
	t.Helper()
	rows, err := h.db.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}

func TestAChartOfAModelReadsOneRangeOfAKey(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for _, source := range []bandSource{fromBands, fromHours} {
		plan := h.plan(t, source.query(), 0, 300*600, 600, "RTX 4090", "on-demand", 299)
		if !strings.Contains(plan, "SEARCH b USING PRIMARY KEY (model=? AND kind=? AND at>? AND at<?)") ||
			!strings.Contains(plan, "SEARCH m USING") || strings.Contains(plan, "SCAN") {
			t.Errorf("%s is not read by its key:\n%s", source.table, plan)
		}
	}
}

func TestAChartReadsFewRowsWhateverTheTimeItCovers(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	h.manyBands(t)
	end := day1.Add(keepRaw)
	for _, days := range []int{1, 7, 12, 13, 30, 90} {
		source, s := spanOf(end.AddDate(0, 0, -days), end, 300).source()
		var rows int
		err := h.db.QueryRow("SELECT count(*) FROM "+source.table+" WHERE model = 1 AND at BETWEEN ? AND ?", s.from, s.to).Scan(&rows)
		if err != nil || rows > 2200 || rows < 100 {
			t.Errorf("%d days: %d rows of %s, %v", days, rows, source.table, err)
		}
	}
}

func TestSumsByTheHourTellWhatTheBandsTell(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	h.manyBands(t)
	ctx := t.Context()
	from, to := day1.Add(24*time.Hour), day1.Add(31*24*time.Hour-time.Second)
	list, samples, first, last, err := h.ModelBands(ctx, "RTX 4090", "on-demand", from, to, 30)
	if err != nil || len(list) != 30 || samples != 30*144 || !first.Equal(from) || !last.Equal(to.Add(time.Second-10*time.Minute)) {
		t.Fatalf("%d bands of %d samples from %s to %s, %v", len(list), samples, first, last, err)
	}
	for n, b := range list {
		begin := from.Add(time.Duration(n) * 24 * time.Hour)
		each, err := h.ModelPrices(ctx, "RTX 4090", "on-demand", begin, begin.Add(24*time.Hour-time.Second))
		if err != nil || len(each) != 144 {
			t.Fatal(len(each), err)
		}
		want := Band{At: begin, Low: math.Inf(1)}
		for _, e := range each {
			want.Low, want.High, want.Offers, want.Mid = min(want.Low, e.Low), max(want.High, e.High), max(want.Offers, e.Offers), want.Mid+e.Mid/144
		}
		if !b.At.Equal(begin) || b.Low != want.Low || b.High != want.High || b.Offers != want.Offers || math.Abs(b.Mid-want.Mid) > 1.5e-6 {
			t.Errorf("day %d: %+v, want %+v", n, b, want)
		}
	}
}

// hours are the sums by hour as they are kept, or as they follow from the bands.
func (h *History) hours(t testing.TB, query string) (list []string) {
	t.Helper()
	rows, err := h.db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		var n [9]int64
		if err := rows.Scan(&n[0], &kind, &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &n[8]); err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprint(kind, n))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

func TestEveryAnswerIsSummedUpByTheHour(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 60 {
		p := Prices{At: day1.Add(time.Duration(n) * 7 * time.Minute), Whole: n%5 != 0}
		for m := range 4 {
			q := quote(int64(m), 1+m%2, 0.2+r.Float64())
			q.Model = fmt.Sprintf("MODEL %d", m%2)
			p.Quotes = append(p.Quotes, q)
		}
		h.mustRecord(t, p)
	}
	have, want := h.hours(t, "SELECT * FROM hours"), h.hours(t, sumsOfHours+" GROUP BY model, kind, at - at % 3600")
	if len(want) < 12 || !slices.Equal(have, want) {
		t.Errorf("%d hours are kept and %d follow from the bands:\n%v\n%v", len(have), len(want), have, want)
	}
}

func TestWhatIsOldKeepsItsSumsByTheHour(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	h.manyBands(t)
	before := h.hours(t, "SELECT * FROM hours")
	if err := h.Tidy(t.Context(), day1.Add(2*keepRaw)); err != nil {
		t.Fatal(err)
	}
	if after := h.hours(t, "SELECT * FROM hours"); len(after) != 2*2160 || !slices.Equal(before, after) {
		t.Errorf("%d hours were kept, and %d are left", len(before), len(after))
	}
}

func TestAnOlderHistoryIsSummedUpWhenItIsOpened(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	h, _, err := OpenHistory(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	h.manyBands(t)
	want := h.hours(t, "SELECT * FROM hours")
	for _, query := range []string{"DROP TABLE hours", "PRAGMA user_version = 2"} {
		if _, err := h.db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if got := historyAt(t, path).hours(t, "SELECT * FROM hours"); !slices.Equal(got, want) {
		t.Errorf("%d hours, want %d", len(got), len(want))
	}
}

func TestAChartOfAMachineLooksEachPartUpByItsKey(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	plan := h.plan(t, trendsQuery+ofSlot, 300, 0, 600, 300*600, 7, 1, "on-demand")
	if !strings.Contains(plan, "SEARCH p USING PRIMARY KEY (slot=? AND at<?)") || !strings.Contains(plan, "SEARCH s USING COVERING INDEX") ||
		strings.Contains(plan+"\n", "SCAN p\n") || strings.Contains(plan+"\n", "SCAN s\n") {
		t.Errorf("a machine's prices are not looked up:\n%s", plan)
	}
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var day1 = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// newHistory opens a history of its own, which is closed with the test.
func newHistory(t testing.TB) *History {
	t.Helper()
	return historyAt(t, filepath.Join(t.TempDir(), "state", "history.db"))
}

func historyAt(t testing.TB, path string) *History {
	t.Helper()
	h, notice, err := OpenHistory(t.Context(), path)
	if err != nil || notice != "" {
		t.Fatalf("%q, %v", notice, err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

func quote(machine int64, gpus int, price float64) Quote {
	return Quote{Slot: Slot{machine, gpus, "on-demand"}, Model: "RTX 4090", Price: price}
}

func (h *History) mustRecord(t testing.TB, p Prices) {
	t.Helper()
	if err := h.RecordPrices(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

func drawn(points []Point) string {
	var b strings.Builder
	for _, p := range points {
		fmt.Fprintf(&b, "%s %.4g; ", p.At.UTC().Format("02 15:04"), p.Price)
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestOnlyWhatChangesIsKept(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	at := func(n int) time.Time { return day1.Add(time.Duration(n) * 15 * time.Minute) }
	slot := Slot{7, 2, "on-demand"}
	h.mustRecord(t, Prices{At: at(0), Quotes: []Quote{quote(7, 2, 0.8), quote(8, 1, 0.4)}})
	h.mustRecord(t, Prices{At: at(1), Quotes: []Quote{quote(7, 2, 0.8), quote(8, 1, 0.4)}})
	h.mustRecord(t, Prices{At: at(2), Quotes: []Quote{quote(7, 2, 0.9)}, Gone: []Slot{{8, 1, "on-demand"}, {99, 1, "bid"}}})
	h.mustRecord(t, Prices{At: at(3), Gone: []Slot{slot, {8, 1, "on-demand"}}})
	h.mustRecord(t, Prices{At: at(4), Quotes: []Quote{quote(7, 2, 0.9)}})
	h.mustRecord(t, Prices{At: at(3), Quotes: []Quote{quote(7, 2, 5)}}) // an answer that was overtaken
	got, err := h.SlotPrices(t.Context(), slot, day1, day1.Add(24*time.Hour))
	if want := "01 00:00 0.8; 01 00:30 0.9; 01 00:45 NaN; 01 01:00 0.9"; err != nil || drawn(got) != want {
		t.Errorf("%s (%v), want %s", drawn(got), err, want)
	}
	later, err := h.SlotPrices(t.Context(), slot, at(2).Add(time.Minute), at(3))
	if want := "01 00:30 0.9; 01 00:45 NaN"; err != nil || drawn(later) != want {
		t.Errorf("what held at the beginning is missing: %s (%v), want %s", drawn(later), err, want)
	}
}

func TestAPriceThatNeverRestsDoesNotFillTheDisk(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for n := range 240 { // an hour of answers, 15 s apart
		h.mustRecord(t, Prices{At: day1.Add(time.Duration(n) * 15 * time.Second), Quotes: []Quote{quote(7, 1, 0.4+float64(n)/1e4)}})
	}
	got, err := h.SlotPrices(t.Context(), Slot{7, 1, "on-demand"}, day1, day1.Add(time.Hour))
	if err != nil || len(got) != 6 || math.Abs(got[5].Price-0.42) > 1e-9 {
		t.Errorf("%s (%v)", drawn(got), err)
	}
}

func TestWhatIsNoPriceIsLeftOut(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	bad := []Quote{quote(1, 0, 1), quote(2, 1, 0), quote(3, 1, -1), quote(4, 1, math.NaN()), quote(5, 1, math.Inf(1)), {Slot: Slot{6, 1, "bid"}, Price: 1}}
	h.mustRecord(t, Prices{At: day1, Quotes: append(bad, quote(7, 1, 0.5)), Whole: true})
	var slots int
	if err := h.db.QueryRow("SELECT count(*) FROM slots").Scan(&slots); err != nil || slots != 1 {
		t.Errorf("%d slots, %v", slots, err)
	}
	bands, err := h.ModelPrices(t.Context(), "RTX 4090", "on-demand", day1, day1.Add(time.Hour))
	if err != nil || len(bands) != 1 || bands[0].Offers != 1 || bands[0].Low != 0.5 {
		t.Errorf("%+v, %v", bands, err)
	}
}

func TestModelsAreSummedUpPerGPUFromWholeAnswersAlone(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	h.mustRecord(t, Prices{At: day1, Quotes: []Quote{quote(1, 2, 0.8), quote(2, 1, 0.3), quote(3, 1, 0.6)}, Whole: true})
	h.mustRecord(t, Prices{At: day1.Add(5 * time.Minute), Quotes: []Quote{quote(4, 1, 0.2)}, Whole: true})
	h.mustRecord(t, Prices{At: day1.Add(6 * time.Minute), Quotes: []Quote{quote(5, 1, 0.01)}})
	h.mustRecord(t, Prices{At: day1.Add(12 * time.Minute), Quotes: []Quote{quote(4, 1, 0.25)}, Whole: true})
	got, err := h.ModelPrices(t.Context(), "RTX 4090", "on-demand", day1, day1.Add(time.Hour))
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if b := got[0]; b.Low != 0.2 || b.Mid != 0.2 || b.High != 0.6 || b.Offers != 3 || !b.At.Equal(day1) {
		t.Errorf("%+v", b)
	}
	if b := got[1]; b.Low != 0.25 || b.Offers != 1 || !b.At.Equal(day1.Add(10*time.Minute)) {
		t.Errorf("%+v", b)
	}
	if models, err := h.Models(t.Context()); err != nil || len(models) != 1 || models[0] != "RTX 4090" {
		t.Errorf("%v, %v", models, err)
	}
}

func TestAPriceIsJudgedOnlyByEnoughSamplesOverLongEnough(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for n := range 40 {
		h.mustRecord(t, Prices{At: day1.Add(time.Duration(n) * time.Hour), Quotes: []Quote{quote(1, 1, 0.3+0.01*float64(n))}, Whole: true})
	}
	for name, c := range map[string]struct {
		model string
		price float64
		since time.Time
		says  bool
		want  float64
	}{
		"all of it":         {"RTX 4090", 0.3951, day1, true, 0.75},
		"cheaper than ever": {"RTX 4090", 0.1, day1, true, 1},
		"dearer than ever":  {"RTX 4090", 9, day1, true, 0},
		"too short":         {"RTX 4090", 0.3951, day1.Add(17 * time.Hour), false, 1},
		"nothing known":     {"H100 SXM", 1, day1, false, math.NaN()},
	} {
		s, err := h.Standing(t.Context(), c.model, "on-demand", c.price, c.since)
		if err != nil || s.Says() != c.says || !(math.Abs(s.Cheaper-c.want) < 1e-9 || math.IsNaN(s.Cheaper) && math.IsNaN(c.want)) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	if (Standing{Samples: 200, Span: 23 * time.Hour}).Says() || (Standing{Samples: 29, Span: 900 * time.Hour}).Says() {
		t.Error("too little is enough")
	}
}

func TestTwoProcessesWriteOneHistory(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	a, b := historyAt(t, path), historyAt(t, path)
	done := make(chan error, 2)
	for n, h := range []*History{a, b} {
		h.waitsFor(t, 10*time.Minute) // no turn comes for sure: SQLite asks for the lock now and then
		go func() {
			var err error
			for i := range 50 {
				at := day1.Add(time.Duration(i)*time.Hour + time.Duration(n)*time.Minute)
				err = errors.Join(err, h.RecordPrices(context.Background(), Prices{At: at, Quotes: []Quote{quote(1, 1, 0.3+float64(i)/100), quote(int64(10*n+2), 1, 1)}, Whole: true}))
			}
			done <- err
		}()
	}
	if err := errors.Join(<-done, <-done); err != nil {
		t.Fatal(err)
	}
	got, err := a.SlotPrices(t.Context(), Slot{1, 1, "on-demand"}, day1, day1.Add(100*time.Hour))
	if err != nil || len(got) < 50 || len(got) > 100 {
		t.Errorf("%d points, %v", len(got), err)
	}
}

func TestADamagedHistoryIsSetAsideWithANotice(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, path string){
		"no database": func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 500)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"overwritten in the middle of the schema": func(t *testing.T, path string) {
			h, _, err := OpenHistory(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			h.mustRecord(t, Prices{At: day1, Quotes: []Quote{quote(1, 1, 1)}})
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for n := 100; n < len(data); n++ {
				data[n] = 0xff
			}
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "history.db")
			damage(t, path)
			h, notice, err := OpenHistory(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			if !strings.Contains(notice, "history.db was damaged; it is kept as history.db.damaged-") {
				t.Errorf("the notice is %q", notice)
			}
			h.mustRecord(t, Prices{At: day1, Quotes: []Quote{quote(1, 1, 1)}})
			if kept, err := filepath.Glob(path + ".damaged-*Z"); err != nil || len(kept) != 1 {
				t.Errorf("kept %v, %v", kept, err)
			}
		})
	}
}

func TestAHistoryOfANewerVersionIsReadAndNotWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	h, _, err := OpenHistory(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	h.mustRecord(t, Prices{At: day1, Quotes: []Quote{quote(1, 1, 1)}})
	if _, err := h.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h, notice, err := OpenHistory(t.Context(), path)
	if err != nil || !strings.Contains(notice, "newer version") {
		t.Fatalf("%q, %v", notice, err)
	}
	defer h.Close()
	if err := h.RecordPrices(t.Context(), Prices{At: day1.Add(time.Hour), Quotes: []Quote{quote(1, 1, 2)}}); !errors.Is(err, ErrHistoryReadOnly) {
		t.Errorf("it was written: %v", err)
	}
	if got, err := h.SlotPrices(t.Context(), Slot{1, 1, "on-demand"}, day1, day1.Add(time.Hour)); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestTheHistoryIsTheUsersAlone(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	h.mustRecord(t, Prices{At: day1, Quotes: []Quote{quote(1, 1, 1)}})
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(h.path + end)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("history.db%s: %v, %v", end, info, err)
		}
	}
}

func TestALinkInPlaceOfTheHistoryIsNotFollowed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, "history.db")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := OpenHistory(t.Context(), filepath.Join(dir, "history.db")); err == nil {
		t.Error("it was opened")
	}
	if _, err := os.Stat(filepath.Join(dir, "elsewhere")); err == nil {
		t.Error("a file was made where the link leads")
	}
}

func TestWhatIsOldIsKeptByTheHour(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for n := range 12 { // two hours, ten minutes apart
		at := day1.Add(time.Duration(n)*10*time.Minute + time.Minute)
		h.mustRecord(t, Prices{At: at, Quotes: []Quote{quote(1, 1, 0.3+float64(n)/100)}, Whole: true})
		if err := h.RecordCredit(t.Context(), Credit{at, 50 - float64(n)}); err != nil {
			t.Fatal(err)
		}
	}
	count := func() string {
		points, err1 := h.SlotPrices(t.Context(), Slot{1, 1, "on-demand"}, day1, day1.Add(24*time.Hour))
		bands, err2 := h.ModelPrices(t.Context(), "RTX 4090", "on-demand", day1, day1.Add(24*time.Hour))
		credit, err3 := h.Credits(t.Context(), day1, day1.Add(24*time.Hour))
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(len(points), len(bands), len(credit))
	}
	now := day1.Add(keepRaw + 30*time.Minute) // half of the first hour is older
	if err := h.Tidy(t.Context(), now); err != nil || count() != "12 12 12" {
		t.Errorf("what is not an hour old enough was thinned out: %s, %v", count(), err)
	}
	now = day1.Add(keepRaw + time.Hour + time.Minute)
	for range 2 { // the second time changes nothing
		if err := h.Tidy(t.Context(), now); err != nil || count() != "7 7 7" {
			t.Errorf("%s, %v", count(), err)
		}
	}
	bands, err := h.ModelPrices(t.Context(), "RTX 4090", "on-demand", day1, day1)
	if err != nil || len(bands) != 1 || bands[0].Low != 0.3 || bands[0].High != 0.35 || math.Abs(bands[0].Mid-0.325) > 1e-6 {
		t.Errorf("%+v, %v", bands, err)
	}
	if err := h.Tidy(t.Context(), day1.Add(2*keepRaw)); err != nil || count() != "2 2 2" {
		t.Errorf("%s, %v", count(), err)
	}
}

func TestStartsAreRemembered(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for _, s := range []Start{
		{Instance: 5, Machine: 7, Host: 3, At: day1},
		{Instance: 6, Machine: 7, Host: 3, At: day1.Add(time.Hour), Failed: "image"},
		{Instance: 5, Machine: 7, Host: 3, At: day1, Ready: 95 * time.Second},
	} {
		if err := h.RecordStart(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	got, err := h.Starts(t.Context())
	if err != nil || len(got) != 2 || got[0].Ready != 95*time.Second || !got[0].At.Equal(day1) || got[1].Failed != "image" || got[1].Ready != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestADayTakesLessThanFiveMegabytes plays a day of four answers a minute: 1,000 offers, of which
// one in fifty changes its price between two answers and one in a hundred goes or comes.
func TestADayTakesLessThanFiveMegabytes(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	r := rand.New(rand.NewPCG(1, 2))
	models := make([]string, 60)
	for n := range models {
		models[n] = fmt.Sprintf("MODEL %d", n)
	}
	quotes := make([]Quote, 1000)
	for n := range quotes {
		quotes[n] = Quote{Slot: Slot{int64(n + 1), 1 << (n % 4), "on-demand"}, Model: models[n%60], Price: 0.1 + r.Float64()}
	}
	size := func() int64 {
		if _, err := h.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			t.Fatal(err)
		}
		return h.Size()
	}
	const day = 4 * 60 * 24 // answers
	some := day / 8
	if testing.Short() {
		some = day / 32
	}
	var begun int64 // what the first answers take, which note everything
	for n := range some {
		p := Prices{At: day1.Add(time.Duration(n) * 15 * time.Second), Whole: true}
		for i := range quotes {
			switch x := r.Float64(); {
			case x < 0.01:
				p.Gone = append(p.Gone, quotes[i].Slot)
				continue
			case x < 0.03:
				quotes[i].Price *= 0.95 + r.Float64()/10
			}
			p.Quotes = append(p.Quotes, quotes[i])
		}
		h.mustRecord(t, p)
		if n+1 == some/4 {
			begun = size()
		}
	}
	perDay := begun + (size()-begun)*day/int64(some-some/4)
	t.Logf("%.2f MB a day", float64(perDay)/1e6)
	if perDay > 5_000_000 {
		t.Errorf("%d bytes a day", perDay)
	}
}

// filled is a history with machines' prices of 90 days.
func filled(b *testing.B, machines int) *History {
	h := newHistory(b)
	tx, err := h.db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	exec := func(query string, args ...any) {
		if _, err := tx.Exec(query, args...); err != nil {
			b.Fatal(err)
		}
	}
	exec("INSERT INTO models(id, name) VALUES(1, 'RTX 4090')")
	exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO slots(id, machine, gpus, kind, model) SELECT i, i, 1, 'on-demand', 1 FROM n", machines)
	exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1079)
		INSERT INTO prices(slot, at, micro) SELECT s.id, ? + n.i * 7200, 300000 + abs(random() % 500000) FROM slots s, n`, day1.Unix())
	exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 12959)
		INSERT INTO bands(model, kind, at, low, mid, high, offers) SELECT 1, 'on-demand', ? + i * 600, 300000 + abs(random() % 100000), 500000, 900000, 100 FROM n`, day1.Unix())
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return h
}

func BenchmarkHistory(b *testing.B) {
	h := filled(b, 2000)
	end := day1.Add(keepRaw)
	b.Run("machine, 90 days", func(b *testing.B) {
		for b.Loop() {
			if p, err := h.SlotPrices(b.Context(), Slot{1234, 1, "on-demand"}, day1, end); err != nil || len(p) != 1080 {
				b.Fatal(len(p), err)
			}
		}
	})
	b.Run("model, 30 days", func(b *testing.B) {
		for b.Loop() {
			if p, err := h.ModelPrices(b.Context(), "RTX 4090", "on-demand", end.Add(-30*24*time.Hour), end); err != nil || len(p) != 4320 {
				b.Fatal(len(p), err)
			}
		}
	})
	b.Run("standing, 90 days", func(b *testing.B) {
		for b.Loop() {
			if s, err := h.Standing(b.Context(), "RTX 4090", "on-demand", 0.35, day1); err != nil || s.Samples != 12960 {
				b.Fatal(s, err)
			}
		}
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			again, _, err := OpenHistory(b.Context(), h.path)
			if err != nil {
				b.Fatal(err)
			}
			_ = again.Close()
		}
	})
}

// What one write takes must not cost another one of the same program: on a slow disk
// that is longer than another process would be waited for.
func TestWritesOfOneProgramWaitForEachOtherHoweverLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t)
		end, first, second := make(chan struct{}), make(chan error, 1), make(chan error, 1)
		go func() {
			first <- h.change(t.Context(), func(*sql.Tx) error {
				<-end
				return nil
			})
		}()
		synctest.Wait()
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := h.RecordCredit(gone, Credit{At: day1, Amount: 1}); !errors.Is(err, context.Canceled) {
			t.Errorf("who gives up waiting gets %v", err)
		}
		go func() { second <- h.RecordCredit(t.Context(), Credit{At: day1, Amount: 2}) }()
		time.Sleep(time.Hour) // another process is waited for as long as two seconds
		select {
		case err := <-second:
			t.Errorf("the second one has not waited: %v", err)
			second <- err
		default:
		}
		close(end)
		if err := errors.Join(<-first, <-second); err != nil {
			t.Error(err)
		}
	})
}

func TestAHistoryThatAnotherProcessWritesIsBusyAndNotBroken(t *testing.T) {
	t.Parallel()
	mine := newHistory(t)
	mine.waitsFor(t, 0)
	theirs := historyAt(t, mine.path)
	err := theirs.change(t.Context(), func(*sql.Tx) error {
		return mine.RecordCredit(t.Context(), Credit{At: day1, Amount: 1})
	})
	if !errors.Is(err, ErrHistoryBusy) || damagedHistory(err) {
		t.Errorf("while the other one writes: %v", err)
	}
	if err := mine.RecordCredit(t.Context(), Credit{At: day1, Amount: 1}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// waitsFor makes h wait so long for the lock of another process, by its one connection.
func (h *History) waitsFor(t testing.TB, limit time.Duration) {
	t.Helper()
	h.db.SetMaxOpenConns(1)
	if _, err := h.db.ExecContext(t.Context(), fmt.Sprintf("PRAGMA busy_timeout = %d", limit.Milliseconds())); err != nil {
		t.Fatal(err)
	}
}

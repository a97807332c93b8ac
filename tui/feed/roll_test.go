package feed

import (
	"math"
	"slices"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

var rollStart = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// up is an instance that runs.
func up(id vastapi.InstanceID) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: 9, Label: safetext.New("worker"), Actual: word, Intended: word, Cur: word, Next: word, NumGPUs: 2, GPURAM: 24576,
		GPUUtil: 80, GPUTemp: 60, VRAMUsed: 12, CPUUtil: 0.25, MemUsed: 16, MemLimit: 64, Disk: 100, DiskUsed: 20,
		SSHHost: safetext.New("ssh1.vast.ai"), SSHPort: 22, RunType: safetext.New("ssh"), BilledNow: 0.4, MinBid: vastapi.Unknown[vastapi.Rate](),
	}
}

func loading(id vastapi.InstanceID) vastapi.Instance {
	i := up(id)
	i.Actual = safetext.New("loading")
	return i
}

func all(at time.Time, list ...vastapi.Instance) Reading {
	return Reading{Page: vastapi.InstancePage{Instances: list, Total: len(list)}, Began: at, At: at}
}

func idsOf(list []vastapi.Instance) []vastapi.InstanceID {
	var out []vastapi.InstanceID
	for _, i := range list {
		out = append(out, i.ID)
	}
	return out
}

func TestReadingsBecomeTraces(t *testing.T) {
	t.Parallel()
	r, news := Roll{}.With(all(rollStart, up(1), loading(2)), Around{})
	if !news.First || len(news.Gone)+len(news.Ready) > 0 || !slices.Equal(r.Moving, []vastapi.InstanceID{2}) {
		t.Errorf("the first reading says %+v, moving are %v", news, r.Moving)
	}
	r, news = r.With(all(rollStart.Add(time.Minute), up(1), up(2)), Around{})
	if news.First || len(news.Ready) != 1 || news.Ready[0] != (ReadyInstance{2, time.Minute}) || len(r.Moving) != 0 {
		t.Errorf("when it is up the news are %+v", news)
	}
	s := r.Traces[1].Samples
	if len(s) != 2 || !s[1].At().Equal(rollStart.Add(time.Minute)) {
		t.Fatalf("samples are %v", s)
	}
	if got, want := s[1], (Sample{Unix: rollStart.Add(time.Minute).Unix(), GPU: 80, Temp: 60, VRAM: 25, CPU: 25, RAM: 25, Disk: 20}); got != want {
		t.Errorf("the sample is %+v, want %+v", got, want)
	}
	if got := r.Traces[2].Samples[0]; !math.IsNaN(float64(got.GPU)) || got.Disk != 20 {
		t.Errorf("of what does not run yet the sample is %+v", got)
	}
	if got := r.Traces[2].Watched.States; len(got) != 2 || got[0].State.Word != "LOADING" || got[1].State.Word != "RUNNING" {
		t.Errorf("its timeline is %v", got)
	}
	r, news = r.With(all(rollStart.Add(2*time.Minute), up(2)), Around{})
	if _, there := r.Traces[1]; there || len(news.Gone) != 1 || news.Gone[0].ID != 1 || news.Gone[0].Name != "worker" || news.Gone[0].Last.Word != "RUNNING" {
		t.Errorf("of what is gone the news are %+v", news.Gone)
	}
}

func TestWhatWasReadAloneTakesTheOldOnesPlace(t *testing.T) {
	t.Parallel()
	r, _ := Roll{}.With(all(rollStart, up(1), loading(2), up(3), up(5)), Around{})
	before := r.Traces[1]
	some := Reading{
		Page: vastapi.InstancePage{Instances: []vastapi.Instance{up(2), up(4)}, Total: 2}, Of: []vastapi.InstanceID{2, 3, 4},
		Began: rollStart, At: rollStart.Add(10 * time.Second),
	}
	next, news := r.With(some, Around{})
	if got := idsOf(next.Page.Instances); !slices.Equal(got, []vastapi.InstanceID{1, 2, 4, 5}) || next.Page.Total != 4 {
		t.Errorf("there are %v of %d", got, next.Page.Total)
	}
	if len(news.Ready) != 1 || len(news.Gone) != 1 || news.Gone[0].ID != 3 || len(next.Moving) != 0 {
		t.Errorf("the news are %+v", news)
	}
	if got := next.Traces[1]; !got.ReadAt.Equal(before.ReadAt) || len(got.Samples) != 1 {
		t.Error("what was not read has another sample")
	}
	if got := r.Page.Instances[1].Actual.String(); got != "loading" || len(r.Traces) != 4 {
		t.Error("the older roll has changed")
	}
	some.Page.Bad = 1
	if kept, _ := r.With(some, Around{}); len(kept.Page.Instances) != 5 {
		t.Error("one is taken for gone though a row could not be read")
	}
}

// A walk over thousands takes minutes; meanwhile some are read by themselves.
func TestALongWalkDoesNotUndoWhatWasReadAfterIt(t *testing.T) {
	t.Parallel()
	r, _ := Roll{}.With(all(rollStart, loading(1), loading(2)), Around{})
	began := rollStart.Add(time.Minute)
	alone := Reading{Page: vastapi.InstancePage{Instances: []vastapi.Instance{up(1)}}, Of: []vastapi.InstanceID{1}, Began: began, At: began.Add(90 * time.Second)}
	r, _ = r.With(alone, Around{})
	walk := Reading{Page: vastapi.InstancePage{Instances: []vastapi.Instance{loading(1), up(2)}}, Began: began, At: began.Add(2 * time.Minute)}
	r, news := r.With(walk, Around{})
	if got := r.Page.Instances[0].Actual.String(); got != "running" || r.Traces[1].Watched.State(&r.Page.Instances[0]).Word != "RUNNING" {
		t.Errorf("what came up while the others were read is %s again", got)
	}
	if len(news.Ready) != 1 || news.Ready[0].ID != 2 || !r.Traces[2].ReadAt.Equal(began.Add(2*time.Minute)) {
		t.Errorf("the news are %+v", news)
	}
	if walk.Page.Instances[0].Actual.String() != "loading" {
		t.Error("the answer has changed in place")
	}
	// And one that was read alone before the walk came to it is taken from the walk.
	late := Reading{Page: vastapi.InstancePage{Instances: []vastapi.Instance{up(1), loading(2)}}, Began: began.Add(time.Hour), At: began.Add(time.Hour + 2*time.Minute)}
	if r, _ = r.With(late, Around{}); len(r.Moving) != 1 {
		t.Error("the walk is not believed")
	}
}

func TestProblemsAreNewsOnceUntilTheyAreGone(t *testing.T) {
	t.Parallel()
	full, fuller := up(1), up(1)
	full.DiskUsed, fuller.DiskUsed = 92, 98
	var r Roll
	at := rollStart
	count := func(list ...vastapi.Instance) int {
		var news RollNews
		at = at.Add(30 * time.Second)
		r, news = r.With(all(at, list...), Around{})
		return len(news.Problems)
	}
	for n, c := range []struct {
		i    vastapi.Instance
		want int
	}{{up(1), 0}, {full, 1}, {full, 0}, {fuller, 1}, {fuller, 0}, {full, 0}, {up(1), 0}, {full, 1}} {
		if got := count(c.i); got != c.want {
			t.Errorf("reading %d has %d new problems, want %d", n, got, c.want)
		}
	}
}

func TestWhatIsKnownLaterIsJudgedAnew(t *testing.T) {
	t.Parallel()
	bid := up(1)
	bid.Bid, bid.DphBase, bid.MinBid = true, 0.2, 0.3
	word := safetext.New("stopped")
	bid.Actual, bid.Intended, bid.Cur, bid.Next = safetext.New("exited"), word, word, word
	r, news := Roll{}.With(all(rollStart, bid, up(2)), Around{})
	if len(news.Problems) != 1 || news.Problems[0].Kind != rental.ProblemOutbid {
		t.Fatalf("problems are %v", news.Problems)
	}
	around := Around{
		Orders:    map[vastapi.InstanceID]rental.Order{1: {At: rollStart.Add(-time.Hour)}},
		Increases: IncreasesOf(vastapi.PriceIncreases{List: []vastapi.PriceIncrease{{ID: 5, Instance: 2, NewGPU: 0.8}}}),
	}
	next, news := r.Judged(rollStart.Add(time.Second), around)
	if len(next.Traces[1].Problems) != 0 || len(news.Problems) != 1 || news.Problems[0].Kind != rental.ProblemPrice {
		t.Errorf("problems are %v, news %v", next.Traces[1].Problems, news.Problems)
	}
	if len(r.Traces[1].Problems) != 1 {
		t.Error("the older roll has changed")
	}
	if _, news = next.Judged(rollStart.Add(2*time.Second), around); len(news.Problems) != 0 {
		t.Error("the same increase is news twice")
	}
	around.Increases = IncreasesOf(vastapi.PriceIncreases{List: []vastapi.PriceIncrease{{ID: 6, Instance: 2, NewGPU: 0.9}}})
	if _, news = next.Judged(rollStart.Add(3*time.Second), around); len(news.Problems) != 1 {
		t.Error("another increase is no news")
	}
}

func TestSamplesAreBounded(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 240, 5: 240, 500: 240, 1000: 120, 5000: 24, 100_000: 24} {
		if got := SamplesOf(n); got != want {
			t.Errorf("each of %d instances keeps %d samples, want %d", n, got, want)
		}
	}
	var r Roll
	for n := range 300 {
		r, _ = r.With(all(rollStart.Add(time.Duration(n)*30*time.Second), up(1)), Around{})
	}
	s := r.Traces[1].Samples
	if len(s) != MaxSamples || !s[len(s)-1].At().Equal(rollStart.Add(299*30*time.Second)) || !s[0].At().Equal(rollStart.Add(60*30*time.Second)) {
		t.Errorf("%d samples from %s to %s", len(s), s[0].At(), s[len(s)-1].At())
	}
}

func TestOneWithoutSSHIsReadyWhenItRuns(t *testing.T) {
	t.Parallel()
	i := loading(1)
	i.RunType, i.SSHHost = safetext.New("args"), safetext.Text{}
	r, _ := Roll{}.With(all(rollStart, i), Around{})
	i.Actual = safetext.New("running")
	if _, news := r.With(all(rollStart.Add(time.Minute), i), Around{}); len(news.Ready) != 1 {
		t.Errorf("the news are %+v", news)
	}
}

// BenchmarkRoll takes a reading of all of 5,000 instances in, and one of 100 of them.
func BenchmarkRoll(b *testing.B) {
	list := make([]vastapi.Instance, 5000)
	for n := range list {
		list[n] = up(vastapi.InstanceID(n + 1))
	}
	r, at := Roll{}, rollStart
	for range 30 {
		at = at.Add(30 * time.Second)
		r, _ = r.With(all(at, list...), Around{})
	}
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			at = at.Add(30 * time.Second)
			r, _ = r.With(all(at, list...), Around{})
		}
	})
	b.Run("some", func(b *testing.B) {
		b.ReportAllocs()
		some := Reading{Page: vastapi.InstancePage{Instances: list[2000:2100]}, Of: idsOf(list[2000:2100])}
		for b.Loop() {
			at = at.Add(10 * time.Second)
			some.At = at
			r, _ = r.With(some, Around{})
		}
	})
}

func TestWhatIsGoneDoesNotComeBackWithAReadingThatBeganBefore(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time { return rollStart.Add(time.Duration(n) * time.Second) }
	both := vastapi.InstancePage{Instances: []vastapi.Instance{up(1), up(2)}, Total: 2}
	r, _ := Roll{}.With(all(rollStart, up(1), up(2)), Around{})
	r, news := r.With(Reading{Of: []vastapi.InstanceID{1}, Began: at(100), At: at(101)}, Around{})
	if len(news.Gone) != 1 {
		t.Fatalf("gone are %v", news.Gone)
	}
	r, _ = r.With(Reading{Page: both, Began: at(5), At: at(205)}, Around{})
	if got := idsOf(r.Page.Instances); !slices.Equal(got, []vastapi.InstanceID{2}) {
		t.Errorf("after a walk that had passed it there are %v", got)
	}
	r, news = r.With(Reading{Of: []vastapi.InstanceID{1, 2}, Page: vastapi.InstancePage{Instances: []vastapi.Instance{up(2)}}, Began: at(210), At: at(211)}, Around{})
	if len(news.Gone) != 0 {
		t.Errorf("it is gone a second time: %v", news.Gone)
	}
	// An answer that was asked for later is believed.
	r, _ = r.With(Reading{Page: both, Began: at(220), At: at(420)}, Around{})
	if got := idsOf(r.Page.Instances); !slices.Equal(got, []vastapi.InstanceID{1, 2}) || len(r.buried) != 0 {
		t.Errorf("after a walk that began later there are %v, remembered as gone are %v", got, r.buried)
	}
}

func TestWhatWasReadDuringAWalkIsNotGoneBecauseTheWalkMissedIt(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time { return rollStart.Add(time.Duration(n) * time.Second) }
	r, _ := Roll{}.With(all(rollStart, up(2)), Around{})
	r, _ = r.With(Reading{Of: []vastapi.InstanceID{1}, Page: vastapi.InstancePage{Instances: []vastapi.Instance{up(1)}}, Began: at(100), At: at(101)}, Around{})
	r, news := r.With(Reading{Page: vastapi.InstancePage{Instances: []vastapi.Instance{up(2)}}, Began: at(5), At: at(205)}, Around{})
	if got := idsOf(r.Page.Instances); !slices.Equal(got, []vastapi.InstanceID{1, 2}) || len(news.Gone) != 0 {
		t.Errorf("there are %v, gone %v", got, news.Gone)
	}
	if !r.Traces[1].ReadAt.Equal(at(101)) || r.Traces[1].Unread {
		t.Errorf("its trace is %+v", r.Traces[1])
	}
}

func TestARowThatCannotBeReadIsNotGone(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time { return rollStart.Add(time.Duration(n) * time.Second) }
	bad := func(when, n int, list ...vastapi.Instance) Reading {
		in := all(at(when), list...)
		in.Page.Bad = n
		return in
	}
	r, _ := Roll{}.With(all(rollStart, up(1), up(2), up(3)), Around{})
	for _, when := range []int{30, 60} {
		next, news := r.With(bad(when, 1, up(2), up(3)), Around{})
		if r = next; len(news.Gone) != 0 || len(r.Page.Instances) != 3 || !r.Traces[1].Unread || !r.Traces[1].ReadAt.Equal(rollStart) {
			t.Fatalf("gone are %v, its trace is %+v", news.Gone, r.Traces[1])
		}
	}
	// Another one that is missing now is gone: the row that cannot be read is accounted for.
	r, news := r.With(bad(90, 1, up(3)), Around{})
	if len(news.Gone) != 1 || news.Gone[0].ID != 2 {
		t.Errorf("gone are %v", news.Gone)
	}
	r, news = r.With(all(at(120), up(1), up(3)), Around{})
	if len(news.Gone) != 0 || r.Traces[1].Unread {
		t.Errorf("when it can be read again: %v, %+v", news.Gone, r.Traces[1])
	}
	// A row that never could be read keeps nothing alive.
	r, _ = Roll{}.With(bad(0, 1, up(1), up(2)), Around{})
	if _, news = r.With(bad(30, 1, up(1)), Around{}); len(news.Gone) != 1 {
		t.Errorf("with a row that never could be read, gone are %v", news.Gone)
	}
}

func TestTheEndOfAContractIsNewsAlsoWhenItWasNear(t *testing.T) {
	t.Parallel()
	i := up(1)
	i.End = rollStart.Add(time.Hour)
	r, news := Roll{}.With(all(rollStart, i), Around{})
	if len(news.Problems) != 1 || news.Problems[0].Over() {
		t.Fatalf("before it the news are %v", news.Problems)
	}
	r, news = r.With(all(rollStart.Add(2*time.Hour), i), Around{})
	if len(news.Problems) != 1 || !news.Problems[0].Over() {
		t.Errorf("after it the news are %v", news.Problems)
	}
	if _, news = r.With(all(rollStart.Add(3*time.Hour), i), Around{}); len(news.Problems) != 0 {
		t.Errorf("it is news twice: %v", news.Problems)
	}
}

func TestEachOfSeveralIncreasesOfOneInstanceIsAProblem(t *testing.T) {
	t.Parallel()
	r, _ := Roll{}.With(all(rollStart, up(2)), Around{})
	two := vastapi.PriceIncreases{List: []vastapi.PriceIncrease{{ID: 5, Instance: 2, NewGPU: 0.8}, {ID: 6, Instance: 2, NewGPU: 0.9}}}
	if _, news := r.Judged(rollStart, Around{Increases: IncreasesOf(two)}); len(news.Problems) != 2 {
		t.Errorf("the news are %v", news.Problems)
	}
}

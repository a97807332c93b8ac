package offers

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// honest is a server that goes by the name of the GPU, as the real one does.
type honest struct{ market }

func (h *honest) SearchOffers(ctx context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	p, err := h.market.SearchOffers(ctx, q)
	want, _ := q.Filter["gpu_name"]["eq"].(string)
	var keep []vastapi.Offer
	for _, o := range p.Offers {
		if want == "" || o.GPUName.String() == want {
			keep = append(keep, o)
		}
	}
	p.Offers, p.Rows = keep, len(keep)
	return p, err
}

// query puts a query into the line.
func (s *stage) query(text string) view.Effect { return s.granted(s.m.set(s.env(), text)) }

// due lets the moment after the last key pass.
func (s *stage) dueNow() view.Effect { return s.hear(command.Due{Topic: command.Typed}) }

func TestGoingBackToAQueryWhileAnotherIsOutBringsItsRowsBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual)
	h := &honest{market{offers: three()}}
	s.set.Use(h)
	s.query("gpu_name=RTX_4090")
	s.load()
	s.has("1 of 1 offers shown")
	s.query("gpu_name=RTX_3090")
	out := solo.Messages(s.dueNow().Cmd)
	if len(out) == 0 {
		t.Fatal("the other query is not asked")
	}
	s.query("gpu_name=RTX_4090")
	s.dueNow()
	var next view.Effect
	for _, msg := range out {
		next = view.Join(next, s.hear(msg))
	}
	s.settle(next, 3)
	s.has("1 of 1 offers shown", "1× RTX 4090")
	if n := len(h.searches); n != 3 {
		t.Errorf("%d searches were sent, want one for each change", n)
	}
}

func TestExpiringBlockLeavesTheCursorWhereItIs(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, many(20)...).load()
	s.data.Memory.Blocks = []feed.Block{{Machine: 1020, Until: s.now.Add(time.Minute)}}
	s.hear(command.MemoryChanged{})
	s.press("down", "down", "down")
	before := s.under()
	s.now = s.now.Add(2 * time.Minute)
	s.hear(command.Beat{At: s.now})
	if got := s.under(); got != before {
		t.Errorf("the cursor was on machine %d and is on %d, and no key was pressed", before, got)
	}
	s.has("20 of 20 offers shown")
}

func TestBlockedOfferGivesTheCursorToTheNext(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, many(20)...).load()
	s.press("down", "down", "down")
	s.data.Memory.Blocks = []feed.Block{{Machine: s.under()}}
	s.hear(command.MemoryChanged{})
	if got := s.under(); got != 1005 && got != 0 {
		t.Errorf("the cursor is on machine %d", got)
	}
	if r, ok := s.m.list.table.Peek(); ok && r.Offer.MachineID == 1001 {
		t.Error("the cursor went to the first row")
	}
	s.press("down")
	if got := s.under(); got < 1005 {
		t.Errorf("the cursor went on from the top, to machine %d", got)
	}
}

// diskPriced are offers whose price on demand holds 10 GB at $0.15 a month.
func diskPriced() []vastapi.Offer {
	list := three()
	for i := range list {
		list[i].StorageCost = 0.15
		list[i].StorageTotal = 0.15 * 10 / vastapi.HoursPerMonth
		list[i].DphBase = list[i].DphTotal - list[i].StorageTotal
	}
	return list
}

func TestPricesAreForTheDiskOfTheWorkloadBeforeTheServerAnswers(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, diskPriced()...)
	s.data.Memory.Workload = feed.Workload{Disk: 10, Hours: 24}
	s.load()
	s.has("$0.400/h")
	s.data.Memory.Workload = feed.Workload{Disk: 400, Hours: 24}
	s.server.err = errors.New("502")
	s.settle(s.hear(command.MemoryChanged{}), 3)
	o := s.server.offers[0]
	want := float64(o.DphBase) + 0.15*400/vastapi.HoursPerMonth
	got := s.m.query.prices
	if v := got.headline(&o); !near(v, want) {
		t.Errorf("the column shows $%f/h, with 400 GB it is $%f/h", v, want)
	}
	if v := got.allIn(&o); !near(v, want) {
		t.Errorf("all-in is $%f/h and the column $%f/h for the same disk and no traffic", v, want)
	}
	if v := got.perGPU(&s.server.offers[2]); !near(v, got.headline(&s.server.offers[2])/8) {
		t.Errorf("one GPU costs $%f/h", v)
	}
	s.has("prices with a 400 GB disk")
	for _, sum := range got.explain(&o) {
		var parts float64
		for _, p := range sum.parts {
			parts += p.value
		}
		if sum.divided > 0 {
			parts /= sum.divided
		}
		if !near(parts, sum.total) {
			t.Errorf("%s: the parts come to %f, the figure is %f", sum.name, parts, sum.total)
		}
	}
	s.server.err = nil
	s.load()
	if s.m.query.prices.apart {
		t.Error("the server's prices for the disk are not used")
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

func TestQueryIsAskedAfterTheFirstSearchHasFailed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"num_gpus>=2", ""} {
		s := newStage(t, usual, three()...)
		s.server.err = errors.New("502")
		s.load()
		s.server.err = nil
		s.query(text)
		e := s.dueNow()
		if e.Cmd == nil {
			t.Errorf("%q is not asked after a search that failed", text)
			continue
		}
		s.settle(e, 3)
		s.has(" of 3 offers shown")
	}
}

func TestOffersThatAreGoneAreNotInTheSumOfTheMarked(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("space", "down", "space")
	s.has("2 marked, $0.900/h together")
	s.server.offers = three()[1:]
	s.now = s.now.Add(30 * time.Second)
	s.load()
	s.has("1 marked, $0.500/h together, and 1 GONE")
	s.server.offers = three()[2:]
	s.now = s.now.Add(time.Second)
	s.load()
	s.has("2 marked, all GONE")
}

func TestArrangementThatFailsIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 10000, Max: 100000}, many(6000)...).load()
	if e := s.press("o"); e.Cmd == nil || !s.m.list.table.Pending() {
		t.Fatal("so many rows are sorted at once")
	}
	s.hear(command.Computed[arrangement]{Answer: command.Answer{Topic: arranging, Err: errors.New("it panicked")}})
	if !s.m.list.table.Stale() {
		t.Error("the table waits for a result that will not come")
	}
	s.load()
	if s.m.list.table.Pending() {
		t.Error("the next rows do not have the list arranged")
	}
}

func TestQueryThatCannotBeReadIsNotSearchedForInPart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, usual, three()...).load()
		s.press("/")
		sent := len(s.server.searches)
		s.text("verified=any num_gpus>=")
		if e := s.dueNow(); e.Cmd != nil {
			s.settle(e, 3)
		}
		s.now = s.now.Add(time.Minute)
		s.load() // by itself
		for _, q := range s.server.searches[sent:] {
			if q.Filter["verified"]["eq"] != true {
				t.Errorf("sent was %v, half of what is being typed", q.Filter)
			}
		}
		s.text("2")
		e := s.dueNow()
		if e.Cmd == nil {
			t.Fatal("the whole query is not sent")
		}
		s.settle(e, 3)
		if last := s.last().Filter; last["verified"] != nil || last["num_gpus"] == nil {
			t.Errorf("sent was %v", last)
		}
	})
}

func TestCeilingIsOnThePriceThatIsShown(t *testing.T) {
	t.Parallel()
	list := three()
	list[0].DphTotal, list[0].DiscountedDphTotal = 0.7, 0.5
	list[1].DiscountedDphTotal = 0.45
	list[2].DiscountedDphTotal = 15
	s := newStage(t, usual, list...).load()
	limit := func(to string) view.Form {
		f := s.form(s.press("<"))
		v := filled(f)
		v["price"] = to
		s.settle(s.granted(f.Submit(s.env(), v)), 5)
		return f
	}
	s.settle(s.press("t"), 5)
	if f := limit("0.3"); f.Intro[0].Value != priceSentence(vastapi.Interruptible) {
		t.Errorf("the form is about %q", f.Intro[0].Value)
	}
	if got := s.m.line.Value(); got != "min_bid<=0.3" {
		t.Errorf("the query is %q", got)
	}
	s.has("2 of 3 offers shown")
	s.settle(s.query(""), 5)
	s.settle(s.press("t"), 5)
	limit("0.48")
	if got := s.m.line.Value(); got != "" {
		t.Errorf("the query is %q, which says nothing of reserved prices", got)
	}
	s.has("[reserved≤$0.480/h]", "1 of 3 offers shown", "RTX 3090")
	s.press("esc")
	s.has("3 of 3 offers shown")
}

func TestBlockedChipCountsOffers(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.data.Memory.Blocks = []feed.Block{{Host: 31}}
	s.settle(s.hear(command.MemoryChanged{}), 3)
	s.has("[3 offers blocked]")
	s.server.offers = nil // the server leaves them out by now
	s.now = s.now.Add(time.Minute)
	s.load()
	s.has("[3 offers blocked]")
	s.data.Memory.Blocks = nil
	s.settle(s.hear(command.MemoryChanged{}), 3)
	s.lacks("blocked")
}

func TestMachineWhoseHostIsNotToldIsNotHiddenByBlocks(t *testing.T) {
	t.Parallel()
	list := three()
	list[0].HostID = 0
	list[1].MachineID = 0
	s := newStage(t, usual, list...).load()
	s.data.Memory.Blocks = []feed.Block{{Host: 999}, {Machine: 998}}
	s.settle(s.hear(command.MemoryChanged{}), 3)
	s.load()
	s.has("3 of 3 offers shown")
	s.lacks("ignored the filter")
}

func TestCopiedSearchIsTakenBackWithoutAWarning(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.query("num_gpus>=2 dph<20")
	s.data.Memory.Blocks = []feed.Block{{Host: 77}, {Machine: 5}}
	s.settle(s.hear(command.MemoryChanged{}), 3)
	line := copied(s.press("C"))
	s.query("")
	e := s.m.pasteOfficial(s.env(), line)
	if got := toasts(e); got != "taken over from the pasted line" {
		t.Errorf("said was %q", got)
	}
	if got := s.m.line.Value(); got != "rented=false num_gpus>=2 dph_total<20" {
		t.Errorf("the query is %q", got)
	}
}

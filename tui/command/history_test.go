package command

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/store"
	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/safetext"
)

var march = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// listed is an offer of the default policy.
func listed(id int64, machine int64, gpus int, model string, price float64) vastapi.Offer {
	return vastapi.Offer{
		ID: vastapi.OfferID(id), MachineID: vastapi.MachineID(machine), NumGPUs: gpus, GPUName: safetext.New(model),
		DphTotal: vastapi.Rate(price), DphBase: vastapi.Rate(price), Rentable: vastapi.FlagYes, Rented: vastapi.FlagNo, External: vastapi.FlagNo,
		Verification: safetext.New("verified"),
	}
}

func marketOf(t *testing.T, query string, more bool, offers ...vastapi.Offer) feed.Market {
	t.Helper()
	q, err := offerql.Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	s := vastapi.OfferSearch{Filter: q.WithDefaults().Filter(false), Type: vastapi.OnDemand, Storage: 10}
	return feed.Market{}.With(vastapi.OfferPage{Offers: offers, Rows: len(offers), Asked: 1000}, s, 0, more, march)
}

func TestOnlyAWholeMarketTellsWhatModelsCost(t *testing.T) {
	t.Parallel()
	for query, whole := range map[string]bool{
		"": true, "gpu_name=RTX_4090": true, "dph<1": false, "num_gpus=1": false, "verified=any": false, "machine_id=5": false, "gpu_name!=RTX_4090": false,
		"gpu_name=RTX_4090 dph<1": false,
	} {
		o := listed(1, 5, 1, "RTX 4090", 0.4)
		if p := pricesSeen(marketOf(t, query, false, o), vastapi.OnDemand, march); p.whole != whole || len(p.quotes) != 1 && query != "verified=any" {
			t.Errorf("%q: whole is %v with %d prices", query, p.whole, len(p.quotes))
		}
		if p := pricesSeen(marketOf(t, query, true, o), vastapi.OnDemand, march); p.whole {
			t.Errorf("%q: a market that the server has more of is whole", query)
		}
	}
}

func TestWhatAServerSendsUnaskedIsNoPriceOfAWholeMarket(t *testing.T) {
	t.Parallel()
	unverified := listed(2, 6, 1, "RTX 4090", 0.1)
	unverified.Verification = safetext.New("unverified")
	p := pricesSeen(marketOf(t, "gpu_name=RTX_4090", false, listed(1, 5, 1, "RTX 4090", 0.4), unverified, listed(3, 7, 1, "A100", 1)), vastapi.OnDemand, march)
	if len(p.quotes) != 1 || p.quotes[0].Machine != 5 {
		t.Errorf("%+v", p.quotes)
	}
}

func TestASlotThatIsListedAnewIsNotGone(t *testing.T) {
	t.Parallel()
	m := marketOf(t, "", false, listed(1, 5, 1, "RTX 4090", 0.4), listed(2, 6, 2, "RTX 4090", 0.9), listed(3, 6, 2, "RTX 4090", 0.8))
	s := m.Search
	m = m.With(vastapi.OfferPage{Offers: []vastapi.Offer{listed(11, 5, 1, "RTX 4090", 0.5)}, Rows: 1, Asked: 1000}, s, 0, false, march.Add(30*time.Second))
	p := pricesSeen(m, vastapi.OnDemand, march.Add(30*time.Second))
	if len(p.quotes) != 1 || p.quotes[0].price != 0.5 {
		t.Errorf("prices %+v", p.quotes)
	}
	gone := slices.Compact(p.gone)
	if want := []feed.Slot{{Machine: 6, GPUs: 2, Kind: vastapi.OnDemand}}; !slices.Equal(gone, want) {
		t.Errorf("gone are %v, want %v", gone, want)
	}
}

// cutting gives so many offers at once whatever it is asked for, and does not say so.
type cutting struct {
	API
	offers []vastapi.Offer
	most   int
	asked  []vastapi.OfferSearch
}

func (c *cutting) SearchOffers(_ context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	c.asked = append(c.asked, q)
	p := vastapi.OfferPage{Asked: q.Limit}
	floor, _ := q.Filter["dph_total"]["gte"].(float64)
	for _, o := range c.offers {
		if float64(o.DphTotal) >= floor && len(p.Offers) < min(c.most, q.Limit) {
			p.Offers = append(p.Offers, o)
		}
	}
	p.Rows = len(p.Offers)
	return p, nil
}

func TestTheWholeMarketIsReadFromAServerThatCutsItsAnswers(t *testing.T) {
	t.Parallel()
	var offers []vastapi.Offer
	for n := range 300 {
		offers = append(offers, listed(int64(n+1), int64(n+1), 1, "RTX 4090", 0.1+float64(n)/100))
	}
	for _, most := range []int{1000, 100, 64} {
		api := &cutting{offers: offers, most: most}
		m, err := wholeMarket(t.Context(), api, 1000, 5000)
		if err != nil || m.Count() != 300 || !m.Complete() || len(api.asked) > 8 {
			t.Errorf("at most %d at once: %d offers, complete %v, after %d searches, %v", most, m.Count(), m.Complete(), len(api.asked), err)
		}
		if p := pricesSeen(m, vastapi.OnDemand, march); !p.whole || len(p.quotes) != 300 {
			t.Errorf("at most %d at once: whole %v, %d prices", most, p.whole, len(p.quotes))
		}
	}
	api := &cutting{offers: offers, most: 100}
	if m, err := wholeMarket(t.Context(), api, 1000, 200); err != nil || m.Complete() {
		t.Errorf("a market of which only a part is kept is complete: %d offers, %v", m.Count(), err)
	}
}

func TestNothingIsWrittenUnlessItIsWanted(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{History: History{Path: filepath.Join(t.TempDir(), "history.db"), Record: false, Search: true}, Market: Market{Limit: 1000, Max: 5000}})
	s.Use(&cutting{})
	d := &feed.Snapshot{}
	d.SetOffers(vastapi.OnDemand, feed.Feed[feed.Market]{Value: marketOf(t, "", false, listed(1, 5, 1, "RTX 4090", 0.4)), At: march}, 0)
	cmd := s.KeepHistory(d, march, true)
	opened := cmd().(HistoryOpened)
	if opened.Err != nil || !s.Current(opened) {
		t.Fatal(opened.Err)
	}
	if cmd := s.OnHistoryOpened(d, opened); cmd != nil {
		t.Error("something is written")
	}
	if s.Busy(Recording) || s.recordBySearching(march.Add(time.Hour)) != nil {
		t.Error("the market is searched for what is not written")
	}
	if !s.CloseHistory(time.Minute) {
		t.Error("it was not closed")
	}
	if err := s.memoir.ledger.use(func(*store.History) error { return nil }); err == nil {
		t.Error("a closed history is used")
	}
}

func TestAHistoryThatCannotBeOpenedIsToldOnce(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{History: History{Path: t.TempDir(), Record: true}}) // a folder
	opened := s.KeepHistory(&feed.Snapshot{}, march, true)().(HistoryOpened)
	s.Current(opened)
	if opened.Err == nil {
		t.Fatal("a folder was opened as a history")
	}
	s.OnHistoryOpened(&feed.Snapshot{}, opened)
	if s.KeepHistory(&feed.Snapshot{}, march.Add(time.Second), true) != nil || s.Loads().Remembers() {
		t.Error("it is tried again")
	}
}

func TestAHistoryThatIsBusyIsTriedAgainWithoutAWord(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{History: History{Path: filepath.Join(t.TempDir(), "history.db"), Record: true}})
	d := &feed.Snapshot{}
	busy := Answer{At: march, Err: fmt.Errorf("open the history: %w", store.ErrHistoryBusy)}
	s.OnHistoryOpened(d, HistoryOpened{Answer: busy})
	opened := s.KeepHistory(d, march, true)().(HistoryOpened)
	s.Current(opened)
	if opened.Err != nil {
		t.Fatal(opened.Err)
	}
	s.OnHistoryOpened(d, opened)
	if _, tell := s.OnHistoryWritten(d, HistoryWritten{Answer: busy}, march); tell != "" || !s.writes() {
		t.Errorf("%q; it is still written: %v", tell, s.writes())
	}
	broken := Answer{At: march, Err: errors.New("record the credit: no space left")}
	if _, tell := s.OnHistoryWritten(d, HistoryWritten{Answer: broken}, march); tell == "" || s.writes() {
		t.Errorf("what stays is not told: %q", tell)
	}
	if !s.CloseHistory(time.Minute) {
		t.Error("it was not closed")
	}
}

func TestASpreadIsReadOnceInTenMinutes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	h, _, err := store.OpenHistory(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 200 {
		at := march.Add(time.Duration(n-200) * 10 * time.Minute)
		p := store.Prices{At: at, Whole: true, Quotes: []store.Quote{{Slot: store.Slot{Machine: 5, GPUs: 2, Kind: "on-demand"}, Model: "RTX 4090", Price: 0.8 + float64(n)/100}}}
		if err := h.RecordPrices(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	_ = h.Close()
	s := New(t.Context(), Config{History: History{Path: path, Record: true}})
	d := &feed.Snapshot{}
	opened := s.KeepHistory(d, march, true)().(HistoryOpened)
	s.Current(opened)
	s.OnHistoryOpened(d, opened)
	defer s.CloseHistory(time.Minute)
	model := feed.GPUModel{Name: "RTX 4090", Kind: vastapi.OnDemand}
	cmd := s.Loads().LoadSpread(model, march)
	read := cmd().(SpreadRead)
	read.Fold(d)
	spread := d.Past.Spreads[model]
	if !spread.Says || len(spread.Prices) != 200 || math.Abs(spread.Dearer(0.4)-199.0/200) > 1e-9 || spread.Dearer(0.1) != 1 || spread.Dearer(9) != 0 {
		t.Errorf("%+v", spread)
	}
	if s.Loads().LoadSpread(model, march.Add(9*time.Minute)) != nil || s.Loads().LoadSpread(model, march.Add(11*time.Minute)) == nil {
		t.Error("it is not read once in ten minutes")
	}
	q := feed.PriceQuery{Model: model, From: march.Add(-24 * time.Hour), To: march, Parts: 300}
	c := s.Loads().LoadChart(q)().(ChartRead)
	if c.Err != nil || c.Chart.Samples != 144 || c.Chart.PriceQuery != q || len(c.Chart.Points) != 144 {
		t.Errorf("%d samples, %d points, %v", c.Chart.Samples, len(c.Chart.Points), c.Err)
	}
	q.Slot = feed.Slot{Machine: 5, GPUs: 2, Kind: vastapi.OnDemand}
	c = s.Loads().LoadChart(q)().(ChartRead)
	if last := c.Chart.Points[len(c.Chart.Points)-1]; c.Err != nil || math.Abs(last.Low-2.79) > 1e-9 {
		t.Errorf("%s, %v", fmt.Sprint(last), c.Err)
	}
}

func TestClosingTheHistoryGivesUpWhatIsOnlyRead(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{History: History{Path: filepath.Join(t.TempDir(), "history.db")}})
	opened := s.openHistory()().(HistoryOpened)
	s.Current(opened)
	s.OnHistoryOpened(&feed.Snapshot{}, opened)
	entered := make(chan struct{})
	read := Run(s.Runner, readingPast, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.memoir.ledger.use(func(*store.History) error {
			close(entered)
			<-ctx.Done()
			return ctx.Err()
		})
	}, func(Answer, struct{}) tea.Msg { return nil })
	go read()
	<-entered
	if !s.CloseHistory(time.Minute) {
		t.Error("it waited for a reading")
	}
}

// TestJudgingAPriceIsGivenUpWhenNobodyLooks holds that there is one reading at a time,
// that it ends when its view is left, and that what was given up is read when somebody
// looks again.
func TestJudgingAPriceIsGivenUpWhenNobodyLooks(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{History: History{Path: filepath.Join(t.TempDir(), "history.db"), Record: true}})
	d := &feed.Snapshot{}
	opened := s.KeepHistory(d, march, true)().(HistoryOpened)
	s.Current(opened)
	s.OnHistoryOpened(d, opened)
	defer s.CloseHistory(time.Minute)
	one, two := feed.GPUModel{Name: "RTX 4090", Kind: vastapi.OnDemand}, feed.GPUModel{Name: "A100", Kind: vastapi.OnDemand}
	first := s.Loads().LoadSpread(one, march)
	second := s.Loads().LoadSpread(two, march)
	if read := first().(SpreadRead); !errors.Is(read.Err, context.Canceled) || s.Current(read) {
		t.Errorf("the reading for another model goes on: %v", read.Err)
	}
	s.Loads().GiveUpSpread()
	if read := second().(SpreadRead); !errors.Is(read.Err, context.Canceled) || s.Current(read) {
		t.Errorf("the reading goes on though its view was left: %v", read.Err)
	}
	for _, model := range []feed.GPUModel{one, two} {
		cmd := s.Loads().LoadSpread(model, march)
		if cmd == nil {
			t.Fatalf("%s is not read again", model.Name)
		}
		if read := cmd().(SpreadRead); read.Err != nil || !s.Current(read) {
			t.Errorf("%s: %v", model.Name, read.Err)
		}
	}
	if s.Loads().GiveUpSpread(); s.Loads().LoadSpread(two, march) != nil {
		t.Error("what has been read is read again")
	}
}

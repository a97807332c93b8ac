package offers

import (
	"math"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

func TestAPriceIsJudgedOnlyByEnoughSamples(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 1000, Max: 5000}, many(3)...).load()
	r, ok := s.m.row()
	if !ok {
		t.Fatal("no row")
	}
	o := r.Offer
	price := float64(feed.RememberedPrice(o, vastapi.OnDemand)) / float64(o.NumGPUs)
	spread := feed.Spread{Prices: []float64{price * 0.5, price * 0.9, price * 1.1, price * 1.2}, Span: 25 * time.Hour}
	past := func(says bool) feed.Past {
		spread.Says = says
		return feed.Past{Spreads: map[feed.GPUModel]feed.Spread{feed.ModelOf(o, vastapi.OnDemand): spread}}
	}
	if text, _ := judged(past(false), o, vastapi.OnDemand); text != "" {
		t.Errorf("too few samples say %q", text)
	}
	text, class := judged(past(true), o, vastapi.OnDemand)
	if want := "lower than 50% of 4 samples of the cheapest "; !strings.HasPrefix(text, want) || !strings.Contains(text, "1d 1h") || class != theme.Good {
		t.Errorf("%q, class %v", text, class)
	}
	if text, _ := judged(past(true), o, vastapi.Interruptible); text != "" {
		t.Errorf("prices on demand judge a bid: %q", text)
	}
	s.data.Past = past(true)
	s.press("enter")
	s.size = view.Size{W: 200, H: 100}
	s.has("lower than 50% of 4 samples")
}

func TestColumnsShowWhatIsRemembered(t *testing.T) {
	t.Parallel()
	o := many(1)[0]
	rising := make([]float64, feed.TrendParts)
	for n := range rising {
		rising[n] = float64(n + 1)
	}
	p := prices{kind: vastapi.OnDemand, job: pricing.Job{Disk: 10, Hours: 24}, past: &feed.Past{
		Trends:   map[feed.Slot][]float64{feed.SlotOf(&o, vastapi.OnDemand): rising},
		Machines: map[vastapi.MachineID]feed.Tenancy{o.MachineID: {Starts: 3, Ready: 2, Failed: 1, Usual: 95 * time.Second}},
	}}
	for _, c := range pastColumns(p) {
		text, class := c.cell(&o)
		switch c.id {
		case "trend":
			if text != "▁▂▃▅▆▇█" && len([]rune(text)) != trendCells || math.Abs(c.num(&o)-13) > 1e-9 {
				t.Errorf("%q, risen by %v", text, c.num(&o))
			}
		case "rented":
			if text != "2/3 95 s" || class != theme.Warn || c.num(&o) != 3 {
				t.Errorf("%q", text)
			}
		}
	}
	p.past = nil
	for _, c := range pastColumns(p) {
		if text, _ := c.cell(&o); text != "—" {
			t.Errorf("%s: %q without a history", c.id, text)
		}
	}
}

func TestAWatchShowsHowItsPriceMoved(t *testing.T) {
	t.Parallel()
	data := &feed.Snapshot{Past: feed.Past{Trends: map[feed.Slot][]float64{
		{Machine: 7, GPUs: 1, Kind: vastapi.OnDemand}: {1, 2}, {Machine: 7, GPUs: 4, Kind: vastapi.OnDemand}: {4, 3, 2}, {Machine: 7, GPUs: 8, Kind: vastapi.Interruptible}: {9, 9},
	}}, Watches: map[feed.WatchID]feed.WatchState{}}
	if got, want := watchTrend(feed.Watch{Machine: 7}, data), trend([]float64{4, 3, 2}); got != want || got == "" {
		t.Errorf("%q, want %q", got, want)
	}
	query := feed.Watch{Query: "4090"}
	data.Watches[query.ID()] = feed.WatchState{Prices: []float64{0.5, math.NaN(), 0.4}}
	if got := watchTrend(query, data); got == "" {
		t.Error("the looks of this run show nothing")
	}
	data.Watches[query.ID()] = feed.WatchState{Prices: []float64{0.5, math.NaN()}}
	if got := watchTrend(query, data); got != "" {
		t.Errorf("one price is a trend: %q", got)
	}
}

func TestTheChartOfPricesFitsEverySize(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 1000, Max: 5000}, many(3)...).load()
	s.press("h")
	p, ok := s.m.page.(*pricePage)
	if !ok {
		t.Fatal("no chart")
	}
	p.asked = feed.PriceQuery{Model: p.model, From: s.now.Add(-7 * 24 * time.Hour), To: s.now, Parts: pastParts}
	c := feed.PriceChart{PriceQuery: p.asked, Samples: 100, Noted: 3 * 24 * time.Hour}
	for n := range 100 {
		v := 0.4 + 0.1*math.Sin(float64(n)/9)
		c.Points = append(c.Points, feed.PricePoint{At: s.now.Add(time.Duration(n-100) * 40 * time.Minute), Low: v, Mid: v * 1.4, High: v * 2})
	}
	s.data.Past.Chart.Apply(c, s.now, nil)
	for w := 1; w < 150; w += 7 {
		for h := 1; h < 50; h += 3 {
			body := s.m.Draw(s.env(), view.Size{W: w, H: h}).Body
			if lines := strings.Split(body, "\n"); len(lines) != h {
				t.Fatalf("%d lines at %dx%d", len(lines), w, h)
			}
		}
	}
	s.size = view.Size{W: 100, H: 30}
	s.has("100 samples of ten minutes over 3d", "cheapest", "[week]")
	s.press("left")
	if p.cursor.IsZero() {
		t.Error("left moves no cursor")
	}
	s.press("s")
	if p.span != 2 || !p.cursor.IsZero() {
		t.Errorf("span %d, cursor %s", p.span, p.cursor)
	}
	s.press("s")
	if why := s.reason("s"); why != "90 days is the longest" {
		t.Errorf("%q", why)
	}
	s.press("tab")
	s.has("on machine")
	s.press("esc")
	if s.m.page != nil {
		t.Error("esc leaves the chart open")
	}
}

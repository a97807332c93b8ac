package tui_test

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

// The screen of all measurements.
const (
	benchW = 200
	benchH = 60
)

// judge prints a figure, its budget and whether it is kept.
func judge(b *testing.B, name string, got float64, unit string, most float64) {
	b.Helper()
	verdict := "ok"
	if got > most {
		verdict = "MISS"
	}
	b.Logf("%s %s %s (budget %s %s) %s", name, figure(got), unit, figure(most), unit, verdict)
}

// figure writes a number with as many decimals as it takes to compare it.
func figure(v float64) string {
	switch {
	case v == float64(int(v)) || v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v < 0.1:
		return fmt.Sprintf("%.3f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// millis is what one round of a finished loop took.
func millis(b *testing.B) float64 {
	return float64(b.Elapsed().Nanoseconds()) / 1e6 / float64(b.N)
}

// blank is a journal in which nothing was ever written.
type blank struct{}

func (blank) Append([]byte) error             { return nil }
func (blank) Replay(func([]byte) error) error { return nil }

// market is a quiet world in which about n offers satisfy the default policy.
func market(n int, opts ...vastsim.Option) *vastsim.World {
	return vastsim.New(append([]vastsim.Option{
		vastsim.WithSeed(7), vastsim.WithOffers(n * 3 / 2), vastsim.WithMaxLimit(2 * n), vastsim.WithQuietMarket(), vastsim.WithInstances(3),
	}, opts...)...)
}

// client reads from the world without keeping the service's intervals: how long
// a request waits for its turn is not what is measured here.
func client(b *testing.B, w *vastsim.World) *vastapi.Client {
	b.Helper()
	c, err := vastapi.New(vastapi.WithTransport(w.Transport()), vastapi.WithKey(vastapi.KeyFunc(func() string { return "test-key" })),
		vastapi.WithIntervals(vastapi.DefaultIntervals().Divided(1000)))
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func deps(api command.API, most int) tui.Deps {
	ids := 0
	return tui.Deps{
		API: api, Source: "demo", Demo: true, Account: "DEMO", Theme: "dark", Caps: rental.DefaultCaps(), Seed: 1,
		NewID:   func() string { ids++; return fmt.Sprintf("plan%020d", ids) },
		Command: command.Config{Journal: blank{}, Policy: rental.DefaultPolicy(), Market: command.Market{Limit: most, Max: most}},
	}
}

// loaded is the program's model with all its first answers taken in, without a
// program around it.
func loaded(b *testing.B, w *vastsim.World, most int) *tui.Model {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	b.Cleanup(func() { cancel(); w.Close() })
	m := tui.New(ctx, deps(client(b, w), most))
	m.Update(tea.WindowSizeMsg{Width: benchW, Height: benchH})
	pump(b, m, m.Init())
	return m
}

// pump does what a program does with commands until offers, instances, volumes
// and account are there. The heartbeat is left to itself: its messages go nowhere.
func pump(b *testing.B, m *tui.Model, first tea.Cmd) {
	b.Helper()
	msgs, done := make(chan tea.Msg), make(chan struct{})
	defer close(done)
	start := func(c tea.Cmd) {
		if c == nil {
			return
		}
		go func() {
			msg := c()
			select {
			case msgs <- msg:
			case <-done:
			}
		}()
	}
	start(first)
	missing := map[command.Topic]bool{command.Offers: true, command.Instances: true, command.Volumes: true, command.User: true}
	take := func(msg tea.Msg) {
		switch msg := msg.(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				start(c)
			}
		case command.Due:
			_, next := m.Update(msg)
			start(next)
		case command.Answered:
			if err := msg.About().Err; err != nil {
				b.Fatalf("load %s: %v", msg.About().Topic, err)
			}
			_, next := m.Update(msg)
			start(next)
			switch msg := msg.(type) {
			case command.OffersFound: // not there before it has been taken into the market
			case command.MarketFolded:
				delete(missing, command.Offers)
			default:
				delete(missing, msg.About().Topic)
			}
		}
	}
	for len(missing) > 0 {
		take(<-msgs)
	}
	for { // what follows from them, such as the order of the rows
		select {
		case msg := <-msgs:
			take(msg)
		case <-time.After(150 * time.Millisecond):
			return
		}
	}
}

func press(code rune, text string) tea.KeyPressMsg { return tea.KeyPressMsg{Code: code, Text: text} }

var down = press(tea.KeyDown, "")

func letter(r rune) tea.KeyPressMsg { return press(r, string(r)) }

// key is what one key costs before the renderer: the model's answer and its frame.
func key(m *tui.Model, k tea.KeyPressMsg) {
	m.Update(k)
	m.View()
}

var counts = regexp.MustCompile(`([0-9,]+) of [0-9,]+ offers shown`)

// holds fails the benchmark unless the market shows at least n offers: what is
// fast because little is there must not look like a success.
func holds(b *testing.B, m *tui.Model, n int) {
	b.Helper()
	found := counts.FindStringSubmatch(m.View().Content)
	if found == nil {
		b.Fatalf("no offers in the frame:\n%s", m.View().Content)
	}
	if shown, err := strconv.Atoi(strings.ReplaceAll(found[1], ",", "")); err != nil || shown < n {
		b.Fatalf("%s offers are shown, not %d: %v", found[1], n, err)
	}
}

// has fails the benchmark unless the frame shows a text.
func has(b *testing.B, m *tui.Model, text string) {
	b.Helper()
	if frame := m.View().Content; !strings.Contains(frame, text) {
		b.Fatalf("%q is not in the frame:\n%s", text, frame)
	}
}

// BenchmarkKeyAndFrame10k is a key that scrolls the market by a row.
func BenchmarkKeyAndFrame10k(b *testing.B) {
	m := loaded(b, market(10_000), 20_000)
	holds(b, m, 10_000)
	for range benchH {
		key(m, down)
	}
	b.ReportAllocs()
	for b.Loop() {
		key(m, down)
	}
	judge(b, "P5 key+frame 10,000 rows", millis(b), "ms", 1)
}

// BenchmarkFrameUnchanged is what every message costs that changes nothing on the screen.
func BenchmarkFrameUnchanged(b *testing.B) {
	m := loaded(b, market(10_000), 20_000)
	m.View()
	b.ReportAllocs()
	for b.Loop() {
		m.View()
	}
}

// BenchmarkTypedKey is a letter typed into the query or taken back, before the renderer.
func BenchmarkTypedKey(b *testing.B) {
	for _, c := range []struct {
		n    int
		name string
		most float64
	}{{10_000, "P2 typed key, 10,000 offers, without the renderer", 8}, {50_000, "P3 typed key, 50,000 offers, without the renderer", 10}} {
		b.Run(fmt.Sprint(c.n), func(b *testing.B) {
			m := loaded(b, market(c.n), 2*c.n)
			holds(b, m, c.n)
			key(m, letter('/'))
			keys := typing()
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				key(m, keys[i%len(keys)])
				i++
			}
			judge(b, c.name, millis(b), "ms", c.most)
		})
	}
}

// typing is a query that is typed and deleted again.
func typing() []tea.KeyPressMsg {
	var keys []tea.KeyPressMsg
	const query = "4090 dph<0.6 -CN"
	for _, r := range query {
		keys = append(keys, letter(r))
	}
	for range query {
		keys = append(keys, press(tea.KeyBackspace, ""))
	}
	return keys
}

// BenchmarkInstancesKey5k is a key that scrolls a list of 5,000 instances by a row.
func BenchmarkInstancesKey5k(b *testing.B) {
	m := loaded(b, market(500, vastsim.WithInstances(5000)), 1000)
	key(m, letter('2'))
	for range benchH {
		key(m, down)
	}
	has(b, m, "5000")
	b.ReportAllocs()
	for b.Loop() {
		key(m, down)
	}
	judge(b, "P14 key+frame 5,000 instances", millis(b), "ms", 1)
}

// BenchmarkKeyAllMarked is a key that scrolls a list of which every row is marked.
func BenchmarkKeyAllMarked(b *testing.B) {
	for _, c := range []struct {
		name, view string
		world      func() *vastsim.World
	}{
		{"10,000 offers", "1", func() *vastsim.World { return market(10_000) }},
		{"5,000 instances", "2", func() *vastsim.World { return market(500, vastsim.WithInstances(5000)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := loaded(b, c.world(), 20_000)
			key(m, letter(rune(c.view[0])))
			key(m, letter('*'))
			has(b, m, " marked")
			b.ReportAllocs()
			for b.Loop() {
				key(m, down)
			}
			judge(b, "P5 key+frame, all marked, "+c.name, millis(b), "ms", 1)
		})
	}
}

// BenchmarkFirstFrame is all that stands between the start of main and the first
// frame, without any answer: header, tabs, "loading" and bottom line.
func BenchmarkFirstFrame(b *testing.B) {
	w := market(2000)
	defer w.Close()
	api := client(b, w)
	b.ReportAllocs()
	for b.Loop() {
		m := tui.New(b.Context(), deps(api, 2000))
		m.Init()
		m.Update(tea.WindowSizeMsg{Width: benchW, Height: benchH})
		frame := m.View().Content
		if !strings.Contains(frame, "vastdeck") || !strings.Contains(frame, "Market") || !strings.Contains(frame, "loading") {
			b.Fatalf("the first frame lacks header or tabs:\n%s", frame)
		}
	}
	judge(b, "P1 model and first frame, without the process's start and the renderer", millis(b), "ms", 60)
}

// BenchmarkHeap is what the loaded offers keep allocated, with the table over them.
// A process takes up to twice as much, and some 10 MB of its own.
func BenchmarkHeap(b *testing.B) {
	for _, n := range []int{10_000, 50_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := market(n)
			for b.Loop() {
				before := heap()
				m := loaded(b, w, 2*n)
				m.View()
				grown := float64(heap()-before) / 1e6
				b.Logf("P10 heap of the model with %d offers %s MB", n, figure(grown))
				b.ReportMetric(grown, "MB")
				runtime.KeepAlive(m)
			}
		})
	}
}

// heap is what is in use after a collection. The second one takes what pools
// had still kept after the first.
func heap() int64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

package tui_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi/vastsim"
)

// What is pressed and how long is waited.
const (
	strokes  = 200
	fps      = 120
	quiet    = 25 * time.Millisecond // three frames without a byte: the screen is still
	patience = 30 * time.Second      // for what must come
	hang     = 40 * time.Second      // of requests: longer than the keys pressed meanwhile take
	idling   = 10 * time.Second
)

// live is the real program in real time; its terminal only counts.
type live struct {
	b     *testing.B
	world *vastsim.World
	typed *io.PipeWriter
	out   *meter
}

// meter counts what is written to it and remembers when.
type meter struct {
	mu   sync.Mutex
	n    int
	last time.Time
	kept []byte // what was written since watch
}

func (m *meter) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n += len(p)
	m.last = time.Now()
	m.kept = append(m.kept, p...)
	return len(p), nil
}

// read gives the bytes so far and the time of the last one.
func (m *meter) read() (int, time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n, m.last
}

// watch forgets what was written; since gives what came after.
func (m *meter) watch() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = nil
}

func (m *meter) since() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return string(m.kept)
}

// start runs the program over the world until the end of the benchmark.
func start(b *testing.B, w *vastsim.World, most int) *live {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(func() { cancel(); w.Close() })
	found := make(chan struct{})
	var once sync.Once
	l := run(b, tui.New(ctx, deps(client(b, w), most)), func(msg tea.Msg) {
		if a, ok := msg.(command.MarketFolded); ok && a.Err == nil {
			once.Do(func() { close(found) })
		}
	})
	l.world = w
	select {
	case <-found:
	case <-time.After(patience):
		b.Fatal("no offers came")
	}
	l.still()
	return l
}

// run runs a model as the program does, in a terminal that only counts. spy,
// which may be nil, sees every message.
func run(b *testing.B, m tea.Model, spy func(tea.Msg)) *live {
	b.Helper()
	keys, typed := io.Pipe()
	l := &live{b: b, typed: typed, out: &meter{}}
	p := tea.NewProgram(m, tea.WithInput(keys), tea.WithOutput(l.out), tea.WithWindowSize(benchW, benchH), tea.WithFPS(fps),
		tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}),
		tea.WithoutSignalHandler(), tea.WithoutSignals(), tea.WithFilter(func(_ tea.Model, msg tea.Msg) tea.Msg {
			if spy != nil {
				spy(msg)
			}
			return msg
		}))
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run()
		_ = keys.CloseWithError(io.ErrClosedPipe) // the program's reader is still in the pipe
		ended <- err
	}()
	b.Cleanup(func() {
		p.Quit()
		if err := <-ended; !tui.Ended(err) {
			b.Errorf("the program ended with: %v", err)
		}
	})
	l.still()
	return l
}

// still waits until the screen has been still for a moment.
func (l *live) still() {
	for {
		n, _ := l.out.read()
		time.Sleep(quiet)
		if now, _ := l.out.read(); now == n && n > 0 {
			return
		}
	}
}

// press types keys as a terminal sends them and waits until the screen is still.
func (l *live) press(keys string) {
	l.b.Helper()
	if _, err := io.WriteString(l.typed, keys); err != nil {
		l.b.Fatal(err)
	}
	time.Sleep(quiet)
	l.still()
}

// What a terminal sends for two keys.
const (
	downKey   = "\x1b[B"
	backspace = "\x7f"
)

// struck is what keys have cost, one by one, in ascending order.
type struck struct {
	took  []time.Duration // from the key to the last byte
	bytes []int
	floor func(q float64) float64 // quantiles of a program that does nothing, in ms
}

// strike presses keys one after the other, each on a still screen.
func (l *live) strike(keys []string) struck {
	l.b.Helper()
	idle := run(l.b, floor{}, nil)
	var s, nothing struck
	for i, key := range keys {
		// A frame may begin at any time after the last: without this odd pause all
		// keys would meet the renderer's clock at the same point.
		time.Sleep(time.Duration(i*7%17) * 500 * time.Microsecond)
		s.add(l.time(key))
		nothing.add(idle.time(key))
	}
	if len(s.took) < len(keys)/2 {
		l.b.Fatalf("only %d of %d keys changed the screen", len(s.took), len(keys))
	}
	s.sort()
	nothing.sort()
	s.floor = nothing.at
	return s
}

// time presses a key and gives what it cost; no bytes when it changed nothing.
func (l *live) time(key string) (took time.Duration, bytes int) {
	l.b.Helper()
	before, _ := l.out.read()
	pressed := time.Now()
	l.press(key)
	after, last := l.out.read()
	return last.Sub(pressed), after - before
}

func (s *struck) add(took time.Duration, bytes int) {
	if bytes > 0 {
		s.took, s.bytes = append(s.took, took), append(s.bytes, bytes)
	}
}

func (s *struck) sort() {
	slices.Sort(s.took)
	slices.Sort(s.bytes)
}

// at is a quantile of the latencies, in ms.
func (s struck) at(q float64) float64 {
	return float64(s.took[min(len(s.took)-1, int(q*float64(len(s.took))))].Microseconds()) / 1000
}

// latency judges the median and the 99th percentile against the budgets of a key.
// What a program that does nothing reached beside it tells how much of that is
// the renderer's clock and the machine.
func (s struck) latency(b *testing.B, name string, p50, p99 float64) {
	b.Helper()
	judge(b, name+" p50", s.at(0.5), "ms", p50)
	judge(b, name+" p99", s.at(0.99), "ms", p99)
	b.Logf("%s: a program that does nothing, in turns with it, p50 %s ms, p99 %s ms", name, figure(s.floor(0.5)), figure(s.floor(0.99)))
	b.ReportMetric(s.at(0.5), "p50-ms")
	b.ReportMetric(s.at(0.99), "p99-ms")
	b.ReportMetric(s.floor(0.5), "floor-p50-ms")
}

func (s struck) mean() float64 {
	sum := 0
	for _, n := range s.bytes {
		sum += n
	}
	return float64(sum) / float64(len(s.bytes))
}

// lower presses down until each further key scrolls.
func (l *live) lower() {
	for range benchH {
		l.press(downKey)
	}
}

// letters is a query typed and deleted again, as often as it takes n keys.
func letters(n int) []string {
	round := []string{"4", "0", "9", "0", backspace, backspace, backspace, backspace}
	keys := make([]string, n)
	for i := range keys {
		keys[i] = round[i%len(round)]
	}
	return keys
}

// BenchmarkScroll is what a key that scrolls the market by a row sends to the
// terminal, and how long that takes.
func BenchmarkScroll(b *testing.B) {
	for b.Loop() {
		l := start(b, market(10_000), 20_000)
		l.lower()
		s := l.strike(slices.Repeat([]string{downKey}, strokes))
		judge(b, "P4 scroll", s.mean(), "B", 600)
		b.Logf("P4 scroll median %d B, most %d B", s.bytes[len(s.bytes)/2], s.bytes[len(s.bytes)-1])
		s.latency(b, "P4 scroll", 8, 20)
		b.ReportMetric(s.mean(), "B/key")
	}
}

// floor is a program that does next to nothing: a key changes one figure of a
// screen of blanks.
type floor struct{ n int }

func (f floor) Init() tea.Cmd { return nil }

func (f floor) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.KeyPressMsg); ok {
		f.n++
	}
	return f, nil
}

func (f floor) View() tea.View {
	v := tea.NewView(fmt.Sprint(f.n))
	v.AltScreen = true
	return v
}

// BenchmarkTyping is how long a key of the query takes to the last byte.
func BenchmarkTyping(b *testing.B) {
	for _, c := range []struct {
		n        int
		name     string
		p50, p99 float64
	}{{10_000, "P2 typed key, 10,000 offers", 8, 20}, {50_000, "P3 typed key, 50,000 offers", 10, 30}} {
		b.Run(fmt.Sprint(c.n), func(b *testing.B) {
			for b.Loop() {
				l := start(b, market(c.n), 2*c.n)
				l.press("/")
				s := l.strike(letters(strokes))
				s.latency(b, c.name, c.p50, c.p99)
				b.Logf("%s: %.0f B", c.name, s.mean())
			}
		})
	}
}

// BenchmarkKeysWhileRequestsHang is the same while no request is answered.
func BenchmarkKeysWhileRequestsHang(b *testing.B) {
	for b.Loop() {
		l := start(b, market(10_000), 20_000)
		l.lower()
		l.hang()
		l.strike(slices.Repeat([]string{downKey}, strokes/2)).latency(b, "P16 scroll while requests hang", 8, 20)
		l.press("/")
		l.strike(letters(strokes/2)).latency(b, "P16 typed key while requests hang", 8, 20)
	}
}

// hang makes all requests from now on hang, and has everything asked for.
func (l *live) hang() {
	l.b.Helper()
	l.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Delay: hang})
	before := len(l.world.Calls("", ""))
	l.press("\x12") // ctrl+r
	for range 100 {
		if len(l.world.Calls("", "")) > before {
			return
		}
		time.Sleep(quiet)
	}
	l.b.Fatal("nothing was asked for")
}

// BenchmarkIdle is what a program costs that nobody touches, in a world that stands still.
func BenchmarkIdle(b *testing.B) {
	for b.Loop() {
		l := start(b, market(2000), 2000)
		// The age of the offers is drawn anew when they are 5 and 10 s old, then not
		// until they are 30 s old or are asked for again.
		time.Sleep(12 * time.Second)
		l.out.watch()
		bytes, _ := l.out.read()
		cpu := processTime()
		time.Sleep(idling)
		cpu = processTime() - cpu
		now, _ := l.out.read()
		share := 100 * cpu.Seconds() / idling.Seconds()
		judge(b, "P9 idle, 10 s", float64(now-bytes), "B", 0)
		if now > bytes {
			b.Logf("written: %.400q", l.out.since())
		}
		judge(b, "P9 idle", share, "% of a core", 1.6)
		b.ReportMetric(float64(now-bytes), "B")
		b.ReportMetric(share, "%core")
	}
}

package tui_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui"
	"vastdeck/tui/command"
)

// clocked does what a program does with messages and commands, and takes the
// time that each Update takes.
type clocked struct {
	b    *testing.B
	m    *tui.Model
	msgs chan tea.Msg
	took map[string][]time.Duration // by kind of message
	open string                     // what is being asked about meanwhile, "" = nothing
}

// start runs a command side by side with the others. Timers that outlast the
// benchmark are left to themselves.
func (c *clocked) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	done := c.b.Context().Done()
	go func() {
		msg := cmd()
		select {
		case c.msgs <- msg:
		case <-done:
		}
	}()
}

// send has the model take a message in.
func (c *clocked) send(kind string, msg tea.Msg) {
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, one := range batch {
			c.start(one)
		}
		return
	}
	if msg == nil {
		return
	}
	kind += c.open
	begun := time.Now()
	_, next := c.m.Update(msg)
	c.took[kind] = append(c.took[kind], time.Since(begun))
	if _, beat := msg.(command.Beat); beat {
		return // those of the program itself are enough
	}
	c.start(next)
}

// settle takes in what comes until nothing has come for a while. wanted, which
// may be nil, has to come first.
func (c *clocked) settle(wanted func(tea.Msg) bool) {
	c.b.Helper()
	const most = time.Minute
	rest := 150 * time.Millisecond
	if wanted != nil {
		rest = most
	}
	for {
		select {
		case msg := <-c.msgs:
			if a, ok := msg.(command.Answered); ok && a.About().Err != nil && !command.Cancelled(a.About().Err) {
				c.b.Fatalf("%T: %v", msg, a.About().Err)
			}
			if wanted != nil && wanted(msg) {
				wanted, rest = nil, 150*time.Millisecond
			}
			c.send(kindOf(msg), msg)
		case <-time.After(rest):
			if wanted != nil {
				c.b.Fatalf("nothing came for %s", most)
			}
			return
		}
	}
}

// kindOf is what a message is, in the words of the one who waits for it.
func kindOf(msg tea.Msg) string {
	full := fmt.Sprintf("%T", msg)
	switch {
	case strings.Contains(full, "Computed") && strings.Contains(full, "rrange"):
		return "arrangement installed"
	case strings.Contains(full, "Computed"):
		_, of, _ := strings.Cut(full, "[")
		return "worked out elsewhere: " + strings.TrimSuffix(of[strings.LastIndexByte(of, '.')+1:], "]")
	}
	switch msg.(type) {
	case command.MarketFolded:
		return "page folded"
	case command.WatchLooked:
		return "watch looked"
	case command.MemorySaved:
		return "memory saved"
	}
	return full[strings.LastIndexByte(full, '.')+1:]
}

func foldedIn(msg tea.Msg) bool {
	a, ok := msg.(command.MarketFolded)
	return ok && !a.Late
}

// BenchmarkUpdate sends every kind of message to a program that holds 50,000
// offers, and prints the kind that keeps Update busy the longest: by the median
// of its messages, because whatever else this machine does has its part in single ones.
func BenchmarkUpdate(b *testing.B) {
	const n = 50_000
	w := market(n)
	ctx, cancel := context.WithCancel(b.Context())
	defer func() { cancel(); w.Close() }()
	c := &clocked{b: b, m: tui.New(ctx, deps(client(b, w), 2*n)), msgs: make(chan tea.Msg), took: map[string][]time.Duration{}}
	c.send("resize", tea.WindowSizeMsg{Width: benchW, Height: benchH})
	c.start(c.m.Init())
	c.settle(foldedIn)
	holds(b, c.m, n)
	for b.Loop() {
		c.moving()
		c.typing()
		c.ordering()
		c.remembering()
		for range 3 {
			c.send("refresh", tea.KeyPressMsg{Code: 'r', Mod: tea.ModCtrl})
			c.settle(foldedIn)
		}
		c.fleet()
		c.switching()
	}
	for _, kind := range []string{"page folded", "watch looked", "arrangement installed", "page folded" + asking} {
		if len(c.took[kind]) == 0 {
			b.Fatalf("no message of the kind %q came; these did: %v", kind, slices.Sorted(maps.Keys(c.took)))
		}
	}
	kinds := slices.SortedFunc(maps.Keys(c.took), func(x, y string) int { return cmp.Compare(c.median(y), c.median(x)) })
	judge(b, "Update 50,000 offers, the worst kind of message ("+kinds[0]+")", ms(c.median(kinds[0])), "ms", 1)
	const most = 7 // a benchmark may print ten lines
	for _, kind := range kinds[:min(most, len(kinds))] {
		b.Logf("%s: %d times, median %s ms, slowest %s ms", kind, len(c.took[kind]), figure(ms(c.median(kind))), figure(ms(slices.Max(c.took[kind]))))
	}
	var others []string
	for _, kind := range kinds[min(most, len(kinds)):] {
		others = append(others, kind+" "+figure(ms(c.median(kind))))
	}
	b.Logf("medians of the others in ms: %s", strings.Join(others, ", "))
}

// moving is what happens most often.
func (c *clocked) moving() {
	for n := range 20 {
		c.send("scroll", down)
		c.m.View()
		c.send("resize", tea.WindowSizeMsg{Width: benchW + n%2, Height: benchH})
		c.m.View()
		c.send("beat", command.Beat{At: time.Now()})
		c.m.View()
	}
}

// typing types a query and deletes it, and pastes one that is far too long.
func (c *clocked) typing() {
	c.send("query opened", letter('/'))
	for _, k := range typing() {
		c.send("key typed", k)
		c.m.View()
		c.settle(nil)
	}
	for range 3 {
		c.send("paste of 10 KB", tea.PasteMsg{Content: strings.Repeat("num_gpus>=2 dph<0.6 4090 ", 10<<10/25)})
		c.m.View()
		c.settle(nil)
		has(c.b, c.m, "dph<0.6")
		c.send("query cleared", tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
		c.settle(nil)
	}
	c.send("query left", press(tea.KeyEscape, ""))
	c.settle(nil)
}

// ordering sorts, marks and chooses columns.
func (c *clocked) ordering() {
	for range 4 {
		c.send("sort", letter('o'))
		c.settle(nil)
		c.send("reverse", letter('O'))
		c.settle(nil)
		c.send("mark all", letter('*'))
		c.m.View()
		c.settle(nil)
		has(c.b, c.m, " marked")
		c.send("scroll, all marked", down)
		c.m.View()
		c.send("marks cleared", press(tea.KeyEscape, ""))
		c.settle(nil)
		before := c.m.View().Content
		c.dialog("columns changed", letter('c'), down, down, press(tea.KeySpace, " "), press(tea.KeyEnter, ""))
		if c.m.View().Content == before {
			c.b.Fatalf("the columns are the same as before:\n%s", before)
		}
	}
}

// remembering changes what is remembered between runs, each in its own way.
func (c *clocked) remembering() {
	enter, tab := press(tea.KeyEnter, ""), press(tea.KeyTab, "")
	for n := range 3 {
		c.send("scroll", down)
		c.dialog("block added", letter('x'), enter, enter, enter)
		has(c.b, c.m, "is hidden")
		c.dialog("workload changed: hours", letter('$'), tab, press(tea.KeyBackspace, ""), press(tea.KeyBackspace, ""),
			letter('3'), letter(rune('1'+n)), enter, enter, enter)
		has(c.b, c.m, fmt.Sprintf("1d %dh", 7+n))
		c.send("scroll", down)
		c.dialog("watch added", letter('w'), enter, press(tea.KeyEscape, ""))
		c.dialog("note added", letter('n'), letter('a'), enter)
	}
}

// switching shows other markets: those of the other rental types, and one with prices
// for another disk.
func (c *clocked) switching() {
	for range 3 {
		c.send("type switched", letter('t'))
		c.m.View()
		c.settle(foldedIn)
	}
	c.dialog("workload changed: disk", letter('$'), letter('0'), press(tea.KeyEnter, ""), press(tea.KeyEnter, ""), press(tea.KeyEnter, ""), press(tea.KeyEnter, ""))
	c.settle(nil)
}

// asking is added to the kind of what arrives while a fleet is being asked about.
const asking = ", a fleet being asked about"

// fleet asks about many candidates, which are compared with whatever arrives.
func (c *clocked) fleet() {
	tab := press(tea.KeyTab, "")
	clear := tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}
	keys := append([]tea.KeyPressMsg{letter('R')}, slices.Repeat([]tea.KeyPressMsg{tab}, 10)...)
	c.dialog("fleet", append(keys, clear, letter('6'), letter('0'), tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl})...)
	has(c.b, c.m, "Candidates are tried")
	c.open = asking
	for range 5 {
		c.send("poll", command.Due{Topic: command.Offers})
		c.settle(foldedIn)
		c.send("beat", command.Beat{At: time.Now()})
		c.m.View()
	}
	has(c.b, c.m, "Candidates are tried")
	c.open = ""
	c.send("fleet left", press(tea.KeyEscape, ""))
	c.send("form left", press(tea.KeyEscape, ""))
	c.settle(nil)
}

// dialog presses keys of a question or a page and keeps what the one took that was the
// slowest of them: that is the one that did it.
func (c *clocked) dialog(kind string, keys ...tea.KeyPressMsg) {
	const each = "keys of a dialog"
	done := len(c.took[each])
	for _, k := range keys {
		c.send(each, k)
		c.m.View()
	}
	c.took[kind] = append(c.took[kind], slices.Max(c.took[each][done:]))
	c.settle(nil)
}

// median is what a message of a kind usually takes.
func (c *clocked) median(kind string) time.Duration {
	list := slices.Sorted(slices.Values(c.took[kind]))
	return list[len(list)/2]
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

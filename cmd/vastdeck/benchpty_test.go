//go:build benchpty && linux

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The terminal, the world and the amounts of work of the measurements.
const (
	benchCols   = 200
	benchRows   = 60
	benchStarts = 10
	benchKeys   = 200
	idleTime    = 30 * time.Second      // every list is read again in it
	keyQuiet    = 25 * time.Millisecond // longer than three frames of the renderer
	frameTime   = time.Second / 120
	keyLimit    = time.Second
	tickRate    = 100 // clock ticks a second in /proc
)

// hang makes the list of instances take 10 s, on every read.
const hang = "--demo-fault=latency:GET:/api/v1/instances:10s"

// TestBenchPTY measures the built program in a real terminal and prints what it
// reaches next to what it should. It fails only when the program does not work.
func TestBenchPTY(t *testing.T) {
	b := &bench{t: t, path: buildProgram(t)}
	fmt.Printf("vastdeck --demo, 2,000 offers, %dx%d, median of %d starts, %d keys\n", benchCols, benchRows, benchStarts, benchKeys)
	b.packageInit()
	b.starts("supervised")
	b.starts("alone", "--no-supervisor")
	b.keys()
	b.keysWhileHanging()
	b.idle()
}

type bench struct {
	t    *testing.T
	path string
}

// verdict prints one line: what was measured, its budget and whether it is kept.
func verdict(name string, value float64, unit string, budget float64) {
	word := "ok"
	if value > budget {
		word = "MISS"
	}
	fmt.Printf("%s %s %s (budget %s) %s\n", name, number(value), unit, number(budget), word)
}

// fact prints one line without a budget.
func fact(name string, value float64, unit string) {
	fmt.Println(strings.TrimSpace(fmt.Sprintf("%s %s %s", name, number(value), unit)))
}

func number(v float64) string {
	if v >= 100 || v == float64(int(v)) {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// start runs the demo in a quiet world, with more arguments.
func (b *bench) start(arguments ...string) *ptySession {
	b.t.Helper()
	home := b.t.TempDir()
	cmd := exec.Command(b.path, append([]string{"--demo", "--demo-seed", "1", "--demo-quiet"}, arguments...)...)
	cmd.Env = programEnvironment(home)
	cmd.Dir = home
	return startSession(b.t, benchCols, benchRows, cmd)
}

// frames is when the first complete screen was there, and when its rows were, both
// since the start.
type frames struct {
	first, rows time.Duration
	shown       int
}

// frames waits until the rows are there and the screen is still, and then plays what
// the program wrote into a terminal, piece by piece as it came.
func (s *ptySession) frames() frames {
	s.t.Helper()
	s.waitFor("complete screen with rows", 0, startLimit, func(out string) bool {
		em := newEmulator(s.t, benchCols, benchRows)
		_, _ = em.WriteString(out)
		lines := em.lines()
		return complete(lines) && filled(lines) > benchRows/2
	})
	s.settle(100 * time.Millisecond)
	var f frames
	s.replay(func(c chunk, _ int, em emulator) {
		lines := em.lines()
		if f.first == 0 && complete(lines) {
			f.first = c.at.Sub(s.started)
		}
		if n := filled(lines); f.first > 0 && n > f.shown {
			f.rows, f.shown = c.at.Sub(s.started), n
		}
	})
	return f
}

// replay plays everything written into a terminal and shows it after each piece,
// with the piece's size in bytes.
func (s *ptySession) replay(show func(c chunk, size int, em emulator)) {
	s.mu.Lock()
	out, chunks := bytes.Clone(s.out), slices.Clone(s.chunks)
	s.mu.Unlock()
	em := newEmulator(s.t, benchCols, benchRows)
	from := 0
	for _, c := range chunks {
		_, _ = em.Write(out[from:c.end])
		show(c, c.end-from, em)
		from = c.end
	}
}

// complete reports whether a screen has its header, its tabs and its bottom line.
func complete(lines []string) bool {
	return strings.Contains(lines[0], programName) && strings.Contains(lines[1], "Market") && lines[len(lines)-1] != ""
}

// filled is how many lines between the tabs and the bottom line show something.
func filled(lines []string) int {
	n := 0
	for _, line := range lines[2 : len(lines)-1] {
		if line != "" {
			n++
		}
	}
	return n
}

// leave ends the program.
func (s *ptySession) leave() {
	s.t.Helper()
	for range 3 {
		s.press("\x03")
		s.settle(400 * time.Millisecond)
		if !s.running() {
			return
		}
	}
	s.t.Fatalf("ctrl+c three times did not end the program; written: %q", tail(s.output(), 500))
}

func (b *bench) starts(how string, arguments ...string) {
	var first, rows []time.Duration
	shown := 0
	for range benchStarts {
		s := b.start(arguments...)
		f := s.frames()
		first, rows = append(first, f.first), append(rows, f.rows-f.first)
		shown = f.shown
		s.leave()
		s.close()
	}
	verdict("P1 first frame, "+how, milliseconds(quantile(first, 0.5)), "ms", 60)
	verdict("P1 rows after the first frame, "+how, milliseconds(quantile(rows, 0.5)), "ms", 150)
	fact("P1 lines with rows, "+how, float64(shown), "lines")
}

var initLine = regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, ([0-9.]+) ms clock`)

// packageInit adds up what Go's packages do before main starts.
func (b *bench) packageInit() {
	var totals []float64
	slowest, slowestTime := "", 0.0
	for range benchStarts {
		cmd := exec.Command(b.path, "--version")
		cmd.Env = programEnvironment(b.t.TempDir(), "GODEBUG=inittrace=1")
		var trace bytes.Buffer
		cmd.Stderr = &trace
		if err := cmd.Run(); err != nil {
			b.t.Fatalf("vastdeck --version: %v\n%s", err, trace.String())
		}
		total := 0.0
		for _, m := range initLine.FindAllStringSubmatch(trace.String(), -1) {
			spent, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				b.t.Fatalf("read the trace of package inits: %v", err)
			}
			total += spent
			if spent > slowestTime {
				slowest, slowestTime = m[1], spent
			}
		}
		totals = append(totals, total)
	}
	slices.Sort(totals)
	verdict("P1 package init", totals[len(totals)/2], "ms", 2)
	fmt.Printf("P1 slowest package init: %s, %s ms\n", slowest, number(slowestTime))
}

// strokes is what pressing keys one after the other has cost.
type strokes struct {
	took  []time.Duration // to the last byte
	bytes []int
	draws []int // how many frames of the renderer it took
	mute  int   // keys that changed nothing on the screen
}

// strike presses each key, waits until the screen is still and measures. Keys come at
// random moments between two frames of the renderer, as a person's do: waiting for
// stillness alone would put each of them right behind a frame.
func (s *ptySession) strike(keys []string) strokes {
	s.t.Helper()
	var all strokes
	phase := rand.New(rand.NewPCG(1, 1))
	for _, key := range keys {
		s.settle(keyQuiet + time.Duration(phase.Int64N(int64(frameTime))))
		before, _ := s.length()
		pressed := time.Now()
		s.press(key)
		if !s.moved(before) {
			all.mute++
			continue
		}
		s.settle(keyQuiet)
		after, last := s.length()
		all.took = append(all.took, last.Sub(pressed))
		all.bytes = append(all.bytes, after-before)
		all.draws = append(all.draws, s.framesSince(before))
	}
	if len(all.took) == 0 {
		s.t.Fatalf("none of %d keys changed the screen", len(keys))
	}
	return all
}

// framesSince counts the frames of the renderer that wrote something after the first n
// bytes: pieces that came more than half a frame apart.
func (s *ptySession) framesSince(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	frames := 0
	var last time.Time
	for _, c := range s.chunks {
		if c.end <= n {
			continue
		}
		if c.at.Sub(last) > frameTime/2 {
			frames++
		}
		last = c.at
	}
	return frames
}

// moved waits until more than n bytes are written.
func (s *ptySession) moved(n int) bool {
	deadline := time.After(keyLimit)
	for {
		s.mu.Lock()
		now, news := len(s.out), s.news
		s.mu.Unlock()
		if now > n {
			return true
		}
		select {
		case <-news:
		case <-deadline:
			return false
		}
	}
}

func (k strokes) print(name string, p50, p99 float64) {
	verdict(name+", p50", milliseconds(quantile(k.took, 0.5)), "ms", p50)
	verdict(name+", p99", milliseconds(quantile(k.took, 0.99)), "ms", p99)
	fact(name+", frames a key, p50", float64(quantile(k.draws, 0.5)), "")
	if k.mute > 0 {
		fact(name+", keys without any effect", float64(k.mute), "keys")
	}
}

func quantile[T ~int | ~int64](values []T, q float64) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// typing is a query typed and deleted again, as often as it takes n keys.
func typing(n int) []string {
	round := []string{"4", "0", "9", "0", "\x7f", "\x7f", "\x7f", "\x7f"}
	keys := make([]string, n)
	for i := range keys {
		keys[i] = round[i%len(round)]
	}
	return keys
}

func (b *bench) keys() {
	for _, how := range []string{"supervised", "alone"} {
		var arguments []string
		if how == "alone" {
			arguments = []string{"--no-supervisor"}
		}
		s := b.start(arguments...)
		s.frames()
		s.settle(500 * time.Millisecond)
		// To the lower edge first: from there on each key scrolls.
		s.press(strings.Repeat("j", benchRows))
		s.settle(500 * time.Millisecond)
		scroll := s.strike(slices.Repeat([]string{"j"}, benchKeys))
		verdict("P4 scroll, "+how, float64(quantile(scroll.bytes, 0.5)), "B", 600)
		scroll.print("P4 scroll, "+how, 8, 20)
		s.press("/")
		s.settle(500 * time.Millisecond)
		s.strike(typing(benchKeys)).print("P2 typed key, "+how, 8, 20)
		s.leave()
		s.close()
	}
}

func (b *bench) keysWhileHanging() {
	s := b.start(hang)
	s.frames()
	s.settle(500 * time.Millisecond)
	s.strike(slices.Repeat([]string{"j"}, benchKeys/2)).print("P16 scroll while a request hangs", 8, 20)
	s.press("/")
	s.settle(500 * time.Millisecond)
	s.strike(typing(benchKeys/2)).print("P16 typed key while a request hangs", 8, 20)
	s.leave()
	s.close()
}

// idle looks at a program that nobody touches, in a world that stands still. Figures
// change in that time, such as the age of the data; only what is written without any
// change on the screen is too much.
func (b *bench) idle() {
	s := b.start()
	s.frames()
	drawing := s.drawing()
	s.settle(settleLimit)
	begun := time.Now()
	drawBefore, waitBefore := b.cpu(drawing), b.cpu(s.cmd.Process.Pid)
	<-time.After(idleTime)
	drawAfter, waitAfter := b.cpu(drawing), b.cpu(s.cmd.Process.Pid)
	share := func(spent time.Duration) float64 { return 100 * float64(spent) / float64(idleTime) }

	written := s.writtenSince(begun)
	verdict("P9 idle, written without any change on the screen", float64(written.wasted), "B", 0)
	fact("P9 idle, written for figures that changed", float64(written.used), "B")
	fact("P9 idle, longest silence", written.silence.Seconds(), "s")
	verdict("P9 idle, process that draws", share(drawAfter-drawBefore), "% of a core", 1.6)
	fact("P9 idle, supervisor", share(waitAfter-waitBefore), "% of a core")
	fact("P10 memory, process that draws (with the simulator and its world)", b.memory(drawing), "MB")
	fact("P10 memory, supervisor", b.memory(s.cmd.Process.Pid), "MB")
	s.leave()
	s.close()
}

// written is what came from an idle program: bytes that changed the screen, bytes that
// did not, and the longest time without any.
type written struct {
	used, wasted int
	silence      time.Duration
}

func (s *ptySession) writtenSince(begun time.Time) written {
	var w written
	screen, last := "", begun
	s.replay(func(c chunk, size int, em emulator) {
		before := screen
		screen = em.Render()
		switch {
		case c.at.Before(begun):
			return
		case screen == before:
			w.wasted += size
		default:
			w.used += size
		}
		w.silence = max(w.silence, c.at.Sub(last))
		last = c.at
	})
	w.silence = max(w.silence, time.Since(last))
	return w
}

// cpu is the processor time that a process has used.
func (b *bench) cpu(pid int) time.Duration {
	b.t.Helper()
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		b.t.Fatal(err)
	}
	// After the command in brackets, utime and stime are the 12th and 13th field.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	var ticks int
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(string(field))
		if err != nil {
			b.t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / tickRate
}

var residentLine = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// memory is how much of a process is resident, in MB.
func (b *bench) memory(pid int) float64 {
	b.t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		b.t.Fatal(err)
	}
	m := residentLine.FindSubmatch(status)
	if m == nil {
		b.t.Fatalf("no VmRSS in the status of process %d", pid)
	}
	kilobytes, err := strconv.Atoi(string(m[1]))
	if err != nil {
		b.t.Fatal(err)
	}
	return float64(kilobytes) / 1000
}

//go:build benchpty && linux

package main

import (
	"fmt"
	"os/exec"
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
	path := buildProgram(t)
	t.Run("demo", func(t *testing.T) {
		b := &bench{t: t, path: path}
		fmt.Printf("vastdeck --demo, 2,000 offers, %dx%d, median of %d starts, %d keys\n", benchCols, benchRows, benchStarts, benchKeys)
		b.load()
		b.packageInit()
		b.starts("supervised")
		b.starts("alone", "--no-supervisor")
		b.keys()
		b.keysWhileHanging()
		b.idle()
	})
	t.Run("history", func(t *testing.T) {
		b := &bench{t: t, path: path}
		fmt.Printf("vastdeck alone with a long memory, its server in another process, %dx%d, median of %d starts\n", benchCols, benchRows, benchStarts)
		b.startsWithHistory(b.serve(b.buildSimulator()))
	})
	t.Run("market", func(t *testing.T) {
		b := &bench{t: t, path: path}
		fmt.Printf("vastdeck alone, its server in another process, %dx%d, %d keys\n", benchCols, benchRows, benchKeys)
		b.markets()
	})
	t.Run("verbs", func(t *testing.T) {
		b := &bench{t: t, path: path}
		fmt.Printf("verbs, their server in another process, median of %d runs\n", benchStarts)
		b.offersAsData(b.serve(b.buildSimulator(), "--offers", "16000", "--max-limit", "10000"))
	})
}

type bench struct {
	t    *testing.T
	path string
}

// measured prints one line: what was measured, its budget and whether it is kept.
func measured(name string, value float64, unit string, budget float64) {
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

//go:build benchpty && linux

package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
	s.waitFor("complete screen with rows", 0, func(out string) bool {
		em := newEmulator(s.t, benchCols, benchRows)
		_, _ = em.WriteString(out)
		lines := em.lines()
		return complete(lines) && filledLines(lines) > benchRows/2
	})
	s.settle(100 * time.Millisecond)
	var f frames
	s.replay(func(c chunk, _ int, em emulator) {
		lines := em.lines()
		if f.first == 0 && complete(lines) {
			f.first = c.at.Sub(s.started)
		}
		if n := filledLines(lines); f.first > 0 && n > f.shown {
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

// filledLines is how many lines between the tabs and the bottom line show something.
func filledLines(lines []string) int {
	n := 0
	for _, line := range lines[2 : len(lines)-1] {
		if line != "" {
			n++
		}
	}
	return n
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
	measured("P1 first frame, "+how, milliseconds(quantile(first, 0.5)), "ms", 60)
	measured("P1 rows after the first frame, "+how, milliseconds(quantile(rows, 0.5)), "ms", 150)
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
	measured("P1 package init", totals[len(totals)/2], "ms", 2)
	fmt.Printf("P1 slowest package init: %s, %s ms\n", slowest, number(slowestTime))
}

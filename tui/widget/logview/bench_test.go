package logview

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/widget/figure"
)

// judge prints a figure in milliseconds, its budget and whether it is kept.
func judge(b *testing.B, name string, got time.Duration, most float64) {
	b.Helper()
	ms := float64(got.Nanoseconds()) / 1e6
	verdict := "ok"
	if ms > most {
		verdict = "MISS"
	}
	b.Logf("%s %.3g ms %s (budget %g ms)", name, ms, verdict, most)
}

// median sorts times.
func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// training is a log as a training run writes it, just below 105 bytes a line.
func training(n int) []Line {
	lines := make([]Line, n)
	for i := range lines {
		word := "INFO"
		if i%97 == 0 {
			word = "WARNING"
		}
		lines[i].Text = fmt.Sprintf("2026-03-01T12:%02d:%02d.%06dZ %s step %d loss %.4f tokens/s %d gpu mem 21 GB, batch of 64", i/60%60, i%60, i, word, i, 1/float64(i+1), 9000+i%700)
	}
	return lines
}

func full(n int) *Model {
	m := New("train", dark)
	m.Append("a", training(n))
	m.Draw(200, 60)
	return &m
}

// BenchmarkAppendMegabyte is a megabyte that comes while the log is full and filtered.
func BenchmarkAppendMegabyte(b *testing.B) {
	lines := training(1 << 20 / 100)
	for _, filter := range []string{"", "warning -gpu"} {
		b.Run("filter "+filter, func(b *testing.B) {
			m := full(MaxLines)
			m.SetFilter(filter)
			finish(m)
			var times []time.Duration
			for b.Loop() {
				begin := time.Now()
				m.Append("a", lines)
				m.Draw(200, 60)
				times = append(times, time.Since(begin))
				finish(m)
			}
			judge(b, "append 1 MB of log", median(times), 16)
		})
	}
}

// BenchmarkMergeMegabyte is a polled tail of a megabyte of which a tenth is new.
func BenchmarkMergeMegabyte(b *testing.B) {
	var lines []string
	for _, l := range training(100_000) {
		lines = append(lines, l.Text)
	}
	const window = 1 << 20 / 100
	m := New("train", dark)
	var times []time.Duration
	for i := 0; b.Loop(); i += window / 10 {
		if i+window > len(lines) {
			i = 0
			m.Clear()
		}
		begin := time.Now()
		m.MergeTail("a", lines[i:i+window], noon)
		m.Draw(200, 60)
		times = append(times, time.Since(begin))
	}
	judge(b, "merge a tail of 1 MB", median(times), 16)
}

// BenchmarkInterleave is a megabyte that is sorted in among lines of another source.
func BenchmarkInterleave(b *testing.B) {
	lines := training(1 << 20 / 100)
	m := full(0)
	var times []time.Duration
	for b.Loop() {
		m.Append("other", lines)
		begin := time.Now()
		m.Append("a", lines)
		m.Draw(200, 60)
		times = append(times, time.Since(begin))
	}
	judge(b, "sort in 1 MB of log", median(times), 16)
}

// BenchmarkFilter is a filter of 100,000 lines from its key press to the last line, and how long a piece of it takes.
func BenchmarkFilter(b *testing.B) {
	for _, filter := range []string{"warning", "zz", "step 77 -loss", `"of 64"`, "/warn.*77/", "/(error|warning) step [0-9]*77/", "/[0-9]9 step/", "/7[0-9]7/"} {
		b.Run(strings.ReplaceAll(filter, "/", "|"), func(b *testing.B) {
			m := full(100_000)
			var times, calls []time.Duration
			for b.Loop() {
				m.SetFilter("")
				begin := time.Now()
				last := begin
				m.filterBy(filter)
				for more := true; more; {
					more = m.Work()
					m.Draw(200, 60)
					now := time.Now()
					calls = append(calls, now.Sub(last))
					last = now
				}
				times = append(times, last.Sub(begin))
			}
			name := "P13 filter 100,000 lines"
			if m.Len() != 100_000 {
				b.Fatalf("%d lines are held", m.Len())
			}
			if strings.HasSuffix(filter, "7/") && !strings.Contains(filter, "warn") {
				b.Logf("an expression without any fixed text takes %v", median(times))
			} else {
				judge(b, name, median(times), 50)
			}
			judge(b, "a piece of it", median(calls), 2)
			b.Logf("99 of 100 pieces in %v", calls[len(calls)*99/100])
			b.Logf("%d pieces each time, %s lines shown", len(calls)/len(times), figure.Count(m.count()))
		})
	}
}

// BenchmarkScroll is a key that moves and the drawing after it.
func BenchmarkScroll(b *testing.B) {
	for _, c := range []struct{ name, keys, filter string }{{"plain", "", ""}, {"wrapped", "w", ""}, {"filtered, times", "t", "warning"}} {
		b.Run(c.name, func(b *testing.B) {
			m := full(100_000)
			m.SetFilter(c.filter)
			finish(m)
			for _, k := range c.keys {
				press(m, string(k))
			}
			keys := []string{"k", "b", "k", "u", "j", "g", "d", "j", "space", "j", "G", "k"}
			var times []time.Duration
			for i := 0; b.Loop(); i++ {
				begin := time.Now()
				press(m, keys[i%len(keys)])
				m.Draw(200, 60)
				times = append(times, time.Since(begin))
			}
			judge(b, "P13 scroll 100,000 lines", median(times), 1)
			b.Logf("99 of 100 in %v", times[len(times)*99/100])
		})
	}
}

// BenchmarkDrawUnchanged is what every message costs that concerns something else.
func BenchmarkDrawUnchanged(b *testing.B) {
	m := full(100_000)
	for b.Loop() {
		m.Draw(200, 60)
	}
}

// BenchmarkSearch looks through ten megabytes in vain, and how long a piece of that takes.
func BenchmarkSearch(b *testing.B) {
	for _, needle := range []string{"not in there", "Not in there", "übrig"} {
		b.Run(needle, func(b *testing.B) {
			m := full(MaxLines)
			press(m, "g")
			var times, calls []time.Duration
			for b.Loop() {
				begin := time.Now()
				last := begin
				m.begin(needle)
				for more := true; more; {
					more = m.Work()
					now := time.Now()
					calls = append(calls, now.Sub(last))
					last = now
				}
				times = append(times, last.Sub(begin))
			}
			judge(b, "search 10 MB", median(times), 50)
			judge(b, "a piece of it", median(calls), 2)
			b.Logf("99 of 100 pieces in %v", calls[len(calls)*99/100])
		})
	}
}

// BenchmarkMemory is what a full log of short lines takes, its text included.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := full(3 * MaxLines)
		m.SetFilter("step")
		finish(m)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
		runtime.KeepAlive(m)
	}
}

package logs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/logview"
)

// judge prints a figure in milliseconds, its budget and whether it is kept.
func judge(b *testing.B, name string, got time.Duration, budget float64) {
	b.Helper()
	ms := float64(got.Nanoseconds()) / 1e6
	verdict := "ok"
	if ms > budget {
		verdict = "MISS"
	}
	b.Logf("%s %.3g ms %s (budget %g ms)", name, ms, verdict, budget)
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// nearlyAll is what 99 of 100 do not exceed.
func nearlyAll(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)*99/100]
}

// training is a log as a training run writes it, about 100 bytes a line.
func training(from, n int) []string {
	lines := make([]string, n)
	for i := range lines {
		word := "INFO"
		if (from+i)%97 == 0 {
			word = "WARNING"
		}
		lines[i] = fmt.Sprintf("2026-03-01T12:%02d:%02d.%06dZ %s step %d loss %.4f tokens/s %d gpu mem 21 GB, batch of 64", (from+i)/60%60, (from+i)%60, from+i, word, from+i, 1/float64(from+i+1), 9000+i%700)
	}
	return lines
}

// bench is the page with a log of some lines, and what the root would do with it.
type bench struct {
	m   *Model
	set *command.Set
	now time.Time
	// each is how long every message took, with the frame drawn after it.
	each []time.Duration
}

func newBench(b *testing.B, lines int) *bench {
	b.Helper()
	s := &bench{m: New(dark), set: command.New(b.Context(), command.Config{}), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	s.m.tail = logview.MaxLines
	s.m.sources, s.m.shown, s.m.paused = []*source{{id: 7, name: "train"}}, true, true
	s.hear(command.LogsRead{Answer: command.Answer{At: s.now}, Instance: 7, Lines: training(0, lines)})
	return s
}

func (s *bench) env() view.Env {
	return view.Env{Now: s.now, Data: &feed.Snapshot{}, Theme: dark, Load: s.set.Loads(), Size: size}
}

var size = view.Size{W: 200, H: 60}

// hear tells the page a message, and all that it wants to be told then, each with a frame.
func (s *bench) hear(msg any) (all time.Duration) {
	for n := 0; n < 10_000; n++ {
		begin := time.Now()
		s.m.Update(s.env(), msg)
		s.m.Draw(s.env(), size)
		took := time.Since(begin)
		all += took
		s.each = append(s.each, took)
		if !s.m.working {
			return all
		}
		msg = command.Computed[step]{}
	}
	panic("it never ends")
}

// typed presses a key as the root does when a line has the keyboard, or not.
func (s *bench) typed(k string) time.Duration {
	return s.hear(solo.Stroke(k))
}

// BenchmarkLogsFilter is a letter of a filter over 100,000 lines, from the key to
// the frame in which the last line was looked at.
func BenchmarkLogsFilter(b *testing.B) {
	s := newBench(b, 100_000)
	var times []time.Duration
	s.each = nil
	for b.Loop() {
		s.typed("/")
		var all time.Duration
		for _, k := range []string{"w", "a", "r", "n"} {
			all = max(all, s.typed(k))
		}
		times = append(times, all)
		s.typed("esc")
	}
	if s.m.log.Len() != 100_000 {
		b.Fatalf("%d lines are held", s.m.log.Len())
	}
	judge(b, "P13 logs filter 100,000 lines", median(times), 50)
	b.Logf("99 of 100 messages in %v", nearlyAll(s.each))
}

// BenchmarkLogsScroll is a key that moves, with its frame.
func BenchmarkLogsScroll(b *testing.B) {
	s := newBench(b, 100_000)
	keys := []string{"k", "b", "u", "j", "g", "d", "space", "G", "k"}
	var times []time.Duration
	for n := 0; b.Loop(); n++ {
		times = append(times, s.typed(keys[n%len(keys)]))
	}
	judge(b, "P13 logs scroll 100,000 lines", median(times), 1)
}

// BenchmarkLogsAppend is a megabyte that has come since the last look, while the
// log is full and filtered, until its last line is shown.
func BenchmarkLogsAppend(b *testing.B) {
	for _, how := range []string{"over ssh", "in an answer"} {
		b.Run(strings.ReplaceAll(how, " ", "-"), func(b *testing.B) {
			s := newBench(b, logview.MaxLines)
			s.m.log.SetFilter("warning")
			s.hear(command.Beat{})
			const n = 1 << 20 / 105
			from := 1_000_000
			var times []time.Duration
			s.each = nil
			for b.Loop() {
				lines := training(from, n)
				from += n - 10
				if how == "in an answer" {
					times = append(times, s.hear(command.LogsRead{Answer: command.Answer{At: s.now}, Instance: 7, Lines: lines}))
					continue
				}
				s.m.live = true
				out := command.RemoteOutput{Run: s.m.run(s.m.sources[0]), Instance: 7}
				for _, l := range lines {
					out.Lines = append(out.Lines, command.RemoteLine{Text: l})
				}
				times = append(times, s.hear(out))
			}
			judge(b, "append 1 MB of log "+how, median(times), 16)
			b.Logf("99 of 100 messages in %v", nearlyAll(s.each))
		})
	}
}

// BenchmarkLogsOpen is ten megabytes that come as the first answer.
func BenchmarkLogsOpen(b *testing.B) {
	lines := training(0, 100_000)
	var times []time.Duration
	var each []time.Duration
	for b.Loop() {
		s := newBench(b, 0)
		times = append(times, s.hear(command.LogsRead{Answer: command.Answer{At: s.now}, Instance: 7, Lines: lines}))
		each = append(each, s.each...)
	}
	judge(b, "open a log of 10 MB, all of it", median(times), 200)
	b.Logf("99 of 100 messages in %v", nearlyAll(each))
}

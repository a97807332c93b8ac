//go:build benchpty && linux

package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

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
	measured(name+", p50", milliseconds(quantile(k.took, 0.5)), "ms", p50)
	measured(name+", p99", milliseconds(quantile(k.took, 0.99)), "ms", p99)
	fact(name+", frames a key, p50", float64(quantile(k.draws, 0.5)), "")
	if k.mute > 0 {
		fact(name+", keys without any effect", float64(k.mute), "keys")
	}
}

// meanBytes is what a key sends on average: of keys that filter, half change the
// whole list and half next to nothing.
func (k strokes) meanBytes() float64 {
	sum := 0
	for _, n := range k.bytes {
		sum += n
	}
	return float64(sum) / float64(len(k.bytes))
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
		measured("P4 scroll, "+how, float64(quantile(scroll.bytes, 0.5)), "B", 600)
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

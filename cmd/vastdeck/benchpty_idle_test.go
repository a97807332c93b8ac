//go:build benchpty && linux

package main

import (
	"time"
)

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
	measured("P9 idle, written without any change on the screen", float64(written.wasted), "B", 0)
	fact("P9 idle, written for figures that changed", float64(written.used), "B")
	fact("P9 idle, longest silence", written.silence.Seconds(), "s")
	measured("P9 idle, process that draws", share(drawAfter-drawBefore), "% of a core", 1.6)
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

package main

import (
	"context"
	"sync"
	"time"

	"vastdeck/vastapi/remote"
)

// tended is a Runner that knows how many of its processes still run, so that none is
// left behind when the program ends: its context ends first, then they are waited for.
type tended struct {
	remote.Runner

	mu      sync.Mutex
	running int
	idle    chan struct{} // closed when the last one has ended; nil while nobody waits
}

// Run runs a process.
func (t *tended) Run(ctx context.Context, cmd remote.Command, s remote.Streams) (int, error) {
	t.mu.Lock()
	t.running++
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.running--; t.running == 0 && t.idle != nil {
			close(t.idle)
			t.idle = nil
		}
	}()
	return t.Runner.Run(ctx, cmd, s)
}

// wait waits until no process runs, and at most for so long. It reports whether none does.
func (t *tended) wait(limit time.Duration) bool {
	t.mu.Lock()
	if t.running == 0 {
		t.mu.Unlock()
		return true
	}
	if t.idle == nil {
		t.idle = make(chan struct{})
	}
	idle := t.idle
	t.mu.Unlock()
	pause := time.NewTimer(limit)
	defer pause.Stop()
	select {
	case <-idle:
		return true
	case <-pause.C:
		return false
	}
}

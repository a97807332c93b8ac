package command

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
)

// MemoryFile keeps what is remembered between runs.
type MemoryFile interface {
	// Load reads what is kept, all texts inert. There is always something to go
	// on with; notice is a sentence about what was wrong, "" = nothing.
	Load() (m feed.Memory, notice string)
	// Save applies change to what is kept now, which another copy of the program
	// may have changed meanwhile, and keeps the result. The error says why that
	// cannot be done.
	Save(change func(*feed.Memory)) error
}

// MemoryLoaded tells the views that what is remembered from earlier runs is in
// the snapshot. It comes before the first data, and to new views after another
// key was given.
type MemoryLoaded struct{}

// MemoryChanged tells the views that what is remembered is another one now.
type MemoryChanged struct{}

// MemorySaved tells how keeping changes went. Err is nil when they are on the disk.
type MemorySaved struct{ Err error }

// saveAfter is how long changes are collected before they are written.
const saveAfter = 500 * time.Millisecond

// LoadMemory reads what is remembered from earlier runs, and a sentence about
// what was wrong with it. It is called before the program runs, never from Update.
func (s *Set) LoadMemory() (feed.Memory, string) {
	if s.memory.file == nil {
		return feed.Memory{}, ""
	}
	return s.memory.file.Load()
}

// Remember makes the command that keeps a change soon; nil when one that is
// under way will keep this change too. change is called in another goroutine,
// on what is on the disk then: it must not look at anything but its argument
// and values of its own.
func (s *Set) Remember(change func(*feed.Memory)) tea.Cmd {
	k := &s.memory
	if k.file == nil || !k.add(change) {
		return nil
	}
	ctx, crash := s.Runner.ctx, s.Runner.crash
	return func() tea.Msg {
		pause := time.NewTimer(saveAfter)
		defer pause.Stop()
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
		_, err := guarded(ctx, "memory", crash, func(context.Context) (struct{}, error) { return struct{}{}, k.write() })
		return MemorySaved{err}
	}
}

// KeepMemory writes what has not been written yet. It is called when the
// program has ended.
func (s *Set) KeepMemory() error {
	if s.memory.file == nil {
		return nil
	}
	return s.memory.write()
}

// keeper collects changes and writes them, one batch at a time.
type keeper struct {
	file MemoryFile // nil: nothing is kept

	turn chan struct{} // holds one while the file is written

	mu      sync.Mutex
	pending []func(*feed.Memory)
}

func newKeeper(file MemoryFile) keeper { return keeper{file: file, turn: make(chan struct{}, 1)} }

// add reports whether change is the first one that waits.
func (k *keeper) add(change func(*feed.Memory)) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pending = append(k.pending, change)
	return len(k.pending) == 1
}

// write keeps all changes that wait. What cannot be written is given up: it is
// told, and trying again would fail for the same reason.
func (k *keeper) write() error {
	k.turn <- struct{}{}
	defer func() { <-k.turn }()
	k.mu.Lock()
	list := k.pending
	k.pending = nil
	k.mu.Unlock()
	if len(list) == 0 {
		return nil
	}
	return k.file.Save(func(m *feed.Memory) {
		for _, change := range list {
			change(m)
		}
	})
}

//go:build linux || darwin

package main

import (
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Also when the moment is over before anybody came to read, and somebody else holds the
// pipe open.
func TestEverythingThatWasWrittenIsKept(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString(strings.Repeat("x", 30_000) + "the end"); err != nil {
		t.Fatal(err)
	}
	// A reader that was too late: its time is over before it began.
	k := &stderrKeeper{pipe: r, done: make(chan struct{})}
	close(k.done)
	if got := string(k.text()); len(got) != 30_007 || !strings.HasSuffix(got, "the end") {
		t.Errorf("kept %d bytes", len(got))
	}
	_ = w.Close()
	if got := string(k.text()); len(got) != 30_007 {
		t.Errorf("kept %d bytes after the end", len(got))
	}
	_ = r.Close()
}

// Program stands for that of Bubble Tea while it prints the stack of a panic.
type Program struct{ begun, letGo chan struct{} }

func (p *Program) recoverFromGoPanic() {
	close(p.begun)
	<-p.letGo
}

func TestStacksOfPanicsAreWaitedFor(t *testing.T) {
	t.Parallel()
	p := &Program{make(chan struct{}), make(chan struct{})}
	go p.recoverFromGoPanic()
	<-p.begun
	const limit = 50 * time.Millisecond
	begun := time.Now()
	if awaitOutside(limit, panicPrinters...); time.Since(begun) < limit {
		t.Error("nobody waits for a stack that is being printed")
	}
	close(p.letGo)
	awaitOutside(hangGuard, panicPrinters...)
	if anyInside(panicPrinters) {
		t.Error("it is waited for a stack that was printed")
	}
}

// blank is a program that draws nothing.
type blank struct{ begun chan struct{} }

func (b blank) Init() tea.Cmd                       { close(b.begun); return nil }
func (b blank) Update(tea.Msg) (tea.Model, tea.Cmd) { return b, nil }
func (b blank) View() tea.View                      { return tea.NewView("") }

// It is known by its name alone, which another version may change.
func TestTheLoopThatDrawsIsWaitedFor(t *testing.T) {
	t.Parallel()
	b := blank{make(chan struct{})}
	program := tea.NewProgram(b, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutSignals())
	ended := make(chan error)
	go func() {
		_, err := program.Run()
		ended <- err
	}()
	<-b.begun
	for end := time.Now().Add(hangGuard); !anyInside([]string{rendererLoop}); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("the loop that draws has another name")
		}
	}
	program.Quit()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	awaitOutside(hangGuard, rendererLoop)
	if anyInside([]string{rendererLoop}) {
		t.Error("the loop that draws has not ended")
	}
}

package tuitest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func TestMain(m *testing.M) { Main(m) }

// toy is a program that shows what it has been told: keys in order, ticks, size and mouse.
type toy struct {
	w, h  int
	keys  []string
	ticks int
	note  string
	dark  bool
	// breakFrame makes every frame one line too long.
	breakFrame bool
	// every is the interval of the ticks; none when zero.
	every time.Duration
}

type tickMsg struct{}

func (m *toy) tick() tea.Cmd {
	if m.every == 0 {
		return nil
	}
	return tea.Tick(m.every, func(time.Time) tea.Msg { return tickMsg{} })
}

func (m *toy) Init() tea.Cmd { return tea.Batch(m.tick(), tea.RequestBackgroundColor) }

func (m *toy) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tickMsg:
		m.ticks++
		return m, m.tick()
	case tea.BackgroundColorMsg:
		m.dark = msg.IsDark()
		m.note = fmt.Sprintf("dark %v", m.dark)
	case tea.FocusMsg:
		m.note = "focused"
	case tea.BlurMsg:
		m.note = "blurred"
	case tea.MouseClickMsg:
		m.note = fmt.Sprintf("click %d,%d", msg.X, msg.Y)
	case tea.MouseWheelMsg:
		m.keys = append(m.keys, fmt.Sprintf("wheel-%s", msg.Button))
	case tea.PasteMsg:
		m.keys = append(m.keys, fmt.Sprintf("paste:%q", msg.Content))
	case tea.KeyPressMsg:
		m.keys = append(m.keys, msg.String())
		switch msg.String() {
		case "q":
			return m, tea.Quit
		case "!":
			panic("as asked")
		}
	}
	return m, nil
}

func (m *toy) View() tea.View {
	if m.h == 0 {
		return tea.NewView("")
	}
	lines := []string{
		fmt.Sprintf("size %dx%d", m.w, m.h),
		fmt.Sprintf("keys %d", len(m.keys)),
		"last " + strings.Join(m.keys[max(0, len(m.keys)-3):], " "),
		fmt.Sprintf("ticks %d", m.ticks),
		m.note,
		"\x1b[1;31mred\x1b[m 世界 \x1b[7mback\x1b[m \x1b[4;38;2;1;2;3;48;5;21mlined\x1b[m",
		"╭─ box ─╮",
	}
	for len(lines) < m.h {
		lines = append(lines, "")
	}
	lines = lines[:m.h]
	for i, l := range lines {
		lines[i] = fit(l, m.w)
	}
	if m.breakFrame {
		lines = append(lines, lines[0])
	}
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	v.ReportFocus = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = "toy"
	v.Cursor = tea.NewCursor(min(2, m.w-1), 0)
	return v
}

// fakeTB takes the failures of code under test.
type fakeTB struct {
	testing.TB
	failures []string
	cleanups []func()
}

func (f *fakeTB) Helper()           {}
func (f *fakeTB) Cleanup(do func()) { f.cleanups = append(f.cleanups, do) }
func (f *fakeTB) Errorf(format string, args ...any) {
	f.failures = append(f.failures, fmt.Sprintf(format, args...))
}

func (f *fakeTB) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

func (f *fakeTB) Fatal(args ...any) { f.Fatalf("%s", fmt.Sprint(args...)) }

// failuresOf runs do with a fake test and gives the failures it reported.
func failuresOf(t *testing.T, do func(t testing.TB)) string {
	t.Helper()
	f := &fakeTB{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for _, cleanup := range f.cleanups {
				cleanup()
			}
		}()
		do(f)
	}()
	<-done
	return strings.Join(f.failures, "\n")
}

// fit pads or cuts to w cells.
func fit(s string, w int) string {
	s = ansi.Truncate(s, w, "")
	return s + strings.Repeat(" ", w-ansi.StringWidth(s))
}

package tuitest

import (
	"fmt"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// frameCheck stands between the program and its model and looks at every frame: the renderer cuts what is too large,
// so that a wrong frame would not show on the emulator's screen.
type frameCheck struct {
	mu    sync.Mutex
	w, h  int
	last  string
	wrong string
}

// watched is the model as the program sees it.
type watched struct {
	tea.Model
	check *frameCheck
}

// Update passes the message on and notes the size the model has been told.
func (m watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := m.Model.Update(msg)
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		m.check.resize(size.Width, size.Height)
	}
	return watched{next, m.check}, cmd
}

// View passes the frame on after a look at its size.
func (m watched) View() tea.View {
	v := m.Model.View()
	if v.AltScreen {
		m.check.look(v)
	}
	return v
}

func (c *frameCheck) resize(w, h int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.w, c.h, c.last = w, h, ""
}

// look keeps the first fault it finds. Nothing can be said before the model has been told a size.
func (c *frameCheck) look(v tea.View) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.w == 0 || c.wrong != "" {
		return
	}
	if v.Cursor != nil && (v.Cursor.X < 0 || v.Cursor.Y < 0 || v.Cursor.X >= c.w || v.Cursor.Y >= c.h) {
		c.wrong = fmt.Sprintf("the cursor at %d,%d is outside of %dx%d", v.Cursor.X, v.Cursor.Y, c.w, c.h)
		return
	}
	if v.Content == c.last {
		return
	}
	c.last = v.Content
	c.wrong = frameFault(v.Content, c.w, c.h)
}

// frameFault says what keeps a frame from being exactly h lines of w cells, or "".
func frameFault(content string, w, h int) string {
	lines := strings.Split(content, "\n")
	if len(lines) != h {
		return fmt.Sprintf("the frame has %d lines where the terminal has %d", len(lines), h)
	}
	for y, line := range lines {
		if n := ansi.StringWidth(line); n != w {
			return fmt.Sprintf("line %d of the frame is %d cells wide where the terminal has %d: %q", y, n, w, ansi.Strip(line))
		}
	}
	return ""
}

// fault gives the first fault seen, once.
func (c *frameCheck) fault() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	wrong := c.wrong
	c.wrong = ""
	return wrong
}

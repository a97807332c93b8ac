package tuitest

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"strings"
	"sync"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"vastdeck/tui/tuitest/cells"
)

// Cells is the emulator's screen with its styles and cursor.
type Cells = cells.Screen

// terminal is the emulator, the lock it needs (x/vt reads and writes race otherwise) and what it has been told.
type terminal struct {
	mu      sync.Mutex
	em      *vt.Emulator
	modes   map[int]bool
	named   map[int]bool // those that were ever switched, on or off
	hidden  bool
	shape   string
	title   string
	written int
	drained chan struct{}
}

func newTerminal(w, h int) *terminal {
	t := &terminal{em: vt.NewEmulator(w, h), modes: map[int]bool{}, named: map[int]bool{}, shape: "block", drained: make(chan struct{})}
	t.em.SetCallbacks(vt.Callbacks{
		Title:            func(title string) { t.title = title },
		CursorVisibility: func(visible bool) { t.hidden = !visible },
		CursorStyle:      func(s vt.CursorStyle, _ bool) { t.shape = shapes[s] },
		EnableMode:       func(m ansi.Mode) { t.modes[m.Mode()], t.named[m.Mode()] = true, true },
		DisableMode:      func(m ansi.Mode) { delete(t.modes, m.Mode()); t.named[m.Mode()] = true },
	})
	// The emulator answers questions (its background colour, its modes) through a pipe and blocks until somebody
	// reads. The answers are dropped: the program is meant to work in terminals that do not answer.
	go func() {
		defer close(t.drained)
		_, _ = io.Copy(io.Discard, t.em)
	}()
	return t
}

var shapes = map[vt.CursorStyle]string{vt.CursorBlock: "block", vt.CursorUnderline: "underline", vt.CursorBar: "bar"}

// Write takes the program's output. The renderer assumes that a terminal driver turns "\n" into "\r\n".
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.written += len(p)
	if _, err := t.em.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, fmt.Errorf("writing to the emulator: %w", err)
	}
	return len(p), nil
}

// close ends the goroutine that drains the answers. Emulator.Close would race with its Read.
func (t *terminal) close() {
	if c, ok := t.em.InputPipe().(io.Closer); ok {
		_ = c.Close()
	}
	<-t.drained
}

func (t *terminal) resize(w, h int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.em.Resize(w, h)
}

// size gives columns and rows.
func (t *terminal) size() (w, h int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.em.Width(), t.em.Height()
}

// bytesWritten counts what the program has written so far.
func (t *terminal) bytesWritten() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.written
}

// asked reports whether the program has switched on one of the modes.
func (t *terminal) asked(modes ...ansi.Mode) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range modes {
		if t.modes[m.Mode()] {
			return true
		}
	}
	return false
}

// switched reports whether the program has ever switched one of the modes, on or off.
func (t *terminal) switched(modes ...ansi.Mode) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range modes {
		if t.named[m.Mode()] {
			return true
		}
	}
	return false
}

// cells copies the screen.
func (t *terminal) cells() Cells {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := cells.New(t.em.Width(), t.em.Height())
	s.Title = printable(t.title)
	pos := t.em.CursorPosition()
	s.Cursor = cells.Cursor{X: pos.X, Y: pos.Y, Shape: t.shape}
	if t.hidden {
		s.Cursor = cells.Cursor{Hidden: true}
	}
	for y, row := range s.Rows {
		for x := 0; x < len(row); x++ {
			row[x] = t.cell(x, y)
			if row[x].Width == 2 && x+1 < len(row) {
				row[x+1] = cells.Cell{Style: row[x].Style}
				x++
			}
		}
	}
	return s
}

// cell translates one cell; nothing and the remains of a wide character read as a blank.
func (t *terminal) cell(x, y int) cells.Cell {
	c := t.em.CellAt(x, y)
	if c == nil {
		return cells.Cell{Text: " ", Width: 1}
	}
	return cells.Cell{
		Text:  cellText(c.Content),
		Width: min(2, max(1, c.Width)),
		Style: cells.Style{
			Fg:    hex(c.Style.Fg),
			Bg:    hex(c.Style.Bg),
			Attrs: attrs(c.Style.Attrs, c.Style.Underline != ansi.UnderlineNone),
		},
	}
}

// cellText is the text of a cell; a cell nothing was written to reads as a blank.
func cellText(content string) string {
	if content = printable(content); content == "" {
		return " "
	}
	return content
}

// printable drops control characters, which would break the lines of a file.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// The emulator's attribute bits, in the order in which SGR numbers them.
var emulatorAttrs = []struct {
	bit  uint8
	attr cells.Attr
}{
	{1 << 0, cells.Bold},
	{1 << 1, cells.Faint},
	{1 << 2, cells.Italic},
	{1 << 3, cells.Blink},
	{1 << 4, cells.Blink},
	{1 << 5, cells.Reverse},
	{1 << 6, cells.Conceal},
	{1 << 7, cells.Strike},
}

func attrs(bits uint8, underlined bool) cells.Attr {
	var a cells.Attr
	for _, e := range emulatorAttrs {
		if bits&e.bit != 0 {
			a |= e.attr
		}
	}
	if underlined {
		a |= cells.Underline
	}
	return a
}

// hex spells a colour as "#rrggbb", and the terminal's own as "".
func hex(c color.Color) string {
	if c == nil {
		return ""
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

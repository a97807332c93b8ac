package command

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/atotto/clipboard"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// clipboardLimit is how long the system's clipboard may take.
const clipboardLimit = 3 * time.Second

// ErrNoClipboard says that nothing can be put on a clipboard of this system, now or later in this run; what wraps it says
// why.
var ErrNoClipboard = errors.New("there is no clipboard of the system")

var (
	errNoProgram = fmt.Errorf("%w: wl-copy, xclip or xsel would have to be installed", ErrNoClipboard)
	errNoDisplay = fmt.Errorf("%w: this session has no display", ErrNoClipboard)
)

// TextCopied tells what came of putting text on the system's clipboard.
type TextCopied struct {
	What string // as it was named
	Err  error
}

// Copy puts text on the clipboard of the terminal that shows the program (OSC 52), also over SSH; the
// terminal does not say whether it obeyed. Where the program runs on the user's own machine it puts it
// on the system's clipboard as well, and TextCopied tells what came of that.
func (s *Set) Copy(text, what string) tea.Cmd {
	osc := tea.SetClipboard(text)
	put := s.cfg.Clipboard
	if put == nil {
		return osc
	}
	// The text is in the child's input alone, which nobody else can read.
	return tea.Batch(osc, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), clipboardLimit)
		defer cancel()
		return TextCopied{What: what, Err: put(ctx, text)}
	})
}

// CopiesToSystem reports whether Copy puts text on the system's clipboard as well.
func (s *Set) CopiesToSystem() bool { return s.cfg.Clipboard != nil }

// BaseURL is where requests go, e.g. https://console.vast.ai: what a copied call of curl begins with.
func (l Loads) BaseURL() string {
	if l.s == nil {
		return vastapi.DefaultBaseURL
	}
	return l.s.BaseURL()
}

// SystemClipboard returns what puts text on the clipboard of this system, or nil over SSH, where that
// would be another machine's than the one in front of the user.
func SystemClipboard(getenv func(string) string) func(context.Context, string) error {
	for _, name := range []string{"SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"} {
		if getenv(name) != "" {
			return nil
		}
	}
	busy := make(chan struct{}, 1)
	return func(ctx context.Context, text string) error {
		if clipboard.Unsupported {
			return errNoProgram
		}
		err := oneAtATime(ctx, busy, func() error { return clipboard.WriteAll(text) })
		if err != nil && displayless(runtime.GOOS, getenv) {
			return errNoDisplay
		}
		return err
	}
}

// displayless reports whether a system keeps its clipboard with a display, and this session has none: on the text console,
// or as a service.
func displayless(system string, getenv func(string) string) bool {
	switch system {
	case "darwin", "windows", "plan9":
		return false
	}
	return getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == ""
}

// oneAtATime waits for do as long as ctx allows. What does not come back in time cannot be ended, so
// nothing further is begun while it is under way.
func oneAtATime(ctx context.Context, busy chan struct{}, do func() error) error {
	select {
	case busy <- struct{}{}:
	case <-ctx.Done():
		return errors.New("it still does not answer")
	}
	done := make(chan error, 1)
	go func() {
		err := do()
		<-busy
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("its program failed: %w", err)
		}
		return nil
	case <-ctx.Done():
		return errors.New("it does not answer")
	}
}

// Suspend gives the terminal back to the shell until the program is resumed.
func Suspend() tea.Cmd { return tea.Suspend }

// AskBackground asks the terminal whether its background is dark.
func AskBackground() tea.Cmd { return tea.RequestBackgroundColor }

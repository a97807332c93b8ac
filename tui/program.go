package tui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"
)

// The largest screen that is believed: some terminals report absurd sizes, and
// the renderer would allocate every cell of them.
const (
	mostW = 1000
	mostH = 400
)

// Program makes the program that runs m. fps bounds how often the screen is
// drawn; filter, which may be nil, sees every message first.
func Program(ctx context.Context, m *Model, fps int, filter func(tea.Model, tea.Msg) tea.Msg, opts ...tea.ProgramOption) *tea.Program {
	all := append([]tea.ProgramOption{
		tea.WithContext(ctx), tea.WithFPS(fps), tea.WithoutSignalHandler(),
		tea.WithFilter(func(model tea.Model, msg tea.Msg) tea.Msg {
			if filter != nil {
				msg = filter(model, msg)
			}
			return clamped(msg)
		}),
	}, opts...)
	return tea.NewProgram(m, all...)
}

func clamped(msg tea.Msg) tea.Msg {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		return tea.WindowSizeMsg{Width: min(size.Width, mostW), Height: min(size.Height, mostH)}
	}
	return msg
}

// Ended reports whether err is an end that was asked for.
func Ended(err error) bool {
	return err == nil || errors.Is(err, tea.ErrInterrupted) || errors.Is(err, context.Canceled)
}

package tui

import (
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
)

// mostTerminal is how many bytes terminals take for their clipboard: some refuse a sequence of more
// than 100,000 bytes, in which four stand for three.
const mostTerminal = 74_000

// mostShown is how many runes of what was copied are said.
const mostShown = 120

// copyText puts text on the clipboards. Whether the terminal obeys is not known, so what keeps it from
// that is said beforehand where it can be seen.
func (m *Model) copyText(text, what string) tea.Cmd {
	if len(text) > mostTerminal && !m.cmd.CopiesToSystem() {
		m.toast(fmt.Sprintf("%s is %d kB long: many terminals refuse more than 74 kB; save it in a file where that is offered", what, (len(text)+999)/1000), view.Warn)
	}
	return m.cmd.Copy(text, what)
}

// onCopied says why text is not on the system's clipboard: each time, or once when it never can be.
func (m *Model) onCopied(c command.TextCopied) tea.Cmd {
	switch {
	case c.Err == nil:
	case !errors.Is(c.Err, command.ErrNoClipboard):
		m.toast(fmt.Sprintf("not on the system's clipboard: %s (%s); the terminal's has it unless OSC 52 is off there", c.What, view.Sentence(c.Err)), view.Warn)
	case !m.looks.clipless:
		m.looks.clipless = true
		m.toast(fmt.Sprintf("copying goes through the terminal alone (%s); if pasting brings nothing, allow OSC 52 in the terminal's settings", c.Err), view.Warn)
	}
	return nil
}

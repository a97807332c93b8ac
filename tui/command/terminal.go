package command

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// leastHeld is how long whoever is given the terminal has it at least. When it comes
// back sooner, the renderer that was just stopped can stop the one that is started
// anew (Bubble Tea 2.0.10), and nothing is drawn any more.
const leastHeld = 40 * time.Millisecond

// giveTerminal hands the terminal to c; end makes the message that says how it ended.
func giveTerminal(c tea.ExecCommand, end func(error) tea.Msg) tea.Cmd {
	return tea.Exec(holding{c}, end)
}

// holding is a command that keeps the terminal for leastHeld.
type holding struct{ tea.ExecCommand }

// Run runs the command and waits for what is left of the time.
func (h holding) Run() error {
	began := time.Now()
	err := h.ExecCommand.Run()
	time.Sleep(leastHeld - time.Since(began))
	return err
}

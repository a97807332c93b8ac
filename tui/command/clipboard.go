package command

import tea "charm.land/bubbletea/v2"

// Copy puts text on the clipboard of the terminal that shows the program
// (OSC 52), also over SSH. The terminal does not say whether it obeyed.
func Copy(text string) tea.Cmd { return tea.SetClipboard(text) }

// Suspend gives the terminal back to the shell until the program is resumed.
func Suspend() tea.Cmd { return tea.Suspend }

// AskBackground asks the terminal whether its background is dark.
func AskBackground() tea.Cmd { return tea.RequestBackgroundColor }

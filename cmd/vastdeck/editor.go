package main

import (
	"errors"
	"os/exec"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// editors are tried in this order when neither VISUAL nor EDITOR says which.
var editors = []string{"sensible-editor", "nano", "vim", "vi"}

// editor makes what runs the user's editor on a file, in the terminal. The API
// key is not in this process's environment any more, so the editor has it neither.
func editor(getenv func(string) string, fit func(*exec.Cmd) tea.ExecCommand) func(string) (tea.ExecCommand, error) {
	return func(path string) (tea.ExecCommand, error) {
		words := strings.Fields(getenv("VISUAL"))
		if len(words) == 0 {
			words = strings.Fields(getenv("EDITOR"))
		}
		for _, name := range editors {
			if _, err := exec.LookPath(name); err == nil && len(words) == 0 {
				words = []string{name}
			}
		}
		if len(words) == 0 {
			return nil, errors.New("no editor was found: set EDITOR, or type or paste the text")
		}
		return fit(exec.Command(words[0], append(words[1:], path)...)), nil
	}
}

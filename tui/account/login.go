package account

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/fit"
)

// Login is the screen that is shown while there is no key: it explains how to
// get one and takes it.
type Login struct {
	line   entry.Line
	why    string // why there is no key
	failed string // why the key that was typed is no good
	trying bool
}

// NewLogin returns the screen with an empty line.
func NewLogin() *Login { return &Login{line: entry.New("", 256, true)} }

// Because says why there is no key.
func (m *Login) Because(why string) { m.why = why }

// Title is "Log in".
func (m *Login) Title(view.Env) (string, string) { return "Log in", "" }

// Capturing is always true: the key line has the keyboard.
func (m *Login) Capturing() bool { return true }

// Actions are what works while the key is typed.
func (m *Login) Actions(env view.Env) []view.Action {
	why := ""
	switch {
	case m.trying:
		why = "the key is being checked"
	case strings.TrimSpace(m.line.Value()) == "":
		why = "paste or type an API key first"
	}
	return []view.Action{
		{Key: view.Bind("enter", "log in", "enter"), Group: "Log in", Typing: true, Disabled: why, Do: func() view.Effect {
			m.trying, m.failed = true, ""
			return view.Wait(env.Load.TryKey(strings.TrimSpace(m.line.Value())))
		}},
		{Key: view.Bind("ctrl+u", "clear the line", "ctrl+u"), Group: "Log in", Typing: true, Do: func() view.Effect {
			m.line.Set("")
			return view.Effect{}
		}},
	}
}

// Update takes typing, and the answer about the key. The key is forgotten here
// as soon as it is known to be good.
func (m *Login) Update(_ view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case command.KeyTried:
		m.trying = false
		if msg.Err != nil {
			m.failed = view.Sentence(msg.Err)
			return view.Effect{}
		}
		m.line.Set("")
		m.failed, m.why = "", ""
	case tea.KeyPressMsg, tea.PasteMsg:
		if !m.trying {
			m.line.Update(msg)
			m.failed = ""
		}
	}
	return view.Effect{}
}

var steps = []string{
	"vastdeck talks to Vast.ai with an API key of your account.",
	"",
	"1  Log in at https://cloud.vast.ai and open Keys (https://cloud.vast.ai/manage-keys/).",
	"2  Create a key. It is shown once. To look only, give it the permissions misc, user_read and instance_read; to rent and destroy, also instance_write.",
	"3  Paste it here and press enter. It is checked with one read of your account and kept in this system's keyring; where there is none it lasts for this run. It is never written to a file.",
	"",
	"Other ways: the environment variable VAST_API_KEY, or `vastdeck login` in a shell. `vastdeck --demo` shows everything without an account.",
}

// Draw explains the steps and shows the line.
func (m *Login) Draw(env view.Env, s view.Size) view.Frame {
	w := max(1, min(s.W-4, 92))
	lines := []string{""}
	put := func(ink theme.Ink, text string) {
		for _, l := range fit.Wrap(text, w) {
			lines = append(lines, "  "+ink.Paint(l))
		}
	}
	if m.why != "" {
		put(env.Theme.Ink(theme.Warn), m.why)
		lines = append(lines, "")
	}
	for _, l := range steps {
		put(env.Theme.Ink(theme.Plain), l)
	}
	lines = append(lines, "")
	text, x := m.line.Draw(max(1, w-9))
	row := len(lines)
	lines = append(lines, "  "+env.Theme.Ink(theme.Accent).Paint("API key")+"  "+text, "")
	switch {
	case m.trying:
		put(env.Theme.Ink(theme.Accent), "● checking the key…")
	case m.failed != "":
		put(env.Theme.Ink(theme.Bad), m.failed)
	}
	// On a low screen the line to type into counts more than the words above it.
	if over := min(len(lines), row+3) - s.H; over > 0 {
		lines, row = lines[over:], row-over
	}
	f := view.Frame{Body: fit.Block(lines, s.W, s.H)}
	if row >= 0 && 11+x < s.W && !m.trying {
		f.Cursor = tea.NewCursor(11+x, row)
	}
	return f
}

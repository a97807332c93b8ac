package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/ascii"
)

// looks are what the screen is drawn with in this run: as the settings say until the user says
// otherwise.
type looks struct {
	name  string // of the theme, see theme.Names
	light bool   // the terminal has said that its background is
	ascii bool   // no glyph beyond ASCII, except in the user's own texts
	mouse bool   // the terminal reports what the mouse does

	clipless bool // it was said that the system has no clipboard that can be written
}

func looksOf(d Deps) looks {
	return looks{name: d.Theme, ascii: d.ASCII, mouse: !d.NoMouse}
}

// theme makes the theme.
func (l looks) theme() *theme.Theme {
	t, _ := theme.Named(l.name, !l.light)
	return t
}

// onBackground takes what the terminal says of its background.
func (m *Model) onBackground(msg tea.BackgroundColorMsg) tea.Cmd {
	m.looks.light = !msg.IsDark()
	if !theme.Follows(m.looks.name) {
		return nil
	}
	return m.restyle()
}

// restyle makes the theme anew and has every view draw with it. What is shown and where the user
// is in it stays.
func (m *Model) restyle() tea.Cmd {
	m.theme = m.looks.theme()
	return m.tell(tea.BackgroundColorMsg{})
}

// setTheme draws with another theme for the rest of this run.
func (m *Model) setTheme(name string) view.Effect {
	if _, known := theme.Named(name, true); !known || name == "" {
		return view.Do(view.Toast{Text: "there is no such theme: choose " + strings.Join(theme.Names(), ", "), Level: view.Warn})
	}
	m.looks.name = name
	e := view.Do(view.Toast{Text: fmt.Sprintf("theme %s for this run; theme = %q in config.toml keeps it", name, name)})
	e.Cmd = m.restyle()
	return e
}

// setASCII says whether the screen is drawn with ASCII alone for the rest of this run.
func (m *Model) setASCII(on bool) view.Effect {
	m.looks.ascii = on
	text := "glyphs are drawn again"
	if on {
		text = "only ASCII is drawn in this run; ascii = true in config.toml keeps it so"
	}
	return view.Do(view.Toast{Text: text})
}

// plain is a drawn frame as the looks want it.
func (l looks) plain(frame string) string {
	if l.ascii {
		return ascii.Frame(frame)
	}
	return frame
}

// looksActions are the keys about what the screen is drawn with, and about notices.
func (m *Model) looksActions() []view.Action {
	mouse := "leave the mouse to the terminal"
	if !m.looks.mouse {
		mouse = "use the mouse again"
	}
	return []view.Action{
		{Key: view.Bind("ctrl+n", "notices", "ctrl+n"), Group: "Everywhere", Hidden: m.notices.unread() == 0, Do: m.showNotices},
		{Key: view.Bind("M", mouse, "M"), Group: "Everywhere", Hidden: true, Do: func() view.Effect { return m.setMouse(!m.looks.mouse) }},
	}
}

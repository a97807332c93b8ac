package store

import "slices"

// ThemeNames are the values of theme in config.toml, the default first.
func ThemeNames() []string {
	return []string{"auto", "dark", "light", "high-contrast", "high-contrast-dark", "high-contrast-light", "16", "16-dark", "16-light"}
}

// Looks say how the screen is drawn.
type Looks struct {
	Theme string // one of ThemeNames
	ASCII bool   // nothing beyond ASCII is drawn, except the user's own texts
	Mouse bool   // the terminal reports what the mouse does
}

// Looks are what the settings say of how the screen is drawn.
func (s Settings) Looks() Looks { return Looks{Theme: s.Theme, ASCII: s.ASCII, Mouse: s.Mouse} }

// KnownTheme reports whether there is a theme of that name.
func KnownTheme(name string) bool { return slices.Contains(ThemeNames(), name) }

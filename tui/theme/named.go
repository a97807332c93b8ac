package theme

import "slices"

// The themes that can be chosen. One that does not name its background follows the terminal's.
const (
	Auto              = "auto"
	Dark              = "dark"
	Light             = "light"
	HighContrast      = "high-contrast"
	HighContrastDark  = "high-contrast-dark"
	HighContrastLight = "high-contrast-light"
	Sixteen           = "16" // the terminal's own sixteen colours
	SixteenDark       = "16-dark"
	SixteenLight      = "16-light"
)

// Names returns what Named knows, the default first.
func Names() []string {
	return []string{Auto, Dark, Light, HighContrast, HighContrastDark, HighContrastLight, Sixteen, SixteenDark, SixteenLight}
}

// Follows reports whether a theme depends on the terminal's background. "" is Auto.
func Follows(name string) bool {
	return slices.Contains([]string{"", Auto, HighContrast, Sixteen}, name)
}

// Named returns the theme of that name; dark says what the terminal's background is and counts for
// themes that follow it. "" is Auto. known is false for any other name, and the theme then Auto.
func Named(name string, dark bool) (t *Theme, known bool) {
	if name == "" {
		name = Auto
	}
	if known = slices.Contains(Names(), name); !known {
		name = Auto
	}
	switch name {
	case Dark, HighContrastDark, SixteenDark:
		dark = true
	case Light, HighContrastLight, SixteenLight:
		dark = false
	}
	p := lightPalette()
	if dark {
		p = darkPalette()
	}
	switch name {
	case HighContrast, HighContrastDark, HighContrastLight:
		p = highContrast(p)
	case Sixteen, SixteenDark, SixteenLight:
		p = sixteen(p)
	}
	t = build(p)
	t.Name = name
	return t, known
}

package theme

import (
	"image/color"
	"slices"

	"charm.land/lipgloss/v2"
)

// chip is a colour that a profile can have.
type chip struct {
	name  string
	fill  rgb
	basic color.Color // of the terminal's own sixteen
}

// The fills are light enough for black text at the highest contrast, on any background.
var chips = []chip{
	{"red", 0xff7b72, lipgloss.Red},
	{"orange", 0xffa657, lipgloss.BrightRed},
	{"yellow", 0xf2cc60, lipgloss.Yellow},
	{"green", 0x7ee787, lipgloss.Green},
	{"cyan", 0x76e3ea, lipgloss.Cyan},
	{"blue", 0x79c0ff, lipgloss.Blue},
	{"purple", 0xd2a8ff, lipgloss.Magenta},
	{"grey", 0xb1bac4, lipgloss.White},
}

// Chips are the names of the colours that a profile can have.
func Chips() []string {
	names := make([]string, len(chips))
	for n, c := range chips {
		names[n] = c.name
	}
	return names
}

// Chip returns the ink of a profile's name upon its colour, one of Chips. Any other colour
// is that of the tab in use.
func (t *Theme) Chip(name string) Ink {
	n := slices.IndexFunc(chips, func(c chip) bool { return c.name == name })
	if n < 0 {
		return t.Tabs.Active
	}
	return t.chips[n]
}

// chipInks are the inks of all chips.
func (p palette) chipInks() []Ink {
	inks := make([]Ink, len(chips))
	for n, c := range chips {
		style := lipgloss.NewStyle().Bold(true)
		if p.basic != nil {
			inks[n] = newInk(style.Background(c.basic).Foreground(lipgloss.Black))
			continue
		}
		inks[n] = newInk(style.Background(c.fill).Foreground(legible(0x000000, c.fill, p.need)))
	}
	return inks
}

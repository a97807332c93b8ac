package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// palette is the raw material of one theme: the colour wanted for every class and ground.
// A colour that would be hard to read on its ground is moved towards white or black when the
// theme is built, so these state the hue and need not be right for every ground.
type palette struct {
	dark bool
	need float64 // the contrast of text
	// basic, when set, are the terminal's own sixteen colours by class, nil where a text keeps
	// the ordinary one. What they look like is the user's choice, so grounds are made by
	// reversing: the terminal's own pair of colours is one that can be read.
	basic *[classCount]color.Color
	// worst is the least favourable background such a terminal may be expected to have.
	worst rgb
	text  rgb
	class [classCount]rgb

	selected, marked, both rgb

	button, focus, danger rgb
	border, line          rgb
}

func darkPalette() palette {
	return palette{
		dark:  true,
		need:  readable,
		worst: 0x2e3440,
		text:  0xe6e9ef,
		class: [classCount]rgb{
			Plain: 0xe6e9ef, Dim: 0x9da7b8, Strong: 0xffffff, Good: 0x7ddc8a, Warn: 0xf2c14e,
			Bad: 0xff8a8a, Money: 0x8fd6c8, Accent: 0x8ab8ff, Link: 0x6fc3ff, Header: 0xa9b6d3, Changed: 0xffd866, Muted: 0x9da7b8, Found: 0xffb074,
		},
		selected: 0x1f4b99, marked: 0x4a3b12, both: 0x5a2f85,
		button: 0x3a4254, focus: 0xa8c7ff, danger: 0xff9d9d,
		border: 0x8ab8ff, line: 0x7c879b,
	}
}

func lightPalette() palette {
	return palette{
		dark:  false,
		need:  readable,
		worst: 0xe8e4d8,
		text:  0x1d2330,
		class: [classCount]rgb{
			Plain: 0x1d2330, Dim: 0x59606e, Strong: 0x000000, Good: 0x14692b, Warn: 0x7d4e00,
			Bad: 0xb3161e, Money: 0x0b6159, Accent: 0x1d4fb8, Link: 0x00589e, Header: 0x414c66, Changed: 0x7a3a00, Muted: 0x59606e, Found: 0x8f3b00,
		},
		selected: 0xb9d3ff, marked: 0xffe9a8, both: 0xe0c2fa,
		button: 0xd5d9e2, focus: 0x1d4fb8, danger: 0xa3121a,
		border: 0x1d4fb8, line: 0x70788a,
	}
}

// highContrast is a palette whose text stands out as much as level AAA asks for: pure hues, and
// grounds that are nearly black or nearly white.
func highContrast(p palette) palette {
	p.need = striking
	if p.dark {
		p.text = 0xffffff
		p.class = [classCount]rgb{
			Plain: 0xffffff, Dim: 0xd8dee9, Strong: 0xffffff, Good: 0x7dff8a, Warn: 0xffd84e,
			Bad: 0xffa0a0, Money: 0x8ffff0, Accent: 0x9fd0ff, Link: 0x9fd0ff, Header: 0xffffff, Changed: 0xffe866, Muted: 0xd8dee9, Found: 0xffc494,
		}
		p.selected, p.marked, p.both = 0x00308f, 0x4a3300, 0x4b0070
		p.button, p.focus, p.danger = 0x20242c, 0xffffff, 0xffc0c0
		p.border, p.line = 0xffffff, 0xd8dee9
		return p
	}
	p.text = 0x000000
	p.class = [classCount]rgb{
		Plain: 0x000000, Dim: 0x30343c, Strong: 0x000000, Good: 0x004d18, Warn: 0x5a3500,
		Bad: 0x8a0010, Money: 0x00463f, Accent: 0x002f8f, Link: 0x003a70, Header: 0x000000, Changed: 0x5a2800, Muted: 0x30343c, Found: 0x6a2800,
	}
	p.selected, p.marked, p.both = 0xc8dcff, 0xfff0b8, 0xead4ff
	p.button, p.focus, p.danger = 0xe4e7ee, 0xa8c7ff, 0xffb0b0
	p.border, p.line = 0x000000, 0x30343c
	return p
}

// sixteen is the palette of a terminal's own colours. Which of them can be read depends on the
// terminal: on dark ones the bright half, on light ones red and blue of the other half. All else is
// told apart by weight.
func sixteen(p palette) palette {
	c := [classCount]color.Color{Bad: lipgloss.Red, Accent: lipgloss.Blue, Link: lipgloss.Blue}
	if p.dark {
		c = [classCount]color.Color{
			Good: lipgloss.BrightGreen, Warn: lipgloss.BrightYellow, Bad: lipgloss.BrightRed, Money: lipgloss.BrightCyan,
			Accent: lipgloss.BrightCyan, Link: lipgloss.BrightCyan, Changed: lipgloss.BrightYellow, Found: lipgloss.BrightYellow,
		}
	}
	p.basic = &c
	return p
}

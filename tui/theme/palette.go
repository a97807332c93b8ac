package theme

// palette is the raw material of one theme: the colour wanted for every class and ground.
// A colour that would be hard to read on its ground is moved towards white or black when the
// theme is built, so these state the hue and need not be right for every ground.
type palette struct {
	dark bool
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

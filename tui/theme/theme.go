package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// Theme is every style of the program. It is built once and only read afterwards, so it may be
// shared freely.
type Theme struct {
	Dark bool
	Name string // as it was asked for, see Names

	Table  Table
	Header HeaderLine
	Tabs   Tabs
	Dialog Dialog
	Toast  Toast
	Status Status
	Query  Query
	Help   Help
	Gauge  Gauge

	Pager   Pager
	Compare Compare

	inks  [groundCount][classCount]Ink
	chips []Ink // as Chips names them
}

// New returns the ordinary theme for a terminal with a dark or a light background.
func New(dark bool) *Theme {
	if dark {
		return build(darkPalette())
	}
	return build(lightPalette())
}

func build(p palette) *Theme {
	t := &Theme{Dark: p.dark, Name: Auto}
	for g := range groundCount {
		for c := range classCount {
			t.inks[g][c] = newInk(p.style(g, c.upon(g)))
		}
	}
	t.chips = p.chipInks()
	t.groups(p)
	return t
}

// Ink returns the ink of a class on the terminal's own background.
// A class that does not exist is Plain.
func (t *Theme) Ink(c Class) Ink { return t.InkOn(OnBase, c) }

// InkOn returns the ink of a class upon a ground. A class that does not exist is Plain and a
// ground that does not exist is OnBase.
func (t *Theme) InkOn(g Ground, c Class) Ink {
	if c >= classCount {
		c = Plain
	}
	if g >= groundCount {
		g = OnBase
	}
	return t.inks[g][c]
}

// upon returns the class that c is drawn as on a ground. On a coloured ground only what asks for
// attention keeps a colour of its own: the row stays calm, and moving the cursor over a wide table
// sends about a sixth fewer bytes, since neighbours of one look are one run.
func (c Class) upon(g Ground) Class {
	if g == OnBase {
		return c
	}
	switch c {
	case Good, Warn, Bad, Changed, Muted, Found:
		return c
	}
	return Plain
}

// ground returns the colour behind a ground; ok is false for the terminal's own.
func (p palette) ground(g Ground) (c rgb, ok bool) {
	switch g {
	case OnSelected:
		return p.selected, true
	case OnMarked:
		return p.marked, true
	case OnBoth:
		return p.both, true
	}
	return p.worst, false
}

// ink returns the colour of a class on a ground, legible there.
func (p palette) ink(g Ground, c Class) rgb {
	ground, _ := p.ground(g)
	return legible(p.class[c], ground, p.need)
}

func (p palette) style(g Ground, c Class) lipgloss.Style {
	if p.basic != nil {
		return p.basicStyle(g, c)
	}
	s := lipgloss.NewStyle()
	bg, painted := p.ground(g)
	if painted {
		s = s.Background(bg)
	}
	// Plain text on the terminal's own background keeps the user's colour and costs no bytes.
	if painted || (c != Plain && c != Strong) {
		s = s.Foreground(p.ink(g, c))
	}
	return weighed(s, c, painted)
}

// basicStyle is style in the terminal's own colours.
func (p palette) basicStyle(g Ground, c Class) lipgloss.Style {
	s := lipgloss.NewStyle()
	switch g {
	case OnSelected:
		s = s.Reverse(true)
	case OnBoth:
		s = s.Reverse(true).Bold(true)
	case OnMarked:
		s = s.Bold(true)
	}
	if fg := p.basic[c]; fg != nil && (g == OnBase || g == OnMarked) {
		s = s.Foreground(fg)
	}
	return weighed(s, c, g == OnSelected || g == OnBoth)
}

// weighed adds to a style what tells a class apart without colour.
func weighed(s lipgloss.Style, c Class, painted bool) lipgloss.Style {
	switch c {
	case Strong, Header, Changed, Found:
		// No class is underlined: tables paint the blanks behind a text together with it.
		s = s.Bold(true)
	case Muted:
		// On a coloured ground legible grey is nearly white: the slant tells it apart there.
		s = s.Italic(painted)
	}
	return s
}

// upon is text of one class on a ground of its own colour.
func (p palette) upon(fg, bg rgb) lipgloss.Style {
	if p.basic != nil {
		return lipgloss.NewStyle().Reverse(bg != p.button) // what has the focus, and nothing else
	}
	return lipgloss.NewStyle().Background(bg).Foreground(legible(fg, bg, p.need))
}

// cursor is the colour of the text cursor.
func (p palette) cursor() color.Color {
	if p.basic != nil {
		return p.basic[Accent]
	}
	return p.ink(OnBase, Accent)
}

func (t *Theme) groups(p palette) {
	plain := lipgloss.NewStyle
	of := func(c Class) lipgloss.Style { return p.style(OnBase, c) }

	t.Table = Table{
		Header: newInk(of(Header)),
		Sorted: newInk(of(Header).Underline(true)),
		Gutter: newInk(of(Accent).Bold(true)),
	}
	t.Header = HeaderLine{Separator: newInk(of(Dim))}
	t.Tabs = Tabs{
		Active:      newInk(p.upon(p.text, p.selected).Bold(true)),
		ActiveBadge: newInk(p.upon(p.class[Money], p.selected)),
		Idle:        newInk(of(Plain)),
		Key:         newInk(of(Dim)),
		Badge:       newInk(of(Money)),
	}
	t.Dialog = dialog(p)
	t.Toast = toast(p)
	t.Status = Status{Key: newInk(of(Accent).Bold(true)), Label: newInk(of(Plain)), Disabled: newInk(of(Dim))}
	t.Query = Query{
		Prompt: newInk(of(Accent).Bold(true)), PromptIdle: newInk(of(Dim)),
		Text: newInk(of(Plain)), Bad: newInk(of(Bad).Underline(true)), Message: newInk(of(Bad)),
		Chip: newInk(of(Header).Bold(false)), Placeholder: newInk(of(Dim)),
		ChipOn: newInk(p.upon(0x000000, p.focus).Bold(true)),
		Option: newInk(p.upon(p.text, p.button)), OptionHelp: newInk(p.upon(p.class[Dim], p.button)),
		OptionOn: newInk(p.upon(0x000000, p.focus).Bold(true)), OptionOnHelp: newInk(p.upon(0x000000, p.focus)),
		Cursor: p.cursor(),
	}
	t.Pager = Pager{
		Title: newInk(of(Strong)), Position: newInk(of(Dim)), Hint: newInk(of(Dim)),
		Found: newInk(p.upon(p.text, p.marked)), FoundNow: newInk(p.upon(0x000000, p.focus).Bold(true)),
	}
	t.Compare = Compare{
		Title: newInk(of(Strong)), Group: newInk(of(Header)), Label: newInk(of(Dim)),
		Best: newInk(of(Good)), Worst: newInk(of(Bad)),
	}
	t.Help = Help{
		Title: newInk(of(Strong)), Group: newInk(of(Header)), Key: newInk(of(Accent).Bold(true)),
		Label: newInk(plain()), Disabled: newInk(of(Dim)), Filter: newInk(of(Strong)),
	}
	t.Gauge = Gauge{Fill: newInk(of(Good)), Empty: newInk(of(Dim)), Axis: newInk(of(Dim))}
}

func dialog(p palette) Dialog {
	of := func(c Class) lipgloss.Style { return p.style(OnBase, c) }
	box := lipgloss.NewStyle().Border(lipgloss.RoundedBorder()).Padding(0, 1)
	return Dialog{
		Box:       p.bordered(box, p.border, Accent),
		DangerBox: p.bordered(box, p.class[Bad], Bad),
		Title:     newInk(of(Strong)),
		Danger:    newInk(of(Bad).Bold(true)),
		Label:     newInk(of(Dim)),
		Text:      newInk(of(Plain)),
		Hint:      newInk(of(Dim)),
		Error:     newInk(of(Bad)),
		Button:    newInk(p.upon(p.text, p.button)),
		Focus:     newInk(p.upon(0x000000, p.focus).Bold(true)),
		FocusRisk: newInk(p.upon(0x000000, p.danger).Bold(true)),
		Struck:    newInk(of(Dim).Strikethrough(true)),
	}
}

// bordered gives a box a border in a colour, or in that of a class of the terminal's own.
func (p palette) bordered(box lipgloss.Style, c rgb, own Class) lipgloss.Style {
	if p.basic != nil {
		return box.BorderForeground(p.basic[own])
	}
	return box.BorderForeground(c)
}

func toast(p palette) Toast {
	of := func(c Class) Ink { return newInk(p.style(OnBase, c)) }
	return Toast{
		Glyph: [levelCount]string{Info: "i", Success: "✓", Warning: "!", Failure: "✗"},
		Ink:   [levelCount]Ink{Info: of(Accent), Success: of(Good), Warning: of(Warn), Failure: of(Bad)},
	}
}

package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// Table is the look of tables, beside the classes of their cells.
type Table struct {
	Header Ink // titles of the columns
	Sorted Ink // the title that the rows are sorted by
	Gutter Ink // cursor and mark beside an ordinary row
}

// HeaderLine is the look of the line at the top of the screen.
type HeaderLine struct {
	Separator Ink // between two pieces
}

// Tabs is the look of the tab line.
type Tabs struct {
	Active      Ink // title of the view that is shown
	Idle        Ink // title of the others
	Key         Ink // the figure that leads to a view
	Badge       Ink // the count beside a title
	ActiveBadge Ink
}

// Dialog is the look of dialogs and forms.
type Dialog struct {
	Box       lipgloss.Style // border and padding; set Width before rendering
	DangerBox lipgloss.Style // the same around what destroys or spends
	Title     Ink
	Danger    Ink // title of what destroys or spends
	Label     Ink
	Text      Ink
	Hint      Ink
	Error     Ink
	Button    Ink // without the focus
	Focus     Ink // the button or field that has the focus
	FocusRisk Ink // the same when pressing it destroys or spends
	Struck    Ink // a target that is gone
}

// Toast is the look of notices, by level.
type Toast struct {
	Glyph [levelCount]string // one cell, so that the level is not told by colour alone
	Ink   [levelCount]Ink
}

// Status is the look of the line at the bottom of the screen.
type Status struct {
	Key      Ink
	Label    Ink
	Disabled Ink
}

// Query is the look of the query line.
type Query struct {
	Prompt, PromptIdle Ink
	Text               Ink
	Bad                Ink // the part that is not understood
	Message            Ink // why it is not
	Chip               Ink
	ChipOn             Ink // the chip that has the focus
	Placeholder        Ink
	Option             Ink // a candidate in the list below the line
	OptionHelp         Ink // what stands behind it
	OptionOn           Ink // the candidate that Tab takes
	OptionOnHelp       Ink
	Cursor             color.Color
}

// Pager is the look of long texts.
type Pager struct {
	Title    Ink
	Position Ink
	Found    Ink // what a search has found
	FoundNow Ink // the place where the search stands
	Hint     Ink
}

// Compare is the look of things side by side.
type Compare struct {
	Title Ink // what is compared
	Group Ink
	Label Ink
	Best  Ink
	Worst Ink
}

// Help is the look of the help screen.
type Help struct {
	Title, Group, Key, Label, Disabled, Filter Ink
}

// Gauge is the look of bars and charts.
type Gauge struct {
	Fill, Empty, Axis Ink
}

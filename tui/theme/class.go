package theme

// Class says what a piece of text means; the theme decides how that looks.
// A class never carries meaning alone: the text or a glyph beside it says the same.
type Class uint8

// The classes of text.
const (
	Plain   Class = iota // ordinary text
	Dim                  // less important: units, captions, what is out of date
	Strong               // what the eye should find first
	Good                 // running, verified, cheaper
	Warn                 // needs attention soon
	Bad                  // failed, lost, refused
	Money                // prices and amounts
	Accent               // names and keys
	Link                 // addresses
	Header               // titles of columns and sections
	Changed              // a figure that has just changed
	Muted                // a row that no longer counts; also under the cursor
	Found                // the part of a text that a search has found
	classCount
)

// Ground says what a piece of text is drawn upon.
type Ground uint8

// The grounds of text.
const (
	OnBase     Ground = iota // the terminal's own background
	OnSelected               // the row under the cursor
	OnMarked                 // a marked row
	OnBoth                   // a marked row under the cursor
	groundCount
)

// Level says how serious a notice is.
type Level uint8

// The levels of a notice.
const (
	Info Level = iota
	Success
	Warning
	Failure
	levelCount
)

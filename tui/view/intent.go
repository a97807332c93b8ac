package view

import (
	"vastdeck/vastapi/rental"
)

// Intent is a wish the root grants in the same Update, so that the next key
// always meets its result: a dialog that is opened by a message could come
// after the key that was meant for it.
type Intent interface{ intent() }

// Confirm shows a plan, and has it carried out if the user agrees. A plan that
// needs no consent is carried out at once.
type Confirm struct {
	Plan rental.Plan
	Form string // the form it was worked out for; nothing happens when that was closed meanwhile
	// Again works the plan out anew, from what is true then, for the same
	// targets; form is the form that waits for it, "" when none is open any more.
	Again func(env Env, form string) Effect
}

// Ask opens a form.
type Ask struct{ Form Form }

// Goto opens a view; Focus, which may be nil, is told to it.
type Goto struct {
	View  ID
	Focus any
}

// Toast shows a line for a few seconds.
type Toast struct {
	Text  string
	Level Level
}

// Copy puts text on the terminal's clipboard.
type Copy struct{ Text, What string }

// FormFailed gives a form that was handed in back to the user, with a sentence.
type FormFailed struct{ Form, Text string }

func (Confirm) intent()    {}
func (Ask) intent()        {}
func (Goto) intent()       {}
func (Toast) intent()      {}
func (Copy) intent()       {}
func (FormFailed) intent() {}

// Level is how much a line matters.
type Level int

// The levels.
const (
	Info Level = iota
	Good
	Warn
	Bad
)

// Focused is told to the view that a Goto opened.
type Focused struct{ On any }

// Shown is told to a view each time it becomes the visible one.
type Shown struct{}

// Form is a short form as data: the dialog package draws it and moves through it.
type Form struct {
	ID     string
	Title  string
	Intro  []Pair
	Fields []Field
	// Panel is what follows from the values, e.g. the price; it is called for
	// every frame and must be quick.
	Panel func(Values) []Pair
	// Check names the field that cannot be used, and why; keys are field keys.
	Check func(Values) map[string]string
	// Submit makes the effect once Check found nothing. The form stays open
	// under the dialog that follows, so that nothing typed is lost.
	Submit func(Env, Values) Effect
	Button string
}

// Field is one line of a form.
type Field struct {
	Key, Label, Value string
	Unit, Help        string
	Limit             int // runes; 0 = 256
}

// Values are a form's texts by field key.
type Values map[string]string

// Pair is a labelled fact.
type Pair struct {
	Label, Value string
	Warn         bool
}

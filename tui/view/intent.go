package view

import (
	"vastdeck/tui/feed"
	"vastdeck/vastapi"
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

// Back closes the page that is shown: the view it was opened over is shown again.
type Back struct{}

// Tell has another view do something for the one that asks, without showing it:
// What is its next message, and what it wants then is granted.
type Tell struct {
	View ID
	What any
}

// Toast shows a line for a few seconds.
type Toast struct {
	Text  string
	Level Level
}

// Copy puts text on the terminal's clipboard. What is copied is named by What; Shown
// stands for it on the screen where it is long or secret, "" = it is shown itself.
type Copy struct{ Text, What, Shown string }

// Refit gives an open form new fields, e.g. once what can be chosen from has
// been read. What was typed and the focus stay.
type Refit struct{ Form Form }

// Fill puts values into fields of an open form, as if they had been typed.
type Fill struct {
	Form   string
	Values Values
}

// FormFailed gives a form that was handed in back to the user, with a sentence.
type FormFailed struct{ Form, Text string }

// FormDone closes a form that has done what it was handed in for.
type FormDone struct{ Form string }

// Remember changes what is remembered between runs. Change is given a copy, which
// it may change in place; the new memory is in the snapshot before the next key.
// Soon after, in another goroutine, Change is called once more on what is on the
// disk then: it must look at nothing but its argument and values of its own, never
// at the view.
type Remember struct{ Change func(*feed.Memory) }

// Leave notes what is marked in a list for the next run. It is Remember without the news of
// it: no view looks at what another one has marked.
type Leave struct {
	List string
	Left feed.Left
}

// Note adds an event to the activity.
type Note struct{ Event feed.Event }

// Pause stops the market from being asked for by itself, or lets it go on. What
// the user asks for, such as another query, is asked for all the same.
type Pause struct{ On bool }

func (Back) intent()       {}
func (Tell) intent()       {}
func (Pause) intent()      {}
func (Remember) intent()   {}
func (Leave) intent()      {}
func (Note) intent()       {}
func (Confirm) intent()    {}
func (Ask) intent()        {}
func (Goto) intent()       {}
func (Toast) intent()      {}
func (Copy) intent()       {}
func (FormFailed) intent() {}
func (FormDone) intent()   {}
func (Refit) intent()      {}
func (Fill) intent()       {}

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

// Hidden is told to a view each time it stops being the visible one: nothing is to
// be asked for only because it would be shown.
type Hidden struct{}

// Touched is told to a view once, before the first key or click that the user means for it: what
// an earlier run has left may move nothing under his fingers from then on.
type Touched struct{}

// Visible is a view that shows instances. With thousands of them those that it
// names are read more often than the others: what is on its screen, the most
// important first.
type Visible interface {
	Visible(Env) []vastapi.InstanceID
}

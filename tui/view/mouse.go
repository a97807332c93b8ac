package view

// Pointed is a view that heeds the mouse. What it does is about looking only: it moves the cursor,
// the order, the text cursor, scrolls, opens a saved search, chooses a line of a menu that copies or
// shows something. It never does what a key would do to the account, and opens no form: a second click
// on a row shows its detail, whatever enter does there. Of what a click leads to the root grants only
// Goto, Back, Toast, Copy, Remember, Leave and Note.
//
// Clicks are counted in cells of what was drawn last, for a size that is that of Env still.
type Pointed interface {
	// Click takes a press of the left button.
	Click(Env, Click) Effect
	// Wheel takes a turn of the wheel. ok is false where up and down do as well, such as on a page.
	Wheel(Env, Wheel) (e Effect, ok bool)
}

// Click says that the left button of the mouse was pressed on a cell of the view, counted from 0 at
// its left upper corner.
type Click struct{ X, Y int }

// Wheel says that the wheel was turned over a cell of the view; Lines is how many lines further
// down what is under it shall be shown, negative for up.
type Wheel struct{ X, Y, Lines int }

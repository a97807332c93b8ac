package view

import (
	"errors"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// View is one screen. It owns its cursor, sort, query text and scroll. It owns
// no API data, performs no I/O and changes nothing outside itself.
type View interface {
	// Title is the tab's label and what follows it, e.g. "Instances", "3".
	Title(Env) (name, badge string)
	// Update takes keys no action claimed, pastes, clicks and news.
	Update(Env, tea.Msg) Effect
	// Draw is pure and gives exactly Size.H lines of Size.W cells.
	Draw(Env, Size) Frame
	// Actions is what can be done now, and why not.
	Actions(Env) []Action
	// Capturing reports whether a text line has the keyboard.
	Capturing() bool
}

// ID names a view. Its value is the key that opens it.
type ID int

// The views, by the key that opens them. Numbers never shift.
const (
	Market    ID = 1
	Instances ID = 2
	Volumes   ID = 3
	Bids      ID = 4
	Costs     ID = 5
	Sessions  ID = 6
	Activity  ID = 7
	Account   ID = 8
)

// The pages: views without a tab and without a number. A Goto opens them over the
// view that asks for it, and Back leads there again.
const (
	Logs ID = firstPage + iota
	Run
)

const firstPage = 100

// Page reports whether id is a page.
func (id ID) Page() bool { return id >= firstPage }

// Env is everything a view may look at. It is made afresh for each call.
type Env struct {
	Now   time.Time
	Data  *feed.Snapshot // read only
	Theme *theme.Theme
	Load  command.Loads // commands that read; there are none that change
	Desk  rental.Desk   // what a plan is worked out from
	Size  Size          // of the view's area, for paging

	// Busy names what is under way for an instance, e.g. "destroy".
	Busy     map[vastapi.InstanceID]string
	ReadOnly bool // the client refuses every change; actions that would make one say so

	Session  Session   // with what this run talks to the API
	Profiles []Profile // that can be switched to, the one in use among them; none where there is one account

	Shown  ID   // the view or page that is on the screen
	Typing bool // a question lies over it, or a text line has the keyboard
}

// Changing is why an action that changes instances or volumes cannot be done, or why:
// because the run is read-only, or because the API key is known not to be allowed to.
func (e Env) Changing(why string) string {
	return e.ChangingBy(vastapi.RightInstanceWrite, why)
}

// ChangingBy is Changing for what needs another right, e.g. RightUserWrite for the
// keys of the account.
func (e Env) ChangingBy(right vastapi.Right, why string) string {
	switch {
	case why != "":
		return why
	case e.ReadOnly:
		return "this run is read-only: start without --read-only to change anything"
	}
	return e.Asking(right, "")
}

// Asking is why what needs a right cannot be asked for, or why.
func (e Env) Asking(right vastapi.Right, why string) string {
	if why != "" || e.Data == nil {
		return why
	}
	return e.Data.Rights.MayNot(right)
}

// Size is an area in cells.
type Size struct{ W, H int }

// The widths at which the layout changes.
const (
	Narrow = 100 // below it there is one column
	Wide   = 160 // from it on, the detail stands beside the list
)

// Frame is a drawn area and where the text cursor stands in it, if anywhere.
type Frame struct {
	Body   string // exactly Size.H lines of Size.W cells
	Cursor *tea.Cursor
	// Row is the line of the body with the row under the cursor, which nothing that floats by itself
	// may cover; 0 = none.
	Row int
}

// Effect is what a view wants after a call: a command that waits, and wishes
// that the root grants before it reads the next key.
type Effect struct {
	Cmd     tea.Cmd
	Intents []Intent
}

// Do makes an Effect of wishes.
func Do(in ...Intent) Effect { return Effect{Intents: in} }

// Wait makes an Effect of a command.
func Wait(c tea.Cmd) Effect { return Effect{Cmd: c} }

// Join makes one Effect of several: their commands run side by side, their wishes are granted in this order.
func Join(list ...Effect) Effect {
	var all Effect
	var cmds []tea.Cmd
	for _, e := range list {
		if e.Cmd != nil {
			cmds = append(cmds, e.Cmd)
		}
		all.Intents = append(all.Intents, e.Intents...)
	}
	all.Cmd = tea.Batch(cmds...)
	return all
}

// Action is one thing a key does. The list drives dispatch, the bottom line,
// the help screen and the key table in the README.
type Action struct {
	Key      key.Binding // its help text is the label: verb first, "…" when a form follows
	Group    string
	Disabled string // why not, in the user's words; "" when it can be done
	Hidden   bool   // not in the bottom line, only in the help
	Typing   bool   // also works while a text line has the keyboard
	Drawn    bool   // its key stands beside it, as in a menu: no key of the user's own stands for it there
	Do       func() Effect
}

// Bind makes a key binding with its help.
func Bind(help, label string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, label))
}

// In makes actions of a group of the help with one key each: those that act makes stand in the bottom
// line, those that quiet makes only in the help.
func In(group string) (act, quiet func(key, label, disabled string, do func() Effect) Action) {
	act = func(key, label, disabled string, do func() Effect) Action {
		return Action{Key: Bind(key, label, key), Group: group, Disabled: disabled, Do: do}
	}
	quiet = func(key, label, disabled string, do func() Effect) Action {
		a := act(key, label, disabled, do)
		a.Hidden = true
		return a
	}
	return act, quiet
}

// Sentence says an error to the user: what went wrong and what to do next. The
// request and its answer stand in the log.
func Sentence(err error) string {
	var e *vastapi.Error
	if errors.As(err, &e) {
		return e.Sentence()
	}
	return err.Error()
}

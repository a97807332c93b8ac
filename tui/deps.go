package tui

import (
	"time"

	"vastdeck/tui/command"
	"vastdeck/vastapi/rental"
)

// Deps is what the program is given by whoever starts it.
type Deps struct {
	API     command.API // nil: a key has to be found first
	Source  string      // where API's key came from, in words
	Command command.Config

	Account  string // what the header says before the account is known: "DEMO" or the profile
	Demo     bool
	ReadOnly bool
	Host     string // shown when it is not the API's own host
	Theme    string // one of theme.Names
	ASCII    bool   // nothing beyond ASCII is drawn, except the user's own texts
	NoMouse  bool   // the mouse is the terminal's at the start
	Caps     rental.Caps
	Budget   Budget // the zero Budget is none
	// DestroyDelay is how long a destroy that was agreed to is held back, so that
	// esc can still take it back; 0 = not.
	DestroyDelay time.Duration
	NewID        func() string // ids of plans; unpredictable
	Seed         uint64        // of the polls' jitter
	CanSuspend   bool          // a job-control shell owns the program
	Alerts       Alerts        // what is told of instances, and how
	Profiles     Profiles      // what can be switched to
	Keys         Keys          // the user's own; see CheckKeys
	Commands     []OwnCommand  // the user's own
	DemoSpeed    float64       // simulated seconds in a real one; 0 and 1 are not shown
}

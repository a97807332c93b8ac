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
	Theme    string // "auto", "dark" or "light"
	Caps     rental.Caps
	Budget   Budget // the zero Budget is none
	// DestroyDelay is how long a destroy that was agreed to is held back, so that
	// esc can still take it back; 0 = not.
	DestroyDelay time.Duration
	NewID        func() string // ids of plans; unpredictable
	Seed         uint64        // of the polls' jitter
	CanSuspend   bool          // a job-control shell owns the program
	Alerts       Alerts        // what is told of instances, and how
}

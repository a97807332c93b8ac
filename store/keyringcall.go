package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrKeyringUnavailable says that the keyring could not answer, so whether it holds a key is not
// known: nobody was logged out. Use errors.As with *ErrKeyringUnavailable.
type ErrKeyringUnavailable struct {
	Reason string // what is the matter: a sentence for the user
	Next   string // what can be done: a sentence for the user
	Err    error  // what the system said, for the log
}

// Error returns the reason and the next step.
func (e *ErrKeyringUnavailable) Error() string { return "ask the keyring: " + e.Reason + " " + e.Next }

// Unwrap returns what the system said.
func (e *ErrKeyringUnavailable) Unwrap() error { return e.Err }

// Limits on the time a keyring call may take, prompts included.
const (
	StartLimit = 3 * time.Second  // while the program starts and nobody asked for a key
	AskedLimit = 60 * time.Second // when the user asked to log in or to unlock
)

// call runs one keyring call with a limit. A call that exceeds it goes on in its goroutine: there
// is no way to end it. What it writes must therefore be read only when call returns nil.
func (s *Secrets) call(ctx context.Context, limit time.Duration, do func(Keyring) error) error {
	if s.keyring == nil {
		return &ErrKeyringUnavailable{
			Reason: "The system keyring is not used in this run.",
			Next:   "Enter a key for this run.",
			Err:    errors.ErrUnsupported,
		}
	}
	timed, cancel := context.WithTimeoutCause(ctx, limit, errSlow)
	defer cancel()
	select {
	case s.busy <- struct{}{}:
	case <-timed.Done():
		return endOfWait(timed, limit)
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-s.busy }()
		done <- do(s.keyring)
	}()
	select {
	case err := <-done:
		return err
	case <-timed.Done():
		return endOfWait(timed, limit)
	}
}

var errSlow = errors.New("the keyring did not answer in time")

func endOfWait(ctx context.Context, limit time.Duration) error {
	if cause := context.Cause(ctx); !errors.Is(cause, errSlow) {
		return fmt.Errorf("ask the keyring: %w", cause)
	}
	return &ErrKeyringUnavailable{
		Reason: fmt.Sprintf("The system keyring did not answer within %s; it may be waiting to be unlocked.", limit),
		Next:   "Unlock your keyring and try again, set VAST_API_KEY, or enter a key for this run.",
		Err:    errSlow,
	}
}

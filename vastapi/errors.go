package vastapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// Kind is the class of an Error: what a caller can do about it.
type Kind string

// The kinds of errors.
const (
	KindAuth        Kind = "auth"         // the key is missing, wrong or expired
	KindRights      Kind = "rights"       // the key is good, and may not do this
	KindNotFound    Kind = "not found"    // the object is gone; on a destroy that is success
	KindGone        Kind = "gone"         // the offer was taken or withdrawn
	KindRateLimited Kind = "rate limited" // rejected before it was carried out
	KindCredit      Kind = "credit"       // not enough money
	KindSpendLimit  Kind = "spend limit"  // a young account may only spend so much an hour
	KindBid         Kind = "bid"          // the bid is too low or out of range; MinBid may name the least
	KindImage       Kind = "image"        // the image or template will not do
	KindEnv         Kind = "environment"  // the variables or docker flags will not do
	KindSSHKey      Kind = "ssh key"      // a public key is needed first
	KindRejected    Kind = "rejected"     // refused for another reason
	KindServer      Kind = "server"       // 5xx, HTML, an answer that cannot be read
	KindTransport   Kind = "transport"    // no connection, or it broke
	KindTimeout     Kind = "timeout"
	KindRedirect    Kind = "redirect" // refused: a redirect could carry the key to another host
	KindReadOnly    Kind = "read only"
	KindPaused      Kind = "paused"    // not sent: reads rest after several failures in a row
	KindCancelled   Kind = "cancelled" // whoever asked no longer wants to know
	KindNotReady    Kind = "not ready" // a text that was asked for has not arrived yet, or never will
)

// Error is any failure of a request. Everything in it is inert text.
type Error struct {
	Kind    Kind
	Status  int    // HTTP status, 0 when there was no answer
	Code    string // the API's code, e.g. no_such_ask; "" when none
	Message string // the API's own words, cleaned, without the "error 410/3907: code" prefix
	Method  string
	Path    string
	At      time.Time
	// Wait is how long to leave the server alone: for KindRateLimited at least
	// the interval the answer names, for KindPaused the rest of the pause.
	Wait time.Duration
	// Right is the permission group that a KindRights lacks; "" = none named.
	Right Right
	// MinBid is the lowest bid a KindBid names, for the whole offer; 0 = none named.
	MinBid Rate
	Cause  error // for transports and time-outs

	threshold  time.Duration // the interval a 429 names
	retryAfter time.Duration // as its header or body asks
	patient    bool          // the wait is longer than a read waits: see quotas
}

// Error is one line for the log: what was asked, what came of it.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s", e.Method, e.Path, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	if e.Code != "" && e.Code != e.Message {
		b.WriteString(" " + e.Code)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	return b.String()
}

// Unwrap returns the cause, e.g. context.Canceled.
func (e *Error) Unwrap() error { return e.Cause }

// IsCode reports whether err is an Error with one of the API's codes.
func IsCode(err error, codes ...string) bool {
	e := asError(err)
	return e != nil && slices.Contains(codes, e.Code)
}

// KindOf returns the kind of err, "" when it is no Error.
func KindOf(err error) Kind {
	if e := asError(err); e != nil {
		return e.Kind
	}
	return ""
}

func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// inertCause lets errors.Is look through and shows nothing as it came.
type inertCause struct {
	text string
	err  error
}

func (c inertCause) Error() string { return c.text }
func (c inertCause) Unwrap() error { return c.err }

// quoted is a value from outside as it may stand in an error.
func quoted(s string) string { return safetext.Quote(s, 80) }

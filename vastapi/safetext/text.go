package safetext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// MaxRunes is how long the inert form of a Text may be. Every label, name and
// message of the API that is not an attack is shorter.
const MaxRunes = 256

// Text is one string received from outside. It keeps two things: the inert
// line that everything on this machine shows, and the bytes as they came, which
// are for sending back only. The zero Text is empty. Texts are copied freely;
// compare them with Equal, since == also compares where they are stored.
type Text struct{ got *received }

// received is what a Text points to: it is held by tens of thousands of rows, and
// one word each is less than three.
type received struct {
	inert string
	wire  *string // nil when the bytes received are the inert line itself
}

// New returns raw as a Text. White space around it is left out of the inert
// form, which has at most MaxRunes runes: addresses arrive with line ends.
func New(raw string) Text {
	inert := Clean(strings.TrimSpace(raw), MaxRunes)
	switch {
	case raw == "":
		return Text{}
	case inert == raw:
		return Text{&received{inert: raw}}
	}
	return Text{&received{inert: inert, wire: &raw}}
}

// String returns the inert line, safe for the screen, a title, a log, an error.
func (t Text) String() string {
	if t.got == nil {
		return ""
	}
	return t.got.inert
}

// Wire returns the bytes exactly as received. They are not safe to show: only
// what sends them back to the API or compares them with what was sent may ask.
func (t Text) Wire() string {
	if t.got != nil && t.got.wire != nil {
		return *t.got.wire
	}
	return t.String()
}

// Empty reports whether there is nothing to show.
func (t Text) Empty() bool { return t.String() == "" }

// Equal reports whether both were received as the same bytes.
func (t Text) Equal(other Text) bool { return t.Wire() == other.Wire() }

// GoString keeps %#v from printing the bytes received.
func (t Text) GoString() string { return fmt.Sprintf("safetext.Text(%s)", Quote(t.String(), MaxRunes)) }

// MarshalJSON writes the inert line as a JSON string.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// UnmarshalJSON reads a JSON string. Null is the empty Text; anything else is
// taken as it is written, since the API sends numbers where it documents
// strings and one odd field must not cost the row it stands in.
func (t *Text) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0, bytes.Equal(data, []byte("null")):
		*t = Text{}
		return nil
	case data[0] != '"':
		*t = New(string(data))
		return nil
	}
	var raw string
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("reading text: %w", err)
	}
	*t = New(raw)
	return nil
}

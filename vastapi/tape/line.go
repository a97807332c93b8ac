package tape

import (
	"encoding/json"
	"time"
)

// Version is the version of the format that this package writes.
const Version = 1

// header is the first line of a recording.
type header struct {
	Version int       `json:"vastdeck_recording"`
	Started time.Time `json:"started"`
	Program string    `json:"program"`
}

// line is one request with its answer.
type line struct {
	At     int64           `json:"at_ms"`   // since the header
	Took   int64           `json:"took_ms"` // until the whole answer was there
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Query  string          `json:"query,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`

	Status int             `json:"status,omitempty"`
	Type   string          `json:"type,omitempty"`
	Retry  string          `json:"retry_after,omitempty"`
	Answer json.RawMessage `json:"answer,omitempty"`
	Text   string          `json:"text,omitempty"`   // an answer that is no JSON
	Broken string          `json:"broken,omitempty"` // why there was none: "timeout", "connection"
}

// elsewhere is the path of every request to another host than the API's: the address
// itself is the secret.
const elsewhere = "/elsewhere/"

// notRecorded stands in place of a text that was left out whole.
const notRecorded = "This text is not in the recording."

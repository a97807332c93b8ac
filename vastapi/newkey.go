package vastapi

import (
	"fmt"
	"io"
	"sync/atomic"
)

// NewKey is a key that was just made. The server tells it once; it prints as "…"
// under every verb, in JSON too, until it is forgotten. The zero NewKey is none.
type NewKey struct {
	ID   int64 // of the key in the list of keys; 0 = not told
	held *atomic.Pointer[string]
}

func newKeyOf(id int64, key string) NewKey {
	k := NewKey{ID: id}
	if key != "" {
		k.held = &atomic.Pointer[string]{}
		k.held.Store(&key)
	}
	return k
}

// Given reports whether there is a key that was not forgotten.
func (k NewKey) Given() bool { return k.held != nil && k.held.Load() != nil }

// Reveal returns the key itself, "" when there is none or it was forgotten. It is for
// showing it once and for copying it.
func (k NewKey) Reveal() string {
	if k.held == nil {
		return ""
	}
	if p := k.held.Load(); p != nil {
		return *p
	}
	return ""
}

// Forget makes every copy of k give out nothing any more.
func (k NewKey) Forget() {
	if k.held != nil {
		k.held.Store(nil)
	}
}

// Format prints the mask, whatever the verb; nothing when there is no key.
func (k NewKey) Format(f fmt.State, _ rune) {
	if k.Given() {
		_, _ = io.WriteString(f, masked)
	}
}

// MarshalJSON writes the mask, null when there is no key.
func (k NewKey) MarshalJSON() ([]byte, error) {
	if !k.Given() {
		return []byte("null"), nil
	}
	return []byte(`"` + masked + `"`), nil
}

// readNewKey reads the answer to a CreateAPIKey: {"id", "key", "permissions"}
// (published description).
func readNewKey(body []byte) NewKey {
	var id int64
	var key string
	s := scanner{b: body}
	_ = s.fields(func(name []byte, v value) error {
		switch string(name) {
		case "id":
			id, _ = v.id()
		case "key", "api_key":
			if v.kind == kindString && key == "" {
				key = v.str()
			}
		}
		return nil
	})
	return newKeyOf(id, key)
}

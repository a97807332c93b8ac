package store

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
)

const (
	// maxKey is the length of the longest key, in bytes. It is also the safe side of what every
	// system's keyring takes (Windows: 2,560).
	maxKey = 256
	// tailFrom is the length from which on the last four characters may be shown: of a shorter
	// key they would give away too much.
	tailFrom = 12

	redacted = "[redacted]"
)

// Key is an API key. Whatever prints or encodes it gives "[redacted]"; only Reveal gives the key
// itself. The zero Key is no key. A Key may be copied; the copies share what Wipe clears.
type Key struct {
	// Behind a pointer, because fmt prints a Key in another type's unexported field by reflection
	// and without asking its methods: of a pointer it then prints the address.
	secret *secret
}

type secret struct {
	mu   sync.Mutex
	text []byte
}

// ParseKey makes a key of what somebody typed, pasted or piped: space around it is dropped. It
// refuses an empty key, one with spaces, control or non-ASCII characters inside, and one longer
// than 256 bytes. The error never repeats the text.
func ParseKey(s string) (Key, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Key{}, errors.New("the key is empty")
	}
	if len(s) > maxKey {
		return Key{}, fmt.Errorf("the key has %d characters: a key has at most %d, so this is something else", len(s), maxKey)
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			return Key{}, errors.New("the key has a space or line break inside: copy the key alone")
		case c < ' ' || c == 0x7f:
			return Key{}, errors.New("the key has a control character inside: copy it again")
		case c > 0x7f:
			return Key{}, errors.New("the key has a character inside that keys do not have: copy it again")
		}
	}
	return Key{&secret{text: []byte(s)}}, nil
}

// Reveal returns the key itself, or "" for no key. It is for the code that puts the key into a
// request, and for nothing else.
func (k Key) Reveal() string { return k.reveal() }

// reveal is Reveal for this package: the keyring, which stores the key, and the redactor, which
// must know what to remove.
func (k Key) reveal() string {
	if k.secret == nil {
		return ""
	}
	k.secret.mu.Lock()
	defer k.secret.mu.Unlock()
	return string(k.secret.text)
}

// Tail returns the last four characters of the key, by which its owner knows it, or "" when the
// key is shorter than 12 characters.
func (k Key) Tail() string {
	s := k.reveal()
	if len(s) < tailFrom {
		return ""
	}
	return s[len(s)-4:]
}

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k.reveal() == "" }

// Equal reports whether both are the same key, in time that does not depend on where they differ.
func (k Key) Equal(other Key) bool {
	return subtle.ConstantTimeCompare([]byte(k.reveal()), []byte(other.reveal())) == 1
}

// Wipe overwrites the key in memory, for every copy of this Key. Strings made by Reveal may
// remain until the memory is used again.
func (k Key) Wipe() {
	if k.secret == nil {
		return
	}
	k.secret.mu.Lock()
	defer k.secret.mu.Unlock()
	clear(k.secret.text)
	k.secret.text = nil
}

// String returns "[redacted]".
func (Key) String() string { return redacted }

// GoString returns "[redacted]".
func (Key) GoString() string { return redacted }

// Format writes "[redacted]" for every verb and flag.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalJSON returns "[redacted]" as a JSON string.
func (Key) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText returns "[redacted]".
func (Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns "[redacted]".
func (Key) LogValue() slog.Value { return slog.StringValue(redacted) }

package vastapi

import (
	"fmt"
	"io"
)

// masked stands where a secret is.
const masked = "…"

// Secret is a text that must not be seen: a password, a login. It prints as "…"
// under every verb, in JSON too; only the request it belongs to holds it in
// clear. The zero Secret is none.
type Secret struct{ text *string }

// NewSecret returns text as a Secret; "" is none.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Set reports whether there is a secret.
func (s Secret) Set() bool { return s.text != nil }

// String returns "…", or "" when there is none.
func (s Secret) String() string {
	if s.text == nil {
		return ""
	}
	return masked
}

// Format prints what String returns, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalJSON writes the mask, null when there is none.
func (s Secret) MarshalJSON() ([]byte, error) {
	if s.text == nil {
		return []byte("null"), nil
	}
	return []byte(`"` + masked + `"`), nil
}

// clear is the text itself, for the body of a request.
func (s Secret) clear() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

package vastapi

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// MaxKeyName is how long the name of a key may be, in bytes.
const MaxKeyName = 128

// Permissions are what a new key shall be allowed. The zero value allows nothing and
// is refused.
type Permissions struct {
	Full   bool    // everything the account may
	Groups []Right // else these
}

// String is "everything" or the groups.
func (p Permissions) String() string { return p.grant().String() }

func (p Permissions) grant() Grant {
	if p.Full {
		return FullGrant()
	}
	return GrantOf(p.Groups...)
}

// Grant is the permissions as a list of keys tells them.
func (p Permissions) Grant() Grant { return p.grant() }

// CreateAPIKey makes a key: POST /api/v0/auth/apikeys/. Sent twice it makes two. The
// answer tells the key once: Result.Key.
type CreateAPIKey struct {
	Name        string
	Permissions Permissions
}

// DeleteAPIKey takes a key from the account: DELETE /api/v0/auth/apikeys/{id}/. The
// primary key and keys that the user has not made cannot be deleted (published description).
type DeleteAPIKey struct {
	Key int64 // the key's id
}

func (CreateAPIKey) call() {}
func (DeleteAPIKey) call() {}

// Method is POST.
func (CreateAPIKey) Method() string { return http.MethodPost }

// Method is DELETE.
func (DeleteAPIKey) Method() string { return http.MethodDelete }

// Path is that of the account's keys.
func (CreateAPIKey) Path() string { return "/api/v0/auth/apikeys/" }

// Path names the key.
func (c DeleteAPIKey) Path() string { return apiKeyPath(c.Key) }

// apiKeyBody is the body of a CreateAPIKey. Without permissions the server makes a key
// that may do everything (published description).
type apiKeyBody struct {
	Name        string                        `json:"name"`
	Permissions map[string]map[Right]struct{} `json:"permissions,omitempty"`
}

// Body is the request as sent.
func (c CreateAPIKey) Body() ([]byte, error) {
	b := apiKeyBody{Name: c.Name}
	if !c.Permissions.Full {
		groups := map[Right]struct{}{}
		for _, r := range c.Permissions.Groups {
			groups[r] = struct{}{}
		}
		b.Permissions = map[string]map[Right]struct{}{"api": groups}
	}
	return plainJSON(b)
}

// Preview is Body: nothing in it is secret.
func (c CreateAPIKey) Preview() ([]byte, error) { return c.Body() }

// Body is an empty object.
func (DeleteAPIKey) Body() ([]byte, error) { return []byte("{}"), nil }

// Preview is Body.
func (c DeleteAPIKey) Preview() ([]byte, error) { return c.Body() }

// Validate reports what the API would refuse, and a key that may do nothing.
func (c CreateAPIKey) Validate() error {
	switch name := strings.TrimSpace(c.Name); {
	case name == "":
		return errors.New("a key needs a name, by which it is told from others")
	case len(c.Name) > MaxKeyName || strings.ContainsFunc(c.Name, unicode.IsControl):
		return fmt.Errorf("a key's name is one line of at most %d bytes", MaxKeyName)
	case c.Permissions.Full && len(c.Permissions.Groups) > 0:
		return errors.New("a key may do either everything or what is chosen")
	case !c.Permissions.Full && len(c.Permissions.Groups) == 0:
		return errors.New("nothing is chosen that the key may do")
	}
	if n := slices.IndexFunc(c.Permissions.Groups, func(r Right) bool { return !r.known() }); n >= 0 {
		return fmt.Errorf("there is no permission %s", quoted(string(c.Permissions.Groups[n])))
	}
	return nil
}

// Validate reports what the API would refuse.
func (c DeleteAPIKey) Validate() error {
	if c.Key <= 0 {
		return errors.New("no API key is named")
	}
	return nil
}

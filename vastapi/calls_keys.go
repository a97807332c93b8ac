package vastapi

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// AddSSHKey adds a public key to the account: POST /api/v0/ssh/. Instances that are
// rented from then on let it in; those that exist do not (guide, "SSH").
type AddSSHKey struct {
	Key string // the public key as text, "ssh-ed25519 AAAA… comment"
}

// DeleteSSHKey takes a public key from the account: DELETE /api/v0/ssh/{id}/.
// Instances that have it keep it.
type DeleteSSHKey struct {
	Key int64 // the key's id
}

func (AddSSHKey) call()    {}
func (DeleteSSHKey) call() {}

// Method is POST.
func (AddSSHKey) Method() string { return http.MethodPost }

// Method is DELETE.
func (DeleteSSHKey) Method() string { return http.MethodDelete }

// Path is that of the account's keys.
func (AddSSHKey) Path() string { return "/api/v0/ssh/" }

// Path names the key.
func (c DeleteSSHKey) Path() string { return "/api/v0/ssh/" + strconv.FormatInt(c.Key, 10) + "/" }

// Body is the request as sent.
func (c AddSSHKey) Body() ([]byte, error) { return plainJSON(map[string]string{"ssh_key": c.Key}) }

// Preview is Body: a public key is no secret.
func (c AddSSHKey) Preview() ([]byte, error) { return c.Body() }

// Body is an empty object.
func (DeleteSSHKey) Body() ([]byte, error) { return []byte("{}"), nil }

// Preview is Body.
func (c DeleteSSHKey) Preview() ([]byte, error) { return c.Body() }

// Validate reports what the API would refuse.
func (c AddSSHKey) Validate() error { return publicKey(c.Key) }

// Validate reports what the API would refuse.
func (c DeleteSSHKey) Validate() error {
	if c.Key <= 0 {
		return errNoSSHKey
	}
	return nil
}

var errNoSSHKey = errors.New("no ssh key is named")

// publicKey says why a text is no public key, nil when it looks like one. A private
// one is never sent.
func publicKey(key string) error {
	words := strings.Fields(key)
	switch {
	case strings.Contains(key, "PRIVATE KEY"):
		return errors.New("this is a private key: it is never sent; its public half is in the file that ends in .pub")
	case len(words) < 2 || strings.ContainsAny(key, "\r\n\x00"):
		return errors.New(`a public key is one line such as "ssh-ed25519 AAAA… name"`)
	}
	return nil
}

// SameSSHKey reports whether two public keys are the same one, whatever their
// comments.
func SameSSHKey(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	return len(x) > 1 && len(y) > 1 && x[0] == y[0] && x[1] == y[1]
}

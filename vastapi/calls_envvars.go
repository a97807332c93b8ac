package vastapi

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

const secretsPath = "/api/v0/secrets/"

// MaxEnvValue is how long a variable's value may be, in bytes; the server's own limit
// is not published.
const MaxEnvValue = 32 << 10

// CreateEnvVar adds a variable to the account: POST /api/v0/secrets/. Instances that
// are rented from then on have it; those that exist do not.
type CreateEnvVar struct {
	Key   string // letters, digits and _; the server keeps it in upper case
	Value Secret
}

// UpdateEnvVar gives a variable of the account another value: PUT /api/v0/secrets/.
type UpdateEnvVar struct {
	Key   string
	Value Secret
}

// DeleteEnvVar takes a variable from the account: DELETE /api/v0/secrets/. Instances
// that have it keep it.
type DeleteEnvVar struct{ Key string }

func (CreateEnvVar) call() {}
func (UpdateEnvVar) call() {}
func (DeleteEnvVar) call() {}

// Method is POST.
func (CreateEnvVar) Method() string { return http.MethodPost }

// Method is PUT.
func (UpdateEnvVar) Method() string { return http.MethodPut }

// Method is DELETE.
func (DeleteEnvVar) Method() string { return http.MethodDelete }

// Path is the same for all: the body names the variable.
func (CreateEnvVar) Path() string { return secretsPath }

// Path is the same for all: the body names the variable.
func (UpdateEnvVar) Path() string { return secretsPath }

// Path is the same for all: the body names the variable.
func (DeleteEnvVar) Path() string { return secretsPath }

type secretBody struct {
	Key   string  `json:"key"`
	Value *string `json:"value,omitempty"`
}

// Body is the request as sent, the value in clear.
func (c CreateEnvVar) Body() ([]byte, error) { return secretJSON(c.Key, c.Value.clear()) }

// Preview masks the value.
func (c CreateEnvVar) Preview() ([]byte, error) { return secretJSON(c.Key, c.Value.String()) }

// Body is the request as sent, the value in clear.
func (c UpdateEnvVar) Body() ([]byte, error) { return secretJSON(c.Key, c.Value.clear()) }

// Preview masks the value.
func (c UpdateEnvVar) Preview() ([]byte, error) { return secretJSON(c.Key, c.Value.String()) }

func secretJSON(key, value string) ([]byte, error) { return plainJSON(secretBody{key, &value}) }

// Body is the request as sent.
func (c DeleteEnvVar) Body() ([]byte, error) { return plainJSON(secretBody{Key: c.Key}) }

// Preview is Body: a name is no secret.
func (c DeleteEnvVar) Preview() ([]byte, error) { return c.Body() }

// Validate reports what the API would refuse.
func (c CreateEnvVar) Validate() error { return validEnvVar(c.Key, c.Value) }

// Validate reports what the API would refuse.
func (c UpdateEnvVar) Validate() error { return validEnvVar(c.Key, c.Value) }

// Validate reports what the API would refuse.
func (c DeleteEnvVar) Validate() error { return validEnvName(c.Key) }

var envName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,255}$`) })

func validEnvName(name string) error {
	if !envName().MatchString(name) {
		return errors.New("a variable's name has 1 to 256 letters, digits and _, and begins with no digit")
	}
	return nil
}

func validEnvVar(name string, v Secret) error {
	text := v.clear()
	switch {
	case !v.Set():
		return errors.New("the variable needs a value")
	case len(text) > MaxEnvValue:
		return fmt.Errorf("the value has %d bytes, at most %d are taken", len(text), MaxEnvValue)
	case strings.ContainsRune(text, 0):
		return errors.New("the value holds a zero byte")
	}
	return validEnvName(name)
}

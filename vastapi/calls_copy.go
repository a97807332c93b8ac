package vastapi

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode"
)

// CopyData copies files between two instances, two volumes or one of each, running
// or stopped, without this machine: PUT /api/v0/commands/copy_direct/. The service
// does it after its answer; how far it is stands in the message of the instances,
// some 30 s late (official client).
type CopyData struct{ From, To CopyEnd }

// CancelCopy ends the copy under way into an instance or a volume: DELETE
// /api/v0/commands/copy_direct/. What was copied stays. Path is not sent.
type CancelCopy struct{ To CopyEnd }

// CopyEnd is where a copy begins or ends: an instance or a volume, one of the two.
type CopyEnd struct {
	Instance InstanceID
	Volume   VolumeID
	Path     string // absolute, at most MaxCopyPath bytes
}

// MaxCopyPath is how many bytes a path of a copy may have. The API tells no limit;
// this is Linux's.
const MaxCopyPath = 4096

// Ref is the number as the API takes it, C.12345 or V.9 (official client).
func (e CopyEnd) Ref() string {
	if e.Volume != 0 {
		return fmt.Sprintf("V.%d", e.Volume)
	}
	return "C." + e.Instance.String()
}

// String is the place as the official client writes it: C.12345:/workspace/.
func (e CopyEnd) String() string { return e.Ref() + ":" + e.Path }

// ParseCopyEnd reads what String writes; ok is false for anything else.
func ParseCopyEnd(text string) (e CopyEnd, ok bool) {
	ref, path, _ := strings.Cut(text, ":")
	kind, number, _ := strings.Cut(ref, ".")
	n, err := strconv.ParseInt(number, 10, 64)
	switch {
	case err != nil || n <= 0:
	case kind == "C":
		e = CopyEnd{Instance: InstanceID(n), Path: path}
	case kind == "V":
		e = CopyEnd{Volume: VolumeID(n), Path: path}
	}
	return e, n > 0 && e.String() == text
}

func (CopyData) call()   {}
func (CancelCopy) call() {}

// Method is PUT.
func (CopyData) Method() string { return http.MethodPut }

// Method is DELETE.
func (CancelCopy) Method() string { return http.MethodDelete }

const copyPath = "/api/v0/commands/copy_direct/"

// Path is the same for all: the body names both ends.
func (CopyData) Path() string { return copyPath }

// Path is the same for all: the body names the end.
func (CancelCopy) Path() string { return copyPath }

// copyBody is the wire form of both.
type copyBody struct {
	Client   string `json:"client_id"`
	From     string `json:"src_id,omitempty"`
	To       string `json:"dst_id"`
	FromPath string `json:"src_path,omitempty"`
	ToPath   string `json:"dst_path,omitempty"`
}

// Body is the request as sent.
func (c CopyData) Body() ([]byte, error) {
	return plainJSON(copyBody{"me", c.From.Ref(), c.To.Ref(), c.From.Path, c.To.Path})
}

// Preview is Body: nothing in it is secret.
func (c CopyData) Preview() ([]byte, error) { return c.Body() }

// Body is the request as sent. An instance goes by its bare number (official
// client).
func (c CancelCopy) Body() ([]byte, error) {
	return plainJSON(copyBody{Client: "me", To: strings.TrimPrefix(c.To.Ref(), "C.")})
}

// Preview is Body: nothing in it is secret.
func (c CancelCopy) Preview() ([]byte, error) { return c.Body() }

// Validate reports what the API would refuse, and what would break the target: a
// copy to / or /root changes the rights by which ssh, and the next copy, is let in
// (official client).
func (c CopyData) Validate() error {
	if err := errors.Join(c.From.valid("from"), c.To.valid("to")); err != nil {
		return err
	}
	switch to := path.Clean(c.To.Path); {
	case to == "/", to == "/root", strings.HasPrefix(to, "/root/.ssh"):
		return fmt.Errorf("nothing is copied to %s itself: that changes the rights by which ssh lets you in; take a folder such as /workspace", to)
	case c.From.Ref() == c.To.Ref() && path.Clean(c.From.Path) == to:
		return errors.New("both ends are the same place")
	}
	return nil
}

// Validate reports what the API would refuse.
func (c CancelCopy) Validate() error { return c.To.named("to") }

func (e CopyEnd) named(side string) error {
	if (e.Instance > 0) == (e.Volume > 0) || e.Instance < 0 || e.Volume < 0 {
		return fmt.Errorf("%s needs an instance or a volume", side)
	}
	return nil
}

func (e CopyEnd) valid(side string) error {
	if err := e.named(side); err != nil {
		return err
	}
	switch {
	case !strings.HasPrefix(e.Path, "/"):
		return fmt.Errorf("%s needs a path that begins with /, e.g. /workspace", side)
	case len(e.Path) > MaxCopyPath:
		return fmt.Errorf("the path %s has %d bytes, at most %d are taken", side, len(e.Path), MaxCopyPath)
	case strings.ContainsFunc(e.Path, unicode.IsControl):
		return fmt.Errorf("the path %s holds a control character", side)
	}
	return nil
}

package vastapi

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// Call is one request that changes the account. The set of types is closed:
// CreateInstance, SetInstanceState, LabelInstance, RebootInstance,
// DestroyInstance. A Call is data, so that a plan can be drawn, compared and
// written down before it is carried out.
type Call interface {
	// Method is the HTTP method.
	Method() string
	// Path is the path with its trailing slash, e.g. /api/v0/asks/77/.
	Path() string
	// Body is the JSON body as it is sent, secrets included.
	Body() ([]byte, error)
	// Preview is the JSON body with every secret masked.
	Preview() ([]byte, error)
	call()
}

// CreateInstance rents an offer: PUT /api/v0/asks/{offer}/. It is not
// idempotent: whoever sends it twice may rent twice.
type CreateInstance struct {
	Offer   OfferID
	Image   string
	Disk    GB                // at least 8; fixed for the life of the instance
	Label   string            // at most 256 bytes
	Env     map[string]string // variables and docker flags ("-p 8080:8080": "1"); values may be secret
	Price   *Rate             // nil = on-demand; a number is an interruptible bid for the whole offer
	OnStart string
	RunType string // "" = "ssh_direc ssh_proxy"
	// CancelUnavail asks for an error instead of a stopped, billed instance
	// when the GPU was taken meanwhile.
	CancelUnavail bool
}

// SetInstanceState starts or stops: PUT /api/v0/instances/{id}/.
type SetInstanceState struct {
	ID    InstanceID
	State string // "running" or "stopped"
}

// LabelInstance renames: PUT /api/v0/instances/{id}/.
type LabelInstance struct {
	ID    InstanceID
	Label string // at most 1024 bytes; "" clears
}

// RebootInstance stops and starts the container, keeping the GPU: PUT /api/v0/instances/reboot/{id}/.
type RebootInstance struct{ ID InstanceID }

// DestroyInstance ends the contract and erases its disk: DELETE /api/v0/instances/{id}/.
type DestroyInstance struct{ ID InstanceID }

func (CreateInstance) call()   {}
func (SetInstanceState) call() {}
func (LabelInstance) call()    {}
func (RebootInstance) call()   {}
func (DestroyInstance) call()  {}

// Method is PUT.
func (CreateInstance) Method() string { return http.MethodPut }

// Method is PUT.
func (SetInstanceState) Method() string { return http.MethodPut }

// Method is PUT.
func (LabelInstance) Method() string { return http.MethodPut }

// Method is PUT.
func (RebootInstance) Method() string { return http.MethodPut }

// Method is DELETE.
func (DestroyInstance) Method() string { return http.MethodDelete }

// Path names the offer that is rented.
func (c CreateInstance) Path() string { return "/api/v0/asks/" + c.Offer.String() + "/" }

// Path names the instance.
func (c SetInstanceState) Path() string { return instancePath(c.ID) }

// Path names the instance.
func (c LabelInstance) Path() string { return instancePath(c.ID) }

// Path names the instance.
func (c RebootInstance) Path() string { return "/api/v0/instances/reboot/" + c.ID.String() + "/" }

// Path names the instance.
func (c DestroyInstance) Path() string { return instancePath(c.ID) }

func instancePath(id InstanceID) string { return "/api/v0/instances/" + id.String() + "/" }

// createBody is the wire form; the official client sends every key, null for
// "not given" (recorded requests).
type createBody struct {
	ClientID      string            `json:"client_id"`
	Image         string            `json:"image"`
	Env           map[string]string `json:"env"`
	Price         *Rate             `json:"price"`
	Disk          GB                `json:"disk"`
	Label         *string           `json:"label"`
	OnStart       *string           `json:"onstart"`
	RunType       string            `json:"runtype"`
	CancelUnavail bool              `json:"cancel_unavail"`
	Force         bool              `json:"force"`
}

func (c CreateInstance) body(env map[string]string) ([]byte, error) {
	if env == nil {
		env = map[string]string{}
	}
	b := createBody{
		ClientID: "me", Image: c.Image, Env: env, Price: c.Price, Disk: c.Disk,
		RunType: c.RunType, CancelUnavail: c.CancelUnavail,
	}
	if b.RunType == "" {
		b.RunType = "ssh_direc ssh_proxy"
	}
	if c.Label != "" {
		b.Label = &c.Label
	}
	if c.OnStart != "" {
		b.OnStart = &c.OnStart
	}
	// Nobody shows a request as HTML: "a > b" stays readable in a preview.
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// Body is the request as sent.
func (c CreateInstance) Body() ([]byte, error) { return c.body(c.Env) }

// Preview masks the values of variables; docker flags are not secret and stay.
func (c CreateInstance) Preview() ([]byte, error) {
	env := make(map[string]string, len(c.Env))
	for k, v := range c.Env {
		if len(k) > 0 && k[0] != '-' {
			v = "…"
		}
		env[k] = v
	}
	return c.body(env)
}

// Body is the request as sent.
func (c SetInstanceState) Body() ([]byte, error) {
	return json.Marshal(map[string]string{"state": c.State})
}

// Preview is Body: nothing in it is secret.
func (c SetInstanceState) Preview() ([]byte, error) { return c.Body() }

// Body is the request as sent.
func (c LabelInstance) Body() ([]byte, error) {
	return json.Marshal(map[string]string{"label": c.Label})
}

// Preview is Body: nothing in it is secret.
func (c LabelInstance) Preview() ([]byte, error) { return c.Body() }

// Body is an empty object: writes always carry one (recorded requests).
func (RebootInstance) Body() ([]byte, error) { return []byte("{}"), nil }

// Preview is Body.
func (c RebootInstance) Preview() ([]byte, error) { return c.Body() }

// Body is an empty object: writes always carry one (recorded requests).
func (DestroyInstance) Body() ([]byte, error) { return []byte("{}"), nil }

// Preview is Body.
func (c DestroyInstance) Preview() ([]byte, error) { return c.Body() }

// Outcome is what is known about a Call after it was tried.
type Outcome uint8

// The outcomes of a Call.
const (
	// Unknown: the request may or may not have been carried out. Only reading
	// the account can tell; it must never be sent again before that.
	OutcomeUnknown Outcome = iota
	// Confirmed: the server says it was done.
	OutcomeConfirmed
	// Rejected: the server says it was not done.
	OutcomeRejected
	// NotSent: no byte of the request left this machine.
	OutcomeNotSent
)

func (o Outcome) String() string {
	return [...]string{"unknown", "confirmed", "rejected", "not sent"}[o&3]
}

// Result is what came of one Call. Client.Do(ctx, call) returns it alone: the
// error, if any, is in it, because an error does not say whether the account changed.
type Result struct {
	Outcome  Outcome
	Contract InstanceID // new_contract, looked for in every answer to a create, failed ones too; 0 = none
	Queued   bool       // a start was accepted but waits for the GPU ("state change queued")
	Err      error      // *Error, nil when Confirmed
}

package vastapi

import (
	"encoding/json"
	"net/http"
)

// Call is one request that changes the account. The set of types is closed:
// CreateInstance, SetInstanceState, LabelInstance, RebootInstance,
// RecycleInstance, UpdateInstance, DestroyInstance, ChangeBid, PrepayInstance,
// AcceptPriceIncrease, RejectPriceIncrease, ExecuteCommand, AttachSSHKey,
// DetachSSHKey, AddSSHKey, DeleteSSHKey, CreateVolume, DeleteVolume, CloneVolume,
// CreateAPIKey, DeleteAPIKey, CreateEnvVar, UpdateEnvVar, DeleteEnvVar, CopyData,
// CancelCopy. A Call is data, so that a plan can be drawn, compared and written
// down before it is carried out.
type Call interface {
	// Method is the HTTP method.
	Method() string
	// Path is the path with its trailing slash, e.g. /api/v0/asks/77/, and what
	// stands after it, e.g. ?id=5.
	Path() string
	// Body is the JSON body as it is sent, secrets included.
	Body() ([]byte, error)
	// Preview is the JSON body with every secret masked.
	Preview() ([]byte, error)
	call()
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

// ChangeBid sets what is bid for an interruptible instance: PUT
// /api/v0/instances/bid_price/{id}/.
type ChangeBid struct {
	ID    InstanceID
	Price Rate // for the whole instance, as a create takes it
}

// PrepayInstance reserves an instance by paying ahead, which lowers its price:
// PUT /api/v0/instances/prepay/{id}/. Sent twice it pays twice.
type PrepayInstance struct {
	ID     InstanceID
	Amount Amount // USD, taken from the credit at once
}

func (SetInstanceState) call() {}
func (LabelInstance) call()    {}
func (RebootInstance) call()   {}
func (DestroyInstance) call()  {}
func (ChangeBid) call()        {}
func (PrepayInstance) call()   {}

// Method is PUT.
func (SetInstanceState) Method() string { return http.MethodPut }

// Method is PUT.
func (LabelInstance) Method() string { return http.MethodPut }

// Method is PUT.
func (RebootInstance) Method() string { return http.MethodPut }

// Method is PUT.
func (ChangeBid) Method() string { return http.MethodPut }

// Method is PUT.
func (PrepayInstance) Method() string { return http.MethodPut }

// Method is DELETE.
func (DestroyInstance) Method() string { return http.MethodDelete }

// Path names the instance.
func (c SetInstanceState) Path() string { return instancePath(c.ID) }

// Path names the instance.
func (c LabelInstance) Path() string { return instancePath(c.ID) }

// Path names the instance.
func (c RebootInstance) Path() string { return "/api/v0/instances/reboot/" + c.ID.String() + "/" }

// Path names the instance.
func (c DestroyInstance) Path() string { return instancePath(c.ID) }

// Path names the instance.
func (c ChangeBid) Path() string { return "/api/v0/instances/bid_price/" + c.ID.String() + "/" }

// Path names the instance.
func (c PrepayInstance) Path() string { return "/api/v0/instances/prepay/" + c.ID.String() + "/" }

func instancePath(id InstanceID) string { return "/api/v0/instances/" + id.String() + "/" }

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

// Body is the request as sent.
func (c ChangeBid) Body() ([]byte, error) {
	return json.Marshal(map[string]any{"client_id": "me", "price": c.Price})
}

// Preview is Body: nothing in it is secret.
func (c ChangeBid) Preview() ([]byte, error) { return c.Body() }

// Body is the request as sent.
func (c PrepayInstance) Body() ([]byte, error) {
	return json.Marshal(map[string]any{"amount": c.Amount})
}

// Preview is Body: nothing in it is secret.
func (c PrepayInstance) Preview() ([]byte, error) { return c.Body() }

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
	Volume   VolumeID   // the volume that a create or a clone made; 0 = none, or not told
	Output   Output     // where what a command prints can be read; the zero Output for other calls
	Key      NewKey     // the API key that was made; the zero NewKey for other calls
	Err      error      // *Error, nil when Confirmed
}

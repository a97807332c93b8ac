package vastapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// RecycleInstance makes the container anew from a freshly pulled image, keeping
// the GPU: PUT /api/v0/instances/recycle/{id}/. What was changed in the container
// is lost; volumes stay.
type RecycleInstance struct{ ID InstanceID }

// UpdateInstance changes what the container of an instance is made from: PUT
// /api/v0/instances/update_template/{id}/ (published description). What is at
// its zero value is left as it is.
type UpdateInstance struct {
	ID       InstanceID
	Template string            // template_hash_id
	Image    string            // with its tag
	Env      map[string]string // variables and docker flags, as in CreateInstance; values may be secret
	OnStart  string            // a script
}

// AcceptPriceIncrease agrees to the higher price a host asks for: PUT
// /api/v0/instances/accept-price-increase/. Instance is not sent; it says whose
// price it is.
type AcceptPriceIncrease struct {
	Increase PriceIncreaseID
	Instance InstanceID
}

// RejectPriceIncrease refuses the higher price a host asks for: PUT
// /api/v0/instances/reject-price-increase/. Instance is not sent.
type RejectPriceIncrease struct {
	Increase PriceIncreaseID
	Instance InstanceID
}

// ExecuteCommand runs one of the few commands that the API runs without ssh, also
// on a stopped instance: PUT /api/v0/instances/command/{id}/. Its Result names
// the Output, which Client.Output reads.
type ExecuteCommand struct {
	ID      InstanceID
	Command string // "ls -l /workspace": ls, rm or du, at most MaxCommand bytes
}

// AttachSSHKey lets a public key into one instance: POST
// /api/v0/instances/{id}/ssh/.
type AttachSSHKey struct {
	ID  InstanceID
	Key string // the public key as text, "ssh-ed25519 AAAA… comment"
}

// DetachSSHKey keeps a public key out of one instance again: DELETE
// /api/v0/instances/{id}/ssh/{key}/.
type DetachSSHKey struct {
	ID  InstanceID
	Key int64 // the key's id
}

func (RecycleInstance) call()     {}
func (UpdateInstance) call()      {}
func (AcceptPriceIncrease) call() {}
func (RejectPriceIncrease) call() {}
func (ExecuteCommand) call()      {}
func (AttachSSHKey) call()        {}
func (DetachSSHKey) call()        {}

// Method is PUT.
func (RecycleInstance) Method() string { return http.MethodPut }

// Method is PUT.
func (UpdateInstance) Method() string { return http.MethodPut }

// Method is PUT.
func (AcceptPriceIncrease) Method() string { return http.MethodPut }

// Method is PUT.
func (RejectPriceIncrease) Method() string { return http.MethodPut }

// Method is PUT.
func (ExecuteCommand) Method() string { return http.MethodPut }

// Method is POST.
func (AttachSSHKey) Method() string { return http.MethodPost }

// Method is DELETE.
func (DetachSSHKey) Method() string { return http.MethodDelete }

// Path names the instance.
func (c RecycleInstance) Path() string { return "/api/v0/instances/recycle/" + c.ID.String() + "/" }

// Path names the instance.
func (c UpdateInstance) Path() string {
	return "/api/v0/instances/update_template/" + c.ID.String() + "/"
}

// Path is the same for all: the body names the increase.
func (AcceptPriceIncrease) Path() string { return "/api/v0/instances/accept-price-increase/" }

// Path is the same for all: the body names the increase.
func (RejectPriceIncrease) Path() string { return "/api/v0/instances/reject-price-increase/" }

// Path names the instance.
func (c ExecuteCommand) Path() string { return "/api/v0/instances/command/" + c.ID.String() + "/" }

// Path names the instance.
func (c AttachSSHKey) Path() string { return instancePath(c.ID) + "ssh/" }

// Path names the instance and the key.
func (c DetachSSHKey) Path() string {
	return instancePath(c.ID) + "ssh/" + strconv.FormatInt(c.Key, 10) + "/"
}

// Body is an empty object: writes always carry one (recorded requests).
func (RecycleInstance) Body() ([]byte, error) { return []byte("{}"), nil }

// Preview is Body.
func (c RecycleInstance) Preview() ([]byte, error) { return c.Body() }

// updateBody is the wire form of an UpdateInstance.
type updateBody struct {
	ID       InstanceID        `json:"id"`
	Template string            `json:"template_hash_id,omitempty"`
	Image    string            `json:"image,omitempty"`
	Env      map[string]string `json:"env,omitempty"`
	OnStart  string            `json:"onstart,omitempty"`
}

func (c UpdateInstance) body(env map[string]string) ([]byte, error) {
	return plainJSON(updateBody{c.ID, c.Template, c.Image, env, c.OnStart})
}

// Body is the request as sent.
func (c UpdateInstance) Body() ([]byte, error) { return c.body(c.Env) }

// Preview masks the values of variables; docker flags are not secret and stay.
func (c UpdateInstance) Preview() ([]byte, error) { return c.body(maskedEnv(c.Env)) }

// maskedEnv is env with the values of its variables masked.
func maskedEnv(env map[string]string) map[string]string {
	shown := make(map[string]string, len(env))
	for k, v := range env {
		if len(k) > 0 && k[0] != '-' {
			v = masked
		}
		shown[k] = v
	}
	return shown
}

// plainJSON is v as JSON. Nobody shows a request as HTML: "a > b" stays readable
// in a preview.
func plainJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// increaseBody has the one key that is allowed.
type increaseBody struct {
	ID PriceIncreaseID `json:"pending_price_increase_id"`
}

// Body is the request as sent.
func (c AcceptPriceIncrease) Body() ([]byte, error) { return json.Marshal(increaseBody{c.Increase}) }

// Preview is Body: nothing in it is secret.
func (c AcceptPriceIncrease) Preview() ([]byte, error) { return c.Body() }

// Body is the request as sent.
func (c RejectPriceIncrease) Body() ([]byte, error) { return json.Marshal(increaseBody{c.Increase}) }

// Preview is Body: nothing in it is secret.
func (c RejectPriceIncrease) Preview() ([]byte, error) { return c.Body() }

// Body is the request as sent.
func (c ExecuteCommand) Body() ([]byte, error) {
	return plainJSON(map[string]string{"command": c.Command})
}

// Preview is Body: nothing in it is secret.
func (c ExecuteCommand) Preview() ([]byte, error) { return c.Body() }

// Body is the request as sent.
func (c AttachSSHKey) Body() ([]byte, error) { return plainJSON(map[string]string{"ssh_key": c.Key}) }

// Preview is Body: a public key is no secret.
func (c AttachSSHKey) Preview() ([]byte, error) { return c.Body() }

// Body is an empty object.
func (DetachSSHKey) Body() ([]byte, error) { return []byte("{}"), nil }

// Preview is Body.
func (c DetachSSHKey) Preview() ([]byte, error) { return c.Body() }

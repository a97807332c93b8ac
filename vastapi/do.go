package vastapi

import (
	"context"
	"net/http"
	"strings"
)

// Do carries out one Call. It is the only method that changes the account, and
// it sends the request at most once: no part of the client repeats it, a 429
// included, because an answer that is lost says nothing about what was done.
// The time limit (60 s for a create and a prepay, 30 s else) starts when the pacer lets the
// request go.
func (c *Client) Do(ctx context.Context, call Call) Result {
	path, query, _ := strings.Cut(call.Path(), "?")
	r := &request{method: call.Method(), path: path, query: query, route: routeOf(call), write: true, size: maxAnswer, total: c.limits.Total}
	switch call.(type) {
	case CreateInstance, PrepayInstance: // they can take longer than others
		r.total = c.limits.Long
	}
	r.secrets = secretsOf(call)
	body, err := prepare(call)
	if err != nil {
		e := c.newError(r, KindRejected)
		e.Message = c.said(r, err.Error())
		e.Cause = inertCause{text: e.Message, err: err}
		return Result{Outcome: OutcomeNotSent, Err: e}
	}
	r.body = body
	a, err := c.chain(ctx, r)
	return c.settle(call, r, a, err)
}

func prepare(call Call) ([]byte, error) {
	if v, ok := call.(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			return nil, err
		}
	}
	return call.Body()
}

func routeOf(call Call) Route {
	switch call.(type) {
	case CreateInstance:
		return RouteCreate
	case DestroyInstance:
		return RouteDestroy
	case RebootInstance:
		return RouteReboot
	case ChangeBid:
		return RouteBid
	case PrepayInstance:
		return RoutePrepay
	case RecycleInstance:
		return RouteRecycle
	case UpdateInstance:
		return RouteUpdate
	case AcceptPriceIncrease:
		return RouteAccept
	case RejectPriceIncrease:
		return RouteReject
	case ExecuteCommand:
		return RouteExecute
	case AttachSSHKey:
		return RouteAttach
	case DetachSSHKey:
		return RouteDetach
	case AddSSHKey, DeleteSSHKey:
		return RouteEditKeys
	case CreateVolume, DeleteVolume, CloneVolume:
		return RouteEditVolumes
	case CopyData, CancelCopy:
		return RouteCopy
	case CreateAPIKey, DeleteAPIKey:
		return RouteEditAPIKeys
	case CreateEnvVar, UpdateEnvVar, DeleteEnvVar:
		return RouteEditEnvVars
	}
	return RouteManage
}

// settle says what is known after a call. Confirmed and rejected need the API's
// own word for it; everything in between is unknown.
func (c *Client) settle(call Call, r *request, a *answer, err error) Result {
	res := Result{}
	if e := asError(err); e != nil {
		res.Err = e
	}
	if r.untouched {
		res.Outcome = OutcomeNotSent
		return res
	}
	if a == nil {
		return res
	}
	env := readEnvelope(a.body)
	create, creates := call.(CreateInstance)
	if creates && env.object {
		// An answer cut short may hold half a number. A bid below the minimum is refused, and yet the instance exists,
		// stopped, and bills its disk: new_contract stands in the refusal.
		res.Contract = env.contract
	}
	switch {
	case err == nil && creates && env.contract <= 0:
		res.Err = c.unconfirmed(r, a, "the answer names no contract for offer "+create.Offer.String())
	case err == nil && !creates && !env.success.Yes() && !saidInWords(call, a):
		res.Err = c.unconfirmed(r, a, "the answer does not say whether it was done")
	case err == nil:
		res.Outcome, res.Volume = OutcomeConfirmed, env.volume
		switch call.(type) {
		case ExecuteCommand:
			res.Output = c.outputOf(a.body)
		case CreateAPIKey:
			res.Key = readNewKey(a.body)
		}
	default:
		return c.refused(call, res, a, env)
	}
	return res
}

func (c *Client) unconfirmed(r *request, a *answer, why string) *Error {
	e := c.newError(r, KindServer)
	e.Status, e.Message = a.status, why
	return e
}

// refused sorts the answers that are no success.
func (c *Client) refused(call Call, res Result, a *answer, env envelope) Result {
	e := asError(res.Err)
	switch {
	case e.Kind == KindServer && RouteOf(call) == RouteEditAPIKeys && call.Method() == http.MethodDelete && saidInWords(call, a):
		return Result{Outcome: OutcomeConfirmed}
	case isQueued(call, e, env):
		return Result{Outcome: OutcomeConfirmed, Queued: true}
	case isGone(call, e):
		return Result{Outcome: OutcomeConfirmed}
	case isRejection(a.status, e, env):
		res.Outcome = OutcomeRejected
	}
	return res
}

// saidInWords knows the answers that say yes without "success": a key that was made
// is told, and one that was deleted is "Successfully Deleted API Key" (published
// description), in an object, in a text or bare.
func saidInWords(call Call, a *answer) bool {
	if a.status != http.StatusOK {
		return false
	}
	switch call.(type) {
	case CreateAPIKey:
		return readNewKey(a.body).Given()
	case DeleteAPIKey:
		return len(a.body) < 200 && containsFold(string(a.body), "successfully deleted") && !readEnvelope(a.body).success.No()
	}
	return false
}

// isQueued knows the answer to a start whose GPU is taken: 200 with
// success:false, and yet the start is queued and happens once the GPU is free.
func isQueued(call Call, e *Error, env envelope) bool {
	state, ok := call.(SetInstanceState)
	return ok && state.State == "running" && e.Status == http.StatusOK && env.success.No() && containsFold(env.msg, "queued")
}

// isGone reports that what was to be destroyed or deleted does not exist: done. A
// key that is missing is 400 no_ssh_key or 404 no_such_ssh_key (API description).
func isGone(call Call, e *Error) bool {
	switch call.(type) {
	case DestroyInstance:
		return e.Kind == KindNotFound && e.Status == http.StatusNotFound
	case DeleteVolume:
		return e.Code == "no_such_volume"
	case DeleteSSHKey:
		return e.Code == "no_ssh_key" || e.Code == "no_such_ssh_key"
	case DetachSSHKey:
		return e.Code == "no_such_ssh_key"
	case DeleteAPIKey:
		return e.Kind == KindNotFound && e.Status == http.StatusNotFound
	case DeleteEnvVar:
		return e.Code == "nonexistent_key"
	}
	return false
}

// isRejection reports that the API itself says no. A page of a proxy, a 5xx and
// a redirect do not prove that nothing was done.
func isRejection(status int, e *Error, env envelope) bool {
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusUnauthorized:
		return true // turned away at the door, in JSON or in plain text
	case e.Kind == KindTransport, e.Kind == KindTimeout, e.Kind == KindCancelled:
		return false // the answer broke off
	case status == http.StatusOK, status >= 400 && status < 500:
		return env.isVast()
	}
	return false
}

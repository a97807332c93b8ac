package rental

import (
	"fmt"

	"vastdeck/vastapi"
)

// whyRejected says why the server refused, and what can be done.
func whyRejected(a *attempt) string {
	if isRent(a.step.Call) && a.contract != 0 {
		return fmt.Sprintf("the rent was refused, but left instance %d behind, stopped: its disk is billed until you destroy it", a.contract)
	}
	e, ok := apiError(a.err)
	switch {
	case !ok:
		return "the server refused, and nothing was changed: try again"
	case e.Kind == vastapi.KindNotFound:
		return whyNotFound(a)
	}
	return e.Sentence()
}

func whyNotFound(a *attempt) string {
	if isRent(a.step.Call) {
		return "the offer is gone: search again and pick another"
	}
	return "the instance is gone: it was destroyed or its contract ended"
}

func whyNotSent(err error) string {
	switch e, ok := apiError(err); {
	case !ok || e.Kind == vastapi.KindTransport:
		return "there is no connection to the server, so nothing was sent: try again when it is back"
	case e.Kind == vastapi.KindTimeout || e.Kind == vastapi.KindCancelled:
		return "its turn did not come in time, so nothing was sent: try again"
	default:
		return "nothing was sent: " + e.Sentence()
	}
}

func whyUnknown(a *attempt) string {
	if isRent(a.step.Call) {
		return a.said.String() + ": it may have been rented. Look at the instances before you rent again; the next start of this program looks for it too"
	}
	return a.said.String() + ": it may have happened. Look at the instance before you try again"
}

func whyAbsent(a *attempt) string {
	switch c := a.step.Call.(type) {
	case vastapi.CreateInstance:
		if a.contract != 0 {
			return fmt.Sprintf("the answer could not be made out but named instance %d, which is not listed under this name: look at it before you rent again", a.contract)
		}
		return a.said.String() + ", and it was not rented as far as can be seen: renting again is safe"
	case vastapi.DestroyInstance:
		return fmt.Sprintf("instance %d is still there, and is billed: try again, or destroy it in the console", c.ID)
	case vastapi.SetInstanceState:
		if c.State == "stopped" {
			return fmt.Sprintf("instance %d was not stopped, and is billed as before: try again", c.ID)
		}
		return fmt.Sprintf("instance %d was not started: try again", c.ID)
	}
	return "it did not happen: try again"
}

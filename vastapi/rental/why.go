package rental

import (
	"fmt"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// whyRejected says why the server refused, and what can be done.
func whyRejected(a *attempt) string {
	if isRent(a.step.Call) && a.contract != 0 {
		if a.foreign {
			return fmt.Sprintf("the rent was refused; its answer named instance %d, which is another one: look at it before you rent again", a.contract)
		}
		return refusedBid(a.err) + leftWords(a.contract, a.delivered)
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

// refusedBid begins the sentence about what a refused rent left behind. A bid that was
// too low is named as the cause, with the least that would have done.
func refusedBid(err error) string {
	e, ok := apiError(err)
	switch {
	case !ok || e.Kind != vastapi.KindBid:
		return "the rent was refused, but "
	case e.MinBid > 0:
		return "the bid was refused: the lowest that would run is " + pricing.ShownEnough(e.MinBid) + "; it "
	}
	return "the bid was refused: it is below the lowest that would run; it "
}

// leftWords says of the instance that a refused rent left what it is billed, as
// far as that was seen; i is nil when it was not.
func leftWords(id vastapi.InstanceID, i *vastapi.Instance) string {
	text := fmt.Sprintf("left instance %d behind", id)
	if i == nil {
		return text + ", and what it is billed was not seen: look at it, and destroy it if you do not want it"
	}
	price := pricing.Shown(pricing.Will(i))
	switch state := Display(*i); {
	case state.Class == ClassRunning:
		return text + ", running: it is billed " + price + " until you destroy it"
	case pricing.Heading(i):
		return text + ", about to run: it is billed " + price + " then, until you destroy it"
	case state.Class == ClassStopped && i.Intended.String() == "stopped":
		return text + ", stopped: its disk is billed " + price + " until you destroy it"
	default:
		return text + ", " + strings.ToLower(state.Word) + ": it is billed " + price + " until you destroy it"
	}
}

// twiceWords says that one rent made several instances.
func twiceWords(copies []vastapi.InstanceID) string {
	if len(copies) == 2 {
		return fmt.Sprintf("it was rented twice: instances %d and %d, and both are billed", copies[0], copies[1])
	}
	return fmt.Sprintf("it was rented %d times: instances %s, and all are billed", len(copies), idsText(copies))
}

func idsText(ids []vastapi.InstanceID) string {
	var parts []string
	for _, id := range ids {
		parts = append(parts, id.String())
	}
	return strings.Join(parts, ", ")
}

// lacksVolume reports whether the API refused because it knows no such volume.
func lacksVolume(err error) bool {
	e, ok := apiError(err)
	return ok && e.Code == "no_such_volume"
}

func whyNotFound(a *attempt) string {
	noVolume := lacksVolume(a.err)
	switch a.step.Call.(type) {
	case vastapi.CreateInstance:
		if noVolume {
			return "the volume it was to have is gone, and nothing was rented: choose another one, or none"
		}
		return "the offer is gone: search again and pick another"
	case vastapi.AcceptPriceIncrease, vastapi.RejectPriceIncrease:
		return "this price increase waits no longer: it was answered, or the host took it back; look at the price again"
	case vastapi.CloneVolume:
		if noVolume {
			return "the volume that was to be copied is gone, and nothing was made"
		}
		return "this place is gone: look for another one"
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
	what := a.step.Place().Words()
	if a.step.Subject.Instance != 0 {
		what = "the instance"
	}
	return a.said.String() + ": it may have happened. Look at " + what + " before you try again"
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

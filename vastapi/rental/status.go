package rental

import (
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// Class groups the states of an instance by what they mean for its renter.
type Class uint8

// The classes.
const (
	ClassOther    Class = iota // a state not known here
	ClassRunning               // computes
	ClassMoving                // on its way to another state by itself
	ClassStopped               // stopped as asked; the disk is billed
	ClassWaiting               // wants to run, but something else has the GPU
	ClassLost                  // the machine cannot be reached
	ClassFailed                // will not come up by itself
	ClassTerminal              // being destroyed
)

// State is the one status of an instance that is shown.
type State struct {
	Word  string // "RUNNING"; a word not known here passes through in capitals
	Class Class
	Why   string // one sentence, without text from outside; "" when the word says it all
}

const maxWord = 16

// Display derives the one state to show from the fields the API gives, of which
// none says it alone.
func Display(i vastapi.Instance) State {
	actual := i.Actual.String()
	switch {
	case actual == "offline":
		return State{"OFFLINE", ClassLost, "the host is disconnected; nothing is billed meanwhile"}
	case actual == "unknown":
		return State{"UNKNOWN", ClassLost, "the machine sends no sign of life"}
	case i.Cur.String() == "unloaded" || i.Next.String() == "unloaded":
		return State{"DESTROYING", ClassTerminal, ""}
	case i.Intended.String() == "stopped":
		return displayStopped(i, actual)
	}
	return displayRunning(i, actual)
}

func displayStopped(i vastapi.Instance, actual string) State {
	switch {
	case actual == "running":
		return State{"STOPPING", ClassMoving, ""}
	case outbid(i):
		return State{"OUTBID", ClassWaiting, "the price to hold is " + pricing.ShownEnough(i.MinBid) +
			", the bid is " + pricing.Shown(i.DphBase) + "; it resumes by itself when the bid wins again"}
	case i.Bid && !vastapi.Known(i.MinBid):
		return State{"STOPPED", ClassStopped, "stopped or outbid: the price to hold is not known; the disk is billed"}
	}
	return State{"STOPPED", ClassStopped, "the disk is billed: " + pricing.Shown(pricing.Stopped(&i))}
}

// outbid tells an interruptible instance that lost its GPU from one that was
// stopped. Every field is the same in both; only a price to hold above the bid
// tells, and that may have risen since. Watched.State knows better.
func outbid(i vastapi.Instance) bool {
	return outbids(&i) && i.Cur.String() == "stopped" && i.Next.String() == "stopped"
}

// outbids reports whether the price to hold is above the bid of i.
func outbids(i *vastapi.Instance) bool { return i.Bid && i.MinBid > i.DphBase }

func displayRunning(i vastapi.Instance, actual string) State {
	switch actual {
	case "running":
		return State{"RUNNING", ClassRunning, ""}
	case "", "created", "loading":
		return displayStarting(i, actual)
	case "exited", "stopped":
		if i.Cur.String() == "stopped" {
			return State{"SCHEDULING", ClassWaiting, "somebody else has the GPU; it starts when the GPU is free, stop cancels that"}
		}
		if actual == "exited" {
			return State{"EXITED", ClassFailed, "the container ended by itself; its log says why"}
		}
		return State{"STOPPED", ClassStopped, "it shall run and has its GPU, but its container is stopped; a reboot may start it"}
	case "scheduling":
		return State{"SCHEDULING", ClassWaiting, "the GPU is held by somebody else"}
	case "rebooting", "recycling":
		return State{strings.ToUpper(actual), ClassMoving, ""}
	case "frozen":
		return State{"FROZEN", ClassStopped, "paused with its memory; the GPU is billed"}
	}
	word := strings.ToUpper(safetext.Clean(actual, maxWord))
	return State{word, ClassOther, "a state this program does not know"}
}

func displayStarting(i vastapi.Instance, actual string) State {
	if pricing.Failed(&i) {
		why := finalWordOf(&i)
		if why == "" {
			why = "the host could not start the container"
		}
		return State{"ERROR", ClassFailed, why + "; the disk is billed until it is destroyed"}
	}
	if actual == "loading" {
		return State{"LOADING", ClassMoving, ""}
	}
	return State{"CREATING", ClassMoving, ""}
}

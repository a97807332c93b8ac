package rental

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Trouble is why a rent did not come out as wanted.
type Trouble string

// The troubles.
const (
	TroubleNone       Trouble = ""
	TroubleGone       Trouble = "offer gone"       // taken or withdrawn; nothing was rented
	TroubleMoved      Trouble = "offer moved"      // dearer or different than shown; nothing was sent
	TroubleCredit     Trouble = "credit"           // not enough money on the account
	TroubleSpendLimit Trouble = "spend limit"      // the account may not spend more an hour
	TroubleCap        Trouble = "cap"              // the user's own limit
	TroubleImage      Trouble = "image"            // the image or its login is refused
	TroubleEnv        Trouble = "environment"      // the variables, ports or flags are refused
	TroubleSSHKey     Trouble = "ssh key"          // the account has none, and this needs one
	TroubleForm       Trouble = "form"             // something else in the form is refused
	TroubleBid        Trouble = "bid too low"      // below what others bid
	TroubleAuth       Trouble = "log in"           // the key is not accepted, or may not do this
	TroubleRate       Trouble = "too many"         // the server asks to slow down
	TroubleOffline    Trouble = "no connection"    // nothing left this machine
	TroubleLost       Trouble = "no answer"        // it may have happened
	TroubleLeftover   Trouble = "left behind"      // refused, but an instance stands there
	TroubleTwice      Trouble = "rented twice"     // one rent made several instances, and all are billed
	TroubleDelivered  Trouble = "not as asked for" // rented, but it differs
	TroubleRefused    Trouble = "refused"          // for another reason
)

// ActionKind is what an action does, for whoever draws it to bind.
type ActionKind string

// The kinds of actions.
const (
	ActRentNext  ActionKind = "rent next"  // plan the next best offer with the same form: NextBest
	ActSearch    ActionKind = "search"     // look at the market
	ActEdit      ActionKind = "edit"       // open the form again at Action.Field
	ActAddCredit ActionKind = "add credit" // Action.Link is where
	ActLogIn     ActionKind = "log in"
	ActRetry     ActionKind = "retry"   // plan the same again
	ActLook      ActionKind = "look"    // go to Action.Place: to Action.Instances, or to its list when there are none
	ActDestroy   ActionKind = "destroy" // plan to destroy Action.Instances
	ActBlock     ActionKind = "block"   // leave the host of Action.Machine out of searches
	ActWait      ActionKind = "wait"
	ActLog       ActionKind = "log"       // show the log of Action.Instances
	ActAddKey    ActionKind = "add key"   // Action.Link is where
	ActTakeBack  ActionKind = "take back" // Report.Rollback
	ActRentMore  ActionKind = "rent more" // plan another fleet of Action.Count with the same form, without the offers that were tried
)

// Action is something the user can do about a trouble.
type Action struct {
	Kind      ActionKind
	Text      string // what its button says: "Rent the next best"
	Field     string // for ActEdit: the field of the form
	Link      string // where it is done outside this program
	Instances []vastapi.InstanceID
	Machine   vastapi.MachineID
	Offer     vastapi.OfferID // what was tried
	Count     int             // for ActRentMore
	Place     Place           // for ActLook
}

// Next is what happened in one sentence, and what can be done about it, the
// likeliest first.
type Next struct {
	Trouble  Trouble
	Sentence string // inert, with a full stop
	Actions  []Action
}

// Where things are done that this program cannot do.
const (
	billing = "https://cloud.vast.ai/billing/"
	keys    = "https://cloud.vast.ai/manage-keys/"
)

// Next says what can be done about what came of s.
func (s StepResult) Next() Next {
	trouble := s.trouble()
	return Next{Trouble: trouble, Sentence: s.told(trouble), Actions: s.actions(trouble)}
}

// trouble finds the reason.
func (s StepResult) trouble() Trouble {
	switch {
	case !isRent(s.Step.Call):
		return plainTrouble(s)
	case s.Outcome == vastapi.OutcomeUnknown:
		return TroubleLost
	case s.Twice():
		return TroubleTwice
	case s.Outcome == vastapi.OutcomeConfirmed && len(s.Differences) > 0:
		return TroubleDelivered
	case s.Outcome == vastapi.OutcomeConfirmed:
		return TroubleNone
	case s.Contract != 0 && !s.Foreign:
		return TroubleLeftover
	}
	return plainTrouble(s)
}

func plainTrouble(s StepResult) Trouble {
	switch {
	case s.Outcome == vastapi.OutcomeConfirmed:
		return TroubleNone
	case s.Outcome == vastapi.OutcomeUnknown:
		return TroubleLost
	case s.Err == nil && s.Outcome == vastapi.OutcomeNotSent:
		return TroubleMoved
	}
	return TroubleOf(s.Err)
}

// TroubleOf finds the trouble that an answer of the API speaks of.
func TroubleOf(err error) Trouble {
	e, ok := apiError(err)
	if !ok {
		return TroubleRefused
	}
	if lacksVolume(err) {
		return TroubleForm // the volume that was chosen there
	}
	if t, known := troubleOfKind[e.Kind]; known {
		return t
	}
	if e.Kind == vastapi.KindRejected && strings.HasPrefix(e.Code, "invalid") {
		return TroubleForm
	}
	return TroubleRefused
}

var troubleOfKind = map[vastapi.Kind]Trouble{
	vastapi.KindGone:        TroubleGone,
	vastapi.KindNotFound:    TroubleGone,
	vastapi.KindAuth:        TroubleAuth,
	vastapi.KindRateLimited: TroubleRate,
	vastapi.KindCredit:      TroubleCredit,
	vastapi.KindSpendLimit:  TroubleSpendLimit,
	vastapi.KindBid:         TroubleBid,
	vastapi.KindImage:       TroubleImage,
	vastapi.KindEnv:         TroubleEnv,
	vastapi.KindSSHKey:      TroubleSSHKey,
	vastapi.KindTransport:   TroubleOffline,
	vastapi.KindTimeout:     TroubleOffline,
	vastapi.KindCancelled:   TroubleOffline,
}

// told is the trouble as a sentence.
func (s StepResult) told(t Trouble) string {
	switch t {
	case TroubleNone:
		return s.Why
	case TroubleGone:
		if isRent(s.Step.Call) {
			return fmt.Sprintf("Offer %s was taken by somebody else or withdrawn; nothing was rented.", s.Step.Subject.Offer)
		}
	case TroubleCredit:
		return "The account has too little credit for this; nothing was rented."
	case TroubleSpendLimit:
		return "The account may not spend more per hour: new accounts have a limit that rises with what was paid. Nothing was rented."
	case TroubleImage:
		return "The server refuses the image; check its name, its tag and the login to its registry. Nothing was rented."
	case TroubleEnv:
		return "The server refuses the variables, ports or docker flags; nothing was rented."
	case TroubleSSHKey:
		return "The account has no ssh key, and this needs one; nothing was rented."
	case TroubleBid:
		if !isRent(s.Step.Call) {
			return "The bid is below the lowest that is taken" + s.leastBid() + "; it stays as it was."
		}
		return "The bid is below the lowest that would run" + s.leastBid() + "; nothing was rented."
	case TroubleLeftover:
		if s.Why == "" {
			return sentence("the rent was refused, but " + leftWords(s.Contract, s.Delivered))
		}
	case TroubleTwice:
		text := sentence(twiceWords(s.Copies))
		if len(s.Differences) > 0 {
			text += fmt.Sprintf(" Instance %s is not what was asked for: %s.", s.Contract, differencesText(s.Differences))
		}
		return text
	case TroubleDelivered:
		return fmt.Sprintf("Instance %s is not what was asked for: %s.", s.Contract, differencesText(s.Differences))
	}
	if s.Why != "" {
		return s.Why
	}
	return "It did not happen."
}

// leastBid is the lowest bid, when the refusal names it.
func (s StepResult) leastBid() string {
	if e, ok := apiError(s.Err); ok && e.MinBid > 0 {
		return ", " + pricing.ShownEnough(e.MinBid)
	}
	return ""
}

func differencesText(list []Difference) string {
	var parts []string
	for _, d := range list {
		parts = append(parts, d.String())
	}
	return strings.Join(parts, "; ")
}

// actions are what can be done about t.
func (s StepResult) actions(t Trouble) []Action {
	subject := s.Step.Subject
	next := Action{Kind: ActRentNext, Text: "Rent the next best", Offer: subject.Offer}
	edit := func(field, text string) Action {
		return Action{Kind: ActEdit, Text: text, Field: field, Offer: subject.Offer}
	}
	search := Action{Kind: ActSearch, Text: "Search again"}
	retry := Action{Kind: ActRetry, Text: "Try again"}
	var instance []vastapi.InstanceID
	if id := cmp.Or(s.Contract, subject.Instance); id != 0 {
		instance = []vastapi.InstanceID{id}
	}
	look := Action{Kind: ActLook, Text: "Look at " + s.Step.Place().Words(), Instances: instance, Place: s.Step.Place()}
	destroy := Action{Kind: ActDestroy, Text: "Destroy it", Instances: instance}
	switch {
	case t == TroubleNone:
		return nil
	case !isRent(s.Step.Call) && t == TroubleAuth:
		return []Action{{Kind: ActLogIn, Text: "Log in"}}
	case !isRent(s.Step.Call):
		return []Action{retry, look}
	}
	switch t {
	case TroubleGone, TroubleMoved:
		return []Action{next, search}
	case TroubleCredit:
		return []Action{{Kind: ActAddCredit, Text: "Add credit", Link: billing}, next, search}
	case TroubleSpendLimit:
		return []Action{{Kind: ActAddCredit, Text: "Add credit", Link: billing}, look, search}
	case TroubleImage:
		return []Action{edit("image", "Change the image")}
	case TroubleEnv:
		return []Action{edit("env", "Change the variables")}
	case TroubleSSHKey:
		return []Action{{Kind: ActAddKey, Text: "Add an ssh key", Link: keys}, retry}
	case TroubleForm, TroubleRefused:
		if lacksVolume(s.Err) {
			return []Action{edit("volume", "Choose another volume")}
		}
		return []Action{edit("", "Change the form"), next}
	case TroubleBid:
		return []Action{edit("bid", "Raise the bid"), next}
	case TroubleAuth:
		return []Action{{Kind: ActLogIn, Text: "Log in"}}
	case TroubleRate:
		return []Action{{Kind: ActWait, Text: "Wait a moment"}, retry}
	case TroubleOffline:
		return []Action{retry}
	case TroubleLeftover:
		return []Action{destroy, look}
	case TroubleTwice:
		return s.twiceActions(destroy)
	case TroubleDelivered:
		if s.Foreign {
			return []Action{look}
		}
		return []Action{destroy, {Kind: ActBlock, Text: "Block the host", Machine: subject.Machine}, look}
	}
	return []Action{look}
}

// twiceActions: an end to those that are one too many, whether or not the one that
// is kept is as asked for.
func (s StepResult) twiceActions(destroy Action) []Action {
	others := Action{Kind: ActDestroy, Text: "Destroy the other one", Instances: s.others()}
	if len(others.Instances) > 1 {
		others.Text = fmt.Sprintf("Destroy the other %d", len(others.Instances))
	}
	list := []Action{others}
	if s.Outcome != vastapi.OutcomeConfirmed || len(s.Differences) > 0 {
		destroy.Text, destroy.Instances = "Destroy them all", s.Copies
		list = append(list, destroy)
	}
	return append(list, Action{Kind: ActLook, Text: "Look at the instances", Instances: s.Copies})
}

// Twice reports whether one rent made more than one instance.
func (s StepResult) Twice() bool { return len(s.Copies) > 1 }

// others are the copies beside Contract.
func (s StepResult) others() []vastapi.InstanceID {
	return slices.DeleteFunc(slices.Clone(s.Copies), func(id vastapi.InstanceID) bool { return id == s.Contract })
}

// Actions are what can be done about a fleet as a whole once it has come to its
// end; each of its steps has its own in Next. None when all is well.
func (r Report) Actions() []Action {
	var out []Action
	if list := r.Leftovers(); len(list) > 0 {
		out = append(out, Action{Kind: ActDestroy, Text: "Destroy what was left behind", Instances: contracts(list)})
	}
	if others := r.tooMany(); len(others) > 0 {
		out = append(out, Action{Kind: ActDestroy, Text: "Destroy what was rented twice", Instances: others})
	}
	if len(r.Unknown) > 0 {
		out = append(out, Action{Kind: ActLook, Text: "Look at the instances"})
	}
	missing := r.Plan.Wanted() - len(r.Done) - len(r.Unknown)
	if own := contracts(r.Done); r.Short() && len(own) > 0 {
		out = append(out, Action{Kind: ActTakeBack, Text: fmt.Sprintf("Take back the %d", len(own)), Instances: own})
	}
	if r.Plan.Mode == FirstN && missing > 0 {
		out = append(out, Action{Kind: ActRentMore, Text: fmt.Sprintf("Rent %d more", missing), Count: missing})
	}
	return out
}

// contracts are the instances that the rents of list made, as far as they say so.
func contracts(list []StepResult) []vastapi.InstanceID {
	var ids []vastapi.InstanceID
	for _, s := range list {
		if s.Contract != 0 && !s.Foreign {
			ids = append(append(ids, s.Contract), s.others()...)
		}
	}
	return ids
}

// tooMany are the instances that came beside the one of their rent.
func (r Report) tooMany() []vastapi.InstanceID {
	var ids []vastapi.InstanceID
	for _, s := range r.Done {
		if s.Twice() {
			ids = append(ids, s.others()...)
		}
	}
	return ids
}

// NextBest finds what to rent instead of o with the same form: of the given
// offers that opt can rent, with as many of the same GPU on another machine, the
// cheapest with its disk, then the most reliable. It is false when there is none.
// without is left out as well: the offers that were tried.
func NextBest(offers []vastapi.Offer, o vastapi.Offer, opt RentOptions, without ...vastapi.OfferID) (vastapi.Offer, bool) {
	var best *candidate
	for n := range offers {
		other := &offers[n]
		switch {
		case other.ID == o.ID, other.MachineID == o.MachineID, slices.Contains(without, other.ID),
			other.NumGPUs != o.NumGPUs, !other.GPUName.Equal(o.GPUName), len(opt.Validate(other)) > 0:
			continue
		}
		price, err := rentable(other, opt)
		if err != nil {
			continue
		}
		c := candidate{offer: *other, step: Step{Rate: price.Total()}}
		if best == nil || better(c, *best) < 0 {
			best = &c
		}
	}
	if best == nil {
		return vastapi.Offer{}, false
	}
	return best.offer, true
}

package rental

import (
	"context"
	"slices"
	"time"

	"vastdeck/vastapi"
)

// accountReader reads the keys and variables of the account.
type accountReader interface {
	APIKeys(context.Context) ([]vastapi.APIKey, error)
	EnvVars(context.Context) ([]vastapi.EnvVar, error)
}

// judgeAccount decides what a look means for a change of the account's keys and
// variables: their lists show it, but for the value of a variable that was there before.
func (x *execution) judgeAccount(a *attempt, at time.Time) {
	reader, can := x.deps.Read.(accountReader)
	if _, hidden := a.step.Call.(vastapi.UpdateEnvVar); hidden || !can {
		x.hidden(a)
		return
	}
	ctx, cancel := x.reading()
	defer cancel()
	done, err := a.shown(ctx, reader)
	switch {
	case err != nil && a.lockedOut(err):
		x.seen(a, nil) // the key in use was the one: that it is refused now is the proof
	case err != nil && vastapi.KindOf(err) == vastapi.KindRights:
		x.judgeUnseen(a) // this key will never see it
	case err != nil:
		x.unread(a)
	case done:
		x.seenOnList(a)
	default:
		x.patient(a, at)
	}
}

// lockedOut reports whether err says that the key which the lists are read with is good for
// nothing any more, after the server said yes to deleting one.
func (a *attempt) lockedOut(err error) bool {
	_, deletes := a.step.Call.(vastapi.DeleteAPIKey)
	return deletes && a.stage == stageAccepted && vastapi.KindOf(err) == vastapi.KindAuth
}

// unread ends an attempt whose list could not be read for too long.
func (x *execution) unread(a *attempt) {
	if a.blind.IsZero() {
		a.blind = time.Now()
	}
	if time.Since(a.blind) > x.deps.Policy.GiveUp {
		x.judgeUnseen(a)
	}
}

// hidden ends an attempt whose result no list shows.
func (x *execution) hidden(a *attempt) {
	if a.stage == stageUnknown {
		a.why = "no list shows the value of a variable, so it is not known whether it was changed: set it again"
	}
	x.judgeUnseen(a)
}

// seenOnList ends an attempt whose result a list shows. A key that was found in place
// of the answer that tells it is of no use.
func (x *execution) seenOnList(a *attempt) {
	_, creates := a.step.Call.(vastapi.CreateAPIKey)
	lost := creates && a.stage == stageUnknown
	x.seen(a, nil)
	if lost && a.stage == stageDone {
		a.why = errKeyLost.Error()
		x.progress(a, StateVerified, a.why)
	}
}

// shown reports whether the lists of the account show what a asks for.
func (a *attempt) shown(ctx context.Context, r accountReader) (bool, error) {
	switch c := a.step.Call.(type) {
	case vastapi.CreateAPIKey:
		keys, err := r.APIKeys(ctx)
		return slices.ContainsFunc(keys, func(k vastapi.APIKey) bool { return a.isNewKey(k, c) }), err
	case vastapi.DeleteAPIKey:
		keys, err := r.APIKeys(ctx)
		return !slices.ContainsFunc(keys, func(k vastapi.APIKey) bool { return k.ID == c.Key }), err
	case vastapi.CreateEnvVar:
		vars, err := r.EnvVars(ctx)
		return hasVariable(vars, c.Key), err
	case vastapi.DeleteEnvVar:
		vars, err := r.EnvVars(ctx)
		return !hasVariable(vars, c.Key), err
	}
	return false, nil
}

// isNewKey reports whether k is the key that c made: the one that the answer named, else
// one of that name that was not there before.
func (a *attempt) isNewKey(k vastapi.APIKey, c vastapi.CreateAPIKey) bool {
	if a.key.ID != 0 {
		return k.ID == a.key.ID
	}
	return k.ID > a.newestKey && k.Name.Wire() == c.Name
}

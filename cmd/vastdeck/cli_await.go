package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// Waiting until what was rented runs. It costs money meanwhile, so that however the
// waiting ends the instance is named.

// beforeLook is the time between two looks at an instance that is on its way up, in
// units of the policy's pace.
const beforeLook = 5

// vigil is the waiting for one instance.
type vigil struct {
	*errand
	id       vastapi.InstanceID
	deadline time.Time
	last     *vastapi.Instance // as it was read last, nil while it was not
	told     string            // the state that was told last
	unread   error             // why it cannot be read, nil = it could be read last
}

// awaitRunning reads an instance until it runs and can be reached, or never will.
func (e *errand) awaitRunning(ctx context.Context, s rental.StepResult, deadline time.Time) (*vastapi.Instance, error) {
	v := vigil{errand: e, id: s.Contract, deadline: deadline, last: s.Delivered}
	for {
		i, err := e.api.Instance(ctx, v.id)
		if ctx.Err() != nil {
			return v.last, context.Cause(ctx)
		}
		if over, err := v.saw(i, err); over {
			return v.last, err
		}
		if !time.Now().Before(deadline) {
			return v.last, v.late()
		}
		if !pause(ctx, v.rest()) {
			return v.last, context.Cause(ctx)
		}
	}
}

// saw takes in what a reading gave and reports whether there is nothing more to wait for;
// the error is why it does not run then.
func (v *vigil) saw(i *vastapi.Instance, err error) (over bool, _ error) {
	kind := vastapi.KindOf(err)
	switch {
	case err == nil && i == nil, kind == vastapi.KindNotFound:
		return true, failedf("instance %s is not there any more: somebody destroyed it.", v.id)
	case kind == vastapi.KindAuth, kind == vastapi.KindRights:
		v.unread = err
		return true, &exitError{exitCode(err), v.unseen()}
	case err != nil:
		if v.unread == nil {
			fmt.Fprintf(v.stderr, "vastdeck: instance %s is rented and billed, but cannot be read now: %s Looking goes on; ctrl+c ends the waiting, not the instance.\n", v.id, ended(saidOf(err)))
		}
		v.unread = err
		return false, nil
	}
	if v.unread != nil {
		fmt.Fprintf(v.stderr, "vastdeck: instance %s can be read again.\n", v.id)
	}
	v.last, v.unread = i, nil
	if state := rental.Display(*i); state.Word != v.told {
		v.told = state.Word
		if v.asks() {
			fmt.Fprintf(v.stderr, "instance %s: %s\n", i.ID, strings.ToLower(v.told))
		}
	}
	arrived, err := arrival(i)
	return arrived || err != nil, err
}

// rest is the time until the next look: never less than the server wants to be left alone.
func (v *vigil) rest() time.Duration {
	rest := beforeLook * v.policy().Pace
	var api *vastapi.Error
	if errors.As(v.unread, &api) {
		rest = max(rest, api.Wait)
	}
	return min(rest, time.Until(v.deadline))
}

// late says that it does not run in time, or that nobody knows.
func (v *vigil) late() error {
	if v.unread != nil {
		return failedf("%s", v.unseen())
	}
	return failedf("instance %s is rented and billed, but does not run yet: `vastdeck instances` shows how far it is, `vastdeck destroy %s` ends it.", v.id, v.id)
}

// unseen says that it is not known whether an instance runs.
func (v *vigil) unseen() string {
	return fmt.Sprintf("instance %s is rented and billed, and whether it runs is not known: %s `vastdeck instances` shows it, `vastdeck destroy %s` ends it.", v.id, ended(saidOf(v.unread)), v.id)
}

// arrival reports whether an instance runs and can be reached; the error is why it will not.
func arrival(i *vastapi.Instance) (bool, error) {
	state := rental.Display(*i)
	switch state.Class {
	case rental.ClassRunning:
		_, reached := sshWay(i)
		return reached || rental.RunType(i.RunType.String()).Args(), nil
	case rental.ClassFailed, rental.ClassTerminal:
		return false, failedf("instance %s does not come up: %s `vastdeck destroy %s` ends it.", i.ID, ended(firstOf(state.Why, strings.ToLower(state.Word))), i.ID)
	}
	return false, nil
}

// interruptedWait says that waiting has ended, not the instances.
func interruptedWait(ctx context.Context, list []rentedJSON) error {
	names := make([]string, len(list))
	for n := range list {
		names[n] = list[n].ID.String()
	}
	all, is, them := "instance "+names[0], "is", "it"
	if last := len(names) - 1; last > 0 {
		all, is, them = "instances "+strings.Join(names[:last], ", ")+" and "+names[last], "are", "them"
	}
	return &exitError{exitCode(context.Cause(ctx)), fmt.Sprintf("interrupted while waiting: %s %s rented and billed. `vastdeck destroy %s` ends %s.", all, is, strings.Join(names, " "), them)}
}

package tui

import (
	"fmt"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// clean reports whether a plan went as agreed, all of it, and was seen to.
func clean(r rental.Report) bool {
	if r.Err != nil || len(r.Failed)+len(r.Unknown) > 0 || !r.Complete() {
		return false
	}
	return r.Plan.Mode == rental.FirstN || len(r.Skipped)+len(r.NotTried) == 0
}

// several reports whether a plan was to rent more than one machine: what came of
// it is always looked at.
func several(r rental.Report) bool { return r.Plan.Mode == rental.FirstN && r.Plan.Want > 1 }

// summary is a report in one line.
func summary(r rental.Report) string {
	var parts []string
	count := func(n int, word string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	if several(r) && len(r.Moved) == 0 {
		return r.Summary()
	}
	if clean(r) {
		return strings.TrimSuffix(done(r)+"; "+lower(r), "; ")
	}
	unseen, odd, twice := 0, 0, 0
	for _, s := range r.Done {
		switch {
		case s.Twice():
			twice++
		case len(s.Differences) > 0:
			odd++
		case !s.Verified && !s.Queued:
			unseen++
		}
	}
	count(len(r.Done)-unseen-odd-twice, "done")
	count(twice, "rented twice")
	count(odd, "done, but not as asked for")
	count(unseen, "accepted, but not seen to have happened")
	count(len(r.Failed), "failed")
	count(len(r.Unknown), "unknown")
	count(len(r.Skipped), "skipped")
	count(len(r.NotTried), "not tried")
	if len(parts) == 0 && r.Err != nil {
		parts = append(parts, view.Sentence(r.Err))
	}
	return r.Plan.Title + ": " + strings.Join(parts, ", ")
}

// past is what was seen to have been done. A start or a stop is seen in what the
// instance is meant to be, long before it is so.
var past = map[string]string{
	"rent": "rented", "destroy": "destroyed", "stop": "stopping", "start": "starting", "rename": "renamed", "update": "updated", "bid": "bid changed for",
	"reboot": "rebooting", "recycle": "recycling", "prepay": "paid ahead for", "accept": "higher price accepted for", "reject": "higher price rejected for",
	"attach": "key attached to", "detach": "key detached from", "add key": "key added:", "delete key": "deleted",
	"create api key": "API key created:", "delete api key": "deleted", "set variable": "variable set:", "delete variable": "deleted",
	"create volume": "volume created at", "clone volume": "copied", "delete volume": "deleted",
	"copy data": "the service copies now into", "cancel copy": "no copy goes on into",
}

func done(r rental.Report) string {
	verb := past[r.Plan.Verb]
	if verb == "" {
		verb = r.Plan.Verb + ": done"
	}
	if id := rented(r); id != 0 && r.Plan.Mode == rental.Chain {
		text := fmt.Sprintf("rented: instance %s", id)
		if len(r.Done) > 1 {
			text += ", and paid ahead"
		}
		return text
	}
	if len(r.Done) != 1 {
		text := fmt.Sprintf("%s %d", verb, len(r.Done))
		if strings.HasPrefix(verb, "key ") { // not keys: what has it now
			text += " instances"
		}
		return text
	}
	s := r.Done[0]
	switch {
	case s.Queued:
		return "start accepted: it waits for the GPU"
	case s.Volume != 0 && s.Contract == 0:
		return fmt.Sprintf("made: volume %s", s.Volume)
	case s.Contract != 0:
		return fmt.Sprintf("rented: instance %s", s.Contract)
	}
	return verb + " " + s.Step.After()
}

func lower(r rental.Report) string {
	if len(r.Lower) == 0 {
		return ""
	}
	return changes(r.Lower)
}

func changes(list []rental.Change) string {
	var words []string
	for _, c := range list {
		words = append(words, c.String())
	}
	return strings.Join(words, "; ")
}

// dearer leaves out prices that fell: those are taken as they are.
func dearer(list []rental.Change) []rental.Change {
	var out []rental.Change
	for _, c := range list {
		if !c.Lower {
			out = append(out, c)
		}
	}
	return out
}

// rented is the instance that a plan has created, or 0.
func rented(r rental.Report) vastapi.InstanceID {
	for _, s := range r.Done {
		if s.Contract != 0 {
			return s.Contract
		}
	}
	return 0
}

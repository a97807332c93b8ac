package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// endOf is how a plan that was carried out ended, nil when all went as planned.
func endOf(ctx context.Context, r rental.Report) error {
	said := troubles(r)
	switch {
	case len(r.Unknown) > 0:
		return unknownf("%s", joined(said, "What became of it is not known. Look at `vastdeck instances` before you do it again; the next start of vastdeck looks for it too."))
	case ctx.Err() != nil && r.Err != nil:
		return interrupted(ctx, r)
	case nothingSent(r) && r.Err != nil:
		return refusal(r)
	case offerGone(r):
		return &exitError{failedCode(r), joined(said, "`vastdeck offers` shows what is on the market now.")}
	case len(r.Failed) > 0 && r.Plan.Mode != rental.FirstN, len(r.NotTried) > 0 && r.Plan.Mode != rental.FirstN:
		return &exitError{failedCode(r), joined(said, stopped(r))}
	case r.Plan.Mode == rental.FirstN && len(r.Done) < r.Plan.Want:
		return &exitError{failedCode(r), joined(said, fmt.Sprintf("%d of %d were rented.", len(r.Done), r.Plan.Want), firstOf(stopped(r), usedUp(r)))}
	case missed(r):
		return failedf("%s", joined(said))
	}
	return nil
}

// offerGone reports whether nothing came of a plan because its one offer was gone.
func offerGone(r rental.Report) bool {
	if r.Plan.Mode == rental.FirstN || len(r.Done) > 0 || len(r.Failed) != 1 {
		return false
	}
	s := r.Failed[0]
	return s.Step.Subject.Offer != 0 && s.Next().Trouble == rental.TroubleGone
}

// usedUp says why there are too few although nothing stopped the plan: all offers that it
// knew were tried. "" when none was left out.
func usedUp(r rental.Report) string {
	switch len(r.Skipped) {
	case 0:
		return ""
	case 1:
		return "One offer that fitted is taken or dearer now. Run it again to search anew."
	}
	return fmt.Sprintf("%d offers that fitted are taken or dearer now. Run it again to search anew.", len(r.Skipped))
}

// failedCode is the exit code of a plan of which something has failed. That the key may
// not do it, or is none, has its own as long as nothing was done.
func failedCode(r rental.Report) int {
	code := exitFailed
	for n, s := range r.Failed {
		var api *vastapi.Error
		if len(r.Done) > 0 || !errors.As(s.Err, &api) || n > 0 && exitCode(api) != code {
			return exitFailed
		}
		code = exitCode(api)
	}
	return code
}

// nothingSent reports whether no request of the plan left.
func nothingSent(r rental.Report) bool { return len(r.Done)+len(r.Failed)+len(r.Unknown) == 0 }

// missed reports whether what was done is not what was wanted: it differs, it came
// twice, or a target was not there any more, which is all that a destroy wants.
func missed(r rental.Report) bool {
	for _, s := range r.Done {
		if s.Next().Trouble != rental.TroubleNone {
			return true
		}
	}
	return r.Plan.Mode == rental.Each && len(r.Skipped) > 0 && !gone(r.Plan.Verb)
}

// gone reports whether a verb wants its target not to be there.
func gone(verb string) bool { return verb == "destroy" || verb == "delete volume" }

// refusal is why nothing was sent.
func refusal(r rental.Report) error {
	var moved []string
	for _, c := range r.Moved {
		moved = append(moved, c.String())
	}
	var api *vastapi.Error
	switch {
	case len(moved) > 0:
		return refusedf("nothing was sent: %s. Run it again to see the plan as it is now.", strings.Join(moved, "; "))
	case errors.As(r.Err, &api):
		return r.Err
	}
	return refusedf("nothing was sent: %s", ended(r.Err.Error()))
}

// interrupted says what was done before a signal came.
func interrupted(ctx context.Context, r rental.Report) error {
	left := func(s rental.StepResult) bool { return !s.Sent.IsZero() }
	if !slices.ContainsFunc(slices.Concat(r.Done, r.Failed), left) {
		return unsent(ctx, ctx.Err())
	}
	r.Failed = slices.DeleteFunc(slices.Clone(r.Failed), func(s rental.StepResult) bool { return !left(s) })
	text := fmt.Sprintf("interrupted: %d of %d done, nothing more was sent.", len(r.Done), r.Plan.Wanted())
	return &exitError{exitCode(context.Cause(ctx)), joined([]string{text}, troubles(r)...)}
}

// stopped says why a plan ended early.
func stopped(r rental.Report) string {
	if r.Err == nil {
		return ""
	}
	return capital(ended(r.Err.Error()))
}

// troubles are the sentences about the steps that did not go as planned.
func troubles(r rental.Report) []string {
	var said []string
	for _, l := range resultLists(r) {
		for _, s := range l.of {
			text := s.Next().Sentence
			switch {
			case l.word == "not tried", text == "":
			case l.word == "skipped" && (r.Plan.Mode == rental.FirstN || gone(r.Plan.Verb)):
			case strings.Contains(text, s.Step.Target):
				said = append(said, text)
			default:
				said = append(said, stepWords(s.Step)+": "+text)
			}
		}
	}
	return said
}

// joined are sentences on one line.
func joined(said []string, more ...string) string {
	var all []string
	for _, s := range append(said, more...) {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, " ")
}

// sayDone prints a line for each step that was done, or need not be.
func (e *errand) sayDone() error {
	if e.flags.json {
		return nil
	}
	for _, r := range e.back {
		for _, s := range r.Done {
			text := stepWords(s.Step) + ": done"
			switch {
			case s.Queued:
				text = stepWords(s.Step) + ": " + s.Why
			case !s.Verified:
				text += ", not seen yet"
			}
			if _, err := fmt.Fprintln(e.stdout, text); err != nil {
				return err
			}
		}
		for _, s := range r.Skipped {
			if _, err := fmt.Fprintln(e.stdout, stepWords(s.Step)+": "+s.Why); err != nil {
				return err
			}
		}
	}
	return nil
}

// stepWords is a step as it is listed: the verb and what it was about. That of a volume
// has its noun already.
func stepWords(s rental.Step) string {
	verb, target := s.Verb, s.After()
	if noun := " volume"; strings.HasSuffix(verb, noun) {
		target = strings.TrimPrefix(target, strings.TrimSpace(noun)+" ")
	}
	return verb + " " + target
}

package main

import (
	"slices"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

// plansJSON is what --plan prints.
type plansJSON struct {
	Version  int        `json:"version"`
	Provider string     `json:"provider"`
	Plans    []planJSON `json:"plans"`
	// Reads is a sentence of a verb that changes nothing, whose list of plans is empty.
	Reads string `json:"reads,omitempty"`
	// SSH is what the verb ssh would run.
	SSH *wayJSON `json:"ssh,omitempty"`
}

// onlyReads is what --plan prints of a verb that changes nothing.
func onlyReads(verb string) plansJSON {
	out := plansOf(nil)
	out.Reads = "`vastdeck " + verb + "` only reads: there is nothing to plan, and nothing was asked."
	return out
}

// planJSON is a plan with what it takes to agree to it.
type planJSON struct {
	Mode     string      `json:"mode"`           // "chain", "each" or "first n"
	Want     int         `json:"want,omitempty"` // of "first n": so many steps shall be confirmed
	Consent  consentJSON `json:"consent"`
	Official []string    `json:"vastai"` // lines of the official client
	Plan     rental.Plan `json:"plan"`
}

// consentJSON is how a plan is agreed to.
type consentJSON struct {
	Kind    string `json:"kind"`               // "none", "choose" or "type"
	Words   string `json:"words,omitempty"`    // that are typed
	OverCap string `json:"over_cap,omitempty"` // what --over-cap has to say, beside --yes
	Barred  bool   `json:"barred,omitempty"`   // nothing agrees
}

func plansOf(list []rental.Plan) plansJSON {
	out := plansJSON{Version: schemaVersion, Provider: onlyProvider, Plans: []planJSON{}}
	for _, p := range list {
		one := planJSON{Mode: p.Mode.String(), Want: p.Want, Consent: consentOf(p), Official: []string{}, Plan: p}
		for _, s := range p.Steps {
			one.Official = append(one.Official, s.Official())
		}
		out.Plans = append(out.Plans, one)
	}
	return out
}

// withoutScripts are plans without the text of the start script: what was kept in a file
// may be secret, as the values of variables are, and --plan is printed into logs.
func withoutScripts(list []rental.Plan) []rental.Plan {
	out := slices.Clone(list)
	for n := range out {
		p := &out[n]
		p.Steps = slices.Clone(p.Steps)
		for at := range p.Steps {
			if call, ok := p.Steps[at].Call.(vastapi.CreateInstance); ok && call.OnStart != "" {
				call.OnStart = "…"
				p.Steps[at].Call = call
			}
		}
		p.Facts = withoutLines(p.Facts, "start script")
	}
	return out
}

// withoutLines leaves out the lines that go on a fact.
func withoutLines(facts []rental.Line, label string) []rental.Line {
	var kept []rental.Line
	of := ""
	for _, fact := range facts {
		if fact.Label != "" {
			of = fact.Label
		}
		if fact.Label != "" || of != label {
			kept = append(kept, fact)
		}
	}
	return kept
}

func consentOf(p rental.Plan) consentJSON {
	failed := failedChecks(p)
	c := consentJSON{Kind: [...]string{"none", "choose", "type", "?"}[p.Consent.Kind&3], Words: p.Consent.Words, Barred: barred(failed)}
	if len(failed) > 0 && !c.Barred {
		c.OverCap = p.Consent.Words
	}
	return c
}

// changedJSON is what came of a verb that changes something.
type changedJSON struct {
	Version  int          `json:"version"`
	Provider string       `json:"provider"`
	Outcome  string       `json:"outcome"` // "done", "failed", "refused", "unknown" or "interrupted"
	ExitCode int          `json:"exit_code"`
	Error    string       `json:"error,omitempty"`
	Plans    []reportJSON `json:"plans"`
	Made     any          `json:"made,omitempty"` // instances or a volume
}

// reportJSON is what came of one plan.
type reportJSON struct {
	ID    string     `json:"id"`
	Verb  string     `json:"verb"`
	Title string     `json:"title"`
	Steps []stepJSON `json:"steps"`
	Moved []string   `json:"moved,omitempty"` // why nothing was sent
	Lower []string   `json:"lower,omitempty"` // prices that turned out lower
}

// stepJSON is what came of one step. Ids that do not apply are left out.
type stepJSON struct {
	Verb     string             `json:"verb"`
	Target   string             `json:"target"`
	Outcome  string             `json:"outcome"` // "done", "failed", "skipped", "unknown" or "not tried"
	Verified bool               `json:"verified"`
	Offer    vastapi.OfferID    `json:"offer_id,omitempty"`
	Machine  vastapi.MachineID  `json:"machine_id,omitempty"`
	Instance vastapi.InstanceID `json:"instance_id,omitempty"`
	Volume   vastapi.VolumeID   `json:"volume_id,omitempty"`
	Why      string             `json:"why,omitempty"`
}

func changedOf(reports []rental.Report, made any, failed error) changedJSON {
	code := exitCode(failed)
	out := changedJSON{Version: schemaVersion, Provider: onlyProvider, Outcome: outcomeWord(code), ExitCode: code, Plans: []reportJSON{}, Made: made}
	if failed != nil {
		out.Error = saidOf(failed)
	}
	for _, r := range reports {
		out.Plans = append(out.Plans, reportOf(r))
	}
	return out
}

func outcomeWord(code int) string {
	switch code {
	case exitDone:
		return "done"
	case exitRefused:
		return "refused"
	case exitUnknown:
		return "unknown"
	}
	if code > 128 && code != remote.SSHFailed {
		return "interrupted"
	}
	return "failed"
}

func reportOf(r rental.Report) reportJSON {
	out := reportJSON{ID: r.Plan.ID, Verb: r.Plan.Verb, Title: r.Plan.Title, Steps: make([]stepJSON, len(r.Plan.Steps))}
	for _, l := range resultLists(r) {
		for _, s := range l.of {
			out.Steps[s.Index] = stepOf(s, l.word)
		}
	}
	for _, c := range r.Moved {
		out.Moved = append(out.Moved, c.String())
	}
	for _, c := range r.Lower {
		out.Lower = append(out.Lower, c.String())
	}
	return out
}

func stepOf(s rental.StepResult, word string) stepJSON {
	out := stepJSON{
		Verb: s.Step.Verb, Target: s.Step.Target, Outcome: word, Verified: s.Verified,
		Offer: s.Step.Subject.Offer, Machine: s.Step.Subject.Machine, Instance: s.Step.Subject.Instance, Volume: s.Step.Subject.Volume,
		Why: s.Next().Sentence,
	}
	if word == "not tried" {
		out.Why = s.Why // what becomes of a step says nothing of one that was not begun
	}
	if s.Contract != 0 {
		out.Instance = s.Contract
	}
	if s.Volume != 0 {
		out.Volume = s.Volume
	}
	return out
}

// resultList is one of the lists of a report with its word.
type resultList struct {
	word string
	of   []rental.StepResult
}

// resultLists are the lists of a report: every step is in exactly one.
func resultLists(r rental.Report) []resultList {
	return []resultList{{"done", r.Done}, {"failed", r.Failed}, {"skipped", r.Skipped}, {"unknown", r.Unknown}, {"not tried", r.NotTried}}
}

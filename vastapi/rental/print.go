package rental

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// String is the step in words. It keeps the values of variables, which its
// request holds, out of whatever is printed.
func (s Step) String() string { return s.Verb + " " + s.Target }

// GoString is String for %#v.
func (s Step) GoString() string { return "rental.Step(" + s.String() + ")" }

// MarshalJSON writes the step with its request as it would be sent, secrets
// masked.
func (s Step) MarshalJSON() ([]byte, error) {
	out := struct {
		Verb    string          `json:"verb"`
		Target  string          `json:"target"`
		Detail  string          `json:"detail"`
		Undo    Undo            `json:"undo"`
		Request json.RawMessage `json:"request,omitempty"`
		Method  string          `json:"method,omitempty"`
		Path    string          `json:"path,omitempty"`
	}{Verb: s.Verb, Target: s.Target, Detail: s.Detail, Undo: s.Undo}
	if s.Call != nil {
		body, err := s.Call.Preview()
		if err != nil {
			return nil, fmt.Errorf("writing the request of %s: %w", s, err)
		}
		out.Request, out.Method, out.Path = body, s.Call.Method(), s.PathShown()
	}
	return marshal(out)
}

// jsonPlan is a plan for programs: what a dialog shows, and nothing else.
type jsonPlan struct {
	ID       string    `json:"id"`
	Verb     string    `json:"verb"`
	Title    string    `json:"title"`
	Steps    []Step    `json:"steps"`
	Facts    []Line    `json:"facts"`
	Cost     jsonCost  `json:"cost"`
	Warnings []Warning `json:"warnings"`
	Checks   []Check   `json:"checks"`
	Type     string    `json:"type_to_agree,omitempty"`
	At       time.Time `json:"worked_out_from"`
}

// jsonCost has rates in $/h and amounts in $; unknown is null, and so is a
// runway without end.
type jsonCost struct {
	Before      vastapi.Rate   `json:"before"`
	After       vastapi.Rate   `json:"after"`
	Change      vastapi.Rate   `json:"change"`
	PerDay      vastapi.Amount `json:"change_per_day"`
	PerMonth    vastapi.Amount `json:"change_per_month"`
	DueNow      vastapi.Amount `json:"due_now"`
	Credit      vastapi.Amount `json:"credit"`
	HoursBefore *float64       `json:"credit_lasts_hours_before"`
	HoursAfter  *float64       `json:"credit_lasts_hours_after"`
}

// MarshalJSON writes what a dialog would show, for programs.
func (p Plan) MarshalJSON() ([]byte, error) {
	d := p.Cost
	return marshal(jsonPlan{
		ID: p.ID, Verb: p.Verb, Title: p.Title, Steps: p.Steps, Facts: p.Facts,
		Warnings: p.Warnings, Checks: p.Checks, Type: p.Consent.Words, At: p.Basis.At,
		Cost: jsonCost{
			Before: d.Before, After: d.After, Change: d.Change, PerDay: d.PerDay(), PerMonth: d.PerMonth(),
			DueNow: d.DueNow, Credit: d.Credit, HoursBefore: hours(d.RunwayBefore), HoursAfter: hours(d.RunwayAfter),
		},
	})
}

// marshal writes text as it is: nobody shows it as HTML.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(out.Bytes(), "\n"), err
}

func hours(s pricing.Span) *float64 {
	if !s.Finite {
		return nil
	}
	h := s.Lasts.Hours()
	return &h
}

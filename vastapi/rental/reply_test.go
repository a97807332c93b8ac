package rental

import (
	"context"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func server(status int) vastapi.Result {
	return vastapi.Result{Err: &vastapi.Error{Kind: vastapi.KindServer, Status: status}}
}

func TestWhatIsSaidWhileItIsNotKnown(t *testing.T) {
	broken := vastapi.Result{Err: &vastapi.Error{Kind: vastapi.KindTransport, Status: 200}}
	for name, c := range map[string]struct {
		res   vastapi.Result
		note  string // while it is looked for
		why   string // when it was not found
		found string // when it was
	}{
		"none":     {lost(), "no answer; reading the account to find out, at most 4 min", "No answer came, and it was not rented", "No answer came, but it was rented"},
		"time-out": {vastapi.Result{Err: &vastapi.Error{Kind: vastapi.KindTimeout}}, "no answer; reading", "No answer came, and", "No answer came, but"},
		"502":      {server(502), "the server answered 502; reading the account to find out, at most 4 min", "The server answered 502, and it was not rented", "The server answered 502, but it was rented"},
		"proxy":    {server(404), "the answer (HTTP 404) could not be made out; reading", "The answer (HTTP 404) could not be made out, and", "The answer (HTTP 404) could not be made out, but"},
		"broken":   {broken, "the answer broke off; reading", "The answer broke off, and", "The answer broke off, but"},
		"no id": {vastapi.Result{Outcome: vastapi.OutcomeConfirmed}, "the answer (HTTP 200) could not be made out; reading",
			"The answer (HTTP 200) could not be made out, and", "The answer (HTTP 200) could not be made out, but"},
	} {
		for _, rented := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					a := newAccount()
					a.answer = func(_ int, call vastapi.Call) (vastapi.Result, bool) {
						if rented {
							a.carryOut(call)
						}
						return c.res, true
					}
					var note string
					r := Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), func(p Progress) {
						if p.State == StateUnknown {
							note = p.Note
						}
					})
					if !strings.HasPrefix(note, c.note) {
						t.Errorf("said %q", note)
					}
					if len(r.Done)+len(r.Failed) != 1 || rented != (len(r.Done) == 1) {
						t.Fatalf("the report is %+v", r)
					}
					if rented && !strings.HasPrefix(r.Done[0].Why, c.found) {
						t.Errorf("why %q", r.Done[0].Why)
					}
					if !rented && !strings.HasPrefix(r.Failed[0].Why, c.why) {
						t.Errorf("why %q", r.Failed[0].Why)
					}
				})
			})
		}
	}
}

func TestTheNextStartKnowsWhatTheServerAnswered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.answer, a.readErr = once(server(503)), func(int) error { return errLost }
		checkCounts(t, Execute(t.Context(), a.deps(j), a.rentPlan(t), nil), 0, 0, 0, 1, 0)
		a.readErr = nil
		settled, err := Recover(t.Context(), a.deps(j), nil)
		if err != nil || len(settled) != 1 || !strings.HasPrefix(settled[0].Why, "The server answered 503, and it was not rented") {
			t.Errorf("%+v, %v", settled, err)
		}
	})
}

func TestADestroyIsLookedForShorterThanARent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		var note string
		a.answer = once(server(500))
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), must(t)(PlanDestroy(a.instances[:1], a.desk(t))), func(p Progress) {
			if p.State == StateUnknown {
				note = p.Note
			}
		}), 1, 0, 0, 0, 0)
		if note != "the server answered 500; reading the account to find out, at most 1 min" {
			t.Errorf("said %q", note)
		}
	})
}

func TestWhoLeavesIsNotToldThatTheAccountIsBeingRead(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		ctx, cancel := context.WithCancel(t.Context())
		a.answer = func(int, vastapi.Call) (vastapi.Result, bool) {
			cancel()
			return lost(), true
		}
		var note string
		Execute(ctx, a.deps(&memory{}), a.rentPlan(t), func(p Progress) { note = p.Note })
		if note != "no answer; the next start looks for it" {
			t.Errorf("said %q", note)
		}
	})
}

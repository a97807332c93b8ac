package vastapi_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestAKeyThatLacksARightIsNotTakenForAWrongKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		kind   vastapi.Kind
		right  vastapi.Right // that the key is known to lack from then on
		route  bool          // or only this request
		says   string        // part of the sentence
	}{
		"as the server words it":      {401, `{"success":false,"error":"auth_error","msg":"Your key lacks the user_read permission group"}`, vastapi.KindRights, vastapi.RightUserRead, false, "may not see the account (it lacks user_read)"},
		"without an envelope":         {401, `{"msg":"Your key lacks the user_read permission group."}`, vastapi.KindRights, vastapi.RightUserRead, false, "user_read"},
		"as 403":                      {403, `{"success":false,"error":"auth_error","msg":"Your key lacks the user_read permission group"}`, vastapi.KindRights, vastapi.RightUserRead, false, "user_read"},
		"in general words":            {403, `{"success":false,"error":"forbidden","msg":"You do not have permission to do that"}`, vastapi.KindRights, vastapi.RightUserRead, false, "user_read"},
		"of one route":                {401, `{"success":false,"msg":"Your key lacks the api.user.current route access"}`, vastapi.KindRights, "", true, "may not do that"},
		"of one object":               {401, `{"success":false,"msg":"Your key lacks proper privileges to access this due to a constraint on id"}`, vastapi.KindRights, "", false, "may not do that"},
		"for want of a second factor": {401, `{"success":false,"msg":"Your key lacks proper privileges to access this as it requires you to have logged in using Two Factor Authentication"}`, vastapi.KindRights, vastapi.RightUserRead, false, "second factor"},
		"a wrong key":                 {401, `{"success":false,"error":"auth_error","msg":"Invalid user key"}`, vastapi.KindAuth, "", false, "does not accept the API key"},
		"no key":                      {403, `{"success":false,"error":"auth_error","msg":"This action requires login."}`, vastapi.KindAuth, "", false, "does not accept the API key"},
		"nothing but the code":        {403, `{"success":false,"error":"auth_error"}`, vastapi.KindAuth, "", false, "does not accept the API key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, s := answering(t, says(c.status, c.body), says(200, `{"id":7}`))
			_, err := client.User(t.Context())
			var e *vastapi.Error
			if !errors.As(err, &e) || e.Kind != c.kind || !strings.Contains(e.Sentence(), c.says) {
				t.Fatalf("%v", err)
			}
			_, lacks := client.Refusals().Of(c.right)
			if lacks != (c.right != "") {
				t.Errorf("refused: %+v", client.Refusals().List())
			}
			if _, hit := client.Refusals().OfRoute(vastapi.RouteUser); hit != (c.route || c.right != "") {
				t.Errorf("the request: %+v", client.Refusals().List())
			}
			if n := s.count(); n != 1 {
				t.Errorf("asked %d times", n)
			}
			if c.kind != vastapi.KindRights {
				return
			}
			if _, err := client.User(t.Context()); err != nil || !client.Refusals().None() {
				t.Errorf("what goes through is still held for refused: %v, %+v", err, client.Refusals().List())
			}
		})
	}
}

func TestARefusedWriteIsRejectedAndItsRightRemembered(t *testing.T) {
	t.Parallel()
	client, _ := answering(t, says(401, `{"success":false,"msg":"Your key lacks the instance_write permission group"}`))
	res := client.Do(t.Context(), vastapi.RebootInstance{ID: 5})
	if res.Outcome != vastapi.OutcomeRejected || vastapi.KindOf(res.Err) != vastapi.KindRights {
		t.Fatalf("%+v", res)
	}
	if _, lacks := client.Refusals().Of(vastapi.RightInstanceWrite); !lacks {
		t.Error("not remembered")
	}
	if _, hit := client.Refusals().OfRoute(vastapi.RouteCreate); !hit {
		t.Error("a rent needs the same right")
	}
}

func TestEveryRequestNeedsAKnownRightOrNone(t *testing.T) {
	t.Parallel()
	for route := range vastapi.DefaultIntervals().Least {
		if r := route.Right(); r == "" && !slices.Contains([]vastapi.Route{vastapi.RouteGPUs, vastapi.RouteAudit, vastapi.RouteTwoFactor}, route) {
			t.Errorf("%s needs no right", route)
		}
	}
	for _, call := range calls() {
		if r := vastapi.RightOf(call); !r.Writes() {
			t.Errorf("%T needs %q", call, r)
		}
	}
}

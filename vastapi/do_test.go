package vastapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestTheOutcomeOfACallIsWhatTheAPISays(t *testing.T) {
	t.Parallel()
	create, stop := calls()[0], calls()[3]
	start, destroy := calls()[2], calls()[6]
	key := vastapi.CreateAPIKey{Name: "ci", Permissions: vastapi.Permissions{Full: true}}
	variable := vastapi.CreateEnvVar{Key: "TOKEN", Value: vastapi.NewSecret("secret value")}
	gone := `{"success":false,"error":"no_such_instance","msg":"gone"}`
	cases := []struct {
		name     string
		call     vastapi.Call
		status   int
		body     string
		outcome  vastapi.Outcome
		contract vastapi.InstanceID
		queued   bool
		kind     vastapi.Kind
	}{
		{"created", create, 200, wire(t, "created.json"), vastapi.OutcomeConfirmed, 18830001, false, ""},
		{"created, id as a string", create, 200, `{"success":true,"new_contract":"42"}`, vastapi.OutcomeConfirmed, 42, false, ""},
		{"created without success", create, 200, `{"new_contract":42}`, vastapi.OutcomeConfirmed, 42, false, ""},
		{"created without a contract", create, 200, `{"success":true}`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"created as null", create, 200, `{"success":true,"new_contract":null}`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"created as zero", create, 200, `{"success":true,"new_contract":0}`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"bid too low, and yet an instance", create, 400, wire(t, "create_bid_too_low.json"), vastapi.OutcomeRejected, 18830002, false, vastapi.KindBid},
		{"failed with 200, and yet an instance", create, 200, `{"success":false,"msg":"bid","new_contract":43}`, vastapi.OutcomeRejected, 43, false, vastapi.KindRejected},
		{"broken with 500, and yet an instance", create, 500, `{"success":false,"new_contract":44}`, vastapi.OutcomeUnknown, 44, false, vastapi.KindServer},
		{"offer gone", create, 410, `{"success":false,"error":"no_such_ask","msg":"x"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindGone},
		{"no credit", create, 400, `{"success":false,"error":"insufficient_credit"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindCredit},
		{"a proxy's 404", create, 404, `<html>not found</html>`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"a 4xx that is not the API's", create, 400, `[1,2]`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"a 4xx of any object", create, 400, `{"hello":1}`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"a 204", create, 204, ``, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"two answers in one", create, 200, `{"success":true,"new_contract":7}{"success":false}`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"half a contract", create, 200, `{"success":true,"new_contract":7`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"stopped", stop, 200, `{"success":true}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"stopped, number for true", stop, 200, `{"success":1}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"nothing said", stop, 200, `{}`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"start waits for the GPU", start, 200, wire(t, "start_queued.json"), vastapi.OutcomeConfirmed, 0, true, ""},
		{"start refused", start, 200, `{"success":false,"msg":"no"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindRejected},
		{"a stop is never queued", stop, 200, wire(t, "start_queued.json"), vastapi.OutcomeRejected, 0, false, vastapi.KindRejected},
		{"start of nothing", start, 404, gone, vastapi.OutcomeRejected, 0, false, vastapi.KindNotFound},
		{"destroyed", destroy, 200, `{"success":true,"msg":"bye"}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"destroyed before", destroy, 404, gone, vastapi.OutcomeConfirmed, 0, false, ""},
		{"destroy with a bad key", destroy, 404, `{"success":false,"error":"auth_error","msg":"Invalid user key"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindAuth},
		{"destroy past a proxy", destroy, 404, `<html>`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"paid ahead", vastapi.PrepayInstance{ID: 5, Amount: 10}, 200, `{"success":true,"timescale":1,"discount_rate":0.2}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"paid ahead without money", vastapi.PrepayInstance{ID: 5, Amount: 10}, 411, `{"success":false,"msg":"Insufficient credit"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindCredit},
		{"paid ahead for nothing", vastapi.PrepayInstance{ID: 5, Amount: 10}, 400, `{"success":false,"error":"no_such_instance","msg":"No such instance"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindNotFound},
		{"paid ahead, and no word", vastapi.PrepayInstance{ID: 5, Amount: 10}, 200, `{"timescale":1}`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"bid changed", vastapi.ChangeBid{ID: 5, Price: 0.3}, 200, `{"success":true}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"over the spend limit", create, 400, `{"success":false,"error":"spend_rate_limit","msg":"no"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindSpendLimit},
		{"image refused", create, 400, `{"success":false,"error":"invalid_args","msg":"Invalid image"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindImage},
		{"a key that is gone", vastapi.DeleteSSHKey{Key: 7}, 400, `{"success":false,"error":"no_ssh_key","msg":"No such ssh key"}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"a key an instance has not", vastapi.DetachSSHKey{ID: 5, Key: 7}, 404, `{"success":false,"error":"no_such_ssh_key","msg":"x"}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"a key of an instance that is gone", vastapi.DetachSSHKey{ID: 5, Key: 7}, 404, `{"success":false,"error":"no_such_instance","msg":"x"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindNotFound},
		{"an API key made", key, 200, `{"id":12345,"key":"vast-1","permissions":false}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"an API key made, and not told", key, 200, `{"id":12345}`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"an API key deleted, in a text", vastapi.DeleteAPIKey{Key: 7}, 200, `"Successfully Deleted API Key"`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"an API key deleted, in plain text", vastapi.DeleteAPIKey{Key: 7}, 200, "Successfully Deleted API Key\n", vastapi.OutcomeConfirmed, 0, false, ""},
		{"an API key deleted, in a message", vastapi.DeleteAPIKey{Key: 7}, 200, `{"msg":"Successfully Deleted API Key"}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"an API key that is gone", vastapi.DeleteAPIKey{Key: 7}, 404, `{"error":"not_found","msg":"API key not found."}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"the primary key", vastapi.DeleteAPIKey{Key: 7}, 400, `{"error":"invalid_args","msg":"You cannot delete your primary key."}`, vastapi.OutcomeRejected, 0, false, vastapi.KindRejected},
		{"no word about an API key", vastapi.DeleteAPIKey{Key: 7}, 200, `"hello"`, vastapi.OutcomeUnknown, 0, false, vastapi.KindServer},
		{"a variable that exists", variable, 400, `{"success":false,"error":"existing_key","msg":"Key already exists: TOKEN"}`, vastapi.OutcomeRejected, 0, false, vastapi.KindRejected},
		{"a variable that is gone", vastapi.DeleteEnvVar{Key: "TOKEN"}, 400, `{"success":false,"error":"nonexistent_key","msg":"x"}`, vastapi.OutcomeConfirmed, 0, false, ""},
		{"401 in plain text", destroy, 401, `log in`, vastapi.OutcomeRejected, 0, false, vastapi.KindAuth},
		{"429 in plain text", destroy, 429, `API requests too frequent`, vastapi.OutcomeRejected, 0, false, vastapi.KindRateLimited},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			api, s := answering(t, says(c.status, c.body))
			res := api.Do(t.Context(), c.call)
			if res.Outcome != c.outcome || res.Contract != c.contract || res.Queued != c.queued || vastapi.KindOf(res.Err) != c.kind || s.count() != 1 {
				t.Errorf("%+v after %d requests", res, s.count())
			}
			if (res.Outcome == vastapi.OutcomeConfirmed) != (res.Err == nil) {
				t.Errorf("%v with the error %v", res.Outcome, res.Err)
			}
		})
	}
}

func TestCallsAreSentAsTheOfficialClientSendsThem(t *testing.T) {
	t.Parallel()
	want := []string{
		"PUT /api/v0/asks/77/", "PUT /api/v0/asks/78/", "PUT /api/v0/instances/5/", "PUT /api/v0/instances/5/",
		"PUT /api/v0/instances/5/", "PUT /api/v0/instances/reboot/5/", "DELETE /api/v0/instances/5/",
		"PUT /api/v0/instances/bid_price/5/", "PUT /api/v0/instances/prepay/5/",
		"PUT /api/v0/instances/recycle/5/", "PUT /api/v0/instances/update_template/5/",
		"PUT /api/v0/instances/accept-price-increase/", "PUT /api/v0/instances/reject-price-increase/",
		"PUT /api/v0/instances/command/5/", "POST /api/v0/instances/5/ssh/", "DELETE /api/v0/instances/5/ssh/7/",
		"POST /api/v0/ssh/", "DELETE /api/v0/ssh/7/",
		"POST /api/v0/auth/apikeys/", "DELETE /api/v0/auth/apikeys/7/",
		"POST /api/v0/secrets/", "PUT /api/v0/secrets/", "DELETE /api/v0/secrets/",
	}
	for i, call := range calls() {
		api, s := answering(t, says(200, `{"success":true,"new_contract":3}`))
		api.Do(t.Context(), call)
		q := s.requests()[0]
		if got := q.method + " " + strings.TrimPrefix(q.url, vastapi.DefaultBaseURL); got != want[i] {
			t.Errorf("%T went to %s", call, got)
		}
		body, _ := call.Body()
		if q.header.Get("Content-Type") != "application/json" || q.body != string(body) || !json.Valid(body) {
			t.Errorf("%T: %s %q", call, q.header.Get("Content-Type"), q.body)
		}
	}
}

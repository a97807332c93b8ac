package vastapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

// The shapes of refusals, as documented and as recorded. Each is answered to a
// read of one instance unless only a write can get it.
var envelopes = []struct {
	name    string
	status  int
	body    string
	kind    vastapi.Kind
	code    string
	message string
	wait    time.Duration
}{
	{"code and text", 400, `{"success":false,"error":"invalid_args","msg":"error 400/3222: invalid_args Bad argument."}`, vastapi.KindRejected, "invalid_args", "Bad argument.", 0},
	{"without success", 400, `{"error":"invalid_request","msg":"0 is not a valid search op"}`, vastapi.KindRejected, "invalid_request", "0 is not a valid search op", 0},
	{"message for msg", 400, `{"success":false,"message":"no good"}`, vastapi.KindRejected, "", "no good", 0},
	{"text alone", 400, `{"msg":"no good"}`, vastapi.KindRejected, "", "no good", 0},
	{"code alone", 400, `{"success":false,"error":"missing_input"}`, vastapi.KindRejected, "missing_input", "missing_input", 0},
	{"sentence in error", 400, `{"success":false,"error":"Something is wrong here."}`, vastapi.KindRejected, "", "Something is wrong here.", 0},
	{"200 that failed", 200, `{"success":false,"error":"Invalid date range","count":0}`, vastapi.KindRejected, "", "Invalid date range", 0},
	{"200 with an error and no list", 200, `{"error":"invalid_request","msg":"no"}`, vastapi.KindRejected, "invalid_request", "no", 0},
	{"too frequent in detail", 429, `{"detail":"API requests too frequent endpoint threshold=4.5"}`, vastapi.KindRateLimited, "", "API requests too frequent endpoint threshold=4.5", 4500 * time.Millisecond},
	{"too frequent as text", 429, `API requests too frequent: endpoint threshold=2.0`, vastapi.KindRateLimited, "", "API requests too frequent: endpoint threshold=2.0", 2 * time.Second},
	{"too frequent without a number", 429, `API requests too frequent`, vastapi.KindRateLimited, "", "API requests too frequent", 0},
	{"too frequent with a field", 429, `{"msg":"slow down","retry_after":7}`, vastapi.KindRateLimited, "", "slow down", 7 * time.Second},
	{"too frequent by code", 400, `{"success":false,"error":"rate_limit_exceeded","msg":"wait"}`, vastapi.KindRateLimited, "rate_limit_exceeded", "wait", 0},
	{"key wrong", 401, `{"success":false,"error":"auth_error","msg":"Invalid user key"}`, vastapi.KindAuth, "auth_error", "Invalid user key", 0},
	{"key wrong, not JSON", 401, `<html>log in</html>`, vastapi.KindAuth, "", "Unauthorized", 0},
	{"second factor", 401, `{"success":false,"msg":"Two Factor Authentication required"}`, vastapi.KindAuth, "", "Two Factor Authentication required", 0},
	{"login needed", 403, `{"success":false,"error":"auth_error","msg":"This action requires login."}`, vastapi.KindAuth, "auth_error", "This action requires login.", 0},
	{"key without the right", 403, `{"success":false,"error":"not_authorized","msg":"no instance_read"}`, vastapi.KindRights, "not_authorized", "no instance_read", 0},
	{"key unknown as 404", 404, `{"success":false,"error":"auth_error","msg":"Invalid user key"}`, vastapi.KindAuth, "auth_error", "Invalid user key", 0},
	{"session expired as 404", 404, `{"success":false,"msg":"Session expired. Please log in again."}`, vastapi.KindAuth, "", "Session expired. Please log in again.", 0},
	{"offer gone as 404", 404, `{"success":false,"error":"invalid_args","msg":"error 404/3603: no_such_ask Instance type by id 77 is not available.","ask_id":77}`, vastapi.KindGone, "no_such_ask", "Instance type by id 77 is not available.", 0},
	{"offer gone as 400", 400, `{"success":false,"error":"no_such_ask","msg":"gone"}`, vastapi.KindGone, "no_such_ask", "gone", 0},
	{"offer gone as 410", 410, `{"success":false,"error":"no_such_ask","msg":"error 410/3907: no_such_ask Instance type 77 is no longer available."}`, vastapi.KindGone, "no_such_ask", "Instance type 77 is no longer available.", 0},
	{"no credit", 400, `{"success":false,"error":"insufficient_credit","msg":"Insufficient credit"}`, vastapi.KindCredit, "insufficient_credit", "Insufficient credit", 0},
	{"no credit in words", 400, `{"success":false,"error":"invalid_args","msg":"Insufficient credit for this."}`, vastapi.KindCredit, "invalid_args", "Insufficient credit for this.", 0},
	{"payment required", 402, `{"success":false,"msg":"pay"}`, vastapi.KindCredit, "", "pay", 0},
	{"prepay without credit", 411, `{"success":false,"msg":"Insufficient Credit"}`, vastapi.KindCredit, "", "Insufficient Credit", 0},
	{"spend limit of new accounts", 400, `{"success":false,"error":"spend_rate_limit","msg":"too dear for now"}`, vastapi.KindSpendLimit, "spend_rate_limit", "too dear for now", 0},
	{"no key for a VM", 400, `{"success":false,"error":"no_ssh_key_for_vm","msg":"An ssh key is required to create a VM."}`, vastapi.KindSSHKey, "no_ssh_key_for_vm", "An ssh key is required to create a VM.", 0},
	{"no keys at all", 404, `{"success":false,"error":"no_ssh_key","msg":"No SSH keys found."}`, vastapi.KindNotFound, "no_ssh_key", "No SSH keys found.", 0},
	{"bid below the floor", 400, `{"success":false,"error":"invalid_price","new_contract":5,"msg":"error 400/3571: bid price 0.1 is below the minimum bid 0.25, instance created stopped"}`, vastapi.KindBid, "invalid_price", "bid price 0.1 is below the minimum bid 0.25, instance created stopped", 0},
	{"bid below the floor with 200", 200, `{"success":false,"msg":"Your bid is too low."}`, vastapi.KindBid, "", "Your bid is too low.", 0},
	{"change of a bid", 400, `{"success":false,"error":"invalid_args","msg":"Please set a bid price >= 0.001."}`, vastapi.KindBid, "invalid_args", "Please set a bid price >= 0.001.", 0},
	{"no image", 400, `{"success":false,"error":"invalid_args","msg":"error 400/3536: Invalid args: image or template_hash_id is required"}`, vastapi.KindImage, "invalid_args", "Invalid args: image or template_hash_id is required", 0},
	{"no such template", 400, `{"success":false,"error":"invalid_args","msg":"error 400/3533: Invalid args: no such template"}`, vastapi.KindImage, "invalid_args", "Invalid args: no such template", 0},
	{"too many variables", 400, `{"success":false,"error":"invalid_args","msg":"invalid env arguments, total length > 32KB"}`, vastapi.KindEnv, "invalid_args", "invalid env arguments, total length > 32KB", 0},
	{"too much disk", 400, `{"success":false,"error":"invalid_args","msg":"error 400/3553: Invalid args: disk 900 GB is more than the 120 GB available"}`, vastapi.KindRejected, "invalid_args", "Invalid args: disk 900 GB is more than the 120 GB available", 0},
	{"host renting elsewhere", 403, `{"success":false,"error":"invalid_args","msg":"is not your own. Hosts can only rent their own machines."}`, vastapi.KindRejected, "invalid_args", "is not your own. Hosts can only rent their own machines.", 0},
	{"a page instead of a 403", 403, `<html>blocked</html>`, vastapi.KindServer, "", "Forbidden", 0},
	{"a page instead of a 404", 404, `<!doctype html><title>nginx</title>`, vastapi.KindServer, "", "Not Found", 0},
	{"bad gateway", 502, `<html>502</html>`, vastapi.KindServer, "", "Bad Gateway", 0},
	{"unavailable, empty", 503, ``, vastapi.KindServer, "", "Service Unavailable", 0},
	{"500 in JSON", 500, `{"success":false,"error":"delete_ssh_from_instance"}`, vastapi.KindServer, "delete_ssh_from_instance", "delete_ssh_from_instance", 0},
	{"redirect", 301, ``, vastapi.KindRedirect, "", `a redirect to ""`, 0},
	{"200 with a page", 200, `<html>welcome to the hotel</html>`, vastapi.KindServer, "", "the answer is a web page, perhaps of a proxy", 0},
	{"200 and empty", 200, ``, vastapi.KindServer, "", "the answer is empty", 0},
	{"200 and null", 200, `null`, vastapi.KindServer, "", "the answer is not JSON", 0},
	{"200 cut short", 200, `{"instances":{"id":7,"label":"a`, vastapi.KindServer, "", "the answer ends too early or is not JSON", 0},
	{"hostile words", 400, `{"success":false,"msg":"\u001b]52;c;eA==\u0007\u202egone\n\nrow"}`, vastapi.KindRejected, "", "␛]52;c;eA==␇\ufffdgone␊␊row", 0},
	{"the key sent back", 400, `{"success":false,"msg":"key ` + sentinel + ` is odd"}`, vastapi.KindRejected, "", "key [key] is odd", 0},
}

func TestEveryShapeOfRefusalIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, c := range envelopes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			api, _ := answering(t, says(c.status, c.body))
			_, err := api.User(t.Context())
			var e *vastapi.Error
			if !errors.As(err, &e) {
				t.Fatalf("%v is no *Error", err)
			}
			if e.Kind != c.kind || e.Code != c.code || e.Message != c.message || e.Wait != c.wait || e.Status != c.status {
				t.Errorf("got kind %q code %q message %q wait %v status %d", e.Kind, e.Code, e.Message, e.Wait, e.Status)
			}
			if e.Method != "GET" || e.Path != "/api/v0/users/current/" || e.At.IsZero() {
				t.Errorf("got %s %s at %v", e.Method, e.Path, e.At)
			}
		})
	}
}

func TestEverySentenceIsOneInertLineWithANextStep(t *testing.T) {
	t.Parallel()
	for _, c := range envelopes {
		api, _ := answering(t, says(c.status, c.body))
		_, err := api.User(t.Context())
		var e *vastapi.Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: %v is no *Error", c.name, err)
		}
		s := e.Sentence()
		if strings.ContainsAny(s+e.Error(), "\x1b\a\n<") || strings.Contains(s+e.Error(), sentinel) || !strings.HasSuffix(s, ".") {
			t.Errorf("%s: %q", c.name, s)
		}
	}
	for _, k := range []vastapi.Kind{
		vastapi.KindAuth, vastapi.KindNotFound, vastapi.KindGone, vastapi.KindRateLimited, vastapi.KindCredit, vastapi.KindRejected,
		vastapi.KindSpendLimit, vastapi.KindBid, vastapi.KindImage, vastapi.KindEnv, vastapi.KindSSHKey, vastapi.KindServer,
		vastapi.KindTransport, vastapi.KindTimeout, vastapi.KindRedirect, vastapi.KindReadOnly, vastapi.KindPaused, vastapi.KindCancelled, vastapi.KindNotReady,
	} {
		if s := (&vastapi.Error{Kind: k}).Sentence(); strings.HasPrefix(s, "The request failed") || !strings.HasSuffix(s, ".") {
			t.Errorf("%s has no sentence of its own: %q", k, s)
		}
	}
}

func TestCodesAndKindsAreFoundInsideOtherErrors(t *testing.T) {
	t.Parallel()
	err := error(&vastapi.Error{Kind: vastapi.KindGone, Code: "no_such_ask"})
	wrapped := errors.Join(errors.New("renting"), err)
	if !vastapi.IsCode(wrapped, "x", "no_such_ask") || vastapi.IsCode(wrapped, "x") || vastapi.KindOf(wrapped) != vastapi.KindGone {
		t.Errorf("%v", wrapped)
	}
	if vastapi.KindOf(errors.New("other")) != "" || vastapi.IsCode(nil, "") {
		t.Error("errors of others have neither")
	}
}

func TestAnEmptyListIsBelievedOnlyWhenItWasSent(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"success":true}`, `{"success":false}`, `{"success":false,"offers":[]}`, `{"offers":null}`, `{"offers":{}}`, `{"offers":"none"}`,
		`{"offers":[]`, `{"offers":[]} trailing`, `[]`, `null`, `""`, ``, `{"offers":[],`, `{"Offers":[]}`, `{"instances":null,"volumes":null}`,
		`{"instances":[]`, `{"volumes":[],"success":false}`, `<html>`,
	} {
		api, _ := answering(t, says(200, body))
		for name, read := range reads(api) {
			if name == "instance" && body == `{"instances":null,"volumes":null}` {
				continue // null is how one destroyed instance is told
			}
			if body == "[]" && (name == "keys" || name == "api keys" || name == "audit log") {
				continue // they come as a bare list
			}
			if err := read(t.Context()); err == nil {
				t.Errorf("%s of %s is no error", name, body)
			}
		}
	}
	api, _ := answering(t, says(200, wire(t, "offers_empty.json")))
	if page, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{}); err != nil || len(page.Offers) != 0 {
		t.Errorf("%v, %v", page, err)
	}
}

func TestCancellingIsSeenAsSuch(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	api, s := answering(t, func(r *http.Request) (*http.Response, error) {
		cancel()
		return hangs(r)
	})
	_, err := api.User(ctx)
	if !errors.Is(err, context.Canceled) || vastapi.KindOf(err) != vastapi.KindCancelled || s.count() != 1 {
		t.Errorf("%v after %d requests", err, s.count())
	}
}

func TestNothingOfTheClientPrintsItsKey(t *testing.T) {
	t.Parallel()
	api, s := answering(t, fails(errors.New("proxy says: bad header Bearer "+sentinel)))
	_, err := api.User(t.Context())
	var e *vastapi.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	for _, shown := range printed(api, err, e, *e, e.Cause) {
		if strings.Contains(shown, sentinel) {
			t.Errorf("%s", shown)
		}
	}
	if got := s.requests()[0].header; got.Get("Authorization") != "Bearer "+sentinel || got.Get("Accept") != "application/json" {
		t.Errorf("%v", got)
	}
	if got := s.requests()[0].url; got != vastapi.DefaultBaseURL+"/api/v0/users/current/" {
		t.Errorf("%s", got)
	}
	if s.requests()[0].header.Get("Idempotency-Key") != "" || s.requests()[0].header.Get("X-Idempotency-Key") != "" {
		t.Error("Go sends a request with such a header again")
	}
}

func TestARefusedBidNamesTheLeastThatWouldDo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]vastapi.Rate{
		"Bid 0.1 is below the minimum of 0.2.":               0.2,
		"bid price 0.1 is below the minimum bid 0.25, x":     0.25,
		"Please set a bid price >= 0.001.":                   0.001,
		"the minimum bid price is $1.5/h":                    1.5,
		"bid price must be at least .3":                      0.3,
		"min_bid: 2":                                         2,
		"Invalid price: price must be between 0.001 and 128": 0.001,
		"Your bid is too low.":                               0,
		"minimum bid 99999999999999999999999999999":          0,
	} {
		api, _ := answering(t, says(400, `{"success":false,"error":"invalid_price","msg":"`+text+`"}`))
		e, ok := errors.AsType[*vastapi.Error](api.Do(t.Context(), vastapi.ChangeBid{ID: 5, Price: 0.1}).Err)
		if !ok || e.Kind != vastapi.KindBid || e.MinBid != want {
			t.Errorf("%q: %+v", text, e)
			continue
		}
		if s := e.Sentence(); (want > 0) != strings.Contains(s, "at least $") {
			t.Errorf("%q: %q", text, s)
		}
	}
}

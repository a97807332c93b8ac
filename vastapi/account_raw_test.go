package vastapi_test

import (
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// longHex is what an API key looks like.
const longHex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func rawText(lines *safetext.Lines) string {
	var all []string
	for _, l := range lines.All() {
		all = append(all, l)
	}
	return strings.Join(all, "\n")
}

func wantRaw(t *testing.T, lines *safetext.Lines, err error, has, lacks []string) {
	t.Helper()
	if err != nil || lines == nil {
		t.Fatalf("%v, %v", lines, err)
	}
	text := rawText(lines)
	for _, want := range has {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not shown:\n%s", want, text)
		}
	}
	for _, bad := range append(lacks, "\x1b") {
		if strings.Contains(text, bad) {
			t.Errorf("%q is shown:\n%s", bad, text)
		}
	}
}

func TestTheAccountIsShownAsTheServerGivesItWithoutItsKeys(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(200, `{"id":7,"email":"ada@example.org","username":"ad\u001ba","credit":12.5,"api_key":"k3y-in-clear","key_id":902,
 "ssh_key":"ssh-ed25519 AAAAC3Nz","tfa_enabled":true,"tfa_seed":{"a":"JBSWY3DP"},"sid":null,"unknown_field":"`+longHex+`",
 "escaped":"\u0030`+longHex[1:]+`","billing":{"last4":"4242","city":"Falun","more":[{"access_token":"d33p"}]},"note":"export HF_TOKEN=hf_12345678",
 "pin_password":1234,"`+longHex+`":1,"rights":{"api":{"user_read":{},"misc":{}}}}`))
	lines, err := api.UserRaw(t.Context())
	wantRaw(t, lines, err, []string{`"id": 7`, `"email": "ada@example.org"`, `"credit": 12.5`, `"api_key": "…"`, `"key_id": 902`, `"tfa_enabled": true`, `"sid": null`, `"city": "Falun"`, `"user_read": {}`, "export HF_TOKEN=…"},
		[]string{"k3y-in-clear", "AAAAC3Nz", "JBSWY3DP", longHex, longHex[1:], "4242", "d33p", "hf_12345678", ": 1234"})
}

func TestAnAPIKeyIsShownAsTheServerGivesItWithoutTheKey(t *testing.T) {
	t.Parallel()
	const list = `{"apikeys":[{"id":1,"name":"other"},{"id":902,"name":"ci","key":"t0ps3cret","key_type":"api","permissions":{"api":{"misc":{}}},"created_at":1700000000}]}`
	api, _ := answering(t, says(200, list))
	lines, err := api.APIKeyRaw(t.Context(), 902)
	wantRaw(t, lines, err, []string{`"id": 902`, `"key": "…"`, `"key_type": "api"`, `"misc": {}`}, []string{"t0ps3cret", "other"})
	api, _ = answering(t, says(200, list))
	if _, err := api.APIKeyRaw(t.Context(), 5); vastapi.KindOf(err) != vastapi.KindNotFound {
		t.Errorf("one that is gone: %v", err)
	}
}

func TestNoValueOfAVariableIsShownHoweverItCame(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(200, `{"success":true,"secrets":{"HF_TOKEN":"hf_clear","N":12,"ON":true,"LIST":["a-value"],"OBJ":{"x":"b-value"},"EMPTY":null,"BAD\u001b[2J":"c-value"},"note":"2 of 3"}`))
	lines, err := api.EnvVarsRaw(t.Context())
	wantRaw(t, lines, err, []string{`"HF_TOKEN": "…"`, `"N": "…"`, `"ON": "…"`, `"EMPTY": null`, `"note": "2 of 3"`}, []string{"hf_clear", "12", "a-value", "b-value", "c-value"})
	api, _ = answering(t, says(200, `{"secrets":"hf_clear"}`))
	if lines, err := api.EnvVarsRaw(t.Context()); err == nil {
		t.Errorf("no object at all is shown as %s", rawText(lines))
	}
}

func TestALineOfTheAuditLogIsShownAsTheServerGivesIt(t *testing.T) {
	t.Parallel()
	const log = `{"audit_logs":[
 {"ip_address":"203.0.113.9","api_key_id":902,"created_at":1700000000,"api_route":"POST /api/v0/secrets/","args":{"key":"HF_TOKEN","value":"v4lue"},"success":true},
 {"ip_address":"203.0.113.9","api_key_id":902,"created_at":1700000001,"api_route":"PUT /api/v0/asks/77/?api_key=` + longHex + `","args":"{\"image\":\"x\",\"env\":{\"A\":\"env-value\"},\"onstart\":\"scr1pt\",\"price\":0.5}"}]}`
	read := func() *vastapi.Client { api, _ := answering(t, says(200, log)); return api }
	list, _, err := read().AuditLog(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if r := list[0].Route.Wire(); strings.Contains(r, longHex) || !strings.Contains(r, "asks/77") || len(list[0].Objects) != 0 {
		t.Errorf("the key in an address is kept: %q, objects %v", r, list[0].Objects)
	}
	lines, err := read().AuditRaw(t.Context(), list[1])
	wantRaw(t, lines, err, []string{`"api_route": "POST /api/v0/secrets/"`, `"key": "HF_TOKEN"`, `"value": "…"`, `"success": true`, `"api_key_id": 902`}, []string{"v4lue", "asks/77"})
	lines, err = read().AuditRaw(t.Context(), list[0])
	wantRaw(t, lines, err, []string{"asks/77", `"image": "x"`, `"env": "…"`, `"onstart": "…"`, `"price": 0.5`}, []string{"env-value", "scr1pt", longHex, "secrets"})
	gone := list[0]
	gone.Key = 5
	if _, err := read().AuditRaw(t.Context(), gone); vastapi.KindOf(err) != vastapi.KindNotFound {
		t.Errorf("one that is gone: %v", err)
	}
}

func TestTheKeyOfTheRunIsMaskedWhereverItStands(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(200, `{"id":7,"words":"you asked with `+sentinel+` today"}`))
	lines, err := api.UserRaw(t.Context())
	wantRaw(t, lines, err, []string{`"words": "you asked with … today"`}, []string{sentinel})
}

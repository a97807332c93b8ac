package vastapi_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestASecretThatTheServerRepeatsIsInNoError(t *testing.T) {
	t.Parallel()
	const login = "-u me -p ghp_password99 ghcr.io"
	env := map[string]string{"HF_TOKEN": "hf_secretsecret", "KEY": "line one of it\nit's line two", "D": "1", "-p 8080:8080": "1", "-h": "hostname"}
	create := vastapi.CreateInstance{Offer: 7, Disk: 8, Image: "a/b", Env: env, OnStart: "echo begin\nwget https://u:hunter22@x/y", ImageLogin: vastapi.NewSecret(login)}
	update := vastapi.UpdateInstance{ID: 5, Env: env, OnStart: create.OnStart}
	for name, c := range map[string]struct {
		call vastapi.Call
		said string
		keep string
	}{
		"a value":                   {create, "bad env {'HF_TOKEN': 'hf_secretsecret'}", "bad env {'HF_TOKEN': '[hidden]'}"},
		"an update's value":         {update, "bad env {'HF_TOKEN': 'hf_secretsecret'}", "'[hidden]'"},
		"as Python prints it":       {create, `bad {'KEY': 'line one of it\nit\'s line two'}`, "'[hidden]'"},
		"one line of a value":       {create, "line 2: it's line two", "line 2: [hidden]"},
		"the login":                 {create, "cannot log in with " + login, "with [hidden]"},
		"the password":              {create, "ghp_password99 is wrong", "[hidden] is wrong"},
		"the script":                {create, "onstart: " + create.OnStart, "onstart: [hidden]"},
		"a line of the script":      {create, "line 2: wget https://u:hunter22@x/y failed", "line 2: [hidden] failed"},
		"cut off in the middle":     {create, "bad value hf_secretsec", "bad value [hidden]"},
		"behind where texts end":    {create, strings.Repeat("x", 245) + "hf_secretsecret", "x[hidden]"},
		"short values and flags":    {create, "D is 1, host hostname", "D is 1, host hostname"},
		"twice, and then the other": {create, "hf_secretsecret hf_secretsecret ghp_password99", "[hidden] [hidden] [hidden]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			msg, err := json.Marshal(c.said)
			if err != nil {
				t.Fatal(err)
			}
			for _, body := range []string{
				`{"success":false,"error":"invalid_args","msg":` + string(msg) + `}`,
				`{"success":false,"error":` + string(msg) + `}`,
				c.said,
			} {
				api, _ := answering(t, says(400, body))
				res := api.Do(t.Context(), c.call)
				e, ok := errors.AsType[*vastapi.Error](res.Err)
				if !ok {
					t.Fatalf("%+v", res)
				}
				shown := e.Error() + e.Sentence() + e.Code + e.Message
				for _, secret := range []string{"hf_secret", "ghp_pass", "line one", "line two", "hunter22"} {
					if strings.Contains(shown, secret) {
						t.Errorf("%s: %s", body, shown)
					}
				}
				if body[0] == '{' && !strings.Contains(e.Message, c.keep) {
					t.Errorf("%s: %q", body, e.Message)
				}
			}
		})
	}
}

func TestACodeStaysThoughAValueIsTheSame(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(410, `{"success":false,"error":"no_such_ask","msg":"no_such_ask"}`))
	res := api.Do(t.Context(), vastapi.CreateInstance{Offer: 7, Disk: 8, Image: "a/b", Env: map[string]string{"A": "no_such_ask"}})
	if !vastapi.IsCode(res.Err, "no_such_ask") || vastapi.KindOf(res.Err) != vastapi.KindGone {
		t.Errorf("%+v", res.Err)
	}
}

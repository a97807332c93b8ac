package rental

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

const hiddenValue = "hf_5en71ne1-never-shown"

func fewRights() vastapi.Permissions {
	return vastapi.Permissions{Groups: []vastapi.Right{vastapi.RightMisc, vastapi.RightUserRead}}
}

func TestKeysAndVariablesOfTheAccountAreMadeAndSeen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		seen := func(p Plan, err error) Report {
			t.Helper()
			r := m.run(p, err)
			checkCounts(t, r, len(p.Steps), 0, 0, 0, 0)
			if !r.Complete() {
				t.Errorf("%s: %s", p.Verb, r.Label())
			}
			return r
		}
		keys, err := m.client.APIKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r := seen(PlanCreateAPIKey(" ci ", fewRights(), keys, m.desk()))
		made := r.NewKey()
		if len(made.Reveal()) != 64 || made.ID == 0 {
			t.Fatalf("%+v", r)
		}
		keys, err = m.client.APIKeys(t.Context())
		if err != nil || len(keys) != 2 || keys[1].ID != made.ID {
			t.Fatalf("%+v, %v", keys, err)
		}
		seen(PlanDeleteAPIKey(keys[1], false, m.desk()))
		seen(PlanDeleteAPIKey(keys[1], false, m.desk())) // gone already
		vars, err := m.client.EnvVars(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen(PlanSetEnvVar("hf_token", vastapi.NewSecret(hiddenValue), vars, m.desk()))
		vars, _ = m.client.EnvVars(t.Context())
		change := seen(PlanSetEnvVar("hf_token", vastapi.NewSecret(hiddenValue+"2"), vars, m.desk()))
		if _, changes := change.Plan.Steps[0].Call.(vastapi.UpdateEnvVar); !changes || m.world.EnvVars()["HF_TOKEN"] != hiddenValue+"2" {
			t.Errorf("%+v, %v", change.Plan.Steps, m.world.EnvVars())
		}
		seen(PlanDeleteEnvVar("HF_TOKEN", m.desk()))
		seen(PlanDeleteEnvVar("HF_TOKEN", m.desk()))
		for _, line := range m.j.lines {
			for _, secret := range []string{hiddenValue, made.Reveal()} {
				if strings.Contains(string(line), secret) {
					t.Errorf("the journal holds %s", line)
				}
			}
		}
	})
}

func TestAChangeOfTheAccountWhoseAnswerIsLostIsLookedForAndNotSentAgain(t *testing.T) {
	const keys, vars = "/api/v0/auth/apikeys/", "/api/v0/secrets/"
	type plan func(m *market) (Plan, error)
	create := plan(func(m *market) (Plan, error) {
		list, err := m.client.APIKeys(m.t.Context())
		if err != nil {
			return Plan{}, err
		}
		return PlanCreateAPIKey("default", fewRights(), list, m.desk()) // as another one is called
	})
	remove := plan(func(m *market) (Plan, error) {
		m.world.MakeKey("old")
		list, err := m.client.APIKeys(m.t.Context())
		if err != nil {
			return Plan{}, err
		}
		return PlanDeleteAPIKey(list[1], false, m.desk())
	})
	add := plan(func(m *market) (Plan, error) {
		return PlanSetEnvVar("TOKEN", vastapi.NewSecret(hiddenValue), nil, m.desk())
	})
	change := plan(func(m *market) (Plan, error) {
		list, err := m.client.EnvVars(m.t.Context())
		if err != nil {
			return Plan{}, err
		}
		return PlanSetEnvVar("HF_HOME", vastapi.NewSecret(hiddenValue), list, m.desk())
	})
	drop := plan(func(m *market) (Plan, error) { return PlanDeleteEnvVar("HF_HOME", m.desk()) })
	for name, c := range map[string]struct {
		plan          plan
		method, path  string
		kind          vastsim.Kind
		done, unknown int
		says          string
	}{
		"a key was made":           {create, "POST", keys, vastsim.LostAnswer, 1, 0, "delete it and make another"},
		"a key was not made":       {create, "POST", keys, vastsim.Reset, 0, 1, ""},
		"a key was deleted":        {remove, "DELETE", keys, vastsim.LostAnswer, 1, 0, ""},
		"a key was not deleted":    {remove, "DELETE", keys, vastsim.Reset, 0, 1, ""},
		"a variable was added":     {add, "POST", vars, vastsim.LostAnswer, 1, 0, ""},
		"a variable was not added": {add, "POST", vars, vastsim.Reset, 0, 1, ""},
		"a variable was changed":   {change, "PUT", vars, vastsim.LostAnswer, 0, 1, "set it again"},
		"a variable was dropped":   {drop, "DELETE", vars, vastsim.LostAnswer, 1, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t)
				p, err := c.plan(m)
				m.world.Fault(vastsim.Fault{Kind: c.kind, Method: c.method, Path: c.path, Times: 1})
				r := m.run(p, err)
				checkCounts(t, r, c.done, 0, 0, c.unknown, 0)
				if n := len(m.world.Calls(c.method, c.path)); n != 1 {
					t.Errorf("%d requests", n)
				}
				why := ""
				for _, s := range append(r.Done, r.Unknown...) {
					why += s.Why
				}
				if c.says != "" && !strings.Contains(why, c.says) {
					t.Errorf("it says %q", why)
				}
				if r.NewKey().Given() {
					t.Error("a key came out of a lost answer")
				}
				ops, err := Open(m.j)
				if err != nil {
					t.Fatal(err)
				}
				op := ops.All()[0]
				if op.Open() != (c.unknown == 1) || callOf(op) == nil || op.About == "" && op.APIKey == 0 {
					t.Errorf("the journal tells %+v", op)
				}
				if line, known := op.Official(); !known || strings.Contains(line, hiddenValue) {
					t.Errorf("%q, %v", line, known)
				}
			})
		})
	}
}

func TestDeletingTheKeyThatTheReadsAreMadeWithIsDoneAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		secret := m.world.MakeKey("second")
		second, err := vastapi.New(vastapi.WithTransport(m.world.Transport()), vastapi.WithKey(vastapi.KeyFunc(func() string { return secret })))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(second.Close)
		m.client = second
		user, err := m.client.User(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		r := m.run(PlanDeleteAPIKey(vastapi.APIKey{ID: user.KeyID}, true, m.desk()))
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if !r.Complete() || !r.Done[0].Verified {
			t.Errorf("it is told as %q", r.Label())
		}
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("it was under way for %s", took)
		}
		if _, err := m.client.User(t.Context()); vastapi.KindOf(err) != vastapi.KindAuth {
			t.Errorf("the deleted key is answered: %v", err)
		}
		ops, err := Open(m.j)
		if err != nil || len(ops.All()) != 1 || ops.All()[0].Open() {
			t.Errorf("the journal leaves it open: %+v, %v", ops.All(), err)
		}
	})
}

// A refusal proves nothing where the server never said yes to the deletion.
func TestARefusalAfterALostAnswerDoesNotCountAsDeleted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		m.world.MakeKey("old")
		list, err := m.client.APIKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m.world.Fault(vastsim.Fault{Kind: vastsim.Reset, Method: "DELETE", Path: "/api/v0/auth/apikeys/", Times: 1})
		m.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 401, Method: "GET", Path: "/api/v0/auth/apikeys/"})
		r := m.run(PlanDeleteAPIKey(list[1], false, m.desk()))
		checkCounts(t, r, 0, 0, 0, 1, 0)
	})
}

func TestAnOpenChangeOfTheAccountIsFoundOutByTheNextStart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		list, err := m.client.APIKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p := must(t)(PlanCreateAPIKey("late", fewRights(), list, m.desk()))
		m.world.Fault(vastsim.Fault{Kind: vastsim.LostAnswer, Method: "POST", Path: "/api/v0/auth/apikeys/", Times: 1})
		mend := m.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 500, Method: "GET", Path: "/api/v0/auth/apikeys/"})
		r := m.run(p, nil)
		checkCounts(t, r, 0, 0, 0, 1, 0)
		mend()
		out, err := Recover(t.Context(), m.deps(), nil)
		if err != nil || len(out) != 1 || out[0].State != OpConfirmed {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

func TestPlansAboutTheAccountSayWhatTheyMean(t *testing.T) {
	t.Parallel()
	d := fixed()
	key := vastapi.APIKey{ID: 501234, Name: safetext.New("ci\x1b[2J"), Grant: vastapi.FullGrant()}
	text := func(p Plan, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		asJSON, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		s := p.Steps[0]
		all := fmt.Sprintf("%s\n%+v\n%#v\n%s\n%s", asJSON, p, p, s.Official(), s.Curl("https://console.vast.ai"))
		if strings.Contains(all, hiddenValue) || strings.ContainsRune(all, '\x1b') {
			t.Errorf("%s holds a value or an escape sequence: %s", p.Verb, all)
		}
		return all
	}
	for _, c := range []struct {
		name  string
		text  string
		needs []string
	}{
		{"few rights", text(PlanCreateAPIKey("ci", fewRights(), []vastapi.APIKey{{ID: 3, Name: safetext.New("ci")}}, d)), []string{
			"misc, user_read", "The server tells it once", "There is a key of that name already", `vastai create api-key --name ci --permission_file permissions.json`, `{"api":{"misc":{},"user_read":{}}}`}},
		{"everything", text(PlanCreateAPIKey("ci", vastapi.Permissions{Full: true}, nil, d)), []string{"everything", "transfer credit", "vastai create api-key --name ci\n"}},
		{"delete", text(PlanDeleteAPIKey(key, false, d)), []string{"vastai delete api-key 501234", "stop working", `"type_to_agree":"1234"`}},
		{"delete one's own", text(PlanDeleteAPIKey(key, true, d)), []string{"This program uses this key"}},
		{"a variable", text(PlanSetEnvVar("hf_token", vastapi.NewSecret(hiddenValue), nil, d)), []string{`vastai create env-var HF_TOKEN "$HF_TOKEN"`, `"value":"…"`, "hidden"}},
		{"another value", text(PlanSetEnvVar("PATH", vastapi.NewSecret(hiddenValue), []vastapi.EnvVar{{Name: safetext.New("PATH")}}, d)), []string{`vastai update env-var PATH "$VALUE_OF_PATH"`, "only setting it again"}},
		{"without it", text(PlanDeleteEnvVar("HF_TOKEN", d)), []string{"vastai delete env-var HF_TOKEN", "cannot be read back"}},
	} {
		for _, n := range c.needs {
			if !strings.Contains(c.text, n) {
				t.Errorf("%s: no %q in %s", c.name, n, c.text)
			}
		}
	}
	for _, c := range []struct {
		field string
		err   error
	}{
		{"name", refusalOf(PlanCreateAPIKey(" ", fewRights(), nil, d))}, {"permissions", refusalOf(PlanCreateAPIKey("x", vastapi.Permissions{}, nil, d))},
		{"name", refusalOf(PlanSetEnvVar("a-b", vastapi.NewSecret("x"), nil, d))}, {"value", refusalOf(PlanSetEnvVar("A", vastapi.Secret{}, nil, d))},
	} {
		if f, ok := c.err.(FieldError); !ok || f.Field != c.field {
			t.Errorf("%s: %v", c.field, c.err)
		}
	}
	if _, err := PlanDeleteAPIKey(vastapi.APIKey{}, false, d); err == nil {
		t.Error("a key without a number")
	}
}

func refusalOf[T any](_ T, err error) error { return err }

func TestAKeyThatMayNotIsRefusedInWordsAndTheListIsNotReadForEver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		d := m.desk()
		m.client = m.clientWith(m.world.MakeKey("writes only", "user_write"))
		r := m.run(PlanSetEnvVar("TOKEN", vastapi.NewSecret(hiddenValue), nil, d))
		checkCounts(t, r, 1, 0, 0, 0, 0) // the server said yes; this key cannot see it
		m.client = m.clientWith(m.world.MakeKey("reads only", "user_read"))
		r = m.run(PlanDeleteEnvVar("TOKEN", d))
		checkCounts(t, r, 0, 1, 0, 0, 0)
		if why := r.Failed[0].Why; !strings.Contains(why, "user_write") {
			t.Error(why)
		}
	})
}

// clientWith is a client of the market with another key.
func (m *market) clientWith(key string) *vastapi.Client {
	m.t.Helper()
	c, err := vastapi.New(
		vastapi.WithTransport(m.world.Transport()), vastapi.WithPacerOf(m.client),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return key })),
	)
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(c.Close)
	return c
}

package vastapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// with is a client of w that has a key of its own.
func with(t *testing.T, w *vastsim.World, key string) *vastapi.Client {
	t.Helper()
	return over(t, w.Transport(), vastapi.WithKey(vastapi.KeyFunc(func() string { return key })))
}

func TestAnAPIKeyIsMadeShownOnceUsedAndDeleted(t *testing.T) {
	t.Parallel()
	w := vastsim.New(vastsim.WithOffers(50), vastsim.WithQuietMarket())
	api := over(t, w.Transport())
	res := api.Do(t.Context(), vastapi.CreateAPIKey{Name: "ci", Permissions: vastapi.Permissions{Groups: []vastapi.Right{vastapi.RightMisc, vastapi.RightUserRead}}})
	if res.Outcome != vastapi.OutcomeConfirmed || !res.Key.Given() || res.Key.ID == 0 {
		t.Fatalf("%+v", res)
	}
	secret := res.Key.Reveal()
	if len(secret) != 64 {
		t.Fatalf("%q", secret)
	}
	keys, err := api.APIKeys(t.Context())
	if err != nil || len(keys) != 2 {
		t.Fatalf("%+v, %v", keys, err)
	}
	mine := keys[1]
	if mine.ID != res.Key.ID || mine.Name.String() != "ci" || mine.Created.IsZero() || mine.Grant.String() != "user_read, misc" || keys[0].Grant.String() != "everything" {
		t.Errorf("%+v", keys)
	}
	one, err := api.APIKey(t.Context(), mine.ID)
	if err != nil || one.ID != mine.ID || one.Grant.Has(vastapi.RightMisc) != vastapi.FlagYes || one.Grant.Has(vastapi.RightInstanceRead) != vastapi.FlagNo {
		t.Errorf("%+v, %v", one, err)
	}
	scoped := with(t, w, secret)
	if u, err := scoped.User(t.Context()); err != nil || u.KeyID != mine.ID || u.Grant.String() != "user_read, misc" {
		t.Errorf("%+v, %v", u, err)
	}
	if _, err := scoped.Instances(t.Context()); vastapi.KindOf(err) != vastapi.KindRights {
		t.Errorf("%v", err)
	}
	if res := api.Do(t.Context(), vastapi.DeleteAPIKey{Key: mine.ID}); res.Outcome != vastapi.OutcomeConfirmed {
		t.Errorf("%+v", res)
	}
	if _, err := scoped.User(t.Context()); vastapi.KindOf(err) != vastapi.KindAuth {
		t.Errorf("a deleted key: %v", err)
	}
	if res := api.Do(t.Context(), vastapi.DeleteAPIKey{Key: mine.ID}); res.Outcome != vastapi.OutcomeConfirmed {
		t.Errorf("what is gone needs no deleting: %+v", res)
	}
	if res := api.Do(t.Context(), vastapi.DeleteAPIKey{Key: 1}); res.Outcome != vastapi.OutcomeRejected {
		t.Errorf("the primary key: %+v", res)
	}
}

func TestANewKeyPrintsMaskedAndCanBeForgotten(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(200, `{"id":9,"key":"`+sentinel+`","permissions":false}`))
	res := api.Do(t.Context(), vastapi.CreateAPIKey{Name: "x", Permissions: vastapi.Permissions{Full: true}})
	asJSON, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(printed(res, res.Key, &res.Key, []vastapi.NewKey{res.Key}), string(asJSON)) {
		if strings.Contains(s, sentinel) || strings.Contains(s, fmt.Sprintf("%x", sentinel)) {
			t.Errorf("printed: %s", s)
		}
	}
	kept := res.Key
	if kept.Reveal() != sentinel || kept.ID != 9 {
		t.Fatal("not given")
	}
	res.Key.Forget()
	if kept.Given() || kept.Reveal() != "" || kept.ID != 9 {
		t.Error("a copy still gives the key")
	}
	none := vastapi.NewKey{}
	none.Forget()
	if none.Given() || none.Reveal() != "" || fmt.Sprint(none) != "" {
		t.Error("the zero key is one")
	}
}

func TestAccountVariablesAreMadeChangedMaskedAndInjected(t *testing.T) {
	t.Parallel()
	w := vastsim.New(vastsim.WithOffers(50), vastsim.WithQuietMarket())
	api := over(t, w.Transport())
	value := vastapi.NewSecret("hf_very-secret")
	for _, call := range []vastapi.Call{
		vastapi.CreateEnvVar{Key: "hf_token", Value: value}, vastapi.UpdateEnvVar{Key: "WANDB_MODE", Value: value}, vastapi.DeleteEnvVar{Key: "HF_HOME"}, vastapi.DeleteEnvVar{Key: "HF_HOME"},
	} {
		if res := api.Do(t.Context(), call); res.Outcome != vastapi.OutcomeConfirmed {
			t.Fatalf("%T: %+v", call, res)
		}
	}
	vars, err := api.EnvVars(t.Context())
	if err != nil || len(vars) != 2 || vars[0].Name.String() != "HF_TOKEN" || !vars[0].Set || vars[1].Name.String() != "WANDB_MODE" {
		t.Errorf("%+v, %v", vars, err)
	}
	for _, c := range []struct {
		call vastapi.Call
		code string
	}{
		{vastapi.CreateEnvVar{Key: "HF_TOKEN", Value: value}, "existing_key"}, {vastapi.UpdateEnvVar{Key: "NONE", Value: value}, "nonexistent_key"},
	} {
		if res := api.Do(t.Context(), c.call); res.Outcome != vastapi.OutcomeRejected || !vastapi.IsCode(res.Err, c.code) || strings.Contains(fmt.Sprint(res), "very-secret") {
			t.Errorf("%T: %+v", c.call, res)
		}
	}
	page, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{})
	if err != nil {
		t.Fatal(err)
	}
	rent := api.Do(t.Context(), vastapi.CreateInstance{Offer: page.Offers[0].ID, Image: "ubuntu:22.04", Disk: 10})
	for _, i := range w.Instances() {
		if i.ID == int64(rent.Contract) && (i.Injected["HF_TOKEN"] != "hf_very-secret" || i.Injected["HF_HOME"] != "") {
			t.Errorf("%+v", i.Injected)
		}
	}
}

func TestTheValueOfAVariableIsNeverPrinted(t *testing.T) {
	t.Parallel()
	for _, call := range []vastapi.Call{
		vastapi.CreateEnvVar{Key: "A", Value: vastapi.NewSecret(sentinel)}, vastapi.UpdateEnvVar{Key: "A", Value: vastapi.NewSecret(sentinel)},
	} {
		preview, err := call.Preview()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range append(printed(call), string(preview)) {
			if strings.Contains(s, sentinel) || strings.Contains(s, fmt.Sprintf("%x", sentinel)) {
				t.Errorf("%T: %s", call, s)
			}
		}
		if body, err := call.Body(); err != nil || !strings.Contains(string(body), sentinel) {
			t.Errorf("%s, %v", body, err)
		}
		api, _ := answering(t, says(400, `{"success":false,"error":"invalid_args","msg":"value `+sentinel+` is bad"}`))
		if res := api.Do(t.Context(), call); strings.Contains(fmt.Sprintf("%v %+v", res.Err, res), sentinel) {
			t.Errorf("%T: %v", call, res.Err)
		}
	}
}

func TestWhatTheServerWouldRefuseOfKeysAndVariablesIsNotSent(t *testing.T) {
	t.Parallel()
	full := vastapi.Permissions{Full: true}
	value := vastapi.NewSecret("v")
	for _, call := range []vastapi.Call{
		vastapi.CreateAPIKey{Permissions: full}, vastapi.CreateAPIKey{Name: "  ", Permissions: full}, vastapi.CreateAPIKey{Name: "a\nb", Permissions: full},
		vastapi.CreateAPIKey{Name: strings.Repeat("x", vastapi.MaxKeyName+1), Permissions: full}, vastapi.CreateAPIKey{Name: "x"},
		vastapi.CreateAPIKey{Name: "x", Permissions: vastapi.Permissions{Groups: []vastapi.Right{"root"}}},
		vastapi.CreateAPIKey{Name: "x", Permissions: vastapi.Permissions{Full: true, Groups: []vastapi.Right{vastapi.RightMisc}}},
		vastapi.DeleteAPIKey{}, vastapi.DeleteAPIKey{Key: -1},
		vastapi.CreateEnvVar{Key: "A"}, vastapi.CreateEnvVar{Key: "", Value: value}, vastapi.CreateEnvVar{Key: "1A", Value: value}, vastapi.CreateEnvVar{Key: "A-B", Value: value},
		vastapi.CreateEnvVar{Key: "A", Value: vastapi.NewSecret("a\x00b")}, vastapi.UpdateEnvVar{Key: "A", Value: vastapi.NewSecret(strings.Repeat("x", vastapi.MaxEnvValue+1))},
		vastapi.DeleteEnvVar{}, vastapi.DeleteEnvVar{Key: "a b"},
	} {
		api, s := answering(t, says(200, `{"success":true}`))
		if res := api.Do(t.Context(), call); res.Outcome != vastapi.OutcomeNotSent || s.count() != 0 {
			t.Errorf("%T: %+v", call, res)
		}
	}
}

func TestEveryPresetIsTakenAndAllowsWhatItSays(t *testing.T) {
	t.Parallel()
	w := vastsim.New(vastsim.WithOffers(50), vastsim.WithQuietMarket())
	api := over(t, w.Transport())
	for _, p := range vastapi.Presets() {
		if !strings.HasSuffix(p.About, ".") || p.Allows == "" || p.Name == "" {
			t.Errorf("%+v", p)
		}
		res := api.Do(t.Context(), vastapi.CreateAPIKey{Name: p.Name, Permissions: p.Permissions()})
		if res.Outcome != vastapi.OutcomeConfirmed {
			t.Fatalf("%s: %+v", p.Name, res)
		}
		mine := with(t, w, res.Key.Reveal())
		for name, read := range reads(mine) {
			if name == "instance" || name == "keys of one" { // there is none of that number
				continue
			}
			if err := read(t.Context()); err != nil {
				t.Errorf("%s: %s: %v", p.Name, name, err)
			}
		}
		id := vastapi.InstanceID(w.Instances()[0].ID)
		write := mine.Do(t.Context(), vastapi.LabelInstance{ID: id, Label: p.Name})
		if got, want := write.Outcome == vastapi.OutcomeConfirmed, p.Permissions().Grant().Has(vastapi.RightInstanceWrite).Yes(); got != want {
			t.Errorf("%s: a rename: %+v", p.Name, write)
		}
		_, _, err := mine.Invoices(t.Context(), w.Now().Add(-1e9), w.Now())
		if got, want := err == nil, p.Permissions().Grant().Has(vastapi.RightBillingRead).Yes(); got != want {
			t.Errorf("%s: invoices: %v", p.Name, err)
		}
	}
}

func TestAKeyOfFewRightsIsToldSoAndEverythingElseWorks(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 403} {
		for _, rights := range [][]string{{"misc", "user_read", "instance_read"}, {"misc", "user_read", "instance_read", "instance_write"}, {"misc"}, {"billing_read"}} {
			t.Run(fmt.Sprint(status, rights), func(t *testing.T) {
				t.Parallel()
				w := vastsim.New(vastsim.WithOffers(50), vastsim.WithQuietMarket(), vastsim.WithRefusal(status))
				api := with(t, w, w.MakeKey("few", rights...))
				has := func(r vastapi.Right) bool { return r == "" || slices.Contains(rights, string(r)) }
				check := func(what string, right vastapi.Right, err error) {
					t.Helper()
					var e *vastapi.Error
					switch {
					case has(right):
						if vastapi.KindOf(err) == vastapi.KindRights || vastapi.KindOf(err) == vastapi.KindAuth {
							t.Errorf("%s: %v", what, err)
						}
					case !errors.As(err, &e) || e.Kind != vastapi.KindRights || e.Right != right || !strings.Contains(e.Sentence(), string(right)):
						t.Errorf("%s: %v", what, err)
					}
				}
				routes := map[string]vastapi.Right{
					"offers": vastapi.RightMisc, "instances": vastapi.RightInstanceRead, "volumes": vastapi.RightInstanceRead, "user": vastapi.RightUserRead,
					"keys": vastapi.RightUserRead, "api keys": vastapi.RightUserRead, "variables": vastapi.RightUserRead, "audit log": "", "factor": "",
				}
				all := reads(api)
				for name, right := range routes {
					check(name, right, all[name](t.Context()))
				}
				for _, call := range calls() {
					before := len(w.Calls("", ""))
					res := api.Do(t.Context(), call)
					check(fmt.Sprintf("%T", call), vastapi.RightOf(call), res.Err)
					if !has(vastapi.RightOf(call)) && (res.Outcome != vastapi.OutcomeRejected || len(w.Calls("", "")) != before+1) {
						t.Errorf("%T: %+v", call, res)
					}
				}
				for _, r := range []vastapi.Right{vastapi.RightMisc, vastapi.RightInstanceRead, vastapi.RightInstanceWrite, vastapi.RightUserRead, vastapi.RightUserWrite} {
					if _, lacks := api.Refusals().Of(r); lacks == has(r) {
						t.Errorf("%s: %+v", r, api.Refusals().List())
					}
				}
			})
		}
	}
}

func TestTheAuditLogNamesKeysObjectsAndNoValues(t *testing.T) {
	t.Parallel()
	w := vastsim.New(vastsim.WithOffers(50), vastsim.WithQuietMarket())
	api := over(t, w.Transport())
	id := vastapi.InstanceID(w.Instances()[0].ID)
	scoped := with(t, w, w.MakeKey("scoped", "instance_write"))
	for _, res := range []vastapi.Result{
		scoped.Do(t.Context(), vastapi.LabelInstance{ID: id, Label: "noted"}),
		api.Do(t.Context(), vastapi.CreateEnvVar{Key: "TOKEN", Value: vastapi.NewSecret(sentinel)}),
	} {
		if res.Outcome != vastapi.OutcomeConfirmed {
			t.Fatalf("%+v", res)
		}
	}
	list, cut, err := api.AuditLog(t.Context())
	if err != nil || cut || len(list) != 2 {
		t.Fatalf("%+v, %v, %v", list, cut, err)
	}
	if strings.Contains(fmt.Sprintf("%+v", list), sentinel) {
		t.Errorf("%+v", list)
	}
	keys, err := api.APIKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := list[slices.IndexFunc(list, func(e vastapi.AuditEntry) bool { return strings.HasPrefix(e.Route.String(), "PUT") })]
	if e.Key != keys[1].ID || e.At.IsZero() || e.IP.String() != "203.0.113.200" || !slices.Equal(e.Objects, []int64{int64(id)}) || fmt.Sprint(e.Args) != "[{label noted}]" {
		t.Errorf("%+v", e)
	}
}

func TestAuditEntriesOfAllShapesAreRead(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(200, `[
		{"ip_address":"192.0.2.1","api_key_id":7,"created_at":1782000000.5,"api_route":"api.instance.reboot","args":{"id":18830001,"env":{"TOKEN":"`+sentinel+`"},"onstart":"`+sentinel+`"}},
		{"ip_address":null,"api_key_id":"8","created_at":"2026-06-21T10:00:00","api_route":"DELETE /api/v0/instances/18830002/","args":"{\"instance_ids\":[18830003,18830004],\"value\":\"`+sentinel+`\"}"},
		{"args":[1,2]},
		7]`))
	list, _, err := api.AuditLog(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	if text := fmt.Sprintf("%+v", list); strings.Contains(text, sentinel) {
		t.Error(text)
	}
	if !slices.Equal(list[1].Objects, []int64{18830003, 18830004, 18830002}) && !slices.Equal(list[0].Objects, []int64{18830003, 18830004, 18830002}) {
		t.Errorf("%+v", list)
	}
	for _, e := range list {
		if e.Key == 7 && (fmt.Sprint(e.Args) != "[{env …} {id 18830001} {onstart …}]" || !slices.Equal(e.Objects, []int64{18830001})) {
			t.Errorf("%+v", e)
		}
	}
}

func TestGrantsOfAllShapesAreRead(t *testing.T) {
	t.Parallel()
	for rights, want := range map[string]string{
		`"all"`: "everything", `null`: "not told", `false`: "not told", `7`: "not told", `{}`: "not told", `{"api":{}}`: "not told", `{"read":true}`: "not told",
		`{"api":{"misc":{},"user_read":{}}}`: "user_read, misc", `{"misc":{},"machine_read":{}}`: "machine_read, misc",
		`{"api":{"instance_read":{"api.instance.request_logs":{"constraints":{"id":{"eq":1}}}}}}`: "instance_read (in part)",
		`{"api":[`: "",
	} {
		api, _ := answering(t, says(200, `{"apikeys":[{"id":5,"name":"x","rights":`+rights+`}]}`))
		keys, err := api.APIKeys(t.Context())
		if want == "" {
			if err == nil {
				t.Errorf("%s: %+v", rights, keys)
			}
			continue
		}
		if err != nil || len(keys) != 1 || keys[0].Grant.String() != want {
			t.Errorf("%s: %+v, %v", rights, keys, err)
		}
	}
}

func TestTheSecondFactorIsTold(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{false, true} {
		opts := []vastsim.Option{vastsim.WithOffers(10)}
		if on {
			opts = append(opts, vastsim.WithTwoFactor())
		}
		f, err := over(t, vastsim.New(opts...).Transport()).TwoFactor(context.Background())
		if err != nil || f.On.Yes() != on || f.On == vastapi.FlagUnknown || (len(f.Methods) == 1) != on {
			t.Errorf("%+v, %v", f, err)
		}
	}
}

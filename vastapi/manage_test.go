package vastapi_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestWhatIsChangedOfAnInstanceIsSentAloneAndShownMasked(t *testing.T) {
	t.Parallel()
	c := vastapi.UpdateInstance{
		ID: 5, Image: "a/b:2", Template: "abc123", OnStart: "a > b", Env: map[string]string{"TOKEN": "secret value", "-p 1:1": "1"},
	}
	for want, write := range map[string]func() ([]byte, error){
		`{"id":5,"template_hash_id":"abc123","image":"a/b:2","env":{"-p 1:1":"1","TOKEN":"secret value"},"onstart":"a > b"}`: c.Body,
		`{"id":5,"template_hash_id":"abc123","image":"a/b:2","env":{"-p 1:1":"1","TOKEN":"…"},"onstart":"a > b"}`:            c.Preview,
		`{"id":5,"image":"x"}`:              vastapi.UpdateInstance{ID: 5, Image: "x"}.Body,
		`{"pending_price_increase_id":9}`:   vastapi.AcceptPriceIncrease{Increase: 9, Instance: 5}.Body,
		`{"pending_price_increase_id":8}`:   vastapi.RejectPriceIncrease{Increase: 8, Instance: 5}.Body,
		`{"command":"ls -l /workspace"}`:    vastapi.ExecuteCommand{ID: 5, Command: "ls -l /workspace"}.Body,
		`{"ssh_key":"ssh-ed25519 AAAA me"}`: vastapi.AttachSSHKey{ID: 5, Key: "ssh-ed25519 AAAA me"}.Body,
	} {
		if got, err := write(); err != nil || string(got) != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
}

func TestWhatCannotBeRunWithoutSSHIsNotSent(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, `{"success":true}`))
	for _, command := range []string{
		"", "  ", "cat /etc/passwd", "/bin/ls", "LS /", "ls /a; rm -r /", "ls /a && rm /b", "ls | sh", "ls $(id)", "ls `id`", "ls > /a", "rm /a*", "rm /a?",
		"rm ~/x", "ls \"a\"", "ls 'a'", "ls a\\ b", "ls a\nrm b", "ls a\x00", "ls \u202ea", "ls {a,b}", "ls [a]", "ls !x", "ls #x", "ls " + strings.Repeat("x", 510),
	} {
		res := api.Do(t.Context(), vastapi.ExecuteCommand{ID: 5, Command: command})
		if res.Outcome != vastapi.OutcomeNotSent || vastapi.KindOf(res.Err) != vastapi.KindRejected {
			t.Errorf("%q: %+v", command, res)
		}
	}
	for _, call := range []vastapi.Call{
		vastapi.ExecuteCommand{Command: "ls"}, vastapi.RecycleInstance{}, vastapi.UpdateInstance{ID: 5}, vastapi.UpdateInstance{ID: 5, Image: "a b"},
		vastapi.UpdateInstance{ID: 5, Template: "not a hash"}, vastapi.UpdateInstance{Image: "a"}, vastapi.AcceptPriceIncrease{Instance: 5},
		vastapi.RejectPriceIncrease{}, vastapi.DetachSSHKey{ID: 5}, vastapi.AttachSSHKey{ID: 5, Key: "-----BEGIN OPENSSH PRIVATE KEY----- x"},
		vastapi.AttachSSHKey{ID: 5, Key: "nothing"}, vastapi.AttachSSHKey{ID: 5, Key: "ssh-rsa A\nssh-rsa B"}, vastapi.AttachSSHKey{Key: "ssh-rsa A"},
		vastapi.UpdateInstance{ID: 5, Env: map[string]string{"A": strings.Repeat("x", 40_000)}}, vastapi.UpdateInstance{ID: 5, OnStart: strings.Repeat("x", 1<<15)},
	} {
		if res := api.Do(t.Context(), call); res.Outcome != vastapi.OutcomeNotSent || vastapi.KindOf(res.Err) != vastapi.KindRejected {
			t.Errorf("%T: %+v", call, res)
		}
	}
	if s.count() != 0 {
		t.Errorf("%d requests left", s.count())
	}
	for command, deletes := range map[string]bool{"ls -la /workspace/out-1_2.log": false, "du -s /": false, "rm -r /workspace/x": true} {
		c := vastapi.ExecuteCommand{ID: 5, Command: command}
		if err := c.Validate(); err != nil || c.Deletes() != deletes {
			t.Errorf("%q: %v, deletes %v", command, err, c.Deletes())
		}
	}
}

func TestPriceIncreasesAreReadPerHourAndPerMonth(t *testing.T) {
	t.Parallel()
	body := `{"success":true,"count":4,"truncated":true,"pending_price_increases":[
		{"pending_price_increase_id":9,"contract_id":5,"host_id":"31","old_gpu_costpersec":0.0001,"new_gpu_costpersec":"0.0002","old_disk_ram_costpersec":5.787037e-8,
		 "new_disk_ram_costpersec":null,"old_bwu_cost":0.01,"new_bwu_cost":0.02,"new_bwd_cost":-1,"contract_end_date":1900000000,"created_at":"2026-01-02T03:04:05Z","new_platform_fee":0},
		{"contract_id":6},{"pending_price_increase_id":10},7]}`
	api, s := answering(t, says(200, body))
	got, err := api.PriceIncreases(t.Context())
	if err != nil || len(got.List) != 1 || got.Bad != 3 || !got.Truncated {
		t.Fatalf("%+v, %v", got, err)
	}
	p := got.List[0]
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-4 }
	if p.ID != 9 || p.Instance != 5 || p.Host != 31 || !near(float64(p.OldGPU), 0.36) || !near(float64(p.NewGPU), 0.72) || !near(float64(p.OldDisk), 0.15) {
		t.Errorf("%+v", p)
	}
	if vastapi.Known(p.NewDisk) || vastapi.Known(p.NewDown) || vastapi.Known(p.OldDown) || p.NewUp != 0.02 || p.ContractEnd.Unix() != 1900000000 || p.Created.Year() != 2026 || !p.AskEnd.IsZero() {
		t.Errorf("%+v", p)
	}
	if got := s.requests()[0].url; !strings.HasSuffix(got, "/api/v0/instances/pending-price-increases/") {
		t.Error(got)
	}
	api, _ = answering(t, says(200, `{"success":true,"count":0}`))
	if _, err := api.PriceIncreases(t.Context()); vastapi.KindOf(err) != vastapi.KindServer {
		t.Errorf("an answer without a list: %v", err)
	}
}

func TestSomeInstancesAreReadInPagesOfTwentyFive(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, `{"success":true,"total_instances":1,"next_token":null,"instances":[{"id":7,"onstart":"echo hi\nx","template_hash_id":"abc","credit_balance":3.5,"credit_discount":"0.2","credit_discount_max":0.4}]}`))
	var ids []vastapi.InstanceID
	for n := range 60 {
		ids = append(ids, vastapi.InstanceID(100-n%40))
	}
	page, err := api.InstancesByID(t.Context(), ids)
	if err != nil || len(page.Instances) != 2 || s.count() != 2 {
		t.Fatalf("%+v, %v after %d requests", page, err, s.count())
	}
	if got := s.requests()[0].url; strings.Count(got, "%2C") < 24 || !strings.Contains(got, "%22id%22%3A%7B%22in%22%3A%5B61%2C62") {
		t.Error(got)
	}
	i := page.Instances[0]
	if i.OnStart.Wire() != "echo hi\nx" || i.TemplateHash != "abc" || i.Deposit != 3.5 || i.Discount != 0.2 || i.DiscountMax != 0.4 {
		t.Errorf("%+v", i)
	}
	if page, err := api.InstancesByID(t.Context(), nil); err != nil || len(page.Instances) != 0 || s.count() != 2 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestAnInstanceIsShownAsTheServerGivesItWithoutItsSecrets(t *testing.T) {
	t.Parallel()
	const row = `{"id":7,"label":"a\u001b[2J","jupyter_token":"t0k3n","direct_port_start":-1,"gpu_util":NaN,"extra_env":%s,"local_ipaddrs":"10.0.0.1 \n","ports":{"22/tcp":[{"HostPort":"1"}]}}`
	for env, want := range map[string]string{
		`[["HF_TOKEN","hunter2"],["-p 1:1","1"]]`: `"…"`,
		`{"HF_TOKEN":"hunter2"}`:                  `"…"`,
		`["HF_TOKEN=hunter2"]`:                    `"…"`,
		`"HF_TOKEN=hunter2"`:                      `"extra_env": "…"`,
		`[]`:                                      `"extra_env": []`,
		`null`:                                    `"extra_env": null`,
	} {
		api, _ := answering(t, says(200, `{"instances":`+fmt.Sprintf(row, env)+`}`))
		lines, err := api.InstanceRaw(t.Context(), 7)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, l := range lines.All() {
			all = append(all, l)
		}
		text := strings.Join(all, "\n")
		for _, bad := range []string{"hunter2", "t0k3n", "\x1b"} {
			if strings.Contains(text, bad) {
				t.Errorf("%q is shown:\n%s", bad, text)
			}
		}
		for _, part := range []string{want, `"jupyter_token": "…"`, `"gpu_util": NaN`, `"10.0.0.1 \n"`, `"id": 7`} {
			if !strings.Contains(text, part) {
				t.Errorf("%s is missing:\n%s", part, text)
			}
		}
	}
	api, _ := answering(t, says(200, `{"instances":null}`))
	if _, err := api.InstanceRaw(t.Context(), 7); vastapi.KindOf(err) != vastapi.KindNotFound {
		t.Errorf("one that is gone: %v", err)
	}
}

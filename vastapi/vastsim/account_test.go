package vastsim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSSHKeysOfTheAccount(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	list := func() []map[string]any {
		_, b, err := u.raw("GET", "/api/v0/ssh/", nil)
		if err != nil {
			t.Fatal(err)
		}
		var rows []map[string]any
		if err := json.Unmarshal(b, &rows); err != nil {
			t.Fatalf("%v in %s", err, b)
		}
		return rows
	}
	seeded := strings.Fields(list()[0]["public_key"].(string))
	if blob, err := base64.StdEncoding.DecodeString(seeded[1]); err != nil || len(blob) != 51 || string(blob[4:15]) != seeded[0] {
		t.Errorf("the key at the start cannot be read: %v, %v", seeded, err)
	}
	k := u.must("POST", "/api/v0/ssh/", filter{"ssh_key": "ssh-ed25519 AAAA me@host"})["key"].(map[string]any)
	if rows := list(); len(rows) != 2 || rows[1]["public_key"] != "ssh-ed25519 AAAA me@host" || rows[1]["id"] != k["id"] {
		t.Errorf("%v", rows)
	}
	u.must("PUT", fmt.Sprintf("/api/v0/ssh/%v/", k["id"]), filter{"id": k["id"], "ssh_key": "ssh-ed25519 BBBB me@host"})
	for _, bad := range []any{"", "-----BEGIN OPENSSH PRIVATE KEY----- x", "word"} {
		if status, _ := u.call("POST", "/api/v0/ssh/", filter{"ssh_key": bad}); status != 400 {
			t.Errorf("%q: %d", bad, status)
		}
	}
	u.must("DELETE", fmt.Sprintf("/api/v0/ssh/%v/", k["id"]), filter{})
	if status, v := u.call("DELETE", fmt.Sprintf("/api/v0/ssh/%v/", k["id"]), filter{}); status != 400 || v["error"] != "no_ssh_key" {
		t.Errorf("second delete: %d %v", status, v)
	}
	u.must("DELETE", "/api/v0/ssh/5/", filter{})
	if status, _ := u.call("GET", "/api/v0/ssh/", nil); status != 404 {
		t.Errorf("no keys: %d", status)
	}
}

func TestSSHKeysOfAnInstance(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	id := u.w.Instances()[1].ID
	list := func() (rows []map[string]any) {
		text := u.must("GET", at(id)+"ssh/", nil)["ssh_keys"].(string)
		if err := json.Unmarshal([]byte(text), &rows); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	add := filter{"ssh_key": "ssh-ed25519 CCCC me@host"}
	first := u.must("POST", at(id)+"ssh/", add)
	second := u.must("POST", at(id)+"ssh/", add)
	if first["msg"] == second["msg"] || second["msg"] != "SSH key already associated with instance." {
		t.Errorf("%v, then %v", first["msg"], second["msg"])
	}
	rows := list()
	if len(rows) != 2 {
		t.Fatalf("%v", rows)
	}
	u.must("DELETE", fmt.Sprintf("%sssh/%v/", at(id), rows[1]["id"]), filter{})
	if status, v := u.call("DELETE", fmt.Sprintf("%sssh/%v/", at(id), rows[1]["id"]), filter{}); status != 404 || v["error"] != "no_such_ssh_key" {
		t.Errorf("second detach: %d %v", status, v)
	}
	if n := len(list()); n != 1 {
		t.Errorf("%d keys left", n)
	}
}

func TestANewAccountKeyReachesNewInstancesOnly(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.must("POST", "/api/v0/ssh/", filter{"ssh_key": "ssh-ed25519 DDDD me@host"})
	old := u.w.Instances()[1].ID
	fresh := u.rent(u.anOffer(nil).ID, nil)
	for id, want := range map[int64]bool{old: false, fresh: true} {
		text := u.must("GET", at(id)+"ssh/", nil)["ssh_keys"].(string)
		if strings.Contains(text, "DDDD") != want {
			t.Errorf("instance %d: %s", id, text)
		}
	}
}

// fetch follows a result URL until it is there.
func (u *user) fetch(resultURL string) (text string, polls int) {
	u.t.Helper()
	path := strings.TrimPrefix(resultURL, "https://console.vast.ai")
	for polls = 1; polls < 10; polls++ {
		a, b, err := u.raw("GET", path, nil)
		if err != nil {
			u.t.Fatal(err)
		}
		if a.StatusCode == 200 {
			return string(b), polls
		}
		if a.StatusCode != 404 {
			u.t.Fatalf("poll: %s", a.Status)
		}
	}
	u.t.Fatal("never there")
	return "", 0
}

func TestLogsComeInTwoSteps(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	id := u.w.Instances()[1].ID
	ask := func(body filter) string {
		text, polls := u.fetch(u.must("PUT", fmt.Sprintf("/api/v0/instances/request_logs/%d/", id), body)["result_url"].(string))
		if polls < 2 || polls > 3 {
			t.Errorf("there after %d polls", polls)
		}
		return text
	}
	if n := strings.Count(ask(filter{"tail": "50"}), "\n"); n != 50 {
		t.Errorf("tail 50 gives %d lines", n)
	}
	for _, line := range strings.Split(strings.TrimSpace(ask(filter{"filter": "WARNING"})), "\n") {
		if !strings.Contains(line, "WARNING") {
			t.Errorf("filtered line %q", line)
		}
	}
	if text := ask(filter{"daemon_logs": "true"}); !strings.Contains(text, "docker pull") {
		t.Errorf("daemon log %q", text)
	}
	if status, v := u.call("PUT", "/api/v0/instances/request_logs/1/", filter{}); status != 404 || v["error"] != "invalid_id" {
		t.Errorf("no such instance: %d %v", status, v)
	}
}

func TestExecuteKnowsThreeCommands(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	id := u.w.Instances()[1].ID
	url := fmt.Sprintf("/api/v0/instances/command/%d/", id)
	v := u.must("PUT", url, filter{"command": "ls -l /workspace"})
	text, _ := u.fetch(v["result_url"].(string))
	if !strings.Contains(text, v["writeable_path"].(string)+"/workspace") || !strings.Contains(text, "train.py") {
		t.Errorf("%v %q", v["writeable_path"], text)
	}
	u.must("PUT", url, filter{"command": "du -s /workspace"})
	for _, bad := range []string{"", "cat /etc/passwd", "ls " + strings.Repeat("x", 520)} {
		if status, v := u.call("PUT", url, filter{"command": bad}); status != 400 || v["error"] != "invalid_args" {
			t.Errorf("%.20q: %d %v", bad, status, v)
		}
	}
	if status, v := u.call("PUT", url, []int{1}); status != 483 || v["error"] != "invalid_args" {
		t.Errorf("not an object: %d %v", status, v)
	}
}

func TestSecretsAreMaskedAndInCapitals(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.must("POST", "/api/v0/secrets/", filter{"key": "hf_token", "value": "secret-value"})
	_, b, err := u.raw("GET", "/api/v0/secrets/", nil)
	if err != nil || !strings.Contains(string(b), `"HF_TOKEN":"*****"`) || strings.Contains(string(b), "secret-value") {
		t.Errorf("%v %s", err, b)
	}
	for _, c := range []struct{ method, key, code string }{
		{"POST", "HF_TOKEN", "existing_key"}, {"PUT", "NONE", "nonexistent_key"}, {"DELETE", "NONE", "nonexistent_key"},
		{"POST", "", "empty_input"}, {"POST", "A B", "invalid_characters"},
	} {
		if status, v := u.call(c.method, "/api/v0/secrets/", filter{"key": c.key, "value": "x"}); status != 400 || v["error"] != c.code {
			t.Errorf("%s %q: %d %v", c.method, c.key, status, v)
		}
	}
	u.must("PUT", "/api/v0/secrets/", filter{"key": "HF_TOKEN", "value": "y"})
	u.must("DELETE", "/api/v0/secrets/", filter{"key": "HF_TOKEN"})
}

func TestTemplatesCanBeMadeChangedAndDeleted(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	made := u.must("POST", "/api/v0/template/", filter{"name": "mine", "image": "ubuntu", "tag": "22.04", "env": "-e A=1"})["template"].(map[string]any)
	edited := u.must("PUT", "/api/v0/template/", filter{"hash_id": made["hash_id"], "env": "-e A=2"})["template"].(map[string]any)
	if edited["id"] != made["id"] || edited["hash_id"] == made["hash_id"] {
		t.Errorf("%v became %v", made["hash_id"], edited["hash_id"])
	}
	u.must("DELETE", "/api/v0/template/", filter{"template_id": made["id"]})
	if status, _ := u.call("DELETE", "/api/v0/template/", filter{"template_id": made["id"]}); status != 404 {
		t.Errorf("second delete: %d", status)
	}
	if status, v := u.call("DELETE", "/api/v0/template/", filter{"template_id": 62000}); status != 403 || v["error"] != "not_authorized" {
		t.Errorf("somebody else's: %d %v", status, v)
	}
	if status, _ := u.call("POST", "/api/v0/template/", filter{"name": "x"}); status != 400 {
		t.Errorf("without image: %d", status)
	}
}

func TestAPIKeysShowTheirSecretOnce(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithKey("secret"))
	made := u.must("POST", "/api/v0/auth/apikeys/", filter{"name": "ci", "permissions": filter{"api": filter{"misc": filter{}}}})
	key := made["key"].(string)
	_, b, err := u.raw("GET", "/api/v0/auth/apikeys/", nil)
	if err != nil || len(key) != 64 || strings.Contains(string(b), key) {
		t.Errorf("%v %q %s", err, key, b)
	}
	u.must("GET", "/api/v0/users/current/?api_key="+key, nil)
	one := fmt.Sprintf("/api/v0/auth/apikeys/%v/", made["id"])
	u.must("GET", one, nil)
	u.must("DELETE", one, filter{})
	if status, _ := u.call("GET", one, nil); status != 404 {
		t.Errorf("deleted key: %d", status)
	}
}

func TestReadOnlyCallsAnswer(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	machine := u.w.Offers()[0].MachineID
	u.must("PUT", at(u.w.Instances()[1].ID), filter{"label": "noted"})
	for _, path := range []string{
		"/api/v0/gpu_names/unique/", "/api/v0/gpu_types/", "/api/v0/metrics/gpu/current/?verified=yes&hosting_type=community",
		"/api/v0/metrics/gpu/history/?gpu_name=RTX+4090&step=7200", "/api/v0/metrics/gpu/locations/", "/api/v0/benchmarks",
		fmt.Sprintf("/api/v0/machines/%d/reports/", machine), "/api/v0/audit_logs/", "/api/v0/users/me/ipaddrs/?owner=me",
		"/api/v0/users/cloud_integrations/", "/api/v0/instances/pending-price-increases/", "/api/v1/invoices/",
	} {
		a, b, err := u.raw("GET", path, nil)
		if err != nil || a.StatusCode != 200 || !json.Valid(b) || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v %v %.200s", path, a.Status, err, b)
		}
	}
	if status, v := u.call("PUT", "/api/v0/instances/accept-price-increase/", filter{"pending_price_increase_id": 1}); status != 404 || v["error"] != "no_pending_price_increase" {
		t.Errorf("%d %v", status, v)
	}
	if status, _ := u.call("PUT", "/api/v0/instances/accept-price-increase/", filter{"pending_price_increase_id": 1, "more": 2}); status != 400 {
		t.Errorf("with another key: %d", status)
	}
	if _, b, err := u.raw("GET", "/api/v0/audit_logs/", nil); err != nil || !strings.Contains(string(b), `"label":"noted"`) {
		t.Errorf("%v %s", err, b)
	}
}

func TestCopies(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	all := u.w.Instances()
	a, b := fmt.Sprintf("C.%d", all[1].ID), fmt.Sprintf("C.%d", all[2].ID)
	v := u.must("PUT", "/api/v0/commands/copy_direct/", filter{"src_id": a, "dst_id": "local", "src_path": "/workspace/", "dst_path": "./out"})
	if v["src_addr"] == nil || v["src_port"] == nil {
		t.Errorf("%v", v)
	}
	u.must("PUT", "/api/v0/commands/copy_direct/", filter{"src_id": a, "dst_id": b, "src_path": "/a", "dst_path": "/b"})
	u.must("DELETE", "/api/v0/commands/copy_direct/", filter{"client_id": "me", "dst_id": b})
	for _, bad := range []filter{
		{"src_id": a, "dst_id": b, "src_path": "/a", "dst_path": "/"}, {"src_id": "local", "dst_id": "local", "src_path": "a", "dst_path": "b"},
		{"src_id": fmt.Sprintf("V.%d", u.w.Volumes()[0].ID), "dst_id": "local", "src_path": "/a", "dst_path": "b"},
		{"src_id": "C.1", "dst_id": b, "src_path": "/a", "dst_path": "/b"},
	} {
		if status, _ := u.call("PUT", "/api/v0/commands/copy_direct/", bad); status < 400 {
			t.Errorf("%v: %d", bad, status)
		}
	}
}

func TestUpdateTemplateChangesTheInstance(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	id := u.w.Instances()[1].ID
	v := u.must("PUT", fmt.Sprintf("/api/v0/instances/update_template/%d/", id), filter{"id": id, "image": "ubuntu:24.04", "env": filter{"TZ": "CET"}})
	if r := v["updated_instance"].(map[string]any); r["image_uuid"] != "ubuntu:24.04" {
		t.Errorf("%v", r["image_uuid"])
	}
	if s := u.state(id); s.Image != "ubuntu:24.04" || s.Env["TZ"] != "CET" {
		t.Errorf("%+v", s)
	}
}

func TestTheUserIsCompleteAndTheKeyIsMarked(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	me := u.must("GET", "/api/v0/users/current", nil)
	for _, k := range []string{"id", "email", "username", "credit", "balance", "has_billing", "can_pay", "total_spend", "rights", "api_key"} {
		if _, has := me[k]; !has {
			t.Errorf("no %s", k)
		}
	}
	if me["balance"] != 0.0 || len(me["api_key"].(string)) != 64 {
		t.Errorf("balance %v", me["balance"])
	}
	if u.w.Now().Sub(time.Now()) > time.Second {
		t.Error("the world is ahead of the clock")
	}
}

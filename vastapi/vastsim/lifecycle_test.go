package vastsim

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func at(id int64) string { return fmt.Sprintf("/api/v0/instances/%d/", id) }

func TestAFreshInstanceComesUpThroughItsPhases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		id := u.rent(u.anOffer(nil).ID, map[string]any{"image": "pytorch/pytorch:2.4.0-devel", "env": map[string]any{"-p 8080:8080": "1", "-p 70001:70001": "1"}})
		if r := u.instance(id); r["actual_status"] != nil || r["status_msg"] != nil || r["cur_state"] != "running" || r["ports"] != nil {
			t.Errorf("right after the rent: %v %v %v %v", r["actual_status"], r["status_msg"], r["cur_state"], r["ports"])
		}
		var seen []string
		messages := map[string]bool{}
		took := time.Duration(0)
		for ; took < 4*time.Minute; took += time.Second {
			s := u.state(id)
			if n := len(seen); n == 0 || seen[n-1] != s.Actual {
				seen = append(seen, s.Actual)
			}
			messages[s.Msg] = true
			if s.Actual == "running" {
				break
			}
			if !near(s.BilledNow, s.StorageCost*s.DiskGB/720, 1e-12) {
				t.Fatalf("%s bills %v", s.Actual, s.BilledNow)
			}
			time.Sleep(time.Second)
		}
		if got := strings.Join(seen, ">"); got != ">created>loading>running" {
			t.Errorf("went through %q", got)
		}
		if took < 40*time.Second || took > 181*time.Second {
			t.Errorf("came up after %v", took)
		}
		if len(messages) < 8 || !messages["Pulling from pytorch/pytorch"] || !messages["success, running pytorch/pytorch_2.4.0-devel/ssh"] {
			t.Errorf("messages %v", messages)
		}
		r := u.instance(id)
		ports := r["ports"].(map[string]any)
		host := func(p string) string {
			return ports[p].([]any)[0].(map[string]any)["HostPort"].(string)
		}
		if len(ports) != 3 || host("22/tcp") == "" || host("8080/tcp") == "" || r["gpu_util"] == nil {
			t.Errorf("ports %v", ports)
		}
		same := 0
		for p := range ports {
			if strings.TrimSuffix(p, "/tcp") == host(p) {
				same++
			}
		}
		if same != 1 {
			t.Errorf("%d identity ports in %v", same, ports)
		}
	})
}

func TestStartupCanBeChosen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithStartup(10*time.Second))
		id := u.rent(u.anOffer(nil).ID, nil)
		time.Sleep(9 * time.Second)
		if s := u.state(id); s.Actual != "loading" {
			t.Errorf("%q after 9 s", s.Actual)
		}
		time.Sleep(time.Second)
		if s := u.state(id); s.Actual != "running" {
			t.Errorf("%q after 10 s", s.Actual)
		}
	})
}

func TestStopAndStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithQuietMarket())
		id := u.rent(u.anOffer(nil).ID, nil)
		time.Sleep(4 * time.Minute)
		u.must("PUT", at(id), map[string]any{"state": "stopped"})
		if s := u.state(id); s.Intended != "stopped" || s.Actual != "running" {
			t.Errorf("right after the stop: %+v", s)
		}
		time.Sleep(10 * time.Second)
		if s := u.state(id); s.Actual != "exited" || s.Cur != "stopped" || !near(s.BilledNow, s.StorageCost*s.DiskGB/720, 1e-12) {
			t.Errorf("after the stop: %+v", s)
		}
		u.must("PUT", at(id), map[string]any{"state": "running"})
		if s := u.state(id); s.Actual != "loading" || s.Cur != "running" {
			t.Errorf("right after the start: %+v", s)
		}
		time.Sleep(25 * time.Second)
		if s := u.state(id); s.Actual != "running" {
			t.Errorf("after the start: %+v", s)
		}
		u.must("PUT", "/api/v0/instances/", map[string]any{"state": "stopped", "ids": []int64{id}})
		u.must("PUT", at(id), map[string]any{"state": "running"}) // changes its mind
		time.Sleep(time.Minute)
		if s := u.state(id); s.Actual != "running" || s.Intended != "running" {
			t.Errorf("after stop and start at once: %+v", s)
		}
	})
}

func TestAStartWaitsWhenTheCardsAreTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithQuietMarket())
		o := u.anOffer(func(o OfferState) bool { return o.NumGPUs == 1 })
		a := u.rent(o.ID, nil)
		time.Sleep(5 * time.Minute)
		u.must("PUT", at(a), map[string]any{"state": "stopped"})
		time.Sleep(3 * time.Minute)
		// Take the whole machine meanwhile.
		var biggest OfferState
		for _, x := range u.w.Offers() {
			if x.MachineID == o.MachineID && x.NumGPUs > biggest.NumGPUs {
				biggest = x
			}
		}
		b := u.rent(biggest.ID, nil)
		status, v := u.call("PUT", at(a), map[string]any{"state": "running"})
		if status != 200 || v["success"] != false || v["msg"] != "Required resources are currently unavailable, state change queued." {
			t.Fatalf("%d %v", status, v)
		}
		r := u.instance(a)
		if r["intended_status"] != "running" || r["actual_status"] != "exited" || r["cur_state"] != "stopped" {
			t.Errorf("queued: %v %v %v", r["intended_status"], r["actual_status"], r["cur_state"])
		}
		u.must("DELETE", at(b), nil)
		u.must("PUT", at(a), map[string]any{"state": "running"})
		time.Sleep(time.Minute)
		if s := u.state(a); s.Actual != "running" {
			t.Errorf("after the cards are free: %+v", s)
		}
	})
}

func TestAStopCancelsAQueuedStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithQuietMarket())
		o := u.anOffer(func(o OfferState) bool { return o.NumGPUs == 1 })
		a := u.rent(o.ID, nil)
		time.Sleep(5 * time.Minute)
		u.must("PUT", at(a), map[string]any{"state": "stopped"})
		time.Sleep(3 * time.Minute)
		u.w.mu.Lock()
		m := u.w.byID[o.MachineID]
		u.w.hold(m, m.gpus-m.held) // somebody takes it all
		u.w.mu.Unlock()
		u.call("PUT", at(a), map[string]any{"state": "running"})
		u.must("PUT", at(a), map[string]any{"state": "stopped"})
		u.w.mu.Lock()
		u.w.hold(m, -m.held)
		u.w.mu.Unlock()
		time.Sleep(time.Hour)
		if s := u.state(a); s.Actual != "exited" || s.Intended != "stopped" || s.Queued {
			t.Errorf("%+v", s)
		}
	})
}

func TestRebootAndRecycleKeepTheCards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithQuietMarket())
		id := u.rent(u.anOffer(nil).ID, nil)
		time.Sleep(4 * time.Minute)
		u.must("PUT", fmt.Sprintf("/api/v0/instances/reboot/%d/", id), map[string]any{})
		if s := u.state(id); s.Actual != "rebooting" || !near(s.BilledNow, s.DPH, 1e-12) {
			t.Errorf("rebooting: %+v", s)
		}
		time.Sleep(31 * time.Second)
		if s := u.state(id); s.Actual != "running" {
			t.Errorf("after the reboot: %+v", s)
		}
		u.must("PUT", fmt.Sprintf("/api/v0/instances/recycle/%d/", id), map[string]any{})
		var seen []string
		for range 240 {
			if a := u.state(id).Actual; len(seen) == 0 || seen[len(seen)-1] != a {
				seen = append(seen, a)
			}
			time.Sleep(time.Second)
		}
		if got := strings.Join(seen, ">"); got != "recycling>loading>running" {
			t.Errorf("recycle went through %q", got)
		}
	})
}

func TestADestroyedInstanceLingersInListsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		id := u.w.Instances()[2].ID
		u.must("DELETE", at(id), map[string]any{})
		if r := u.instance(id); r != nil {
			t.Errorf("single call still gives %v", r["id"])
		}
		count := func() int { return len(rowsOf(u.list(nil)["instances"])) }
		if n := count(); n != 5 {
			t.Errorf("%d rows right after, want 5", n)
		}
		rows := rowsOf(u.list(url.Values{"select_filters": {fmt.Sprintf(`{"id":{"eq":%d}}`, id)}})["instances"])
		if len(rows) != 1 || rows[0]["cur_state"] != "unloaded" {
			t.Errorf("lingering row %v", rows)
		}
		time.Sleep(3 * time.Second)
		if n := count(); n != 4 {
			t.Errorf("%d rows later, want 4", n)
		}
		if status, v := u.call("DELETE", at(id), nil); status != 404 || v["error"] != "no_such_instance" {
			t.Errorf("second destroy: %d %v", status, v)
		}
		if status, v := u.call("PUT", at(id), map[string]any{"state": "stopped"}); status != 404 || v["error"] != "no_such_instance" {
			t.Errorf("stop of a destroyed one: %d %v", status, v)
		}
	})
}

func TestFailedStartsSayWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		for image, want := range map[string]string{
			"example/does-not-exist:1": "manifest unknown", "example/private/tool:2": "pull access denied",
		} {
			id := u.rent(u.anOffer(nil).ID, map[string]any{"image": image})
			time.Sleep(4 * time.Minute)
			s := u.state(id)
			if s.Actual != "created" || s.Cur != "stopped" || s.Intended != "running" || !strings.Contains(s.Msg, want) {
				t.Errorf("%s: %+v", image, s)
			}
		}
		id := u.rent(u.anOffer(nil).ID, map[string]any{"image": "example/stuck:1"})
		time.Sleep(3 * time.Hour)
		if s := u.state(id); s.Actual != "loading" || !strings.Contains(s.Msg, "Downloading") {
			t.Errorf("stuck pull: %+v", s)
		}
	})
}

func TestContractsEndWithTheOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithCredit(10000))
		s := u.w.Instances()[1]
		u.w.mu.Lock()
		m := u.w.byID[s.MachineID]
		m.end = u.w.clock + time.Hour
		u.w.settle(u.w.instances[s.ID])
		u.w.mu.Unlock()
		time.Sleep(time.Hour + time.Second)
		if s := u.state(s.ID); s.Actual != "exited" || s.Intended != "stopped" {
			t.Errorf("at the end: %+v", s)
		}
		if status, v := u.call("PUT", at(s.ID), map[string]any{"state": "running"}); status != 400 || v["error"] != "invalid_args" {
			t.Errorf("start after the end: %d %v", status, v)
		}
		time.Sleep(48 * time.Hour)
		if r := u.instance(s.ID); r != nil {
			t.Error("still there 48 h after the end")
		}
	})
}

func TestAMachineWithoutConnectionIsNotBilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithCredit(10000), WithTraffic(false))
		s := u.w.Instances()[1]
		u.w.mu.Lock()
		m := u.w.byID[s.MachineID]
		m.reliability = 0.1 // an outage in every window
		from, to := u.w.outage(m, 7*time.Hour)
		u.w.mu.Unlock()
		time.Sleep(from - time.Minute)
		before := u.state(s.ID)
		time.Sleep(2 * time.Minute)
		rows := rowsOf(u.list(nil)["instances"])
		if r := rows[1]; int64(r["id"].(float64)) != s.ID || r["actual_status"] != "offline" || r["instance"].(map[string]any)["totalHour"] != 0.0 {
			t.Errorf("during the outage: %v %v", r["actual_status"], r["instance"])
		}
		time.Sleep(to - from - time.Minute)
		if s := u.state(s.ID); s.Actual != "running" || s.BilledNow == 0 {
			t.Errorf("after the outage: %+v", s)
		}
		after := u.state(s.ID)
		if got, want := after.Spent-before.Spent, s.DPH/60; !near(got, want, 1e-6) {
			t.Errorf("charged %v, want the minute before the outage, %v", got, want)
		}
	})
}

func TestAContainerThatHasEndedWritesNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		id := u.w.Instances()[1].ID
		log := func() string {
			text, _ := u.fetch(u.must("PUT", fmt.Sprintf("/api/v0/instances/request_logs/%d/", id), nil)["result_url"].(string))
			return text
		}
		before := log()
		time.Sleep(time.Minute)
		if log() == before {
			t.Error("while it runs nothing is written")
		}
		u.must("PUT", at(id), map[string]any{"state": "stopped"})
		time.Sleep(5 * time.Minute)
		ended := log()
		time.Sleep(time.Hour)
		if log() != ended {
			t.Error("a container that has ended still writes")
		}
	})
}

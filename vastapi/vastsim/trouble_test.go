package vastsim

import (
	"testing"
	"testing/synctest"
	"time"
)

// rows are the account's instances as they are listed, by label.
func (u *user) rows() map[string]map[string]any {
	u.t.Helper()
	_, v := u.call("GET", "/api/v1/instances/", nil)
	list, _ := v["instances"].([]any)
	out := map[string]map[string]any{}
	for _, one := range list {
		row := one.(map[string]any)
		if label, named := row["label"].(string); named {
			out[label] = row
		}
	}
	return out
}

func TestTroublesAreThereAndStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithTroubles(), WithCredit(1000))
		for range 2 {
			rows := u.rows()
			for label, want := range map[string]map[string]any{
				"idle-box":      {"actual_status": "running", "gpu_util": 0.0},
				"full-disk":     {"actual_status": "running", "disk_usage": 39.2},
				"ends-soon":     {"actual_status": "running"},
				"stuck-pull":    {"actual_status": "loading", "status_msg": "a3ed95caeb02: Downloading"},
				"no-such-image": {"actual_status": "created", "cur_state": "stopped"},
				"gone-dark":     {"actual_status": "offline"},
				"low-bid":       {"actual_status": "exited", "intended_status": "stopped", "is_bid": true},
				"dearer":        {"actual_status": "running"},
			} {
				for field, v := range want {
					if got := rows[label][field]; got != v {
						t.Errorf("%s: %s is %v, want %v", label, field, got, v)
					}
				}
			}
			if left := rows["ends-soon"]["end_date"].(float64) - float64(time.Now().Unix()); left <= 0 || left > 20*3600+1 {
				t.Errorf("a contract ends in %v s", left)
			}
			if base, beat := rows["low-bid"]["dph_base"].(float64), rows["low-bid"]["min_bid"].(float64); base >= beat {
				t.Errorf("the bid is %v, the price to hold %v", base, beat)
			}
			_, v := u.call("GET", "/api/v0/instances/pending-price-increases/", nil)
			if list, _ := v["pending_price_increases"].([]any); len(list) != 1 {
				t.Errorf("increases are %v", v)
			}
			time.Sleep(time.Hour)
		}
		time.Sleep(19 * time.Hour)
		if got := u.rows()["ends-soon"]; got["actual_status"] != "exited" || got["intended_status"] != "stopped" {
			t.Errorf("at its end it is %v %v", got["actual_status"], got["intended_status"])
		}
	})
}

func TestLoadDiskAndEndCanBeSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		id := u.w.Instances()[1].ID
		u.w.SetGPULoad(id, 3)
		u.w.SetDiskUsed(id, 150)
		u.w.SetContractEnd(id, time.Hour)
		if got := u.rows()["llama-finetune"]; got["gpu_util"] != 3.0 || got["disk_usage"] != 150.0 {
			t.Errorf("it is %v %v", got["gpu_util"], got["disk_usage"])
		}
		u.w.SetGPULoad(id, -1)
		u.w.SetDiskUsed(id, -1)
		if got := u.rows()["llama-finetune"]; got["gpu_util"] == 3.0 || got["disk_usage"] == 150.0 {
			t.Error("load and disk do not go their own way again")
		}
		time.Sleep(time.Hour + time.Second)
		if got := u.rows()["llama-finetune"]; got["actual_status"] != "exited" {
			t.Errorf("after its end it is %v", got["actual_status"])
		}
	})
}

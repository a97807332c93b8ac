package vastsim

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestAHigherPriceWaitsUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithInstances(3), WithQuietMarket())
	all := u.w.Instances()
	first, second := u.w.RaisePrice(all[0].ID, 1.25), u.w.RaisePrice(all[1].ID, 2)
	if again := u.w.RaisePrice(all[1].ID, 3); first == 0 || second == 0 || again == second || u.w.RaisePrice(1, 2) != 0 {
		t.Fatalf("increases %d, %d, %d", first, second, again)
	}
	v := u.must("GET", "/api/v0/instances/pending-price-increases/", nil)
	rows := v["pending_price_increases"].([]any)
	if v["count"] != 2.0 || len(rows) != 2 {
		t.Fatalf("%v", v)
	}
	row := rows[0].(map[string]any)
	if perHour := row["new_gpu_costpersec"].(float64) * 3600; math.Abs(perHour-1.25*all[0].DPHBase) > 1e-9 || row["contract_id"] != float64(all[0].ID) {
		t.Errorf("%v of %v", row, all[0].DPHBase)
	}
	if perMonth := row["old_disk_ram_costpersec"].(float64) * 2_592_000; math.Abs(perMonth-all[0].StorageCost) > 1e-9 {
		t.Errorf("the disk costs %v, not %v", perMonth, all[0].StorageCost)
	}
	u.must("PUT", "/api/v0/instances/accept-price-increase/", filter{"pending_price_increase_id": first})
	if status, _ := u.call("PUT", "/api/v0/instances/accept-price-increase/", filter{"pending_price_increase_id": first}); status != 404 {
		t.Errorf("answered twice: %d", status)
	}
	now := u.w.Instances()
	if math.Abs(now[0].DPHBase-1.25*all[0].DPHBase) > 1e-9 || now[1].DPHBase != all[1].DPHBase {
		t.Errorf("%v and %v after %v and %v", now[0].DPHBase, now[1].DPHBase, all[0].DPHBase, all[1].DPHBase)
	}
	u.w.RemoveInstance(all[1].ID)
	if v := u.must("GET", "/api/v0/instances/pending-price-increases/", nil); v["count"] != 0.0 {
		t.Errorf("an increase outlives its instance: %v", v)
	}
}

func TestWhatIsDeletedIsListedNoMore(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithInstances(1), WithQuietMarket())
	id := u.w.Instances()[0].ID
	run := func(command string) string {
		v := u.must("PUT", fmt.Sprintf("/api/v0/instances/command/%d/", id), filter{"command": command})
		path := strings.TrimPrefix(v["result_url"].(string), "https://console.vast.ai")
		for range 5 {
			a, b, err := u.raw("GET", path, nil)
			if err == nil && a.StatusCode == 200 {
				return string(b)
			}
		}
		t.Fatal("no result")
		return ""
	}
	if out := run("ls -l /workspace"); !strings.Contains(out, "train.py") || !strings.Contains(out, " out\n") {
		t.Errorf("%s", out)
	}
	run("rm -r /workspace/out /workspace/train.py")
	if out := run("ls -l /workspace"); strings.Contains(out, "train.py") || strings.Contains(out, " out\n") || !strings.Contains(out, "README.md") {
		t.Errorf("%s", out)
	}
	u.must("PUT", fmt.Sprintf("/api/v0/instances/recycle/%d/", id), filter{})
	if out := run("du /workspace"); !strings.Contains(out, "train.py") {
		t.Errorf("a container made anew lacks files: %s", out)
	}
}

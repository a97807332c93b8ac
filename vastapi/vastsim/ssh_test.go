package vastsim

import (
	"encoding/json"
	"net/http"
	"testing"
)

func TestInstancesNameTheGivenSSHServer(t *testing.T) {
	t.Parallel()
	w := New(WithQuietMarket(), WithInstances(6), WithSSH("127.0.0.1", 2222))
	defer w.Close()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://console.vast.ai/api/v0/instances/", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer k")
	a, err := w.Transport().RoundTrip(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var page struct {
		Instances []struct {
			Runtype string                   `json:"image_runtype"`
			Host    string                   `json:"ssh_host"`
			Port    int64                    `json:"ssh_port"`
			IP      string                   `json:"public_ipaddr"`
			Ports   map[string][]portBinding `json:"ports"`
		} `json:"instances"`
	}
	if err := json.NewDecoder(a.Body).Decode(&page); err != nil || len(page.Instances) != 6 {
		t.Fatalf("%d instances, %v", len(page.Instances), err)
	}
	direct := 0
	for _, i := range page.Instances {
		if i.Host != "127.0.0.1" || i.Port != 2222 && i.Port != 2221 {
			t.Errorf("%s: the proxy is %s:%d", i.Runtype, i.Host, i.Port)
		}
		if to := i.Ports["22/tcp"]; len(to) > 0 {
			direct++
			if i.IP != "127.0.0.1" || to[0].HostPort != "2222" {
				t.Errorf("%s: the direct port is %s of %s", i.Runtype, to[0].HostPort, i.IP)
			}
		}
	}
	if direct == 0 {
		t.Error("no instance has a direct port")
	}
}

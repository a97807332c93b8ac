package feed

import (
	"reflect"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func fullMemory() Memory {
	return Memory{
		LastView: 2, Tables: map[string]TableState{"market": {Columns: []string{"gpu"}, Sort: "dph", Desc: true}},
		Searches: []SavedSearch{{Name: "cheap", Query: "4090"}}, Blocks: []Block{{Machine: 7}, {Host: 42, Until: noon}},
		Notes: map[string]string{"machine 7": "good"}, Watches: []Watch{{Machine: 7}}, Workload: DefaultWorkload(), Query: "H100",
		RentForms: []RentSpec{{Image: "pytorch", EnvNames: []string{"A"}, Ports: []string{"-p 1:1"}}},
	}
}

func TestCopyOfMemorySharesNothing(t *testing.T) {
	t.Parallel()
	m := fullMemory()
	c := m.Clone()
	if !reflect.DeepEqual(c, m) {
		t.Fatalf("the copy is %+v", c)
	}
	c.Tables["market"].Columns[0], c.Searches[0].Name, c.Blocks[0].Machine, c.Watches[0].Machine = "x", "x", 1, 1
	c.Notes["machine 7"], c.RentForms[0].EnvNames[0], c.RentForms[0].Ports[0] = "x", "x", "x"
	c.RentForms[0].Image = "x"
	c.SetTable("instances", TableState{Sort: "id"})
	if !reflect.DeepEqual(m, fullMemory()) {
		t.Errorf("a change of the copy made the original %+v", m)
	}
	var empty Memory
	if c := empty.Clone(); !reflect.DeepEqual(c, Memory{}) {
		t.Errorf("a copy of nothing is %+v", c)
	}
	empty.SetTable("market", TableState{Sort: "dph"})
	if empty.Tables["market"].Sort != "dph" {
		t.Error("the table of an empty memory is lost")
	}
}

func TestTwentyRentFormsAreKeptNewestFirst(t *testing.T) {
	t.Parallel()
	var m Memory
	for i := range 30 {
		m.AddRentForm(RentSpec{Image: "pytorch", NumGPUs: i, Bid: vastapi.Unknown[vastapi.Rate]()})
	}
	m.AddRentForm(RentSpec{Image: "pytorch", NumGPUs: 15, At: noon})
	m.AddRentForm(RentSpec{Image: "pytorch", NumGPUs: 15, At: noon.Add(time.Hour)})
	if len(m.RentForms) != 20 || m.RentForms[0].NumGPUs != 15 || m.RentForms[1].NumGPUs != 29 || m.RentForms[19].NumGPUs != 10 {
		t.Errorf("%d forms: %+v", len(m.RentForms), m.RentForms)
	}
	if !m.RentForms[0].At.Equal(noon.Add(time.Hour)) {
		t.Error("the same form twice keeps the older time")
	}
}

func TestBlockHidesUntilItExpires(t *testing.T) {
	t.Parallel()
	m := fullMemory() // machine 7 for ever, host 42 until noon
	for _, c := range []struct {
		machine vastapi.MachineID
		host    vastapi.HostID
		at      time.Time
		want    bool
	}{
		{7, 1, noon.Add(1e6 * time.Hour), true},
		{8, 1, noon, false},
		{8, 42, noon.Add(-1), true},
		{8, 42, noon, false},
		{0, 0, noon.Add(-1), false},
	} {
		if _, got := m.Blocked(c.machine, c.host, c.at); got != c.want {
			t.Errorf("machine %d of host %d at %s: %t, want %t", c.machine, c.host, c.at, got, c.want)
		}
	}
}

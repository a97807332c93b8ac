package feed

import (
	"testing"
	"time"

	"vastdeck/vastapi"
)

func TestTenanciesAreSummedUpByMachineAndHost(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	machines, hosts := Tenancies([]Launch{
		{Instance: 1, Machine: 7, Host: 3, At: at, Ready: 90 * time.Second},
		{Instance: 2, Machine: 7, Host: 3, At: at.Add(time.Hour), Failed: "no such image\x1b[2J"},
		{Instance: 3, Machine: 7, Host: 3, At: at.Add(2 * time.Hour), Ready: 95 * time.Second},
		{Instance: 4, Machine: 8, Host: 3, At: at.Add(3 * time.Hour), Ready: 10 * time.Minute},
		{Instance: 5, Machine: 9, At: at},
	})
	p := Past{Machines: machines, Hosts: hosts}
	for _, c := range []struct {
		machine vastapi.MachineID
		host    vastapi.HostID
		want    string
		usual   time.Duration
	}{
		{7, 3, "here 3 starts, ready in about 95 s, 1 failed (no such image␛[2J); on all machines of this host 4 starts, ready in about 95 s, 1 failed (no such image␛[2J)", 95 * time.Second},
		{8, 3, "here 1 start, ready in about 10 min, none failed; on all machines of this host 4 starts, ready in about 95 s, 1 failed (no such image␛[2J)", 10 * time.Minute},
		{10, 3, "on other machines of this host 4 starts, ready in about 95 s, 1 failed (no such image␛[2J)", 95 * time.Second},
		{9, 0, "here 1 start", 0},
		{11, 12, "", 0},
	} {
		if got := p.Record(c.machine, c.host); got != c.want {
			t.Errorf("machine %d: %q\nwant %q", c.machine, got, c.want)
		}
		if got := p.Usual(c.machine, c.host); got != c.usual {
			t.Errorf("machine %d starts in %s, want %s", c.machine, got, c.usual)
		}
	}
}

func TestWhatIsRememberedOfAHostHoldsNotesAndBlocks(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	s := Snapshot{
		Memory: Memory{Notes: map[string]string{"machine 7": "slow disk", "host 3": "answers mails"}, Blocks: []Block{{Machine: 7, Reason: "noisy", Until: now.Add(time.Hour)}}},
		Past:   Past{Machines: map[vastapi.MachineID]Tenancy{7: {Starts: 1, Ready: 1}}},
	}
	if got, want := s.HostsAt(now).Record(7, 3), "here 1 start, none failed; your note: slow disk; your note: answers mails"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if why, blocked := s.HostsAt(now).Blocked(7, 3); !blocked || why != "noisy" {
		t.Errorf("%q, %v", why, blocked)
	}
	if _, blocked := s.HostsAt(now.Add(2*time.Hour)).Blocked(7, 3); blocked {
		t.Error("a block that has expired holds")
	}
	if got := s.HostsAt(now).Record(8, 4); got != "" {
		t.Errorf("%q is remembered of a machine that was never rented", got)
	}
}

func TestALookAtAWatchIsRememberedWithItsPrice(t *testing.T) {
	t.Parallel()
	var w WatchState
	for n := range 100 {
		w, _ = w.Seen(Sighting{Offers: 1, Cheapest: vastapi.Rate(n)}, time.Unix(int64(n), 0))
	}
	if len(w.Prices) != keptPrices || w.Prices[0] != 52 || w.Prices[47] != 99 {
		t.Errorf("%v", w.Prices)
	}
}

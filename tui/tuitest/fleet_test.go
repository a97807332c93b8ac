package tuitest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

// openFleet opens the plan of renting count machines out of what is shown; least
// may be "".
func (d *deck) openFleet(name string, count int, least string) {
	d.t.Helper()
	d.Press("R")
	d.Has("What runs")
	d.Press("tab", "tab", "tab", "tab", "tab", "tab", "ctrl+u")
	d.Type(name)
	d.Press("tab", "tab", "tab", "tab", "ctrl+u")
	d.Type(fmt.Sprint(count))
	d.Press("tab", "tab")
	d.Type(least)
	d.Press("ctrl+s")
	d.UntilHas(20*time.Second, "tab switches")
	d.Wait(time.Second)
}

// machines counts the instances whose name begins so.
func (d *deck) machines(name string) int {
	n := 0
	for _, i := range d.world.Instances() {
		if strings.HasPrefix(i.Label, name) {
			n++
		}
	}
	return n
}

func TestFleetOfMarkedOffersIsRentedAndTerminated(t *testing.T) {
	t.Parallel()
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		before := len(d.world.Instances())
		d.Press("space", "down", "space", "down", "space", "r")
		d.Has("Rent out of 3 offers", "how many")
		d.Press("tab", "tab", "tab", "tab", "tab", "tab", "ctrl+u")
		d.Type("train")
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "tab switches")
		d.Has("Candidates are tried in this order until 3 are rented, which takes about 9s", "account $/h", "a month")
		d.Wait(time.Second)
		d.agree()
		d.UntilHas(10*time.Second, "of 3 rented")
		d.Has("about 9s", "x stops it")
		d.UntilHas(time.Minute, "Done: rented 3 of 3.")
		d.Has("offer", "instance", "machine", "price", "result")
		if n, m := d.sent("PUT", "/api/v0/asks/"), len(d.world.Instances())-before; n != 3 || m != 3 {
			t.Errorf("%d requests rented %d machines, want 3 and 3", n, m)
		}
		d.Wait(time.Second)
		d.Press("enter")
		d.Has("[2 Instances")
		d.UntilHas(30*time.Second, "train-3")
		d.Has("train-1", "train-2")
		d.Until(10*time.Minute, func(s string) bool { return strings.Contains(row(s, "train-3"), "RUNNING") })

		d.Press("X")
		d.Has("Destroy 3 instances of the group", "train-1", "train-2", "train-3", "type  destroy 3  to agree")
		d.Wait(time.Second)
		d.Type("destroy 3")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "destroyed 3")
		if n := d.sent("DELETE", "/api/v0/instances/"); n != 3 {
			t.Errorf("%d destroys were sent, want one for each", n)
		}
		ids := map[string]bool{}
		for _, c := range d.world.Calls("DELETE", "/api/v0/instances/") {
			ids[c.Path] = true
		}
		if len(ids) != 3 || len(d.world.Instances()) != before {
			t.Errorf("%d ids were destroyed, %d instances are left of %d", len(ids), len(d.world.Instances()), before)
		}
	}, vastsim.WithStartup(30*time.Second))
}

func TestFiftyEntersRentAFleetOnce(t *testing.T) {
	t.Parallel()
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		d.openFleet("once", 3, "")
		d.Press("tab")
		d.Wait(time.Second)
		enters := make([]string, 50)
		for i := range enters {
			enters[i] = "enter"
		}
		d.PressFast(enters...)
		d.Wait(2 * time.Minute)
		if n := d.sent("PUT", "/api/v0/asks/"); n != 3 || d.machines("once") != 3 {
			t.Errorf("%d requests were sent, %d machines are there", n, d.machines("once"))
		}
	})
}

func TestPasteAndCopyAgreeToNoFleet(t *testing.T) {
	t.Parallel()
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		d.openFleet("never", 3, "2")
		d.Press("tab")
		d.Wait(time.Second)
		d.Paste("\r")
		d.Paste("Rent up to 3\r")
		d.Press("C")
		d.Has("copied as vastai lines", "Nothing was agreed to")
		d.Press("C")
		d.Has("copied as curl")
		d.Wait(5 * time.Second)
		d.Has("tab switches")
		d.nothingSent()
		d.Press("esc", "esc")
		d.Lacks("tab switches", "Continue to the plan")
		d.Wait(time.Minute)
		d.nothingSent()
	})
}

// candidates are the offers in the order in which the plan lists them.
func candidates(t *testing.T, screen string) []int64 {
	t.Helper()
	var ids []int64
	for _, l := range strings.Split(screen, "\n") {
		if _, rest, ok := strings.Cut(l, "  rent  offer "); ok {
			ids = append(ids, atoi(t, strings.Fields(rest)[0]))
		}
	}
	return ids
}

func TestCandidatesThatVanishAreStruckOutAndLeftOut(t *testing.T) {
	t.Parallel()
	play(t, 120, 50, func(d *deck) {
		d.loaded()
		d.openFleet("rest", 3, "")
		ids := candidates(t, d.Text())
		if len(ids) < 6 {
			t.Fatalf("only %d candidates are listed\n%s", len(ids), d.Text())
		}
		d.world.RemoveOffer(ids[0])
		d.world.RemoveOffer(ids[2])
		d.Until(2*time.Minute, func(s string) bool { return strings.Count(s, "is gone") == 2 })
		d.Lacks("Review changes")
		d.Wait(time.Second)
		d.agree()
		d.UntilHas(2*time.Minute, "Done: rented 3 of 3.")
		for _, c := range d.world.Calls("PUT", "/api/v0/asks/") {
			for _, gone := range []int64{ids[0], ids[2]} {
				if strings.Contains(c.Path, itoa(gone)) {
					t.Errorf("%s was sent for an offer that had been struck out", c.Path)
				}
			}
		}
		if n := d.sent("PUT", "/api/v0/asks/"); n != 3 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

func TestTooFewCandidatesAskForAReview(t *testing.T) {
	t.Parallel()
	play(t, 120, 50, func(d *deck) {
		d.loaded()
		d.openFleet("few", 3, "")
		for _, id := range candidates(t, d.Text()) {
			d.world.RemoveOffer(id)
		}
		for _, o := range d.world.Offers() {
			d.world.RemoveOffer(o.ID)
		}
		d.UntilHas(2*time.Minute, "Review changes")
		d.nothingSent()
	})
}

func TestShortFleetIsTakenBackOnlyWhenThatIsTyped(t *testing.T) {
	t.Parallel()
	play(t, 120, 44, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Vanish, Method: "PUT", Path: "/api/v0/asks/", After: 1})
		d.openFleet("short", 3, "3")
		d.agree()
		d.UntilHas(5*time.Minute, "At least 3 are needed")
		d.Has("Rented 1 of 3", "skipped", "1  Destroy the one that was rented", "billed until it is destroyed")
		d.Lacks("Done")
		if n := d.machines("short"); n != 1 {
			t.Fatalf("%d machines were rented", n)
		}
		id := idOf(d.world, "short")
		d.Wait(time.Second)
		d.Press("1")
		d.Has("Take back 1 instance", "spent so far", id, "to agree")
		d.Wait(time.Second)
		d.Press("enter", "enter")
		d.Wait(time.Second)
		if n := d.sent("DELETE", ""); n != 0 {
			t.Fatalf("%d destroys were sent without their words", n)
		}
		d.Press("esc") // back to the report
		d.Has("Rented 1 of 3")
		d.Wait(time.Second)
		d.Press("1")
		d.Wait(time.Second)
		d.Type(id[len(id)-4:])
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "destroyed")
		if n := d.sent("DELETE", "/api/v0/instances/"); n != 1 || d.machines("short") != 0 {
			t.Errorf("%d destroys were sent, %d machines are left", n, d.machines("short"))
		}
	})
}

func TestFleetIsStoppedAfterTheOneInFlight(t *testing.T) {
	t.Parallel()
	play(t, 120, 44, func(d *deck) {
		d.loaded()
		d.openFleet("halt", 5, "")
		d.agree()
		d.Wait(2 * time.Second)
		d.Press("x")
		d.Has("x again stops after the one in flight")
		d.Wait(time.Second)
		if n := d.sent("PUT", "/api/v0/asks/"); n == 0 {
			t.Fatal("nothing was in flight")
		}
		d.Press("x")
		d.UntilHas(2*time.Minute, "c copies the table")
		n := d.machines("halt")
		d.Wait(3 * time.Minute)
		if sent := d.sent("PUT", "/api/v0/asks/"); sent > 2 || d.machines("halt") != n || sent != n {
			t.Errorf("%d requests were sent, %d machines are there", sent, n)
		}
		d.Has(fmt.Sprintf("Rented %d of 5", n))
		d.Lacks("Done")
	})
}

func TestWhatWasRentedIsSavedAndNeverOverwritesUnasked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	play(t, 120, 44, func(d *deck) {
		d.loaded()
		d.openFleet("kept", 2, "")
		d.agree()
		d.UntilHas(2*time.Minute, "Done: rented 2 of 2.")
		d.Wait(time.Second)
		d.Press("c")
		d.Has("the table was copied as text")
		d.Press("J")
		d.Has("copied as JSON")
		save := func(name string, replace bool) {
			d.Press("w")
			d.Has("Save what was rented: 2 of 2")
			d.Press("ctrl+u")
			d.Type(filepath.Join(dir, name))
			if replace {
				d.Press("tab", "space")
			}
			d.Press("ctrl+s")
			d.Wait(2 * time.Second)
		}
		save("fleet.tsv", false)
		d.Has("saved in", "fleet.tsv")
		text, err := os.ReadFile(filepath.Join(dir, "fleet.tsv"))
		if err != nil || !strings.HasPrefix(string(text), "2 of 2\noffer\tinstance") || strings.Count(string(text), "\trented\t") != 2 {
			t.Errorf("the file holds %q, %v", text, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "fleet.json"), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		save("fleet.json", false)
		d.Has("a file of that name is there")
		if text, _ := os.ReadFile(filepath.Join(dir, "fleet.json")); string(text) != "mine" {
			t.Errorf("the file was overwritten with %q", text)
		}
		d.Press("esc")
		save("fleet.json", true)
		d.Has("replaced")
		var out struct {
			Complete bool
			Nodes    []struct {
				Offer    int64 `json:"offer_id"`
				Instance int64 `json:"instance_id"`
			}
		}
		text, err = os.ReadFile(filepath.Join(dir, "fleet.json"))
		if err == nil {
			err = json.Unmarshal(text, &out)
		}
		if err != nil || !out.Complete || len(out.Nodes) != 2 || out.Nodes[0].Instance == 0 {
			t.Errorf("the file holds %q, %v", text, err)
		}
	})
}

func TestFleetPlanIsReadableInASmallTerminal(t *testing.T) {
	t.Parallel()
	play(t, 80, 24, func(d *deck) {
		d.loaded()
		d.openFleet("small", 3, "2")
		all := d.Text()
		for range 60 {
			d.Press("pgdown")
			all += d.Text()
		}
		for _, want := range []string{"Candidates are tried", "account $/h", "a month", "to fall back on", "PUT /api/v0/asks/", "R shows", "checks:", "worked out from"} {
			if !strings.Contains(all, want) {
				t.Errorf("%q is never shown", want)
			}
		}
		d.agree()
		d.UntilHas(2*time.Minute, "Done: rented 3 of 3.")
	})
}

func TestCappedDiskIsARedBannerUntilItIsAcknowledged(t *testing.T) {
	t.Parallel()
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.CappedDisk, Method: "PUT", Path: "/api/v0/asks/"})
		d.Press("r", "tab", "tab", "tab", "tab", "tab", "ctrl+u")
		d.Type("80")
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "tab switches")
		d.Wait(time.Second)
		d.agree()
		d.UntilHas(2*time.Minute, "not what was asked for")
		d.Has("Destroy it", "Block the host")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(20*time.Second, "is not what was asked for: disk is 40 GB, asked for was 80 GB")
		d.Has("D destroy…")
		d.Press("7")
		d.Has("is not what was asked for")
		d.Press("2")
		d.Has("D destroy…", "esc acknowledges")
		d.Press("down")
		d.Press("up")
		d.Press("up")
		d.Has("! goes to it")
		d.Press("!")
		d.Has("not as asked")
		d.Press("esc") // the detail
		d.Press("x")
		d.Has("Leave it out of the market", "7")
		d.Press("ctrl+s")
		d.Has("is left out of the market")
		d.Press("esc")
		d.Lacks("esc acknowledges", "! goes to it")
		if n := d.sent("DELETE", ""); n != 0 {
			t.Errorf("%d destroys were sent", n)
		}
	})
}

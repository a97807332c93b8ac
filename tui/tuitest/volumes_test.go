package tuitest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

// volumeSite is a verified machine that offers volumes and something to rent.
func (d *deck) volumeSite() vastsim.OfferState {
	d.t.Helper()
	for _, o := range d.world.Offers() {
		if o.Rentable && o.Verified && o.VolumeOfferID != 0 && o.DiskGB > 50 {
			return o
		}
	}
	d.t.Fatal("no machine offers both")
	return vastsim.OfferState{}
}

// makeVolume makes a volume of 20 GB on a machine, up to the question whether to.
func (d *deck) makeVolume(machine int64, name string) {
	d.t.Helper()
	d.Press("3")
	d.Has("[3 Volumes")
	d.Press("n")
	d.Has("Places for a new volume of 50 GB")
	d.UntilHas(20*time.Second, "$/GB month")
	d.Press("/")
	d.Type(fmt.Sprintf("region all machine_id=%d", machine))
	d.Press("enter")
	d.UntilHas(10*time.Second, "1 of ")
	d.Press("enter")
	d.Has("New volume on machine", "fixed for good", "a month")
	d.Type(name)
	d.Press("tab", "ctrl+u")
	d.Type("20")
	d.Press("ctrl+s")
	d.UntilHas(20*time.Second, "Create a volume of 20 GB")
	d.Has("PUT /api/v0/volumes/", "until it is deleted")
	d.Wait(time.Second)
}

func TestVolumeIsMadeRentedWithAndDeletedEndToEnd(t *testing.T) {
	t.Parallel()
	play(t, 150, 44, func(d *deck) {
		d.loaded()
		site := d.volumeSite()
		d.makeVolume(site.MachineID, "models")
		d.nothingSent()
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(time.Minute, "was made")
		made := d.world.Volumes()
		v := made[len(made)-1]
		if len(made) != 1 || v.MachineID != site.MachineID || v.Size != 20 || v.Name != "models" {
			t.Fatalf("there is %+v", made)
		}
		flag := fmt.Sprintf("-v V.%d:/data", v.ID)
		d.Has(flag, "made: volume "+itoa(v.ID))
		d.UntilHas(10*time.Second, "fixed for good")
		d.Press("esc")
		d.Until(30*time.Second, func(s string) bool { return strings.Contains(row(s, "models"), "FREE") })

		d.Press("r")
		d.Has("[1 Market", fmt.Sprintf("machine_id=%d", site.MachineID), "linked")
		d.Until(30*time.Second, func(s string) bool { return strings.Contains(s, "offers shown") && strings.Contains(s, "▌") })
		d.Wait(10 * time.Second)
		d.Press("r")
		d.Has("Rent ", "image", "disk")
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "tab switches")
		d.Wait(time.Second)
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(time.Minute, "rented: instance")
		if now := d.world.Volumes(); len(now) != 1 || len(now[0].Instances) != 1 {
			t.Fatalf("the volumes are %+v", now)
		}
		holder := d.world.Volumes()[0].Instances[0]

		d.Press("3")
		d.Until(90*time.Second, func(s string) bool { return strings.Contains(row(s, "models"), "IN USE") })
		d.Press("D")
		d.Has("holds volume " + itoa(v.ID) + ": destroy the instance first")
		if n := d.sent("DELETE", "/api/v0/volumes/"); n != 0 {
			t.Errorf("%d deletes were sent", n)
		}
		d.Press("a")
		id := itoa(holder)
		d.Until(time.Minute, func(s string) bool { return strings.Contains(s, "[2 Instances") && row(s, id) != "" })
		d.Press("D")
		d.Has("Destroy", "cannot be undone")
		d.Wait(time.Second)
		d.Type(id[len(id)-4:])
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "destroyed")

		d.Press("3")
		d.Until(3*time.Minute, func(s string) bool { return strings.Contains(row(s, "models"), "FREE") })
		d.Press("D")
		d.Has("Delete volume "+itoa(v.ID), "cannot be undone")
		d.Press("enter")
		d.Wait(2 * time.Second)
		if n := d.sent("DELETE", "/api/v0/volumes/"); n != 0 {
			t.Errorf("enter alone has deleted it")
		}
		d.Type("models")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(time.Minute, "deleted volume")
		d.UntilHas(time.Minute, "There is no volume")
		if n := len(d.world.Volumes()); n != 0 {
			t.Errorf("%d volumes are left", n)
		}
	}, vastsim.WithEmptyAccount(), vastsim.WithStartup(30*time.Second))
}

func TestVolumeIsCopiedToAnotherPlace(t *testing.T) {
	t.Parallel()
	play(t, 150, 44, func(d *deck) {
		d.loaded()
		before := d.world.Volumes()
		if len(before) == 0 {
			t.Fatal("the account has no volume")
		}
		d.Press("3")
		d.UntilHas(time.Minute, "$/month")
		d.Press("K")
		d.Has("Places for a copy of volume")
		d.UntilHas(20*time.Second, "$/GB month")
		d.Press("enter")
		d.Has("Copy volume", "at least")
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "POST /api/v0/volumes/copy/")
		d.Wait(time.Second)
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "was made")
		if n := len(d.world.Volumes()); n != len(before)+1 {
			t.Errorf("%d volumes, want %d", n, len(before)+1)
		}
		if n := d.sent("POST", "/api/v0/volumes/copy/"); n != 1 {
			t.Errorf("%d copies were asked for", n)
		}
	})
}

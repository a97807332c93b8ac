package tuitest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

func TestRentWatchAndDestroyEndToEnd(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		before := len(d.world.Instances())
		d.openRent("my-box")
		d.Has("Rent 1×", "Cancel", "PUT /api/v0/asks/", "credit $41", "account $/h")
		d.nothingSent()
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(30*time.Second, "rented: instance")
		d.UntilHas(10*time.Second, "my-box")
		d.Has("[2 Instances")
		if n := d.sent("PUT", "/api/v0/asks/"); n != 1 {
			t.Errorf("%d rent requests were sent", n)
		}
		if n := len(d.world.Instances()); n != before+1 {
			t.Errorf("%d instances exist, want %d", n, before+1)
		}
		d.Until(10*time.Minute, func(s string) bool { return strings.Contains(row(s, "my-box"), "RUNNING") })

		id := idOf(d.world, "my-box")
		d.Press("D")
		d.Has("Destroy", "my-box", "cannot be undone")
		d.Wait(time.Second)
		d.Type(id[len(id)-4:])
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(time.Minute, "destroyed")
		d.Until(2*time.Minute, func(s string) bool { return row(s, "my-box") == "" })
		if n := d.sent("DELETE", "/api/v0/instances/"); n != 1 {
			t.Errorf("%d destroy requests were sent", n)
		}
	}, vastsim.WithStartup(90*time.Second))
}

// row is the line of the screen that holds text, "" when there is none.
func row(screen, text string) string {
	for _, l := range strings.Split(screen, "\n") {
		if strings.Contains(l, text) && strings.Contains(l, "$") {
			return l
		}
	}
	return ""
}

func idOf(w *vastsim.World, name string) string {
	for _, i := range w.Instances() {
		if strings.HasPrefix(i.Label, name) {
			return itoa(i.ID)
		}
	}
	return ""
}

func TestFiftyEntersRentOnce(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.openRent("once")
		d.Press("tab")
		d.Wait(time.Second)
		enters := make([]string, 50)
		for i := range enters {
			enters[i] = "enter"
		}
		d.PressFast(enters...)
		d.Wait(time.Minute)
		if n := d.sent("PUT", "/api/v0/asks/"); n != 1 {
			t.Errorf("%d rent requests were sent", n)
		}
	})
}

func TestEnterOnTheOpeningDialogRentsNothing(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.openRent("careful")
		d.Press("enter") // the safe button has the focus
		d.Wait(5 * time.Second)
		d.nothingSent()
		d.Has("Continue to the plan") // what was typed is still there
		d.Has("careful")
	})
}

func TestHastyEnterDoesNotAgree(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.openRent("hasty")
		d.PressFast("tab", "enter")
		d.Wait(5 * time.Second)
		d.nothingSent()
		d.Has("that was quick: press enter again")
		d.Press("enter")
		d.UntilHas(30*time.Second, "rented: instance")
	})
}

func TestEscSendsNothing(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.openRent("never")
		d.Press("tab", "esc")
		d.Has("never")
		d.Press("esc")
		d.Lacks("Continue to the plan")
		d.Wait(time.Minute)
		d.nothingSent()
	})
}

func TestLostAnswerIsFoundByReading(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		before := len(d.world.Instances())
		d.world.Fault(vastsim.Fault{Kind: vastsim.LostAnswer, Method: "PUT", Path: "/api/v0/asks/", Times: 1})
		d.openRent("lost")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(4*time.Minute, "rented: instance")
		if n := d.sent("PUT", "/api/v0/asks/"); n != 1 {
			t.Errorf("%d rent requests were sent", n)
		}
		if n := len(d.world.Instances()); n != before+1 {
			t.Errorf("%d instances exist, want %d", n, before+1)
		}
	})
}

func TestBrokenConnectionRentsNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		before := len(d.world.Instances())
		d.world.Fault(vastsim.Fault{Kind: vastsim.Reset, Method: "PUT", Path: "/api/v0/asks/", Times: 1})
		d.openRent("reset")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Wait(10 * time.Minute)
		if n := d.sent("PUT", "/api/v0/asks/"); n > 1 {
			t.Errorf("%d rent requests were sent", n)
		}
		if n := len(d.world.Instances()); n != before {
			t.Errorf("%d instances exist, want %d", n, before)
		}
		d.Has("failed")
	})
}

func TestWithoutJournalNothingIsRented(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.openRent("unwritten")
		d.journal.fail(errors.New("no space left on device"))
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Wait(time.Minute)
		d.nothingSent()
		d.Has("no space left on device")
	})
}

func TestRisenPriceIsAskedAboutAgain(t *testing.T) {
	t.Parallel()
	play(t, 140, 44, func(d *deck) {
		d.loaded()
		d.openRent("dearer")
		offer := offerUnderPlan(t, d)
		d.world.SetOfferPrice(offer, 3.21)
		d.Wait(15 * time.Second) // the facts are too old to be taken as they are
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Wait(30 * time.Second)
		if n := d.sent("PUT", "/api/v0/asks/"); n != 0 {
			t.Errorf("%d rent requests were sent at a price nobody agreed to", n)
		}
		d.Has("$3.2")
	})
}

// offerUnderPlan is the id in the request that the dialog shows.
func offerUnderPlan(t *testing.T, d *deck) int64 {
	t.Helper()
	_, rest, ok := strings.Cut(d.Text(), "PUT /api/v0/asks/")
	if !ok {
		d.Press("pgdown", "pgdown", "pgdown")
		_, rest, ok = strings.Cut(d.Text(), "PUT /api/v0/asks/")
	}
	if !ok {
		t.Fatalf("no rent request on the screen\n%s", d.Text())
	}
	id, _, _ := strings.Cut(rest, "/")
	return atoi(t, id)
}

func TestOfferThatVanishedIsNotRented(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("r")
		for _, o := range d.world.Offers() {
			d.world.RemoveOffer(o.ID)
		}
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "has just left the market")
		d.nothingSent()
	})
}

func TestFieldErrorsStandBesideTheFields(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("r", "tab", "tab", "tab", "tab", "tab")
		d.Press("ctrl+u")
		d.Type("lots")
		d.Press("ctrl+s")
		d.Has("a number of GB")
		d.Press("ctrl+u") // the field that is wrong has the focus
		d.Type("2")
		d.Press("ctrl+s")
		d.Has("at least 8 GB")
		d.nothingSent()
	})
}

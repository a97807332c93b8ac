package tuitest_test

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

func TestWhatWasToldCanBeReadLaterAndLeadsToWhatItIsAbout(t *testing.T) {
	t.Parallel()
	play(t, 130, 40, func(d *deck) {
		d.loaded()
		d.Wait(30 * time.Second) // toasts are gone
		d.Has("1 notice")
		d.Press("ctrl+n")
		d.Has("Notices of this run: 2, 1 of them not read", "have problems")
		d.Press("space")
		d.Has("2, all read")
		d.Lacks("1 notice ")
		d.Press("space", "a")
		d.Has("2, all read")
		d.Press("enter")
		d.Lacks("Notices of this run")
		d.Has("[2 Instances")
		d.nothingSent()
	}, vastsim.WithTroubles())
}

func TestAnInstanceThatIsGoneIsToldOnceAndKept(t *testing.T) {
	t.Parallel()
	play(t, 130, 40, func(d *deck) {
		d.loaded()
		d.Wait(time.Minute)
		id := d.world.Instances()[0].ID
		d.world.RemoveInstance(id)
		d.UntilHas(3*time.Minute, "is gone: it was destroyed elsewhere")
		d.Wait(5 * time.Minute)
		d.Lacks("is gone: it was destroyed elsewhere") // the toast has gone
		d.Press("ctrl+n")
		d.Has("is gone: it was destroyed elsewhere")
		if n := strings.Count(d.Text(), "is gone: it was destroyed"); n != 1 {
			t.Errorf("it was told %d times\n%s", n, d.Text())
		}
		d.Press("enter")
		d.Has("[7 Activity")
	})
}

func TestWithoutNewsTheInboxSaysWhatWouldStandInIt(t *testing.T) {
	t.Parallel()
	play(t, 130, 40, func(d *deck) {
		d.loaded()
		d.Press("ctrl+n")
		d.Has("Notices of this run: none yet", "Nothing yet.", "credit that runs low")
		d.Press("enter", "space", "a", "down")
		d.Has("Notices of this run: none yet")
		d.Press("esc")
		d.Lacks("Notices of this run")
	}, vastsim.WithCredit(5000))
}

package tuitest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
)

func TestCostsAreListedChargedAndExplained(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("5")
		d.UntilHas(30*time.Second, "total")
		d.Has("a month of 720 h", "so far")
		for _, i := range d.world.Instances() {
			d.Has(itoa(i.ID))
		}
		d.Press("E")
		d.Has("Figures of instance", "formula")
		d.Press("esc", "p")
		d.Has("a month of 730 h")
		d.Press("b")
		d.UntilHas(5*time.Minute, "in 30 days")
		d.Has("Charges by day (UTC)", "gpu", "disk")
		d.Press("left", "left")
		d.Press("esc", "t")
		d.UntilHas(10*time.Second, "Estimate and charges")
		d.Has("differs")
		d.Press("esc", "I")
		d.UntilHas(30*time.Second, "Invoices of the last 90 days")
		d.Press("esc", "h")
		d.UntilHas(10*time.Second, "Credit over time")
		d.Has("zero on")
		d.nothingSent()
	})
}

func TestChargesAreReadDayByDayAndNotAgain(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		// The header wants today and this month.
		before := d.sent("GET", "/api/v0/charges/")
		if before > 2 {
			t.Errorf("%d charges were asked for while nobody looks", before)
		}
		d.Press("5", "b")
		d.UntilHas(5*time.Minute, "in 30 days")
		n := d.sent("GET", "/api/v0/charges/")
		d.Press("esc", "1")
		d.Wait(10 * time.Minute)
		d.Press("5")
		d.Wait(2 * time.Minute)
		if again := d.sent("GET", "/api/v0/charges/") - n; n-before < 28 || n-before > 32 || again > 5 {
			t.Errorf("%d requests for 30 days, and %d a little later", n-before, again)
		}
	})
}

func TestLeaksAreMarkedAndEndedFromTheCostView(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		var first string
		for _, i := range d.world.Instances() {
			if i.Intended == "running" {
				first = itoa(i.ID)
				break
			}
		}
		d.Press("5")
		d.UntilHas(30*time.Second, "total ")
		d.Has(first)
		before := len(d.world.Instances())
		d.Press("P", "*", "D")
		if strings.Contains(d.Text(), "one plan at a time") {
			d.Press("enter")
		}
		d.Has("Destroy", "type  ")
		d.Lacks(first)
		d.Wait(time.Second)
		d.Press("esc")
		d.Wait(5 * time.Second)
		d.nothingSent()
		if n := len(d.world.Instances()); n != before {
			t.Errorf("%d instances are left of %d", n, before)
		}
	})
}

func TestBlockingBudgetKeepsRentsFromBeingAgreedTo(t *testing.T) {
	t.Parallel()
	playWith(t, 120, 40, func(deps *tui.Deps) { deps.Budget = tui.Budget{Month: 0.001, Block: true} }, func(d *deck) {
		d.loaded()
		d.UntilHas(2*time.Minute, "month's budget")
		d.Press("r")
		d.Has("Rent ", "image", "disk")
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "nobody can agree to this")
		d.Wait(time.Second)
		d.Type("0.02")
		d.Press("enter", "tab", "enter", "enter")
		d.Wait(10 * time.Second)
		d.nothingSent()
	})
}

func TestCostsAreWrittenIntoAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "costs.csv")
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		d.Press("5")
		d.UntilHas(30*time.Second, "total ")
		d.Press("x")
		d.Has("Export costs", "CSV")
		d.Press("tab", "tab", "ctrl+u")
		d.Type(path)
		d.Press("ctrl+s")
		d.Wait(5 * time.Second)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v\n%s", err, d.Text())
		}
		for _, i := range d.world.Instances() {
			if !strings.Contains(string(data), fmt.Sprint(",", i.ID, ",")) {
				t.Errorf("instance %d is missing:\n%s", i.ID, data)
			}
		}
	})
}

package tuitest_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/vastapi/vastsim"
)

// say types a line into the palette and presses enter.
func (d *deck) say(line string) {
	d.t.Helper()
	d.Press(":")
	d.Has("Go to, or do")
	d.Type(line)
	d.Press("enter")
}

func TestThePaletteFindsViewsActionsAndInstances(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.say("volumes")
		d.Has("[3 Volumes")
		i := d.world.Instances()[0]
		d.say(strconv.FormatInt(i.ID, 10))
		d.Has("[2 Instances")
		if line := d.cursorLine(); !strings.Contains(line, strconv.FormatInt(i.ID, 10)) {
			d.t.Errorf("the cursor is on %q\n%s", line, d.Text())
		}
		d.say("help")
		d.Has("Keys  type to filter")
		d.Press("esc")
		d.nothingSent()
	})
}

func TestADestructiveActionFromThePaletteAsksAsItsKeyDoes(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("2", "D")
		d.Has("Destroy instance", "to agree")
		asked := d.Text()
		d.Press("esc")
		d.Press(":")
		d.Type("destroy")
		d.Press("enter", "enter", "enter")
		d.Has("Destroy instance", "to agree")
		if strings.Count(asked, "Destroy") != strings.Count(d.Text(), "Destroy") {
			d.t.Errorf("another question is asked\n%s\n%s", asked, d.Text())
		}
		d.nothingSent()
	})
}

func TestAMachineIsShownOrSaidNotToBeOnTheMarket(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		var machine string
		for _, o := range d.world.Offers() {
			if o.Rentable && o.Verified {
				machine = strconv.FormatInt(o.MachineID, 10)
				break
			}
		}
		d.say("machine " + machine)
		d.UntilHas(30*time.Second, "machine_id="+machine)
		d.Lacks("is not on the market now")
		d.say("machine 987654321")
		d.UntilHas(30*time.Second, "machine 987654321 is not on the market now")
		d.Press(":", "up")
		d.Has("machine 987654321")
		d.Press("up")
		d.Has(": machine " + machine)
	})
}

func TestRentDescribedInALineOpensTheFilledFormAndSendsNothing(t *testing.T) {
	t.Parallel()
	play(t, 150, 44, func(d *deck) {
		d.loaded()
		d.say("rent gpu=RTX_4090 n=1 max=0.9 image=nvidia/cuda:12.4.1-devel-ubuntu22.04 disk=33 name=quick")
		d.UntilHas(40*time.Second, "Continue to the plan")
		d.Has("Rent 1× RTX 4090, on-demand", "nvidia/cuda:12.4.1-devel-ubuntu22.04", "33", "quick")
		d.nothingSent()
	})
}

func TestMistakesInALineAreMarkedAndNothingHappens(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		for line, want := range map[string]string{
			"rent gpu=RTX_4090 n=zero": "n is a whole number", "rent gpu=RTX_4090 max=cheap": "max is a price in USD per hour",
			"query num_gpu>=2":  "num_gpus",
			"machine 12x4":      "an id has digits alone",
			"rent n=1 price=1":  "price= is what a bid has",
			"ctx somebody":      "no other account",
			"rent disk=0 gpu=x": "disk is a size in GB",
		} {
			d.say(line)
			d.Has("Go to, or do", want, "^")
			d.Press("esc")
			d.Lacks("Go to, or do")
		}
		d.Has("[1 Market")
		d.nothingSent()
	})
}

func TestThePaletteOpensInTheSameFrameWithALargeMarket(t *testing.T) {
	t.Parallel()
	playWith(t, 140, 40, func(deps *tui.Deps) { deps.Command.Market.Limit, deps.Command.Market.Max = 3000, 3000 }, func(d *deck) {
		d.loaded()
		d.Press(":")
		d.Has("Go to, or do")
		d.Type("1")
		d.Has("machine 1", "more below")
	}, vastsim.WithOffers(3000), vastsim.WithMaxLimit(3000))
}

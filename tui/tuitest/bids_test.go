package tuitest_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/tuitest"
	"vastdeck/vastapi/vastsim"
)

// lively plays in a market whose prices move.
func lively(t *testing.T, w, h int, do func(*deck), opts ...vastsim.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		world := vastsim.New(append([]vastsim.Option{vastsim.WithSeed(7)}, opts...)...)
		d := &deck{t: t, world: world, journal: &memory{}}
		deps := d.deps(nil)
		ctx, cancel := context.WithCancel(t.Context())
		d.model = tui.New(ctx, deps)
		d.Screen = tuitest.Start(t, d.model, w, h)
		t.Cleanup(func() { cancel(); world.Close() })
		do(d)
	})
}

// inState waits until the line of a bid has a state.
func (d *deck) inState(name, state string, limit time.Duration) {
	d.t.Helper()
	d.Until(limit, func(s string) bool { return strings.Contains(row(s, name), state) })
}

// instanceCalled is an instance of the world by the beginning of its label.
func (d *deck) instanceCalled(name string) vastsim.InstanceState {
	d.t.Helper()
	for _, i := range d.world.Instances() {
		if strings.HasPrefix(i.Label, name) {
			return i
		}
	}
	d.t.Fatalf("there is no instance %q", name)
	return vastsim.InstanceState{}
}

// openBid opens the plan of bidding price for the offer under the cursor of the market.
func (d *deck) openBid(name, price string) {
	d.t.Helper()
	d.Press("b")
	d.Has("Rent ", "interruptible", "image")
	d.Press("tab", "tab", "tab", "tab", "tab", "tab", "ctrl+u")
	d.Type(name)
	d.Press("tab", "ctrl+u")
	d.Type(price)
	d.Press("ctrl+s")
	d.UntilHas(20*time.Second, "tab switches")
	d.Wait(time.Second)
}

// agreeToBid presses the button of a plan that spends.
func (d *deck) agreeToBid() {
	d.Press("tab")
	d.Wait(time.Second)
	d.Press("enter")
}

func TestABidIsPlacedLosesIsRaisedAndWinsAgain(t *testing.T) {
	t.Parallel()
	play(t, 180, 44, func(d *deck) {
		d.loaded()
		d.Press("4", "n")
		d.Has("Place a bid", "nothing is rented without a price")
		d.Press("ctrl+s")
		d.UntilHas(30*time.Second, "Lowest bid")
		d.Wait(10 * time.Second)
		d.openBid("lens", "2")
		d.Has("PUT /api/v0/asks/")
		d.nothingSent()
		d.agreeToBid()
		d.UntilHas(30*time.Second, "rented: instance")
		calls := d.world.Calls("PUT", "/api/v0/asks/")
		var body struct{ Price *float64 }
		if len(calls) != 1 || json.Unmarshal(calls[0].Body, &body) != nil || body.Price == nil || *body.Price != 2 {
			t.Fatalf("sent %s", calls[0].Body)
		}
		d.Press("4")
		d.inState("lens", "WINNING", 5*time.Minute)

		i := d.instanceCalled("lens")
		d.world.SetBid(i.ID, 0.75*i.MinBid)
		d.inState("lens", "OUTBID", 2*time.Minute)
		d.Wait(2 * time.Minute)
		d.selectRow("lens")
		d.Press("h")
		d.Has("Change the bid for instance "+itoa(i.ID), "beyond it", "Cancel")
		if n := d.sent("PUT", "/api/v0/instances/bid_price/"); n != 0 {
			t.Fatal("a bid was sent without consent")
		}
		d.Wait(time.Second)
		d.agreeToBid()
		d.inState("lens", "WINNING", 3*time.Minute) // a tenth above the price to hold, or more
		if now := d.instanceCalled("lens"); now.Actual != "running" || now.BidPrice < now.MinBid || now.BidPrice > 1.2*now.MinBid+0.001 {
			t.Errorf("the world has %+v", now)
		}
		d.Press("b", "ctrl+u")
		d.Type("1.5")
		d.Has("What it comes to", "above the price to hold: it runs on")
		d.Press("ctrl+s")
		d.Wait(time.Second)
		d.agreeToBid()
		d.Until(3*time.Minute, func(s string) bool {
			l := row(s, "lens")
			return strings.Contains(l, "WINNING") && strings.Contains(l, "$1.500/h")
		})
		if now := d.instanceCalled("lens"); now.BidPrice != 1.5 {
			t.Errorf("the world has a bid of %v", now.BidPrice)
		}
	}, vastsim.WithStartup(30*time.Second), vastsim.WithCredit(500))
}

// selectRow moves the cursor to the line with a name.
func (d *deck) selectRow(name string) {
	d.t.Helper()
	d.Press("g")
	for range 20 {
		if l := row(d.Text(), name); strings.Contains(l, "▌") || strings.Contains(l, "▸") {
			return
		}
		d.Press("down")
	}
	d.t.Fatalf("the cursor does not reach %q\n%s", name, d.Text())
}

func TestTheAuctionOutbidsABidWhichIsToldOnceAndRaised(t *testing.T) {
	t.Parallel()
	lively(t, 180, 44, func(d *deck) {
		d.loaded()
		d.Press("4")
		d.UntilHas(time.Minute, "whisper-bid")
		d.UntilHas(time.Minute, "against on-demand")
		d.inState("whisper-bid", "OUTBID", 3*time.Hour)
		d.Has("is outbid")
		d.Press("enter")
		d.Has("ways out", "resumes by itself")
		before := d.instanceCalled("whisper-bid")
		d.Wait(time.Second)
		d.Press("h")
		d.Has("Change the bid")
		d.Wait(time.Second)
		d.agreeToBid()
		d.Until(5*time.Minute, func(s string) bool {
			l := row(s, "whisper-bid")
			return strings.Contains(l, "RISK") || strings.Contains(l, "WINNING")
		})
		if after := d.instanceCalled("whisper-bid"); !(after.BidPrice > before.BidPrice) {
			t.Errorf("the bid is %v as before", after.BidPrice)
		}
		if n := d.sent("PUT", "/api/v0/instances/bid_price/"); n != 1 {
			t.Errorf("%d bids were sent", n)
		}
	}, vastsim.WithCredit(500))
}

func TestARefusedBidSaysTheMinimumAndWhatItLeftIsDestroyed(t *testing.T) {
	t.Parallel()
	play(t, 180, 44, func(d *deck) {
		d.loaded()
		d.Press("4", "n", "ctrl+s")
		d.UntilHas(30*time.Second, "Lowest bid")
		d.Wait(10 * time.Second)
		d.openBid("doomed", "1")
		for _, o := range d.world.Offers() {
			d.world.SetOfferPrice(o.ID, 200*o.DPHBase)
		}
		d.agreeToBid()
		d.UntilHas(time.Minute, "the lowest that would run is $")
		d.UntilHas(time.Minute, "Destroy what was left behind… (asks first)")
		d.Wait(2 * time.Second)
		d.Press("1")
		d.Has("Destroy instance", "doomed", "to agree")
		d.Press("esc")
		d.Wait(2 * time.Second)
		d.Press("esc")
		d.Wait(time.Second)
		d.Press("4")
		d.UntilHas(time.Minute, "LEFTOVER")
		i := d.instanceCalled("doomed")
		d.selectRow("doomed")
		d.Press("D")
		d.Has("Destroy", "doomed")
		d.Wait(time.Second)
		id := itoa(i.ID)
		d.Type(id[len(id)-4:])
		d.Wait(time.Second)
		d.Press("enter")
		d.Until(2*time.Minute, func(s string) bool { return row(s, "doomed") == "" })
		if idOf(d.world, "doomed") != "" {
			t.Error("it is still there")
		}
	}, vastsim.WithCredit(500))
}

func TestHostileLabelsLeaveTheListOfBidsIntact(t *testing.T) {
	t.Parallel()
	for _, label := range []string{
		"\x1b[" + strings.Repeat(";", 32) + "1m", "\x1b]52;c;cm0gLXJmIC8K\a", "evil\rID overwritten", "two\nrows", "\u202eRLO",
		strings.Repeat("x", 1<<16), "世界世界世界世界世界世界世界世界",
	} {
		play(t, 140, 36, func(d *deck) {
			d.world.SetInstanceLabel(d.instanceCalled("whisper-bid").ID, label)
			d.loaded()
			d.Press("4")
			d.UntilHas(time.Minute, "1 at risk")
			d.Press("enter")
			d.Has("my bid", "to hold", "checkpoints")
			d.nothingSent()
		})
	}
}

func TestThePriceOnDemandIsLookedUpOnlyWhileBidsAreShown(t *testing.T) {
	t.Parallel()
	play(t, 180, 44, func(d *deck) {
		looks := func() int {
			n := 0
			for _, c := range d.world.Calls("", "/api/v0/bundles") {
				if strings.Contains(string(c.Body), `"machine_id":{"in":[`) {
					n++
				}
			}
			return n
		}
		d.loaded()
		d.Wait(2 * time.Minute)
		if n := looks(); n != 0 {
			t.Fatalf("%d machines are looked up that nobody looks at", n)
		}
		d.Press("4")
		d.UntilHas(time.Minute, "none") // its GPU is taken, by the bid itself
		d.Wait(5 * time.Minute)
		if n := looks(); n != 1 {
			t.Errorf("it is looked up %d times within five minutes", n)
		}
		d.Wait(10 * time.Minute)
		if n := looks(); n < 2 || n > 3 {
			t.Errorf("it is looked up %d times within a quarter of an hour", n)
		}
	}, vastsim.WithCredit(500))
}

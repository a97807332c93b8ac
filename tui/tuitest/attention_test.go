package tuitest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// These scenarios are about keys that were pressed for something else than what
// has come on the screen meanwhile, and about what is not on the screen at all.

// agree presses the button that acts, as somebody does who has read.
func (d *deck) agree() {
	d.t.Helper()
	d.Press("tab")
	d.Wait(time.Second)
	d.Press("enter")
}

func TestNothingIsRentedBlindly(t *testing.T) {
	t.Parallel()
	play(t, 40, 10, func(d *deck) {
		d.Wait(40 * time.Second)
		d.Press("r", "tab", "tab", "enter")
		d.Wait(20 * time.Second)
		d.agree()
		d.Wait(30 * time.Second)
		d.nothingSent()
		d.Resize(120, 36)
		d.Lacks("Continue to the plan")
	})
}

func TestKeysTypedAheadDoNotRent(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: "POST", Path: "/api/v0/bundles/", Delay: 3 * time.Second})
		d.Press("r", "ctrl+s")
		d.UntilHas(30*time.Second, "tab switches")
		for _, key := range []string{"tab", "enter", "tab", "enter"} { // somebody in the rhythm of waiting
			d.Wait(250 * time.Millisecond)
			d.Press(key)
		}
		d.Wait(30 * time.Second)
		d.nothingSent()
		d.Has("tab switches") // nor did a key close it
		d.agree()
		d.UntilHas(30*time.Second, "rented: instance")
	})
}

func TestTypingIsNotInterruptedByAFinishedRent(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: "PUT", Path: "/api/v0/asks/", Delay: 5 * time.Second, Times: 1})
		d.openRent("x")
		d.agree()
		d.Press("esc", "/")
		d.Type("RTX 3090 ")
		d.UntilHas(time.Minute, "rented: instance")
		d.Type("nvlink")
		d.Has("/RTX 3090 nvlink", "[1 Market")
		d.Press("enter")
		d.Wait(10 * time.Second)
		if n := d.sent("PUT", "/api/v0/instances/"); n != 0 {
			t.Errorf("typing a query changed %d instances", n)
		}
	})
}

func TestReportIsNotLostToAKeyMeantForTheQuery(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 400, Method: "PUT", Path: "/api/v0/asks/"})
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: "PUT", Path: "/api/v0/asks/", Delay: 4 * time.Second})
		d.openRent("x")
		d.agree()
		d.Press("esc", "/")
		d.Type("4090")
		d.UntilHas(time.Minute, "failed: rent")
		d.Press("enter")
		d.Wait(time.Second)
		d.Has("failed: rent")
		d.Press("enter")
		d.Lacks("failed: rent")
		d.Has("/4090")
	})
}

func TestFinishedPlanIsNotShownAsWorking(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.openRent("x")
		d.agree()
		d.Press("ctrl+c")
		d.UntilHas(time.Minute, "rented: instance")
		d.Press("esc")
		d.Lacks("working…")
	})
}

func TestReviewThatIsLeftOpensNothingLater(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.openRent("x")
		d.world.SetOfferPrice(offerUnderPlan(t, d), 0.9)
		d.UntilHas(2*time.Minute, "Review changes")
		d.Wait(time.Second)
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: "POST", Path: "/api/v0/bundles/", Delay: 5 * time.Second})
		d.Press("enter")
		d.Has("reading the price again", "Continue to the plan")
		d.Press("esc")
		d.Wait(20 * time.Second)
		d.Lacks("tab switches")
		d.nothingSent()
	})
}

func TestReviewedPriceCanBeAgreedTo(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.openRent("dearer")
		d.world.SetOfferPrice(offerUnderPlan(t, d), 0.9)
		d.UntilHas(2*time.Minute, "Review changes")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(30*time.Second, "tab switches")
		d.Lacks("Review changes")
		d.Wait(time.Second)
		d.agree()
		d.UntilHas(30*time.Second, "rented: instance")
	})
}

// crashing is a client whose changes are a mistake of the program.
type crashing struct{ *vastapi.Client }

func (crashing) Do(context.Context, vastapi.Call) vastapi.Result { panic("a mistake while renting") }

func TestCrashWhileRentingIsReported(t *testing.T) {
	t.Parallel()
	playWith(t, 140, 40, func(deps *tui.Deps) { deps.API = crashing{deps.API.(*vastapi.Client)} }, func(d *deck) {
		d.loaded()
		d.openRent("x")
		d.agree()
		d.Wait(2 * time.Second)
		d.Has("unknown: rent", "Look at the instances before you try again", "1 unknown")
		d.Lacks("under way")
	})
}

func TestLeavingRightAfterAgreeingDoesNotHang(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.openRent("x")
		d.Press("tab")
		d.Wait(time.Second)
		d.PressFast("enter", "ctrl+c", "ctrl+c")
		d.Wait(time.Second)
		if !d.Exited() {
			t.Fatal("the program did not end")
		}
		if begun := time.Now(); !d.model.Drain(5*time.Second) || time.Since(begun) > 5*time.Second {
			t.Error("it waits for what has never begun, or has ended")
		}
		if n := d.sent("PUT", "/api/v0/asks/"); n > 1 {
			t.Errorf("%d rent requests", n)
		}
	})
}

func TestKeyIsNeverPastedIntoAnotherQuestion(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("2", "D")
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 401, Path: "/api/v0/users/current"})
		d.UntilHas(3*time.Minute, "API key")
		d.Lacks("to agree")
		d.Paste("SENTINEL0123456789abcdef")
		d.Wait(time.Second)
		d.Lacks("SENTINEL")
		d.Has("••••••••")
	})
}

// slowList is a client whose list of instances takes its time once slow is set.
type slowList struct {
	*vastapi.Client
	slow *bool
}

func (s slowList) Instances(ctx context.Context) (vastapi.InstancePage, error) {
	if *s.slow {
		time.Sleep(25 * time.Second)
	}
	return s.Client.Instances(ctx)
}

func TestAnswersOfTheAccountBeforeAreNotTakenForThoseOfTheNext(t *testing.T) {
	t.Parallel()
	slow := false
	playWith(t, 140, 40, func(deps *tui.Deps) {
		deps.API = slowList{deps.API.(*vastapi.Client), &slow}
		deps.Command.TryKey = func(_ context.Context, key string) (command.Connected, error) {
			next := vastsim.New(vastsim.WithSeed(9), vastsim.WithQuietMarket(), vastsim.WithEmptyAccount(), vastsim.WithCredit(5))
			t.Cleanup(next.Close)
			c, err := vastapi.New(vastapi.WithTransport(next.Transport()), vastapi.WithKey(vastapi.KeyFunc(func() string { return key })))
			return command.Connected{API: c, Source: "keyring"}, err
		}
	}, func(d *deck) {
		d.loaded()
		slow = true
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 401, Path: "/api/v0/users/current"})
		d.Press("ctrl+r") // the list is asked for with the first key and takes 25 s
		d.UntilHas(3*time.Minute, "API key")
		d.Press("ctrl+u")
		d.Paste("key-b")
		d.Press("enter")
		d.UntilHas(10*time.Second, "logged in")
		d.Press("2")
		for range 40 {
			d.Wait(time.Second)
			if strings.Contains(d.Text(), "RUNNING") {
				t.Fatalf("instances of the first account are shown in the second\n%s", d.Text())
			}
		}
		d.Has("Nothing is rented")
	})
}

func TestMarketIsAskedForAgainAfterItWasLeftWhileLoading(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: "POST", Path: "/api/v0/bundles/", Delay: 3 * time.Second, Times: 1})
		d.Press("2")
		d.Wait(12 * time.Second) // the answers arrive behind the other view
		d.Press("1")
		from := d.sent("POST", "/api/v0/bundles/")
		d.Wait(10 * time.Minute)
		if n := d.sent("POST", "/api/v0/bundles/") - from; n < 15 {
			t.Errorf("in ten minutes the market was asked for %d times", n)
		}
	})
}

func TestOldCreditIsNamed(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 500, Path: "/api/v0/users/current"})
		d.Wait(61 * time.Minute)
		d.Has("! credit 1 h old")
		d.Lacks("! volumes")
	}, vastsim.WithOffers(40)) // an hour of polls
}

package tuitest_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

const bundles = "/api/v0/bundles/"

// together is a client whose answers about the market arrive at one moment, the
// newest first.
type together struct {
	*vastapi.Client
	mu   sync.Mutex
	at   time.Time
	done []chan struct{} // of each search that waits for the moment, closed when it is answered
}

func (c *together) SearchOffers(ctx context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	p, err := c.Client.SearchOffers(ctx, q)
	c.mu.Lock()
	at, n, done := c.at, len(c.done), make(chan struct{})
	if time.Until(at) > 0 {
		c.done = append(c.done, done)
	}
	c.mu.Unlock()
	time.Sleep(time.Until(at))
	c.mu.Lock()
	newer := slices.Clone(c.done[min(n+1, len(c.done)):])
	c.mu.Unlock()
	for _, one := range newer {
		<-one
	}
	close(done)
	return p, err
}

func (c *together) hold(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.done = time.Now().Add(d), nil
}

// A poll and a query typed meanwhile may be answered at one moment, and rows drop
// out at another: the market is polled on whatever comes first.
func TestMarketIsPolledOnWhateverIsTypedWhileItIsAskedFor(t *testing.T) {
	t.Parallel()
	var both *together
	playWith(t, 140, 30, func(deps *tui.Deps) {
		both = &together{Client: deps.API.(*vastapi.Client)}
		deps.API = both
	}, func(d *deck) {
		d.loaded()
		for n := range 6 {
			both.hold(20 * time.Second)
			d.Press("ctrl+r")
			d.Wait(time.Second)
			d.world.RemoveOffer(cheapest(d.world, 1)[0])
			d.Press("/", "ctrl+u")
			d.Type([]string{"verified=any", "external=any"}[n%2])
			d.Press("enter")
			d.Wait(time.Minute)
			before := d.sent("POST", bundles)
			d.Wait(2 * time.Minute)
			if asked := d.sent("POST", bundles) - before; asked < 3 {
				t.Fatalf("round %d: in two minutes the market was asked for %d times\n%s", n, asked, d.Text())
			}
		}
	}, vastsim.WithOffers(200)) // one search is the whole market
}

func TestWalkThroughTheMarketEndsWithTheLogIn(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.Wait(30 * time.Second)
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 401, Path: "/api/v0/users/current", Times: 1})
		before := d.sent("POST", bundles)
		d.UntilHas(2*time.Minute, "API key")
		if d.sent("POST", bundles) == before {
			t.Error("there was no walk")
		}
		d.Wait(time.Second)
		before = d.sent("POST", bundles)
		d.Wait(10 * time.Minute)
		if n := d.sent("POST", bundles) - before; n > 0 {
			t.Errorf("after logging out the market was asked for %d times", n)
		}
		d.Press("ctrl+u")
		d.Paste("key-b")
		d.Press("enter")
		d.UntilHas(10*time.Second, "logged in")
		d.UntilHas(20*time.Second, "offers shown")
		before = d.sent("POST", bundles)
		d.Wait(time.Minute)
		if n := d.sent("POST", bundles) - before; n < 5 {
			t.Errorf("logged in again, the walk made %d searches in a minute", n)
		}
	}, vastsim.WithOffers(4000), vastsim.WithMaxLimit(64))
}

func TestKeysPressedBeforeThereIsAKeyAreTakenAndAskNobody(t *testing.T) {
	t.Parallel()
	playWith(t, 140, 30, func(deps *tui.Deps) {
		api := deps.API
		deps.API = nil
		deps.Command.Find = func(ctx context.Context) (command.Connected, error) {
			time.Sleep(10 * time.Second)
			return command.Connected{API: api, Source: "keyring"}, nil
		}
		deps.Command.Crash = func(topic command.Topic, value any, stack []byte) {
			t.Errorf("a command about %q panicked: %v\n%s", topic, value, stack)
		}
	}, func(d *deck) {
		d.Wait(time.Second)
		d.Press("t", "J", "/")
		d.Type("4090")
		d.Press("enter", "ctrl+r", "2", "1")
		d.Wait(2 * time.Second)
		if n := len(d.world.Calls("", "")); n > 0 {
			t.Errorf("%d requests were made without a key", n)
		}
		d.UntilHas(20*time.Second, "logged in")
		d.soon(30*time.Second, "offers shown", " bid · ")
		d.Wait(8 * time.Second)
		if got := d.lastSearch()["type"]; got != "bid" || !strings.Contains(d.Text(), "4090") {
			t.Errorf("asked for %v\n%s", got, d.Text())
		}
	})
}

// A server that gives fewer offers at once than it is asked for does not say so.
func TestMarketIsLoadedWholeWhateverTheServersLimit(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Wait(30 * time.Second)
		d.Press("/")
		d.Type("verified=any external=any rentable=any rented=any")
		d.Press("enter")
		d.Wait(time.Minute)
		d.UntilHas(time.Minute, "1,200 of 1,200 offers shown")
		d.Lacks("of more")
	}, vastsim.WithOffers(1200), vastsim.WithMaxLimit(500))
}

// relisted is a client on whose market one machine has been listed anew under
// another id, at another price, once factor is set.
type relisted struct {
	*vastapi.Client
	mu     sync.Mutex
	id     vastapi.OfferID
	factor vastapi.Rate
}

func (c *relisted) SearchOffers(ctx context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	p, err := c.Client.SearchOffers(ctx, q)
	c.mu.Lock()
	defer c.mu.Unlock()
	for n := range p.Offers {
		if o := &p.Offers[n]; c.factor > 0 && o.ID == c.id {
			o.ID += 50_000_000
			o.DphTotal, o.DphBase = o.DphTotal*c.factor, o.DphBase*c.factor
		}
	}
	return p, err
}

func (c *relisted) list(id int64, factor vastapi.Rate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.id, c.factor = vastapi.OfferID(id), factor
}

// What is marked and what is under the cursor was chosen at a price.
func TestMachineThatIsListedAnewIsChosenOnlyWhileItIsNotDearer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		factor vastapi.Rate
		stays  bool
	}{{1, true}, {0.9, true}, {5, false}} {
		var api *relisted
		playWith(t, 160, 30, func(deps *tui.Deps) {
			api = &relisted{Client: deps.API.(*vastapi.Client)}
			deps.API = api
		}, func(d *deck) {
			d.loaded()
			d.Press("enter")
			id := offerIn(t, d.Line("Offer "))
			d.Press("space")
			d.Has("1 marked")
			api.list(id, c.factor)
			d.Press("ctrl+r")
			d.Wait(10 * time.Second)
			if gone := strings.Contains(d.Text(), "GONE"); gone == c.stays {
				t.Errorf("listed anew at %v times its price, the row is marked as gone: %t\n%s", c.factor, gone, d.Text())
			}
			d.Wait(time.Minute)
			if marked := strings.Contains(d.Text(), "1 marked"); marked != c.stays {
				t.Errorf("listed anew at %v times its price, the mark is there: %t\n%s", c.factor, marked, d.Text())
			}
			d.Press("r")
			if asked := strings.Contains(d.Text(), "What runs"); asked != c.stays {
				t.Errorf("listed anew at %v times its price, it can be rented: %t\n%s", c.factor, asked, d.Text())
			}
		})
	}
}

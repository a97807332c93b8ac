package tuitest_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// neighbour is the account of a second profile: a world, a journal and a key of its own.
type neighbour struct {
	world   *vastsim.World
	journal *memory

	mu     sync.Mutex
	opened int
	closed map[string]int // by profile
	fail   error
}

func (n *neighbour) close(name string) func() {
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.closed[name]++
	}
}

func (n *neighbour) counts(name string) (opened, closed int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.opened, n.closed[name]
}

// playProfiles is play with the profiles home, which is shown, and work, which is empty
// and has $5.
func playProfiles(t *testing.T, do func(*deck, *neighbour), opts ...vastsim.Option) {
	t.Helper()
	n := &neighbour{journal: &memory{}, closed: map[string]int{}}
	all := []view.Profile{{Name: "home", Color: "green"}, {Name: "work", Color: "red", Host: "two.example"}}
	playWith(t, 140, 40, func(deps *tui.Deps) {
		first := *deps
		n.world = vastsim.New(vastsim.WithSeed(9), vastsim.WithQuietMarket(), vastsim.WithEmptyAccount(), vastsim.WithCredit(5))
		t.Cleanup(n.world.Close)
		var open func(ctx context.Context, name string) (tui.Deps, error)
		open = func(_ context.Context, name string) (tui.Deps, error) {
			n.mu.Lock()
			n.opened++
			err := n.fail
			n.mu.Unlock()
			if err != nil {
				return tui.Deps{}, err
			}
			next := first
			if name == "work" {
				c, err := vastapi.New(vastapi.WithTransport(n.world.Transport()), vastapi.WithKey(vastapi.KeyFunc(func() string { return "work-key" })))
				if err != nil {
					return tui.Deps{}, err
				}
				next.API, next.Source, next.Command.Journal = c, "keyring", n.journal
			}
			next.Demo, next.Account = false, name
			next.Profiles = tui.Profiles{Name: name, Color: map[string]string{"home": "green", "work": "red"}[name], All: all, Open: open, Close: n.close(name)}
			return next, nil
		}
		deps.Demo, deps.Account = false, "home"
		deps.Profiles = tui.Profiles{Name: "home", Color: "green", All: all, Open: open, Close: n.close("home")}
	}, func(d *deck) { do(d, n) }, opts...)
}

// switchTo asks for another profile.
func (d *deck) switchTo(name string) {
	d.t.Helper()
	d.Press(":")
	d.Type("ctx " + name)
	d.Press("enter")
}

func TestSwitchingTheProfileShowsTheOtherAccountAndNothingOfTheFirst(t *testing.T) {
	t.Parallel()
	playProfiles(t, func(d *deck, n *neighbour) {
		d.loaded()
		d.Press("2")
		d.Wait(2 * time.Second)
		d.Has(" home ", "RUNNING")
		d.switchTo("work")
		d.UntilHas(10*time.Second, "in profile work")
		d.Lacks(" home ", "RUNNING")
		d.UntilHas(20*time.Second, "credit $5.00")
		d.Press("2")
		d.UntilHas(20*time.Second, "Nothing is rented")
		if opened, closed := n.counts("home"); opened != 1 || closed != 1 {
			t.Errorf("opened %d profiles, closed the first %d times; want 1 and 1", opened, closed)
		}
		before := len(d.world.Calls("", ""))
		d.Wait(10 * time.Minute)
		if now := len(d.world.Calls("", "")); now != before {
			t.Errorf("the first account was asked %d times after it was left", now-before)
		}
		d.Has(" work ")
		d.Lacks("RUNNING")
	})
}

func TestAPlanOfTheAccountThatWasLeftCannotBeAgreedTo(t *testing.T) {
	t.Parallel()
	playProfiles(t, func(d *deck, n *neighbour) {
		d.loaded()
		d.Press("2")
		d.Wait(2 * time.Second)
		d.Press("D")
		d.Wait(time.Second)
		d.Has("to agree")
		// The question has the keyboard, so the wish comes as a view would have it.
		d.Send(view.Switch{Profile: "work"})
		d.UntilHas(10*time.Second, "in profile work")
		d.Lacks("to agree")
		d.Wait(20 * time.Second)
		d.Type("0000")
		d.Press("enter")
		d.Wait(20 * time.Second)
		d.nothingSent()
		for _, c := range n.world.Calls("", "") {
			if c.Method == "DELETE" || c.Method == "PUT" {
				t.Errorf("%s %s was sent to the other account", c.Method, c.Path)
			}
		}
		if len(n.journal.copy().lines) > 0 {
			t.Errorf("something was begun in the other account's journal")
		}
	})
}

// Answers that were under way when the account was left are dropped, late as they are.
func TestLateAnswersOfTheAccountThatWasLeftAreDropped(t *testing.T) {
	t.Parallel()
	playProfiles(t, func(d *deck, n *neighbour) {
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: "GET", Path: "/api/v1/instances/", Delay: 6 * time.Second})
		d.Wait(2 * time.Second)
		d.Press("2")
		d.Wait(time.Second)
		d.switchTo("work")
		d.UntilHas(10*time.Second, "in profile work")
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

func TestNothingIsSwitchedWhileAChangeIsUnderWay(t *testing.T) {
	t.Parallel()
	playProfiles(t, func(d *deck, n *neighbour) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: "PUT", Path: "/api/v0/instances/", Delay: 30 * time.Second})
		d.Press("2")
		d.Wait(2 * time.Second)
		d.Press("S")
		d.Wait(2 * time.Second)
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Wait(2 * time.Second)
		d.Has("1 change under way")
		d.Send(view.Switch{Profile: "work"})
		d.UntilHas(5*time.Second, "still under way: switch once")
		d.Has(" home ")
		if opened, _ := n.counts("work"); opened != 0 {
			t.Error("the other profile was opened all the same")
		}
	})
}

func TestAProfileThatCannotBeOpenedLeavesTheOldOneInUse(t *testing.T) {
	t.Parallel()
	playProfiles(t, func(d *deck, n *neighbour) {
		d.loaded()
		n.fail = errors.New("config.toml:3:1: theme: must be auto, dark or light")
		d.switchTo("work")
		d.UntilHas(5*time.Second, "profile work cannot be opened: config.toml:3:1")
		d.Has(" home ")
		d.Send(view.Switch{Profile: "typo"})
		d.UntilHas(5*time.Second, `no profile "typo": there is work`)
		d.Send(view.Switch{Profile: "home"})
		d.UntilHas(5*time.Second, "in use already")
	})
}

func TestSwitchingThereAndBackBeginsAnewEachTime(t *testing.T) {
	t.Parallel()
	playProfiles(t, func(d *deck, n *neighbour) {
		d.loaded()
		for range 3 {
			d.switchTo("work")
			d.UntilHas(20*time.Second, "credit $5.00")
			d.switchTo("home")
			d.UntilHas(20*time.Second, " home ")
			d.UntilHas(20*time.Second, "burn $")
		}
		opened, home := n.counts("home")
		if _, work := n.counts("work"); opened != 6 || home != 3 || work != 3 {
			t.Errorf("opened %d, closed home %d and work %d times; want 6, 3 and 3", opened, home, work)
		}
	})
}

func TestAProfileInWhichNobodyIsLoggedInIsLeftFromItsLogInScreen(t *testing.T) {
	t.Parallel()
	playProfiles(t, func(d *deck, n *neighbour) {
		d.loaded()
		d.Press("8", "X", "enter")
		d.UntilHas(10*time.Second, "Paste it here")
		d.Has("go on in another profile")
		d.Press("ctrl+t")
		d.Has("Go on in another profile", "at two.example")
		d.Press("esc")
		d.Has("Paste it here")
		d.Press("ctrl+t", "ctrl+s")
		d.UntilHas(10*time.Second, "in profile work")
		d.UntilHas(20*time.Second, "credit $5.00")
		d.Lacks("Paste it here")
		d.switchTo("home")
		d.UntilHas(20*time.Second, "burn $")
	})
}

package bids

import (
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
)

// TestTheLineBelowNamesTheKeyThatBidsMore holds that nobody is sent to a key that refuses.
func TestTheLineBelowNamesTheKeyThatBidsMore(t *testing.T) {
	t.Parallel()
	s := outbid(t)
	s.has("h raises it to hold, m shows")
	s.caps.Raise = 0.2
	s.has("b bids more, m shows")
	s = newStage(t).load(at(bidding(7, "a"), 0.505, 0.5))
	s.has("a small move pauses it (h raises it)")
	s = newStage(t).load(at(bidding(7, "a"), 0.54, 0.5)) // above what a raise proposes
	if s.reason("h") == "" {
		t.Fatal("h raises a bid that holds")
	}
	s.has("a small move pauses it (b bids more)")
}

// TestABidSaysHowManyGPUsItIsFor holds that one GPU is not called several.
func TestABidSaysHowManyGPUsItIsFor(t *testing.T) {
	t.Parallel()
	one := bidding(7, "a")
	one.NumGPUs = 1
	f := intent[view.Ask](t, newStage(t).load(one).press("b")).Form
	if help := f.Fields[0].Help; !strings.HasPrefix(help, "for its GPU, ") {
		t.Errorf("the field says %q", help)
	}
	one.NumGPUs = 2
	f = intent[view.Ask](t, newStage(t).load(one).press("b")).Form
	if help := f.Fields[0].Help; !strings.HasPrefix(help, "for all its 2 GPUs together, ") {
		t.Errorf("the field says %q", help)
	}
}

func TestBidsThatCouldNotBeReadAreNotCalledLoading(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if got := s.reason("D"); got != "the instances are still being loaded" {
		t.Errorf("D: %q", got)
	}
	s.answer(command.InstancesLoaded{Answer: command.Answer{Err: errBroken}})
	if got := s.reason("D"); got != "the instances could not be read yet: ctrl+r asks again" {
		t.Errorf("D: %q", got)
	}
}

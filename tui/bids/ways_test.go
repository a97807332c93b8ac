package bids

import (
	"fmt"
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
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
	s = newStage(t).listed([]vastapi.MachineID{107}, bought(107, 2, 0.54)).load(at(bidding(7, "a"), 0.54, 0.5)) // as dear as on demand
	if got := s.reason("h"); !strings.HasPrefix(got, "its bid is $0.540/h, and not more is proposed than $0.540/h, the on-demand price") {
		t.Fatalf("h: %q", got)
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

// TestWhatWasRaisedToHoldWins holds that the list agrees with what the raise proposed as
// long as the market does not move.
func TestWhatWasRaisedToHoldWins(t *testing.T) {
	t.Parallel()
	for _, hold := range []vastapi.Rate{0.0604, 0.4, 0.5, 0.7001, 1.1, 9.3337, 12.341} {
		s := newStage(t).load(at(bidding(7, "a"), hold*1.01, hold))
		s.has("! AT RISK")
		bid := call[vastapi.ChangeBid](t, intent[view.Confirm](t, s.press("h")).Plan).Price
		s.load(at(bidding(7, "a"), bid, hold))
		s.has("● WINNING")
		if got := s.reason("h"); got == "" {
			t.Errorf("%v: it can be raised once more", hold)
		}
	}
}

// TestAReadingOfBeforeARaiseSaysNothingOfTheNewBid holds that bid and price to hold are of
// one reading: an older one shows the older bid, never the new one at an older price.
func TestAReadingOfBeforeARaiseSaysNothingOfTheNewBid(t *testing.T) {
	t.Parallel()
	s := newStage(t).listed([]vastapi.MachineID{107}, bought(107, 2, 0.9)).load(at(bidding(7, "a"), 0.51, 0.5))
	if l := s.line("AT RISK"); !strings.Contains(l, "$0.510/h") {
		t.Error(l)
	}
	s.load(at(bidding(7, "a"), 0.44, 0.4))
	if l := s.line("WINNING"); !strings.Contains(l, "$0.440/h") || !strings.Contains(l, "$0.400/h") {
		t.Error(l)
	}
}

func TestTheFormSaysThatABidStaysAtRisk(t *testing.T) {
	t.Parallel()
	f := intent[view.Ask](t, newStage(t).load(at(bidding(7, "a"), 0.51, 0.5)).press("b")).Form
	const want = "still AT RISK: the price to hold is $0.500/h, and a bid is WINNING from $0.550/h on"
	for bid, risky := range map[string]bool{"0.53": true, "0.549": true, "0.55": false} {
		values := view.Values{"bid": bid}
		if got := f.Sum(values); strings.HasSuffix(got, " running · still AT RISK: to hold $0.500/h, safe from $0.550/h") != risky {
			t.Errorf("%s: %q", bid, got)
		}
		if got := panel(f, bid); strings.Contains(got, want) != risky {
			t.Errorf("%s: %q", bid, got)
		}
	}
}

// TestABidThatIsNotToldIsNotCalledWinning holds that a price to hold alone says nothing.
func TestABidThatIsNotToldIsNotCalledWinning(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Rate]()
	for _, i := range []vastapi.Instance{at(bidding(7, "a"), unknown, 0.5), at(bidding(7, "a"), 0.5, unknown)} {
		if text := newStage(t).load(i).line("7 "); strings.Contains(text, "WINNING") || strings.Contains(text, "RISK") {
			t.Error(text)
		}
	}
}

// TestARaiseAboveAPriceOnDemandElsewhereSaysSo holds that nobody pays more for a bid than
// the same costs without interruptions, without having been told.
func TestARaiseAboveAPriceOnDemandElsewhereSaysSo(t *testing.T) {
	t.Parallel()
	for price, want := range map[vastapi.Rate]bool{0.53: true, 0.7: false} {
		s := outbid(t)
		s.m.rows[0].like = price
		facts := fmt.Sprint(intent[view.Confirm](t, s.press("h")).Plan.Facts)
		if got := strings.Contains(facts, "such GPUs cost $0.530/h on demand"); got != want {
			t.Errorf("%v elsewhere: %s", price, facts)
		}
	}
}

// TestPagesScrollWithTheKeyThatTheyName holds that "} scrolls" beside a title is so.
func TestPagesScrollWithTheKeyThatTheyName(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"L", "E", "e"} {
		s := newStage(t).load(some()...)
		s.size = view.Size{W: 60, H: 8}
		s.press(key)
		first := s.plain()
		if !strings.Contains(first, "} scrolls") {
			t.Fatalf("%s: all of it is seen:\n%s", key, first)
		}
		s.press("}")
		if s.plain() == first {
			t.Errorf("%s: it does not scroll:\n%s", key, first)
		}
		s.press("{")
		if s.plain() != first {
			t.Errorf("%s: it does not scroll back:\n%s", key, s.plain())
		}
	}
}

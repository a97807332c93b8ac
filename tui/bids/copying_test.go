package bids

import (
	"strings"
	"testing"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi/safetext"
)

func TestTheCopyMenuOfABidHasALetterForEachLine(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := newStage(t).load(at(bidding(7, "train"), 0.3, 0.2))
		return s.m, s.env
	})
	for letter, want := range map[string]string{
		"i": "7", "n": "train", "b": "0.3", "v": "vastai change bid 7 --price 0.3", "J": "\"is_bid\": true", "r": "7 · train · ", "t": "to_hold",
	} {
		if !strings.Contains(got[letter].Text, want) {
			t.Errorf("%s copies %q, want %q", letter, got[letter].Text, want)
		}
	}
}

func TestMarkedBidsAreCopiedTogether(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := newStage(t).load(at(bidding(7, "train"), 0.3, 0.2), at(bidding(8, "x"), 0.4, 0.2), at(bidding(9, "y"), 0.5, 0.2))
		second := bidding(8, "x")
		second.Label = safetext.New("a\x1b[2J\u202e\nb")
		s.load(at(bidding(7, "train"), 0.3, 0.2), at(second, 0.4, 0.2))
		s.press("*")
		return s.m, s.env
	})
	for letter, lines := range map[string]int{"i": 2, "n": 2, "v": 2, "r": 2, "t": 3} {
		if n := strings.Count(strings.TrimSpace(got[letter].Text), "\n") + 1; n != lines {
			t.Errorf("%s copies %d lines, want %d: %q", letter, n, lines, got[letter].Text)
		}
	}
	if !strings.Contains(got["v"].Text, "vastai change bid 8 --price 0.4") {
		t.Errorf("v copies %q", got["v"].Text)
	}
}

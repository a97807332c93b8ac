package store

import (
	"strings"
	"testing"
)

func TestHowFarABidIsRaisedIsBounded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"": 50, "[bids]\nmost_over = 0": 0, "[bids]\nmost_over = 120.5": 120.5} {
		s, err := parseSettings("config.toml", []byte(text))
		if err != nil || s.Bids.MostOver != want {
			t.Errorf("%q: %v, %v", text, s.Bids, err)
		}
	}
	for _, text := range []string{"-1", "901", "nan", "inf", `"50%"`} {
		if _, err := parseSettings("config.toml", []byte("[bids]\nmost_over = "+text)); err == nil || !strings.Contains(err.Error(), "most_over") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

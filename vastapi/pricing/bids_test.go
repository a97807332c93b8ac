package pricing

import (
	"math"
	"testing"

	"vastdeck/vastapi"
)

func TestTheLeastSafeBidIsNotAtRiskAndOneStepLessIs(t *testing.T) {
	t.Parallel()
	for _, hold := range []vastapi.Rate{0.0101, 0.0604, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5001, 0.7, 0.9, 1.1, 3.3333, 9.0909, 9.1, 12.341, 64} {
		safe := Safe(hold)
		if AtRisk(safe, hold) || Risk(safe, hold) != "" {
			t.Errorf("%v: the safe bid %v is at risk", hold, safe)
		}
		step := vastapi.Rate(0.001)
		if safe >= 10 {
			step = 0.01
		}
		if less := safe - step; hold > 0.2 && Margin(less, hold) < SafeMargin-0.0005 && !AtRisk(less, hold) {
			t.Errorf("%v: %v is not at risk", hold, less)
		}
		if got := vastapi.Rate(math.Round(float64(safe)/float64(step))) * step; math.Abs(float64(got-safe)) > 1e-9 {
			t.Errorf("%v: %v is no price that is shown", hold, safe)
		}
		if safe > hold*1.1+step {
			t.Errorf("%v: %v is more than is needed", hold, safe)
		}
	}
}

func TestTheRiskOfABid(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Rate]()
	for name, c := range map[string]struct {
		bid, hold vastapi.Rate
		want      bool
	}{
		"a tenth above, not exact in binary": {0.44, 0.4, false},
		"shown as a tenth above":             {0.5498, 0.5, false},
		"below that":                         {0.549, 0.5, true},
		"the price itself":                   {0.5, 0.5, true},
		"below the price":                    {0.4, 0.5, true},
		"a price that is not known":          {0.5, unknown, false},
		"a price of nothing":                 {0.5, 0, false},
		"a bid that is not known":            {unknown, 0.5, false},
	} {
		if got := AtRisk(c.bid, c.hold); got != c.want {
			t.Errorf("%s: at risk: %t", name, got)
		}
		if got := Risk(c.bid, c.hold) != ""; got != c.want {
			t.Errorf("%s: it says %q", name, Risk(c.bid, c.hold))
		}
	}
	if got := Risk(0.52, 0.5004); got != "AT RISK: the price to hold is $0.501/h, and a bid is WINNING from $0.551/h on" {
		t.Error(got)
	}
	if vastapi.Known(Safe(unknown)) || vastapi.Known(Safe(0)) {
		t.Error("without a price to hold there is no safe bid")
	}
}

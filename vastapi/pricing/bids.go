package pricing

import (
	"fmt"
	"math"

	"vastdeck/vastapi"
)

// SafeMargin is by how much of the price to hold a bid has to be above it not to be
// AtRisk: the price to hold has been seen to move by a tenth within some minutes.
const SafeMargin = 0.10

// Margin is by how much of the price to hold a bid is above it, below 0 when it is below;
// unknown when either is not known. Both are in $/h for the same GPUs.
func Margin(bid, hold vastapi.Rate) float64 {
	if !(hold > 0) || !vastapi.Known(bid) {
		return vastapi.Unknown[float64]()
	}
	return float64(bid/hold) - 1
}

// AtRisk reports whether a bid is less than SafeMargin above the price to hold, or below
// it. Margins that are shown alike, to a tenth of a percent, count as the same. What is
// not known is not at risk.
func AtRisk(bid, hold vastapi.Rate) bool {
	return math.Round(Margin(bid, hold)*1000) < math.Round(SafeMargin*1000)
}

// Safe is the least bid that is not AtRisk, rounded up to a digit that is Shown; unknown
// when the price to hold is.
func Safe(hold vastapi.Rate) vastapi.Rate {
	if !(hold > 0) {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return max(Enough(hold*(1+SafeMargin)), vastapi.MinBidPrice)
}

// Risk says of a bid that is AtRisk what it is held against, and from which bid on it is
// not: "AT RISK: the price to hold is $0.500/h, and a bid is WINNING from $0.550/h on".
// It is "" for any other.
func Risk(bid, hold vastapi.Rate) string {
	if !AtRisk(bid, hold) {
		return ""
	}
	return fmt.Sprintf("AT RISK: the price to hold is %s, and a bid is WINNING from %s on", ShownEnough(hold), Shown(Safe(hold)))
}

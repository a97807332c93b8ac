package rental

import (
	"strconv"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

// TestTheLowestBidThatIsNamedIsEnough holds that typing the price of the refusal is not
// refused with the same sentence.
func TestTheLowestBidThatIsNamedIsEnough(t *testing.T) {
	t.Parallel()
	for _, least := range []vastapi.Rate{0.0604, 0.0609999, 0.2, 0.1 + 0.2, 1.2345, 9.9996, 12.341} {
		o := vastapi.Offer{MinBid: least, NumGPUs: 1, IsBid: true}
		low := least - 0.0005
		text := RentOptions{Kind: vastapi.Interruptible, Bid: &low}.checkBid(&o)
		_, shown, ok := strings.Cut(text, "is $")
		if !ok {
			t.Fatalf("%v: %q", least, text)
		}
		n, err := strconv.ParseFloat(strings.TrimSuffix(shown, "/h"), 64)
		if err != nil {
			t.Fatal(err)
		}
		if bid := vastapi.Rate(n); (RentOptions{Kind: vastapi.Interruptible, Bid: &bid}).checkBid(&o) != "" || bid > least*1.02 {
			t.Errorf("%v: %q names %v", least, text, bid)
		}
	}
}

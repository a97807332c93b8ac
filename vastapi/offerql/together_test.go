package offerql

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestPlacesThatOverlapMayStandTogether(t *testing.T) {
	t.Parallel()
	q := mustParse(t, "geolocation=EU geolocation=DE")
	in := func(code string) *vastapi.Offer {
		return &vastapi.Offer{Country: code, Geolocation: safetext.New(code)}
	}
	if !q.Match(in("DE")) || q.Match(in("FR")) || q.Match(in("US")) {
		t.Error("both terms hold for Germany and for nothing else")
	}
	if why := q.Contradiction(); why != "" {
		t.Errorf("said is %q", why)
	}
	ops := q.Filter(false)["geolocation"]
	codes, _ := ops["in"].([]any)
	if ops["eq"] != "DE" && (len(codes) != 1 || codes[0] != "DE") {
		t.Errorf("the filter is %v", ops)
	}
	for _, text := range []string{"geolocation=EU geolocation=US ", "geolocation=DE geolocation=FR "} {
		var e *Error
		if _, err := Parse(text); !errors.As(err, &e) || e.Kind != Conflict {
			t.Errorf("%q is read: %v", text, err)
		}
	}
}

func TestTermSaidTwiceIsNoConflictAndDoesNotHideOne(t *testing.T) {
	t.Parallel()
	mustParse(t, strings.Repeat("num_gpus>=2 4090 EU ", 20))
	var e *Error
	if _, err := Parse("4090 4090 EU EU h100 "); !errors.As(err, &e) || e.Kind != Conflict {
		t.Errorf("a GPU that is two is read: %v", err)
	}
}

// It takes less than a millisecond. How much longer depends on the machine, but not
// how it grows: with the square, eight times the letters would take 64 times as long.
func TestLongPasteIsReadQuickly(t *testing.T) {
	text := strings.Repeat("num_gpus>=2 dph<0.6 4090 ", 82)[:2048]
	reading := func(text string) time.Duration {
		begun := time.Now()
		if _, err := Parse(text); err != nil {
			t.Fatal(err)
		}
		return time.Since(begun)
	}
	short, long := time.Hour, time.Hour
	for range 50 { // in turns: both meet the same load, and the best of each the least
		short, long = min(short, reading(text[:250])), min(long, reading(text))
	}
	if long > 40*short || long > time.Second {
		t.Errorf("reading 2,048 letters took %s, 250 of them %s", long, short)
	}
}

func TestBlocksHideOnlyWhatIsToldToBeBlocked(t *testing.T) {
	t.Parallel()
	q := mustParse(t, "").Excluding([]vastapi.HostID{7}, []vastapi.MachineID{8})
	for _, c := range []struct {
		host    vastapi.HostID
		machine vastapi.MachineID
		want    bool
	}{{1, 2, true}, {0, 2, true}, {1, 0, true}, {0, 0, true}, {7, 2, false}, {1, 8, false}, {0, 8, false}} {
		if got := q.Match(&vastapi.Offer{HostID: c.host, MachineID: c.machine}); got != c.want {
			t.Errorf("host %d, machine %d: admitted is %t", c.host, c.machine, got)
		}
	}
	if !mustParse(t, "host_id notin [7,9]").Excluding(nil, []vastapi.MachineID{8}).Narrows(q) {
		t.Error("what is typed does not narrow what is blocked")
	}
	if q.Narrows(mustParse(t, "host_id!=7")) {
		t.Error("offers of unknown hosts are not among those of host_id!=7")
	}
}

func TestWithoutBlockedTakesAwayWhatIsBlockedAnyway(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"num_gpus=1 host_id notin [7] machine_id notin [8,10]": "num_gpus=1 machine_id!=10",
		"host_id!=7 machine_id=8":                              "machine_id=8",
		"host_id!=9":                                           "host_id!=9",
		"host_id!=null":                                        "host_id!=null",
	} {
		got := mustParse(t, text).WithoutBlocked([]vastapi.HostID{7}, []vastapi.MachineID{8})
		if w := mustParse(t, want).String(); strings.ReplaceAll(got.String(), "machine_id notin [10]", "machine_id!=10") != w {
			t.Errorf("%q becomes %q, want %q", text, got, w)
		}
	}
}

func TestBidCeilingLimitsTheBid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "min_bid<=0.25",
		"dph<1 min_bid<0.9 4090":     "dph<1 min_bid<=0.25 4090",
		"min_bid=0.1..0.9 h100":      "min_bid>=0.1 min_bid<=0.25 h100",
		"min_bid>0.1 num_gpus>=2":    "min_bid>0.1 num_gpus>=2 min_bid<=0.25",
		"dph<1 min_bid<=1 min_bid<2": "dph<1 min_bid<=0.25",
	} {
		got, err := SetBidCeiling(text, 0.25)
		if err != nil || got != want {
			t.Errorf("%q becomes %q (%v), want %q", text, got, err, want)
		}
	}
}

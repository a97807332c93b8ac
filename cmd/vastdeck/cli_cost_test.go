package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// priced is an instance that costs rate now.
func priced(id vastapi.InstanceID, name string, rate vastapi.Rate) vastapi.Instance {
	return vastapi.Instance{ID: id, Label: safetext.New(name), Actual: safetext.New("running"), BilledNow: rate, DphBase: rate, DphTotal: rate, StorageCost: 0, Disk: 10}
}

func TestCostPrintsWhatPeopleExpect(t *testing.T) {
	t.Parallel()
	volume := vastapi.Volume{ID: 789012, Name: safetext.New("model-store"), Size: 200, Hourly: vastapi.PerGBMonth(0.1).Hourly(200)}
	list := costOf([]vastapi.Instance{priced(123456, "llama3-trainer vx-abcdefghijkl", 0.8)}, []vastapi.Volume{volume})
	var b strings.Builder
	if err := writeCost(&b, list); err != nil {
		t.Fatal(err)
	}
	const want = `Provider: vast
Resource: llama3-trainer (ai)
Hourly Rate: $0.80 USD
Estimated Monthly Cost: $576.00 USD

Resource: model-store (storage)
Size: 200 GB
Estimated Monthly Cost: $20.00 USD
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

// TestWhatIsBilledLittleIsNotPrintedAsNothing holds that an hourly rate below a cent
// is not $0.00 above a monthly cost of some dollars.
func TestWhatIsBilledLittleIsNotPrintedAsNothing(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "$0.00 USD", 0.8: "$0.80 USD", 0.0183: "$0.02 USD", 0.005: "$0.005 USD", 0.0099: "$0.010 USD", 0.0049: "$0.005 USD", 0.0004: "$0.0004 USD",
		0.0000001: "$0.000000 USD", 0.01: "$0.01 USD", math.NaN(): "not known",
	} {
		if got := hourlyUSD(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
	var b strings.Builder
	if err := writeCost(&b, costOf([]vastapi.Instance{priced(1, "paused", 0.0049)}, nil)); err != nil || !strings.Contains(b.String(), "Hourly Rate: $0.005 USD\nEstimated Monthly Cost: $3.53 USD\n") {
		t.Errorf("%v, %s", err, b.String())
	}
}

func TestCostTellsWhatHasNoNameAndNoPrice(t *testing.T) {
	t.Parallel()
	bid, unknown := priced(5, "", 0.25), priced(6, "x", 0.1)
	bid.Bid = true
	unknown.BilledNow, unknown.DphBase, unknown.DphTotal, unknown.IfRunning = vastapi.Unknown[vastapi.Rate](), vastapi.Unknown[vastapi.Rate](), vastapi.Unknown[vastapi.Rate](), vastapi.Unknown[vastapi.Rate]()
	list := costOf([]vastapi.Instance{bid, unknown}, []vastapi.Volume{{ID: 9, Size: 15.5, Hourly: 0.01}})
	var text, data strings.Builder
	if err := writeCost(&text, list); err != nil {
		t.Fatal(err)
	}
	if err := writeCostJSON(&data, list); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Resource: instance-5 (bid)\nHourly Rate: $0.25 USD", "Resource: x (ai)\nHourly Rate: not known\nEstimated Monthly Cost: not known", "Resource: volume-9 (storage)\nSize: 15.5 GB\nEstimated Monthly Cost: $7.20 USD"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	var out costJSON
	if err := json.Unmarshal([]byte(data.String()), &out); err != nil || len(out.Resources) != 3 || out.Hourly != nil || out.Resources[1].Hourly != nil || *out.Resources[2].SizeGB != 15.5 || *out.Resources[0].Monthly != 180 {
		t.Errorf("%v: %s", err, data.String())
	}
}

func TestCostOfAVolumeOfUnknownSizeSaysSo(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := writeCost(&b, costOf(nil, []vastapi.Volume{{ID: 9, Size: vastapi.Unknown[vastapi.GB](), Hourly: 0.01}})); err != nil {
		t.Fatal(err)
	}
	if want := "Size: not known\n"; !strings.Contains(b.String(), want) {
		t.Errorf("%q is not in %q", want, b.String())
	}
}

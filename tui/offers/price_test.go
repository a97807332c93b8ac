package offers

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

func costly() *vastapi.Offer {
	o := offer(7, "RTX 4090", 4, 1.63)
	o.DphBase, o.StorageTotal, o.StorageCost = 1.6, 0.03, 0.2
	o.MinBid, o.DiscountedDphTotal = 0.71, 1.23
	o.InetDownCost, o.InetUpCost, o.DLPerf = 0.0031, 0.0177, 400
	return &o
}

// Whoever adds up the parts gets the figure of the column.
func TestEverySumIsTheFigureOfItsColumn(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, job := range []pricing.Job{{Disk: 10, Hours: 24}, {Disk: 337, Hours: 51.5, In: 120, Out: 33}, {Disk: 8, Hours: 0.25, Out: 1}} {
			p := prices{kind: kind, job: job}
			columns := map[string]spec{}
			for _, s := range catalogue(p) {
				columns[s.id] = s
			}
			for _, s := range p.explain(costly()) {
				sum := 0.0
				for _, t := range s.parts {
					sum += t.value
				}
				if s.divided > 0 {
					sum /= s.divided
				}
				shown := columns[s.column].num(costly())
				if math.Abs(sum-shown) > 1e-6 || math.Abs(s.total-shown) > 1e-6 || math.IsNaN(sum) {
					t.Errorf("%s, %+v, %s: the parts come to %v, the total is %v, the column says %v", kind, job, s.name, sum, s.total, shown)
				}
			}
		}
	}
}

func TestSumOfAnUnknownPriceIsUnknown(t *testing.T) {
	t.Parallel()
	o := costly()
	o.MinBid = 0
	p := prices{kind: vastapi.Interruptible, job: pricing.Job{Disk: 10, Hours: 24}}
	for _, s := range p.explain(o) {
		if !math.IsNaN(s.total) {
			t.Errorf("%s of an offer that takes no bids is %v", s.name, s.total)
		}
	}
}

func TestCatalogueHasWhatARenterAsksFor(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	priorities := map[int]string{}
	for _, s := range catalogue(prices{kind: vastapi.OnDemand, job: pricing.Job{Disk: 10, Hours: 24}}) {
		if seen[s.id] || s.id == "" || s.title == "" || s.help == "" || s.min < 1 || s.ideal < s.min {
			t.Errorf("column %+v is not complete, or is there twice", s)
		}
		seen[s.id] = true
		if s.num == nil && s.str == nil {
			t.Errorf("%s cannot be sorted by", s.id)
		}
		if other := priorities[s.priority]; other != "" && s.priority != 0 {
			t.Errorf("%s and %s give way at the same time", s.id, other)
		}
		priorities[s.priority] = s.id
		if text, _ := s.cell(costly()); strings.TrimSpace(text) == "" {
			t.Errorf("%s is blank", s.id)
		}
	}
	for _, id := range strings.Fields("gpu gpus vram dph gpu_dph allin job dlp value tflops cpu ram disk disk_bw down up down_cost up_cost rel verified dc region cuda driver pcie ports days machine host") {
		if !seen[id] {
			t.Errorf("there is no column %s", id)
		}
	}
	if len(seen) < 25 {
		t.Errorf("there are %d columns", len(seen))
	}
}

// What a host can write stands behind all figures, wherever the user puts it.
func TestTextsOfHostsStandLast(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	listing.ShowColumns(&s.m.list.table, []string{"place", "gpu", "cpu_name", "dph"}, choice())
	if got := fmt.Sprint(s.m.list.table.VisibleColumns()); got != "[gpu dph place cpu_name]" {
		t.Errorf("the columns stand as %s", got)
	}
}

func TestUnknownIsAQuestionMarkAndNoGuess(t *testing.T) {
	t.Parallel()
	o := &vastapi.Offer{HostingType: -1, DirectPorts: -1, Duration: -1}
	for name, got := range map[string]func(*vastapi.Offer) (string, theme.Class){"verification": verification, "datacenter": datacenter} {
		if text, class := got(o); text != "?" || class != theme.Dim {
			t.Errorf("%s that is not told is %q", name, text)
		}
	}
	for _, s := range catalogue(prices{}) {
		if s.id == "region" || s.id == "static_ip" {
			if text, _ := s.cell(o); text != "?" {
				t.Errorf("%s that is not told is %q", s.id, text)
			}
		}
	}
}

func TestComparisonJudgesAndEndsWithTheTotal(t *testing.T) {
	t.Parallel()
	a, b := costly(), costly()
	b.DphTotal, b.DphBase, b.DLPerf = 1.2, 1.17, 300
	rows := prices{kind: vastapi.OnDemand, job: pricing.Job{Disk: 10, Hours: 24}}.compared([]*vastapi.Offer{a, b})
	last := rows[len(rows)-1]
	if last.Label != "total" {
		t.Fatalf("the last line is %q", last.Label)
	}
	if best, worst := last.Judge(); !best[1] || !worst[0] {
		t.Errorf("of %v the second is the cheaper one", last.Values)
	}
	for _, r := range rows {
		if r.Label == "DLPerf" {
			if best, _ := r.Judge(); !best[0] {
				t.Errorf("of %v the first is the faster one", r.Values)
			}
		}
		if len(r.Values) != 0 && len(r.Values) != 2 {
			t.Errorf("%s has %d values", r.Label, len(r.Values))
		}
	}
}

func TestRawJSONIsJSONWithNullForWhatIsNotTold(t *testing.T) {
	t.Parallel()
	o := costly()
	o.GPUMemBW = math.NaN()
	o.NVLinkBW = math.Inf(1)
	text := rawJSON(o)
	for _, want := range []string{`"id": 7,`, `"gpu_name": "RTX 4090",`, `"dph_total": 1.63,`, `"gpu_mem_bw": null,`, `"bw_nvlink": null,`, `"rentable": true,`, `"verification": "verified",`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}

package dialog

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/view"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

func TestPlanAboveABlockingBudgetCannotBeAgreedTo(t *testing.T) {
	t.Parallel()
	d := desk()
	d.Budget = rental.Budget{Day: pricing.Allowance{Limit: 40, Spent: 41.2}, Block: true}
	p := rent(t, "RTX 4090")
	i := instance(7, "a")
	i.Bid, i.DphBase, i.MinBid = true, 0.5, 0.1
	d.Instances = append(d.Instances, i)
	bid, err := rental.PlanBid(i, 0.9, d)
	if err != nil {
		t.Fatal(err)
	}
	p.Checks, p.Consent = bid.Checks, bid.Consent
	c := NewConfirm(p, noon, false, false)
	now := noon.Add(time.Minute)
	for _, name := range []string{"4", "1", ".", "2", "0", "enter", "tab", "enter", "y", "enter"} {
		now = now.Add(time.Second)
		if out := c.Update(press(name), now); out.Verdict == Agreed {
			t.Fatalf("%s agrees", name)
		}
	}
	for _, s := range []view.Size{{W: 60, H: 20}, {W: 120, H: 40}} {
		drawn := ansi.Strip(strings.Join(c.Draw(dark, s, now).Lines, "\n"))
		flat := strings.Join(strings.Fields(strings.ReplaceAll(drawn, "│", " ")), " ")
		if !strings.Contains(flat, "nothing that costs more is begun") || !strings.Contains(flat, "nobody can agree to this") || strings.Contains(flat, "to agree") {
			t.Errorf("it says:\n%s", drawn)
		}
	}
}

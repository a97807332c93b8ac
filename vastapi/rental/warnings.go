package rental

import (
	"fmt"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// What is worth a warning.
const (
	endsSoon         = 7 * 24 * time.Hour
	lowCredit        = 24 * time.Hour
	longRun          = 24 * time.Hour
	lowReliability   = 0.95
	dearDisk         = vastapi.Amount(10) // a month
	dearTraffic      = vastapi.PerGB(0.02)
	bytesUsedMatters = vastapi.GB(1)
)

// warnings collects what has to be read before agreeing.
type warnings []Warning

func (w *warnings) add(when bool, level Level, format string, args ...any) {
	if when {
		*w = append(*w, Warning{level, sentence(fmt.Sprintf(format, args...))})
	}
}

func rentWarnings(o *vastapi.Offer, opt RentOptions, price pricing.Breakdown, d Desk) []Warning {
	var w warnings
	if opt.Bid != nil {
		w.add(true, Caution, "interruptible: it is stopped when somebody bids more than %s or rents the machine on-demand; its disk is billed on, and it resumes by itself", pricing.Shown(*opt.Bid))
	}
	w.add(!o.Verified(), Caution, "the machine is not verified")
	w.add(o.Reliability < lowReliability, Caution, "reliability is %s", percent(o.Reliability))
	w.add(o.Duration >= 0 && o.Duration < endsSoon && !o.EndDate.IsZero(), Caution,
		"the offer ends in %s; the instance is stopped for good then", span(o.Duration))
	w.add(price.Disk.Month() >= dearDisk, Caution,
		"a disk of %s costs %s, also while stopped, until the instance is destroyed", gb(opt.Disk), monthly(price.Disk))
	w.add(o.InetDownCost >= dearTraffic || o.InetUpCost >= dearTraffic, Caution,
		"traffic is dear: %s in, %s out", perGB(o.InetDownCost), perGB(o.InetUpCost))
	w.credit(price.Total(), d)
	return w
}

// credit warns when the money will not last.
func (w *warnings) credit(rate vastapi.Rate, d Desk) {
	s := pricing.SpanOf(d.Credit, d.before()+rate)
	w.add(d.Credit <= 0, Danger, "there is no credit: %s", pricing.Money(d.Credit))
	w.add(d.Credit > 0 && s.Finite && s.Lasts < lowCredit, Danger,
		"credit of %s lasts %s then; at 0 everything is stopped", pricing.Money(d.Credit), span(s.Lasts))
	w.add(!vastapi.Known(d.Credit), Caution, "the credit is not known")
	w.uncertain(d)
}

// uncertain says what the figures before and after do not rest on.
func (w *warnings) uncertain(d Desk) {
	w.add(d.Burn.Unsure > 0, Caution, "the rate of %s is not known", counted(d.Burn.Unsure, "contract"))
	w.add(d.Burn.Unsure == 0 && !vastapi.Known(d.Burn.Committed), Caution, "what the account is billed is not known")
	w.add(d.OpenRate > 0, Caution, "operations without a clear answer may cost up to %s more; that is counted in", pricing.Shown(d.OpenRate))
	w.add(!vastapi.Known(d.OpenRate), Caution, "what operations without a clear answer may cost is not known")
}

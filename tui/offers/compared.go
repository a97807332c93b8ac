package offers

import (
	"fmt"
	"math"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/compare"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
)

// Two to four offers stand side by side: fewer are a detail, more are a list.
const (
	leastCompared = 2
	mostCompared  = 4
)

// compared are the lines of a comparison, the workload's total last.
func (p prices) compared(list []*vastapi.Offer) []compare.Row {
	var rows []compare.Row
	heading := func(text string) { rows = append(rows, compare.Row{Label: text}) }
	measure := func(label string, better compare.Better, of func(*vastapi.Offer) float64, show func(float64) string) {
		r := compare.Row{Label: label, Better: better}
		for _, o := range list {
			v := of(o)
			r.Values = append(r.Values, compare.Value{Text: show(v), Num: v})
		}
		rows = append(rows, r)
	}
	say := func(label string, of func(*vastapi.Offer) string) {
		r := compare.Row{Label: label}
		for _, o := range list {
			r.Values = append(r.Values, compare.Value{Text: figure.Text(of(o)), Num: math.NaN()})
		}
		rows = append(rows, r)
	}
	heading("price, " + kindName(p.kind))
	measure(priceTitle(p.kind), compare.Lower, p.headline, figure.Rate)
	measure("$/h one GPU", compare.Lower, p.perGPU, figure.Rate)
	measure("DLPerf for $1/h", compare.Higher, p.value, decimals(0))
	measure("traffic in, a GB", compare.Lower, func(o *vastapi.Offer) float64 { return float64(o.InetDownCost) }, dollars(4))
	measure("traffic out, a GB", compare.Lower, func(o *vastapi.Offer) float64 { return float64(o.InetUpCost) }, dollars(4))
	heading("GPU")
	say("model", gpu)
	measure("VRAM of one", compare.Higher, func(o *vastapi.Offer) float64 { return float64(o.GPURAM) }, figure.MiB)
	measure("DLPerf", compare.Higher, func(o *vastapi.Offer) float64 { return o.DLPerf }, decimals(1))
	measure("TFLOPS", compare.Higher, func(o *vastapi.Offer) float64 { return o.TotalFlops }, decimals(1))
	measure("CUDA", compare.Higher, func(o *vastapi.Offer) float64 { return o.CUDA }, decimals(1))
	measure("PCIe GB/s", compare.Higher, func(o *vastapi.Offer) float64 { return o.PCIeBW }, decimals(1))
	heading("machine")
	measure("cores", compare.Higher, func(o *vastapi.Offer) float64 { return o.CPUCoresShare }, decimals(1))
	measure("memory", compare.Higher, func(o *vastapi.Offer) float64 { return o.CPURAMShare() / 1000 }, figure.GB)
	measure("disk", compare.Higher, func(o *vastapi.Offer) float64 { return float64(o.DiskSpace) }, figure.GB)
	measure("disk MB/s", compare.Higher, func(o *vastapi.Offer) float64 { return o.DiskBW }, decimals(0))
	measure("down", compare.Higher, func(o *vastapi.Offer) float64 { return float64(o.InetDown) }, figure.Mbps)
	measure("up", compare.Higher, func(o *vastapi.Offer) float64 { return float64(o.InetUp) }, figure.Mbps)
	heading("host")
	measure("reliability", compare.Higher, func(o *vastapi.Offer) float64 { return o.Reliability }, figure.Share)
	measure("days offered", compare.Higher, days, decimals(0))
	say("verified", func(o *vastapi.Offer) string { s, _ := verification(o); return s })
	say("region", func(o *vastapi.Offer) string { return o.Country })
	say("machine", func(o *vastapi.Offer) string { return fmt.Sprintf("%s, host %s", o.MachineID, o.HostID) })
	heading("for " + jobText(p.job))
	measure("all in", compare.Lower, p.allIn, figure.Rate)
	measure("total", compare.Lower, p.total, figure.Amount)
	for i := range rows[len(rows)-1].Values {
		rows[len(rows)-1].Values[i].Class = theme.Money
	}
	return rows
}

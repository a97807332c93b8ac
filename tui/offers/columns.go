package offers

import (
	"fmt"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

type column = table.Column[*vastapi.Offer]

// number is a right-aligned column of figures.
func number(id, title string, w, priority int, desc bool, of func(*vastapi.Offer) float64, show func(float64) string) column {
	return column{
		ID: id, Title: title, Min: w, Ideal: w, Right: true, Priority: priority, Desc: desc, Num: of,
		Cell: func(o *vastapi.Offer) (string, theme.Class) { return show(of(o)), theme.Plain },
	}
}

func money(id, title string, priority int, of func(*vastapi.Offer) float64) column {
	c := number(id, title, 9, priority, false, of, figure.Rate)
	c.Cell = func(o *vastapi.Offer) (string, theme.Class) { return figure.Rate(of(o)), theme.Money }
	return c
}

// columns are the market's columns. What a host can write freely stands at the
// end, so that a terminal that reorders a line cannot touch the figures.
func columns() []column {
	decimal := func(n int) func(float64) string {
		return func(v float64) string { return figure.Decimal(v, n) }
	}
	return []column{
		{ID: "gpu", Title: " GPU", Min: 15, Ideal: 20, Str: func(o *vastapi.Offer) string { return o.GPUName.String() },
			Cell: func(o *vastapi.Offer) (string, theme.Class) { return " " + gpu(o), theme.Strong }},
		money("dph", "$/h", 0, func(o *vastapi.Offer) float64 { return float64(o.DphTotal) }),
		money("gpu_dph", "$/h GPU", 6, func(o *vastapi.Offer) float64 { return float64(pricing.PerGPU(o.DphTotal, o.NumGPUs)) }),
		number("vram", "VRAM", 7, 1, true, func(o *vastapi.Offer) float64 { return float64(o.GPURAM) }, figure.MiB),
		number("dlp", "DLPerf", 7, 5, true, func(o *vastapi.Offer) float64 { return o.DLPerf }, decimal(1)),
		number("value", "DLP/$", 7, 4, true, func(o *vastapi.Offer) float64 { return pricing.DLPerfPerDollar(o.DphTotal, o.DLPerf) }, decimal(0)),
		number("cpu", "vCPU", 6, 9, true, func(o *vastapi.Offer) float64 { return o.CPUCoresShare }, decimal(1)),
		number("ram", "RAM", 8, 8, true, func(o *vastapi.Offer) float64 { return o.CPURAMShare() / 1000 }, figure.GB),
		number("disk", "Disk", 8, 7, true, func(o *vastapi.Offer) float64 { return float64(o.DiskSpace) }, figure.GB),
		number("down", "Down", 9, 10, true, func(o *vastapi.Offer) float64 { return float64(o.InetDown) }, figure.Mbps),
		number("up", "Up", 9, 11, true, func(o *vastapi.Offer) float64 { return float64(o.InetUp) }, figure.Mbps),
		number("rel", "Rel.", 6, 2, true, func(o *vastapi.Offer) float64 { return o.Reliability }, figure.Share),
		number("cuda", "CUDA", 5, 12, true, func(o *vastapi.Offer) float64 { return o.CUDA }, decimal(1)),
		number("days", "Days", 5, 13, true, days, decimal(0)),
		{ID: "verified", Title: "Verified", Min: 8, Ideal: 9, Priority: 3, Str: func(o *vastapi.Offer) string { return o.Verification.String() }, Cell: verified},
		{ID: "machine", Title: "Machine", Min: 7, Ideal: 8, Right: true, Priority: 14, Num: func(o *vastapi.Offer) float64 { return float64(o.MachineID) },
			Cell: func(o *vastapi.Offer) (string, theme.Class) { return o.MachineID.String(), theme.Dim }},
		{ID: "place", Title: "Place", Min: 18, Ideal: 22, Flex: 1, Str: func(o *vastapi.Offer) string { return o.Geolocation.String() },
			Cell: func(o *vastapi.Offer) (string, theme.Class) { return o.Geolocation.String(), theme.Plain }},
	}
}

func gpu(o *vastapi.Offer) string {
	if o.GPUName.Empty() {
		return "no GPU"
	}
	return fmt.Sprintf("%d× %s", o.NumGPUs, o.GPUName)
}

func days(o *vastapi.Offer) float64 {
	if o.Duration < 0 {
		return vastapi.Unknown[float64]()
	}
	return float64(o.Duration) / float64(24*time.Hour)
}

// verified is drawn from the one word the marketplace gives, never from a text
// that a host can choose.
func verified(o *vastapi.Offer) (string, theme.Class) {
	switch o.Verification.String() {
	case "verified":
		if o.Datacenter() {
			return "✓ dc", theme.Good
		}
		return "✓", theme.Good
	case "deverified":
		return "✗ lost", theme.Bad
	case "unverified":
		return "– no", theme.Warn
	}
	return "—", theme.Dim
}

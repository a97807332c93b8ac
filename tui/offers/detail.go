package offers

import (
	"fmt"
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// detail lists what is known about an offer, in groups.
func detail(o *vastapi.Offer, disk vastapi.GB) []pane.Fact {
	price := pricing.Offer(o, disk)
	total := price.Total()
	facts := []pane.Fact{
		{Label: "GPU", Value: fmt.Sprintf("%s, %s each", gpu(o), figure.MiB(float64(o.GPURAM))), Class: theme.Strong},
		{Label: "share", Value: fmt.Sprintf("%s of the machine's GPUs", figure.Share(o.GPUFrac))},
		{Label: "speed", Value: fmt.Sprintf("%s TFLOPS, DLPerf %s", figure.Decimal(o.TotalFlops, 1), figure.Decimal(o.DLPerf, 1))},
		{Label: "CUDA", Value: fmt.Sprintf("up to %s, driver %s", figure.Decimal(o.CUDA, 1), figure.Text(o.Driver.String()))},
		{},
		{Label: "GPU $/h", Value: figure.Rate(float64(price.GPU)), Class: theme.Money},
		{Label: "disk $/h", Value: fmt.Sprintf("%s for %s, %s a month, also while stopped", figure.Rate(float64(price.Disk)), figure.GB(float64(disk)), figure.Amount(float64(price.Disk.Month()))), Class: theme.Money},
		{Label: "all in", Value: fmt.Sprintf("%s, %s a day, %s a month", figure.Rate(float64(total)), figure.Amount(float64(total.Day())), figure.Amount(float64(total.Month()))), Class: theme.Money},
		{Label: "lowest bid", Value: figure.Rate(float64(o.MinBid))},
		{Label: "traffic", Value: fmt.Sprintf("in %s, out %s per GB", perGB(o.InetDownCost), perGB(o.InetUpCost))},
		{},
		{Label: "CPU", Value: fmt.Sprintf("%s of %s cores, %s GHz", figure.Decimal(o.CPUCoresShare, 1), figure.Decimal(o.CPUCores, 0), figure.Decimal(o.CPUGHz, 1))},
		{Label: "memory", Value: fmt.Sprintf("%s of %s", figure.GB(o.CPURAMShare()/1000), figure.GB(o.CPURAM/1000))},
		{Label: "disk", Value: fmt.Sprintf("%s free, %s MB/s", figure.GB(float64(o.DiskSpace)), figure.Decimal(o.DiskBW, 0))},
		{Label: "network", Value: fmt.Sprintf("%s down, %s up, %s", figure.Mbps(float64(o.InetDown)), figure.Mbps(float64(o.InetUp)), ports(o))},
		{Label: "PCIe", Value: fmt.Sprintf("gen %s, %s GB/s", figure.Decimal(o.PCIGen, 0), figure.Decimal(o.PCIeBW, 1))},
		{},
	}
	status, class := verified(o)
	return append(facts,
		pane.Fact{Label: "verified", Value: strings.TrimSpace(status + " " + o.Verification.String()), Class: class},
		pane.Fact{Label: "reliability", Value: figure.Share(o.Reliability)},
		pane.Fact{Label: "offered for", Value: span(o.Duration)},
		pane.Fact{Label: "machine", Value: fmt.Sprintf("%s, host %s", o.MachineID, o.HostID)},
		pane.Fact{Label: "place", Value: figure.Text(o.Geolocation.String())},
		pane.Fact{Label: "processor", Value: figure.Text(o.CPUName.String()), Class: theme.Dim},
		pane.Fact{Label: "disk type", Value: figure.Text(o.DiskName.String()), Class: theme.Dim},
	)
}

func ports(o *vastapi.Offer) string {
	switch {
	case o.DirectPorts < 0:
		return "ports not told"
	case o.DirectPorts == 0:
		return "proxy only"
	}
	return fmt.Sprintf("%d direct ports", o.DirectPorts)
}

func span(d time.Duration) string {
	if d < 0 {
		return "—"
	}
	return figure.Span(d)
}

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

// group begins a group of facts.
func group(name, what string) []pane.Fact {
	return []pane.Fact{{}, {Label: strings.ToUpper(name), Value: what, Class: theme.Header}}
}

// machineFacts lists what the market tells of an offer, in groups, with units.
func machineFacts(o *vastapi.Offer, p prices) []pane.Fact {
	facts := gpuFacts(o)
	facts = append(facts, priceFacts(o, p)...)
	facts = append(facts, computerFacts(o)...)
	facts = append(facts, networkFacts(o)...)
	return append(facts, hostFacts(o)...)
}

func gpuFacts(o *vastapi.Offer) []pane.Fact {
	facts := []pane.Fact{
		{Label: "GPU", Value: fmt.Sprintf("%s, %s each, %s in all", gpu(o), figure.MiB(float64(o.GPURAM)), figure.MiB(float64(o.GPUTotalRAM))), Class: theme.Strong},
		{Label: "share", Value: fmt.Sprintf("%s of the machine's GPUs", figure.Share(o.GPUFrac))},
		{Label: "speed", Value: fmt.Sprintf("%s TFLOPS, DLPerf %s", figure.Decimal(o.TotalFlops, 1), figure.Decimal(o.DLPerf, 1))},
		{Label: "memory", Value: fmt.Sprintf("%s GB/s on the card%s", figure.Decimal(o.GPUMemBW, 0), nvlink(o))},
		{Label: "limits", Value: fmt.Sprintf("%s W, %s °C", figure.Decimal(o.GPUMaxPower, 0), figure.Decimal(o.GPUMaxTemp, 0))},
		{Label: "CUDA", Value: fmt.Sprintf("up to %s, capability %s, driver %s", figure.Decimal(o.CUDA, 1), figure.Decimal(o.ComputeCap/100, 1), figure.Text(o.Driver.String()))},
	}
	if o.GPUDisplay.Yes() {
		facts = append(facts, pane.Fact{Label: "display", Value: "a display hangs on the GPU", Class: theme.Warn})
	}
	return facts
}

func nvlink(o *vastapi.Offer) string {
	if o.NVLinkBW > 0 {
		return fmt.Sprintf(", NVLink %s GB/s", figure.Decimal(o.NVLinkBW, 0))
	}
	return ""
}

// priceFacts are the prices of every rental type and what the workload comes to.
func priceFacts(o *vastapi.Offer, p prices) []pane.Fact {
	c := p.cost(o)
	all, job := c.AllIn(), c.Total()
	money := func(label, format string, args ...any) pane.Fact {
		return pane.Fact{Label: label, Value: fmt.Sprintf(format, args...), Class: theme.Money}
	}
	facts := append(group("price", kindName(p.kind)+", "+jobText(p.job)),
		money(strings.ToLower(priceTitle(p.kind)), "%s, %s one GPU", figure.Rate(p.headline(o)), figure.Rate(p.perGPU(o))),
		money("GPUs", "%s", figure.Rate(float64(c.GPU))),
		money("disk", "%s for %s, %s a month, also while stopped", figure.Rate(float64(c.Disk)), figure.GB(float64(p.job.Disk)), figure.Amount(float64(c.Disk.Month()))),
	)
	if p.job.In > 0 || p.job.Out > 0 {
		facts = append(facts, money("traffic", "%s in, %s out", figure.Amount(float64(c.In)), figure.Amount(float64(c.Out))))
	}
	facts = append(facts,
		money("all in", "%s, %s a day, %s a month", figure.Rate(float64(all)), figure.Amount(float64(all.Day())), figure.Amount(float64(all.Month()))),
		money("this job", "%s for %s", figure.Amount(float64(job)), figure.Hours(p.job.Hours)),
		pane.Fact{Label: "value", Value: fmt.Sprintf("DLPerf %s and %s TFLOPS for $1/h", figure.Decimal(p.value(o), 0), figure.Decimal(p.flops(o), 1))},
		pane.Fact{Label: "per GB", Value: fmt.Sprintf("traffic in %s, out %s; disk %s a month", perGB(o.InetDownCost), perGB(o.InetUpCost), dollars(3)(float64(o.StorageCost)))},
	)
	for _, k := range kinds {
		if k != p.kind {
			facts = append(facts, pane.Fact{Label: kindName(k), Value: otherPrice(o, k), Class: theme.Dim})
		}
	}
	return facts
}

// otherPrice is what an offer costs when it is rented in another way.
func otherPrice(o *vastapi.Offer, k vastapi.RentalType) string {
	r := pricing.Headline(o, k)
	switch {
	case vastapi.Known(r) && k == vastapi.Interruptible:
		return figure.Rate(float64(r)) + " is the lowest bid that would run now"
	case vastapi.Known(r):
		return figure.Rate(float64(r))
	case k == vastapi.Interruptible:
		return "no bids are taken"
	}
	return "not told here: t asks for it"
}

func computerFacts(o *vastapi.Offer) []pane.Fact {
	return append(group("machine", "what comes with the offer"),
		pane.Fact{Label: "CPU", Value: fmt.Sprintf("%s of %s cores, %s GHz, %s%s", figure.Decimal(o.CPUCoresShare, 1), figure.Decimal(o.CPUCores, 0), figure.Decimal(o.CPUGHz, 1), figure.Text(o.CPUArch.String()), avx(o))},
		pane.Fact{Label: "memory", Value: fmt.Sprintf("%s of %s", figure.GB(o.CPURAMShare()/1000), figure.GB(o.CPURAM/1000))},
		pane.Fact{Label: "disk", Value: fmt.Sprintf("%s free, %s MB/s", figure.GB(float64(o.DiskSpace)), figure.Decimal(o.DiskBW, 0))},
		pane.Fact{Label: "PCIe", Value: fmt.Sprintf("gen %s, %s GB/s", figure.Decimal(o.PCIGen, 0), figure.Decimal(o.PCIeBW, 1))},
		pane.Fact{Label: "system", Value: fmt.Sprintf("%s, virtual machines: %s (whether it takes nothing else is not told)", figure.Text(o.OSVersion.String()), flagText(o.VMsEnabled))},
		pane.Fact{Label: "volume", Value: volume(o)},
	)
}

func avx(o *vastapi.Offer) string {
	if o.HasAVX.No() {
		return ", no AVX"
	}
	return ""
}

func volume(o *vastapi.Offer) string {
	if o.VolumeAsk == 0 {
		return "none is offered on this machine"
	}
	return fmt.Sprintf("up to %s on this machine, offer %s", figure.GB(float64(o.VolumeGB)), o.VolumeAsk)
}

func networkFacts(o *vastapi.Offer) []pane.Fact {
	return append(group("network", ""),
		pane.Fact{Label: "speed", Value: fmt.Sprintf("%s down, %s up", figure.Mbps(float64(o.InetDown)), figure.Mbps(float64(o.InetUp)))},
		pane.Fact{Label: "ports", Value: ports(o)},
		pane.Fact{Label: "address", Value: "static: " + flagText(o.StaticIP)},
	)
}

// hostFacts says whose machine it is. What a host writes stands last.
func hostFacts(o *vastapi.Offer) []pane.Fact {
	status, class := verification(o)
	center, _ := datacenter(o)
	return append(group("host", "machine "+o.MachineID.String()+", host "+o.HostID.String()),
		pane.Fact{Label: "verified", Value: strings.TrimSpace(status + " " + o.Verification.String()), Class: class},
		pane.Fact{Label: "datacenter", Value: center},
		pane.Fact{Label: "reliability", Value: figure.Share(o.Reliability)},
		pane.Fact{Label: "offered for", Value: until(o)},
		pane.Fact{Label: "place", Value: figure.Text(o.Geolocation.String())},
		pane.Fact{Label: "processor", Value: figure.Text(o.CPUName.String()), Class: theme.Dim},
		pane.Fact{Label: "mainboard", Value: figure.Text(o.Mobo.String()), Class: theme.Dim},
		pane.Fact{Label: "disk type", Value: figure.Text(o.DiskName.String()), Class: theme.Dim},
	)
}

func until(o *vastapi.Offer) string {
	s := offered(o.Duration)
	if !o.EndDate.IsZero() {
		s += ", until " + o.EndDate.UTC().Format(time.DateOnly)
	}
	return s
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

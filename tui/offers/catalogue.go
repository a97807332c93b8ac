package offers

import (
	"fmt"
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// spec is one column that the market can show. It knows offers and no table.
type spec struct {
	id, title  string
	help       string // one sentence with the unit
	min, ideal int
	priority   int  // which column goes first when there is no room: the highest
	hidden     bool // not shown unless the user chooses it
	outside    bool // a host writes it: stands last, where a terminal cannot mix it with figures
	left       bool // aligned at its left
	desc       bool // the largest first when it is chosen for sorting
	flex       int

	num  func(*vastapi.Offer) float64
	str  func(*vastapi.Offer) string
	cell func(*vastapi.Offer) (string, theme.Class)

	since bool // it is about the row: when that was first seen
}

// figures makes a column of numbers.
func figures(id, title, help string, width, priority int, of func(*vastapi.Offer) float64, show func(float64) string) spec {
	return spec{
		id: id, title: title, help: help, min: width, ideal: width, priority: priority, desc: true, num: of,
		cell: func(o *vastapi.Offer) (string, theme.Class) { return show(of(o)), theme.Plain },
	}
}

// rate makes a column of dollars an hour; the lowest is the best.
func rate(id, title, help string, priority int, of func(*vastapi.Offer) float64) spec {
	s := figures(id, title, help, 9, priority, of, figure.Rate)
	s.desc = false
	s.cell = func(o *vastapi.Offer) (string, theme.Class) { return figure.Rate(of(o)), theme.Money }
	return s
}

// words makes a column of texts.
func words(id, title, help string, width, ideal, priority int, of func(*vastapi.Offer) string) spec {
	return spec{
		id: id, title: title, help: help, min: width, ideal: ideal, priority: priority, left: true, str: of,
		cell: func(o *vastapi.Offer) (string, theme.Class) { return figure.Text(of(o)), theme.Plain },
	}
}

func (s spec) hide() spec        { s.hidden = true; return s }
func (s spec) lowestFirst() spec { s.desc = false; return s }
func (s spec) fromOutside() spec { s.outside = true; return s }
func (s spec) dim() spec {
	cell := s.cell
	s.cell = func(o *vastapi.Offer) (string, theme.Class) { t, _ := cell(o); return t, theme.Dim }
	return s
}

func decimals(n int) func(float64) string {
	return func(v float64) string { return figure.Decimal(v, n) }
}

func idNumber(v float64) string { return strings.ReplaceAll(figure.Decimal(v, 0), ",", "") }

// catalogue lists every column of the market in the order in which they stand
// by themselves, with prices worked out for p.
func catalogue(p prices) []spec {
	list := []spec{{
		id: "gpu", title: " GPU", help: "number and model of the GPUs", min: 15, ideal: 20, left: true,
		str:  func(o *vastapi.Offer) string { return o.GPUName.String() },
		cell: func(o *vastapi.Offer) (string, theme.Class) { return " " + gpu(o), theme.Strong },
	}}
	list = append(list, priceColumns(p)...)
	list = append(list, pastColumns(p)...)
	list = append(list, gpuColumns(p)...)
	list = append(list, machineColumns()...)
	list = append(list, networkColumns()...)
	return append(list, hostColumns()...)
}

func priceColumns(p prices) []spec {
	listed := rate("dph", priceTitle(p.kind), "$/h: "+priceSentence(p.kind), 0, p.headline)
	listed.min, listed.ideal = max(9, len(listed.title)+1), max(9, len(listed.title)+1)
	total := rate("job", "Job $", "$ for the whole job: hours, disk and traffic of the workload ($)", 4, p.total)
	total.cell = func(o *vastapi.Offer) (string, theme.Class) { return figure.Amount(p.total(o)), theme.Money }
	return []spec{
		listed,
		rate("gpu_dph", "$/h GPU", "$/h for one GPU: the price listed ÷ the number of GPUs", 7, p.perGPU),
		rate("allin", "All-in", "$/h with the disk and the traffic of the workload ($)", 3, p.allIn),
		total,
		rate("min_bid", "Min bid", "$/h: the lowest bid that would run now, for all GPUs, without the disk", 30,
			func(o *vastapi.Offer) float64 { return float64(pricing.Headline(o, vastapi.Interruptible)) }).hide(),
		rate("reserved", "If resvd", "$/h when reserved: the discounted price with the disk", 31,
			func(o *vastapi.Offer) float64 { return float64(pricing.Headline(o, vastapi.Reserved)) }).hide(),
		figures("storage", "Disk $", "$ for one GB of disk and month, billed while stopped too", 8, 32,
			func(o *vastapi.Offer) float64 { return float64(o.StorageCost) }, dollars(3)).lowestFirst().hide(),
	}
}

func dollars(n int) func(float64) string {
	return func(v float64) string {
		if !vastapi.Known(v) {
			return figure.Unknown
		}
		return "$" + figure.Decimal(v, n)
	}
}

func gpuColumns(p prices) []spec {
	return []spec{
		figures("gpus", "GPUs", "number of GPUs in the offer", 5, 33, func(o *vastapi.Offer) float64 { return float64(o.NumGPUs) }, decimals(0)).hide(),
		figures("vram", "VRAM", "GB of memory of one GPU", 7, 1, func(o *vastapi.Offer) float64 { return float64(o.GPURAM) }, figure.MiB),
		figures("vram_all", "VRAM all", "GB of memory of all GPUs of the offer", 9, 34, func(o *vastapi.Offer) float64 { return float64(o.GPUTotalRAM) }, figure.MiB).hide(),
		figures("dlp", "DLPerf", "the marketplace's score for deep learning, all GPUs", 7, 8, func(o *vastapi.Offer) float64 { return o.DLPerf }, decimals(1)),
		figures("value", "DLP/$", "DLPerf for one $/h of the price listed", 7, 6, p.value, decimals(0)),
		figures("tflops", "TFLOPS", "TFLOPS of all GPUs", 7, 20, func(o *vastapi.Offer) float64 { return o.TotalFlops }, decimals(1)),
		figures("flops", "TFLOPS/$", "TFLOPS for one $/h of the price listed", 9, 35, p.flops, decimals(1)).hide(),
		figures("membw", "Mem bw", "GB/s of memory bandwidth of one GPU", 7, 36, func(o *vastapi.Offer) float64 { return o.GPUMemBW }, decimals(0)).hide(),
		figures("nvlink", "NVLink", "GB/s between the GPUs; 0 is none", 7, 37, func(o *vastapi.Offer) float64 { return o.NVLinkBW }, decimals(0)).hide(),
		figures("power", "Power", "W at most, for one GPU", 6, 38, func(o *vastapi.Offer) float64 { return o.GPUMaxPower }, decimals(0)).hide(),
		figures("share", "Share", "% of the machine's GPUs that are in the offer", 6, 39, func(o *vastapi.Offer) float64 { return o.GPUFrac }, figure.Share).hide(),
	}
}

func machineColumns() []spec {
	return []spec{
		figures("cpu", "vCPU", "cores that come with the offer", 6, 12, func(o *vastapi.Offer) float64 { return o.CPUCoresShare }, decimals(1)),
		figures("ghz", "GHz", "GHz of the CPU", 5, 40, func(o *vastapi.Offer) float64 { return o.CPUGHz }, decimals(1)).hide(),
		figures("ram", "RAM", "GB of memory that come with the offer", 8, 11, func(o *vastapi.Offer) float64 { return o.CPURAMShare() / 1000 }, figure.GB),
		figures("disk", "Disk", "GB of disk that can be rented", 8, 10, func(o *vastapi.Offer) float64 { return float64(o.DiskSpace) }, figure.GB),
		figures("disk_bw", "Disk MB/s", "MB/s of the disk", 9, 19, func(o *vastapi.Offer) float64 { return o.DiskBW }, decimals(0)),
		figures("pcie", "PCIe", "GB/s between CPU and GPU", 6, 21, func(o *vastapi.Offer) float64 { return o.PCIeBW }, decimals(1)),
		figures("pcie_gen", "Gen", "PCIe generation", 4, 41, func(o *vastapi.Offer) float64 { return o.PCIGen }, decimals(0)).hide(),
		figures("cuda", "CUDA", "the highest CUDA version the driver supports, as the host says", 5, 15, func(o *vastapi.Offer) float64 { return o.CUDA }, decimals(1)),
		figures("driver", "Driver", "version of the NVIDIA driver", 11, 23, driverNumber, driverText),
	}
}

func driverNumber(o *vastapi.Offer) float64 {
	if o.DriverVers <= 0 {
		return vastapi.Unknown[float64]()
	}
	return float64(o.DriverVers)
}

// driverText writes 535183001 as the version it stands for.
func driverText(v float64) string {
	if !vastapi.Known(v) {
		return figure.Unknown
	}
	n := int64(v)
	return fmt.Sprintf("%d.%d.%02d", n/1_000_000, n/1000%1000, n%1000)
}

func networkColumns() []spec {
	ports := func(o *vastapi.Offer) float64 {
		if o.DirectPorts < 0 {
			return vastapi.Unknown[float64]()
		}
		return float64(o.DirectPorts)
	}
	return []spec{
		figures("down", "Down", "Mbit/s to the machine", 9, 13, func(o *vastapi.Offer) float64 { return float64(o.InetDown) }, figure.Mbps),
		figures("up", "Up", "Mbit/s from the machine", 9, 14, func(o *vastapi.Offer) float64 { return float64(o.InetUp) }, figure.Mbps),
		figures("down_cost", "In $/GB", "$ for one GB to the machine", 8, 24, func(o *vastapi.Offer) float64 { return float64(o.InetDownCost) }, dollars(4)).lowestFirst(),
		figures("up_cost", "Out $/GB", "$ for one GB from the machine", 9, 25, func(o *vastapi.Offer) float64 { return float64(o.InetUpCost) }, dollars(4)).lowestFirst(),
		figures("ports", "Ports", "ports for direct connections; 0 is the proxy only", 6, 22, ports, decimals(0)),
		flagged("static_ip", "IP", "whether the address stays the same", 42, func(o *vastapi.Offer) vastapi.Flag { return o.StaticIP }).hide(),
	}
}

func hostColumns() []spec {
	id := func(of func(*vastapi.Offer) int64) func(*vastapi.Offer) float64 {
		return func(o *vastapi.Offer) float64 {
			if n := of(o); n > 0 {
				return float64(n)
			}
			return vastapi.Unknown[float64]()
		}
	}
	region := words("region", "Region", "country of the machine, two letters, ? when it is not told", 7, 7, 9, func(o *vastapi.Offer) string { return o.Country })
	region.cell = func(o *vastapi.Offer) (string, theme.Class) {
		if o.Country == "" {
			return "?", theme.Dim
		}
		return o.Country, theme.Plain
	}
	return []spec{
		figures("rel", "Rel.", "% of the time that the machine was up", 6, 2, func(o *vastapi.Offer) float64 { return o.Reliability }, figure.Share),
		{id: "verified", title: "Verified", help: "what the marketplace says of the machine; dc is a datacenter, ? is not told", min: 8, ideal: 9, priority: 5, left: true,
			str: func(o *vastapi.Offer) string { return o.Verification.String() }, cell: verification},
		{id: "dc", title: "DC", help: "whether the host is a datacenter", min: 4, ideal: 4, priority: 43, hidden: true, left: true, desc: true,
			num: hosting, cell: datacenter},
		region,
		figures("days", "Days", "days for which the host still offers the machine", 5, 16, days, decimals(0)),
		figures("machine", "Machine", "id of the machine; it stays when its offers change", 8, 17, id(func(o *vastapi.Offer) int64 { return int64(o.MachineID) }), idNumber).lowestFirst().dim(),
		figures("host", "Host", "id of the owner of the machine", 7, 18, id(func(o *vastapi.Offer) int64 { return int64(o.HostID) }), idNumber).lowestFirst().dim(),
		figures("offer", "Offer", "id of the offer; it changes when the host lists the machine anew", 9, 44, id(func(o *vastapi.Offer) int64 { return int64(o.ID) }), idNumber).lowestFirst().dim().hide(),
		sinceColumn(),
		flexed(words("place", "Place", "where the machine is, as the host says", 14, 22, 26, func(o *vastapi.Offer) string { return o.Geolocation.String() }).fromOutside()),
		words("cpu_name", "CPU", "model of the CPU, as the host says", 16, 24, 45, func(o *vastapi.Offer) string { return o.CPUName.String() }).fromOutside().dim().hide(),
	}
}

// sinceColumn is about the row, so that an offer alone has nothing to show in it.
func sinceColumn() spec {
	none := func(*vastapi.Offer) float64 { return vastapi.Unknown[float64]() }
	s := figures("since", "Since", "age: the time of day at which the offer was first seen in this run", 6, 46, none, decimals(0)).hide()
	s.since = true
	return s
}

func flexed(s spec) spec { s.flex = 1; return s }

// flagged makes a column of yes, no and ?.
func flagged(id, title, help string, priority int, of func(*vastapi.Offer) vastapi.Flag) spec {
	return spec{
		id: id, title: title, help: help + ": yes, no, ? when it is not told", min: 4, ideal: 4, priority: priority, left: true, desc: true,
		num: func(o *vastapi.Offer) float64 {
			switch f := of(o); {
			case f.Yes():
				return 1
			case f.No():
				return 0
			}
			return vastapi.Unknown[float64]()
		},
		cell: func(o *vastapi.Offer) (string, theme.Class) { return flagText(of(o)), theme.Plain },
	}
}

func flagText(f vastapi.Flag) string {
	switch {
	case f.Yes():
		return "yes"
	case f.No():
		return "no"
	}
	return "?"
}

func hosting(o *vastapi.Offer) float64 {
	if o.HostingType < 0 {
		return vastapi.Unknown[float64]()
	}
	return float64(o.HostingType)
}

func datacenter(o *vastapi.Offer) (string, theme.Class) {
	switch {
	case o.HostingType < 0:
		return "?", theme.Dim
	case o.Datacenter():
		return "dc", theme.Good
	}
	return "no", theme.Dim
}

// verification is drawn from the one word the marketplace gives, never from a
// text that a host can choose.
func verification(o *vastapi.Offer) (string, theme.Class) {
	switch o.Verification.String() {
	case "verified":
		switch {
		case o.Datacenter():
			return "✓ dc", theme.Good
		case o.HostingType < 0:
			return "✓ dc?", theme.Good
		}
		return "✓", theme.Good
	case "deverified":
		return "✗ lost", theme.Bad
	case "unverified":
		return "– no", theme.Warn
	}
	return "?", theme.Dim
}

func offered(d time.Duration) string {
	if d < 0 {
		return figure.Unknown
	}
	return figure.Span(d)
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

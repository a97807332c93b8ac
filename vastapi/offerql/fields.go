package offerql

import (
	"math"
	"time"

	"vastdeck/vastapi"
)

// Kind is what the values of a field are.
type Kind string

// The kinds of fields.
const (
	Number Kind = "number"
	Flag   Kind = "true or false"
	Name   Kind = "text"
	GPU    Kind = "GPU name"
	Place  Kind = "country or region"
	Driver Kind = "version"
)

// Field is one column that a query can name. The table of them drives parsing,
// matching, the names on the wire and the help.
type Field struct {
	Name       string   // canonical, as the official client spells it
	Wire       string   // column of the search filter
	Aliases    []string // other names
	Unit       string   // unit of a bare number as typed, "" = none
	Kind       Kind     // what its values are
	Ops        []string // operators it takes, canonical spelling
	Help       string   // one line, without a full stop
	Multiplier float64  // typed number × Multiplier = number on the wire; 1 for most
	LocalOnly  bool     // the server has no such column: applied to the offers at hand only
	Volumes    bool     // searches for volumes know it
	VolumeOnly bool     // searches for offers do not

	dim        dimension
	hot        hot     // how Match reads it by itself
	underscore bool    // underscores of unquoted values stay
	max        float64 // the greatest number that can be right
	signed     bool    // numbers below 0 can be right
	num        func(*vastapi.Offer) float64
	flag       func(*vastapi.Offer) vastapi.Flag
	text       func(*vastapi.Offer) string

	values []string // texts that it may be, nil = anything; in a table of one's own nothing else
	list   bool     // it may be several texts
}

var (
	orderedOps = []string{"=", "!=", ">", ">=", "<", "<=", "in", "notin"}
	equalOps   = []string{"=", "!=", "in", "notin"}
	textOps    = []string{"=", "!=", "in", "notin", "~", "!~"}
)

// Fields returns the table of the fields, sorted by name.
func Fields() []Field {
	out := make([]Field, len(fields))
	for i, f := range fields {
		out[i] = *f
	}
	return out
}

// Lookup finds a field of the offers by its name or an alias.
func Lookup(name string) (Field, bool) {
	if f := offerFields[name]; f != nil {
		return *f, true
	}
	return Field{}, false
}

var nan = math.NaN()

// told is a count or id that is unknown below its least value.
func told[T ~int | ~int64](v, least T) float64 {
	if v < least {
		return nan
	}
	return float64(v)
}

func seconds(d time.Duration) float64 {
	if d < 0 {
		return nan
	}
	return d.Seconds()
}

// absent is for columns that an offer does not carry.
func absent(*vastapi.Offer) float64 { return nan }

// The columns verified, datacenter and external exist in filters only or say
// null for false: a machine without a verification is not verified, and
// "external eq false", a default of the official client, finds rows that say
// null. So these three are never unknown.

func verified(o *vastapi.Offer) vastapi.Flag   { return vastapi.FlagOf(o.Verified()) }
func datacenter(o *vastapi.Offer) vastapi.Flag { return vastapi.FlagOf(o.Datacenter()) }
func external(o *vastapi.Offer) vastapi.Flag   { return vastapi.FlagOf(o.External.Yes()) }

// countryOf is the country code of an offer. Some places are told as the name
// of a country alone.
func countryOf(o *vastapi.Offer) string {
	if o.Country != "" || o.Geolocation.Empty() {
		return o.Country
	}
	return codeOfName(o.Geolocation.String())
}

// fields is the table: the columns of the official client's lists for offers
// and volumes (vast-cli, vastai/data/query.py) and a few that only answers have.
var fields = []*Field{
	number("bw_nvlink", "GB/s", "NVLink bandwidth, 0 = none", plain, func(o *vastapi.Offer) float64 { return o.NVLinkBW }),
	{Name: "cluster_id", Help: "cluster the machine belongs to", Kind: Number, Volumes: true,
		num: func(o *vastapi.Offer) float64 { return told(o.ClusterID, 1) }},
	number("compute_cap", "", "CUDA compute capability × 100: 890 is 8.9", plain, func(o *vastapi.Offer) float64 { return o.ComputeCap }),
	text("cpu_arch", "amd64 or arm64", func(o *vastapi.Offer) string { return o.CPUArch.String() }).vol(),
	number("cpu_cores", "", "cores of the whole machine", plain, func(o *vastapi.Offer) float64 { return o.CPUCores }),
	number("cpu_cores_effective", "", "cores that come with the offer", plain, func(o *vastapi.Offer) float64 { return o.CPUCoresShare }, "vcpus"),
	number("cpu_ghz", "GHz", "CPU clock", plain, func(o *vastapi.Offer) float64 { return o.CPUGHz }),
	text("cpu_name", "model of the CPU", func(o *vastapi.Offer) string { return o.CPUName.String() }).local(),
	number("cpu_ram", "GB", "memory of the whole machine", memory, func(o *vastapi.Offer) float64 { return o.CPURAM }),
	number("cuda_max_good", "", "highest CUDA version the driver supports", plain, func(o *vastapi.Offer) float64 { return o.CUDA }, "cuda_vers", "cuda"),
	{Name: "cuda_vers", Help: "highest CUDA version the driver supports", Kind: Number, Volumes: true, VolumeOnly: true,
		num: func(o *vastapi.Offer) float64 { return o.CUDA }},
	flag("datacenter", "the host is a datacenter", datacenter).vol(),
	number("direct_port_count", "", "ports for direct connections, 0 = proxy only", plain,
		func(o *vastapi.Offer) float64 { return told(o.DirectPorts, 0) }, "ports"),
	number("discounted_dph_total", "$/h", "price when reserved", money, func(o *vastapi.Offer) float64 { return float64(o.DiscountedDphTotal) }).local(),
	number("disk_bw", "MB/s", "disk bandwidth", plain, func(o *vastapi.Offer) float64 { return o.DiskBW }).vol(),
	text("disk_name", "model of the disk", func(o *vastapi.Offer) string { return o.DiskName.String() }).local(),
	number("disk_space", "GB", "disk that can be rented", size, func(o *vastapi.Offer) float64 { return float64(o.DiskSpace) }, "disk").vol(),
	number("dlperf", "", "DLPerf score, all GPUs", plain, func(o *vastapi.Offer) float64 { return o.DLPerf }),
	number("dlperf_per_dphtotal", "", "DLPerf per $/h", plain, func(o *vastapi.Offer) float64 { return o.DLPerfPerDph }, "dlperf_usd"),
	number("dph_base", "$/h", "price of the GPUs alone", money, func(o *vastapi.Offer) float64 { return float64(o.DphBase) }).local(),
	number("dph_total", "$/h", "price per hour with the disk searched for", money, func(o *vastapi.Offer) float64 { return float64(o.DphTotal) }, "dph"),
	{Name: "driver_version", Help: "NVIDIA driver, e.g. 535.183.01", Kind: Driver, Volumes: true, Aliases: []string{"driver"},
		num: func(o *vastapi.Offer) float64 { return told(o.DriverVers, 1) }},
	number("duration", "days", "how long the host still offers it", days, func(o *vastapi.Offer) float64 { return seconds(o.Duration) }).vol(),
	flag("external", "offered through another marketplace", external).vol(),
	number("flops_per_dphtotal", "", "TFLOPS per $/h", plain, func(o *vastapi.Offer) float64 { return o.FlopsPerDph }, "flops_usd"),
	{Name: "geolocation", Help: "country code, country or region (EU, NA, ASIA …)", Kind: Place, Volumes: true,
		Aliases: []string{"geo", "country", "region"},
		text:    countryOf},
	text("gpu_arch", "nvidia or amd", func(o *vastapi.Offer) string { return o.GPUArch.String() }).vol(),
	flag("gpu_display_active", "a display hangs on the GPU", func(o *vastapi.Offer) vastapi.Flag { return o.GPUDisplay }, "display_active"),
	number("gpu_frac", "", "GPUs of the offer ÷ GPUs of the machine", fraction, func(o *vastapi.Offer) float64 { return o.GPUFrac }),
	number("gpu_max_power", "W", "power limit of a GPU", plain, func(o *vastapi.Offer) float64 { return o.GPUMaxPower }),
	number("gpu_max_temp", "°C", "temperature limit of a GPU", plain, func(o *vastapi.Offer) float64 { return o.GPUMaxTemp }),
	number("gpu_mem_bw", "GB/s", "memory bandwidth of a GPU", plain, func(o *vastapi.Offer) float64 { return o.GPUMemBW }),
	{Name: "gpu_name", Help: "GPU model, e.g. RTX_4090", Kind: GPU, Aliases: []string{"gpu"},
		text: func(o *vastapi.Offer) string { return o.GPUName.String() }},
	number("gpu_ram", "GB", "memory of one GPU; =24 finds cards sold as 24 GB", cardMemory, func(o *vastapi.Offer) float64 { return float64(o.GPURAM) }, "vram"),
	number("gpu_total_ram", "GB", "memory of all GPUs of the offer", memory, func(o *vastapi.Offer) float64 { return float64(o.GPUTotalRAM) }),
	flag("has_avx", "the CPU has AVX", func(o *vastapi.Offer) vastapi.Flag { return o.HasAVX }).vol(),
	{Name: "host_id", Help: "owner of the machine", Kind: Number, Volumes: true, Aliases: []string{"host"},
		num: func(o *vastapi.Offer) float64 { return told(o.HostID, 1) }},
	// Filtering on the column id has been seen to match nothing; the same number
	// is found under ask_contract_id.
	{Name: "id", Wire: "ask_contract_id", Help: "offer id", Kind: Number, Volumes: true, Aliases: []string{"ask_contract_id"},
		num: func(o *vastapi.Offer) float64 { return told(o.ID, 1) }},
	number("inet_down", "Mbit/s", "download speed", speed, func(o *vastapi.Offer) float64 { return float64(o.InetDown) }).vol(),
	number("inet_down_cost", "$/GB", "price of downloads", money, func(o *vastapi.Offer) float64 { return float64(o.InetDownCost) }),
	number("inet_up", "Mbit/s", "upload speed", speed, func(o *vastapi.Offer) float64 { return float64(o.InetUp) }).vol(),
	number("inet_up_cost", "$/GB", "price of uploads", money, func(o *vastapi.Offer) float64 { return float64(o.InetUpCost) }),
	{Name: "machine_id", Help: "machine", Kind: Number, Volumes: true, Aliases: []string{"machine"},
		num: func(o *vastapi.Offer) float64 { return told(o.MachineID, 1) }},
	number("min_bid", "$/h", "lowest bid that would run now", money, func(o *vastapi.Offer) float64 { return float64(o.MinBid) }),
	text("mobo_name", "model of the mainboard", func(o *vastapi.Offer) string { return o.Mobo.String() }).keepUnderscores(),
	number("num_gpus", "", "GPUs in the offer", plain, func(o *vastapi.Offer) float64 { return told(o.NumGPUs, 0) }, "gpus"),
	number("nw_disk_avg_bw", "MB/s", "average bandwidth of the network disk", plain, absent).volOnly(),
	number("nw_disk_max_bw", "MB/s", "highest bandwidth of the network disk", plain, absent).volOnly(),
	number("nw_disk_min_bw", "MB/s", "lowest bandwidth of the network disk", plain, absent).volOnly(),
	number("pci_gen", "", "PCIe generation", plain, func(o *vastapi.Offer) float64 { return o.PCIGen }).vol(),
	number("pcie_bw", "GB/s", "PCIe bandwidth", plain, func(o *vastapi.Offer) float64 { return o.PCIeBW }).vol(),
	number("reliability", "", "reliability of the host, 0 to 1 (or 99%)", fraction, func(o *vastapi.Offer) float64 { return o.Reliability }).vol(),
	number("reliability2", "", "the same as reliability, by its newer name", fraction, func(o *vastapi.Offer) float64 { return o.Reliability }),
	flag("rentable", "can be rented now", func(o *vastapi.Offer) vastapi.Flag { return o.Rentable }),
	flag("rented", "rented by this account", func(o *vastapi.Offer) vastapi.Flag { return o.Rented }),
	number("score", "", "the marketplace's rank", plain, func(o *vastapi.Offer) float64 { return o.Score }).local(),
	flag("static_ip", "the address does not change", func(o *vastapi.Offer) vastapi.Flag { return o.StaticIP }).vol(),
	number("storage_cost", "$/GB/month", "price of the disk", money, func(o *vastapi.Offer) float64 { return float64(o.StorageCost) }).vol(),
	number("total_flops", "TFLOPS", "speed of all GPUs", plain, func(o *vastapi.Offer) float64 { return o.TotalFlops }).vol(),
	text("ubuntu_version", "operating system of the host, e.g. 22.04", func(o *vastapi.Offer) string { return o.OSVersion.String() }).vol(),
	text("verification", "verified, unverified or deverified", func(o *vastapi.Offer) string { return o.Verification.String() }),
	flag("verified", "verified by the marketplace", verified).vol(),
	flag("vms_enabled", "virtual machines can run", func(o *vastapi.Offer) vastapi.Flag { return o.VMsEnabled }),
}

func number(name, unit, help string, d dimension, get func(*vastapi.Offer) float64, aliases ...string) *Field {
	return &Field{Name: name, Unit: unit, Help: help, Kind: Number, Aliases: aliases, dim: d, num: get}
}

func text(name, help string, get func(*vastapi.Offer) string) *Field {
	return &Field{Name: name, Help: help, Kind: Name, text: get}
}

func flag(name, help string, get func(*vastapi.Offer) vastapi.Flag, aliases ...string) *Field {
	return &Field{Name: name, Help: help, Kind: Flag, Aliases: aliases, flag: get}
}

func (f *Field) vol() *Field             { f.Volumes = true; return f }
func (f *Field) volOnly() *Field         { f.Volumes, f.VolumeOnly = true, true; return f }
func (f *Field) local() *Field           { f.LocalOnly = true; return f }
func (f *Field) keepUnderscores() *Field { f.underscore = true; return f }

// complete fills in what follows from the kind and dimension of a field.
func (f *Field) complete() {
	if f.Wire == "" {
		f.Wire = f.Name
	}
	f.Multiplier = f.dim.multiplier()
	f.hot = hotFields[f.Name]
	f.limit()
	f.Ops = equalOps
	if f.text != nil {
		f.Ops = textOps
	}
	if f.Kind == Number || f.Kind == Driver {
		f.Ops = orderedOps
	}
}

// offerFields and volumeFields find a field by what a query may call it. None of
// the official client's aliases is about a field of volumes, where it has none.
var offerFields, volumeFields = index()

var (
	gpuField, placeField = offerFields["gpu_name"], offerFields["geolocation"]
	ramField, priceField = offerFields["gpu_ram"], offerFields["dph_total"]
)

func index() (offers, volumes map[string]*Field) {
	offers, volumes = make(map[string]*Field, 2*len(fields)), make(map[string]*Field, len(fields))
	for _, f := range fields {
		f.complete()
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if f.Volumes {
				volumes[name] = f
			}
			if !f.VolumeOnly {
				offers[name] = f
			}
		}
	}
	return offers, volumes
}

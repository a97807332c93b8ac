package vastapi

import (
	"errors"
	"math"
)

var errNoID = errors.New("the row has no id")

// unknownOffer is an offer of which nothing was told.
var unknownOffer = func() Offer {
	nan := math.NaN()
	return Offer{
		GPURAM: MiB(nan), GPUTotalRAM: MiB(nan), GPUFrac: nan, GPUMemBW: nan, GPUMaxPower: nan, GPUMaxTemp: nan,
		NVLinkBW: nan, ComputeCap: nan, CUDA: nan, TotalFlops: nan, DLPerf: nan, DLPerfPerDph: nan, FlopsPerDph: nan,
		Score: nan, PCIGen: nan, PCIeBW: nan, DirectPorts: -1, InetUp: Mbps(nan), InetDown: Mbps(nan),
		InetUpCost: PerGB(nan), InetDownCost: PerGB(nan), CPUCores: nan, CPUCoresShare: nan, CPUGHz: nan, CPURAM: nan,
		DiskSpace: GB(nan), DiskBW: nan, DphBase: Rate(nan), DphTotal: Rate(nan), DiscountedDphTotal: Rate(nan),
		MinBid: Rate(nan), StorageCost: PerGBMonth(nan), StorageTotal: Rate(nan), Reliability: nan,
		HostingType: -1, Duration: -1, VolumeGB: GB(nan), VolumeDph: Rate(nan),
	}
}()

// offer reads one row. Only a row without an id is useless; a field of a kind
// nobody expects is unknown and the rest of the row stands.
func (d *sorter) offer(s *scanner, o *Offer) error {
	err := d.alike.object(s, func(f *field, v value) error {
		d.offerField(f, v, o)
		return nil
	})
	if err != nil {
		return err
	}
	if o.ID <= 0 {
		return errNoID
	}
	o.Country = country(o.Geolocation)
	if o.DriverVers == 0 {
		o.DriverVers = driverNumber(o.Driver.String())
	}
	if !Known(o.GPUTotalRAM) && o.NumGPUs > 0 {
		o.GPUTotalRAM = o.GPURAM * MiB(o.NumGPUs)
	}
	return nil
}

// The uses of the fields of an offer.
const (
	useOfGPU use = iota + 1
	useOfMachine
	useOfPrice
	useOfHost
	useless
)

// offerField takes one field. Who wants it is found out once.
func (d *sorter) offerField(f *field, v value, o *Offer) {
	switch f.use {
	case useOfGPU:
		d.offerGPU(f.key, v, o)
	case useOfMachine:
		d.offerMachine(f.key, v, o)
	case useOfPrice:
		d.offerPrice(f.key, v, o)
	case useOfHost:
		d.offerHost(f.key, v, o)
	case useless:
	default:
		switch {
		case d.offerGPU(f.key, v, o):
			f.use = useOfGPU
		case d.offerMachine(f.key, v, o):
			f.use = useOfMachine
		case d.offerPrice(f.key, v, o):
			f.use = useOfPrice
		case d.offerHost(f.key, v, o):
			f.use = useOfHost
		default:
			f.use = useless
		}
	}
}

// offerGPU takes the fields about the GPUs and reports whether key was one.
func (d *sorter) offerGPU(key []byte, v value, o *Offer) bool {
	switch string(key) {
	case "gpu_name":
		o.GPUName = d.text(v)
	case "num_gpus":
		o.NumGPUs = v.count(0)
	case "gpu_ram":
		o.GPURAM = MiB(v.positive())
	case "gpu_total_ram", "gpu_totalram":
		o.GPUTotalRAM = MiB(v.positive())
	case "gpu_frac":
		o.GPUFrac = v.positive()
	case "gpu_arch":
		o.GPUArch = d.text(v)
	case "gpu_mem_bw":
		o.GPUMemBW = v.positive()
	case "gpu_max_power":
		o.GPUMaxPower = v.positive()
	case "gpu_max_temp":
		o.GPUMaxTemp = v.num()
	case "gpu_display_active":
		o.GPUDisplay = v.flag()
	case "bw_nvlink":
		o.NVLinkBW = v.positive()
	case "compute_cap":
		o.ComputeCap = v.positive()
	case "cuda_max_good":
		o.CUDA = v.positive()
	case "total_flops":
		o.TotalFlops = v.positive()
	case "dlperf":
		o.DLPerf = v.positive()
	case "dlperf_per_dphtotal":
		o.DLPerfPerDph = v.positive()
	case "flops_per_dphtotal":
		o.FlopsPerDph = v.positive()
	case "pci_gen":
		o.PCIGen = v.positive()
	case "pcie_bw":
		o.PCIeBW = v.positive()
	case "driver_version":
		o.Driver = d.text(v)
	case "driver_vers":
		if n, ok := v.id(); ok {
			o.DriverVers = n
		}
	default:
		return false
	}
	return true
}

// offerMachine takes the fields about the rest of the machine.
func (d *sorter) offerMachine(key []byte, v value, o *Offer) bool {
	switch string(key) {
	case "cpu_name":
		o.CPUName = d.text(v)
	case "cpu_arch":
		o.CPUArch = d.text(v)
	case "cpu_cores":
		o.CPUCores = v.positive()
	case "cpu_cores_effective":
		o.CPUCoresShare = v.positive()
	case "cpu_ghz":
		o.CPUGHz = v.positive()
	case "cpu_ram":
		o.CPURAM = v.positive()
	case "has_avx":
		o.HasAVX = v.flag()
	case "mobo_name":
		o.Mobo = d.text(v)
	case "disk_space":
		o.DiskSpace = GB(v.positive())
	case "disk_bw":
		o.DiskBW = v.positive()
	case "disk_name":
		o.DiskName = d.text(v)
	case "os_version":
		o.OSVersion = d.text(v)
	case "inet_up":
		o.InetUp = Mbps(v.positive())
	case "inet_down":
		o.InetDown = Mbps(v.positive())
	case "direct_port_count":
		o.DirectPorts = v.count(-1)
	case "static_ip":
		o.StaticIP = v.flag()
	case "public_ipaddr":
		o.PublicIP = d.text(v)
	case "vms_enabled":
		o.VMsEnabled = v.flag()
	case "cluster_id":
		if n, ok := v.id(); ok {
			o.ClusterID = n
		}
	default:
		return false
	}
	return true
}

// offerPrice takes the fields about money.
func (d *sorter) offerPrice(key []byte, v value, o *Offer) bool {
	switch string(key) {
	case "dph_base":
		o.DphBase = v.rate()
	case "dph_total":
		o.DphTotal = v.rate()
	case "discounted_dph_total":
		o.DiscountedDphTotal = v.rate()
	case "min_bid":
		o.MinBid = v.rate()
	case "storage_cost":
		o.StorageCost = PerGBMonth(v.rate())
	case "storage_total_cost":
		o.StorageTotal = v.rate()
	case "inet_up_cost":
		o.InetUpCost = PerGB(v.rate())
	case "inet_down_cost":
		o.InetDownCost = PerGB(v.rate())
	case "is_bid":
		o.IsBid = v.flag().Yes()
	case "avail_vol_ask_id":
		if n, ok := v.id(); ok {
			o.VolumeAsk = OfferID(n)
		}
	case "avail_vol_size":
		o.VolumeGB = GB(v.positive())
	case "avail_vol_dph":
		o.VolumeDph = v.rate()
	default:
		return false
	}
	return true
}

// offerHost takes the fields about the offer itself and its owner.
func (d *sorter) offerHost(key []byte, v value, o *Offer) bool {
	switch string(key) {
	case "id", "ask_contract_id":
		if n, ok := v.id(); ok && (o.ID == 0 || string(key) == "id") {
			o.ID = OfferID(n)
		}
	case "machine_id":
		if n, ok := v.id(); ok {
			o.MachineID = MachineID(n)
		}
	case "host_id":
		if n, ok := v.id(); ok {
			o.HostID = HostID(n)
		}
	case "score":
		o.Score = v.num()
	case "reliability":
		o.Reliability = fraction(v, o.Reliability)
	case "reliability2":
		if math.IsNaN(o.Reliability) {
			o.Reliability = fraction(v, o.Reliability)
		}
	case "verification":
		o.Verification = d.text(v)
	case "hosting_type":
		o.HostingType = v.count(-1)
	case "rentable":
		o.Rentable = v.flag()
	case "rented":
		o.Rented = v.flag()
	case "external":
		o.External = v.flag()
	case "geolocation":
		o.Geolocation = d.text(v)
	case "duration":
		o.Duration = v.span()
	case "end_date":
		o.EndDate = v.moment()
	default:
		return false
	}
	return true
}

// fraction is a number from 0 to 1; anything else leaves what was known.
func fraction(v value, known float64) float64 {
	if f := v.num(); f >= 0 && f <= 1 {
		return f
	}
	return known
}

package offers

import (
	"vastdeck/tui/copying"
	"vastdeck/vastapi"
)

// asTold lists what was read of an offer under the API's names; fields that the client
// does not read are not there.
func asTold(o *vastapi.Offer) []copying.Field {
	list := []copying.Field{
		{Name: "id", Value: int64(o.ID)}, {Name: "machine_id", Value: int64(o.MachineID)}, {Name: "host_id", Value: int64(o.HostID)},
		{Name: "gpu_name", Value: o.GPUName}, {Name: "num_gpus", Value: o.NumGPUs}, {Name: "gpu_ram", Value: float64(o.GPURAM)}, {Name: "gpu_total_ram", Value: float64(o.GPUTotalRAM)},
		{Name: "gpu_frac", Value: o.GPUFrac}, {Name: "gpu_arch", Value: o.GPUArch}, {Name: "gpu_mem_bw", Value: o.GPUMemBW}, {Name: "gpu_max_power", Value: o.GPUMaxPower},
		{Name: "gpu_max_temp", Value: o.GPUMaxTemp}, {Name: "gpu_display_active", Value: o.GPUDisplay}, {Name: "bw_nvlink", Value: o.NVLinkBW}, {Name: "compute_cap", Value: o.ComputeCap},
		{Name: "cuda_max_good", Value: o.CUDA}, {Name: "driver_version", Value: o.Driver}, {Name: "driver_vers", Value: copying.Positive(o.DriverVers)}, {Name: "total_flops", Value: o.TotalFlops},
		{Name: "dlperf", Value: o.DLPerf}, {Name: "dlperf_per_dphtotal", Value: o.DLPerfPerDph}, {Name: "flops_per_dphtotal", Value: o.FlopsPerDph}, {Name: "score", Value: o.Score},
	}
	list = append(list, []copying.Field{
		{Name: "dph_base", Value: float64(o.DphBase)}, {Name: "dph_total", Value: float64(o.DphTotal)}, {Name: "discounted_dph_total", Value: float64(o.DiscountedDphTotal)},
		{Name: "min_bid", Value: float64(o.MinBid)}, {Name: "is_bid", Value: o.IsBid}, {Name: "storage_cost", Value: float64(o.StorageCost)}, {Name: "storage_total_cost", Value: float64(o.StorageTotal)},
		{Name: "inet_up_cost", Value: float64(o.InetUpCost)}, {Name: "inet_down_cost", Value: float64(o.InetDownCost)}, {Name: "inet_up", Value: float64(o.InetUp)}, {Name: "inet_down", Value: float64(o.InetDown)},
		{Name: "direct_port_count", Value: copying.AtLeast(o.DirectPorts, 0)}, {Name: "static_ip", Value: o.StaticIP}, {Name: "public_ipaddr", Value: o.PublicIP},
		{Name: "pci_gen", Value: o.PCIGen}, {Name: "pcie_bw", Value: o.PCIeBW}, {Name: "cpu_name", Value: o.CPUName}, {Name: "cpu_arch", Value: o.CPUArch}, {Name: "cpu_cores", Value: o.CPUCores},
		{Name: "cpu_cores_effective", Value: o.CPUCoresShare}, {Name: "cpu_ghz", Value: o.CPUGHz}, {Name: "cpu_ram", Value: o.CPURAM}, {Name: "has_avx", Value: o.HasAVX}, {Name: "mobo_name", Value: o.Mobo},
		{Name: "disk_space", Value: float64(o.DiskSpace)}, {Name: "disk_bw", Value: o.DiskBW}, {Name: "disk_name", Value: o.DiskName}, {Name: "os_version", Value: o.OSVersion},
	}...)
	return append(list, []copying.Field{
		{Name: "reliability", Value: o.Reliability}, {Name: "verification", Value: o.Verification}, {Name: "hosting_type", Value: copying.AtLeast(o.HostingType, 0)},
		{Name: "rentable", Value: o.Rentable}, {Name: "rented", Value: o.Rented}, {Name: "external", Value: o.External}, {Name: "vms_enabled", Value: o.VMsEnabled},
		{Name: "geolocation", Value: o.Geolocation}, {Name: "cluster_id", Value: copying.Positive(o.ClusterID)}, {Name: "duration", Value: copying.Seconds(o.Duration)}, {Name: "end_date", Value: copying.Unix(o.EndDate)},
		{Name: "avail_vol_ask_id", Value: copying.Positive(o.VolumeAsk)}, {Name: "avail_vol_size", Value: float64(o.VolumeGB)}, {Name: "avail_vol_dph", Value: float64(o.VolumeDph)},
	}...)
}

// rawJSON is an offer as JSON, one field a line, in inert text.
func rawJSON(o *vastapi.Offer) string { return copying.JSON(asTold(o)) }

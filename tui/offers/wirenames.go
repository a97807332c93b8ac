package offers

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// told is one field of an offer under the name that the API has for it.
type told struct {
	name  string
	value any
}

// asTold lists what was read of an offer under the API's names. What was not
// told is null; fields that the client does not read are not there.
func asTold(o *vastapi.Offer) []told {
	list := []told{
		{"id", int64(o.ID)}, {"machine_id", int64(o.MachineID)}, {"host_id", int64(o.HostID)},
		{"gpu_name", o.GPUName}, {"num_gpus", o.NumGPUs}, {"gpu_ram", float64(o.GPURAM)}, {"gpu_total_ram", float64(o.GPUTotalRAM)},
		{"gpu_frac", o.GPUFrac}, {"gpu_arch", o.GPUArch}, {"gpu_mem_bw", o.GPUMemBW}, {"gpu_max_power", o.GPUMaxPower},
		{"gpu_max_temp", o.GPUMaxTemp}, {"gpu_display_active", o.GPUDisplay}, {"bw_nvlink", o.NVLinkBW}, {"compute_cap", o.ComputeCap},
		{"cuda_max_good", o.CUDA}, {"driver_version", o.Driver}, {"driver_vers", positive(o.DriverVers)}, {"total_flops", o.TotalFlops},
		{"dlperf", o.DLPerf}, {"dlperf_per_dphtotal", o.DLPerfPerDph}, {"flops_per_dphtotal", o.FlopsPerDph}, {"score", o.Score},
	}
	list = append(list, []told{
		{"dph_base", float64(o.DphBase)}, {"dph_total", float64(o.DphTotal)}, {"discounted_dph_total", float64(o.DiscountedDphTotal)},
		{"min_bid", float64(o.MinBid)}, {"is_bid", o.IsBid}, {"storage_cost", float64(o.StorageCost)}, {"storage_total_cost", float64(o.StorageTotal)},
		{"inet_up_cost", float64(o.InetUpCost)}, {"inet_down_cost", float64(o.InetDownCost)}, {"inet_up", float64(o.InetUp)}, {"inet_down", float64(o.InetDown)},
		{"direct_port_count", atLeast(o.DirectPorts, 0)}, {"static_ip", o.StaticIP}, {"public_ipaddr", o.PublicIP},
		{"pci_gen", o.PCIGen}, {"pcie_bw", o.PCIeBW}, {"cpu_name", o.CPUName}, {"cpu_arch", o.CPUArch}, {"cpu_cores", o.CPUCores},
		{"cpu_cores_effective", o.CPUCoresShare}, {"cpu_ghz", o.CPUGHz}, {"cpu_ram", o.CPURAM}, {"has_avx", o.HasAVX}, {"mobo_name", o.Mobo},
		{"disk_space", float64(o.DiskSpace)}, {"disk_bw", o.DiskBW}, {"disk_name", o.DiskName}, {"os_version", o.OSVersion},
	}...)
	return append(list, []told{
		{"reliability", o.Reliability}, {"verification", o.Verification}, {"hosting_type", atLeast(o.HostingType, 0)},
		{"rentable", o.Rentable}, {"rented", o.Rented}, {"external", o.External}, {"vms_enabled", o.VMsEnabled},
		{"geolocation", o.Geolocation}, {"cluster_id", positive(o.ClusterID)}, {"duration", seconds(o.Duration)}, {"end_date", unix(o.EndDate)},
		{"avail_vol_ask_id", positive(int64(o.VolumeAsk))}, {"avail_vol_size", float64(o.VolumeGB)}, {"avail_vol_dph", float64(o.VolumeDph)},
	}...)
}

func positive(n int64) any {
	if n <= 0 {
		return nil
	}
	return n
}

func atLeast(n, least int) any {
	if n < least {
		return nil
	}
	return n
}

func seconds(d time.Duration) any {
	if d < 0 {
		return nil
	}
	return d.Seconds()
}

func unix(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// rawJSON is an offer as JSON, one field a line, in inert text.
func rawJSON(o *vastapi.Offer) string {
	var b bytes.Buffer
	b.WriteString("{\n")
	fields := asTold(o)
	for i, f := range fields {
		b.WriteString("  ")
		b.Write(encoded(f.name))
		b.WriteString(": ")
		b.Write(encoded(f.value))
		if i < len(fields)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteByte('}')
	return b.String()
}

// encoded writes one value; what JSON has no word for is null.
func encoded(v any) []byte {
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			v = nil
		}
	case vastapi.Flag:
		switch {
		case x.Yes():
			v = true
		case x.No():
			v = false
		default:
			v = nil
		}
	case safetext.Text:
		if x.Empty() {
			v = nil
		} else {
			v = x.String()
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

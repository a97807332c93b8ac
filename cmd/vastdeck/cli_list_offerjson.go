package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"vastdeck/vastapi"
)

// offerJSON is one offer: rates in $/h for all its GPUs, sizes in GB, networks in
// Mbit/s. What is not known is null.
type offerJSON struct {
	ID          int64      `json:"id"`
	MachineID   *int64     `json:"machine_id"`
	HostID      *int64     `json:"host_id"`
	GPUName     *string    `json:"gpu_name"`
	GPUs        int        `json:"num_gpus"`
	GPURAM      *float64   `json:"gpu_ram_gb"` // of one GPU
	Hourly      *float64   `json:"hourly"`     // with the disk, as the type is rented
	DphTotal    *float64   `json:"dph_total"`
	DphBase     *float64   `json:"dph_base"`
	MinBid      *float64   `json:"min_bid"`
	Reserved    *float64   `json:"discounted_dph_total"`
	StorageCost *float64   `json:"storage_cost"` // $ a GB and month
	UpCost      *float64   `json:"inet_up_cost"` // $ a GB
	DownCost    *float64   `json:"inet_down_cost"`
	DLPerf      *float64   `json:"dlperf"`
	Flops       *float64   `json:"total_flops"`
	Reliability *float64   `json:"reliability"`
	Verified    bool       `json:"verified"`
	Datacenter  bool       `json:"datacenter"`
	Rentable    *bool      `json:"rentable"`
	Rented      *bool      `json:"rented"`
	StaticIP    *bool      `json:"static_ip"`
	DiskSpace   *float64   `json:"disk_space_gb"`
	DiskBW      *float64   `json:"disk_bw_mb_s"`
	InetDown    *float64   `json:"inet_down_mbps"`
	InetUp      *float64   `json:"inet_up_mbps"`
	Ports       *int       `json:"direct_port_count"`
	CUDA        *float64   `json:"cuda_max_good"`
	Driver      *string    `json:"driver_version"`
	CPUName     *string    `json:"cpu_name"`
	CPUCores    *float64   `json:"cpu_cores_effective"`
	CPURAM      *float64   `json:"cpu_ram_gb"` // that comes with the offer
	PCIeBW      *float64   `json:"pcie_bw_gb_s"`
	Region      *string    `json:"geolocation"`
	Country     *string    `json:"country"`
	Hours       *float64   `json:"duration_hours"`
	End         *time.Time `json:"end_date"`
}

// placeJSON is a place where a volume can be made.
type placeJSON struct {
	ID          int64    `json:"id"`
	MachineID   *int64   `json:"machine_id"`
	HostID      *int64   `json:"host_id"`
	DiskSpace   *float64 `json:"disk_space_gb"`
	StorageCost *float64 `json:"storage_cost"` // $ a GB and month
	Hourly      *float64 `json:"hourly"`       // of the size asked for
	Monthly     *float64 `json:"monthly"`
	DiskBW      *float64 `json:"disk_bw_mb_s"`
	Reliability *float64 `json:"reliability"`
	InetDown    *float64 `json:"inet_down_mbps"`
	InetUp      *float64 `json:"inet_up_mbps"`
	Region      *string  `json:"geolocation"`
	Country     *string  `json:"country"`
}

// writeJSON writes a page, one row a line: tens of thousands of them are not held a
// second time.
func (s *offerSearch) writeJSON(w io.Writer, page vastapi.OfferPage) error {
	out := bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(out, "{\n  \"version\": %d,\n  \"provider\": %q,\n", schemaVersion, onlyProvider)
	if !s.volumes {
		fmt.Fprintf(out, "  \"type\": %q,\n", s.kind)
	}
	fmt.Fprintf(out, "  \"storage_gb\": %v,\n  \"more\": %t,\n  \"unread\": %d,\n  \"offers\": [", float64(s.storage), page.Full(), page.Bad)
	var line []byte
	for n := range page.Offers {
		var row any = s.offerData(&page.Offers[n])
		if s.volumes {
			row = s.placeData(&page.Offers[n])
		}
		data, err := json.Marshal(row)
		if err != nil {
			return err
		}
		line = append(line[:0], ",\n    "[min(n, 1)^1:]...)
		line = appendInert(line, string(data))
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	if len(page.Offers) > 0 {
		_, _ = out.WriteString("\n  ")
	}
	_, _ = out.WriteString("]\n}\n")
	return out.Flush()
}

func (s *offerSearch) offerData(o *vastapi.Offer) *offerJSON {
	one := &offerJSON{
		ID: int64(o.ID), MachineID: whole(o.MachineID), HostID: whole(o.HostID), GPUName: text(o.GPUName), GPUs: o.NumGPUs,
		GPURAM: figure(float64(o.GPURAM) / 1024), Hourly: figure64(s.cost(o)), DphTotal: figure64(o.DphTotal), DphBase: figure64(o.DphBase),
		MinBid: figure64(o.MinBid), Reserved: figure64(o.DiscountedDphTotal), StorageCost: figure64(o.StorageCost), UpCost: figure64(o.InetUpCost),
		DownCost: figure64(o.InetDownCost), DLPerf: figure64(o.DLPerf), Flops: figure64(o.TotalFlops), Reliability: figure64(o.Reliability),
		Verified: o.Verified(), Datacenter: o.Datacenter(), Rentable: truth(o.Rentable), Rented: truth(o.Rented), StaticIP: truth(o.StaticIP),
		DiskSpace: figure64(o.DiskSpace), DiskBW: figure64(o.DiskBW), InetDown: figure64(o.InetDown), InetUp: figure64(o.InetUp),
		CUDA: figure64(o.CUDA), Driver: text(o.Driver), CPUName: text(o.CPUName), CPUCores: figure64(o.CPUCoresShare),
		CPURAM: figure(o.CPURAMShare() / 1000), PCIeBW: figure64(o.PCIeBW), Region: words(region(o.Geolocation)), Country: words(o.Country), End: moment(o.EndDate),
	}
	if o.DirectPorts >= 0 {
		one.Ports = &o.DirectPorts
	}
	if o.Duration >= 0 {
		one.Hours = figure(o.Duration.Hours())
	}
	return one
}

func (s *offerSearch) placeData(o *vastapi.Offer) *placeJSON {
	hourly := o.StorageCost.Hourly(s.storage)
	return &placeJSON{
		ID: int64(o.ID), MachineID: whole(o.MachineID), HostID: whole(o.HostID), DiskSpace: figure64(o.DiskSpace), StorageCost: figure64(o.StorageCost),
		Hourly: figure64(hourly), Monthly: figure64(hourly.Month()), DiskBW: figure64(o.DiskBW), Reliability: figure64(o.Reliability),
		InetDown: figure64(o.InetDown), InetUp: figure64(o.InetUp), Region: words(region(o.Geolocation)), Country: words(o.Country),
	}
}

package main

import (
	"bufio"
	"fmt"
	"io"

	"vastdeck/vastapi"
)

// writeJSON writes a page, one row a line: tens of thousands of them are not held a
// second time.
func (s *offerSearch) writeJSON(w io.Writer, page vastapi.OfferPage) error {
	out := bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(out, "{\n  \"version\": %d,\n  \"provider\": %q,\n", schemaVersion, onlyProvider)
	if !s.volumes {
		fmt.Fprintf(out, "  \"type\": %q,\n", s.kind)
	}
	fmt.Fprintf(out, "  \"storage_gb\": %v,\n  \"more\": %t,\n  \"unread\": %d,\n  \"offers\": [", float64(s.storage), mayBeCut(page), page.Bad)
	appendRow := s.appendOffer
	if s.volumes {
		appendRow = s.appendPlace
	}
	var line jsonRow
	for n := range page.Offers {
		line = append(line[:0], ",\n    "[min(n, 1)^1:]...)
		appendRow(&line, &page.Offers[n])
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

// appendOffer appends one offer: rates in $/h for all its GPUs, sizes in GB, networks
// in Mbit/s.
func (s *offerSearch) appendOffer(r *jsonRow, o *vastapi.Offer) {
	r.begin()
	r.id("id", int64(o.ID))
	r.id("machine_id", int64(o.MachineID))
	r.id("host_id", int64(o.HostID))
	r.text("gpu_name", o.GPUName.String())
	r.count("num_gpus", int64(o.NumGPUs), 0)
	r.figure("gpu_ram_gb", float64(o.GPURAM)/1024) // of one GPU
	r.figure("hourly", float64(s.cost(o)))         // with the disk, as the type is rented
	r.figure("dph_total", float64(o.DphTotal))
	r.figure("dph_base", float64(o.DphBase))
	r.figure("min_bid", float64(o.MinBid))
	r.figure("discounted_dph_total", float64(o.DiscountedDphTotal))
	r.figure("storage_cost", float64(o.StorageCost))    // $ a GB and month
	r.figure("inet_up_cost", float64(o.InetUpCost))     // $ a GB
	r.figure("inet_down_cost", float64(o.InetDownCost)) // $ a GB
	r.figure("dlperf", o.DLPerf)
	r.figure("total_flops", o.TotalFlops)
	r.figure("reliability", o.Reliability)
	r.yes("verified", o.Verified())
	r.yes("datacenter", o.Datacenter())
	r.flag("rentable", o.Rentable)
	r.flag("rented", o.Rented)
	r.flag("static_ip", o.StaticIP)
	s.appendHardware(r, o)
	r.end()
}

// appendHardware appends what the machine has and where and until when it is.
func (s *offerSearch) appendHardware(r *jsonRow, o *vastapi.Offer) {
	r.figure("disk_space_gb", float64(o.DiskSpace))
	r.figure("disk_bw_mb_s", o.DiskBW)
	r.figure("inet_down_mbps", float64(o.InetDown))
	r.figure("inet_up_mbps", float64(o.InetUp))
	r.count("direct_port_count", int64(o.DirectPorts), 0)
	r.figure("cuda_max_good", o.CUDA)
	r.text("driver_version", o.Driver.String())
	r.text("cpu_name", o.CPUName.String())
	r.figure("cpu_cores_effective", o.CPUCoresShare)
	r.figure("cpu_ram_gb", o.CPURAMShare()/1000) // that comes with the offer
	r.figure("pcie_bw_gb_s", o.PCIeBW)
	r.text("geolocation", region(o.Geolocation))
	r.text("country", o.Country)
	if o.Duration < 0 {
		r.null("duration_hours")
	} else {
		r.figure("duration_hours", o.Duration.Hours())
	}
	r.moment("end_date", o.EndDate)
}

// appendPlace appends a place where a volume can be made.
func (s *offerSearch) appendPlace(r *jsonRow, o *vastapi.Offer) {
	hourly := o.StorageCost.Hourly(s.storage)
	r.begin()
	r.id("id", int64(o.ID))
	r.id("machine_id", int64(o.MachineID))
	r.id("host_id", int64(o.HostID))
	r.figure("disk_space_gb", float64(o.DiskSpace))
	r.figure("storage_cost", float64(o.StorageCost)) // $ a GB and month
	r.figure("hourly", float64(hourly))              // of the size asked for
	r.figure("monthly", float64(hourly.Month()))
	r.figure("disk_bw_mb_s", o.DiskBW)
	r.figure("reliability", o.Reliability)
	r.figure("inet_down_mbps", float64(o.InetDown))
	r.figure("inet_up_mbps", float64(o.InetUp))
	r.text("geolocation", region(o.Geolocation))
	r.text("country", o.Country)
	r.end()
}

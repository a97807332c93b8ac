package vastsim

import (
	"fmt"
	"math"
	"sync"
	"time"
)

// priceParts is the `search` and `instance` object of a row, all in $/h.
type priceParts struct {
	GPU        float64 `json:"gpuCostPerHour"`
	Disk       float64 `json:"diskHour"`
	Total      float64 `json:"totalHour"`
	Discount   float64 `json:"discountTotalHour"`
	Discounted float64 `json:"discountedTotalPerHour"`
}

// offerRow is one row of a search, key for key.
type offerRow struct {
	ID              int64      `json:"id"`
	Ask             int64      `json:"ask_contract_id"`
	Bundle          *int64     `json:"bundle_id"`
	Bundled         *int       `json:"bundled_results"`
	NVLink          *float64   `json:"bw_nvlink"`
	ComputeCap      *int       `json:"compute_cap"`
	CPUArch         string     `json:"cpu_arch"`
	CPUCores        *int       `json:"cpu_cores"`
	CPUEffective    float64    `json:"cpu_cores_effective"`
	CPUGHz          *float64   `json:"cpu_ghz"`
	CPUName         string     `json:"cpu_name"`
	CPURAM          float64    `json:"cpu_ram"`
	DiscountMax     float64    `json:"credit_discount_max"`
	CUDA            float64    `json:"cuda_max_good"`
	Ports           int        `json:"direct_port_count"`
	DiskBW          float64    `json:"disk_bw"`
	DiskName        string     `json:"disk_name"`
	DiskSpace       float64    `json:"disk_space"`
	DLPerf          *float64   `json:"dlperf"`
	DLPerfPerDollar *float64   `json:"dlperf_per_dphtotal"`
	DPHBase         float64    `json:"dph_base"`
	DPHTotal        float64    `json:"dph_total"`
	DPHAdjusted     float64    `json:"dph_total_adj"`
	Driver          string     `json:"driver_version"`
	DriverNumber    int64      `json:"driver_vers"`
	Duration        float64    `json:"duration"`
	EndDate         float64    `json:"end_date"`
	External        *bool      `json:"external"`
	FlopsPerDollar  *float64   `json:"flops_per_dphtotal"`
	Geolocation     *string    `json:"geolocation"`
	Geolocode       int64      `json:"geolocode"`
	GPUArch         string     `json:"gpu_arch"`
	Display         bool       `json:"gpu_display_active"`
	GPUFrac         float64    `json:"gpu_frac"`
	GPUIDs          []int64    `json:"gpu_ids"`
	GPULanes        int        `json:"gpu_lanes"`
	GPUMemBW        float64    `json:"gpu_mem_bw"`
	GPUName         string     `json:"gpu_name"`
	GPURAM          float64    `json:"gpu_ram"`
	GPUTotalRAM     float64    `json:"gpu_total_ram"`
	GPUMaxPower     float64    `json:"gpu_max_power"`
	GPUMaxTemp      float64    `json:"gpu_max_temp"`
	AVX             int        `json:"has_avx"`
	HostID          int64      `json:"host_id"`
	Hosting         *int       `json:"hosting_type"`
	Hostname        *string    `json:"hostname"`
	InetDown        float64    `json:"inet_down"`
	InetDownCost    float64    `json:"inet_down_cost"`
	InetUp          float64    `json:"inet_up"`
	InetUpCost      float64    `json:"inet_up_cost"`
	UpPerTB         float64    `json:"internet_up_cost_per_tb"`
	DownPerTB       float64    `json:"internet_down_cost_per_tb"`
	IsBid           bool       `json:"is_bid"`
	Logo            string     `json:"logo"`
	MachineID       int64      `json:"machine_id"`
	MinBid          *float64   `json:"min_bid"`
	Mobo            string     `json:"mobo_name"`
	NumGPUs         int        `json:"num_gpus"`
	OS              string     `json:"os_version"`
	PCIGen          float64    `json:"pci_gen"`
	PCIeBW          float64    `json:"pcie_bw"`
	IP              string     `json:"public_ipaddr"`
	Reliability     float64    `json:"reliability"`
	Reliability2    float64    `json:"reliability2"`
	ReliabilityMult float64    `json:"reliability_mult"`
	Expected        float64    `json:"expected_reliability"`
	Rentable        bool       `json:"rentable"`
	Rented          bool       `json:"rented"`
	Score           *float64   `json:"score"`
	StartDate       float64    `json:"start_date"`
	StaticIP        bool       `json:"static_ip"`
	StorageCost     float64    `json:"storage_cost"`
	StorageTotal    float64    `json:"storage_total_cost"`
	TotalFlops      float64    `json:"total_flops"`
	Verification    *string    `json:"verification"`
	Vericode        *int       `json:"vericode"`
	VRAMPrice       float64    `json:"vram_costperhour"`
	Webpage         *string    `json:"webpage"`
	VMs             bool       `json:"vms_enabled"`
	VMDeverified    bool       `json:"is_vm_deverified"`
	Resource        string     `json:"resource_type"`
	Cluster         *int64     `json:"cluster_id"`
	VolAsk          *int64     `json:"avail_vol_ask_id"`
	VolDPH          *float64   `json:"avail_vol_dph"`
	VolSize         *float64   `json:"avail_vol_size"`
	NwMin           *float64   `json:"nw_disk_min_bw"`
	NwMax           *float64   `json:"nw_disk_max_bw"`
	NwAvg           *float64   `json:"nw_disk_avg_bw"`
	PlatformFee     *float64   `json:"platform_fee"`
	Rank            int        `json:"rn"`
	DiscountRate    float64    `json:"discount_rate"`
	DiscountHourly  float64    `json:"discounted_hourly"`
	DiscountedTotal float64    `json:"discounted_dph_total"`
	Search          priceParts `json:"search"`
	Instance        priceParts `json:"instance"`
	Remaining       string     `json:"time_remaining"`
	RemainingBid    string     `json:"time_remaining_isbid"`
	Pending         int        `json:"pending_count"`
}

func ptr[T any](v T) *T { return &v }

// offerColumns() are the columns a search can filter and sort by.
var offerColumns = sync.OnceValue(func() columns { return columnsOf(offerRow{}) })

// offerRow fills one row for the storage and the pricing that were asked for.
func (w *World) offerRow(o offer, s search, rented bool) *offerRow {
	m, h, g := o.m, o.m.host, o.m.model
	n := float64(o.gpus)
	frac := n / float64(m.gpus)
	r := &offerRow{
		ID: o.id, Ask: o.id, NumGPUs: o.gpus, GPUFrac: frac, MachineID: m.id, HostID: h.id,
		CPUArch: m.cpu.arch, CPUName: m.cpu.name, Mobo: m.cpu.mobo, CPURAM: m.ram,
		CPUEffective: round(float64(m.cpu.cores)*frac, 1), DiskBW: m.drive.bw, DiskName: m.drive.name,
		DiskSpace: o.space(), CUDA: m.driver.cuda, Driver: m.driver.version,
		DriverNumber: driverCode(m.driver.version), Ports: o.ports(),
		Duration: (m.end - w.clock).Seconds(), EndDate: w.epochSeconds(m.end), StartDate: w.epochSeconds(-m.age),
		GPUArch: g.arch(), Display: m.display, GPULanes: g.lanes, GPUMemBW: g.memBW, GPUName: g.name,
		GPURAM: g.vram, GPUTotalRAM: g.vram * n, GPUMaxPower: g.power, GPUMaxTemp: 87, AVX: 1,
		Hosting: m.hosting, InetDown: h.down, InetUp: h.up, InetDownCost: h.downCost, InetUpCost: h.upCost,
		UpPerTB: round(h.upCost*1000, 6), DownPerTB: round(h.downCost*1000, 6),
		Logo: "/static/logos/vastai_small2.png", OS: m.os, PCIGen: g.pcie, PCIeBW: m.pcie, IP: m.ip,
		Reliability: m.reliability, Reliability2: m.reliability, ReliabilityMult: round(m.reliability*0.9834, 7),
		Expected: m.reliability, Rentable: o.rentable, Rented: rented, StaticIP: h.static,
		StorageCost: h.storage, TotalFlops: o.tflops(), VMs: m.vms, Resource: "gpu",
		DiscountMax: m.discountMax, DPHBase: o.base, Geolocation: ptr(h.place.text),
		Geolocode: int64(mix(uint64(h.place.country[0])<<8|uint64(h.place.country[1])) % 900_000_000),
		Bundle:    ptr(int64(600_000 + m.idx)), NVLink: ptr(g.nvlink), DLPerf: ptr(o.dlperf()),
	}
	for i := range o.gpus {
		r.GPUIDs = append(r.GPUIDs, m.id*10+int64(o.first+i))
	}
	if m.coresKnown {
		r.CPUCores, r.CPUGHz = ptr(m.cpu.cores), ptr(m.cpu.ghz)
	}
	if g.cap > 0 {
		r.ComputeCap = ptr(g.cap)
	}
	if m.idx%29 == 7 {
		r.IP += " \n" // stray whitespace is part of the real answers
	}
	if v := h.verification; v != "" {
		r.Verification = ptr(v)
		r.Vericode = ptr(map[string]int{"unverified": 0, "verified": 1, "deverified": 2}[v])
	}
	w.offerVolume(r, m)
	w.offerPrices(r, o, s)
	return r
}

// tune is how well this machine does against the mean of its model.
func (m *machine) tune() float64 { return 0.93 + 0.12*math.Mod(float64(m.idx)*0.618034, 1) }

func (w *World) offerVolume(r *offerRow, m *machine) {
	if left := m.volumeGB - m.usedVols; left >= 1 {
		r.VolAsk = ptr(w.volumeAsk(m))
		r.VolSize = ptr(left)
		r.VolDPH = ptr(left * m.volumeCost / monthHours)
	}
}

// offerPrices fills everything that depends on the price.
func (w *World) offerPrices(r *offerRow, o offer, s search) {
	disk, gpu := o.disk(&s), o.gpu(&s)
	if o.minBid > 0 {
		r.MinBid = ptr(o.minBid)
	}
	r.IsBid = s.pricing == "bid"
	rate := o.discount(w.clock, &s)
	r.StorageTotal = disk
	r.DPHTotal = gpu + disk
	r.DPHAdjusted = r.DPHTotal * (2 - o.m.reliability)
	r.DiscountRate = rate
	r.DiscountedTotal = gpu*(1-rate) + disk
	r.Search = priceParts{gpu, disk, r.DPHTotal, gpu * rate, r.DiscountedTotal}
	r.Instance = priceParts{0, disk, disk, 0, disk}
	r.VRAMPrice = r.DPHTotal / r.GPUTotalRAM
	if r.DPHTotal > 0 {
		r.DLPerfPerDollar = ptr(o.perDollar(r.DPHTotal))
		r.FlopsPerDollar = ptr(round(r.TotalFlops/r.DPHTotal, 6))
		r.Score = ptr(o.score(r.DPHTotal))
	}
	left := o.m.end - w.clock
	if left < 30*day {
		r.Remaining = fmt.Sprintf("%d D %d Hr", left/day, left%day/time.Hour)
	}
}

package vastsim

import (
	"reflect"
	"slices"
	"sync"
)

// volumeOfferRow is one row of a volume search.
type volumeOfferRow struct {
	ID           int64    `json:"id"`
	Ask          int64    `json:"ask_contract_id"`
	MachineID    *int64   `json:"machine_id"`
	HostID       int64    `json:"host_id"`
	Bundle       int64    `json:"bundle_id"`
	Cluster      *int64   `json:"cluster_id"`
	DiskSpace    float64  `json:"disk_space"`
	DiskBW       float64  `json:"disk_bw"`
	DiskName     string   `json:"disk_name"`
	StorageCost  float64  `json:"storage_cost"`
	StorageTotal float64  `json:"storage_total_cost"`
	Duration     float64  `json:"duration"`
	StartDate    float64  `json:"start_date"`
	EndDate      float64  `json:"end_date"`
	InetUp       float64  `json:"inet_up"`
	InetDown     float64  `json:"inet_down"`
	InetUpCost   float64  `json:"inet_up_cost"`
	InetDownCost float64  `json:"inet_down_cost"`
	Reliability  float64  `json:"reliability"`
	Reliability2 float64  `json:"reliability2"`
	ReliabMult   float64  `json:"reliability_mult"`
	Geolocation  string   `json:"geolocation"`
	Geolocode    int64    `json:"geolocode"`
	Verification *string  `json:"verification"`
	Vericode     *int     `json:"vericode"`
	Hosting      *int     `json:"hosting_type"`
	StaticIP     bool     `json:"static_ip"`
	External     *bool    `json:"external"`
	VMs          bool     `json:"vms_enabled"`
	CUDA         float64  `json:"cuda_max_good"`
	Driver       string   `json:"driver_version"`
	DriverNumber int64    `json:"driver_vers"`
	CPUName      string   `json:"cpu_name"`
	CPUArch      string   `json:"cpu_arch"`
	CPURAM       float64  `json:"cpu_ram"`
	CPUGHz       *float64 `json:"cpu_ghz"`
	CPUCores     *int     `json:"cpu_cores"`
	Mobo         string   `json:"mobo_name"`
	GPUArch      string   `json:"gpu_arch"`
	OS           string   `json:"os_version"`
	PCIGen       float64  `json:"pci_gen"`
	PCIeBW       float64  `json:"pcie_bw"`
	AVX          int      `json:"has_avx"`
	TotalFlops   float64  `json:"total_flops"`
	NwMin        *float64 `json:"nw_disk_min_bw"`
	NwAvg        *float64 `json:"nw_disk_avg_bw"`
	NwMax        *float64 `json:"nw_disk_max_bw"`
}

var volumeOfferColumns = sync.OnceValue(func() columns { return columnsOf(volumeOfferRow{}) })

func (w *World) volumeOffer(m *machine, storage float64) *volumeOfferRow {
	o := w.offerRow(offer{m: m, gpus: m.gpus, base: m.base}, search{}, false)
	return &volumeOfferRow{
		ID: w.volumeAsk(m), Ask: w.volumeAsk(m), MachineID: ptr(o.MachineID), HostID: o.HostID, Bundle: *o.Bundle,
		DiskSpace: m.volumeGB - m.usedVols, DiskBW: o.DiskBW, DiskName: o.DiskName,
		StorageCost: m.volumeCost, StorageTotal: m.volumeCost * storage / monthHours,
		Duration: o.Duration, StartDate: o.StartDate, EndDate: o.EndDate, InetUp: o.InetUp, InetDown: o.InetDown,
		InetUpCost: o.InetUpCost, InetDownCost: o.InetDownCost, Reliability: o.Reliability, Reliability2: o.Reliability2,
		ReliabMult: o.ReliabilityMult, Geolocation: *o.Geolocation, Geolocode: o.Geolocode, Verification: o.Verification,
		Vericode: o.Vericode, Hosting: o.Hosting, StaticIP: o.StaticIP, VMs: o.VMs, CUDA: o.CUDA, Driver: o.Driver,
		DriverNumber: o.DriverNumber, CPUName: o.CPUName, CPUArch: o.CPUArch, CPURAM: o.CPURAM, CPUCores: o.CPUCores, CPUGHz: o.CPUGHz,
		Mobo: o.Mobo, GPUArch: o.GPUArch, OS: o.OS, PCIGen: o.PCIGen, PCIeBW: o.PCIeBW, AVX: o.AVX, TotalFlops: o.TotalFlops,
	}
}

// searchVolumes is POST /volumes/search/.
func (w *World) searchVolumes(q *request) answer { return w.searchPlaces(q, w.volumeOffers) }

// volumeOffers are the machines that have room for a volume.
func (w *World) volumeOffers(storage float64) []*volumeOfferRow {
	var rows []*volumeOfferRow
	for _, m := range w.machines {
		if m.volumeGB-m.usedVols >= 1 && !w.offline(m, w.clock) && w.clock < m.end {
			rows = append(rows, w.volumeOffer(m, storage))
		}
	}
	return rows
}

// searchPlaces answers a search among places for volumes.
func (w *World) searchPlaces(q *request, all func(storage float64) []*volumeOfferRow) answer {
	tests, order, limit, storage, err := w.compileVolumeSearch(q.body)
	if err != nil {
		return fail(400, "invalid_args", err.Error())
	}
	rows := []*volumeOfferRow{}
	for _, row := range all(storage) {
		v := reflect.ValueOf(row).Elem()
		if q.lies || !slices.ContainsFunc(tests, func(t test) bool { return !t(v) }) {
			rows = append(rows, row)
		}
	}
	sortRows(rows, order)
	return reply(200, map[string]any{"offers": rows[:min(len(rows), limit)]})
}

func (w *World) compileVolumeSearch(b body) (tests []test, order []ordering, limit int, storage float64, err error) {
	limit, storage = 64, 1
	if n, given := b.num("allocated_storage"); given {
		storage = n
		c := volumeOfferColumns()["disk_space"]
		tests = append(tests, func(row reflect.Value) bool { return cellAt(row, c).num >= storage })
	}
	if n, given := b.num("limit"); given {
		limit = max(0, int(n))
	}
	limit = min(limit, w.cfg.maxLimit)
	aliases := map[string]string{
		"reliability2": "reliability", "driver_version": "driver_vers", "ubuntu_version": "os_version",
		"score": "reliability", "cuda_vers": "cuda_max_good",
	}
	if order, err = orderOf(b["order"], volumeOfferColumns(), aliases); err != nil {
		return nil, nil, 0, 0, err
	}
	for _, name := range slices.Sorted(keysOf(b)) {
		if _, isFilter := b[name].(map[string]any); controlKeys[name] && !isFilter {
			continue
		}
		t, err := volumeTest(name, b[name], aliases)
		if err != nil {
			return nil, nil, 0, 0, err
		}
		tests = append(tests, t)
	}
	return tests, order, limit, storage, nil
}

// volumeTest compiles the filter of one column of a volume offer.
func volumeTest(name string, ops any, aliases map[string]string) (test, error) {
	if t, found, err := virtualTest(name, ops, readerOf(volumeOfferColumns())); found {
		return t, err
	}
	if name == "driver_version" {
		ops = driverNumbers(ops)
	}
	return columnTest(name, ops, volumeOfferColumns(), aliases, readerOf(volumeOfferColumns()))
}

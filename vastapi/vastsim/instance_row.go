package vastsim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rawText is a text whose bytes are sent as they are, valid UTF-8 or not.
type rawText string

// MarshalJSON quotes the text without mending its encoding, as a server would
// that never looks at it.
func (t rawText) MarshalJSON() ([]byte, error) {
	out := []byte{'"'}
	for _, b := range []byte(t) {
		switch {
		case b == '"' || b == '\\':
			out = append(out, '\\', b)
		case b < 0x20 || b == 0x7f:
			out = fmt.Appendf(out, "\\u%04x", b)
		default:
			out = append(out, b)
		}
	}
	return append(out, '"'), nil
}

// portBinding is one entry of the ports object.
type portBinding struct {
	HostIP   string `json:"HostIp"`
	HostPort string `json:"HostPort"`
}

// volumeInfo is one entry of volume_info.
type volumeInfo struct {
	ID         int64   `json:"id"`
	TotalSpace float64 `json:"total_space"`
	AvailSpace float64 `json:"avail_space"`
	MountPath  string  `json:"mount_path"`
}

// instanceRow is one instance, key for key. The single call leaves out
// volume_info and country_code.
type instanceRow struct {
	ID              int64                    `json:"id"`
	Actual          *string                  `json:"actual_status"`
	Intended        string                   `json:"intended_status"`
	Cur             string                   `json:"cur_state"`
	Next            string                   `json:"next_state"`
	Msg             *string                  `json:"status_msg"`
	Label           *rawText                 `json:"label"`
	MachineID       int64                    `json:"machine_id"`
	HostID          int64                    `json:"host_id"`
	Bundle          int64                    `json:"bundle_id"`
	GPUName         string                   `json:"gpu_name"`
	NumGPUs         int                      `json:"num_gpus"`
	GPURAM          float64                  `json:"gpu_ram"`
	GPUTotalRAM     float64                  `json:"gpu_totalram"`
	GPUFrac         float64                  `json:"gpu_frac"`
	GPUArch         string                   `json:"gpu_arch"`
	GPULanes        int                      `json:"gpu_lanes"`
	GPUMemBW        float64                  `json:"gpu_mem_bw"`
	GPUUtil         *float64                 `json:"gpu_util"`
	GPUTemp         *float64                 `json:"gpu_temp"`
	ComputeCap      *int                     `json:"compute_cap"`
	NVLink          float64                  `json:"bw_nvlink"`
	CPUUtil         *float64                 `json:"cpu_util"`
	CPUCores        *int                     `json:"cpu_cores"`
	CPUEffective    float64                  `json:"cpu_cores_effective"`
	CPURAM          float64                  `json:"cpu_ram"`
	CPUName         string                   `json:"cpu_name"`
	CPUArch         string                   `json:"cpu_arch"`
	MemUsage        *float64                 `json:"mem_usage"`
	MemLimit        *float64                 `json:"mem_limit"`
	VmemUsage       *float64                 `json:"vmem_usage"`
	DiskSpace       float64                  `json:"disk_space"`
	DiskUsage       float64                  `json:"disk_usage"`
	DiskUtil        float64                  `json:"disk_util"`
	DiskBW          float64                  `json:"disk_bw"`
	DiskName        string                   `json:"disk_name"`
	DPHTotal        float64                  `json:"dph_total"`
	DPHBase         float64                  `json:"dph_base"`
	MinBid          *float64                 `json:"min_bid"`
	IsBid           bool                     `json:"is_bid"`
	Search          priceParts               `json:"search"`
	Instance        priceParts               `json:"instance"`
	StorageCost     float64                  `json:"storage_cost"`
	StorageTotal    float64                  `json:"storage_total_cost"`
	InetUpCost      float64                  `json:"inet_up_cost"`
	InetDownCost    float64                  `json:"inet_down_cost"`
	InetUp          float64                  `json:"inet_up"`
	InetDown        float64                  `json:"inet_down"`
	UpPerTB         float64                  `json:"internet_up_cost_per_tb"`
	DownPerTB       float64                  `json:"internet_down_cost_per_tb"`
	Image           string                   `json:"image_uuid"`
	Runtype         string                   `json:"image_runtype"`
	Args            []string                 `json:"image_args"`
	Env             [][2]string              `json:"extra_env"`
	Onstart         *string                  `json:"onstart"`
	TemplateID      *int64                   `json:"template_id"`
	TemplateHash    *string                  `json:"template_hash_id"`
	TemplateName    *string                  `json:"template_name"`
	SSHHost         string                   `json:"ssh_host"`
	SSHPort         int64                    `json:"ssh_port"`
	SSHIdx          string                   `json:"ssh_idx"`
	MachineDirPort  int                      `json:"machine_dir_ssh_port"`
	IP              string                   `json:"public_ipaddr"`
	LocalIPs        string                   `json:"local_ipaddrs"`
	Ports           map[string][]portBinding `json:"ports"`
	DirectCount     int                      `json:"direct_port_count"`
	DirectStart     int                      `json:"direct_port_start"`
	DirectEnd       int                      `json:"direct_port_end"`
	StaticIP        bool                     `json:"static_ip"`
	JupyterToken    string                   `json:"jupyter_token"`
	StartDate       float64                  `json:"start_date"`
	EndDate         float64                  `json:"end_date"`
	Duration        float64                  `json:"duration"`
	Uptime          *float64                 `json:"uptime_mins"`
	ClientRunTime   float64                  `json:"client_run_time"`
	HostRunTime     float64                  `json:"host_run_time"`
	Remaining       string                   `json:"time_remaining"`
	RemainingBid    string                   `json:"time_remaining_isbid"`
	Geolocation     string                   `json:"geolocation"`
	Country         string                   `json:"country_code,omitempty"`
	Verification    *string                  `json:"verification"`
	Reliability2    float64                  `json:"reliability2"`
	Hosting         *int                     `json:"hosting_type"`
	Rentable        bool                     `json:"rentable"`
	External        *bool                    `json:"external"`
	CreditBalance   *float64                 `json:"credit_balance"`
	CreditDiscount  *float64                 `json:"credit_discount"`
	DiscountMax     float64                  `json:"credit_discount_max"`
	CUDA            float64                  `json:"cuda_max_good"`
	Driver          string                   `json:"driver_version"`
	OS              string                   `json:"os_version"`
	Mobo            string                   `json:"mobo_name"`
	PCIGen          float64                  `json:"pci_gen"`
	PCIeBW          float64                  `json:"pcie_bw"`
	DLPerf          float64                  `json:"dlperf"`
	DLPerfPerDollar *float64                 `json:"dlperf_per_dphtotal"`
	TotalFlops      float64                  `json:"total_flops"`
	FlopsPerDollar  *float64                 `json:"flops_per_dphtotal"`
	Score           *float64                 `json:"score"`
	VRAMPrice       *float64                 `json:"vram_costperhour"`
	VolumeInfo      *[]volumeInfo            `json:"volume_info,omitempty"`
	Logo            string                   `json:"logo"`
	Webpage         *string                  `json:"webpage"`
}

// instanceRow fills a row as of the clock.
func (w *World) instanceRow(in *instance) *instanceRow {
	m, h, g := in.m, in.m.host, in.m.model
	n := float64(in.gpus)
	frac := n / float64(m.gpus)
	disk := in.storage * in.disk / monthHours
	r := &instanceRow{
		ID: in.id, Intended: in.intended, Cur: in.cur, Next: in.next, Label: in.label, MachineID: m.id, HostID: h.id,
		Bundle: int64(600_000 + m.idx), GPUName: g.name, NumGPUs: in.gpus, GPURAM: g.vram, GPUTotalRAM: g.vram * n,
		GPUFrac: frac, GPUArch: g.arch(), GPULanes: g.lanes, GPUMemBW: g.memBW, NVLink: g.nvlink,
		CPUEffective: round(float64(m.cpu.cores)*frac, 1), CPURAM: m.ram, CPUName: m.cpu.name, CPUArch: m.cpu.arch,
		DiskSpace: in.disk, DiskBW: m.drive.bw, DiskName: m.drive.name, DiskUsage: -1, DiskUtil: -1,
		DPHBase: in.hourly(), DPHTotal: in.hourly() + disk, IsBid: in.bid,
		StorageCost: in.storage, StorageTotal: disk, InetUpCost: h.upCost, InetDownCost: h.downCost,
		InetUp: h.up, InetDown: h.down, UpPerTB: round(h.upCost*1000, 6), DownPerTB: round(h.downCost*1000, 6),
		Image: in.image, Runtype: in.runtype, Args: in.args, Env: in.env,
		MachineDirPort: 5000 + m.idx%900, IP: m.ip, LocalIPs: "10.0." + strconv.Itoa(m.idx%250) + ".7 172.17.0.1 \n",
		DirectCount: -1, DirectStart: -1, DirectEnd: -1, StaticIP: h.static, JupyterToken: in.jupyterToken,
		StartDate: w.epochSeconds(in.created), EndDate: w.epochSeconds(in.end()), Duration: (in.end() - w.clock).Seconds(),
		ClientRunTime: 1.1, HostRunTime: 259200, Geolocation: h.place.text, Country: h.place.country,
		Reliability2: m.reliability, Hosting: m.hosting, Rentable: true, DiscountMax: m.discountMax,
		CUDA: m.driver.cuda, Driver: m.driver.version, OS: m.os, Mobo: m.cpu.mobo, PCIGen: g.pcie, PCIeBW: m.pcie,
		DLPerf: round(g.dlperf*n*m.tune(), 4), TotalFlops: round(g.tflops*n, 4),
		VolumeInfo: &[]volumeInfo{}, Logo: "/static/logos/vastai_small2.png",
	}
	if m.idx%29 == 7 {
		r.IP += " \n"
	}
	if m.coresKnown {
		r.CPUCores = ptr(m.cpu.cores)
	}
	if g.cap > 0 {
		r.ComputeCap = ptr(g.cap)
	}
	if h.verification != "" {
		r.Verification = ptr(h.verification)
	}
	if m.biddable {
		r.MinBid = ptr(w.floorOf(in))
	}
	if in.onstart != "" {
		r.Onstart = ptr(in.onstart)
	}
	if t := in.template; t != nil {
		r.TemplateID, r.TemplateHash, r.TemplateName = ptr(t.ID), ptr(t.Hash), ptr(t.Name)
	}
	if r.Args == nil {
		r.Args = []string{}
	}
	if r.Env == nil {
		r.Env = [][2]string{}
	}
	w.instanceState(in, r)
	w.instanceMoney(in, r, disk)
	return r
}

// instanceState fills what depends on how the container is.
func (w *World) instanceState(in *instance, r *instanceRow) {
	if in.actual != "" {
		r.Actual = ptr(in.actual)
		r.Msg = ptr(in.msg)
	}
	idx := 1 + int(in.id%9)
	r.SSHIdx = strconv.Itoa(idx)
	r.SSHHost = fmt.Sprintf("ssh%d.vast.ai", idx)
	r.SSHPort = 10000 + in.id%10000
	w.redirectProxy(r)
	for _, v := range in.volumes {
		*r.VolumeInfo = append(*r.VolumeInfo, volumeInfo{
			ID: v.volume.id, TotalSpace: v.volume.size, AvailSpace: v.volume.avail(w), MountPath: v.path,
		})
	}
	if in.actual == "" || in.actual == "created" || in.actual == "loading" {
		return
	}
	used := in.pullGB*2.1 + 0.4*in.disk*w.unit(drawUsage, uint64(in.id), 3)
	used += (w.clock - in.created).Hours() * 0.01
	r.DiskUsage = round(min(used, in.disk*0.97), 3)
	if in.fill != nil {
		r.DiskUsage = round(min(*in.fill, in.disk), 3)
	}
	r.DiskUtil = round(r.DiskUsage/in.disk, 4)
	if in.actual != "running" {
		return
	}
	r.Ports = w.portsOf(in)
	w.redirectDirect(r)
	if len(r.Ports) > 0 {
		r.DirectCount, r.DirectStart = len(r.Ports), portBase(in)
		r.DirectEnd = r.DirectStart + len(r.Ports) - 1
	}
	load := w.usage(in, 4, 10*time.Second)
	r.GPUUtil = ptr(round(min(100, 38+62*load), 1))
	if in.load != nil {
		load = *in.load / 100
		r.GPUUtil = ptr(round(min(100, *in.load), 1))
	}
	r.GPUTemp = ptr(round(41+37*load, 0))
	r.CPUUtil = ptr(round(0.04+0.5*w.usage(in, 5, 10*time.Second), 4))
	limit := round(in.m.ram*float64(in.gpus)/float64(in.m.gpus)/1000, 1)
	r.MemLimit = ptr(limit)
	r.MemUsage = ptr(round(limit*(0.15+0.5*w.usage(in, 6, time.Minute)), 3))
	r.VmemUsage = ptr(round(in.m.model.vram*float64(in.gpus)/1024*(0.3+0.6*load), 3))
	if in.id%3 != 0 { // often null in the real answers
		r.Uptime = ptr(round((w.clock - in.upSince).Minutes(), 1))
	}
}

// redirectProxy makes r name the ssh server of WithSSH as its proxy. With jupyter in
// the run type, clients go to the port above the one that is named.
func (w *World) redirectProxy(r *instanceRow) {
	if w.cfg.sshHost == "" {
		return
	}
	r.SSHHost, r.SSHPort = w.cfg.sshHost, int64(w.cfg.sshPort)
	if strings.Contains(r.Runtype, "jupyter") {
		r.SSHPort--
	}
}

// redirectDirect makes r name that server as its direct port.
func (w *World) redirectDirect(r *instanceRow) {
	if _, mapped := r.Ports["22/tcp"]; w.cfg.sshHost == "" || !mapped {
		return
	}
	r.IP = w.cfg.sshHost
	r.Ports["22/tcp"] = []portBinding{{"0.0.0.0", strconv.Itoa(w.cfg.sshPort)}}
}

// usage wanders between 0 and 1 in steps of the given length.
func (w *World) usage(in *instance, what uint64, step time.Duration) float64 {
	k := (w.clock - in.upSince) / step
	wave := 0.5 + 0.4*math.Sin(float64(k)*0.07+float64(in.id%7)+float64(what))
	return max(0, min(1, wave+0.2*(w.unit(drawUsage, uint64(in.id), what, uint64(k))-0.5)))
}

// instanceMoney fills the two price objects and the reservation.
func (w *World) instanceMoney(in *instance, r *instanceRow, disk float64) {
	gpu := in.hourly()
	r.Search = priceParts{gpu, disk, gpu + disk, gpu * in.discount, gpu*(1-in.discount) + disk}
	now := w.ratesOf(in)
	r.Instance = priceParts{now.gpu, now.disk, now.gpu + now.disk, 0, now.gpu + now.disk}
	if in.discount > 0 && in.billsGPU() {
		r.Instance = priceParts{gpu, now.disk, gpu + now.disk, gpu * in.discount, now.gpu + now.disk}
	}
	if in.deposit > 0 {
		r.CreditBalance, r.CreditDiscount = ptr(round(w.depositLeft(in), 6)), ptr(in.discount)
	}
	if r.DPHTotal > 0 {
		r.DLPerfPerDollar = ptr(round(r.DLPerf/r.DPHTotal, 6))
		r.FlopsPerDollar = ptr(round(r.TotalFlops/r.DPHTotal, 6))
		r.VRAMPrice = ptr(r.DPHTotal / r.GPUTotalRAM)
	}
	if left := in.end() - w.clock; left < 30*day && left > 0 {
		r.Remaining = fmt.Sprintf("%d D %d Hr", left/day, left%day/time.Hour)
	}
}

// portBase is the first public port of an instance.
func portBase(in *instance) int { return 20000 + int(mix(uint64(in.id))%40000) }

// portsOf maps what the run type and the environment ask for to public ports.
// The host side of `-p A:B` is ignored, the public port is arbitrary; ports from
// 70000 on get the same number inside and outside.
func (w *World) portsOf(in *instance) map[string][]portBinding {
	if in.m.ports == 0 {
		return map[string][]portBinding{}
	}
	var inner []string
	if strings.Contains(in.runtype, "direc") {
		inner = append(inner, "22/tcp")
		if strings.Contains(in.runtype, "jupyter") {
			inner = append(inner, "8080/tcp")
		}
	}
	for _, kv := range in.env {
		spec, isPort := strings.CutPrefix(kv[0], "-p ")
		if !isPort {
			continue
		}
		if i := strings.LastIndex(spec, ":"); i >= 0 {
			spec = spec[i+1:]
		}
		if !strings.Contains(spec, "/") {
			spec += "/tcp"
		}
		if !slices.Contains(inner, spec) {
			inner = append(inner, spec)
		}
	}
	out := map[string][]portBinding{}
	for i, p := range inner {
		public := strconv.Itoa(portBase(in) + i)
		number, protocol, _ := strings.Cut(p, "/")
		if n, err := strconv.Atoi(number); err == nil && n >= 70000 {
			p = public + "/" + protocol
		}
		out[p] = []portBinding{{"0.0.0.0", public}, {"::", public}}
	}
	return out
}

// showLine reports a machine without connection.
func (w *World) showLine(r *instanceRow) {
	if m := w.byID[r.MachineID]; m != nil && w.offline(m, w.clock) {
		r.Actual = ptr("offline")
		r.Ports = nil
	}
}

package vastapi

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi/safetext"
)

var unknownInstance = func() Instance {
	nan := math.NaN()
	return Instance{
		GPURAM: MiB(nan), GPUUtil: nan, GPUTemp: nan, VRAMUsed: nan, CPUUtil: nan, CPUCores: nan, CPURAM: nan, MemUsed: nan, MemLimit: nan,
		Disk: GB(nan), DiskUsed: GB(nan), InetUp: Mbps(nan), InetDown: Mbps(nan),
		DphTotal: Rate(nan), DphBase: Rate(nan), MinBid: Rate(nan), BilledNow: Rate(nan), IfRunning: Rate(nan),
		StorageCost: PerGBMonth(nan), StorageTotal: Rate(nan), InetUpCost: PerGB(nan), InetDownCost: PerGB(nan),
		Reliability: nan, CUDA: nan, Deposit: Amount(nan), Discount: nan, DiscountMax: nan,
	}
}()

// instance reads one row.
func (d *sorter) instance(s *scanner) (Instance, error) {
	i := unknownInstance
	code := ""
	err := s.fields(func(key []byte, v value) error {
		if string(key) == "country_code" {
			code = country(d.text(v))
		}
		switch {
		case d.instanceState(key, v, &i), d.instanceMachine(key, v, &i), d.instancePrice(key, v, &i), d.instanceAccess(key, v, &i):
		}
		return nil
	})
	if err != nil {
		return i, err
	}
	if i.ID <= 0 {
		return i, errNoID
	}
	if i.Country = country(i.Geolocation); i.Country == "" {
		i.Country = code
	}
	return i, nil
}

// instanceState takes the fields about the contract.
func (d *sorter) instanceState(key []byte, v value, i *Instance) bool {
	switch string(key) {
	case "id":
		if n, ok := v.id(); ok {
			i.ID = InstanceID(n)
		}
	case "machine_id":
		if n, ok := v.id(); ok {
			i.MachineID = MachineID(n)
		}
	case "host_id":
		if n, ok := v.id(); ok {
			i.HostID = HostID(n)
		}
	case "label":
		i.Label = d.text(v)
	case "actual_status":
		i.Actual = d.text(v)
	case "intended_status":
		i.Intended = d.text(v)
	case "cur_state":
		i.Cur = d.text(v)
	case "next_state":
		i.Next = d.text(v)
	case "status_msg":
		i.Status = d.text(v)
	case "start_date":
		i.Start = v.moment()
	case "end_date":
		i.End = v.moment()
	case "is_bid":
		i.Bid = v.flag().Yes()
	case "image_uuid":
		i.Image = d.text(v)
	case "image_runtype":
		i.RunType = d.text(v)
	case "template_name":
		i.Template = d.text(v)
	case "template_hash_id":
		i.TemplateHash = hash(v.words())
	case "onstart":
		i.OnStart = d.text(v)
	case "extra_env":
		i.Env = d.environment(v)
	case "volume_info":
		i.Volumes = volumeIDs(v)
	default:
		return false
	}
	return true
}

// instanceMachine takes the fields about the hardware.
func (d *sorter) instanceMachine(key []byte, v value, i *Instance) bool {
	switch string(key) {
	case "gpu_name":
		i.GPUName = d.text(v)
	case "num_gpus":
		i.NumGPUs = v.count(0)
	case "gpu_ram":
		i.GPURAM = MiB(v.positive())
	case "gpu_util":
		i.GPUUtil = v.positive()
	case "gpu_temp":
		i.GPUTemp = v.num()
	case "cpu_util":
		i.CPUUtil = v.positive()
	case "cpu_cores_effective":
		i.CPUCores = v.positive()
	case "cpu_ram":
		i.CPURAM = v.positive()
	case "mem_usage":
		i.MemUsed = v.positive()
	case "vmem_usage":
		i.VRAMUsed = v.positive()
	case "mem_limit":
		i.MemLimit = v.positive()
	case "disk_space":
		i.Disk = GB(v.positive())
	case "disk_usage":
		i.DiskUsed = GB(v.positive()) // -1 = the host does not know
	case "inet_up":
		i.InetUp = Mbps(v.positive())
	case "inet_down":
		i.InetDown = Mbps(v.positive())
	case "geolocation":
		i.Geolocation = d.text(v)
	case "verification":
		i.Verification = d.text(v)
	case "reliability2", "reliability":
		i.Reliability = fraction(v, i.Reliability)
	case "cuda_max_good":
		i.CUDA = v.positive()
	case "driver_version":
		i.Driver = d.text(v)
	default:
		return false
	}
	return true
}

// instancePrice takes the fields about money.
func (d *sorter) instancePrice(key []byte, v value, i *Instance) bool {
	switch string(key) {
	case "dph_total":
		i.DphTotal = v.rate()
	case "dph_base":
		i.DphBase = v.rate()
	case "min_bid":
		i.MinBid = v.rate()
	case "instance":
		i.BilledNow = totalHour(v)
	case "search":
		i.IfRunning = totalHour(v)
	case "storage_cost":
		i.StorageCost = PerGBMonth(v.rate())
	case "storage_total_cost":
		i.StorageTotal = v.rate()
	case "credit_balance":
		i.Deposit = v.amount()
	case "credit_discount":
		i.Discount = fraction(v, math.NaN())
	case "credit_discount_max":
		i.DiscountMax = fraction(v, math.NaN())
	case "inet_up_cost":
		i.InetUpCost = PerGB(v.rate())
	case "inet_down_cost":
		i.InetDownCost = PerGB(v.rate())
	default:
		return false
	}
	return true
}

// totalHour is the sum in one of the two price objects of an instance.
func totalHour(v value) Rate {
	total := Unknown[Rate]()
	s := scanner{b: v.raw}
	_ = s.fields(func(key []byte, v value) error {
		if string(key) == "totalHour" {
			total = v.rate()
		}
		return nil
	})
	return total
}

// instanceAccess takes the fields that say how to get inside.
func (d *sorter) instanceAccess(key []byte, v value, i *Instance) bool {
	switch string(key) {
	case "ssh_host":
		i.SSHHost = d.text(v)
	case "ssh_port":
		i.SSHPort = port(v)
	case "public_ipaddr":
		i.PublicIP = d.text(v)
	case "ports":
		i.Ports = portMaps(v)
	case "jupyter_token":
		i.Jupyter = NewSecret(v.words())
	default:
		return false
	}
	return true
}

// port is a TCP or UDP port, 0 when it is none.
func port(v value) int {
	if n := v.count(0); n <= 65535 {
		return n
	}
	return 0
}

// portMaps reads {"22/tcp":[{"HostIp":"0.0.0.0","HostPort":"30022"}, …]}. The
// second entry repeats the first for IPv6. While nothing runs it is null or
// absent, and once it was documented as a list of numbers: then no ports are known.
func portMaps(v value) []PortMap {
	var all []PortMap
	s := scanner{b: v.raw}
	_ = s.fields(func(key []byte, v value) error {
		if p := (PortMap{Container: string(key), Host: firstHostPort(v)}); isPortName(p.Container) && p.Host > 0 {
			all = append(all, p)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b PortMap) int {
		return cmp.Or(cmp.Compare(portNumber(a.Container), portNumber(b.Container)), strings.Compare(a.Container, b.Container))
	})
	return slices.CompactFunc(all, func(a, b PortMap) bool { return a.Container == b.Container })
}

func firstHostPort(v value) int {
	host := 0
	s := scanner{b: v.raw}
	_ = s.array(func() error {
		return s.fields(func(key []byte, v value) error {
			if string(key) == "HostPort" && host == 0 {
				host = port(v)
			}
			return nil
		})
	})
	return host
}

// isPortName reports whether s is like "22/tcp".
func isPortName(s string) bool {
	_, proto, ok := strings.Cut(s, "/")
	return ok && (proto == "tcp" || proto == "udp") && portNumber(s) > 0
}

func portNumber(s string) int {
	digits, _, _ := strings.Cut(s, "/")
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// environment reads extra_env: a list of pairs as the server sends it, and a
// list of NAME=VALUE or an object as it has been documented.
func (d *sorter) environment(v value) [][2]safetext.Text {
	var all [][2]safetext.Text
	s := scanner{b: v.raw}
	switch v.kind {
	case kindObject:
		_ = s.fields(func(key []byte, v value) error {
			all = append(all, [2]safetext.Text{safetext.New(string(key)), d.text(v)})
			return nil
		})
	case kindArray:
		_ = s.array(func() error {
			entry, err := s.value()
			if pair, ok := d.variable(entry); ok {
				all = append(all, pair)
			}
			return err
		})
	}
	return all
}

func (d *sorter) variable(v value) (pair [2]safetext.Text, ok bool) {
	switch v.kind {
	case kindString:
		name, rest, found := strings.Cut(v.str(), "=")
		return [2]safetext.Text{safetext.New(name), safetext.New(rest)}, found
	case kindArray:
		n := 0
		s := scanner{b: v.raw}
		err := s.array(func() error {
			part, err := s.value()
			if n < len(pair) && err == nil {
				pair[n] = d.text(part)
			}
			n++
			return err
		})
		return pair, err == nil && n == len(pair)
	}
	return pair, false
}

// volumeIDs reads a list of ids or of objects that have one.
func volumeIDs(v value) []VolumeID { return ids[VolumeID](v) }

func ids[T ~int64](v value) []T {
	var all []T
	if !bytes.HasPrefix(v.raw, []byte("[")) {
		return nil
	}
	s := scanner{b: v.raw}
	_ = s.array(func() error {
		entry, err := s.value()
		if n, ok := idIn(entry); ok {
			all = append(all, T(n))
		}
		return err
	})
	return all
}

func idIn(v value) (id int64, ok bool) {
	if v.kind != kindObject {
		return v.id()
	}
	s := scanner{b: v.raw}
	_ = s.fields(func(key []byte, v value) error {
		if string(key) == "id" {
			id, ok = v.id()
		}
		return nil
	})
	return id, ok
}

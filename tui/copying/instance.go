package copying

import (
	"fmt"
	"strconv"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

// Instance offers what can be copied of an instance wherever it is listed: the ways into it, its addresses on the web,
// its ids, and itself as JSON. The token of an address is copied and not shown.
func (l *Lines) Instance(env view.Env, i *vastapi.Instance) {
	t := remote.TargetOf(i)
	l.Need("d", "ssh, direct", SSH(t.Direct), "the ssh command", "it has no port of its own for ssh, or no address yet")
	l.Need("p", "ssh, proxy", SSH(t.Proxy), "the ssh command", "it has no address at the proxy yet, or its run type has no ssh")
	scp := SCP(t.Direct)
	if scp == "" {
		scp = SCP(t.Proxy)
	}
	l.Need("s", "scp", scp, "the scp command", "it has no address for ssh yet")
	for _, link := range i.Links() {
		if !link.Secret() {
			l.Add("", link.Name, link.String(), "the address of "+link.Name)
			continue
		}
		l.Mask("", link.Name, link.String(), link.InFull(), "the address of "+link.Name)
	}
	l.Add("i", "id", i.ID.String(), "the instance's id")
	l.Need("n", "name", nameOf(i), "the instance's name", "it has none")
	l.Need("a", "IP", strings.TrimSpace(i.PublicIP.String()), "the address of its machine", "it is not told")
	l.Need("m", "machine", ID(i.MachineID), "the machine's id", "it is not told")
	l.Make("J", "JSON", "what was read of it, under the API's names, without secrets", "the instance as JSON", func() string { return JSON(InstanceFields(i)) })
	l.Add("c", "curl", Get(env, "/api/v0/instances/"+i.ID.String()+"/?owner=me"), "the call of curl")
}

// Instances offers what can be copied of several instances at once, one a line each.
func (l *Lines) Instances(list []*vastapi.Instance) {
	Each(l, "i", "ids", "the ids", "", list, func(i *vastapi.Instance) string { return i.ID.String() })
	Each(l, "n", "names", "the names", "none of them has one", list, nameOf)
	Each(l, "d", "ssh", "the ssh commands", "none of them has an address for ssh yet", list, SSHTo)
	Each(l, "a", "IPs", "the addresses of their machines", "none is told", list, func(i *vastapi.Instance) string { return strings.TrimSpace(i.PublicIP.String()) })
	Each(l, "m", "machines", "the machines' ids", "none is told", list, func(i *vastapi.Instance) string { return ID(i.MachineID) })
	l.Make("J", "JSON", fmt.Sprintf("an array of %d, under the API's names, without secrets", len(list)), "the instances as JSON", func() string {
		all := make([][]Field, len(list))
		for n := range list {
			all[n] = InstanceFields(list[n])
		}
		return JSONList(all)
	})
}

// nameOf is the label of an instance without the token of its rental, "" when it has none.
func nameOf(i *vastapi.Instance) string {
	name, _ := rental.SplitLabel(i.Label.String())
	return strings.TrimSpace(name)
}

// ID is an id in figures, "" when it is not told.
func ID[T ~int64](id T) string {
	if id <= 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// InstanceFields is what was read of an instance under the API's names. Variables, the start script and tokens are
// left out, because they may be secret.
func InstanceFields(i *vastapi.Instance) []Field {
	list := []Field{
		{"id", int64(i.ID)}, {"label", i.Label}, {"machine_id", Positive(i.MachineID)}, {"host_id", Positive(i.HostID)}, {"is_bid", i.Bid},
		{"actual_status", i.Actual}, {"intended_status", i.Intended}, {"cur_state", i.Cur}, {"next_state", i.Next}, {"status_msg", i.Status},
		{"gpu_name", i.GPUName}, {"num_gpus", i.NumGPUs}, {"gpu_ram", float64(i.GPURAM)}, {"gpu_util", i.GPUUtil}, {"gpu_temp", i.GPUTemp},
		{"cpu_cores_effective", i.CPUCores}, {"cpu_ram", i.CPURAM}, {"disk_space", float64(i.Disk)}, {"disk_usage", float64(i.DiskUsed)},
		{"inet_up", float64(i.InetUp)}, {"inet_down", float64(i.InetDown)},
	}
	list = append(list, []Field{
		{"dph_total", float64(i.DphTotal)}, {"dph_base", float64(i.DphBase)}, {"min_bid", float64(i.MinBid)}, {"billed_per_hour", float64(pricing.Now(i))},
		{"storage_cost", float64(i.StorageCost)}, {"storage_total_cost", float64(i.StorageTotal)}, {"inet_up_cost", float64(i.InetUpCost)},
		{"inet_down_cost", float64(i.InetDownCost)},
	}...)
	return append(list, []Field{
		{"image_uuid", i.Image}, {"image_runtype", i.RunType}, {"template_hash_id", Words(i.TemplateHash)}, {"ssh_host", i.SSHHost}, {"ssh_port", Positive(i.SSHPort)},
		{"public_ipaddr", Words(strings.TrimSpace(i.PublicIP.String()))}, {"ports", portsOf(i)}, {"volumes", volumesOf(i)}, {"start_date", Unix(i.Start)}, {"end_date", Unix(i.End)},
		{"geolocation", i.Geolocation}, {"verification", i.Verification}, {"reliability2", i.Reliability}, {"cuda_max_good", i.CUDA}, {"driver_version", i.Driver},
	}...)
}

// portsOf are the ports of the container, each with the one of the machine that leads there.
func portsOf(i *vastapi.Instance) map[string]int {
	ports := make(map[string]int, len(i.Ports))
	for _, p := range i.Ports {
		ports[p.Container] = p.Host
	}
	return ports
}

func volumesOf(i *vastapi.Instance) []int64 {
	ids := make([]int64, len(i.Volumes))
	for n, v := range i.Volumes {
		ids[n] = int64(v)
	}
	return ids
}

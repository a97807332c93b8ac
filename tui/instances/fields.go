package instances

import (
	"strings"

	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// The rental types of an instance, as they are shown and typed.
const (
	onDemand      = "on-demand"
	interruptible = "bid"
)

// language is what can be asked of instances. Columns that offers have too are
// called as there.
var language = offerql.NewRows([]offerql.Column[row]{
	{Name: "name", Aliases: []string{"label"}, Help: "its name, without the token of the rental", Words: true, Text: func(r *row) string { return r.name }},
	{Name: "status", Aliases: []string{"state"}, Help: "the word in the column Status", Words: true, Text: func(r *row) string { return r.state.Word }},
	{Name: "gpu_name", Aliases: []string{"gpu"}, Help: "GPU model, e.g. RTX_4090", GPU: true, Words: true, Text: func(r *row) string { return r.GPUName.String() }},
	{Name: "num_gpus", Aliases: []string{"num", "gpus"}, Help: "number of its GPUs", Num: func(r *row) float64 { return float64(r.NumGPUs) }},
	{Name: "geolocation", Aliases: []string{"geo", "country", "region"}, Help: "country code, country or region (EU, NA, ASIA …)", Country: true, Words: true, Text: func(r *row) string { return r.Country }},
	{Name: "id", Aliases: []string{"instance"}, Help: "id of the instance", Words: true, Num: func(r *row) float64 { return idOf(r.ID) }},
	{Name: "machine_id", Aliases: []string{"machine"}, Help: "id of the machine", Words: true, Num: func(r *row) float64 { return idOf(r.MachineID) }},
	{Name: "host_id", Aliases: []string{"host"}, Help: "owner of the machine", Num: func(r *row) float64 { return idOf(r.HostID) }},
	{Name: "image", Help: "docker image", Words: true, Text: func(r *row) string { return r.Image.String() }},
	{Name: "template", Help: "template it was made from", Text: func(r *row) string { return r.Template.String() }},
	{Name: "type", Aliases: []string{"rental"}, Help: "how it is rented", Values: []string{interruptible, onDemand}, Text: kind},
	{Name: "problem", Aliases: []string{"problems"}, Help: "what is wrong with it; problem!=null finds all that have one", List: problemKinds},
	{Name: "dph_total", Aliases: []string{"dph", "cost"}, Help: "what it is billed now", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(pricing.Now(&r.Instance)) }},
	{Name: "dph_running", Aliases: []string{"running_cost"}, Help: "what it is billed while it runs", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(whileRunning(&r.Instance)) }},
	{Name: "min_bid", Help: "price to hold", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.MinBid) }},
	{Name: "so_far", Aliases: []string{"spent"}, Help: "an estimate of what it has cost so far", Unit: "$", Measure: offerql.Dollars, Num: soFar},
	{Name: "gpu_util", Aliases: []string{"util"}, Help: "load of the GPU", Unit: "%", Num: func(r *row) float64 { return r.GPUUtil }},
	{Name: "gpu_temp", Aliases: []string{"temp"}, Help: "temperature of the GPU", Unit: "°C", Num: func(r *row) float64 { return r.GPUTemp }},
	{Name: "gpu_ram", Aliases: []string{"gpu_vram"}, Help: "memory of one GPU; =24 finds cards sold as 24 GB", Unit: "GB", Measure: offerql.VRAM, Num: func(r *row) float64 { return float64(r.GPURAM) }},
	{Name: "vram", Help: "memory of the GPUs in use", Unit: "%", Num: vramUsed},
	{Name: "cpu", Aliases: []string{"cpu_util"}, Help: "load of the CPU", Unit: "%", Num: func(r *row) float64 { return r.CPUUtil * 100 }},
	{Name: "ram", Aliases: []string{"mem"}, Help: "memory in use", Unit: "%", Num: ramUsed},
	{Name: "disk", Aliases: []string{"disk_used"}, Help: "disk in use", Unit: "%", Num: diskUsed},
	{Name: "disk_space", Help: "disk that is rented", Unit: "GB", Measure: offerql.Space, Num: func(r *row) float64 { return float64(r.Disk) }},
	{Name: "uptime", Aliases: []string{"age"}, Help: "time since it was rented", Unit: "h", Measure: offerql.Hours, Num: uptime},
	{Name: "ends", Aliases: []string{"end"}, Help: "time until its contract ends; below 0 it is over", Unit: "h", Measure: offerql.Hours, Signed: true, Num: endsIn},
	{Name: "reliability", Help: "reliability of the host, in percent", Unit: "%", Num: func(r *row) float64 { return r.Reliability * 100 }},
	{Name: "leaks", Aliases: []string{"leak"}, Help: "it is billed and does not compute", Flag: func(r *row) vastapi.Flag { return vastapi.FlagOf(r.leaks()) }},
}, map[string]string{
	"price": "dph", "hourly": "dph", "bid": "type", "gpus_count": "num_gpus", "temperature": "temp", "utilisation": "util", "utilization": "util",
	"load": "util", "memory": "ram", "place": "geolocation", "location": "geolocation", "duration": "ends", "expires": "ends", "storage": "disk",
	"trouble": "problem", "docker": "image",
}, place)

// Fields are what a query can name, for the README.
func Fields() []offerql.Field { return language.Fields() }

// idOf is an id as a number, NaN when there is none.
func idOf[T ~int64](id T) float64 {
	if id <= 0 {
		return vastapi.Unknown[float64]()
	}
	return float64(id)
}

func problemKinds(r *row) []string {
	var list []string
	for _, p := range r.problems {
		list = append(list, string(p.Kind))
	}
	switch {
	case r.leftover:
		list = append(list, "left over")
	case r.failed != "":
		list = append(list, "not done")
	}
	if len(r.wrong) > 0 {
		list = append(list, "not as asked")
	}
	return list
}

// share is part as a percentage of whole, NaN when either is not known.
func share(part, whole float64) float64 {
	if !(whole > 0) {
		return vastapi.Unknown[float64]()
	}
	return part / whole * 100
}

func vramUsed(r *row) float64 {
	return share(r.VRAMUsed, float64(r.GPURAM)/1024*float64(r.NumGPUs))
}
func ramUsed(r *row) float64  { return share(r.MemUsed, r.MemLimit) }
func diskUsed(r *row) float64 { return share(float64(r.DiskUsed), float64(r.Disk)) }

// uptime is how many hours ago it was rented.
func uptime(r *row) float64 {
	if r.Start.IsZero() || r.Start.After(r.at) {
		return vastapi.Unknown[float64]()
	}
	return r.at.Sub(r.Start).Hours()
}

// endsIn is in how many hours its contract ends.
func endsIn(r *row) float64 {
	if r.End.IsZero() {
		return vastapi.Unknown[float64]()
	}
	return r.End.Sub(r.at).Hours()
}

// soFar is about what it has cost: each hour at what was billed then, as far as this
// run has seen it. The account is not asked what was really billed.
func soFar(r *row) float64 { return float64(r.spent.Total) }

// guessed says how much of the time behind that was not seen.
func (r *row) guessed() string {
	if !r.spent.Estimated() {
		return ""
	}
	return ", estimated for the " + figure.Span(r.spent.GuessedFor) + " that this run has not seen"
}

// place is where the machine is; what stands before the comma is sometimes empty.
func place(r *row) string { return strings.TrimLeft(r.Geolocation.String(), ", ") }

func kind(r *row) string {
	for _, m := range r.members {
		if m.Bid != r.Bid {
			return several.String()
		}
	}
	if r.Bid {
		return interruptible
	}
	return onDemand
}

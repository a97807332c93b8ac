package offers

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

func joinLines(lines []string) string { return strings.Join(lines, "\n") }

func trimmed(s string) string { return strings.TrimSpace(s) }

func trimmedRight(s string) string { return strings.TrimRight(s, " ") }

// sortColumns are the columns that the server can sort by, by column of the table.
var sortColumns = map[string]string{
	"gpu": "gpu_name", "dph": "dph_total", "min_bid": "min_bid", "storage": "storage_cost", "gpus": "num_gpus", "vram": "gpu_ram",
	"vram_all": "gpu_total_ram", "dlp": "dlperf", "value": "dlperf_per_dphtotal", "tflops": "total_flops", "flops": "flops_per_dphtotal",
	"membw": "gpu_mem_bw", "nvlink": "bw_nvlink", "power": "gpu_max_power", "share": "gpu_frac", "cpu": "cpu_cores_effective", "ghz": "cpu_ghz",
	"ram": "cpu_ram", "disk": "disk_space", "disk_bw": "disk_bw", "pcie": "pcie_bw", "pcie_gen": "pci_gen", "cuda": "cuda_max_good",
	"driver": "driver_version", "down": "inet_down", "up": "inet_up", "down_cost": "inet_down_cost", "up_cost": "inet_up_cost",
	"ports": "direct_port_count", "rel": "reliability", "days": "duration", "machine": "machine_id", "host": "host_id",
}

// order is the table's order as the official client would ask for it; nil when
// it has no such column.
func (m *Model) order() [][2]string {
	id, desc := m.list.table.SortBy()
	column := sortColumns[id]
	if column == "" {
		return nil
	}
	if desc {
		return [][2]string{{column, "desc"}}
	}
	return [][2]string{{column, "asc"}}
}

// official is the search that is shown as a line of the official client.
func (m *Model) official() offerql.Official {
	o := offerql.OfficialOf(m.typed.Excluding(m.list.hidden.hosts, m.list.hidden.machines), m.order(), m.kind(), m.job().Disk)
	o.Limit = mostCopied
	return o
}

// mostCopied is the limit of a copied line: as many rows as the market asks for at once.
const mostCopied = 1000

// copyOfficial copies the search that is shown as a line of the official client,
// and says what that cannot say.
func (m *Model) copyOfficial() view.Effect {
	o := m.official()
	e := view.Do(view.Copy{Text: offerql.ToOfficial(o), What: "the search"})
	if lost := o.Lost(); len(lost) > 0 {
		e.Intents = append(e.Intents, view.Toast{Text: "the line cannot say: " + strings.Join(lost, " "), Level: view.Warn})
	}
	return e
}

// pasteOfficial takes a line of the official client over: query, order, rental
// type and disk. What cannot be taken over is said.
func (m *Model) pasteOfficial(env view.Env, line string) view.Effect {
	o, err := offerql.FromOfficial(line)
	switch {
	case err != nil:
		return view.Do(view.Toast{Text: "the pasted line cannot be read: " + sentence(err), Level: view.Bad})
	case o.Volumes:
		return view.Do(view.Toast{Text: "the pasted line searches for volumes; this is the market of machines", Level: view.Warn})
	}
	var switched view.Effect
	if kind := feed.KindOf(o.Kind); kind != m.kind() {
		switched = m.switchTo(env, kind)
	}
	left := o.Ignored
	var sorted view.Effect
	if len(o.Order) > 0 {
		if id := columnFor(o.Order[0][0]); id != "" {
			m.list.table.Sort(id, o.Order[0][1] == "desc")
			sorted = m.keepOrder(env)
		} else {
			left = append(left, "the order by "+o.Order[0][0])
		}
		for _, more := range o.Order[1:] {
			left = append(left, "then by "+more[0])
		}
	}
	if o.Limit > 0 && o.Limit < mostCopied {
		left = append(left, "--limit: the whole market is loaded")
	}
	read := m.set(env, o.Market().WithoutBlocked(m.list.hidden.hosts, m.list.hidden.machines).String())
	e := view.Join(switched, sorted, read, m.storage(o.Storage))
	text := "taken over from the pasted line"
	level := view.Good
	if len(left) > 0 {
		m.note = "not taken over: " + strings.Join(left, ", ")
		text, level = text+"; "+m.note, view.Warn
	}
	e.Intents = append(e.Intents, view.Toast{Text: text, Level: level})
	return e
}

// storage makes a disk of a pasted line the one that prices are worked out for.
func (m *Model) storage(disk vastapi.GB) view.Effect {
	if disk < 8 || disk == m.job().Disk {
		return view.Effect{}
	}
	job := m.job()
	return view.Do(view.Remember{Change: func(f *feed.Memory) {
		f.Workload = feed.Workload{Disk: disk, Hours: job.Hours, In: job.In, Out: job.Out}
	}})
}

func columnFor(wire string) string {
	var found []string
	for id, column := range sortColumns {
		if column == wire {
			found = append(found, id)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

// copyMenu lists what can be copied of the offer under the cursor.
func copyMenu(m *Model, o vastapi.Offer) *menu {
	pick := func(label, text, what string) listing.Choice {
		detail := text
		if what == "the offer as JSON" {
			detail = "what was read of it, under the API's names"
		}
		return listing.Choice{Label: label, Detail: detail, Do: func() view.Effect {
			m.page = nil
			return view.Do(view.Copy{Text: text, What: what})
		}}
	}
	row := m.rowText(&o)
	return &menu{listing.Menu{
		Title: "Copy", Verb: "copy it", Empty: "there is nothing to copy",
		List: func(view.Env) []listing.Choice {
			return []listing.Choice{
				pick("machine", o.MachineID.String(), "the machine's id"),
				pick("offer", o.ID.String(), "the offer's id"),
				pick("host", o.HostID.String(), "the host's id"),
				pick("row", row, "the row"),
				pick("JSON", rawJSON(&o), "the offer as JSON"),
				pick("search", offerql.ToOfficial(m.official()), "the search"),
			}
		},
	}}
}

// rowText is an offer as one line of text, with the columns that are shown.
func (m *Model) rowText(o *vastapi.Offer) string {
	var parts []string
	shown := m.list.table.VisibleColumns()
	for _, s := range catalogue(m.query.prices) {
		if slices.Contains(shown, s.id) {
			text, _ := s.cell(o)
			parts = append(parts, fmt.Sprintf("%s %s", trimmed(s.title), trimmed(text)))
		}
	}
	return strings.Join(parts, " · ")
}

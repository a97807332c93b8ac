package offers

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/copying"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/rental"
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

// copyOffers lists what can be copied of the marked offers, or of the one under the cursor: of several one a line. They
// stay as they were when the menu was opened, because that is what was looked at.
func (m *Model) copyOffers(env view.Env) view.Effect {
	if marked := m.list.table.Marked(); len(marked) > 0 {
		return m.show(copyMenu(m, stillThere(marked), len(marked)))
	}
	o, ok := m.under()
	if !ok {
		return view.Effect{}
	}
	return m.show(copyMenu(m, []*vastapi.Offer{&o}, 1))
}

// uncopied is why there is no offer to copy something of, or "".
func (m *Model) uncopied(none string) string {
	marked := m.list.table.Marked()
	switch {
	case slices.ContainsFunc(marked, func(r *feed.Row) bool { return r.Gone.IsZero() }):
		return ""
	case len(marked) > 0:
		return "the marked offers have left the market: esc clears the marks"
	}
	return none
}

// stillThere are the offers of rows that are still on the market.
func stillThere(rows []*feed.Row) []*vastapi.Offer {
	list := make([]*vastapi.Offer, 0, len(rows))
	for _, r := range rows {
		if r.Gone.IsZero() {
			list = append(list, r.Offer)
		}
	}
	return list
}

// copyMenu lists what can be copied of offers, of which there were as many as chosen.
func copyMenu(m *Model, list []*vastapi.Offer, chosen int) *menu {
	title := "Copy of " + figure.Plural(len(list), "offer")
	switch {
	case chosen == 1 && len(list) == 1:
		title = "Copy of offer " + list[0].ID.String()
	case chosen > len(list):
		title += fmt.Sprintf("; marked and gone from the market: %d", chosen-len(list))
	}
	return &menu{shut: func() { m.page = nil }, Menu: copying.Menu(title, "there is nothing to copy", func(env view.Env) *copying.Lines {
		l := &copying.Lines{}
		if len(list) == 1 {
			m.copies(env, l, list[0])
		} else {
			m.copiesOf(env, l, list)
		}
		l.Add("f", "search", offerql.ToOfficial(m.official()), "the search")
		return l
	})}
}

// copies are what can be copied of one offer.
func (m *Model) copies(env view.Env, l *copying.Lines, o *vastapi.Offer) {
	l.Add("o", "offer", o.ID.String(), "the offer's id")
	l.Need("m", "machine", machineText(o), "the machine's id", "it is not told")
	l.Need("h", "host", hostText(o), "the host's id", "it is not told")
	step, why := m.rentStep(env, o)
	l.Need("v", "rent line", orNothing(why, step.Official), "the line, which is not carried out,", why)
	l.Need("c", "rent, curl", orNothing(why, func() string { return step.Curl(env.Load.BaseURL()) }), "the call of curl, which is not carried out,", why)
	l.Add("r", "row", m.rowText(o), "the row")
	l.Make("t", "row as TSV", "for a spreadsheet, the columns that are shown", "the row as TSV", func() string { return m.sheet([]*vastapi.Offer{o}).TSV() })
	l.Make("J", "JSON", "what was read of it, under the API's names", "the offer as JSON", func() string { return rawJSON(o) })
}

// copiesOf are what can be copied of several offers.
func (m *Model) copiesOf(env view.Env, l *copying.Lines, list []*vastapi.Offer) {
	copying.Each(l, "o", "offers", "the offers' ids", "", list, func(o *vastapi.Offer) string { return o.ID.String() })
	copying.Each(l, "m", "machines", "the machines' ids", "none is told", list, machineText)
	copying.Each(l, "h", "hosts", "the hosts' ids", "none is told", list, hostText)
	lines := func(text func(rental.Step) string) func(*vastapi.Offer) string {
		return func(o *vastapi.Offer) string {
			step, why := m.rentStep(env, o)
			return orNothing(why, func() string { return text(step) })
		}
	}
	none, rentable := "none of them can be rented in one step as it is shown", list
	if m.kind() == vastapi.Reserved {
		rentable = nil // thousands need not be asked one by one
	}
	copying.Each(l, "v", "rent lines", "the lines, which are not carried out,", none, rentable, lines(rental.Step.Official))
	copying.Each(l, "c", "rent, curl", "the calls of curl, which are not carried out,", none, rentable, lines(func(s rental.Step) string { return s.Curl(env.Load.BaseURL()) }))
	copying.Each(l, "r", "rows", "the rows", "", list, m.rowText)
	l.Make("t", "rows as TSV", figure.Count(len(list))+" rows for a spreadsheet, the columns that are shown", "the rows as TSV", func() string { return m.sheet(list).TSV() })
	l.Make("J", "JSON", "an array of "+figure.Count(len(list))+", under the API's names", "the offers as JSON", func() string {
		all := make([][]copying.Field, len(list))
		for n, o := range list {
			all[n] = asTold(o)
		}
		return copying.JSONList(all)
	})
}

// orNothing is a text where nothing stands against it.
func orNothing(why string, text func() string) string {
	if why != "" {
		return ""
	}
	return text()
}

func machineText(o *vastapi.Offer) string { return copying.ID(o.MachineID) }
func hostText(o *vastapi.Offer) string    { return copying.ID(o.HostID) }

// rentStep is the request that rents an offer as the market shows it: with the image that was rented with last, the
// disk of the workload, and as a bid at the price to hold. Why says why there is none.
func (m *Model) rentStep(env view.Env, o *vastapi.Offer) (step rental.Step, why string) {
	c := vastapi.CreateInstance{Offer: o.ID, Type: m.kind(), Image: defaultImage, Disk: m.job().Disk, RunType: string(rental.RunSSHDirect), CancelUnavail: true}
	for _, f := range env.Data.Memory.RentForms {
		if f.Image != "" {
			c.Image = f.Image
			break
		}
	}
	switch m.kind() {
	case vastapi.Reserved:
		return step, "a reserved machine is rented and then paid ahead: r shows both steps, C copies them there"
	case vastapi.Interruptible:
		if !vastapi.Known(o.MinBid) {
			return step, "it takes no bids: t goes to another type"
		}
		c.Price = &o.MinBid
	}
	return rental.Step{Verb: "rent", Call: c}, ""
}

// rowText is an offer as one line of text, with the columns that are shown.
func (m *Model) rowText(o *vastapi.Offer) string {
	var parts []string
	for _, s := range m.columnsShown() {
		text, _ := s.cell(o)
		parts = append(parts, fmt.Sprintf("%s %s", trimmed(s.title), trimmed(text)))
	}
	return strings.Join(parts, " · ")
}

// columnsShown are the columns that the table shows and that an offer alone can fill.
func (m *Model) columnsShown() []spec {
	shown := m.list.table.VisibleColumns()
	return slices.DeleteFunc(catalogue(m.query.prices), func(s spec) bool { return s.cell == nil || !slices.Contains(shown, s.id) })
}

// sheet is a row for each offer, with the columns that are shown; figures are whole.
func (m *Model) sheet(list []*vastapi.Offer) copying.Sheet {
	columns := m.columnsShown()
	s := copying.Sheet{Columns: []string{"offer", "machine_id"}}
	for _, c := range columns {
		s.Columns = append(s.Columns, c.id)
	}
	for _, o := range list {
		cells := []any{int64(o.ID), int64(o.MachineID)}
		for _, c := range columns {
			switch {
			case c.num != nil:
				cells = append(cells, c.num(o))
			case c.str != nil:
				cells = append(cells, c.str(o))
			default:
				text, _ := c.cell(o)
				cells = append(cells, trimmed(text))
			}
		}
		s.Rows = append(s.Rows, cells)
	}
	return s
}

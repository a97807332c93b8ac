package volumes

import (
	"strings"

	"vastdeck/tui/copying"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// newCopyMenu lists what can be copied of volumes: of one how it gets into an instance, of several what they have in
// common, one a line.
func newCopyMenu(m *Model, ids []vastapi.VolumeID) *menu {
	title, gone := "Copy of "+figure.Count(len(ids))+" volumes", "the volumes are gone"
	if len(ids) == 1 {
		title, gone = "Copy of volume "+ids[0].String(), "the volume is gone"
	}
	return &menu{Menu: copying.Menu(title, gone, func(env view.Env) *copying.Lines {
		var rows []*row
		for _, id := range ids {
			if r, there := m.table.Get(id); there {
				rows = append(rows, r)
			}
		}
		switch {
		case len(rows) == 0:
			return nil
		case len(ids) == 1:
			return copies(env, rows[0])
		default:
			return copiesOf(env, rows)
		}
	})}
}

// The call of curl and the line of the official client that list all volumes: there is none for a single one.
const (
	volumesPath = "/api/v0/volumes/?owner=me&type=all_volume"
	showVolumes = "vastai show volumes"
)

// copies are what can be copied of one volume.
func copies(env view.Env, r *row) *copying.Lines {
	l := &copying.Lines{}
	id := r.ID.String()
	l.Need("f", "mount flag", flagOf(r), "the mount flag", unlinked)
	l.Add("i", "id", id, "the volume's id")
	l.Add("w", "V.id", "V."+id, "the volume's id")
	line, how, why := createLine(r.ID), mountText(r.ID, r.MachineID), ""
	switch {
	case r.Network():
		line, how, why = "", "", unlinked
	case r.MachineID <= 0:
		line, how, why = "", "", "its machine is not told"
	}
	l.Need("v", "rent line", line, "the line", why)
	l.Need("h", "how to mount", how, "how to mount it", why)
	l.Need("m", "machine", machineText(r), "the machine's id", "it is on no machine, as far as is told")
	l.Need("n", "name", strings.TrimSpace(r.Name.String()), "the volume's name", "it has none")
	copying.Each(l, "a", "held by", "the ids of what holds it", "no instance holds it", r.holders, func(h holder) string { return h.id.String() })
	l.Add("r", "row", rowText(r), "the row")
	l.Make("t", "row as TSV", "for a spreadsheet, under the names of the columns", "the row as TSV", func() string { return sheetOf([]*row{r}).TSV() })
	l.Make("J", "JSON", "what was read of it, under the API's names", "the volume as JSON", func() string { return copying.JSON(fieldsOf(r)) })
	l.Add("s", "vastai line", showVolumes, "the line")
	l.Add("c", "curl", copying.Get(env, volumesPath), "the call of curl")
	return l
}

// copiesOf are what can be copied of several volumes.
func copiesOf(env view.Env, rows []*row) *copying.Lines {
	l := &copying.Lines{}
	copying.Each(l, "f", "mount flags", "the mount flags", unlinked, rows, func(r *row) string {
		if flagOf(r) == "" {
			return ""
		}
		return rental.MountFlag(r.ID, mountAt+"/"+r.ID.String())
	})
	copying.Each(l, "i", "ids", "the ids", "", rows, func(r *row) string { return r.ID.String() })
	copying.Each(l, "w", "V.ids", "the ids", "", rows, func(r *row) string { return "V." + r.ID.String() })
	copying.Each(l, "n", "names", "the names", "none of them has one", rows, func(r *row) string { return strings.TrimSpace(r.Name.String()) })
	copying.Each(l, "m", "machines", "the machines' ids", "none is told", rows, machineText)
	copying.Each(l, "r", "rows", "the rows", "", rows, rowText)
	l.Make("t", "rows as TSV", figure.Count(len(rows))+" rows for a spreadsheet, under the names of the columns", "the rows as TSV", func() string { return sheetOf(rows).TSV() })
	l.Make("J", "JSON", "an array of "+figure.Count(len(rows))+", under the API's names", "the volumes as JSON", func() string {
		all := make([][]copying.Field, len(rows))
		for n, r := range rows {
			all[n] = fieldsOf(r)
		}
		return copying.JSONList(all)
	})
	l.Add("s", "vastai line", showVolumes, "the line")
	l.Add("c", "curl", copying.Get(env, volumesPath), "the call of curl")
	return l
}

// flagOf is how a volume is attached, "" where no flag is documented for it.
func flagOf(r *row) string {
	if r.Network() {
		return ""
	}
	return rental.MountFlag(r.ID, mountAt)
}

// machineText is the machine that a volume lies on, "" when it is on none.
func machineText(r *row) string { return copying.ID(r.MachineID) }

// createLine is how the official client is told to rent with a volume.
func createLine(id vastapi.VolumeID) string {
	return "vastai create instance OFFER --env '" + rental.MountFlag(id, mountAt) + "'"
}

// mountText says how a volume gets into an instance, its flag on top.
func mountText(id vastapi.VolumeID, machine vastapi.MachineID) string {
	return strings.Join(append([]string{rental.MountFlag(id, mountAt)}, rental.MountHelp(id, machine)...), "\n") + "\n"
}

// rowText is a volume as one line of text.
func rowText(r *row) string {
	return strings.Join([]string{
		r.ID.String(), figure.Text(r.Name.String()), stateWords[r.state], size(r.Size), rate(r.Hourly), amount(r.Hourly.Month()) + " a month",
		r.whereText(), figure.Text(place(r.Geolocation.String())),
	}, " · ")
}

// sheetOf is a row for each volume: sizes in GB, rates in USD an hour.
func sheetOf(rows []*row) copying.Sheet {
	s := copying.Sheet{Columns: []string{"id", "name", "status", "size", "hourly", "month", "machine", "region"}}
	for _, r := range rows {
		s.Rows = append(s.Rows, []any{
			int64(r.ID), r.Name.String(), stateWords[r.state], float64(r.Size), float64(r.Hourly), float64(r.Hourly.Month()), int64(r.MachineID), place(r.Geolocation.String()),
		})
	}
	return s
}

// copyPlace shows what can be copied of the place under the cursor, over the page.
func (p *placesPage) copyPlace(m *Model) view.Effect {
	o, there := p.table.Cursor()
	if !there {
		return view.Effect{}
	}
	return m.show(&menu{over: p, Menu: copying.Menu("Copy of the place "+o.ID.String(), "the place is gone", func(env view.Env) *copying.Lines {
		l := &copying.Lines{}
		step := rental.Step{Verb: "create volume", Call: p.call(o)}
		l.Add("o", "offer", o.ID.String(), "the offer's id")
		l.Need("m", "machine", copying.ID(o.MachineID), "the machine's id", "it is not told")
		l.Add("v", "vastai line", step.Official(), "the line, which is not carried out,")
		l.Add("c", "curl", step.Curl(env.Load.BaseURL()), "the call of curl, which is not carried out,")
		l.Add("r", "row", placeText(o), "the row")
		l.Add("f", "search", p.official(), "the search")
		l.Make("J", "JSON", "what was read of it, under the API's names", "the place as JSON", func() string {
			return copying.JSON([]copying.Field{
				{Name: "id", Value: int64(o.ID)}, {Name: "machine_id", Value: copying.Positive(o.MachineID)}, {Name: "host_id", Value: copying.Positive(o.HostID)},
				{Name: "disk_space", Value: float64(o.DiskSpace)}, {Name: "storage_cost", Value: float64(o.StorageCost)}, {Name: "disk_bw", Value: o.DiskBW},
				{Name: "inet_up", Value: float64(o.InetUp)}, {Name: "inet_down", Value: float64(o.InetDown)}, {Name: "reliability", Value: o.Reliability}, {Name: "geolocation", Value: o.Geolocation},
			})
		})
		return l
	})})
}

// call is the request that makes the volume there, or the copy that was asked for; it has no name.
func (p *placesPage) call(o *vastapi.Offer) vastapi.Call {
	if p.src != nil {
		return vastapi.CloneVolume{Source: p.src.ID, Offer: o.ID}
	}
	return vastapi.CreateVolume{Offer: o.ID, Size: p.size}
}

// placeText is a place as one line of text.
func placeText(o *vastapi.Offer) string {
	return strings.Join([]string{
		"offer " + o.ID.String(), "machine " + figure.Text(copying.ID(o.MachineID)), figure.GB(float64(o.DiskSpace)) + " free", "$" + figure.Decimal(float64(o.StorageCost), 4) + " a GB and month",
		figure.Text(place(o.Geolocation.String())),
	}, " · ")
}

// fieldsOf is what was read of a volume under the API's names.
func fieldsOf(r *row) []copying.Field {
	ids := make([]int64, len(r.holders))
	for n, h := range r.holders {
		ids[n] = int64(h.id)
	}
	return []copying.Field{
		{Name: "id", Value: int64(r.ID)}, {Name: "label", Value: r.Name}, {Name: "status", Value: r.Status}, {Name: "type", Value: r.Kind},
		{Name: "machine_id", Value: copying.Positive(r.MachineID)}, {Name: "cluster_id", Value: copying.Positive(r.Cluster)}, {Name: "disk_space", Value: float64(r.Size)},
		{Name: "storage_cost", Value: float64(r.StorageCost)}, {Name: "storage_total_cost", Value: float64(r.Hourly)}, {Name: "instances", Value: ids},
		{Name: "start_date", Value: copying.Unix(r.Start)}, {Name: "geolocation", Value: r.Geolocation},
	}
}

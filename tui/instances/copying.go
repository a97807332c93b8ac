package instances

import (
	"fmt"
	"strconv"
	"strings"

	"vastdeck/tui/copying"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// newCopyMenu lists what can be copied of instances: of one all ways into it and its addresses, of several what they
// have in common, one a line.
func newCopyMenu(ids []vastapi.InstanceID) *menu {
	title, gone := "Copy of "+figure.Count(len(ids))+" instances", "the instances are gone"
	if len(ids) == 1 {
		title, gone = "Copy of instance "+ids[0].String(), "the instance is gone"
	}
	var list []*vastapi.Instance
	from := -1 // the revision of the instances that list is of
	return &menu{copying.Menu(title, gone, func(env view.Env) *copying.Lines {
		if now := env.Data.Instances.Rev; now != from {
			from, list = now, those(env, ids)
		}
		switch {
		case len(list) == 0:
			return nil
		case len(ids) == 1:
			return copies(env, list[0])
		default:
			return copiesOf(env, list)
		}
	})}
}

// those are the instances that still exist.
func those(env view.Env, ids []vastapi.InstanceID) []*vastapi.Instance {
	list := make([]*vastapi.Instance, 0, len(ids))
	for _, id := range ids {
		if i, there := env.Data.Instance(id); there {
			list = append(list, &i)
		}
	}
	return list
}

// copies are what can be copied of one instance.
func copies(env view.Env, i *vastapi.Instance) *copying.Lines {
	l := &copying.Lines{}
	l.Instance(env, i)
	l.Add("v", "vastai line", officialLine(i.ID), "the line")
	l.Add("o", "files, vastai line", copyHere(i.ID), "the line that copies its files to this machine")
	l.Add("r", "row", rowText(env, i), "the row")
	l.Make("t", "row as TSV", "for a spreadsheet, under the names of the columns", "the row as TSV", func() string { return sheetOf(env, []*vastapi.Instance{i}).TSV() })
	return l
}

// copiesOf are what can be copied of several.
func copiesOf(env view.Env, list []*vastapi.Instance) *copying.Lines {
	l := &copying.Lines{}
	l.Instances(list)
	copying.Each(l, "v", "vastai lines", "the lines", "", list, func(i *vastapi.Instance) string { return officialLine(i.ID) })
	copying.Each(l, "r", "rows", "the rows", "", list, func(i *vastapi.Instance) string { return rowText(env, i) })
	l.Make("t", "rows as TSV", fmt.Sprintf("%d rows for a spreadsheet, under the names of the columns", len(list)), "the rows as TSV", func() string { return sheetOf(env, list).TSV() })
	return l
}

// officialLine is how the official client shows an instance.
func officialLine(id vastapi.InstanceID) string { return "vastai show instance " + id.String() }

// copyHere is how the official client copies what is in an instance to this machine, whether
// it runs or not.
func copyHere(id vastapi.InstanceID) string {
	return fmt.Sprintf("vastai copy C.%s:%s/ local:./%s/", id, workspace, id)
}

// rowText is an instance as one line of text.
func rowText(env view.Env, i *vastapi.Instance) string {
	return strings.Join([]string{
		i.ID.String(), nameShown(i), strconv.Itoa(i.NumGPUs) + "× " + figure.Text(i.GPUName.String()),
		figure.Rate(float64(pricing.Now(i))), stateWord(env, i), "machine " + i.MachineID.String(), figure.Text(region(i)),
	}, " · ")
}

func stateWord(env view.Env, i *vastapi.Instance) string {
	return env.Data.Traced(i.ID).Watched.State(i).Word
}

// region is where the machine is; what stands before the comma is sometimes empty.
func region(i *vastapi.Instance) string { return strings.TrimLeft(i.Geolocation.String(), ", ") }

// sheetOf is a row for each instance. Rates are in USD an hour.
func sheetOf(env view.Env, list []*vastapi.Instance) copying.Sheet {
	s := copying.Sheet{Columns: []string{"id", "name", "status", "gpus", "gpu", "hourly", "machine", "ip", "ssh", "region"}}
	for _, i := range list {
		name := nameShown(i)
		if name == figure.Unknown {
			name = ""
		}
		s.Rows = append(s.Rows, []any{
			int64(i.ID), name, stateWord(env, i), int64(i.NumGPUs), i.GPUName.String(), float64(pricing.Now(i)), int64(i.MachineID),
			strings.TrimSpace(i.PublicIP.String()), copying.SSHTo(i), region(i),
		})
	}
	return s
}

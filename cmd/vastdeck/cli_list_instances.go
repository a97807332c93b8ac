package main

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/tui/instances"
)

func (a *app) instancesCommand() *cobra.Command {
	var f listFlags
	c := &cobra.Command{
		Use:     "instances ['QUERY']",
		Aliases: []string{"ls", "ps"},
		Short:   "List your instances",
		Long: "instances lists what the account has rented, or what a query admits of it. The query is that\n" +
			"of the view: name, status, gpu_name, dph, machine_id, region … or plain words. With --json the\n" +
			"same is printed as data; what is not known is null.",
		Example:           "vastdeck instances\nvastdeck instances 'status=running dph>0.5' --order dph-\nvastdeck instances stopped --json",
		ValidArgsFunction: completeRows(instances.Complete),
		RunE: func(c *cobra.Command, args []string) error {
			query := queryOf(args)
			pick, err := instances.Pick(query, f.order)
			if err != nil {
				return a.done(pointedList("instances", query, f.order, err))
			}
			if err := f.checkList(); err != nil {
				return a.done(err)
			}
			return a.reading(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.listInstances(ctx, pick, f) })
		},
	}
	f.add(c, "dph-,name")
	completeOrder(c, instances.Fields)
	return c
}

func (k *account) listInstances(ctx context.Context, pick instances.Picker, f listFlags) error {
	page, err := k.api.Instances(ctx)
	if err != nil {
		return err
	}
	k.sayUnread(page.Bad)
	k.noteKnown(page.Instances, nil)
	list := cut(pick(page, time.Now()), f.limit)
	if f.json {
		return writeInstancesJSON(k.stdout, list, page.Bad)
	}
	return writeInstances(k.stdout, list)
}

func writeInstances(w io.Writer, list []instances.Listed) error {
	rows := make([][]string, len(list))
	for n, i := range list {
		rows[n] = []string{
			i.ID.String(), i.Name, gpuType(i.NumGPUs, i.GPUName), perHour(i.Now), i.State.Word, idCell(i.MachineID), region(i.Geolocation),
		}
	}
	return printTable(w, ownColumns, rows)
}

// instancesJSON is the list as data. What is not known is null.
type instancesJSON struct {
	Version   int            `json:"version"`
	Provider  string         `json:"provider"`
	Instances []instanceJSON `json:"instances"`
	Unread    int            `json:"unread"` // rows of the answer that could not be read
}

// instanceJSON is one instance: rates in $/h, sizes in GB, times in RFC 3339.
type instanceJSON struct {
	ID        int64      `json:"id"`
	Name      *string    `json:"name"`
	Label     *string    `json:"label"`
	Type      string     `json:"type"` // on-demand or bid
	Status    string     `json:"status"`
	Actual    *string    `json:"actual_status"`
	Intended  *string    `json:"intended_status"`
	Message   *string    `json:"status_message"`
	Problems  []string   `json:"problems"`
	GPUName   *string    `json:"gpu_name"`
	GPUs      int        `json:"num_gpus"`
	Hourly    *float64   `json:"hourly"`
	Running   *float64   `json:"hourly_running"`
	Bid       *float64   `json:"bid"`
	MinBid    *float64   `json:"min_bid"`
	MachineID *int64     `json:"machine_id"`
	HostID    *int64     `json:"host_id"`
	Region    *string    `json:"region"`
	Country   *string    `json:"country"`
	Image     *string    `json:"image"`
	DiskGB    *float64   `json:"disk_gb"`
	DiskUsed  *float64   `json:"disk_used_gb"`
	GPUUtil   *float64   `json:"gpu_util_percent"`
	GPUTemp   *float64   `json:"gpu_temp_celsius"`
	Volumes   []int64    `json:"volumes"`
	Start     *time.Time `json:"start"`
	End       *time.Time `json:"end"`
}

func writeInstancesJSON(w io.Writer, list []instances.Listed, unread int) error {
	out := instancesJSON{Version: schemaVersion, Provider: onlyProvider, Instances: make([]instanceJSON, len(list)), Unread: unread}
	for n, i := range list {
		out.Instances[n] = instanceData(i)
	}
	return printJSON(w, out)
}

func instanceData(i instances.Listed) instanceJSON {
	one := instanceJSON{
		ID: int64(i.ID), Name: words(i.Name), Label: text(i.Label), Type: i.Type, Status: i.State.Word, Actual: text(i.Actual),
		Intended: text(i.Intended), Message: text(i.Status), Problems: append([]string{}, i.Problems...), GPUName: text(i.GPUName), GPUs: i.NumGPUs,
		Hourly: figure64(i.Now), Running: figure64(i.Running), MachineID: whole(i.MachineID), HostID: whole(i.HostID),
		Region: words(region(i.Geolocation)), Country: words(i.Country), Image: text(i.Image), DiskGB: figure64(i.Disk), DiskUsed: figure64(i.DiskUsed),
		GPUUtil: figure64(i.GPUUtil), GPUTemp: figure64(i.GPUTemp), Volumes: []int64{}, Start: moment(i.Start), End: moment(i.End),
	}
	if i.Instance.Bid {
		one.Bid, one.MinBid = figure64(i.DphBase), figure64(i.MinBid)
	}
	for _, v := range i.Instance.Volumes {
		one.Volumes = append(one.Volumes, int64(v))
	}
	return one
}

// figure64 is figure for the types that measure something.
func figure64[T ~float64](v T) *float64 { return figure(float64(v)) }

// moment is a time for JSON, null when it is not known.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

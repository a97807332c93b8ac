package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/tui/volumes"
	figures "vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// volumeFlags are the flags of the verb volumes.
type volumeFlags struct {
	listFlags
	offers, noDefault bool
	region            string
	size              float64
}

func (a *app) volumesCommand() *cobra.Command {
	var f volumeFlags
	c := &cobra.Command{
		Use:   "volumes ['QUERY']",
		Short: "List your volumes, or with --offers where one can be made",
		Long: "volumes lists the disks that outlive instances, what they cost and what holds them. The query\n" +
			"is that of the view: name, status, size, dph, machine_id, region, attached … or plain words.\n" +
			"With --offers it lists machines where a volume of --size GB can be made, the cheapest first.",
		Example:           "vastdeck volumes\nvastdeck volumes problem=unused --json\nvastdeck volumes --offers 'storage_cost<0.1 inet_down>500' --region EU --size 200",
		ValidArgsFunction: a.completeVolumeQuery(&f),
		RunE: func(c *cobra.Command, args []string) error {
			if f.offers {
				return a.volumeOffers(c, queryOf(args), f)
			}
			if c.Flags().Changed("region") || c.Flags().Changed("size") || f.noDefault {
				return a.done(usagef("--region, --size and --no-default are about places for a volume: add --offers, or ask for region=EU in the query"))
			}
			query := queryOf(args)
			pick, err := volumes.Pick(query, f.order)
			if err != nil {
				return a.done(pointedList("volumes", query, f.order, err))
			}
			if err := f.checkList(); err != nil {
				return a.done(err)
			}
			return a.reading(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.listVolumes(ctx, pick, f.listFlags) })
		},
	}
	f.add(c, "dph-,name")
	l := c.Flags()
	l.BoolVar(&f.offers, "offers", false, "list where a volume can be made")
	l.StringVar(&f.region, "region", "all", "with --offers: a country or `REGION` (EU, NA, ASIA …), or all")
	l.Float64Var(&f.size, "size", usualVolume, "with --offers: how many `GB` are wanted")
	l.BoolVar(&f.noDefault, "no-default", false, "with --offers: without verified, external and disk_space")
	completeOrder(c, volumes.Fields)
	_ = c.RegisterFlagCompletionFunc("region", completeRegion)
	return c
}

// usualVolume is how many GB are wanted when nobody says.
const usualVolume = 50

func (k *account) listVolumes(ctx context.Context, pick volumes.Picker, f listFlags) error {
	page, err := k.api.Instances(ctx) // they know which volumes they hold
	if err != nil {
		return err
	}
	all, err := k.api.Volumes(ctx)
	if err != nil {
		return err
	}
	k.sayUnread(page.Bad + all.Bad)
	k.noteKnown(page.Instances, all.Volumes)
	list := cut(pick(all.Volumes, page.Instances, time.Now()), f.limit)
	if f.json {
		return writeVolumesJSON(k.stdout, list, all.Bad)
	}
	return writeVolumes(k.stdout, list)
}

func writeVolumes(w io.Writer, list []volumes.Listed) error {
	columns := append(slices.Clone(ownColumns), column{"Size", true}, column{"Month", true}, column{"Attached", false})
	rows := make([][]string, len(list))
	for n, v := range list {
		rows[n] = []string{
			v.ID.String(), v.Name.String(), "", perHour(v.Hourly), v.State, volumePlace(v), region(v.Geolocation),
			told(float64(v.Size), figures.GB), told(float64(v.Hourly.Month()), figures.Amount), holders(v.Holders),
		}
	}
	return printTable(w, columns, rows)
}

// volumePlace is the machine that a volume lies on; a network volume lies on none.
func volumePlace(v volumes.Listed) string {
	if v.MachineID <= 0 && v.Network() {
		return v.Kind
	}
	return idCell(v.MachineID)
}

func holders(ids []vastapi.InstanceID) string {
	var list []string
	for _, id := range ids {
		list = append(list, id.String())
	}
	return strings.Join(list, ", ")
}

// volumesJSON is the list as data. What is not known is null.
type volumesJSON struct {
	Version  int          `json:"version"`
	Provider string       `json:"provider"`
	Volumes  []volumeJSON `json:"volumes"`
	Unread   int          `json:"unread"` // rows of the answer that could not be read
}

// volumeJSON is one volume: rates in $/h, sizes in GB, times in RFC 3339.
type volumeJSON struct {
	ID        int64      `json:"id"`
	Name      *string    `json:"name"`
	Kind      string     `json:"kind"` // local or network
	Status    string     `json:"status"`
	Problem   *string    `json:"problem"`
	SizeGB    *float64   `json:"size_gb"`
	Hourly    *float64   `json:"hourly"`
	Monthly   *float64   `json:"monthly"`
	PerGB     *float64   `json:"storage_cost"` // $ a GB and month
	MachineID *int64     `json:"machine_id"`
	Region    *string    `json:"region"`
	Country   *string    `json:"country"`
	Instances []int64    `json:"instances"`
	Start     *time.Time `json:"start"`
}

func writeVolumesJSON(w io.Writer, list []volumes.Listed, unread int) error {
	out := volumesJSON{Version: schemaVersion, Provider: onlyProvider, Volumes: make([]volumeJSON, len(list)), Unread: unread}
	for n, v := range list {
		one := volumeJSON{
			ID: int64(v.ID), Name: text(v.Name), Kind: v.Kind, Status: v.State, Problem: words(v.Problem), SizeGB: figure64(v.Size),
			Hourly: figure64(v.Hourly), Monthly: figure64(v.Hourly.Month()), PerGB: figure64(v.StorageCost), MachineID: whole(v.MachineID),
			Region: words(region(v.Geolocation)), Country: words(v.Country), Instances: []int64{}, Start: moment(v.Start),
		}
		for _, id := range v.Holders {
			one.Instances = append(one.Instances, int64(id))
		}
		out.Volumes[n] = one
	}
	return printJSON(w, out)
}

// volumeOffers lists where a volume can be made.
func (a *app) volumeOffers(c *cobra.Command, query string, f volumeFlags) error {
	if err := f.checkList(); err != nil {
		return a.done(err)
	}
	if !(f.size >= 1) {
		return a.done(usagef("--size must be at least 1 GB"))
	}
	search, err := volumeSearch(query, f)
	if err != nil {
		return a.done(err)
	}
	return a.reading(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.search(ctx, search) })
}

// regionTerm is what a query says about a region; all of them is any.
func regionTerm(name string) string {
	if strings.EqualFold(name, "all") || name == "" {
		name = "any"
	}
	if strings.Contains(name, " ") {
		name = `"` + name + `"`
	}
	return "region=" + name
}

// volumeSearch is the search for places that the flags ask for.
func volumeSearch(query string, f volumeFlags) (*offerSearch, error) {
	query = volumes.Spelled(query)
	q, err := offerql.ParseVolumes(query + " ")
	if err != nil {
		return nil, pointedIn("volumes", query, err)
	}
	if !q.Mentions("geolocation") {
		place := regionTerm(f.region)
		if _, err := offerql.ParseVolumes(place + " "); err != nil {
			return nil, pointedIn("volumes", place, err)
		}
		if q, err = offerql.ParseVolumes(query + " " + place + " "); err != nil {
			return nil, pointedIn("volumes", query+" "+place, err)
		}
	}
	order, err := offerql.ParseOrder(f.order)
	if err != nil {
		return nil, pointedIn("volumes", f.order, err)
	}
	return &offerSearch{verb: "volumes", query: q, defaults: !f.noDefault, order: order, storage: vastapi.GB(f.size), limit: f.limit, json: f.json, volumes: true}, nil
}

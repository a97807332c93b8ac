package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// newVolumeFlags are the flags of volume create and volume clone.
type newVolumeFlags struct {
	changeFlags
	size    float64
	name    string
	region  string
	offer   int64
	machine int64
}

// add adds what says where the volume is made.
func (f *newVolumeFlags) add(c *cobra.Command) {
	l := c.Flags()
	l.StringVar(&f.region, "region", "all", "where: a country, a `REGION` such as EU, or all")
	l.Int64Var(&f.offer, "offer", 0, "at the offer of volumes with this `ID`")
	l.Int64Var(&f.machine, "machine", 0, "on the machine with this `ID`")
	f.changeFlags.add(c)
	_ = c.RegisterFlagCompletionFunc("region", completeRegion)
	alias(c, "machine", "machine_id", "machine-id")
}

func (a *app) volumeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "volume",
		Short: "Create, copy and delete volumes",
		Long:  "A volume is a disk that outlives instances. It lies on one machine, can be used by one instance of\nthat machine at a time, and is billed until it is deleted. `vastdeck volumes` lists them.",
		RunE:  onlyHelp,
	}
	c.AddCommand(a.volumeCreateCommand(), a.volumeCloneCommand(), a.volumeDeleteCommand())
	return c
}

func (a *app) volumeCreateCommand() *cobra.Command {
	f := newVolumeFlags{}
	c := &cobra.Command{
		Use:   "create --size GB",
		Short: "Make a volume where a GB is cheapest",
		Long: "create makes a volume where a GB costs least, in a region, on a machine or at an offer of volumes,\n" +
			"and prints its id and how to mount it. Its size is fixed for good. " + otherNames,
		Example: "vastdeck volume create --size 200 --name models --region EU\nvastdeck volume create --size 50 --machine 123456 --dry-run",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := noZero(c, "machine", "machine_id", "machine-id", "offer"); err != nil {
				return a.done(err)
			}
			return a.change(c, &f.changeFlags, func(ctx context.Context, e *errand) ([]rental.Plan, error) {
				size, err := f.gigabytes()
				if err != nil {
					return nil, err
				}
				place, at, err := e.place(ctx, f, size)
				if err != nil {
					return nil, err
				}
				p, err := rental.PlanCreateVolume(place, at, rental.NewVolume{Size: size, Name: e.volumeName(f.name)}, e.desk)
				return []rental.Plan{p}, err
			}, madeVolume)
		},
	}
	c.Flags().Float64Var(&f.size, "size", 0, "its size in `GB`, fixed for good; needed")
	c.Flags().StringVar(&f.name, "name", "", "its `NAME`: letters, digits and _")
	f.add(c)
	return c
}

func (a *app) volumeCloneCommand() *cobra.Command {
	f := newVolumeFlags{}
	c := &cobra.Command{
		Use:     "clone VOLUME",
		Short:   "Copy a volume to a new one",
		Long:    "clone copies a volume, named by its id or its name, to a new one of at least its size.",
		Example: "vastdeck volume clone 881 --machine 123456\nvastdeck volume clone models --size 400",
		Args:    cobra.ExactArgs(1), ValidArgsFunction: a.completeVolumes,
		RunE: func(c *cobra.Command, args []string) error {
			if err := noZero(c, "machine", "machine_id", "machine-id", "offer"); err != nil {
				return a.done(err)
			}
			return a.change(c, &f.changeFlags, func(ctx context.Context, e *errand) ([]rental.Plan, error) {
				list, err := findVolumesAmong(e.desk.Volumes, args)
				if err != nil {
					return nil, err
				}
				src := list[0]
				if f.size == 0 {
					f.size = float64(src.Size)
				}
				size, err := f.gigabytes()
				if err != nil {
					return nil, err
				}
				place, at, err := e.place(ctx, f, size)
				if err != nil {
					return nil, err
				}
				p, err := rental.PlanCloneVolume(src, place, at, size, e.desk)
				return []rental.Plan{p}, err
			}, madeVolume)
		},
	}
	c.Flags().Float64Var(&f.size, "size", 0, "the size of the copy in `GB` (default: that of the volume)")
	f.add(c)
	return c
}

func (a *app) volumeDeleteCommand() *cobra.Command {
	var f changeFlags
	c := &cobra.Command{
		Use:     "delete VOLUME…",
		Short:   "Delete volumes and what is on them",
		Long:    "delete deletes volumes, each named by its id or its name, with all that is on them. This cannot be\nundone. An instance that uses one, running or stopped, has to be destroyed first.",
		Example: "vastdeck volume delete 881 --dry-run\nvastdeck volume delete models",
		Args:    cobra.MinimumNArgs(1), ValidArgsFunction: a.completeVolumes,
		RunE: func(c *cobra.Command, args []string) error {
			return a.change(c, &f, func(_ context.Context, e *errand) ([]rental.Plan, error) {
				p, err := e.planDeleteVolumes(args)
				return []rental.Plan{p}, err
			}, nil)
		},
	}
	f.add(c)
	return c
}

func (e *errand) planDeleteVolumes(args []string) (rental.Plan, error) {
	list, err := findVolumesAmong(e.desk.Volumes, args)
	if err != nil {
		return rental.Plan{}, err
	}
	return rental.PlanDeleteVolumes(list, e.desk)
}

// mostGigabytes is the largest size that is taken for one: 1,024 TB.
const mostGigabytes = 1 << 20

// gigabytes is the size that was given.
func (f newVolumeFlags) gigabytes() (vastapi.GB, error) {
	size := vastapi.GB(f.size)
	if !(size >= 1) || size > mostGigabytes || size != vastapi.GB(int(size)) {
		return 0, usagef("--size is a whole number of GB from 1 to %d, e.g. 200", mostGigabytes)
	}
	return size, nil
}

// volumeName is a name as the service takes it, which knows letters, digits and _: other
// signs of a name become _, and that is told.
func (e *errand) volumeName(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r == ' ' {
			return '_'
		}
		return r
	}, strings.TrimSpace(name))
	if plain != strings.TrimSpace(name) {
		fmt.Fprintf(e.stderr, "vastdeck: the name of a volume has letters, digits and _ only, so it is called %s.\n", plain)
	}
	return plain
}

// place finds where a GB is cheapest among the places that have room.
func (e *errand) place(ctx context.Context, f newVolumeFlags, size vastapi.GB) (best vastapi.Offer, at time.Time, err error) {
	query, err := f.regionQuery()
	if err != nil {
		return best, at, err
	}
	s := vastapi.OfferSearch{Filter: query.Filter(true), Storage: size, Limit: e.settings.Market.Limit, Order: [][2]string{{"storage_cost", "asc"}}}
	s.Filter["disk_space"] = map[string]any{"gte": float64(size)}
	if f.machine != 0 {
		s.Filter = vastapi.Filter{"machine_id": {"eq": f.machine}}
	}
	at = time.Now()
	page, err := e.api.SearchVolumes(ctx, s)
	if err != nil {
		return best, at, err
	}
	list := slices.DeleteFunc(page.Offers, func(o vastapi.Offer) bool {
		return f.machine != 0 && int64(o.MachineID) != f.machine || f.offer != 0 && int64(o.ID) != f.offer ||
			!query.Match(&o) || o.DiskSpace < size || !vastapi.Known(o.StorageCost)
	})
	if len(list) == 0 {
		return best, at, f.noPlace(size)
	}
	slices.SortStableFunc(list, func(a, b vastapi.Offer) int {
		return cmp.Or(cmp.Compare(a.StorageCost, b.StorageCost), cmp.Compare(b.Reliability, a.Reliability), cmp.Compare(a.ID, b.ID))
	})
	return list[0], at, nil
}

// regionQuery is what --region admits.
func (f newVolumeFlags) regionQuery() (offerql.Query, error) {
	region := strings.TrimSpace(f.region)
	if region == "" || strings.EqualFold(region, "all") || strings.EqualFold(region, "any") {
		return offerql.ParseVolumes("")
	}
	q, err := offerql.ParseVolumes("geolocation=" + region + " ")
	var bad *offerql.Error
	switch {
	case errors.As(err, &bad):
		return q, usagef("--region %s: %s", safetext.Quote(region, 40), ended(bad.Text))
	case err != nil:
		return q, usagef("--region: %s", err)
	}
	return q, nil
}

func (f newVolumeFlags) noPlace(size vastapi.GB) error {
	switch {
	case f.offer != 0:
		return failedf("offer %d of volumes is not there, or has no room for %s GB.", f.offer, gbNumber(size))
	case f.machine != 0:
		return failedf("machine %d offers no volume of %s GB now.", f.machine, gbNumber(size))
	}
	return failedf("no place has room for %s GB there: try another --region, or a smaller --size.", gbNumber(size))
}

// madeVolumeJSON is a volume that was made. Figures that are not known are null.
type madeVolumeJSON struct {
	ID      vastapi.VolumeID  `json:"id"`
	Name    string            `json:"name"`
	SizeGB  float64           `json:"size_gb"`
	Machine vastapi.MachineID `json:"machine_id"`
	Hourly  *float64          `json:"hourly"`
	Monthly *float64          `json:"monthly"`
	Mount   []string          `json:"mount"` // how to use it, a line each
}

// madeVolume prints the volume that was made and how to mount it.
func madeVolume(_ context.Context, e *errand) (any, error) {
	for _, r := range e.back {
		for _, s := range r.Done {
			if s.Volume == 0 {
				continue
			}
			v := volumeOf(s)
			if e.flags.json {
				return v, nil
			}
			return v, v.print(e.stdout)
		}
	}
	return nil, nil
}

func volumeOf(s rental.StepResult) madeVolumeJSON {
	v := madeVolumeJSON{
		ID: s.Volume, Machine: s.Step.Subject.Machine, Hourly: figure(float64(s.Step.Rate)),
		Monthly: figure(float64(pricing.Monthly(s.Step.Rate, pricing.MonthHours))),
		Mount:   mountLines(s.Volume, s.Step.Subject.Machine),
	}
	switch c := s.Step.Call.(type) {
	case vastapi.CreateVolume:
		v.Name, v.SizeGB = c.Name, float64(c.Size)
	case vastapi.CloneVolume:
		v.SizeGB = float64(c.Size)
	}
	return v
}

// mountLines say how a volume gets into an instance.
func mountLines(id vastapi.VolumeID, machine vastapi.MachineID) []string {
	return []string{
		fmt.Sprintf("vastdeck rent --machine %d --volume %d:/data --image IMAGE", machine, id),
		"vastai create instance OFFER --env '" + rental.MountFlag(id, "/data") + "', with an offer of that machine",
	}
}

func (v madeVolumeJSON) print(w io.Writer) error {
	text := fmt.Sprintf("Volume: %d\n", v.ID)
	if v.Name != "" {
		text += fmt.Sprintf("Name: %s\n", v.Name)
	}
	text += fmt.Sprintf("Size: %s GB\nMachine: %d\n", gbNumber(vastapi.GB(v.SizeGB)), v.Machine)
	if v.Monthly != nil {
		text += fmt.Sprintf("Price: %s a month\n", pricing.Money(vastapi.Amount(*v.Monthly)))
	}
	for n, line := range v.Mount {
		text += fmt.Sprintf("%s%s\n", [...]string{"Mount: ", "   or: "}[min(n, 1)], line)
	}
	_, err := io.WriteString(w, text)
	return err
}

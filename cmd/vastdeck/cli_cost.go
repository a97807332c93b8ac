package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

func (a *app) costCommand() *cobra.Command {
	var f verbFlags
	c := &cobra.Command{
		Use:   "cost",
		Short: "Say what each instance, bid and volume costs",
		Long: "cost reads the account and prints what everything in it is billed now and what that comes\n" +
			"to in a month of 720 hours. An interruptible instance costs what is bid for it while it runs;\n" +
			"a stopped one costs its disk. With --json the same is printed as data.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.reading(c, &f, func(ctx context.Context, k *account) error { return k.cost(ctx, f.json) })
		},
	}
	f.addProvider(c)
	f.addJSON(c)
	f.addNoPlan(c)
	return c
}

func (k *account) cost(ctx context.Context, asJSON bool) error {
	page, err := k.api.Instances(ctx)
	if err != nil {
		return err
	}
	volumes, err := k.api.Volumes(ctx)
	if err != nil {
		return err
	}
	k.sayUnread(page.Bad + volumes.Bad)
	k.noteKnown(page.Instances, volumes.Volumes)
	list := costOf(page.Instances, volumes.Volumes)
	if asJSON {
		return writeCostJSON(k.stdout, list)
	}
	return writeCost(k.stdout, list)
}

// costLine is a resource with its name.
type costLine struct {
	pricing.Resource
	name string // inert
}

// costOf lists what is billed; what has no name is called by its number.
func costOf(instances []vastapi.Instance, volumes []vastapi.Volume) []costLine {
	names := map[vastapi.InstanceID]string{}
	for _, i := range instances {
		names[i.ID], _ = rental.SplitLabel(i.Label.String())
	}
	called := map[vastapi.VolumeID]string{}
	for _, v := range volumes {
		called[v.ID] = v.Name.String()
	}
	var list []costLine
	for _, r := range pricing.Resources(instances, volumes) {
		line := costLine{r, names[r.Instance]}
		switch {
		case r.Kind == pricing.Storage && called[r.Volume] != "":
			line.name = called[r.Volume]
		case r.Kind == pricing.Storage:
			line.name = "volume-" + r.Volume.String()
		case line.name == "":
			line.name = "instance-" + r.Instance.String()
		}
		list = append(list, line)
	}
	return list
}

// writeCost prints the list for people, a blank line between resources.
func writeCost(w io.Writer, list []costLine) error {
	text := "Provider: vast\n"
	for n, l := range list {
		if n > 0 {
			text += "\n"
		}
		text += fmt.Sprintf("Resource: %s (%s)\n", l.name, l.Kind)
		if l.Kind == pricing.Storage {
			text += "Size: " + gigabytes(l.Size) + "\n"
		} else {
			text += "Hourly Rate: " + hourlyUSD(float64(l.Now)) + "\n"
		}
		text += "Estimated Monthly Cost: " + usd(float64(pricing.Monthly(l.Now, pricing.MonthHours))) + "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

// gigabytes is a size as it was rented; one that is not known says so.
func gigabytes(v vastapi.GB) string {
	if !vastapi.Known(v) {
		return "not known"
	}
	return strconv.FormatFloat(float64(v), 'f', -1, 64) + " GB"
}

// usd is an amount with cents; one that is not known says so.
func usd(v float64) string { return decimalUSD(v, 2) }

// hourlyUSD is a rate with cents, as usd. What is less than a cent, such as a small disk,
// has the digits that it takes not to look like nothing or twice as much.
func hourlyUSD(v float64) string {
	decimals := 2
	for v > 0 && decimals < 6 && v*math.Pow10(decimals) < 1 {
		decimals++
	}
	return decimalUSD(v, decimals)
}

func decimalUSD(v float64, decimals int) string {
	if math.IsNaN(v) {
		return "not known"
	}
	return "$" + strconv.FormatFloat(v, 'f', decimals, 64) + " USD"
}

// costJSON is the list as data. Figures that are not known are null.
type costJSON struct {
	Version    int            `json:"version"`
	Provider   string         `json:"provider"`
	Currency   string         `json:"currency"`
	MonthHours float64        `json:"month_hours"`
	Resources  []resourceJSON `json:"resources"`
	Hourly     *float64       `json:"hourly"`
	Monthly    *float64       `json:"monthly"`
}

type resourceJSON struct {
	ID      int64    `json:"id"`
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	SizeGB  *float64 `json:"size_gb,omitempty"`
	Hourly  *float64 `json:"hourly"`
	Running *float64 `json:"hourly_running"`
	Monthly *float64 `json:"monthly"`
}

func writeCostJSON(w io.Writer, list []costLine) error {
	out := costJSON{Version: schemaVersion, Provider: onlyProvider, Currency: "USD", MonthHours: pricing.MonthHours, Resources: []resourceJSON{}}
	var total vastapi.Rate
	for _, l := range list {
		r := resourceJSON{
			ID: max(int64(l.Instance), int64(l.Volume)), Name: l.name, Kind: string(l.Kind),
			Hourly: figure(float64(l.Now)), Running: figure(float64(l.Running)), Monthly: figure(float64(pricing.Monthly(l.Now, pricing.MonthHours))),
		}
		if l.Kind == pricing.Storage {
			r.SizeGB = figure(float64(l.Size))
		}
		out.Resources = append(out.Resources, r)
		total += l.Now
	}
	out.Hourly, out.Monthly = figure(float64(total)), figure(float64(pricing.Monthly(total, pricing.MonthHours)))
	return printJSON(w, out)
}

// figure is v for JSON, which has no NaN.
func figure(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

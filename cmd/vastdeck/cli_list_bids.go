package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/tui/bids"
	figures "vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

func (a *app) bidsCommand() *cobra.Command {
	var f listFlags
	c := &cobra.Command{
		Use:   "bids ['QUERY']",
		Short: "List your bids: interruptible instances, and how they stand",
		Long: "bids lists the interruptible instances with what is bid for them, what a bid has to reach to\n" +
			"run now, and what the same GPUs cost on demand. The query is that of the view: state, bid,\n" +
			"min_bid, margin, on_demand, saving, gpu_name, region … or plain words.",
		Example:           "vastdeck bids\nvastdeck bids 'margin<10' --order margin\nvastdeck bids outbid --json",
		ValidArgsFunction: completeRows(bids.Complete),
		RunE: func(c *cobra.Command, args []string) error {
			query := queryOf(args)
			pick, err := bids.Pick(query, f.order)
			if err != nil {
				return a.done(pointedList("bids", query, f.order, err))
			}
			if err := f.checkList(); err != nil {
				return a.done(err)
			}
			return a.reading(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.listBids(ctx, pick, f) })
		},
	}
	f.add(c, "margin,bid-")
	completeOrder(c, bids.Fields)
	return c
}

func (k *account) listBids(ctx context.Context, pick bids.Picker, f listFlags) error {
	page, err := k.api.Instances(ctx)
	if err != nil {
		return err
	}
	k.sayUnread(page.Bad)
	in := bids.Account{Page: page, At: time.Now()}
	in.Asked, in.Offers, err = k.listings(ctx, page.Instances)
	if err != nil {
		if cancelled(err) {
			return err
		}
		k.log.Warn("prices on demand could not be read", "err", err)
		fmt.Fprintln(k.stderr, "vastdeck: what the machines cost on demand could not be read, and is missing here.")
	}
	list := cut(pick(in), f.limit)
	if f.json {
		return writeBidsJSON(k.stdout, list, page.Bad)
	}
	return writeBids(k.stdout, list)
}

// mostLookedUp is about how many machines one search asks; offersEach is how many offers
// a machine is expected to have.
const (
	mostLookedUp = 60
	offersEach   = 5
)

// listings asks what the machines of bids are offered for on demand, at most 60 of them.
func (k *account) listings(ctx context.Context, list []vastapi.Instance) ([]vastapi.MachineID, []vastapi.Offer, error) {
	var machines []vastapi.MachineID
	var ids []any
	for n := range list {
		i := &list[n]
		if i.Bid && i.MachineID > 0 && !slices.Contains(machines, i.MachineID) && len(machines) < mostLookedUp {
			machines, ids = append(machines, i.MachineID), append(ids, int64(i.MachineID))
		}
	}
	if len(machines) == 0 {
		return nil, nil, nil
	}
	page, err := k.api.SearchOffers(ctx, vastapi.OfferSearch{
		Filter: vastapi.Filter{"machine_id": {"in": ids}}, Type: vastapi.OnDemand,
		Limit: offersEach*len(machines) + 1, Order: [][2]string{{"dph_total", "asc"}},
	})
	if err != nil {
		return nil, nil, err
	}
	// A server that ignores the filter sends others.
	return machines, slices.DeleteFunc(page.Offers, func(o vastapi.Offer) bool { return !slices.Contains(machines, o.MachineID) }), nil
}

func writeBids(w io.Writer, list []bids.Listed) error {
	columns := append(slices.Clone(ownColumns), column{"Bid", true}, column{"To Hold", true}, column{"Margin", true}, column{"On Demand", true})
	rows := make([][]string, len(list))
	for n, i := range list {
		rows[n] = []string{
			i.ID.String(), i.Name, gpuType(i.NumGPUs, i.GPUName), perHour(i.Now), i.State, idCell(i.MachineID), region(i.Geolocation),
			perHour(i.Bid), perHour(pricing.Enough(i.Hold)), told(i.Margin, figures.Percent), perHour(i.OnDemand),
		}
	}
	return printTable(w, columns, rows)
}

// bidsJSON is the list as data. What is not known is null.
type bidsJSON struct {
	Version  int       `json:"version"`
	Provider string    `json:"provider"`
	Bids     []bidJSON `json:"bids"`
	Unread   int       `json:"unread"` // rows of the answer that could not be read
}

// bidJSON is one bid: rates in $/h for all its GPUs.
type bidJSON struct {
	ID        int64    `json:"id"`
	Name      *string  `json:"name"`
	Status    string   `json:"status"`
	GPUName   *string  `json:"gpu_name"`
	GPUs      int      `json:"num_gpus"`
	Hourly    *float64 `json:"hourly"`
	Bid       *float64 `json:"bid"`
	Hold      *float64 `json:"min_bid"`
	Margin    *float64 `json:"margin_percent"`
	OnDemand  *float64 `json:"on_demand"`
	Saving    *float64 `json:"saving_percent"`
	MachineID *int64   `json:"machine_id"`
	HostID    *int64   `json:"host_id"`
	Region    *string  `json:"region"`
	Country   *string  `json:"country"`
	Image     *string  `json:"image"`
}

func writeBidsJSON(w io.Writer, list []bids.Listed, unread int) error {
	out := bidsJSON{Version: schemaVersion, Provider: onlyProvider, Bids: make([]bidJSON, len(list)), Unread: unread}
	for n, i := range list {
		out.Bids[n] = bidJSON{
			ID: int64(i.ID), Name: words(i.Name), Status: i.State, GPUName: text(i.GPUName), GPUs: i.NumGPUs, Hourly: figure64(i.Now),
			Bid: figure64(i.Bid), Hold: figure64(i.Hold), Margin: figure64(i.Margin), OnDemand: figure64(i.OnDemand), Saving: figure64(i.Saving),
			MachineID: whole(i.MachineID), HostID: whole(i.HostID), Region: words(region(i.Geolocation)), Country: words(i.Country), Image: text(i.Image),
		}
	}
	return printJSON(w, out)
}

package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	figures "vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// offerFlags are the flags of the verb offers.
type offerFlags struct {
	listFlags
	kind      string
	storage   float64
	noDefault bool
}

// usualOffers is how many offers are listed when nobody says, as by the official client.
const usualOffers = 64

func (a *app) offersCommand() *cobra.Command {
	var f offerFlags
	c := &cobra.Command{
		Use:   "offers ['QUERY']",
		Short: "Search the market",
		Long: "offers lists what can be rented now. The query is that of the market view and of `vastdeck\n" +
			"query`; unless it says otherwise, offers are verified, not external, rentable and not rented\n" +
			"already. Prices are those with a disk of --storage GB. Without --order the cheapest come first.\n" +
			"A whole `vastai search offers '…' -o '…'` line is understood too.",
		Example: "vastdeck offers 'gpu_name=RTX_4090 num_gpus>=2 dph<1 -CN'\n" +
			"vastdeck offers 4090 --type bid --order 'min_bid' --limit 5\nvastdeck offers 'region=EU' --json --limit 10000",
		ValidArgsFunction: a.completeQuery,
		RunE: func(c *cobra.Command, args []string) error {
			search, err := offersSearch(c, queryOf(args), f)
			if err != nil {
				return a.done(err)
			}
			return a.reading(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.search(ctx, search) })
		},
	}
	f.add(c, "dph_total,reliability-")
	l := c.Flags()
	l.Lookup("limit").Usage = fmt.Sprintf("at most `N` rows (default %d)", usualOffers)
	l.StringVar(&f.kind, "type", string(vastapi.OnDemand), "how it would be rented: `KIND` is on-demand, bid or reserved")
	l.Float64Var(&f.storage, "storage", 10, "the disk in `GB` that prices are worked out for")
	l.BoolVar(&f.noDefault, "no-default", false, "without verified, external, rentable and rented")
	completeOrder(c, offerql.Fields)
	_ = c.RegisterFlagCompletionFunc("type", cobra.FixedCompletions([]string{"on-demand", "bid", "reserved"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// offerSearch is one search of the market and how it is printed.
type offerSearch struct {
	verb     string
	query    offerql.Query
	defaults bool // the policy of the views holds where the query says nothing else
	order    [][2]string
	kind     vastapi.RentalType
	storage  vastapi.GB
	limit    int
	json     bool
	volumes  bool // places for volumes are searched for
}

// rentalType is the type that a word names.
func rentalType(word string) (vastapi.RentalType, error) {
	switch word {
	case "on-demand", "ondemand":
		return vastapi.OnDemand, nil
	case "bid", "interruptible":
		return vastapi.Interruptible, nil
	case "reserved":
		return vastapi.Reserved, nil
	}
	return "", usagef("--type is on-demand, bid or reserved, not %s", safetext.Quote(word, 40))
}

// offersSearch is the search that the flags and the query ask for. Flags that were
// given go before what a line of the official client says.
func offersSearch(c *cobra.Command, query string, f offerFlags) (*offerSearch, error) {
	o, err := readQuery(query, queryFlags{noDefault: f.noDefault})
	if err != nil {
		return nil, pointedIn("offers", query, err)
	}
	if o.Volumes {
		return nil, usagef("this line searches for volumes: `vastdeck volumes --offers` does that")
	}
	s := &offerSearch{verb: "offers", query: o.Query, defaults: !o.NoDefault, order: o.Order, kind: o.Kind, storage: o.Storage, limit: o.Limit, json: f.json}
	given := c.Flags().Changed
	if given("order") {
		if s.order, err = offerql.ParseOrder(f.order); err != nil {
			return nil, pointedIn("offers", f.order, err)
		}
	}
	if s.kind == "" || given("type") {
		if s.kind, err = rentalType(f.kind); err != nil {
			return nil, err
		}
	}
	if s.storage == 0 || given("storage") {
		s.storage = vastapi.GB(f.storage)
	}
	if s.limit == 0 || given("limit") {
		s.limit = f.limit
	}
	if !(s.storage > 0) {
		return nil, usagef("--storage must be above 0 GB")
	}
	return s, f.checkList()
}

// wire is the question as the server is asked it.
func (s *offerSearch) wire() vastapi.OfferSearch {
	q := vastapi.OfferSearch{Filter: s.asked().Filter(false), Order: s.order, Storage: s.storage, Limit: s.limit, Type: s.kind}
	switch {
	case len(q.Order) > 0:
	case s.volumes:
		q.Order = [][2]string{{"storage_cost", "asc"}}
	case s.kind == vastapi.Interruptible:
		q.Order = [][2]string{{"min_bid", "asc"}}
	default:
		q.Order = [][2]string{{"dph_total", "asc"}}
	}
	if q.Limit == 0 {
		q.Limit = usualOffers
	}
	return q
}

// asked is the query with the policy.
func (s *offerSearch) asked() offerql.Query {
	if s.defaults {
		return s.query.WithDefaults()
	}
	return s.query
}

// searchGC is by how many percent the memory may grow before it is collected.
const searchGC = 50

// search asks the market and prints what it has.
func (k *account) search(ctx context.Context, s *offerSearch) error {
	if local := s.query.Local(); len(local) > 0 {
		fmt.Fprintln(k.stderr, "applied locally, to the rows that were found: "+safetext.Clean(strings.Join(local, ", "), maxShown))
	}
	if why := s.asked().Contradiction(); why != "" {
		fmt.Fprintln(k.stderr, "no offer can satisfy this: "+safetext.Clean(why, maxShown))
		return s.print(k, vastapi.OfferPage{})
	}
	// An answer with ten thousand offers is most of the memory there ever is: collecting
	// it sooner costs little.
	debug.SetGCPercent(searchGC)
	ask := k.api.SearchOffers
	if s.volumes {
		ask = k.api.SearchVolumes
	}
	page, err := ask(ctx, s.wire())
	if err != nil {
		return err
	}
	k.sayUnread(page.Bad)
	if mayBeCut(page) {
		k.sayMore(page)
	}
	// Filters have been seen to be ignored by the server, and some terms it cannot be asked.
	admits := s.asked()
	page.Offers = slices.DeleteFunc(page.Offers, func(o vastapi.Offer) bool { return !admits.Match(&o) || s.volumes && o.DiskSpace < s.storage })
	return s.print(k, page)
}

// leastRound is the least number of rows that a server is known to cut its answers at.
const leastRound = 64

// mayBeCut reports whether the market may have more than the answer holds. A server may
// give fewer rows than it is asked for and does not say so; its limit is then a round
// number, and an answer that happens to have as many rows is better looked at twice than
// taken for the whole market.
func mayBeCut(page vastapi.OfferPage) bool {
	n := max(page.Rows, len(page.Offers)+page.Bad)
	return page.Full() || n >= leastRound && (n%100 == 0 || n&(n-1) == 0)
}

// sayMore tells that the list was cut, so that nobody takes it for all there is.
func (k *account) sayMore(page vastapi.OfferPage) {
	if page.Rows >= page.Asked {
		fmt.Fprintf(k.stderr, "vastdeck: these are the first %s; there may be more: --limit shows them.\n", figures.Count(page.Rows))
		return
	}
	fmt.Fprintf(k.stderr, "vastdeck: the server gave %s rows of the %s asked for; there may be more: narrow the query.\n", figures.Count(page.Rows), figures.Count(page.Asked))
}

func (s *offerSearch) print(k *account, page vastapi.OfferPage) error {
	switch {
	case s.json:
		return s.writeJSON(k.stdout, page)
	case s.volumes:
		return writePlaces(k, page.Offers, s.storage)
	}
	return s.writeOffers(k, page.Offers)
}

// cost is what an offer costs with the disk that was asked for.
func (s *offerSearch) cost(o *vastapi.Offer) vastapi.Rate {
	return pricing.For(o, s.kind, s.storage).Total()
}

func (s *offerSearch) writeOffers(k *account, list []vastapi.Offer) error {
	columns := []column{
		{"ID", true}, {"GPU Type", false}, {"Cost Per Hour", true}, {"VRAM", true}, {"DLPerf", true}, {"Reliability", true}, {"Disk", true},
		{"Down", true}, {"Up", true}, {"CUDA", true}, {"Machine ID", true}, {"Region", false},
	}
	rows := make([][]string, len(list))
	for n := range list {
		o := &list[n]
		rows[n] = []string{
			o.ID.String(), gpuType(o.NumGPUs, o.GPUName), perHour(s.cost(o)), told(float64(o.GPURAM), figures.MiB), told(o.DLPerf, oneDecimal),
			told(o.Reliability, figures.Share), told(float64(o.DiskSpace), figures.GB), told(float64(o.InetDown), figures.Mbps),
			told(float64(o.InetUp), figures.Mbps), told(o.CUDA, oneDecimal), idCell(o.MachineID), region(o.Geolocation),
		}
	}
	return printTable(k.stdout, columns, rows)
}

func oneDecimal(v float64) string { return figures.Decimal(v, 1) }

// writePlaces lists where a volume of the size can be made.
func writePlaces(k *account, list []vastapi.Offer, size vastapi.GB) error {
	columns := []column{
		{"ID", true}, {"Machine ID", true}, {"Free", true}, {"GB Month", true}, {"Month", true}, {"Reliability", true}, {"Down", true}, {"Up", true}, {"Region", false},
	}
	rows := make([][]string, len(list))
	for n := range list {
		o := &list[n]
		rows[n] = []string{
			o.ID.String(), idCell(o.MachineID), told(float64(o.DiskSpace), figures.GB), told(float64(o.StorageCost), dollarsEach),
			told(float64(o.StorageCost.Hourly(size).Month()), figures.Amount), told(o.Reliability, figures.Share),
			told(float64(o.InetDown), figures.Mbps), told(float64(o.InetUp), figures.Mbps), region(o.Geolocation),
		}
	}
	return printTable(k.stdout, columns, rows)
}

// dollarsEach is a small price, with three decimals.
func dollarsEach(v float64) string { return "$" + figures.Decimal(v, 3) }

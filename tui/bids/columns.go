package bids

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

type column = table.Column[*row]

// choice says how the columns may be chosen.
var choice = listing.Columns{
	Fixed: []string{"id", "state"}, Outside: map[string]bool{"gpu": true, "name": true, "region": true, "image": true},
}

func figureOf(n int) string { return strconv.Itoa(n) }

func idNumber(v float64) string { return strings.ReplaceAll(figure.Decimal(v, 0), ",", "") }

// figures makes a column of numbers.
func figures(id, title, help string, width, priority int, of func(*row) float64, show func(float64) string) column {
	return column{
		ID: id, Title: title, Help: help, Min: width, Ideal: width, Priority: priority, Right: true, Desc: true, Num: of,
		Cell: func(r *row) (string, theme.Class) { return show(of(r)), theme.Plain },
	}
}

// rates makes a column of dollars an hour.
func rates(id, title, help string, priority int, of func(*row) vastapi.Rate) column {
	c := figures(id, title, help, 10, priority, func(r *row) float64 { return float64(of(r)) }, figure.Rate)
	c.Cell = func(r *row) (string, theme.Class) { return figure.Rate(float64(of(r))), theme.Money }
	return c
}

// texts makes a column of texts.
func texts(id, title, help string, width, ideal, priority int, of func(*row) string) column {
	return column{
		ID: id, Title: title, Help: help, Min: width, Ideal: ideal, Priority: priority, Str: of,
		Cell: func(r *row) (string, theme.Class) { return figure.Text(of(r)), theme.Plain },
	}
}

func hidden(c column) column { c.Hidden = true; return c }

func lowestFirst(c column) column { c.Desc = false; return c }

// columns are all columns in the order in which they stand by themselves. What grows
// with time is drawn as of clock.
func columns(busy *map[vastapi.InstanceID]string, clock *time.Time) []column {
	list := []column{
		{ID: "id", Title: "ID", Help: "id of the instance", Min: 9, Ideal: 9, Right: true,
			Num:  func(r *row) float64 { return float64(r.ID) },
			Cell: func(r *row) (string, theme.Class) { return r.ID.String(), theme.Accent }},
		{ID: "state", Title: "State", Help: "how the bid stands: L explains the words", Min: 16, Ideal: 16,
			Str: func(r *row) string { return r.stand.word },
			Cell: func(r *row) (string, theme.Class) {
				if verb := (*busy)[r.ID]; verb != "" {
					return "◐ " + verb + " under way", theme.Accent
				}
				return r.stand.glyph + " " + r.word(*clock), r.stand.class
			},
			Steady: func(text string) string {
				if strings.Contains(text, "OUTBID") {
					return "OUTBID" // how long that lasts is no news
				}
				return text
			}},
	}
	list = append(list, priceColumns(clock)...)
	return append(list, machineColumns()...)
}

func priceColumns(clock *time.Time) []column {
	spread := figures("margin", "Margin", "% by which the bid is above the price to hold; below "+safePercent+" it is at risk", 8, 2,
		func(r *row) float64 { return margin(r.Instance) * 100 }, signedPercent)
	spread.Desc = false
	spread.Cell = func(r *row) (string, theme.Class) {
		v := margin(r.Instance)
		switch {
		case v < 0:
			return signedPercent(v * 100), theme.Bad
		case pricing.AtRisk(r.DphBase, r.MinBid):
			return signedPercent(v * 100), theme.Warn
		}
		return signedPercent(v * 100), theme.Plain
	}
	onDemand := rates("on_demand", "On-demand", "$/h that the same GPUs of the machine cost on demand; ≈ worked out from another number of GPUs", 5, func(r *row) vastapi.Rate { return r.price.Rate })
	onDemand.Min, onDemand.Ideal = 11, 11
	onDemand.Cell = func(r *row) (string, theme.Class) { return priceText(r), theme.Money }
	outs := figures("outbids", "Outbid", "how often it was outbid, as far as this run has seen", 7, 7, func(r *row) float64 { return float64(r.outs) }, nil)
	outs.Cell = func(r *row) (string, theme.Class) {
		if r.outs == 0 {
			return "0×", theme.Dim
		}
		return fmt.Sprintf("%d×", r.outs), theme.Warn
	}
	wasted := figures("wasted", "$ waiting", "$ that its disk has cost since it is outbid, as far as this run has seen", 10, 8, func(r *row) float64 { return float64(r.wasted(r.at)) }, figure.Amount)
	wasted.Cell = func(r *row) (string, theme.Class) { return figure.Amount(float64(r.wasted(*clock))), theme.Plain }
	wasted.Steady = func(string) string { return "" } // it grows by itself
	return []column{
		rates("bid", "My bid", "$/h that is bid for all its GPUs, without the disk", 0, func(r *row) vastapi.Rate { return r.DphBase }),
		rates("min_bid", "To hold", "$/h that a bid has to reach to run now", 1, func(r *row) vastapi.Rate { return pricing.Enough(r.MinBid) }),
		spread, onDemand,
		figures("saving", "Saving", "% by which the bid is below the on-demand price", 8, 4, func(r *row) float64 { return r.saving() * 100 }, signedPercent),
		outs, wasted,
		hidden(rates("per_gpu", "a GPU", "$/h that is bid for one GPU", 20, func(r *row) vastapi.Rate { return r.perGPU(r.DphBase) })),
		hidden(rates("dph", "$/h now", "$/h that it is billed now, its disk included", 21, func(r *row) vastapi.Rate { return pricing.Now(r.Instance) })),
		hidden(rates("disk", "disk", "$/h that its disk costs, also while it is outbid", 22, func(r *row) vastapi.Rate { return pricing.Stopped(r.Instance) })),
	}
}

func machineColumns() []column {
	gpus := texts("gpu", "GPU", "number and model of its GPUs", 14, 16, 3, func(r *row) string { return r.GPUName.String() })
	gpus.Cell = func(r *row) (string, theme.Class) { return gpu(r.Instance), theme.Plain }
	name := texts("name", "Name", "its name, without the token of the rental", 12, 20, 0, func(r *row) string { return r.name })
	name.Flex = 2
	name.Cell = func(r *row) (string, theme.Class) { return figure.Text(r.name), theme.Strong }
	region := texts("region", "Region", "where the machine is, as the host says", 8, 16, 9, place)
	region.Flex, region.Cut = 1, cutPlace
	return []column{
		lowestFirst(figures("machine", "Machine", "id of the machine", 8, 6, func(r *row) float64 { return idOf(r.MachineID) }, idNumber)),
		hidden(lowestFirst(figures("host", "Host", "id of the owner of the machine", 8, 23, func(r *row) float64 { return idOf(r.HostID) }, idNumber))),
		gpus, name, region,
		hidden(texts("image", "Image", "docker image", 16, 26, 24, func(r *row) string { return r.Image.String() })),
	}
}

// cutPlace leaves letters of the town out before the country.
func cutPlace(text string, w int) string {
	at := strings.LastIndex(text, ", ")
	if at < 0 || len(text)-at != len(", XX") || w < 6 {
		return text
	}
	return fit.Cut(text[:at], w-len(", XX")) + text[at:]
}

// gpu is the number and model of the GPUs.
func gpu(i *vastapi.Instance) string {
	return fmt.Sprintf("%d× %s", i.NumGPUs, figure.Text(i.GPUName.String()))
}

// priceText is the on-demand price, with a sign where it is worked out.
func priceText(r *row) string {
	switch {
	case r.price.Known() && r.price.About:
		return "≈" + figure.Rate(float64(r.price.Rate))
	case r.price.None:
		return "none"
	}
	return figure.Rate(float64(r.price.Rate))
}

// safePercent is the margin that a bid needs not to be at risk.
var safePercent = fmt.Sprintf("%.0f %%", 100*pricing.SafeMargin)

// signedPercent is a percentage with its sign.
func signedPercent(v float64) string {
	if v > 0 {
		return "+" + figure.Percent(v)
	}
	return figure.Percent(v)
}

// columnPage chooses which columns are shown, and in which order.
type columnPage struct{ listing.ColumnPage }

func newColumnPage(m *Model, th *theme.Theme) *columnPage {
	return &columnPage{listing.ChooseColumns(&m.table, choice, th)}
}

func (p *columnPage) actions(*Model, view.Env) []view.Action { return nil }
func (p *columnPage) capturing() bool                        { return p.Filtering() }
func (p *columnPage) back() bool                             { return p.Back() }

func (p *columnPage) key(m *Model, env view.Env, msg tea.Msg) view.Effect {
	if !p.Key(msg) {
		return view.Effect{}
	}
	m.page = nil
	return m.keepOrder(env)
}

func (p *columnPage) draw(_ view.Env, w, h int) (string, *tea.Cursor) {
	return p.Draw(w, h), p.Cursor()
}

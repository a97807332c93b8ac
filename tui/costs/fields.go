package costs

import (
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// language is what can be asked of what is billed.
var language = offerql.NewRows([]offerql.Column[row]{
	{Name: "name", Aliases: []string{"label"}, Help: "its name, without the token of the rental", Words: true, Text: func(r *row) string { return r.name }},
	{Name: "kind", Aliases: []string{"type"}, Help: "what it is: an instance, a bid or a volume", Words: true, Values: []string{"ai", "bid", "storage"}, Text: func(r *row) string { return r.kind }},
	{Name: "status", Aliases: []string{"state"}, Help: "the word in the column Status", Words: true, Text: func(r *row) string { return r.word }},
	{Name: "what", Aliases: []string{"gpu", "gpu_name"}, Help: "its GPUs, or its size", Words: true, Text: func(r *row) string { return r.what }},
	{Name: "group", Help: "name of its group", Text: func(r *row) string { return r.group }},
	{Name: "id", Help: "id of the instance or the volume", Words: true, Num: func(r *row) float64 { return idOf(r.id) }},
	{Name: "dph_total", Aliases: []string{"dph", "cost", "now"}, Help: "what it is billed now", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.now) }},
	{Name: "dph_running", Aliases: []string{"running"}, Help: "what it is billed while it runs", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.running) }},
	{Name: "month", Aliases: []string{"monthly"}, Help: "what it comes to in a month, as it is billed now; of as many hours as the column Month has", Unit: "$", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(pricing.Monthly(r.now, r.hours())) }},
	{Name: "so_far", Aliases: []string{"spent"}, Help: "what it has cost so far, partly estimated", Unit: "$", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.sofar.Total) }},
	{Name: "charged", Help: "what was charged for it in the days that were read", Unit: "$", Measure: offerql.Dollars, Num: chargedTotal},
	{Name: "age", Aliases: []string{"uptime"}, Help: "time since it was made", Unit: "h", Measure: offerql.Hours, Num: age},
	{Name: "leaks", Aliases: []string{"leak"}, Help: "it is billed and does not compute", Flag: func(r *row) vastapi.Flag { return vastapi.FlagOf(r.leaks) }},
}, map[string]string{"price": "dph", "hourly": "dph", "rate": "dph", "volume": "kind", "stopped": "leaks", "estimate": "month"}, nil)

// Fields are what a query can name, for the README.
func Fields() []offerql.Field { return language.Fields() }

// hours is how long a month is that the row is asked for: as long as it is shown.
func (r *row) hours() float64 {
	if r.month == nil {
		return pricing.MonthHours
	}
	return *r.month
}

func idOf(id int64) float64 {
	if id <= 0 {
		return vastapi.Unknown[float64]()
	}
	return float64(id)
}

func chargedTotal(r *row) float64 {
	if !r.hasCharges {
		return vastapi.Unknown[float64]()
	}
	return float64(r.charged.Total())
}

func age(r *row) float64 {
	if r.since.IsZero() || r.since.After(r.at) {
		return vastapi.Unknown[float64]()
	}
	return r.at.Sub(r.since).Hours()
}

package bids

import (
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// language is what can be asked of bids. Columns that offers and instances have too
// are called as there.
var language = offerql.NewRows([]offerql.Column[row]{
	{Name: "name", Aliases: []string{"label"}, Help: "its name, without the token of the rental", Words: true, Text: func(r *row) string { return r.name }},
	{Name: "state", Aliases: []string{"status"}, Help: "the word in the column State", Words: true, Text: func(r *row) string { return r.stand.word }},
	{Name: "gpu_name", Aliases: []string{"gpu"}, Help: "GPU model, e.g. RTX_4090", GPU: true, Words: true, Text: func(r *row) string { return r.GPUName.String() }},
	{Name: "num_gpus", Aliases: []string{"num", "gpus"}, Help: "number of its GPUs", Num: func(r *row) float64 { return float64(r.NumGPUs) }},
	{Name: "geolocation", Aliases: []string{"geo", "country", "region"}, Help: "country code, country or region (EU, NA, ASIA …)", Country: true, Words: true, Text: func(r *row) string { return r.Country }},
	{Name: "id", Aliases: []string{"instance"}, Help: "id of the instance", Words: true, Num: func(r *row) float64 { return idOf(r.ID) }},
	{Name: "machine_id", Aliases: []string{"machine"}, Help: "id of the machine", Words: true, Num: func(r *row) float64 { return idOf(r.MachineID) }},
	{Name: "host_id", Aliases: []string{"host"}, Help: "owner of the machine", Num: func(r *row) float64 { return idOf(r.HostID) }},
	{Name: "image", Help: "docker image", Words: true, Text: func(r *row) string { return r.Image.String() }},
	{Name: "bid", Aliases: []string{"price"}, Help: "what is bid for all its GPUs", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.DphBase) }},
	{Name: "min_bid", Aliases: []string{"hold"}, Help: "price to hold: what a bid has to reach to run now", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.MinBid) }},
	{Name: "margin", Help: "by how much the bid is above the price to hold, in percent of that", Unit: "%", Signed: true, Num: func(r *row) float64 { return margin(r.Instance) * 100 }},
	{Name: "on_demand", Aliases: []string{"ondemand"}, Help: "what the same GPUs of the machine cost on demand", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.price.Rate) }},
	{Name: "saving", Aliases: []string{"saved"}, Help: "by how much the bid is below the on-demand price, in percent of that", Unit: "%", Signed: true, Num: func(r *row) float64 { return r.saving() * 100 }},
	{Name: "outbids", Aliases: []string{"interruptions"}, Help: "how often it was outbid, as far as this run has seen", Num: func(r *row) float64 { return float64(r.outs) }},
	{Name: "wasted", Help: "what its disk has cost since it is outbid", Unit: "$", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.wasted(r.at)) }},
	{Name: "dph_total", Aliases: []string{"dph", "cost"}, Help: "what it is billed now", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(pricing.Now(r.Instance)) }},
	{Name: "outbid", Help: "somebody bids more", Flag: func(r *row) vastapi.Flag { return vastapi.FlagOf(r.outbid()) }},
}, map[string]string{
	"min": "min_bid", "minimum": "min_bid", "hourly": "dph", "place": "geolocation", "location": "geolocation", "waste": "wasted", "savings": "saving",
}, place)

// Fields are what a query can name, for the README.
func Fields() []offerql.Field { return language.Fields() }

// fieldOf is what the columns are called in the query, as far as words are looked for
// in them.
var fieldOf = map[string]string{
	"id": "id", "state": "state", "machine": "machine_id", "gpu": "gpu_name", "name": "name", "region": "geolocation", "image": "image",
}

// marketQuery finds GPUs like those of a bid. A name that the language could not read
// as one is left out.
func marketQuery(i *vastapi.Instance) string {
	var terms []string
	if name := i.GPUName.String(); name != "" && !strings.ContainsFunc(name, strange) {
		terms = append(terms, `gpu_name="`+name+`"`)
	}
	if i.NumGPUs > 0 {
		terms = append(terms, "num_gpus="+figureOf(i.NumGPUs))
	}
	return strings.Join(terms, " ")
}

// strange reports what no name of a GPU has.
func strange(r rune) bool {
	return r != ' ' && r != '-' && r != '_' && r != '.' && r != '(' && r != ')' &&
		(r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

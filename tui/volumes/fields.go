package volumes

import (
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// language is what can be asked of volumes. Columns that offers have too are called as there.
var language = offerql.NewRows([]offerql.Column[row]{
	{Name: "name", Aliases: []string{"label"}, Help: "its name", Words: true, Text: func(r *row) string { return r.Name.String() }},
	{Name: "id", Aliases: []string{"volume"}, Help: "id of the volume: 123, V.123 or vol-123", Words: true, List: idForms},
	{Name: "status", Aliases: []string{"state"}, Help: "the word in the column Status", Words: true, Text: func(r *row) string { return stateWords[r.state] }},
	{Name: "kind", Aliases: []string{"type"}, Help: "local, on one machine, or network", Values: []string{"local", "network"}, Text: (*row).kindWord},
	{Name: "disk_space", Aliases: []string{"size"}, Help: "its size", Unit: "GB", Measure: offerql.Space, Num: func(r *row) float64 { return float64(r.Size) }},
	{Name: "dph", Aliases: []string{"cost"}, Help: "what it is billed", Unit: "$/h", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.Hourly) }},
	{Name: "month", Aliases: []string{"monthly"}, Help: "what it is billed a month", Unit: "$", Measure: offerql.Dollars, Num: func(r *row) float64 { return float64(r.Hourly.Month()) }},
	{Name: "storage_cost", Help: "what a GB costs a month", Unit: "$", Measure: offerql.Dollars, Num: (*row).perGB},
	{Name: "so_far", Aliases: []string{"spent"}, Help: "an estimate of what it has cost so far", Unit: "$", Measure: offerql.Dollars, Num: (*row).soFar},
	{Name: "machine_id", Aliases: []string{"machine"}, Help: "id of the machine", Words: true, Num: func(r *row) float64 { return idOf(r.MachineID) }},
	{Name: "geolocation", Aliases: []string{"geo", "country", "region"}, Help: "country code, country or region (EU, NA, ASIA …)", Country: true, Words: true, Text: func(r *row) string { return r.Country }},
	{Name: "attached", Aliases: []string{"instance", "instances"}, Help: "names and ids of the instances that hold it", Words: true, List: holderForms},
	{Name: "age", Help: "time since it was made", Unit: "h", Measure: offerql.Hours, Num: (*row).age},
	{Name: "problem", Aliases: []string{"problems"}, Help: "unused: it bills and nothing holds it; idle: only what does not run holds it", Values: []string{unused, idle}, Text: func(r *row) string { return r.kind }},
}, map[string]string{
	"price": "dph", "hourly": "dph", "place": "geolocation", "location": "geolocation", "disk": "disk_space", "holder": "attached", "used": "attached",
}, func(r *row) string { return place(r.Geolocation.String()) })

// Fields are what a query can name, for the README.
func Fields() []offerql.Field { return language.Fields() }

// idForms are the ways in which an id is written: plain, as the official client mounts
// it, and as other tools print it.
func idForms(r *row) []string {
	id := r.ID.String()
	return []string{id, "V." + id, "vol-" + id}
}

func holderForms(r *row) []string {
	var list []string
	for _, h := range r.holders {
		if h.name != "" {
			list = append(list, h.name)
		}
		list = append(list, h.id.String())
	}
	return list
}

// idOf is an id as a number, NaN when there is none.
func idOf[T ~int64](id T) float64 {
	if id <= 0 {
		return vastapi.Unknown[float64]()
	}
	return float64(id)
}

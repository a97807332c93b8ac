package costs

import (
	"strings"
	"time"

	"vastdeck/tui/copying"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// What can be written into a file.
const (
	whatNow     = "now"
	whatCharges = "charges"
)

func (m *Model) noExport(env view.Env) string {
	if !m.made && len(env.Data.Charges.Days) == 0 {
		return "there is nothing to write yet"
	}
	return ""
}

// export asks what to write, and where.
func (m *Model) export(env view.Env) view.Effect {
	const form = "export-costs"
	rows, charges, hours, now := m.plain, env.Data.Charges, *m.hours, env.Now
	_, charged := m.page.(*chargesPage)
	what := whatNow
	if charged {
		what = whatCharges
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: form, Title: "Export costs", Button: "Write", Busy: "writing the file…",
		Intro: []view.Pair{{Label: "billed", Value: figure.Plural(len(rows), "thing")}, {Label: "charges", Value: figure.Plural(len(charges.Days), "day")}},
		Fields: []view.Field{
			{Key: "what", Label: "what", Kind: view.Choice, Value: what, Options: []view.Option{
				{Value: whatNow, Label: "what is billed", Help: "a line for each instance, bid and volume"},
				{Value: whatCharges, Label: "charges by day", Help: "a line for each contract and day that was read"},
			}},
			{Key: "format", Label: "format", Kind: view.Choice, Value: "csv", Options: []view.Option{
				{Value: "csv", Label: "CSV", Help: "for spreadsheets"}, {Value: "json", Label: "JSON", Help: "for programs"},
			}},
			{Key: "path", Label: "file", Value: "~/vastdeck-costs-" + now.Format("20060102-150405") + ".csv", Limit: 4096, Help: "only you may read it"},
			{Key: "replace", Label: "replace", Kind: view.Toggle, Help: "a file of that name is kept unless this is on"},
		},
		React: func(key string, v view.Values) view.Values {
			if key == "format" {
				for _, end := range []string{".csv", ".json"} {
					if bare, ok := strings.CutSuffix(v["path"], end); ok {
						v["path"] = bare + "." + v["format"]
						break
					}
				}
			}
			return v
		},
		Check: func(v view.Values) map[string]string {
			if strings.TrimSpace(v["path"]) == "" {
				return map[string]string{"path": "name a file"}
			}
			return nil
		},
		Submit: func(_ view.Env, v view.Values) view.Effect {
			what, format := v["what"], v["format"]
			return view.Do(view.Save{Form: form, Path: strings.TrimSpace(v["path"]), Replace: v.On("replace"), Text: func() string {
				t := billedTable(rows, hours)
				if what == whatCharges {
					t = chargesTable(charges)
				}
				if format == "json" {
					return t.JSON()
				}
				return t.CSV()
			}})
		},
	}})
}

// billedTable is a row for each thing that is billed. Figures are in USD.
func billedTable(rows []*row, hours float64) copying.Sheet {
	s := copying.Sheet{Columns: []string{
		"kind", "id", "name", "status", "what", "hourly", "hourly_running", "hourly_stopped", "so_far", "so_far_estimated", "month", "month_hours",
		"charged", "leaks", "created", "read",
	}}
	for _, r := range rows {
		s.Rows = append(s.Rows, []any{
			r.kind, r.id, r.name, r.word, r.what, float64(r.now), float64(r.running), float64(r.stopped), float64(r.sofar.Total), r.sofar.Estimated(),
			float64(pricing.Monthly(r.now, hours)), hours, chargedTotal(r), r.leaks, stamp(r.since), stamp(r.at),
		})
	}
	return s
}

// chargesTable is a row for each contract and day, the newest day first.
func chargesTable(c feed.Charges) copying.Sheet {
	s := copying.Sheet{Columns: []string{"day", "kind", "id", "name", "gpu", "disk", "up", "down", "other", "total"}}
	for _, d := range c.Days {
		for _, one := range d.List {
			kind, id := "other", int64(0)
			switch {
			case one.Instance != 0:
				kind, id = "instance", int64(one.Instance)
			case one.Volume != 0:
				kind, id = "volume", int64(one.Volume)
			}
			name, _ := rental.SplitLabel(one.Label.String())
			p := one.Spending
			s.Rows = append(s.Rows, []any{
				d.Day.Format(time.DateOnly), kind, id, name, float64(p.GPU), float64(p.Disk), float64(p.Up), float64(p.Down), float64(p.Other), float64(p.Total()),
			})
		}
	}
	return s
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

package costs

import (
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
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
		Intro: []view.Pair{{Label: "billed", Value: plural(len(rows), "thing")}, {Label: "charges", Value: plural(len(charges.Days), "day")}},
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
					return t.json()
				}
				return t.csv()
			}})
		},
	}})
}

// sheet is what is exported: rows of texts and numbers under names.
type sheet struct {
	columns []string
	rows    [][]any // string, float64, int64 or bool
}

// billedTable is a row for each thing that is billed. Figures are in USD.
func billedTable(rows []*row, hours float64) sheet {
	s := sheet{columns: []string{
		"kind", "id", "name", "status", "what", "hourly", "hourly_running", "hourly_stopped", "so_far", "so_far_estimated", "month", "month_hours",
		"charged", "leaks", "created", "read",
	}}
	for _, r := range rows {
		s.rows = append(s.rows, []any{
			r.kind, r.id, r.name, r.word, r.what, float64(r.now), float64(r.running), float64(r.stopped), float64(r.sofar.Total), r.sofar.Estimated(),
			float64(pricing.Monthly(r.now, hours)), hours, chargedTotal(r), r.leaks, stamp(r.since), stamp(r.at),
		})
	}
	return s
}

// chargesTable is a row for each contract and day, the newest day first.
func chargesTable(c feed.Charges) sheet {
	s := sheet{columns: []string{"day", "kind", "id", "name", "gpu", "disk", "up", "down", "other", "total"}}
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
			s.rows = append(s.rows, []any{
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

// csv is the sheet for a spreadsheet. A text that one would take for a formula has an
// apostrophe before it, which makes it a text again.
func (s sheet) csv() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(s.columns)
	for _, r := range s.rows {
		cells := make([]string, len(r))
		for n, v := range r {
			cells[n] = cell(v)
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return b.String()
}

// cell is a value as a spreadsheet may read it. What is not known is empty.
func cell(v any) string {
	switch v := v.(type) {
	case string:
		return harmless(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		if !vastapi.Known(v) {
			return ""
		}
		return number(v)
	}
	return ""
}

// number is v without the digits that adding up floats leaves behind.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 6, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// harmless is a text that no spreadsheet takes for a formula, also not once it has
// thrown blanks away.
func harmless(s string) string {
	bare := strings.TrimLeft(s, " \t\r\n\u00a0")
	if bare != "" && strings.ContainsRune("=+-@|%", []rune(bare)[0]) || strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.HasPrefix(bare, "＝") || strings.HasPrefix(bare, "＋") || strings.HasPrefix(bare, "－") || strings.HasPrefix(bare, "＠") {
		return "'" + s
	}
	return s
}

// json is the sheet as one object with a row for each line; what is not known is null.
func (s sheet) json() string {
	rows := make([]map[string]any, len(s.rows))
	for n, r := range s.rows {
		rows[n] = map[string]any{}
		for i, v := range r {
			if f, ok := v.(float64); ok {
				if !vastapi.Known(f) {
					v = nil
				} else {
					v = json.Number(number(f))
				}
			}
			rows[n][s.columns[i]] = v
		}
	}
	text, err := json.MarshalIndent(map[string]any{"version": 1, "currency": "USD", "rows": rows}, "", "  ")
	if err != nil {
		return figure.Unknown
	}
	return string(text) + "\n"
}

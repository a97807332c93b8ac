package copying

import (
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// Sheet is a table for a spreadsheet or a program: rows of texts and numbers under names.
type Sheet struct {
	Columns []string
	Rows    [][]any // string, float64, int64 or bool each, as many as there are columns
}

// flat keeps a cell in its column and its row.
var flat = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

// TSV is the sheet with tabs between the cells, as spreadsheets take it from a clipboard, under a line of the names.
func (s Sheet) TSV() string {
	var b strings.Builder
	b.WriteString(strings.Join(s.Columns, "\t") + "\n")
	for _, r := range s.Rows {
		cells := make([]string, len(r))
		for n, v := range r {
			cells[n] = flat.Replace(cell(v))
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	return b.String()
}

// CSV is the sheet for a spreadsheet, under a line of the names. A text that one would take for a formula has an
// apostrophe before it, which makes it a text again.
func (s Sheet) CSV() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(s.Columns)
	for _, r := range s.Rows {
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

// JSON is the sheet as one object with an object for each row, amounts in USD; what is not known is null.
func (s Sheet) JSON() string {
	rows := make([]map[string]any, len(s.Rows))
	for n, r := range s.Rows {
		rows[n] = map[string]any{}
		for i, v := range r {
			if f, ok := v.(float64); ok {
				if !vastapi.Known(f) {
					v = nil
				} else {
					v = json.Number(number(f))
				}
			}
			rows[n][s.Columns[i]] = v
		}
	}
	text, err := json.MarshalIndent(map[string]any{"version": 1, "currency": "USD", "rows": rows}, "", "  ")
	if err != nil {
		return "null\n" // not reached: the values are those that JSON has
	}
	return string(text) + "\n"
}

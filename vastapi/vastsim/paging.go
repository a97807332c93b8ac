package vastsim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// mostRows is the largest page of the list, and the usual one.
const mostRows = 25

// page cuts one page out of sorted rows. The token names the last row seen by
// the values it is sorted by, so rows that come or go between pages neither
// repeat nor hide others.
func page(rows []*instanceRow, q *request, order []ordering, names []string) ([]*instanceRow, *string, error) {
	limit := mostRows
	if raw := q.arg("limit"); raw != "" {
		n, err := strconv.ParseFloat(raw, 64)
		if err != nil {
			n = mostRows
		}
		limit = min(mostRows, int(n))
		if limit <= 0 {
			limit = 5
		}
	}
	if token := q.arg("after_token"); token != "" && token != "null" {
		after, err := parseToken(token, order, names)
		if err != nil {
			return nil, nil, err
		}
		i := slices.IndexFunc(rows, func(r *instanceRow) bool { return isAfter(r, after, order) })
		if i < 0 {
			i = len(rows)
		}
		rows = rows[i:]
	}
	if len(rows) <= limit {
		return rows, nil, nil
	}
	rows = rows[:limit]
	values := map[string]any{}
	last := reflect.ValueOf(rows[limit-1]).Elem()
	for i, o := range order {
		switch c := cellAt(last, o.column); c.kind {
		case null:
			values[names[i]] = nil
		case text:
			values[names[i]] = c.text
		default:
			values[names[i]] = c.num
		}
	}
	return rows, ptr(makeToken(values)), nil
}

func makeToken(values map[string]any) string {
	b, err := json.Marshal(map[string]any{"values": values})
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(b)
}

// readToken gives the values inside a token.
func readToken(token string) (map[string]any, error) {
	raw, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return nil, fmt.Errorf("read token: %w", err)
	}
	var t struct {
		Values map[string]any `json:"values"`
	}
	if err := json.Unmarshal(raw, &t); err != nil {
		return nil, fmt.Errorf("read token: %w", err)
	}
	if t.Values == nil {
		return nil, fmt.Errorf("read token: no values")
	}
	return t.Values, nil
}

func parseToken(token string, order []ordering, names []string) ([]cell, error) {
	values, err := readToken(token)
	if err != nil {
		return nil, err
	}
	var out []cell
	for i, o := range order {
		v, found := values[names[i]]
		if !found {
			return nil, fmt.Errorf("token lacks %s", names[i])
		}
		c, err := coerce(v, o.column.kind)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// isAfter says whether a row comes after the row a token names.
func isAfter(r *instanceRow, after []cell, order []ordering) bool {
	v := reflect.ValueOf(r).Elem()
	for i, o := range order {
		c := cellAt(v, o.column)
		switch {
		case c.kind == null && after[i].kind == null:
			continue
		case c.kind == null:
			return true
		case after[i].kind == null:
			return false
		}
		if n := c.compare(after[i]); n != 0 {
			return n > 0 != o.desc
		}
	}
	return false
}

// project keeps the asked columns; unknown names come back null.
func project(rows []*instanceRow, columns []string) any {
	if rows == nil {
		return []any{}
	}
	if len(columns) == 0 || slices.Contains(columns, "*") {
		return rows
	}
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		v := reflect.ValueOf(r).Elem()
		out[i] = map[string]any{}
		for _, name := range columns {
			out[i][name] = nil
			for k := range v.NumField() {
				if tag, _, _ := strings.Cut(v.Type().Field(k).Tag.Get("json"), ","); tag == name {
					out[i][name] = v.Field(k).Interface()
				}
			}
		}
	}
	return out
}

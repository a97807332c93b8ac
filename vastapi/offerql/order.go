package offerql

import (
	"strings"
)

// ParseOrder reads what "-o" of the official client takes: columns separated by
// commas, each with "+" (ascending, also without a sign) or "-" (descending)
// before or behind it, as "dph_total,score-". What it gives is the order of a
// search: column and "asc" or "desc". Aliases are the same as in a query, and no
// text is no order. The error, if any, is an *Error: unlike the official client
// it refuses columns that do not exist or are named twice.
func ParseOrder(s string) ([][2]string, error) {
	keys, err := readOrder(s, offerOrder)
	if err != nil {
		return nil, err
	}
	var out [][2]string
	for _, k := range keys {
		out = append(out, k.wire())
	}
	return out, nil
}

// sortKey is one column of an order.
type sortKey struct {
	field *Field
	down  bool
}

func (k sortKey) wire() [2]string {
	if k.down {
		return [2]string{k.field.Name, "desc"}
	}
	return [2]string{k.field.Name, "asc"}
}

// orderNames are the names that may stand in an order.
type orderNames struct {
	find    func(name string) *Field
	nearest func(name string) string
}

// offerOrder are the columns of the searches.
var offerOrder = orderNames{
	find: func(name string) *Field {
		if f := offerFields[name]; f != nil {
			return f
		}
		return volumeFields[name]
	},
	nearest: func(name string) string { return offerTable.nearest(name) },
}

// readOrder reads columns separated by commas.
func readOrder(s string, names orderNames) ([]sortKey, error) {
	if len(s) > maxQuery {
		return nil, &Error{Col: maxQuery, Len: len(s) - maxQuery, Kind: BadText, Text: "the order is too long"}
	}
	var out []sortKey
	p := scanner{s: s}
	for p.i < len(s) {
		end := p.i + strings.IndexByte(s[p.i:]+",", ',')
		from := min(p.skip(p.i), end)
		to := end
		for to > from && p.space(to-1) > 0 {
			to--
		}
		p.i = end + 1
		if from == to {
			continue
		}
		key, err := orderKey(s[from:to], from, names)
		if err != nil {
			return nil, err
		}
		for _, have := range out {
			if have.field == key.field {
				return nil, &Error{Col: from, Len: to - from, Kind: Conflict, Text: key.field.Name + " stands in the order twice; the first one decides"}
			}
		}
		out = append(out, key)
	}
	return out, nil
}

// orderKey reads one column of an order, which stands at col.
func orderKey(text string, col int, names orderNames) (sortKey, *Error) {
	name := strings.Trim(text, "+-")
	signs := strings.Replace(text, name, "", 1)
	e := &Error{Col: col, Len: len(text)}
	switch {
	case name == "":
		e.Kind, e.Text = BlankValue, "a sign needs a column before it, as in score-"
		return sortKey{}, e
	case strings.Contains(signs, "+") && strings.Contains(signs, "-"):
		e.Kind, e.Text, e.Suggest = BadText, "a column is sorted up (+) or down (-), not both", name+"-"
		return sortKey{}, e
	}
	f := names.find(name)
	if f == nil {
		return sortKey{}, unknownOrder(e, name, names)
	}
	return sortKey{f, strings.Contains(signs, "-")}, nil
}

func unknownOrder(e *Error, name string, names orderNames) *Error {
	e.Kind, e.Text = UnknownField, "there is no column "+name+" to sort by"
	column, direction, two := strings.Cut(name, " ")
	if !two {
		e.Suggest = names.nearest(name)
		return e
	}
	e.Kind, e.Text = BadText, "columns of an order are separated by commas, and + or - behind one says up or down"
	if names.find(column) == nil {
		return e
	}
	switch strings.ToLower(strings.TrimSpace(direction)) {
	case "asc", "ascending", "up":
		e.Suggest = column
	case "desc", "descending", "down":
		e.Suggest = column + "-"
	}
	return e
}

// FormatOrder prints an order as ParseOrder reads it: "dph_total,score-".
func FormatOrder(order [][2]string) string {
	var b strings.Builder
	for i, key := range order {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(key[0])
		if key[1] == "desc" {
			b.WriteByte('-')
		}
	}
	return b.String()
}

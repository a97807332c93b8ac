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
	if len(s) > maxQuery {
		return nil, &Error{Col: maxQuery, Len: len(s) - maxQuery, Kind: BadText, Text: "the order is too long"}
	}
	var out [][2]string
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
		key, err := orderKey(s[from:to], from)
		if err != nil {
			return nil, err
		}
		for _, have := range out {
			if have[0] == key[0] {
				return nil, &Error{Col: from, Len: to - from, Kind: Conflict, Text: key[0] + " stands in the order twice; the first one decides"}
			}
		}
		out = append(out, key)
	}
	return out, nil
}

// orderKey reads one column of an order, which stands at col.
func orderKey(text string, col int) ([2]string, *Error) {
	name := strings.Trim(text, "+-")
	signs := strings.Replace(text, name, "", 1)
	e := &Error{Col: col, Len: len(text)}
	switch {
	case name == "":
		e.Kind, e.Text = BlankValue, "a sign needs a column before it, as in score-"
		return [2]string{}, e
	case strings.Contains(signs, "+") && strings.Contains(signs, "-"):
		e.Kind, e.Text, e.Suggest = BadText, "a column is sorted up (+) or down (-), not both", name+"-"
		return [2]string{}, e
	}
	f := offerFields[name]
	if f == nil && volumeFields[name] != nil {
		f = volumeFields[name]
	}
	if f == nil {
		return [2]string{}, unknownOrder(e, name)
	}
	if strings.Contains(signs, "-") {
		return [2]string{f.Name, "desc"}, nil
	}
	return [2]string{f.Name, "asc"}, nil
}

func unknownOrder(e *Error, name string) *Error {
	e.Kind, e.Text = UnknownField, "there is no column "+name+" to sort by"
	column, direction, two := strings.Cut(name, " ")
	if !two {
		e.Suggest = offerTable.nearest(name)
		return e
	}
	e.Kind, e.Text = BadText, "columns of an order are separated by commas, and + or - behind one says up or down"
	if offerFields[column] == nil {
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

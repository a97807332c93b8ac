package offerql

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"vastdeck/vastapi"
)

// OfficialOf is the line that finds what the market view finds with q, the
// policy that q leaves in force included.
func OfficialOf(q Query, order [][2]string, kind vastapi.RentalType, storage vastapi.GB) Official {
	return Official{Query: q.WithDefaults(), NoDefault: true, Order: order, Kind: kind, Volumes: q.volumes, Storage: storage}
}

// ToOfficial is the line of the official client that asks the same of the server,
// quoted for a POSIX shell: words, regions and units written out as columns, "-n"
// where the client's defaults do not hold. What no line can say is left out, and
// Lost names it.
func ToOfficial(o Official) string {
	var b strings.Builder
	b.WriteString("vastai search offers")
	if o.Volumes {
		b.Reset()
		b.WriteString("vastai search volumes")
	}
	query, noDefault, _ := o.comparisons()
	if noDefault {
		b.WriteString(" -n")
	}
	if len(query) > 0 {
		b.WriteString(" " + shellQuote(strings.Join(query, " ")))
	}
	if o.Order != nil {
		b.WriteString(" -o " + shellQuote(FormatOrder(o.Order)))
	}
	if o.Kind != "" && o.Kind != vastapi.OnDemand && !o.Volumes {
		b.WriteString(" -t " + string(o.Kind))
	}
	if o.Storage > 0 {
		b.WriteString(" --storage " + printNumber(float64(o.Storage)))
	}
	if o.Limit > 0 {
		b.WriteString(" --limit " + printNumber(float64(o.Limit)))
	}
	return b.String()
}

// Lost lists, in the language of this package, the terms that ToOfficial leaves
// out: those applied locally only, and values that the official client has no
// way to write.
func (o Official) Lost() []string {
	_, _, columns := o.comparisons()
	lost := o.Query.Local()
	for i := range o.Query.terms {
		t := &o.Query.terms[i]
		if t.isLocal() || t.op == opAny {
			continue
		}
		for _, column := range columnsOf(t) {
			if s := t.String(); slices.Contains(columns, column) && !slices.Contains(lost, s) {
				lost = append(lost, s)
			}
		}
	}
	return lost
}

// columnsOf are the columns that a term becomes, sorted.
func columnsOf(t *term) []string {
	f := vastapi.Filter{}
	addWire(f, t)
	out := make([]string, 0, len(f))
	for column := range f {
		out = append(out, column)
	}
	slices.Sort(out)
	return out
}

// comparisons are the conditions of the filter as the official client writes
// them, in the order of the terms, and whether its defaults have to be off.
func (o Official) comparisons() (query []string, noDefault bool, lost []string) {
	f := o.Filter()
	var defaults []*term
	for _, def := range clientDefaults(o.Volumes) {
		defaults = append(defaults, def)
		if _, same := f[def.field.Wire][opWire[def.op]]; !same {
			noDefault = true
		}
	}
	for _, column := range o.columns(defaults) {
		for _, op := range opWire {
			v, has := f[column][op]
			if !has || op == "" || !noDefault && isDefaultValue(defaults, column, op, v) {
				continue
			}
			if text, ok := officialComparison(column, op, v); ok {
				query = append(query, text)
			} else {
				lost = append(lost, column)
			}
		}
	}
	return query, noDefault, lost
}

// columns are the columns of the filter, each once: those of the terms in their
// order, then what is hidden and the defaults.
func (o Official) columns(defaults []*term) []string {
	var out []string
	add := func(t *term) {
		for _, column := range columnsOf(t) {
			if !slices.Contains(out, column) {
				out = append(out, column)
			}
		}
	}
	for i := range o.Query.terms {
		add(&o.Query.terms[i])
	}
	for i := range o.Query.hidden {
		add(&o.Query.hidden[i])
	}
	if !o.NoDefault {
		for _, def := range defaults {
			if !o.Query.replaces(def) {
				add(def)
			}
		}
	}
	return out
}

// isDefaultValue reports whether the client adds this very condition by itself.
func isDefaultValue(defaults []*term, column, op string, v any) bool {
	return slices.ContainsFunc(defaults, func(t *term) bool {
		return t.field.Wire == column && opWire[t.op] == op && t.wireValues()[0] == v
	})
}

var officialSigns = map[string]string{"eq": "=", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "in": " in ", "notin": " notin "}

// officialComparison writes one condition; ok is false when the official parser
// could not read it back as it is.
func officialComparison(column, op string, v any) (text string, ok bool) {
	f := fieldOfColumn(column)
	list, isList := v.([]any)
	if !isList {
		value, ok := f.officialValue(v)
		if op != "gt" && op != "gte" && op != "lt" && (f.dim == memory || f.dim == cardMemory) && v != nil && !strings.ContainsAny(value, ".e") {
			value += ".0" // exactly this size, see FromOfficial
		}
		return column + officialSigns[op] + value, ok
	}
	items := make([]string, len(list))
	for i, v := range list {
		if items[i], ok = f.officialItem(v); !ok {
			return "", false
		}
	}
	return column + officialSigns[op] + "[" + strings.Join(items, ",") + "]", true
}

func fieldOfColumn(column string) *Field {
	for _, f := range fields {
		if f.Wire == column {
			return f
		}
	}
	return &Field{Multiplier: 1}
}

// officialValue writes a single value.
func (f *Field) officialValue(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "null", f.Multiplier == 1 // the official parser wants a number to multiply
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	case float64:
		if f.Kind == Driver {
			return printDriver(value{num: v, parts: 3}), v > 0
		}
		return f.unmultiplied(v)
	case string:
		switch v {
		case "true", "True", "false", "False", "None", "null":
			return "", false // quoted or not, the official parser makes something else of it
		}
		return f.officialText(v)
	}
	return "", false
}

// officialItem writes a value of a list, where the official parser knows texts
// only, multiplies nothing and splits at every comma.
func (f *Field) officialItem(v any) (string, bool) {
	switch v := v.(type) {
	case float64:
		// A short number would read back as the first part of a version.
		return printNumber(v), f.Multiplier == 1 && (f.Kind != Driver || v >= 1e6)
	case bool:
		return f.officialValue(v)
	case string:
		text, ok := f.officialText(v)
		return text, ok && !strings.ContainsAny(v, ",]") && strings.TrimSpace(v) == v
	}
	return "", false
}

// unmultiplied is the number that the client's multiplication turns into v.
func (f *Field) unmultiplied(v float64) (string, bool) {
	x := v / f.Multiplier
	for _, try := range []float64{x, math.Nextafter(x, math.Inf(1)), math.Nextafter(x, math.Inf(-1))} {
		if try*f.Multiplier == v {
			return printNumber(try), true
		}
	}
	return "", false
}

// officialText writes a text. The official parser turns every underscore into a
// space and knows no way to write a double quote.
func (f *Field) officialText(s string) (string, bool) {
	if strings.ContainsAny(s, `_"`) || strings.TrimSpace(s) == "" || strings.ContainsFunc(s, unicode.IsControl) {
		return "", false
	}
	if f.Kind == GPU {
		if name, known := gpuExact(s); known && name == s {
			return strings.ReplaceAll(s, " ", "_"), true
		}
		return `"` + s + `"`, true
	}
	if f.Kind == Place && s == "NA" {
		return `"NA"`, true // without quotes it reads as the region
	}
	if f.Kind == Place || plainText(s) && !strings.Contains(s, " ") && !reservedValue(s) {
		return s, true
	}
	return `"` + s + `"`, true
}

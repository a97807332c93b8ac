package costs

import (
	"strconv"
	"strings"

	"vastdeck/tui/copying"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// newCopyMenu lists what can be copied of the marked rows, or of the one under the cursor, and of all that is billed.
func newCopyMenu(m *Model) *menu {
	marked := m.table.Marked()
	key, _ := m.table.CursorKey()
	if len(marked) == 1 {
		key = marked[0].key
	}
	keys := make([]string, 0, len(marked))
	for _, r := range marked {
		keys = append(keys, r.key)
	}
	title, gone := "Copy of "+figure.Count(len(keys))+" rows", "the rows are gone"
	if len(keys) < 2 {
		keys, gone = []string{key}, "it is gone"
		if r, there := m.table.Get(key); there {
			title = "Copy of " + lower(r.title())
		}
	}
	return &menu{Menu: copying.Menu(title, gone, func(env view.Env) *copying.Lines {
		var rows []*row
		for _, key := range keys {
			if r, there := m.table.Get(key); there {
				rows = append(rows, r)
			}
		}
		if len(rows) == 0 {
			return nil
		}
		return m.copies(env, rows, len(keys) == 1)
	})}
}

// copies are what can be copied of rows; of a single one its figures as well.
func (m *Model) copies(env view.Env, rows []*row, single bool) *copying.Lines {
	l := &copying.Lines{}
	var things []*row // what is billed, the members of groups among them
	for _, r := range rows {
		things = append(things, r.each()...)
	}
	if single {
		f := m.explain(env, rows[0], m.figure)
		l.Add("f", "figure", f.value, f.name)
		l.Make("w", "with its formula", f.name+" "+f.value+" = "+f.formula, f.name+" and what it is made of", func() string { return formulaText(rows[0], m.explain(env, rows[0], m.figure)) })
	}
	if len(things) == 1 {
		l.Add("i", "id", numberOf(things[0]), "the id")
		l.Need("n", "name", strings.TrimSpace(things[0].name), "the name", "it has none")
		l.Add("v", "vastai line", officialLine(things[0]), "the line")
	} else {
		copying.Each(l, "i", "ids", "the ids", "", things, numberOf)
		copying.Each(l, "n", "names", "the names", "none of them has one", things, func(r *row) string { return strings.TrimSpace(r.name) })
		copying.Each(l, "v", "vastai lines", "the lines", "", things, officialLine)
		l.Add("s", "sum", sumText(things, *m.hours), "the sum")
	}
	what := figure.Plural(len(things), "row") + ", under the names of the columns"
	hours := *m.hours
	l.Make("r", "CSV", what, "the CSV", func() string { return billedTable(things, hours).CSV() })
	l.Make("t", "TSV", what, "the TSV", func() string { return billedTable(things, hours).TSV() })
	l.Make("J", "JSON", figure.Plural(len(things), "row")+", amounts in USD", "the JSON", func() string { return billedTable(things, hours).JSON() })
	l.Add("a", "total", m.sumsText(env), "the total")
	l.Make("b", "all as CSV", "all that is billed: "+figure.Plural(len(m.plain), "row"), "all that is billed, as CSV", func() string { return billedTable(m.plain, hours).CSV() })
	return l
}

// newInvoiceMenu lists what can be copied of an invoice, over the page that shows it; all are those that the page shows.
func newInvoiceMenu(over page, i vastapi.Invoice, all []vastapi.Invoice) *menu {
	return &menu{over: over, Menu: copying.Menu("Copy of an invoice", "it is gone", func(env view.Env) *copying.Lines {
		l := &copying.Lines{}
		cells := invoiceCells(i)
		l.Add("r", "row", strings.Join(cells, "\t"), "the invoice")
		l.Need("i", "id", cells[3], "the invoice's id", "it has none")
		l.Add("m", "amount", cells[2], "the amount, in USD")
		l.Add("t", "time", cells[0]+" UTC", "the time")
		l.Need("w", "text", i.Description.String(), "the text of the invoice", "it has none")
		l.Make("J", "JSON", "1 row", "the invoice as JSON", func() string { return invoiceTable([]vastapi.Invoice{i}).JSON() })
		l.Make("b", "all as CSV", figure.Plural(len(all), "row")+", under the names of the columns", "the invoices as CSV", func() string { return invoiceTable(all).CSV() })
		l.Make("a", "all as JSON", figure.Plural(len(all), "row")+", amounts in USD", "the invoices as JSON", func() string { return invoiceTable(all).JSON() })
		return l
	})}
}

// invoiceTable is a row for each invoice. Amounts are in USD.
func invoiceTable(list []vastapi.Invoice) copying.Sheet {
	s := copying.Sheet{Columns: []string{"time", "kind", "amount", "id", "service", "text"}}
	for _, i := range list {
		s.Rows = append(s.Rows, []any{stamp(i.At), i.Kind, float64(i.Amount), i.ID, i.Service.String(), i.Description.String()})
	}
	return s
}

func numberOf(r *row) string { return strconv.FormatInt(r.id, 10) }

// officialLine is how the official client shows what is billed; it lists volumes all at once.
func officialLine(r *row) string {
	if r.volume != nil {
		return "vastai show volumes"
	}
	return "vastai show instance " + numberOf(r)
}

// sumText is what rows come to, in one line. Hours is how many a month has.
func sumText(rows []*row, hours float64) string {
	t := totalsOf(rows)
	least := func(unknown int) string {
		if unknown > 0 {
			return "≥ "
		}
		return ""
	}
	return strings.Join([]string{
		figure.Plural(t.rows, "thing"), least(t.unknown) + rateText(t.now) + " now",
		least(t.unknown) + figure.Amount(float64(pricing.Monthly(t.now, hours))) + " a month of " + figure.Decimal(hours, 0) + " h",
		least(t.unknownSoFar) + soFarText(t.sofar) + " so far",
	}, " · ")
}

// formulaText is a figure with what it is made of, a line each.
func formulaText(r *row, e explained) string {
	lines := []string{lower(r.title()) + ", " + e.name + ": " + e.value}
	if e.formula != "" {
		lines = append(lines, "= "+e.formula)
	}
	for _, i := range e.inputs {
		line := i.name + ": " + i.value
		if i.source != "" {
			line += " (" + i.source + ")"
		}
		lines = append(lines, line)
	}
	if e.note != "" {
		lines = append(lines, e.note)
	}
	return strings.Join(append(lines, e.age), "\n")
}

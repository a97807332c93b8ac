package volumes

import (
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
)

// spec is one column that a list can show. It knows rows and no table.
type spec[R any] struct {
	id, title  string
	help       string // one sentence with the unit
	min, ideal int
	flex       int
	priority   int  // which column goes first when there is no room: the highest; 0 never
	hidden     bool // not shown unless the user chooses it
	outside    bool // somebody else writes it: stands last, where a terminal cannot mix it with figures
	left       bool // aligned at its left
	desc       bool // the largest first when it is chosen for sorting

	num    func(R) float64
	str    func(R) string
	cell   func(R) (string, theme.Class)
	steady func(string) string
	cut    func(string, int) string
}

// figures makes a column of numbers.
func figures[R any](id, title, help string, width, priority int, of func(R) float64, show func(float64) string) spec[R] {
	return spec[R]{
		id: id, title: title, help: help, min: width, ideal: width, priority: priority, desc: true, num: of,
		cell: func(r R) (string, theme.Class) { return show(of(r)), theme.Plain },
	}
}

// words makes a column of texts.
func words[R any](id, title, help string, width, ideal, priority int, of func(R) string) spec[R] {
	return spec[R]{
		id: id, title: title, help: help, min: width, ideal: ideal, priority: priority, left: true, str: of,
		cell: func(r R) (string, theme.Class) { return figure.Text(of(r)), theme.Plain },
	}
}

func (s spec[R]) hide() spec[R]        { s.hidden = true; return s }
func (s spec[R]) lowestFirst() spec[R] { s.desc = false; return s }
func (s spec[R]) fromOutside() spec[R] { s.outside = true; return s }
func (s spec[R]) flexed(n int) spec[R] { s.flex = n; return s }

// aging says that a cell grows by itself, which is no news.
func (s spec[R]) aging() spec[R] { s.steady = func(string) string { return "" }; return s }

func (s spec[R]) in(class theme.Class) spec[R] {
	cell := s.cell
	s.cell = func(r R) (string, theme.Class) { t, _ := cell(r); return t, class }
	return s
}

// columnsOf are specs as a table has them.
func columnsOf[R any](specs []spec[R]) []table.Column[R] {
	list := make([]table.Column[R], 0, len(specs))
	for _, s := range specs {
		list = append(list, table.Column[R]{
			ID: s.id, Title: s.title, Help: s.help, Hidden: s.hidden, Min: s.min, Ideal: s.ideal, Flex: s.flex, Priority: s.priority,
			Right: !s.left, Desc: s.desc, Cell: s.cell, Num: s.num, Str: s.str, Steady: s.steady, Cut: s.cut,
		})
	}
	return list
}

func idNumber(v float64) string { return strings.ReplaceAll(figure.Decimal(v, 0), ",", "") }
func amountOf(v float64) string { return figure.Amount(v) }

func rate(r vastapi.Rate) string     { return figure.Rate(float64(r)) }
func amount(a vastapi.Amount) string { return figure.Amount(float64(a)) }
func size(gb vastapi.GB) string      { return figure.GB(float64(gb)) }

// perMonth is the price of a GB for a month, with the decimals that such prices have.
func perMonth(v float64) string {
	if !vastapi.Known(v) {
		return figure.Unknown
	}
	return "$" + figure.Decimal(v, 3)
}

// cutPlace leaves letters of the town out before the country.
func cutPlace(text string, w int) string {
	at := strings.LastIndex(text, ", ")
	if at < 0 || len(text)-at != len(", XX") || w < 6 {
		return text
	}
	return fit.Cut(text[:at], w-len(", XX")) + text[at:]
}

// catalogue lists every column of the list of volumes in the order in which they stand by
// themselves; what somebody else may write stands at the end.
func catalogue() []spec[*row] {
	region := words("region", "Region", "where the machine is, as the host says", 8, 18, 4, func(r *row) string { return place(r.Geolocation.String()) }).flexed(1)
	region.cut = cutPlace
	status := words("status", "Status", "whether an instance has it: ● in use, ○ free and billed all the same, ◐ being made; ! bills and does not compute", 10, 12, 0, func(r *row) string { return stateWords[r.state] })
	status.cell = statusCell
	machine := figures("machine", "Machine", "id of the machine that it lies on; network: it lies on none", 9, 5, func(r *row) float64 { return idOf(r.MachineID) }, idNumber).lowestFirst()
	plain := machine.cell
	machine.cell = func(r *row) (string, theme.Class) {
		if r.Network() && r.MachineID <= 0 {
			return r.kindWord(), theme.Dim
		}
		return plain(r)
	}
	return []spec[*row]{
		figures("id", "ID", "id of the volume", 9, 0, func(r *row) float64 { return idOf(r.ID) }, idNumber).lowestFirst().in(theme.Accent),
		status,
		figures("size", "Size", "GB that are rented; fixed for the life of the volume", 9, 0, func(r *row) float64 { return float64(r.Size) }, figure.GB),
		figures("dph", "$/h", "$/h that it is billed for as long as it exists", 9, 3, func(r *row) float64 { return float64(r.Hourly) }, figure.Rate).in(theme.Money),
		figures("month", "$/month", "$ that it is billed in a month of 720 hours", 9, 1, func(r *row) float64 { return float64(r.Hourly.Month()) }, amountOf).in(theme.Money),
		figures("storage_cost", "$/GB month", "$ that a GB of it costs a month", 10, 9, (*row).perGB, perMonth).hide(),
		machine,
		figures("age", "Age", "time since it was made", 8, 6, (*row).age, figure.Hours).aging(),
		figures("so_far", "≈ $ so far", "an estimate of what it has cost: the time since it was made at the $/h of now", 10, 8, (*row).soFar, amountOf).aging().hide().in(theme.Money),
		words("kind", "Kind", "local: it lies on one machine; network: it does not", 7, 7, 10, (*row).kindWord).hide(),
		words("name", "Name", "its name", 12, 20, 0, func(r *row) string { return r.Name.String() }).flexed(2).in(theme.Strong).fromOutside(),
		words("attached", "Attached to", "the instances that hold it, running or stopped", 11, 22, 2, (*row).who).flexed(2).fromOutside(),
		region.fromOutside(),
		words("problem", "Problem", "what it costs for nothing", 20, 50, 11, func(r *row) string { return r.problem }).hide().fromOutside(),
	}
}

// statusCell is the state of a volume with a sign before it.
func statusCell(r *row) (string, theme.Class) {
	sign, class := stateSigns[r.state], stateClasses[r.state]
	if r.problem != "" {
		sign, class = "!", theme.Warn
	}
	word := stateWords[r.state]
	if r.state == coming {
		if told := strings.TrimSpace(r.Status.String()); told != "" && told != created {
			word = told
		}
	}
	return sign + " " + word, class
}

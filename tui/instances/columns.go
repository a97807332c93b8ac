package instances

import (
	"fmt"
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// columns are the list's columns. Text from outside stands in the last ones,
// so that a terminal that reorders a line cannot touch the figures.
func columns() []table.Column[*row] {
	return []table.Column[*row]{
		{ID: "id", Title: "ID", Min: 9, Ideal: 9, Right: true, Num: func(r *row) float64 { return float64(r.ID) },
			Cell: func(r *row) (string, theme.Class) { return id(r), theme.Accent }},
		{ID: "status", Title: "Status", Min: 12, Ideal: 13, Str: func(r *row) string { return r.state.Word },
			Cell: status},
		{ID: "dph", Title: "$/h now", Min: 9, Ideal: 9, Right: true, Desc: true, Num: func(r *row) float64 { return float64(r.total(pricing.Now)) },
			Cell: func(r *row) (string, theme.Class) {
				return figure.Rate(float64(r.total(pricing.Now))), theme.Money
			}},
		{ID: "run", Title: "running", Min: 9, Ideal: 9, Right: true, Desc: true, Priority: 4, Num: func(r *row) float64 { return float64(r.total(whileRunning)) },
			Cell: func(r *row) (string, theme.Class) {
				return figure.Rate(float64(r.total(whileRunning))), theme.Dim
			}},
		{ID: "type", Title: "type", Min: 9, Ideal: 9, Priority: 5, Str: kind,
			Cell: func(r *row) (string, theme.Class) { return kind(r), theme.Plain }},
		{ID: "machine", Title: "Machine", Min: 7, Ideal: 8, Right: true, Num: func(r *row) float64 { return float64(r.MachineID) },
			Cell: func(r *row) (string, theme.Class) { return machine(r), theme.Plain }},
		{ID: "util", Title: "GPU %", Min: 6, Ideal: 6, Right: true, Priority: 6, Desc: true, Num: func(r *row) float64 { return r.GPUUtil },
			Cell: func(r *row) (string, theme.Class) { return figure.Percent(r.GPUUtil), theme.Plain }},
		{ID: "disk", Title: "Disk", Min: 7, Ideal: 7, Right: true, Priority: 7, Desc: true, Num: func(r *row) float64 { return float64(r.Disk) },
			Cell: func(r *row) (string, theme.Class) { return figure.GB(float64(r.Disk)), theme.Plain }},
		{ID: "gpu", Title: "GPU", Min: 12, Ideal: 18, Str: func(r *row) string { return r.GPUName.String() },
			Cell: func(r *row) (string, theme.Class) { return gpu(r), theme.Plain }},
		{ID: "name", Title: "Name", Min: 20, Ideal: 20, Flex: 2, Str: func(r *row) string { return r.name },
			Cell: func(r *row) (string, theme.Class) { return r.name, theme.Strong }},
		{ID: "region", Title: "Region", Min: 8, Ideal: 18, Flex: 1, Priority: 1, Str: place,
			Cell: func(r *row) (string, theme.Class) { return place(r), theme.Plain }},
		{ID: "image", Title: "Image", Min: 20, Ideal: 26, Flex: 2, Priority: 8, Str: func(r *row) string { return r.Image.String() },
			Cell: func(r *row) (string, theme.Class) { return r.Image.String(), theme.Dim }},
	}
}

// place is where the machine is; what stands before the comma is sometimes empty.
func place(r *row) string { return strings.TrimLeft(r.Geolocation.String(), ", ") }

func gpu(r *row) string { return fmt.Sprintf("%d× %s", r.NumGPUs, r.GPUName) }

// id is the number of an instance, or how many a group has.
func id(r *row) string {
	if r.members != nil {
		return fmt.Sprintf("%d×", len(r.members))
	}
	return r.ID.String()
}

func machine(r *row) string {
	if r.members != nil {
		return "several"
	}
	return r.MachineID.String()
}

func kind(r *row) string {
	if r.Bid {
		return "bid"
	}
	return "on-demand"
}

// status is the state of an instance, and in its place or before it what needs
// looking at more.
func status(r *row) (string, theme.Class) {
	switch {
	case r.leftover:
		return "✗ LEFTOVER", theme.Bad
	case r.failed != "", len(r.wrong) > 0:
		return "✗ " + r.state.Word, theme.Bad
	case r.state.Class == rental.ClassMoving && r.verdict >= rental.VerdictSlow:
		return "! " + r.state.Word, verdictClass(r.verdict)
	}
	return glyph(r.state) + " " + r.state.Word, class(r.state)
}

// glyph says a status without colour.
func glyph(s rental.State) string {
	switch s.Class {
	case rental.ClassRunning:
		return "●"
	case rental.ClassMoving:
		return "◐"
	case rental.ClassStopped:
		return "■"
	case rental.ClassWaiting:
		return "▲"
	case rental.ClassFailed, rental.ClassLost:
		return "✗"
	}
	return "○"
}

func class(s rental.State) theme.Class {
	switch s.Class {
	case rental.ClassRunning:
		return theme.Good
	case rental.ClassMoving:
		return theme.Accent
	case rental.ClassStopped, rental.ClassWaiting:
		return theme.Warn
	case rental.ClassFailed, rental.ClassLost:
		return theme.Bad
	}
	return theme.Dim
}

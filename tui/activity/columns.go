package activity

import (
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// columns are the list's columns. Text from outside stands in the last one.
func columns() []table.Column[*row] {
	return []table.Column[*row]{
		{ID: "when", Title: "When", Min: 12, Ideal: 15, Desc: true, Num: when,
			Cell: func(r *row) (string, theme.Class) { return clock(r.at), theme.Dim }},
		{ID: "what", Title: "What", Min: 8, Ideal: 14, Str: func(r *row) string { return r.what },
			Cell: func(r *row) (string, theme.Class) { return r.what, theme.Strong }},
		{ID: "state", Title: "State", Min: 11, Ideal: 12, Str: func(r *row) string { return r.state },
			Cell: func(r *row) (string, theme.Class) { return glyph(r) + " " + r.state, class(r) }},
		{ID: "effect", Title: "$/h", Min: 10, Ideal: 11, Right: true, Desc: true, Priority: 3, Num: func(r *row) float64 { return float64(r.effect) },
			Cell: func(r *row) (string, theme.Class) { return signed(r.effect, r.open()), theme.Money }},
		{ID: "took", Title: "Took", Min: 7, Ideal: 8, Right: true, Desc: true, Priority: 4, Num: took,
			Cell: func(r *row) (string, theme.Class) { return tookText(r), theme.Dim }},
		{ID: "target", Title: "Target", Min: 16, Ideal: 30, Priority: 1, Str: func(r *row) string { return r.target },
			Cell: func(r *row) (string, theme.Class) { return r.target, theme.Accent }},
		{ID: "name", Title: "Name", Min: 10, Ideal: 16, Flex: 1, Priority: 5, Str: func(r *row) string { return r.op.Name() },
			Cell: func(r *row) (string, theme.Class) { return r.op.Name(), theme.Plain }},
		{ID: "said", Title: "What came of it", Min: 18, Ideal: 40, Flex: 3, Priority: 2, Str: func(r *row) string { return r.said },
			Cell: func(r *row) (string, theme.Class) { return r.said, theme.Plain }},
	}
}

// when orders by time; orphans come before everything that has one.
func when(r *row) float64 {
	if r.kind == orphan {
		return 1e18 + float64(r.stray.Instance)
	}
	return float64(r.at.UnixMilli())
}

// clock is a time as it is read on a wall; nobody asks a year later.
func clock(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return t.Local().Format("Jan 02 15:04:05")
}

func took(r *row) float64 {
	if d, known := r.op.Took(); known && r.kind == operation {
		return d.Seconds()
	}
	return float64(vastapi.Unknown[vastapi.Rate]())
}

func tookText(r *row) string {
	d, known := r.op.Took()
	switch {
	case !known || r.kind != operation:
		return "—"
	case d < time.Second:
		return "< 1 s"
	}
	return figure.Span(d)
}

// signed is a change of rate with its sign; what is only possible says so.
func signed(r vastapi.Rate, maybe bool) string {
	switch {
	case !vastapi.Known(r):
		return "—"
	case r < 0:
		return "-" + figure.Rate(float64(-r))
	case maybe:
		return "≤ +" + figure.Rate(float64(r))
	}
	return "+" + figure.Rate(float64(r))
}

// glyph says a state without colour.
func glyph(r *row) string {
	switch class(r) {
	case theme.Good:
		return "●"
	case theme.Warn:
		return "▲"
	case theme.Bad:
		return "✗"
	}
	return "○"
}

func class(r *row) theme.Class {
	switch {
	case r.kind == orphan:
		return theme.Bad
	case r.kind == event:
		return [...]theme.Class{theme.Dim, theme.Good, theme.Warn, theme.Bad}[r.event.Level&3]
	case r.op.Open(), r.op.State == rental.OpClosed:
		return theme.Warn
	case r.op.State == rental.OpConfirmed:
		return theme.Good
	case r.op.State == rental.OpRejected || r.op.State == rental.OpAbsent:
		return theme.Bad
	}
	return theme.Dim
}

// rowClass colours whole rows that need somebody.
func rowClass(r *row) theme.Class {
	switch {
	case r.kind == orphan:
		return theme.Bad
	case r.open():
		return theme.Warn
	}
	return theme.Plain
}

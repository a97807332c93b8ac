package sessions

import (
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/table"
)

// columns are the list's columns. Text from outside stands in the last ones.
func columns() []table.Column[*row] {
	return []table.Column[*row]{
		{ID: "state", Title: "State", Min: 13, Ideal: 14, Help: "How it stands now.", Str: func(r *row) string { return r.word },
			Cell: func(r *row) (string, theme.Class) { return r.glyph + " " + r.word, r.class }},
		{ID: "what", Title: "What", Min: 12, Ideal: 12, Help: "A connection that shells share, a tunnel, or a copy of files.", Str: func(r *row) string { return r.what },
			Cell: func(r *row) (string, theme.Class) { return r.what, theme.Strong }},
		{ID: "local", Title: "Local", Min: 15, Ideal: 21, Flex: 1, Priority: 1, Help: "Address or path on this machine.", Cut: pathEnd, Str: func(r *row) string { return r.local },
			Cell: func(r *row) (string, theme.Class) { return r.local, theme.Link }},
		{ID: "remote", Title: "Remote", Min: 18, Ideal: 20, Flex: 1, Priority: 2, Help: "Address or path in the instance.", Cut: pathEnd, Str: func(r *row) string { return r.remote },
			Cell: func(r *row) (string, theme.Class) { return arrow(r) + " " + r.remote, theme.Plain }},
		{ID: "via", Title: "Via", Min: 6, Ideal: 7, Priority: 4, Help: "Direct is the machine's own port, proxy the provider's.", Str: func(r *row) string { return r.via },
			Cell: func(r *row) (string, theme.Class) { return figure.Text(r.via), theme.Dim }},
		{ID: "since", Title: "Since", Min: 8, Ideal: 8, Priority: 5, Desc: true, Help: "When the state began.", Num: func(r *row) float64 { return sinceOrder(r.since) },
			Cell: func(r *row) (string, theme.Class) { return hour(r.since), theme.Dim }},
		{ID: "id", Title: "ID", Min: 9, Ideal: 9, Right: true, Priority: 3, Help: "Id of the instance.", Num: func(r *row) float64 { return float64(r.rank()) },
			Cell: func(r *row) (string, theme.Class) { return idText(r), theme.Accent }},
		{ID: "name", Title: "Name", Min: 10, Ideal: 18, Flex: 1, Help: "Name of the instance.", Str: func(r *row) string { return r.name },
			Cell: func(r *row) (string, theme.Class) { return nameText(r), theme.Plain }},
		{ID: "why", Title: "Why", Min: 20, Ideal: 30, Flex: 3, Priority: 6, Help: "What is the matter, or what can be done.", Str: func(r *row) string { return r.why },
			Cell: func(r *row) (string, theme.Class) { return r.why, theme.Dim }},
	}
}

func idText(r *row) string {
	if r.id == 0 {
		return figure.Unknown
	}
	return strconv.FormatInt(int64(r.id), 10)
}

// arrow points where the bytes of a copy go; a tunnel leads to the instance.
func arrow(r *row) string {
	if r.kind == transfer && !r.copy.Plan.Up {
		return "←"
	}
	return "→"
}

// pathEnd makes a path shorter, with or without an arrow before it: its end, with the
// file's name, says most. Anything else it leaves as it is.
func pathEnd(text string, w int) string {
	arrow, rest, pointed := strings.Cut(text, " ")
	if pointed && (arrow == "→" || arrow == "←") {
		arrow += " "
	} else {
		arrow, rest = "", text
	}
	room := w - fit.Width(arrow)
	for fit.Width(rest) > room {
		_, end, more := strings.Cut(strings.TrimPrefix(rest, "…/"), "/")
		if !more || end == "" {
			break
		}
		rest = "…/" + end
	}
	return arrow + rest
}

func sinceOrder(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli())
}

// hour is a time as it is read on a wall: a span would have to be drawn anew.
func hour(t time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	return t.Local().Format(time.TimeOnly)
}

// clock is hour with its day, for the detail.
func clock(t time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	return t.Local().Format("Jan 02 15:04:05")
}

// nameText is what an instance is called, its id when it has no name.
func nameText(r *row) string {
	if r.name == "" && r.id != 0 {
		return "instance " + r.id.String()
	}
	return figure.Text(r.name)
}

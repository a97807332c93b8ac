package sessions

import (
	"fmt"
	"strings"
	"time"

	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// barCells is how long the bar of a copy is.
const barCells = 12

// share is how much of a copy is done, from 0 to 1; known only once its size is.
func share(p remote.CopyProgress) (f float64, known bool) {
	if p.Total <= 0 {
		return 0, false
	}
	return min(1, max(0, float64(p.Done)/float64(p.Total))), true
}

// shareText is the state of a copy in a word: percent, or bytes while its size is
// not known.
func shareText(p remote.CopyProgress) string {
	f, known := share(p)
	if !known {
		if p.Done > 0 {
			return size(p.Done)
		}
		return "copying"
	}
	return fmt.Sprintf("%d%%", int(f*100))
}

// bar draws how much of a copy is done, without colour.
func bar(p remote.CopyProgress) string {
	f, known := share(p)
	if !known {
		return ""
	}
	full := int(f * barCells)
	return strings.Repeat("█", full) + strings.Repeat("░", barCells-full)
}

// progressText is a copy under way in one line.
func progressText(p remote.CopyProgress) string {
	var parts []string
	part := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if p.Rate > 0 { // first what a narrow column has room for
		part(speed(p.Rate))
	}
	if p.Left > 0 {
		part(figure.Span(p.Left) + " left")
	}
	part(bar(p))
	switch {
	case p.Total > 0:
		part(size(p.Done) + " of " + size(p.Total))
	case p.Done > 0:
		part(size(p.Done) + " of an unknown size")
	default:
		part("starting")
	}
	if p.Files > 0 {
		part(figure.Plural(p.Files, "file"))
	}
	part(safetext.Clean(p.Current, 80))
	return strings.Join(parts, " · ")
}

// copiedText says what a copy that has ended has moved.
func copiedText(p remote.CopyProgress) string {
	done := max(p.Done, p.Total)
	if p.Files > 1 {
		return figure.Plural(p.Files, "file") + ", " + size(done)
	}
	return size(done)
}

// size is a number of bytes as people say it.
func size(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	v, at := float64(max(0, n)), 0
	for v >= 999.5 && at < len(units)-1 {
		v, at = v/1000, at+1
	}
	if at == 0 || v >= 99.95 {
		return figure.Decimal(v, 0) + " " + units[at]
	}
	return figure.Decimal(v, 1) + " " + units[at]
}

// speed is bytes a second as people say it.
func speed(perSecond float64) string { return size(int64(perSecond)) + "/s" }

// lasted is how long something took.
func lasted(d time.Duration) string {
	if d < time.Second {
		return "under a second"
	}
	return figure.Span(d)
}

// within rounds a length of time up to what is said of an estimate.
func within(d time.Duration) string {
	if d < time.Second {
		return "under a second"
	}
	return "about " + figure.Span(d.Round(time.Second))
}

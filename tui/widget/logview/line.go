package logview

import (
	"math"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// Line is one line of a log.
type Line struct {
	// Text is one inert line. It should not be a part of a much larger text, which it would keep in memory. A timestamp
	// at its beginning, as docker writes it (RFC 3339 and a blank), is recognised.
	Text string
	// At is when the line was written or, failing that, when it came; zero when nobody knows. A timestamp in the text
	// counts for more.
	At time.Time
}

// record is a line as it is held.
type record struct {
	text  string
	when  int64 // nanoseconds since 1970, or noTime
	src   uint32
	skip  uint8 // bytes of the timestamp and the blank behind it
	flags flags
}

type flags uint8

const (
	stamped flags = 1 << iota // when was told by the line itself
	missing                   // not a line of the log but the mark of a gap
)

const noTime = math.MinInt64

// body returns the line without its timestamp.
func (r *record) body() string { return r.text[r.skip:] }

// newRecord returns a line as it is held: inert, with its timestamp recognised.
func newRecord(src uint32, text string, at int64) record {
	text = safetext.Clean(text, safetext.MaxLineRunes)
	r := record{text: text, when: at, src: src}
	if when, skip := stamp(text); skip > 0 {
		r.when, r.skip, r.flags = when, uint8(skip), stamped
	}
	return r
}

const (
	shortestStamp = len("2006-01-02T15:04:05Z")
	longestStamp  = len("2006-01-02T15:04:05.000000000+00:00")
)

// stamp returns the time at the beginning of a line and the bytes it takes with the blank behind it; none when there
// is no timestamp.
func stamp(s string) (when int64, skip int) {
	if len(s) < shortestStamp || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' {
		return 0, 0
	}
	end := strings.IndexByte(s[:min(len(s), longestStamp+1)], ' ')
	if skip = end + 1; end < 0 {
		end, skip = len(s), len(s)
	}
	if end > longestStamp {
		return 0, 0
	}
	at, err := time.Parse(time.RFC3339Nano, s[:end])
	if err != nil || at.Year() < 1970 || at.Year() > 2200 {
		return 0, 0
	}
	return at.UnixNano(), skip
}

func nanos(at time.Time) int64 {
	if at.IsZero() {
		return noTime
	}
	return at.UnixNano()
}

package logview

import (
	"math"
	"slices"
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
	order int64 // by which it is sorted in among lines of other sources, or noTime: then it stays where it came
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
	r := record{text: text, when: at, order: noTime, src: src}
	if when, skip := stamp(text); skip > 0 {
		r.when, r.order, r.skip, r.flags = when, when, uint8(skip), stamped
	}
	return r
}

// sorted finds out by which time each of some new lines of a source is sorted in. Lines without a time of their own
// stand with the one before them. What a program writes as the time without saying which zone it means is good enough
// to sort the first lines of a source by; later ones only when the newest was written just before they were read, so that
// the zone is that of the reader: else they would be put far away from the end.
func (s *source) sorted(fresh []record, at int64) {
	if len(s.seen) == 0 {
		s.first = at
	}
	if s.first == at || justWritten(fresh, at) {
		for i := range fresh {
			if r := &fresh[i]; r.order == noTime {
				r.order = looseStamp(r.text)
			}
		}
	}
	first := slices.IndexFunc(fresh, func(r record) bool { return r.order != noTime })
	if first < 0 {
		return
	}
	for i := range fresh[:first] {
		fresh[i].order = fresh[first].order
	}
	for i := first + 1; i < len(fresh); i++ {
		if fresh[i].order == noTime {
			fresh[i].order = fresh[i-1].order
		}
	}
}

// The newest line was written at most so long before it was read, and by a clock that is at most so much ahead.
const (
	recently = int64(15 * time.Minute)
	ahead    = int64(time.Minute)
)

// justWritten reports whether the newest line with a time that names no zone is recent when that zone is UTC, in which
// containers run.
func justWritten(fresh []record, at int64) bool {
	for i := len(fresh) - 1; i >= 0 && at != noTime; i-- {
		if when := looseStamp(fresh[i].text); when != noTime {
			return at-when <= recently && when-at <= ahead
		}
	}
	return false
}

const looseForm = "2006-01-02 15:04:05"

// looseStamp returns the time at the beginning of a line that names no zone, or noTime.
func looseStamp(s string) int64 {
	if len(s) < len(looseForm) || s[4] != '-' || s[7] != '-' || s[10] != ' ' && s[10] != 'T' || s[13] != ':' {
		return noTime
	}
	if len(s) > len(looseForm) && s[len(looseForm)] >= '0' && s[len(looseForm)] <= '9' {
		return noTime
	}
	at, err := time.Parse(looseForm, s[:10]+" "+s[11:len(looseForm)])
	if err != nil || at.Year() < 1970 || at.Year() > 2200 {
		return noTime
	}
	return at.UnixNano()
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

// pieceBytes is how much of a long text is taken in at once, about in bytes.
const pieceBytes = 256 << 10

// Piece returns the beginning of a long text as lines to Append, as many as are taken in within a millisecond or so,
// and what is left of it. Whoever has more takes it in a piece at a time, each in a message of its own.
func Piece(text []string, at time.Time) (piece []Line, rest []string) {
	for n, cost := 0, 0; n < len(text) && cost < pieceBytes; n++ {
		cost += perLine + len(text[n])
		piece = append(piece, Line{Text: text[n], At: at})
	}
	return piece, text[len(piece):]
}

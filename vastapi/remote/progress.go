package remote

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// nameMark begins the lines on which rsync names a file: asked for with
// --out-format, it cannot be taken for a figure, which begins with a space.
const nameMark = ">"

// reading is what a tool has said about a copy up to now.
type reading struct {
	bytes   int64
	files   int
	current string
}

// rsyncOutput reads what rsync prints with --info=progress2, --no-h and an
// --out-format of nameMark and %n: names on lines of their own, figures that
// overwrite each other with carriage returns.
type rsyncOutput struct {
	rest []byte
	reading
}

// maxRest is how much of an unfinished line is kept: more than a path may be long.
const maxRest = 8 << 10

// Write reads on. It never fails.
func (r *rsyncOutput) Write(p []byte) (int, error) {
	n := len(p)
	for {
		end := bytes.IndexAny(p, "\r\n")
		if end < 0 {
			break
		}
		r.line(string(append(r.rest, p[:end]...)))
		r.rest, p = r.rest[:0], p[end+1:]
	}
	if len(r.rest)+len(p) <= maxRest {
		r.rest = append(r.rest, p...)
	}
	return n, nil
}

func (r *rsyncOutput) line(line string) {
	if name, found := strings.CutPrefix(line, nameMark); found {
		r.current = safetext.Clean(name, safetext.MaxRunes)
		return
	}
	fields := strings.Fields(line)
	if len(fields) < 2 || !strings.HasSuffix(fields[1], "%") || !strings.HasPrefix(line, " ") {
		return
	}
	if count, err := strconv.ParseInt(fields[0], 10, 64); err == nil && count >= r.bytes {
		r.bytes = count
	}
	// "(xfr#12," counts the files that were transferred.
	for _, field := range fields[2:] {
		if number, found := strings.CutPrefix(field, "(xfr#"); found {
			if files, err := strconv.Atoi(strings.TrimSuffix(number, ",")); err == nil {
				r.files = files
			}
		}
	}
}

// rateWindow is over how long the rate of a copy is measured: long enough to be
// calm, short enough to notice that it stands still.
const rateWindow = 5 * time.Second

// pace turns counts of bytes into a rate and an estimate.
type pace struct {
	marks []paceMark
}

type paceMark struct {
	at    time.Time
	bytes int64
}

// add notes a count and returns the rate over the last seconds, bytes a second.
func (p *pace) add(at time.Time, count int64) float64 {
	p.marks = append(p.marks, paceMark{at, count})
	// The newest mark that is older than the window stays: the rate spans the whole window.
	for len(p.marks) > 2 && at.Sub(p.marks[1].at) >= rateWindow {
		p.marks = p.marks[1:]
	}
	first := p.marks[0]
	took := at.Sub(first.at).Seconds()
	if took <= 0 || count <= first.bytes {
		return 0
	}
	return float64(count-first.bytes) / took
}

// left is how long a copy still takes at a rate, 0 when that cannot be known.
func left(done, total int64, rate float64) time.Duration {
	if total <= 0 || rate <= 0 || done >= total {
		return 0
	}
	seconds := float64(total-done) / rate
	if seconds > 1e6 {
		return 0 // eleven days: the rate is no estimate any more
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Second)
}

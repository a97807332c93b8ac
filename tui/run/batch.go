package run

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
)

// batch is one command on all its hosts.
type batch struct {
	name    string // of the command on its way
	line    string
	jobs    []*job
	all     *logview.Model // the output of all hosts, merged
	plan    string         // the plan that carries out what goes through the API
	agreed  bool           // that plan needed no consent, or has it
	timeout time.Duration
	turn    int // of the hosts, in taking their output in
}

const (
	// held is how much output is held of all hosts together, in bytes, and the least
	// that is held of one.
	held  = 64 << 20
	least = 256 << 10
)

func newBatch(name, line string, routes []route, timeout time.Duration, th *theme.Theme) *batch {
	b := &batch{name: name, line: line, all: newLog("all hosts", th), timeout: timeout}
	b.all.SetEmpty("nothing has been printed yet")
	for _, r := range routes {
		b.jobs = append(b.jobs, newJob(r, th))
	}
	return b
}

// share is how many bytes of output are held of each host.
func (b *batch) share() int { return min(logview.MaxBytes, max(least, held/max(1, len(b.jobs)))) }

// job is the part of one host.
func (b *batch) job(id vastapi.InstanceID) *job {
	i := slices.IndexFunc(b.jobs, func(j *job) bool { return j.id == id })
	if i < 0 {
		return nil
	}
	return b.jobs[i]
}

// covers reports whether the command was run on exactly these.
func (b *batch) covers(ids []vastapi.InstanceID) bool {
	return slices.EqualFunc(b.jobs, ids, func(j *job, id vastapi.InstanceID) bool { return j.id == id })
}

// running reports whether something still comes of it by itself.
func (b *batch) running() bool {
	return slices.ContainsFunc(b.jobs, func(j *job) bool { return !j.ended() && j.phase != asked })
}

// say adds lines to what a host has printed, and to the output of all.
func (b *batch) say(j *job, lines []logview.Line, from string) {
	size := 0
	for _, l := range lines {
		size += len(l.Text)
	}
	if j.bytes += size; j.bytes > b.share() {
		j.left += j.log.Len()
		j.log.Clear()
		j.bytes = size
	}
	j.log.Append(from, lines)
	if len(b.jobs) > 1 {
		b.all.Append(j.name, lines)
	}
}

// What a host prints is marked by where it says it: nothing at the usual place.
const (
	usual  = "out"
	stderr = "err"
)

// pieceBytes is how much output is taken in within one message, perLine what a line
// costs besides its length.
const (
	pieceBytes = 256 << 10
	perLine    = 40
)

// piece takes in a piece of the output that waits, of one host after the other, and
// reports whether more waits.
func (b *batch) piece(now time.Time) (more bool) {
	room := pieceBytes
	for n := range b.jobs {
		j := b.jobs[(b.turn+n)%len(b.jobs)]
		for len(j.pending) > 0 && room > 0 {
			room -= b.run(j, now, room)
		}
		if len(j.pending) > 0 {
			more = true
		}
	}
	b.turn++
	return more
}

// run takes in lines of a host that it printed one after the other at the same
// place, and returns what that took.
func (b *batch) run(j *job, now time.Time, room int) (took int) {
	from := usual
	if j.pending[0].stderr {
		from = stderr
	}
	var lines []logview.Line
	for n := 0; n < len(j.pending) && took < room && j.pending[n].stderr == j.pending[0].stderr; n++ {
		lines = append(lines, logview.Line{Text: j.pending[n].text, At: now})
		took += perLine + len(j.pending[n].text)
	}
	if j.pending = j.pending[len(lines):]; len(j.pending) == 0 {
		j.pending = nil
	}
	b.say(j, lines, from)
	return took
}

// sum is how the hosts stand, in a line.
func (b *batch) sum(env view.Env) string {
	var order []string
	count := map[string]int{}
	for _, j := range b.jobs {
		text, _ := j.state(env.Now, env.Busy[j.id] != "")
		text, _, _ = strings.Cut(text, ":")
		text, _, _ = strings.Cut(text, ";")
		if j.phase == running {
			text = "running"
		}
		if count[text]++; count[text] == 1 {
			at, _ := slices.BinarySearch(order, text)
			order = slices.Insert(order, at, text)
		}
	}
	if len(b.jobs) == 1 {
		text, _ := b.jobs[0].state(env.Now, env.Busy[b.jobs[0].id] != "")
		return text
	}
	for n, text := range order {
		order[n] = fmt.Sprintf("%d %s", count[text], text)
	}
	return strings.Join(order, " · ")
}

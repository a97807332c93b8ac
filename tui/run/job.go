package run

import (
	"fmt"
	"strconv"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// phase says how far a command is on one host.
type phase int

// The phases.
const (
	waiting  phase = iota // for its turn
	asked                 // for the user's consent
	running               // it runs
	fetching              // it ran, and what it printed is on its way
	over                  // it has ended
	failed                // it did not run, or nobody knows what came of it
	given                 // up by the user
)

// job is a command on one host.
type job struct {
	route
	phase phase
	text  string // why it failed, or what is wrong with its output
	code  int    // how it ended, where that is told
	coded bool

	began, end time.Time
	out        vastapi.Output // where what it printed can be read

	reading bool // that is being read

	log     *logview.Model
	pending []printed // still to be taken in
	bytes   int       // of output that is held
	left    int       // lines that were left out
	lost    int64     // bytes that were not even told
}

// printed is a line that a command has printed.
type printed struct {
	text   string
	stderr bool
}

// more adds to what is to be taken in. What comes faster than that for long is held
// back only up to a limit: the oldest lines go.
func (j *job) more(lines []printed) {
	j.pending = append(j.pending, lines...)
	if over := len(j.pending) - mostPending; over > 0 {
		j.pending, j.left = j.pending[over:], j.left+over
	}
}

// mostPending is how many lines of a host wait at most.
const mostPending = logview.MaxLines

// newLog is a log in which output is read.
func newLog(title string, th *theme.Theme) *logview.Model {
	l := logview.New(title, th)
	l.SetZone(time.Local)
	return &l
}

func newJob(r route, th *theme.Theme) *job {
	j := &job{route: r, log: newLog(r.name, th)}
	if r.way == noWay {
		j.phase, j.text = failed, r.why
	}
	return j
}

// ended reports whether nothing more comes of it by itself.
func (j *job) ended() bool { return j.phase >= over }

// state is what is said about it in a few words.
func (j *job) state(now time.Time, busy bool) (string, theme.Class) {
	switch j.phase {
	case waiting, asked:
		if busy {
			return "running", theme.Accent
		}
		if j.phase == asked {
			return "not agreed to", theme.Dim
		}
		return "waiting", theme.Dim
	case running:
		return "running " + figure.Span(now.Sub(j.began).Truncate(time.Second)), theme.Accent
	case fetching:
		return "ran, reading its output", theme.Accent
	case failed:
		if j.way == noWay {
			return "left out: " + j.text, theme.Warn
		}
		return "failed: " + j.text, theme.Bad
	case given:
		return "cancelled", theme.Warn
	}
	return j.ending()
}

func (j *job) ending() (string, theme.Class) {
	switch {
	case j.coded && j.code == 0:
		return "exit 0", theme.Good
	case j.coded && j.code == remote.SSHFailed:
		return "ssh failed (255)", theme.Bad
	case j.coded:
		return "exit " + strconv.Itoa(j.code), theme.Warn
	case j.text != "":
		return "ran; " + j.text, theme.Warn
	}
	return "ran", theme.Good
}

// empty is what stands in place of output while there is none.
func (j *job) empty() string {
	switch j.phase {
	case waiting:
		return "it waits for its turn"
	case asked:
		return "nothing is sent unless it is agreed to"
	case running:
		return "it runs and has printed nothing yet"
	case fetching:
		return "it has run: waiting for what it printed"
	case failed:
		return j.text
	case given:
		return "it was cancelled and has printed nothing"
	}
	switch {
	case j.coded && j.code == remote.SSHFailed:
		return "ssh itself failed, or the command ended with 255: d finds out why"
	case j.text != "":
		return j.text
	}
	return "it has printed nothing"
}

// tell says what its log has to say beside its lines.
func (j *job) tell(now time.Time) {
	age := ""
	if !j.end.IsZero() && !j.began.IsZero() {
		age = "took " + took(j.end.Sub(j.began))
	}
	if j.left > 0 {
		age += fmt.Sprintf("  %s lines left out", figure.Count(j.left))
	}
	if j.lost > 0 {
		age += fmt.Sprintf("  %s KB more were not kept", figure.Count(int(j.lost>>10)+1))
	}
	j.log.SetAge(age)
	j.log.SetEmpty(j.empty())
}

// took is how long something lasted, short spans with a decimal.
func took(d time.Duration) string {
	if d < 10*time.Second {
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return figure.Span(d)
}

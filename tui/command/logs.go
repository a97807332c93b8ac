package command

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// Texts is what the client reads of texts that a machine sends when it is asked:
// logs, and what commands print.
type Texts interface {
	RequestLogs(context.Context, vastapi.InstanceID, vastapi.LogOptions) (*safetext.Lines, error)
	Output(context.Context, vastapi.Output) (*safetext.Lines, error)
}

// EveryLogs is how often the log of an instance is asked for while it is followed.
const EveryLogs = 12 * time.Second

// eachLog is what the log of each further instance adds to that: logs alone never
// make more than twenty of the sixty reads that a minute has.
const eachLog = 3 * time.Second

// LogsEvery is how often each of n logs is asked for while all are followed.
func LogsEvery(n int) time.Duration { return max(EveryLogs, time.Duration(n)*eachLog) }

// LogsTopic is the topic of LoadLogs and LogsAgain.
func LogsTopic(id vastapi.InstanceID) Topic { return Topic("logs/" + id.String()) }

// LogsRead answers LoadLogs.
type LogsRead struct {
	Answer
	Instance vastapi.InstanceID
	Options  vastapi.LogOptions
	Lines    []string // inert, the oldest first; none of them is a part of a larger text
	Dropped  int      // older lines that were sent but are more than can be held
}

// eachTurn is how much later than the one before it each of several logs that are
// wanted at once is asked for: whichever goroutine is the quickest, the limits then
// let them through in the order of the list.
const eachTurn = 10 * time.Millisecond

// LoadLogs asks the machine of an instance for its log, and waits until it has
// arrived; nil while nobody is logged in. turn is its place among the logs that are
// wanted at once, from 0.
func (l Loads) LoadLogs(id vastapi.InstanceID, opt vastapi.LogOptions, turn int) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, LogsTopic(id), func(ctx context.Context) (arrived, error) {
		if turn > 0 {
			select {
			case <-time.After(time.Duration(turn) * eachTurn):
			case <-ctx.Done():
				return arrived{}, ctx.Err()
			}
		}
		lines, err := api.RequestLogs(ctx, id, opt)
		return owned(lines), err
	}, func(a Answer, s arrived) tea.Msg { return LogsRead{a, id, opt, s.lines, s.dropped} })
}

// LogsAgain makes the command that says after d that a log is due.
func (l Loads) LogsAgain(id vastapi.InstanceID, d time.Duration) tea.Cmd {
	return l.s.Again(LogsTopic(id), d)
}

// NoLogs gives up what was asked for of a log, and makes it not be due any more.
func (l Loads) NoLogs(id vastapi.InstanceID) {
	l.s.Cancel(LogsTopic(id))
	l.s.Forget(LogsTopic(id))
}

// arrived is a text as a machine has sent it.
type arrived struct {
	lines   []string
	dropped int
}

// owned makes each line a text of its own: a part of a larger one would keep all of
// that in memory for as long as the line is shown.
func owned(all *safetext.Lines) arrived {
	if all == nil {
		return arrived{}
	}
	s := arrived{make([]string, 0, all.Len()), all.Dropped()}
	for _, line := range all.All() {
		s.lines = append(s.lines, strings.Clone(line))
	}
	return s
}

package command

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// AtOnce is on how many instances a command runs at once.
const AtOnce = 8

// RunLimits bound a command that runs on instances.
type RunLimits struct {
	Timeout time.Duration // for each instance, from when it begins there; 0 = none
	Bytes   int           // of output of each instance that are told; 0 = all
	Lines   int           // that wait to be told, for each instance; 0 = DefaultLines
}

// DefaultLines is how many lines of an instance's output wait to be told at most;
// when more come at once, the oldest are left out and counted.
const DefaultLines = 5000

// RemoteStarted tells that a command begins on an instance.
type RemoteStarted struct {
	Run      string
	Instance vastapi.InstanceID
	next     tea.Cmd
}

// RemoteOutput is what a command has printed on an instance since the last message.
type RemoteOutput struct {
	Run      string
	Instance vastapi.InstanceID
	Lines    []RemoteLine
	Dropped  int // lines before these that were too many to be told
	next     tea.Cmd
}

// RemoteLine is one line of output.
type RemoteLine struct {
	Text   string // inert
	Stderr bool
}

// RemoteHostEnded tells that a command has ended on one instance. Err says why it
// did not run to its end.
type RemoteHostEnded struct {
	Run      string
	Instance vastapi.InstanceID
	Code     int // exit status; means nothing with Err
	Err      error
	Lost     int64 // bytes of output beyond RunLimits.Bytes
	Took     time.Duration
	next     tea.Cmd
}

// RemoteRunEnded tells that a command has ended on all instances.
type RemoteRunEnded struct {
	Answer
	Run string
}

// Next waits for the news after this one.
func (m RemoteStarted) Next() tea.Cmd { return m.next }

// Next waits for the news after this one.
func (m RemoteOutput) Next() tea.Cmd { return m.next }

// Next waits for the news after this one.
func (m RemoteHostEnded) Next() tea.Cmd { return m.next }

// RunRemote runs a command line in the shell of each instance, on AtOnce of them at
// once. RemoteStarted, RemoteOutput (at most ten a second) and RemoteHostEnded come
// for each, RemoteRunEnded at the end. run is an id that the caller makes up.
func (l Loads) RunRemote(run string, where []vastapi.Instance, command string, limits RunLimits) tea.Cmd {
	return l.broadcast(run, where, limits, func(ctx context.Context, r Remote, t remote.Target, o remote.ExecOptions) (remote.Outcome, error) {
		return r.Exec(ctx, t, command, o)
	})
}

// FollowRemote prints the last lines of a file of an instance and then what is
// added to it, until CancelRemote. The messages are those of RunRemote.
func (l Loads) FollowRemote(run string, i vastapi.Instance, file string) tea.Cmd {
	return l.broadcast(run, []vastapi.Instance{i}, RunLimits{}, func(ctx context.Context, r Remote, t remote.Target, o remote.ExecOptions) (remote.Outcome, error) {
		return r.Follow(ctx, t, file, o)
	})
}

// CancelRemote ends a run on some instances, or on all of them when none is named.
// Their RemoteHostEnded comes as always.
func (l Loads) CancelRemote(run string, where ...vastapi.InstanceID) {
	b := l.s.runs[run]
	if b == nil {
		return
	}
	if len(where) == 0 {
		l.s.End(runTopic(run))
		return
	}
	b.cancel(where)
}

func runTopic(run string) Topic { return Topic("ssh/run/" + run) }

// errGivenUp is how a command ends that the user has cancelled.
var errGivenUp = errors.New("cancelled")

// execute is what is done on one instance.
type execute func(context.Context, Remote, remote.Target, remote.ExecOptions) (remote.Outcome, error)

func (l Loads) broadcast(run string, where []vastapi.Instance, limits RunLimits, do execute) tea.Cmd {
	if limits.Lines <= 0 {
		limits.Lines = DefaultLines
	}
	b := &broadcast{do: do, crash: l.s.crash, out: newOutbox(run, limits.Lines), limits: limits, cancels: map[vastapi.InstanceID]context.CancelFunc{}, ended: map[vastapi.InstanceID]bool{}}
	l.s.keepRun(run, b)
	all := overSSH(l, runTopic(run), func(ctx context.Context, r Remote) (doneOf, error) {
		b.all(ctx, r, where)
		return doneOf{}, nil
	}, func(a Answer, _ doneOf) tea.Msg {
		b.out.close()
		return RemoteRunEnded{a, run}
	})
	return tea.Batch(all, b.out.listen())
}

// keepRun remembers a run until it has ended.
func (s *Set) keepRun(run string, b *broadcast) {
	for id := range s.runs {
		if !s.Busy(runTopic(id)) {
			delete(s.runs, id)
		}
	}
	if s.runs == nil {
		s.runs = map[string]*broadcast{}
	}
	s.runs[run] = b
}

// broadcast is one command on several instances.
type broadcast struct {
	do     execute
	crash  func(Topic, any, []byte)
	out    *outbox
	limits RunLimits

	mu      sync.Mutex
	cancels map[vastapi.InstanceID]context.CancelFunc // of those that run
	ended   map[vastapi.InstanceID]bool               // cancelled, perhaps before they began
}

func (b *broadcast) cancel(where []vastapi.InstanceID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range where {
		b.ended[id] = true
		if cancel, ok := b.cancels[id]; ok {
			cancel()
		}
	}
}

// begin notes that the command runs on an instance, unless it was cancelled.
func (b *broadcast) begin(ctx context.Context, id vastapi.InstanceID) (context.Context, context.CancelFunc, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended[id] || ctx.Err() != nil {
		return ctx, func() {}, false
	}
	ctx, cancel := context.WithCancel(ctx)
	b.cancels[id] = cancel
	return ctx, cancel, true
}

// all runs the command everywhere and returns when it has ended everywhere.
func (b *broadcast) all(ctx context.Context, r Remote, where []vastapi.Instance) {
	var running sync.WaitGroup
	turn := make(chan struct{}, AtOnce)
	for _, i := range where {
		running.Add(1)
		go func() {
			defer running.Done()
			turn <- struct{}{}
			defer func() { <-turn }()
			b.one(ctx, r, i)
		}()
	}
	running.Wait()
}

func (b *broadcast) one(ctx context.Context, r Remote, i vastapi.Instance) {
	begin := time.Now()
	got, err := b.carryOut(ctx, r, i)
	b.out.end(RemoteHostEnded{Run: b.out.run, Instance: i.ID, Code: got.Code, Err: err, Lost: got.Dropped, Took: time.Since(begin)})
}

func (b *broadcast) carryOut(ctx context.Context, r Remote, i vastapi.Instance) (got remote.Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.crash(runTopic(b.out.run), p, debug.Stack())
			err = &CrashError{Topic: runTopic(b.out.run)}
		}
	}()
	t, err := target(r, i)
	if err != nil {
		return got, err
	}
	ctx, cancel, ok := b.begin(ctx, i.ID)
	defer cancel()
	if !ok {
		return got, errGivenUp
	}
	b.out.start(i.ID)
	got, err = b.do(ctx, r, t, remote.ExecOptions{
		Timeout: b.limits.Timeout, MaxBytes: b.limits.Bytes,
		Output: func(s remote.Stream, text []byte) { b.out.write(i.ID, text, s == remote.Stderr) },
	})
	if ctx.Err() != nil {
		err = errGivenUp
	}
	return got, err
}

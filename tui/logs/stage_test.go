package logs

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

var dark = theme.New(true)

// machines is a server that knows logs and nothing else; a call of any other method
// is a mistake of the page.
type machines struct {
	command.API
	mu    sync.Mutex
	logs  map[vastapi.InstanceID][]string
	errs  map[vastapi.InstanceID]error
	asked map[vastapi.InstanceID][]asked
	takes time.Duration
}

type asked struct {
	at  time.Time
	opt vastapi.LogOptions
}

func (s *machines) RequestLogs(ctx context.Context, id vastapi.InstanceID, opt vastapi.LogOptions) (*safetext.Lines, error) {
	s.mu.Lock()
	s.asked[id] = append(s.asked[id], asked{time.Now(), opt})
	lines, err := slices.Clone(s.logs[id]), s.errs[id]
	s.mu.Unlock()
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	if opt.Daemon {
		lines = []string{"kaalia: container started"}
	}
	out := safetext.NewLines(opt.Tail, 20<<20)
	out.Add(strings.Join(lines, "\n"))
	out.Flush()
	return out, nil
}

// write adds to a log; of a rotated one only the last keep lines are there.
func (s *machines) write(id vastapi.InstanceID, keep int, lines ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs[id] = append(s.logs[id], lines...)
	if over := len(s.logs[id]) - keep; keep > 0 && over > 0 {
		s.logs[id] = slices.Clone(s.logs[id][over:])
	}
}

func (s *machines) fail(id vastapi.InstanceID, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs[id] = err
}

func (s *machines) times(id vastapi.InstanceID) []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked[id])
}

// shells is an ssh that follows what is written to said.
type shells struct {
	command.Remote
	refused map[vastapi.InstanceID]string
	said    chan string
	files   chan string
}

func (r *shells) Target(i vastapi.Instance) remote.Target {
	return remote.Target{Instance: i.ID, Refused: r.refused[i.ID], Direct: remote.Endpoint{Way: remote.Direct, Host: "198.51.100.1", Port: 22}, Running: true}
}

func (r *shells) Follow(ctx context.Context, _ remote.Target, file string, o remote.ExecOptions) (remote.Outcome, error) {
	r.files <- file
	for {
		select {
		case <-ctx.Done():
			return remote.Outcome{}, ctx.Err()
		case text, ok := <-r.said:
			if !ok {
				return remote.Outcome{Code: remote.SSHFailed}, errors.New("the connection broke.")
			}
			o.Output(remote.Stdout, []byte(text))
		}
	}
}

// stage is the page with the world around it, in a bubble with time of its own.
type stage struct {
	t       *testing.T
	m       *Model
	api     *machines
	ssh     *shells
	set     *command.Set
	data    *feed.Snapshot
	size    view.Size
	inbox   chan tea.Msg
	intents []view.Intent
}

// play runs a scenario in a bubble.
func play(t *testing.T, do func(*stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &stage{
			t: t, m: New(dark), data: &feed.Snapshot{}, size: view.Size{W: 120, H: 24}, inbox: make(chan tea.Msg, 1<<16),
			api: &machines{logs: map[vastapi.InstanceID][]string{}, errs: map[vastapi.InstanceID]error{}, asked: map[vastapi.InstanceID][]asked{}, takes: 700 * time.Millisecond},
			ssh: &shells{refused: map[vastapi.InstanceID]string{}, said: make(chan string, 100), files: make(chan string, 100)},
		}
		s.set = command.New(ctx, command.Config{Remote: s.ssh})
		s.set.Use(s.api)
		do(s)
		cancel()
		time.Sleep(time.Hour) // what is scheduled comes to its end: virtual time stands still afterwards
	})
}

func (s *stage) env() view.Env {
	return view.Env{Now: time.Now(), Data: s.data, Theme: dark, Load: s.set.Loads(), Size: s.size}
}

// grant does with an effect what the root does.
func (s *stage) grant(e view.Effect) {
	s.intents = append(s.intents, e.Intents...)
	s.start(e.Cmd)
}

func (s *stage) start(cmd tea.Cmd) {
	if cmd != nil {
		go func() { s.inbox <- cmd() }()
	}
}

func (s *stage) hear(msg tea.Msg) {
	if msg == nil {
		return
	}
	if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice { // of a batch
		for n := range v.Len() {
			s.start(v.Index(n).Interface().(tea.Cmd))
		}
		return
	}
	switch msg := msg.(type) {
	case command.Answered:
		if !s.set.Current(msg) {
			return
		}
	case command.Due:
		if !s.set.IsDue(msg) {
			return
		}
	}
	s.grant(s.m.Update(s.env(), msg))
	if n, ok := msg.(command.News); ok {
		s.start(n.Next())
	}
}

// wait lets d go by.
func (s *stage) wait(d time.Duration) {
	over := time.After(d)
	for {
		synctest.Wait()
		select {
		case msg := <-s.inbox:
			s.hear(msg)
			continue
		default:
		}
		select {
		case msg := <-s.inbox:
			s.hear(msg)
		case <-over:
			return
		}
	}
}

// rented is an answer with these instances.
func (s *stage) rented(list ...vastapi.Instance) {
	m := command.InstancesLoaded{Answer: command.Answer{At: time.Now()}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}}
	s.data.Instances.Apply(m.Page, m.At, nil)
	s.grant(s.m.Update(s.env(), m))
}

func instance(id vastapi.InstanceID, name, state string) vastapi.Instance {
	word, intended := safetext.New(state), safetext.New("running")
	if state == "exited" {
		intended = safetext.New("stopped")
	}
	return vastapi.Instance{ID: id, Label: safetext.New(name), Actual: word, Intended: intended, Cur: intended, Next: intended, NumGPUs: 1,
		MinBid: vastapi.Unknown[vastapi.Rate](), StorageTotal: 0.01}
}

// open opens the page for instances as the root does.
func (s *stage) open(ids ...vastapi.InstanceID) {
	s.grant(s.m.Update(s.env(), view.Focused{On: view.ShowLogs{Instances: ids}}))
	s.grant(s.m.Update(s.env(), view.Shown{}))
}

// press does what the root does with a key.
func (s *stage) press(names ...string) {
	for _, name := range names {
		s.grant(s.key(name))
	}
}

func (s *stage) key(name string) view.Effect {
	for _, a := range s.m.Actions(s.env()) {
		if slices.Contains(a.Key.Keys(), name) && (a.Typing || !s.m.Capturing()) {
			if a.Disabled != "" {
				return view.Do(view.Toast{Text: a.Disabled})
			}
			return a.Do()
		}
	}
	return s.m.Update(s.env(), solo.Stroke(name))
}

func (s *stage) plain() string { return solo.Plain(s.m, s.env(), s.size) }

func (s *stage) has(want ...string) {
	s.t.Helper()
	solo.Has(s.t, s.plain(), want...)
}

func (s *stage) lacks(texts ...string) {
	s.t.Helper()
	solo.Lacks(s.t, s.plain(), texts...)
}

// all is the text of the log.
func (s *stage) all() string { text, _ := s.m.log.All().Text(); return text }

// last is the newest intent of a kind.
func last[T view.Intent](s *stage) T {
	s.t.Helper()
	for n := len(s.intents) - 1; n >= 0; n-- {
		if in, ok := s.intents[n].(T); ok {
			return in
		}
	}
	var none T
	s.t.Fatalf("there is no %T among %v", none, s.intents)
	return none
}

func numbered(from, to int) (lines []string) {
	for n := from; n <= to; n++ {
		lines = append(lines, fmt.Sprintf("step %d", n))
	}
	return lines
}

func text(lines []string) string { return strings.Join(lines, "\n") + "\n" }

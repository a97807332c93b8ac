package run

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

var dark = theme.New(true)

// shells is an ssh on which commands do what the test says.
type shells struct {
	command.Remote
	refused map[vastapi.InstanceID]string
	exec    func(ctx context.Context, id vastapi.InstanceID, line string, out func(remote.Stream, []byte)) (int, error)

	mu      sync.Mutex
	ran     []string
	running int
	most    int
	limit   time.Duration
}

func (r *shells) Target(i vastapi.Instance) remote.Target {
	return remote.Target{Instance: i.ID, Refused: r.refused[i.ID], Direct: remote.Endpoint{Way: remote.Direct, Host: "198.51.100.1", Port: 22}, Running: true}
}

func (r *shells) Exec(ctx context.Context, t remote.Target, line string, o remote.ExecOptions) (remote.Outcome, error) {
	r.mu.Lock()
	r.ran = append(r.ran, fmt.Sprint(t.Instance, " ", line))
	r.running++
	r.most = max(r.most, r.running)
	r.limit = o.Timeout
	r.mu.Unlock()
	defer func() { r.mu.Lock(); r.running--; r.mu.Unlock() }()
	if o.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.Timeout)
		defer cancel()
	}
	code, err := r.exec(ctx, t.Instance, line, o.Output)
	return remote.Outcome{Code: code}, err
}

func (r *shells) commands() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := slices.Clone(r.ran)
	slices.Sort(list)
	return list
}

// store is the way to a world whose machines can be kept from sending what they
// were asked for.
type store struct {
	http.RoundTripper
	late atomic.Bool
}

func (s *store) RoundTrip(q *http.Request) (*http.Response, error) {
	if s.late.Load() && strings.HasPrefix(q.URL.Path, "/_results/") {
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Header: http.Header{}, Request: q}, nil
	}
	return s.RoundTripper.RoundTrip(q)
}

// journal lasts as long as the test.
type journal struct {
	mu    sync.Mutex
	lines [][]byte
}

func (j *journal) Append(line []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, slices.Clone(line))
	return nil
}

func (j *journal) Replay(f func([]byte) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, l := range j.lines {
		if err := f(l); err != nil {
			return err
		}
	}
	return nil
}

// stage is the page with the real client over a simulated world, in a bubble with
// time of its own.
type stage struct {
	t       *testing.T
	m       *Model
	world   *vastsim.World
	store   *store
	ssh     *shells
	set     *command.Set
	data    *feed.Snapshot
	size    view.Size
	inbox   chan tea.Msg
	intents []view.Intent
	plans   int
	refuse  bool // the user does not agree to plans that ask
	busy    map[vastapi.InstanceID]string
	locked  bool
}

// up and down are instances of the world that run and that are stopped.
func (s *stage) up() []vastapi.InstanceID   { return s.in(rental.ClassRunning) }
func (s *stage) down() []vastapi.InstanceID { return s.in(rental.ClassStopped) }

func (s *stage) in(class rental.Class) (ids []vastapi.InstanceID) {
	for _, i := range s.data.Instances.Value.Instances {
		if rental.Display(i).Class == class {
			ids = append(ids, i.ID)
		}
	}
	return ids
}

// play runs a scenario in a bubble.
func play(t *testing.T, do func(*stage), opts ...vastsim.Option) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		world := vastsim.New(append([]vastsim.Option{vastsim.WithSeed(7), vastsim.WithQuietMarket()}, opts...)...)
		store := &store{RoundTripper: world.Transport()}
		client, err := vastapi.New(vastapi.WithTransport(store), vastapi.WithKey(vastapi.KeyFunc(func() string { return "k" })))
		if err != nil {
			t.Fatal(err)
		}
		s := &stage{t: t, m: New(dark), world: world, store: store, data: &feed.Snapshot{}, size: view.Size{W: 120, H: 24}, inbox: make(chan tea.Msg, 1<<16), ssh: &shells{refused: map[vastapi.InstanceID]string{}}}
		s.ssh.exec = func(_ context.Context, id vastapi.InstanceID, line string, out func(remote.Stream, []byte)) (int, error) {
			out(remote.Stdout, []byte("from "+id.String()+": "+line+"\n"))
			return 0, nil
		}
		s.set = command.New(ctx, command.Config{Remote: s.ssh, Journal: &journal{}, Policy: rental.DefaultPolicy()})
		s.set.Use(client)
		s.start(s.set.Loads().LoadInstances())
		s.wait(20 * time.Second)
		do(s)
		cancel()
		world.Close()
		time.Sleep(time.Hour) // what waits comes to its end: virtual time stands still afterwards
	})
}

func (s *stage) env() view.Env {
	list := s.data.Instances.Value.Instances
	return view.Env{
		Now: time.Now(), Data: s.data, Theme: dark, Load: s.set.Loads(), Size: s.size, Busy: s.busy, ReadOnly: s.locked,
		Desk: rental.Desk{
			Now: time.Now(), At: s.data.Instances.At, NewID: func() string { s.plans++; return fmt.Sprintf("plan%020d", s.plans) }, Caps: rental.DefaultCaps(), Credit: 40,
			Burn: pricing.Account(list, nil), Instances: list,
		},
	}
}

// grant does with an effect what the root does.
func (s *stage) grant(e view.Effect) {
	s.intents = append(s.intents, e.Intents...)
	s.start(e.Cmd)
	for _, in := range e.Intents {
		if c, ok := in.(view.Confirm); ok && (!s.refuse || c.Plan.Consent.Kind == rental.ConsentNone) {
			s.start(s.set.Execute(c.Plan))
		}
	}
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
	case command.PlanProgressed:
		s.start(msg.Next)
		return
	case command.Answered:
		if !s.set.Current(msg) {
			return
		}
	}
	if f, ok := msg.(feed.Folder); ok {
		f.Fold(s.data)
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

// open opens the page for instances as the root does.
func (s *stage) open(ids ...vastapi.InstanceID) {
	s.grant(s.m.Update(s.env(), view.Focused{On: view.RunCommand{Instances: ids}}))
	s.grant(s.m.Update(s.env(), view.Shown{}))
}

// enter types a command and presses enter.
func (s *stage) enter(line string) {
	if !s.m.typing {
		s.press("e")
	}
	s.m.line.Set("")
	s.grant(s.m.Update(s.env(), tea.PasteMsg{Content: line}))
	s.press("enter")
}

// agree answers the question with yes.
func (s *stage) agree() {
	s.t.Helper()
	form := last[view.Ask](s).Form
	if bad := form.Check(view.Values{}); len(bad) == 0 {
		s.t.Error("the question is answered by a single enter")
	}
	v := view.Values{"sure": view.Yes}
	if form.Fields[0].Kind == view.Text {
		v["sure"] = fmt.Sprint(len(s.m.targets))
	}
	if bad := form.Check(v); len(bad) > 0 {
		s.t.Errorf("the question does not take its answer: %v", bad)
	}
	s.grant(form.Submit(s.env(), v))
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

// sent counts the requests that run commands through the API.
func (s *stage) sent() int { return len(s.world.Calls("PUT", "/api/v0/instances/command/")) }

// printed is what a host has printed.
func (s *stage) printed(id vastapi.InstanceID) string {
	text, _ := s.m.batch.job(id).log.All().Text()
	return text
}

// last is the newest intent of a kind.
func last[T view.Intent](s *stage) T {
	s.t.Helper()
	in, ok := find[T](s)
	if !ok {
		s.t.Fatalf("there is no %T among %v", in, s.intents)
	}
	return in
}

func find[T view.Intent](s *stage) (T, bool) {
	for n := len(s.intents) - 1; n >= 0; n-- {
		if in, ok := s.intents[n].(T); ok {
			return in, true
		}
	}
	var none T
	return none, false
}

package tui

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// park is an API with many instances, of which it notes who asks for them.
type park struct {
	world
	mu        sync.Mutex
	list      []vastapi.Instance
	walk      time.Duration // how long reading all of them takes
	walks     int
	some      [][]vastapi.InstanceID
	increases vastapi.PriceIncreases
	asked     int // for increases
	spent     vastapi.Amount
}

func parkOf(n int) *park {
	p := &park{}
	for k := range n {
		i := instance(vastapi.InstanceID(k+1), "running", 0.4)
		i.GPUUtil, i.SSHHost, i.SSHPort, i.RunType = 80, safetext.New("ssh1.vast.ai"), 22, safetext.New("ssh")
		p.list = append(p.list, i)
	}
	return p
}

func (p *park) change(id vastapi.InstanceID, f func(*vastapi.Instance)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n := range p.list {
		if p.list[n].ID == id {
			f(&p.list[n])
		}
	}
}

func (p *park) Instances(ctx context.Context) (vastapi.InstancePage, error) {
	p.mu.Lock()
	list := slices.Clone(p.list)
	p.walks++
	p.mu.Unlock()
	if p.walk > 0 {
		select {
		case <-time.After(p.walk):
		case <-ctx.Done():
			return vastapi.InstancePage{}, ctx.Err()
		}
	}
	return vastapi.InstancePage{Instances: list, Total: len(list)}, nil
}

func (p *park) User(context.Context) (vastapi.User, error) {
	return vastapi.User{ID: 1, Credit: 10_000 - p.spent}, nil
}

func (p *park) InstancesByID(_ context.Context, ids []vastapi.InstanceID) (vastapi.InstancePage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.some = append(p.some, ids)
	list := slices.DeleteFunc(slices.Clone(p.list), func(i vastapi.Instance) bool { return !slices.Contains(ids, i.ID) })
	return vastapi.InstancePage{Instances: list, Total: len(list)}, nil
}

func (p *park) PriceIncreases(context.Context) (vastapi.PriceIncreases, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	return p.increases, nil
}

// lived is a model with that API which has done all that its first answers lead to.
// Only in a bubble.
func lived(t *testing.T, p *park, change func(*Deps)) (*Model, *loop) {
	t.Helper()
	m := root(t, true, func(d *Deps) {
		d.API = p
		if change != nil {
			change(d)
		}
	})
	l := &loop{m: m, msgs: make(chan tea.Msg), end: make(chan struct{})}
	t.Cleanup(func() { // timers run out while time goes on
		close(l.end)
		time.Sleep(time.Hour)
	})
	l.start(m.Init())
	l.run(2 * time.Second)
	return m, l
}

// loop does what a program does with messages and commands.
type loop struct {
	m    *Model
	msgs chan tea.Msg
	end  chan struct{}
	raw  []string
}

func (l *loop) start(c tea.Cmd) {
	if c == nil {
		return
	}
	go func() {
		msg := c()
		select {
		case l.msgs <- msg:
		case <-l.end:
		}
	}()
}

// run takes in what comes for a while.
func (l *loop) run(d time.Duration) {
	until := time.After(d)
	for {
		select {
		case msg := <-l.msgs:
			l.take(msg)
		case <-until:
			return
		}
	}
}

func (l *loop) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			l.start(c)
		}
	case tea.RawMsg:
		l.raw = append(l.raw, msg.Msg.(string))
	default:
		_, c := l.m.Update(msg)
		l.start(c)
	}
}

func (l *loop) press(keys ...string) {
	for _, k := range keys {
		l.take(named(k))
		l.run(time.Millisecond)
	}
}

func TestFewInstancesAreReadAllOfThemEachTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(command.Many)
		_, l := lived(t, p, nil)
		l.press("2")
		l.run(5 * time.Minute)
		if p.walks < 8 || len(p.some) > 0 {
			t.Errorf("all were read %d times, some %d times", p.walks, len(p.some))
		}
	})
}

func TestOfVeryManyInstancesTheScreenAndWhatMovesAreReadInBetween(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(3000)
		p.walk = 2 * time.Minute
		p.list[2500].Actual = safetext.New("loading")
		m, l := lived(t, p, nil)
		l.run(3 * time.Minute)
		l.press("2")
		screen(m) // what is on the screen is known once it has been drawn
		p.some = nil
		l.run(2 * time.Minute)
		if n := len(p.some); n < 8 || n > 13 {
			t.Fatalf("some were read %d times in 2 minutes, want every 10 to 12 s", n)
		}
		shown := m.current().(view.Visible).Visible(m.env())
		last := p.some[len(p.some)-1]
		if len(shown) < 10 || !slices.Contains(last, 2501) || !slices.Contains(last, shown[len(shown)-1]) || len(last) > command.SomeAtOnce {
			t.Errorf("%d are shown, %v were read", len(shown), last)
		}
		p.change(2501, func(i *vastapi.Instance) { i.Actual = safetext.New("running") })
		l.run(15 * time.Second)
		if i, _ := m.data.Instance(2501); i.Actual.String() != "running" || len(m.data.Moving) != 0 || len(m.data.Instances.Value.Instances) != 3000 {
			t.Error("what came up is not seen before the next walk")
		}
		p.some = nil
		l.run(2 * time.Minute)
		if n := len(p.some); n < 3 || n > 5 {
			t.Errorf("when nothing moves, some were read %d times in 2 minutes, want every 30 to 36 s", n)
		}
	})
}

func TestWhatManyPlansHaveChangedIsReadAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(500)
		p.walk = 20 * time.Second
		m, l := lived(t, p, nil)
		l.run(time.Minute)
		p.some = nil
		r := rental.Report{Plan: rental.Plan{ID: "x", Verb: "stop", Steps: []rental.Step{{Subject: rental.Subject{Instance: 321}}}}}
		p.change(321, func(i *vastapi.Instance) { i.Intended = safetext.New("stopped") })
		l.start(m.finish(r))
		l.run(time.Second)
		if len(p.some) != 1 || p.some[0][0] != 321 {
			t.Errorf("read were %v", p.some)
		}
		if i, _ := m.data.Instance(321); i.Intended.String() != "stopped" {
			t.Error("the change is not seen")
		}
	})
}

func TestThoseThatMoveTakeTurnsWhenTheyAreMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(1000)
		for n := range 300 {
			p.list[n].Actual = safetext.New("loading")
		}
		_, l := lived(t, p, nil)
		l.run(2 * time.Minute)
		seen := map[vastapi.InstanceID]bool{}
		for _, ids := range p.some {
			if len(ids) > command.SomeAtOnce {
				t.Fatalf("%d at once", len(ids))
			}
			for _, id := range ids {
				seen[id] = true
			}
		}
		if len(seen) != 300 {
			t.Errorf("%d of 300 were read", len(seen))
		}
	})
}

func TestIncreasesAreAskedForRarelyAndOnlyWithInstances(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(0)
		m, l := lived(t, p, nil)
		l.run(10 * time.Minute)
		if p.asked != 0 {
			t.Errorf("without instances they were asked for %d times", p.asked)
		}
		p.mu.Lock()
		p.list = parkOf(2).list
		p.increases = vastapi.PriceIncreases{List: []vastapi.PriceIncrease{{ID: 1, Instance: 2, NewGPU: 0.8}}}
		p.mu.Unlock()
		l.run(30 * time.Minute)
		if p.asked < 4 || p.asked > 7 {
			t.Errorf("in half an hour they were asked for %d times, want every 5 to 6 minutes", p.asked)
		}
		if got := m.data.Traced(2).Problems; len(m.data.Increases.Value.List) != 1 || len(got) != 1 || got[0].Kind != rental.ProblemPrice {
			t.Errorf("problems are %v", got)
		}
	})
}

func TestAnotherAccountBeginsWithoutTraces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, l := lived(t, parkOf(3), nil)
		if len(m.data.Traces) != 3 {
			t.Fatalf("%d traces", len(m.data.Traces))
		}
		l.start(m.connect(command.Connected{API: parkOf(1)}, nil))
		if len(m.data.Traces) != 0 {
			t.Error("the other account's traces are left")
		}
		l.run(5 * time.Second)
		if tr := m.data.Traced(1); len(m.data.Traces) != 1 || len(tr.Samples) != 1 {
			t.Errorf("%d traces, with %d samples", len(m.data.Traces), len(tr.Samples))
		}
	})
}

// BenchmarkInstancesTakenIn is what Update does itself with an answer about 5,000
// instances, what views make of it left out.
func BenchmarkInstancesTakenIn(b *testing.B) {
	m := New(b.Context(), Deps{API: parkOf(5000), Command: command.Config{Journal: empty{}}, NewID: func() string { return "plan" }})
	msgs := []command.InstancesLoaded{}
	for range 2 {
		msgs = append(msgs, m.cmd.Loads().LoadInstances()().(command.InstancesLoaded))
	}
	for b.Loop() {
		for _, a := range msgs {
			a.Fold(&m.data)
			m.onInstances(a)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/2, "µs/answer")
}

package tui

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// shelf is a server on whose market one offer lies, but for a while.
type shelf struct {
	command.API
	from, to time.Time // when it is empty
	asked    []time.Time
}

func (s *shelf) SearchOffers(_ context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	if q.Limit == 64 {
		s.asked = append(s.asked, time.Now())
	}
	p := vastapi.OfferPage{Asked: q.Limit}
	if now := time.Now(); now.Before(s.from) || now.After(s.to) {
		p.Offers = []vastapi.Offer{offer(1)}
	}
	return p, nil
}

// watchFor runs what a command leads to about watches, and nothing else, until d
// has passed. It gives what the toasts said after each look.
func watchFor(m *Model, first tea.Cmd, d time.Duration) (said []string) {
	end := time.Now().Add(d)
	msgs, over := make(chan tea.Msg), make(chan struct{})
	time.AfterFunc(d, func() { close(over) })
	start := func(c tea.Cmd) {
		if c == nil {
			return
		}
		go func() {
			select {
			case msgs <- c():
			case <-over:
			}
		}()
	}
	start(first)
	for time.Now().Before(end) {
		select {
		case msg := <-msgs:
			switch msg := msg.(type) {
			case tea.BatchMsg:
				for _, c := range msg {
					start(c)
				}
			case command.Due:
				if msg.Topic == command.Watching {
					_, next := m.Update(msg)
					start(next)
				}
			case command.WatchLooked:
				_, next := m.Update(msg)
				said = append(said, toasted(m))
				start(next)
			}
		case <-over:
		}
	}
	time.Sleep(5 * time.Minute) // what still waits for its turn ends in the bubble
	return said
}

// watched is a program that watches something on a shelf, behind another view.
func watched(t *testing.T, list ...feed.Watch) (*Model, *shelf) {
	t.Helper()
	m, s := root(t, true, nil), &shelf{}
	m.cmd.Use(s)
	m.data.Memory.Watches, m.active = list, view.Instances
	return m, s
}

func TestWatchIsLookedAtEveryMinuteAndToldOfOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := feed.Watch{Query: "num_gpus=1", Name: "mine"}
		m, s := watched(t, w)
		begun := time.Now()
		s.from, s.to = begun.Add(3*time.Minute-time.Second), begun.Add(6*time.Minute-time.Second)
		said := strings.Join(watchFor(m, m.lookOn(nil), 9*time.Minute-time.Second), "|")
		if len(s.asked) != 9 {
			t.Errorf("asked %d times in 9 minutes", len(s.asked))
		}
		for n := 1; n < len(s.asked); n++ {
			if d := s.asked[n].Sub(s.asked[n-1]); d < time.Minute {
				t.Errorf("asked again after %s", d)
			}
		}
		if e := m.data.Events; len(e) != 2 || e[0].Text != "mine has left the market" || !e[0].At.Equal(begun.Add(3*time.Minute)) || !e[1].At.Equal(begun.Add(6*time.Minute)) {
			t.Errorf("the events are %+v", e)
		}
		if strings.Count(said, "mine has left the market") != 1 || strings.Count(said, "mine is back on the market") != 1 {
			t.Errorf("the toasts say %q", said)
		}
		if got := m.data.Watches[w.ID()]; got.Standing != feed.WatchBack || got.Offers != 1 || !got.Since.Equal(begun.Add(6*time.Minute)) {
			t.Errorf("it is %+v", got)
		}
	})
}

func TestNothingIsWatchedWithoutAnAccount(t *testing.T) {
	t.Parallel()
	m, s := watched(t, feed.Watch{Query: "num_gpus=1"})
	m.logOut("the key is not valid")
	if m.lookOn(nil) != nil || len(s.asked) != 0 {
		t.Error("it is looked at without an account")
	}
}

func TestNewWatchIsLookedAtAtOnceAndOneThatFailedIsNotHastened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := feed.Watch{Query: "num_gpus=1"}
		m, s := watched(t, w)
		m.data.SetWatch(w.ID(), feed.Sighting{}, time.Now(), errBroken)
		if m.lookOn(errBroken) == nil || !m.cmd.Awaited(command.Watching) {
			t.Fatal("after an error it is not looked at again")
		}
		if m.lookOn(nil) != nil {
			t.Error("what was scheduled is scheduled anew")
		}
		add := m.remember(func(memory *feed.Memory) { memory.Watches = append(memory.Watches, feed.Watch{Machine: 1}) })
		watchFor(m, add, time.Second)
		if len(s.asked) != 1 || m.data.Watches[feed.Watch{Machine: 1}.ID()].Standing != feed.WatchAvailable {
			t.Errorf("asked %d times, %+v", len(s.asked), m.data.Watches)
		}
	})
}

// Two typed letters must not make a page that arrived between them go on with a
// search that nobody wants any more.
func TestMarketOvertakenWhileItIsWorkedOutIsShownAndGoesNoFurther(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	search := vastapi.OfferSearch{Filter: vastapi.Filter{"num_gpus": {"eq": 1.0}}}
	first := m.cmd.Loads().SearchOffers(search)()
	_, fold := m.Update(first)
	m.cmd.Loads().SearchTyped(vastapi.OfferSearch{})
	m.Update(fold())
	if !m.cmd.Busy(command.Offers) || m.cmd.Awaited(command.Offers) {
		t.Error("the newer search is no longer awaited, or another is scheduled beside it")
	}
	if m.load(command.Offers) != nil {
		t.Error("a third search begins")
	}
}

func TestNoSearchBeginsWhileAPageIsBeingTakenIn(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	_, fold := m.Update(m.load(command.Offers)())
	if m.load(command.Offers) != nil {
		t.Error("the offers are asked for while their answer is being taken in")
	}
	m.Update(fold())
	if m.load(command.Offers) == nil {
		t.Error("after it they are not asked for")
	}
}

func TestRowsThatAreGoneDropOutWithTheBeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), nil)
		found(m, command.OffersFound{Answer: command.Answer{At: time.Now()}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(2)}}})
		if rows := m.data.Offers.Value.Rows; len(rows) != 2 || rows[0].Gone.IsZero() == rows[1].Gone.IsZero() {
			t.Fatalf("the rows are %+v", rows)
		}
		time.Sleep(feed.Lingers)
		expire := m.cmd.ExpireOffers(&m.data, time.Now())
		if expire == nil {
			t.Fatal("nothing drops out")
		}
		m.Update(expire())
		if rows := m.data.Offers.Value.Rows; len(rows) != 1 {
			t.Errorf("the rows are %+v", rows)
		}
	})
}

func TestBrokenWatchDoesNotDelayTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := feed.Watch{Query: "num_gpu>="}
		m, s := watched(t, broken, feed.Watch{Query: "num_gpus=1"})
		watchFor(m, m.lookOn(nil), 9*time.Minute-time.Second)
		if len(s.asked) != 9 {
			t.Errorf("beside a broken watch the other was looked at %d times in 9 minutes", len(s.asked))
		}
		if got := m.data.Watches[broken.ID()]; got.Err == nil || got.Failed < 2 || got.Failed > 4 {
			t.Errorf("the broken one is %+v", got)
		}
	})
}

func TestServerThatCannotBeReachedSlowsAllWatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, _ := watched(t, feed.Watch{Query: "num_gpus=1"}, feed.Watch{Query: "num_gpus=2"})
		one := m.data.Memory.Watches[0]
		unreachable := &vastapi.Error{Kind: vastapi.KindTransport}
		m.data.SetWatch(one.ID(), feed.Sighting{}, time.Now(), unreachable)
		if m.looked(unreachable) == nil || m.cmd.Busy(command.Watching) || !m.cmd.Awaited(command.Watching) {
			t.Error("the other watch is looked at right away")
		}
		m.cmd.Forget(command.Watching)
		m.data.SetWatch(one.ID(), feed.Sighting{}, time.Now(), errBroken)
		if m.looked(errBroken) == nil || !m.cmd.Busy(command.Watching) {
			t.Error("after a watch that is broken the other is not looked at")
		}
	})
}

func TestNewsIsSaidWhenNoMoreEventsAreKept(t *testing.T) {
	t.Parallel()
	w := feed.Watch{Query: "num_gpus=1", Name: "mine"}
	m, _ := watched(t, w)
	for range feed.MaxEvents {
		m.note(feed.Event{At: time.Now(), Kind: "watch", Text: "older"})
	}
	m.data.SetWatch(w.ID(), feed.Sighting{}, time.Now(), nil)
	msg := m.cmd.LookAt(&m.data, w, time.Now())()
	m.Update(msg)
	if n := len(m.data.Events); n != feed.MaxEvents || !strings.Contains(toasted(m), "mine is back") {
		t.Errorf("%d events, the toasts say %q", n, toasted(m))
	}
}

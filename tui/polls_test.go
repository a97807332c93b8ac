package tui

import (
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

func TestIntervalsFollowWhatIsShownAndWhatMoves(t *testing.T) {
	t.Parallel()
	steady, moving := []vastapi.Instance{instance(1, "running", 0.4)}, []vastapi.Instance{instance(1, "running", 0.4), instance(2, "loading", 0.4)}
	for _, c := range []struct {
		name    string
		list    []vastapi.Instance
		view    view.ID
		blurred bool
		topic   command.Topic
		want    time.Duration
	}{
		{"offers, shown", steady, view.Market, false, command.Offers, 30 * time.Second},
		{"offers, shown in a window that is not looked at", steady, view.Market, true, command.Offers, 30 * time.Second},
		{"offers, behind another view", steady, view.Instances, false, command.Offers, 0},
		{"user", steady, view.Market, false, command.User, time.Minute},
		{"volumes", steady, view.Instances, true, command.Volumes, time.Minute},
		{"instances, looked at", steady, view.Instances, false, command.Instances, 30 * time.Second},
		{"instances, not looked at", steady, view.Instances, true, command.Instances, time.Minute},
		{"instances, behind another view", steady, view.Market, false, command.Instances, time.Minute},
		{"instances in motion, looked at", moving, view.Instances, false, command.Instances, 10 * time.Second},
		{"instances in motion, not looked at", moving, view.Market, true, command.Instances, 10 * time.Second},
		{"no instances for a moment", nil, view.Market, false, command.Instances, time.Minute},
		{"what is never polled", steady, view.Market, false, "key", 0},
	} {
		m := told(root(t, true, nil), time.Now(), c.list)
		m.active, m.focused = c.view, !c.blurred
		if got := m.interval(c.topic); got != c.want {
			t.Errorf("%s: every %s, want %s", c.name, got, c.want)
		}
	}
}

func TestInstancesRestWhenNoneHasExistedForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(1, "running", 0.4)})
		time.Sleep(time.Hour)
		told(m, time.Now(), []vastapi.Instance{instance(1, "running", 0.4)})
		told(m, time.Now(), nil)
		time.Sleep(14*time.Minute + 59*time.Second)
		told(m, time.Now(), nil)
		if got := m.interval(command.Instances); got != time.Minute {
			t.Errorf("after less than 15 minutes without an instance: every %s", got)
		}
		time.Sleep(time.Second)
		told(m, time.Now(), nil)
		if got := m.interval(command.Instances); got != 0 {
			t.Errorf("after 15 minutes without an instance: every %s, want none", got)
		}
		told(m, time.Now(), []vastapi.Instance{instance(2, "loading", 0.4)})
		if got := m.interval(command.Instances); got != 10*time.Second {
			t.Errorf("with a new instance: every %s", got)
		}
	})
}

func TestSilenceOfTheServerIsNoProofThatNothingExists(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := root(t, true, nil)
		for range 40 {
			a := command.InstancesLoaded{Answer: command.Answer{At: time.Now(), Err: errBroken}}
			a.Fold(&m.data)
			m.react(a)
			time.Sleep(time.Minute)
		}
		if got := m.interval(command.Instances); got != time.Minute {
			t.Errorf("after 40 minutes of errors the instances are asked for every %s, want 1m0s", got)
		}
	})
}

// after runs a command to its end, with all that it is made of, and gives the
// messages. Only in a bubble: timers take their time.
func after(c tea.Cmd) []tea.Msg {
	if c == nil {
		return nil
	}
	msg := c()
	batch, ok := msg.(tea.BatchMsg)
	if !ok {
		return []tea.Msg{msg}
	}
	parts := make(chan []tea.Msg)
	for _, one := range batch {
		go func() { parts <- after(one) }()
	}
	var all []tea.Msg
	for range batch {
		all = append(all, <-parts...)
	}
	return all
}

// settled takes a page of offers in and gives what follows from it.
func settled(m *Model, page tea.Msg) tea.Cmd {
	_, fold := m.Update(page)
	_, next := m.Update(fold())
	return next
}

// due are the topics that will be asked for by themselves.
func due(c tea.Cmd) string {
	var list []string
	for _, msg := range after(c) {
		if d, ok := msg.(command.Due); ok {
			list = append(list, string(d.Topic))
		}
	}
	return strings.Join(list, " ")
}

func TestMarketThatWasLeftForAMomentIsPolledAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := root(t, true, nil)
		search := m.load(command.Offers)
		typed(m, "2")
		answers := after(search) // comes while another view is shown, so that no next poll is scheduled
		if len(answers) != 1 {
			t.Fatalf("the search gave %v", answers)
		}
		next := settled(m, answers[0])
		if got := due(next); got != "" {
			t.Errorf("%s is polled behind another view", got)
		}
		time.Sleep(5 * time.Second)
		_, back := m.Update(named("1"))
		if got := due(back); got != "offers" {
			t.Errorf("back in the market, due are %q, want the offers", got)
		}
	})
}

func TestReturningToAViewNeitherHastensNorDelaysAPoll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := root(t, true, nil)
		answers := after(m.load(command.Offers))
		begun := time.Now()
		next := settled(m, answers[0])
		waiting := []tea.Cmd{next}
		time.Sleep(5 * time.Second)
		for range 5 {
			_, away := m.Update(named("2"))
			_, back := m.Update(named("1"))
			waiting = append(waiting, away, back)
		}
		polls := 0
		for _, msg := range after(tea.Batch(waiting...)) {
			if d, ok := msg.(command.Due); ok && d.Topic == command.Offers {
				if _, ask := m.Update(msg); ask != nil {
					polls++
				}
			}
		}
		if took := time.Since(begun); polls != 1 || took < 30*time.Second || took > 40*time.Second {
			t.Errorf("after %s the offers were asked for %d times, want once after 30 s", took, polls)
		}
	})
}

// What waits for the slow turn of a view that is not shown must not wait on when it is.
func TestShownViewIsPolledAtItsOwnPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(1, "running", 0.4)})
		slow := m.cmd.Again(command.Instances, time.Minute)
		time.Sleep(4 * time.Second)
		begun := time.Now()
		_, shown := m.Update(named("2"))
		if got := due(shown); got != "instances" || time.Since(begun) != 26*time.Second {
			t.Errorf("due are %q after %s, want the instances when they are 30 s old", got, time.Since(begun))
		}
		for _, msg := range after(slow) {
			if m.cmd.IsDue(msg.(command.Due)) {
				t.Error("the poll of before counts too")
			}
		}
	})
}

func TestOldDataIsAskedForWhenItsViewIsShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), nil)
		time.Sleep(31 * time.Second)
		typed(m, "2")
		if !m.cmd.Busy(command.Instances) || m.cmd.Busy(command.Offers) {
			t.Error("the instances are 31 s old and shown, and they alone should be asked for")
		}
		typed(m, "1")
		if !m.cmd.Busy(command.Offers) {
			t.Error("the offers are 31 s old and shown, and not asked for")
		}
	})
}

func TestOneAnswerOfATopicIsAwaitedAtATime(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	if m.load(command.User) == nil {
		t.Fatal("the account is not asked for")
	}
	if m.load(command.User) != nil {
		t.Error("the account is asked for twice at once")
	}
	_, c := m.Update(named("ctrl+r"))
	if c == nil || !m.cmd.Busy(command.Offers) || !m.cmd.Awaited(command.Volumes) {
		t.Error("ctrl+r does not ask for the rest")
	}
}

func TestNothingIsAskedWithoutAnAccount(t *testing.T) {
	t.Parallel()
	m := root(t, false, nil)
	for _, topic := range []command.Topic{command.Offers, command.Instances, command.User, command.Volumes} {
		if m.load(topic) != nil {
			t.Errorf("%s is asked for without a key", topic)
		}
	}
	if _, c := m.Update(tea.FocusMsg{}); c != nil {
		t.Error("coming back asks without a key")
	}
	m.react(command.KeyFound{Answer: command.Answer{Err: errBroken}})
	if got := m.current(); got != view.View(m.login) {
		t.Errorf("without a key %T is shown", got)
	}
}

// The answer of a search that a newer one has overtaken may be taken in last.
func TestMarketIsPolledOnAfterRowsThatCameLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), nil)
		older := after(m.load(command.Offers))
		newer := after(m.tell(command.Refresh{}))
		_, fold := m.Update(newer[0])
		if _, c := m.Update(older[0]); c != nil {
			t.Fatal("the late page does not wait for its turn")
		}
		_, next := m.Update(fold())
		polled, late := 0, 0
		for _, msg := range after(next) {
			switch msg := msg.(type) {
			case command.Due:
				polled++
			case command.MarketFolded:
				late++
				if _, c := m.Update(msg); strings.Contains(due(c), "offers") {
					t.Error("the late rows put the next poll off")
				}
			}
		}
		if polled != 1 || late != 1 {
			t.Errorf("%d polls follow, and %d late pages", polled, late)
		}
		if !m.cmd.Awaited(command.Offers) {
			t.Error("the market is not asked for any more")
		}
	})
}

func TestPollThatFallsDueWhileRowsDropOutIsMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), nil)
		time.Sleep(time.Second)
		found(m, command.OffersFound{Answer: command.Answer{At: time.Now()}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(1)}}})
		poll := m.cmd.Again(command.Offers, feed.Lingers)()
		expire := m.cmd.ExpireOffers(&m.data, time.Now())
		if expire == nil {
			t.Fatal("nothing drops out")
		}
		_, search := m.Update(poll)
		if search == nil || !m.cmd.Busy(command.Offers) {
			t.Fatal("the poll is lost")
		}
		m.Update(expire())
		if next := settled(m, after(search)[0]); !strings.Contains(due(next), "offers") || !m.cmd.Awaited(command.Offers) {
			t.Error("it is the last one")
		}
	})
}

// Whatever was lost: rows that came late are taken in, and nobody asks any more.
func TestRowsThatCameLateRenewALostPoll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), nil)
		late := m.cmd.FoldOffers(&m.data, command.OffersFound{Answer: command.Answer{At: time.Now()}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(3)}}}, true)
		_, c := m.Update(late())
		if !m.cmd.Awaited(command.Offers) || !strings.Contains(due(c), "offers") {
			t.Error("nobody asks for the market")
		}
		typed(m, "2")
		m.cmd.Forget(command.Offers)
		late = m.cmd.FoldOffers(&m.data, command.OffersFound{Answer: command.Answer{At: time.Now()}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(4)}}}, true)
		if m.Update(late()); m.cmd.Awaited(command.Offers) {
			t.Error("behind another view the market is asked for")
		}
	})
}

// pump carries out what commands lead to, until nothing has come for a moment.
func pump(m *Model, c tea.Cmd) {
	for queue := []tea.Cmd{c}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == nil {
			continue
		}
		switch msg := queue[0]().(type) {
		case nil, command.Due, command.Beat:
		case tea.BatchMsg:
			queue = append(queue, msg...)
		default:
			_, next := m.Update(msg)
			queue = append(queue, next)
		}
	}
}

func TestKeysPressedWhileTheKeyIsLookedForAskNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crashed := 0
		m := root(t, false, func(d *Deps) { d.Command.Crash = func(command.Topic, any, []byte) { crashed++ } })
		for _, key := range []string{"t", "t", "/", "4", "enter", "esc", "$", "esc", "J", "enter", "ctrl+r", "P", "P", "2", "1"} {
			_, c := m.Update(named(key))
			pump(m, c)
		}
		if crashed > 0 || m.data.Offers.Err != nil || m.session.phase != connecting {
			t.Errorf("%d crashes, the market says %v", crashed, m.data.Offers.Err)
		}
		pump(m, m.connect(command.Connected{API: world{}}, nil))
		if crashed > 0 || !m.data.OffersOf(vastapi.Reserved).Told() {
			t.Error("with a key the market that was chosen is not loaded")
		}
	})
}

func TestNothingOfTheMarketGoesOnAfterLogOut(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	search := m.load(command.Offers)
	fold := m.cmd.FoldOffers(&m.data, command.OffersFound{Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(3)}}}, true)
	rev := m.data.Offers.Rev
	m.logOut("the key is not valid")
	for _, msg := range append(after(search), fold(), command.Refresh{}, command.MarketShown{Kind: vastapi.Interruptible}) {
		if _, c := m.Update(msg); c != nil {
			for _, next := range after(c) {
				if _, asked := next.(command.OffersFound); asked {
					t.Errorf("%T has the market asked for", msg)
				}
			}
		}
	}
	if m.cmd.Busy(command.Offers) || m.cmd.Folding() || m.data.OffersOf("").Rev != rev {
		t.Error("the market goes on")
	}
}

package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/widget/toast"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// outbidden makes an instance one that somebody bids more for.
func outbidden(i *vastapi.Instance) {
	word := safetext.New("stopped")
	i.Bid, i.DphBase, i.MinBid = true, 0.2, 0.3
	i.Actual, i.Intended, i.Cur, i.Next = safetext.New("exited"), word, word, word
}

// again makes it run.
func running(i *vastapi.Instance) {
	word := safetext.New("running")
	i.Actual, i.Intended, i.Cur, i.Next, i.MinBid = word, word, word, word, 0.1
}

// notices counts what was sent to the terminal beside the screen.
func (l *loop) notices() string {
	out := strings.Join(l.raw, "|")
	l.raw = nil
	return out
}

func eventsOfKind(m *Model, kind string) []feed.Event {
	return slices.DeleteFunc(slices.Clone(m.data.Events), func(e feed.Event) bool { return e.Kind != kind })
}

func TestWhatWasSoAtTheStartIsSummedUpOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(9)
		for n := range 7 {
			outbidden(&p.list[n])
		}
		p.list[8].Disk, p.list[8].DiskUsed = 100, 99
		p.spent = 9980
		m, l := lived(t, p, func(d *Deps) { d.Alerts.Bell = true })
		l.run(time.Second)
		if got := toasted(m); !strings.Contains(got, "8 instances have problems: 1 low on disk, 7 outbid. 2 shows them.") || m.toasts.Len() != 1 {
			t.Errorf("at the start %d notices: %s", m.toasts.Len(), got)
		}
		l.run(5 * time.Minute)
		if len(m.data.Events) != 0 || l.notices() != "" {
			t.Errorf("later there are %v", m.data.Events)
		}
	})
}

func TestAnAlertIsToldOncePerOccurrence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(3)
		p.list[0].Label = safetext.New("work\x1b[31mer vx-0123456789ab")
		for n := range p.list {
			p.list[n].Bid, p.list[n].DphBase, p.list[n].MinBid = true, 0.2, 0.1
		}
		m, l := lived(t, p, func(d *Deps) { d.Alerts.Bell = true })
		l.run(20 * time.Second)
		l.notices()
		p.change(1, outbidden)
		l.run(70 * time.Second)
		got := eventsOfKind(m, "outbid")
		if len(got) != 1 || got[0].Instance != 1 || !strings.HasPrefix(got[0].Text, "Instance 1 ") || !strings.Contains(got[0].Text, "is outbid. The price to hold is $0.300/h") || strings.Contains(got[0].Text, "\x1b") {
			t.Fatalf("events are %+v", m.data.Events)
		}
		if n := l.notices(); n != "\a" {
			t.Errorf("the bell rang %q", n)
		}
		l.run(5 * time.Minute)
		if len(m.data.Events) != 1 {
			t.Error("the same is told twice")
		}
		p.change(1, running)
		l.run(70 * time.Second)
		p.change(1, outbidden)
		l.run(70 * time.Second)
		if len(eventsOfKind(m, "outbid")) != 1 {
			t.Error("what comes and goes within minutes is told each time")
		}
		p.change(1, running)
		l.run(15 * time.Minute)
		p.change(1, outbidden)
		l.run(70 * time.Second)
		if len(eventsOfKind(m, "outbid")) != 2 {
			t.Error("what is back after long is not told")
		}
	})
}

func TestManyAtOnceAreOneLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(40)
		for n := range p.list {
			p.list[n].Bid, p.list[n].DphBase, p.list[n].MinBid = true, 0.2, 0.1
		}
		m, l := lived(t, p, func(d *Deps) { d.Alerts.Bell = true })
		l.run(20 * time.Second)
		for id := range 30 {
			p.change(vastapi.InstanceID(id+1), outbidden)
		}
		for m.toasts.Clear(); m.toasts.Len() == 0; {
			l.run(time.Second)
		}
		if got := toasted(m); !strings.Contains(got, "30 instances are outbid.") || m.toasts.Len() != 1 {
			t.Errorf("%d notices: %s", m.toasts.Len(), got)
		}
		if got := eventsOfKind(m, "outbid"); len(got) != 1 || !strings.Contains(got[0].Text, "1, 2, 3") || !strings.Contains(got[0].Text, "and 18 more") {
			t.Errorf("events are %v", got)
		}
		if n := l.notices(); n != "\a" {
			t.Errorf("the bell rang %q", n)
		}
	})
}

// TestTheWaysOutOfBeingOutbidAreReadOnASmallScreen holds that none of the three is cut off
// where the screen has 80 columns.
func TestTheWaysOutOfBeingOutbidAreReadOnASmallScreen(t *testing.T) {
	t.Parallel()
	i := instance(21480515, "running", 0.4)
	outbidden(&i)
	k := kinds[rental.ProblemOutbid]
	var s toast.Stack
	s.Push(time.Now(), theme.Warning, calledBy(i.ID, "whisper-bid")+" "+k.one+". "+rental.Display(i).Why+"."+k.hint)
	if got := ansi.Strip(strings.Join(s.Draw(theme.New(true), time.Now(), 78), "\n")); !strings.Contains(got, "h raises it, m looks elsewhere, D destroys it.") {
		t.Error(got)
	}
}

func TestTheDesktopIsToldOnlyWhileTheWindowIsNotLookedAt(t *testing.T) {
	t.Parallel()
	for way, want := range map[command.DesktopWay]string{
		command.DesktopOSC9:   "\x1b]9;Instance 2 is outbid. The price to hold is $0.300/h, the bid is $0.200/h, it resumes by itself when the bid wins again. In Bids (4): h raises it, m looks elsewhere, D destroys it.\a",
		command.DesktopOSC777: "\x1b]777;notify;vastdeck;Instance 2 is outbid. The price to hold is $0.300/h, the bid is $0.200/h, it resumes by itself when the bid wins again. In Bids (4): h raises it, m looks elsewhere, D destroys it.\a",
		command.DesktopOff:    "",
	} {
		synctest.Test(t, func(t *testing.T) {
			p := parkOf(3)
			for n := range p.list {
				p.list[n].Bid, p.list[n].DphBase, p.list[n].MinBid = true, 0.2, 0.1
			}
			m, l := lived(t, p, func(d *Deps) { d.Alerts.Desktop = way })
			_, c := m.Update(tea.FocusMsg{})
			l.start(c)
			l.run(20 * time.Second)
			p.change(1, outbidden)
			l.run(70 * time.Second)
			if got := l.notices(); got != "" {
				t.Errorf("%s: in a window that is looked at %q is sent", way, got)
			}
			m.Update(tea.BlurMsg{})
			p.change(2, outbidden)
			l.run(70 * time.Second)
			if got := l.notices(); got != want {
				t.Errorf("%s: sent is %q\nwant %q", way, got, want)
			}
		})
	}
}

func TestTheDesktopIsToldWhereTheTerminalNeverSaysWhetherItIsLookedAt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(3)
		for n := range p.list {
			p.list[n].Bid, p.list[n].DphBase, p.list[n].MinBid = true, 0.2, 0.1
		}
		_, l := lived(t, p, func(d *Deps) { d.Alerts.Desktop = command.DesktopOSC9 })
		l.run(20 * time.Second)
		p.change(1, outbidden)
		l.run(70 * time.Second)
		if got := l.notices(); !strings.Contains(got, "Instance 1 is outbid") {
			t.Errorf("sent is %q", got)
		}
	})
}

func TestTheEndOfAContractIsToldWhenItComesAndInWordsOfItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(4)
		for n := range p.list {
			p.list[n].End = time.Time{}
		}
		p.list[0].End = time.Now().Add(30 * time.Minute)
		p.list[1].End = time.Now().Add(-30 * time.Minute)
		outbidden(&p.list[1])
		p.list[1].Bid = false
		m, l := lived(t, p, nil)
		l.run(2 * time.Second)
		if got := toasted(m); !strings.Contains(got, "1 ending soon, 1 whose contract is over") {
			t.Errorf("at the start: %s", got)
		}
		l.run(40 * time.Minute)
		got := eventsOfKind(m, "end")
		if len(got) != 1 || !strings.HasPrefix(got[0].Text, "Instance 1 ") || !strings.Contains(got[0].Text, "has reached the end of its contract") {
			t.Errorf("events are %v", m.data.Events)
		}
	})
}

func TestWhatIsGoneIsMissedOnce(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(8, "running", 0.4)})
	m.alerts.summed = true
	for range 2 {
		m.alert(feed.RollNews{Gone: []feed.GoneInstance{{ID: 8}}})
	}
	if got := eventsOfKind(m, "gone"); len(got) != 1 {
		t.Errorf("events are %v", got)
	}
}

func TestQuietHoursAndMutedKindsAreHeeded(t *testing.T) {
	t.Parallel()
	at := func(h, m int) time.Time { return time.Date(2026, 1, 2, h, m, 0, 0, time.Local) }
	night, day := QuietHours{22 * 60, 7 * 60}, QuietHours{9 * 60, 17 * 60}
	for _, c := range []struct {
		q    QuietHours
		t    time.Time
		want bool
	}{
		{night, at(21, 59), false}, {night, at(22, 0), true}, {night, at(3, 0), true}, {night, at(7, 0), false},
		{day, at(8, 59), false}, {day, at(12, 0), true}, {day, at(17, 0), false}, {QuietHours{}, at(0, 0), false},
	} {
		if c.q.Holds(c.t) != c.want {
			t.Errorf("%v at %s: %t", c.q, c.t.Format("15:04"), !c.want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(2)
		p.list[0].Bid, p.list[0].DphBase, p.list[0].MinBid = true, 0.2, 0.1
		now := time.Now().Local()
		quiet := QuietHours{now.Hour() * 60, (now.Hour()*60 + 600) % 1440}
		m, l := lived(t, p, func(d *Deps) { d.Alerts = Alerts{Bell: true, Muted: []string{"disk"}, Quiet: quiet} })
		l.run(20 * time.Second)
		p.change(1, outbidden)
		p.change(2, func(i *vastapi.Instance) { i.Disk, i.DiskUsed = 100, 95 })
		l.run(70 * time.Second)
		if len(eventsOfKind(m, "outbid")) != 1 || len(m.data.Events) != 1 || l.notices() != "" {
			t.Errorf("events are %v", m.data.Events)
		}
	})
}

func TestReadyGoneAndIdleAreTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(4)
		p.list[0].Actual = safetext.New("loading")
		p.list[1].GPUUtil = 0
		p.list[3].Actual, p.list[3].Cur, p.list[3].Next = safetext.New("exited"), safetext.New("unloaded"), safetext.New("unloaded")
		m, l := lived(t, p, func(d *Deps) { d.Command.IdleAfter = 5 * time.Minute })
		l.run(30 * time.Second)
		p.change(1, func(i *vastapi.Instance) { i.Actual = safetext.New("running") })
		for m.toasts.Clear(); m.toasts.Len() == 0; {
			l.run(time.Second)
		}
		if got := toasted(m); !strings.Contains(got, "Instance 1 is ready after 3") {
			t.Errorf("when it is up: %s", got)
		}
		p.mu.Lock()
		p.list = p.list[:2] // 3 was destroyed elsewhere, 4 was on its way out
		p.mu.Unlock()
		l.run(70 * time.Second)
		if got := eventsOfKind(m, "gone"); len(got) != 1 || !strings.HasPrefix(got[0].Text, "Instance 3 is gone") {
			t.Errorf("events are %v", m.data.Events)
		}
		l.run(5 * time.Minute)
		if got := eventsOfKind(m, "idle"); len(got) != 1 || !strings.Contains(got[0].Text, "has not been used for 5m: $0.0") {
			t.Errorf("events are %v", m.data.Events)
		}
	})
}

func TestWhatIsDestroyedHereIsNotMissed(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(7, "running", 0.4), instance(8, "running", 0.4)})
	m.alerts.summed = true
	m.carryOut(rental.Plan{ID: "x", Verb: "destroy", Steps: []rental.Step{{Verb: "destroy", Call: vastapi.DestroyInstance{ID: 7}, Subject: rental.Subject{Instance: 7}}}})
	m.alert(feed.RollNews{Gone: []feed.GoneInstance{{ID: 7}, {ID: 8}}})
	if got := eventsOfKind(m, "gone"); len(got) != 1 || got[0].Instance != 8 {
		t.Errorf("events are %v", got)
	}
}

func TestLowCreditIsToldAtEachStepOnce(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(7, "running", 1)})
	m.alerts.summed = true
	say := func(credit vastapi.Amount) int {
		before := len(m.data.Events)
		m.data.User.Value.Credit = credit
		m.runway()
		return len(m.data.Events) - before
	}
	for n, c := range []struct {
		credit vastapi.Amount
		want   int
	}{{100, 0}, {20, 1}, {19, 0}, {5, 1}, {4, 0}, {26, 0}, {20, 0}, {30, 0}, {3, 1}} {
		if got := say(c.credit); got != c.want {
			t.Errorf("step %d, credit %v: %d events, want %d", n, c.credit, got, c.want)
		}
	}
	if got := m.data.Events[0]; got.Kind != "credit" || !strings.Contains(got.Text, "lasts 20h") {
		t.Errorf("the first says %+v", got)
	}
}

func TestADesktopThatCannotBeToldIsSaidOnce(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	for range 3 {
		m.react(command.NoticeShown{Answer: command.Answer{Err: fmt.Errorf("notify-send is not installed")}})
	}
	if got := toasted(m); strings.Count(got, "notify-send") != 1 || strings.Contains(got, "×") {
		t.Errorf("notices: %s", got)
	}
}

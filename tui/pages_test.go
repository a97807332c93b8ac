package tui

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// ear is a view that notes what it is told.
type ear struct {
	view.View
	heard []tea.Msg
}

func (e *ear) Update(env view.Env, msg tea.Msg) view.Effect {
	e.heard = append(e.heard, msg)
	return e.View.Update(env, msg)
}

// listening puts an ear on each view.
func listening(m *Model) map[view.ID]*ear {
	ears := map[view.ID]*ear{}
	for n, t := range m.views {
		ears[t.id] = &ear{View: t.view}
		m.views[n].view = ears[t.id]
	}
	return ears
}

// seen is what of its being shown or not a view was told.
func (e *ear) seen() string {
	var out []string
	for _, msg := range e.heard {
		switch msg.(type) {
		case view.Shown:
			out = append(out, "shown")
		case view.Hidden:
			out = append(out, "hidden")
		case view.Focused:
			out = append(out, "focused")
		}
	}
	e.heard = nil
	return strings.Join(out, " ")
}

func TestPagesLieOverTheViewThatAsksForThem(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(7, "running", 0.4)})
	ears := listening(m)
	typed(m, "2")
	m.grant(view.Goto{View: view.Logs, Focus: view.ShowLogs{Instances: []vastapi.InstanceID{7}}}, true)
	if m.active != view.Logs || m.front() != view.Instances || ears[view.Instances].seen() != "shown hidden" || ears[view.Logs].seen() != "focused shown" {
		t.Fatalf("view %d is shown over %v", m.active, m.under)
	}
	m.grant(view.Goto{View: view.Run, Focus: view.RunCommand{}}, true)
	if !slices.Equal(m.under, []view.ID{view.Instances, view.Logs}) || ears[view.Logs].seen() != "hidden" {
		t.Errorf("a page over a page lies over %v", m.under)
	}
	m.grant(view.Back{}, true)
	if m.active != view.Logs || ears[view.Logs].seen() != "shown" || ears[view.Run].seen() != "focused shown hidden" {
		t.Errorf("back leads to %d", m.active)
	}
	m.grant(view.Goto{View: view.Run}, true)
	m.grant(view.Goto{View: view.Logs}, true) // it lies below already
	if !slices.Equal(m.under, []view.ID{view.Instances}) {
		t.Errorf("opened anew it lies over %v", m.under)
	}
	m.grant(view.Back{}, true)
	if m.active != view.Instances || len(m.under) != 0 || m.data.Memory.LastView != int(view.Instances) {
		t.Errorf("at the end %d is shown over %v", m.active, m.under)
	}
	m.grant(view.Back{}, true)
	if m.active != view.Instances {
		t.Error("back leads out of a view that is no page")
	}
}

func TestTheTabUnderAPageStaysActiveAndKeysLeaveIt(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	for key, want := range map[string]view.ID{"1": view.Market, "7": view.Activity, "2": view.Instances} {
		m.open(view.Instances, nil)
		tabs := strings.TrimRight(strings.Split(screen(m), "\n")[1], " ")
		m.grant(view.Goto{View: view.Logs, Focus: view.ShowLogs{}}, true)
		got := strings.TrimRight(strings.Split(screen(m), "\n")[1], " ")
		if !strings.HasPrefix(got, tabs) || !strings.HasSuffix(got, "Instances › Logs") {
			t.Errorf("over a page the tabs are %q", got)
		}
		if m.data.Memory.LastView != int(view.Instances) {
			t.Errorf("view %d is remembered", m.data.Memory.LastView)
		}
		typed(m, key)
		if m.active != want || len(m.under) != 0 {
			t.Errorf("%s leads to %d over %v", key, m.active, m.under)
		}
	}
}

func TestPagesAreLeftWhenTheAccountIs(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	ears := listening(m)
	m.open(view.Instances, nil)
	m.grant(view.Goto{View: view.Run, Focus: view.RunCommand{}}, true)
	m.logOut("the key is not valid")
	if m.active != view.Instances || len(m.under) != 0 || ears[view.Run].seen() != "focused shown hidden" {
		t.Errorf("%d is shown over %v", m.active, m.under)
	}
	m.connect(command.Connected{API: world{}}, nil)
	m.grant(view.Goto{View: view.Logs, Focus: view.ShowLogs{}}, true)
	m.connect(command.Connected{API: world{}}, nil)
	if m.active != view.Instances || len(m.under) != 0 {
		t.Errorf("with another key %d is shown over %v", m.active, m.under)
	}
}

func TestKeysOfPagesAreListedUnderTheirOwnName(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	table := m.KeyTable()
	for _, id := range []view.ID{view.Logs, view.Run, view.Sessions} {
		name, _ := m.tab(id).Title(m.env())
		if !strings.Contains(table, "| "+name+" | `") {
			t.Errorf("%s has no keys in the table", name)
		}
	}
	if strings.Contains(table, "`100`") || strings.Contains(table, "`101`") {
		t.Error("a page has a number")
	}
}

// teller answers what it is told with a wish.
type teller struct{ view.View }

func (teller) Update(_ view.Env, msg tea.Msg) view.Effect {
	if w, ok := msg.(view.Connect); ok {
		return view.Do(view.Toast{Text: "told of " + w.Instance.String()}, view.Ask{Form: view.Form{ID: "x", Title: "asked"}})
	}
	return view.Effect{}
}

func TestAViewThatIsToldSomethingIsNotShownForIt(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	for n, one := range m.views {
		if one.id == view.Sessions {
			m.views[n].view = teller{one.view}
		}
	}
	m.open(view.Instances, nil)
	m.grant(view.Tell{View: view.Sessions, What: view.Connect{Instance: 7}}, true)
	if m.active != view.Instances || m.form("x") == nil || !strings.Contains(toasted(m), "told of 7") {
		t.Errorf("%d is shown, notices: %s", m.active, toasted(m))
	}
	m.grant(view.Tell{View: 99, What: view.Connect{}}, true)
}

func TestKeysTypedIntoAShellAreNotHeardAfterIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(7, "running", 0.4)})
		typed(m, "2")
		ended := command.ShellEnded{Instance: 7, Code: 3}
		m.react(ended)
		if !m.cmd.Busy(command.Instances) {
			t.Error("the instances are not read")
		}
		for range 5 { // a queue of them, each within 300 ms of the one before
			time.Sleep(200 * time.Millisecond)
			typed(m, "1")
		}
		typed(m, "ctrl+c")
		if m.active != view.Instances {
			t.Error("a key that was typed ahead changes the view")
		}
		m.stack.Clear()
		time.Sleep(300 * time.Millisecond)
		typed(m, "D")
		if !m.stack.Empty() {
			t.Fatalf("D opens %T", m.stack.Top())
		}
		time.Sleep(300 * time.Millisecond)
		typed(m, "1")
		if m.active != view.Market {
			t.Error("after a rest a harmless key is not heard")
		}
		typed(m, "2")
		time.Sleep(time.Second)
		typed(m, "D")
		if m.stack.Empty() {
			t.Error("after a second D is not heard")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(7, "running", 0.4)})
		m.react(command.ShellEnded{Instance: 7, Window: true})
		typed(m, "2")
		if m.active != view.Instances {
			t.Error("a shell in a window of its own makes deaf")
		}
		m.react(command.ShellEnded{Instance: 7})
		typed(m, "ctrl+c", "ctrl+c")
		if !m.stack.Empty() {
			t.Error("ctrl+c for the shell asks whether to leave")
		}
		time.Sleep(300 * time.Millisecond)
		typed(m, "ctrl+c")
		if m.stack.Empty() {
			t.Error("ctrl+c is not heard any more")
		}
	})
}

func TestLeavingNamesWhatIsOpen(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	if why := m.leaving(); len(why) != 0 {
		t.Fatalf("leaving says %v", why)
	}
	m.data.Remote.Tunnels = []remote.Tunnel{
		{State: remote.TunnelUp}, {State: remote.TunnelUp}, {State: remote.TunnelClosed}, {Forward: remote.Forward{Keep: true}, State: remote.TunnelUp},
	}
	m.data.Remote = m.data.Remote.WithCopy(feed.Copy{ID: 1})
	got := strings.Join(m.leaving(), " ")
	if !strings.Contains(got, "2 tunnels close, 1 tunnel stays open.") || !strings.Contains(got, "1 copy of files is under way") {
		t.Errorf("leaving says %q", got)
	}
}

package tui

import (
	"context"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

// switchable is a root with the profiles home, which is in use, and work.
func switchable(t *testing.T, given *[]string) *Model {
	t.Helper()
	all := []view.Profile{{Name: "home", Color: "green"}, {Name: "work", Color: "red"}}
	return root(t, true, func(d *Deps) {
		first := *d
		d.Profiles = Profiles{Name: "home", Color: "green", All: all, Close: func() { *given = append(*given, "home") },
			Open: func(_ context.Context, name string) (Deps, error) {
				next := first
				next.Account = name
				next.Profiles = Profiles{Name: name, Color: "red", All: all, Close: func() { *given = append(*given, name) },
					Open: func(context.Context, string) (Deps, error) { return Deps{}, context.Canceled }}
				return next, nil
			}}
	})
}

// messages are what a command, and those it is made of, answer.
func messages(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	batch, ok := msg.(tea.BatchMsg)
	if !ok {
		return []tea.Msg{msg}
	}
	var all []tea.Msg
	for _, c := range batch {
		all = append(all, messages(c)...)
	}
	return all
}

func TestLeavingOpenConnectionsBehindIsAskedAboutFirst(t *testing.T) {
	t.Parallel()
	var given []string
	m := switchable(t, &given)
	m.data.Remote.Sessions = []remote.Session{{Instance: 1}, {Instance: 2}}
	m.data.Remote.Tunnels = []remote.Tunnel{{Forward: remote.Forward{Local: 8080}, State: remote.TunnelUp}}
	m.Update(view.Switch{Profile: "work"})
	form, ok := m.stack.Top().(*dialog.Form)
	if !ok || form.ID() != "switch-profile" {
		t.Fatalf("the top is %T", m.stack.Top())
	}
	shown := m.View().Content
	for _, want := range []string{"Leave profile home for work", "1 tunnel closes", "closes 2 shared connections", "connections"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not said:\n%s", want, shown)
		}
	}
	_, cmd := m.Update(view.Switch{Profile: "work", Sure: true})
	for _, msg := range messages(cmd) {
		m.Update(msg)
	}
	if m.deps.Profiles.Name != "work" || !m.stack.Empty() || len(m.data.Remote.Sessions) > 0 {
		t.Errorf("in profile %s, questions left %t, %d connections known", m.deps.Profiles.Name, !m.stack.Empty(), len(m.data.Remote.Sessions))
	}
	if !strings.Contains(m.View().Content, " work ") {
		t.Error("the header does not name the profile")
	}
}

func TestWhatWasAskedForAProfileThatWasLeftIsHeardByNobody(t *testing.T) {
	t.Parallel()
	var given []string
	m := switchable(t, &given)
	late := messages(m.seal(func() tea.Msg { return command.TextEdited{Text: "of home"} }))
	waiting := m.seal(func() tea.Msg { return tea.ClearScreen() })
	batch := m.seal(tea.Batch(func() tea.Msg { return Quit{} }, func() tea.Msg { return Quit{} }))
	_, cmd := m.Update(view.Switch{Profile: "work"})
	for _, msg := range messages(cmd) {
		m.Update(msg)
	}
	if m.deps.Profiles.Name != "work" {
		t.Fatalf("in profile %s", m.deps.Profiles.Name)
	}
	for _, msg := range append(late, messages(batch)...) {
		if _, cmd := m.Update(msg); cmd != nil {
			t.Errorf("%#v of the profile that was left does something", msg)
		}
	}
	if msg := waiting(); msg != nil {
		t.Errorf("a command of the profile that was left still acts on the terminal: %T", msg)
	}
}

func TestAProfileThatIsOpenedWhileAChangeBeginsIsGivenBack(t *testing.T) {
	t.Parallel()
	var given []string
	m := switchable(t, &given)
	_, cmd := m.Update(view.Switch{Profile: "work"})
	m.work["p"] = dialog.NewProgress(rental.Plan{ID: "p"})
	for _, msg := range messages(cmd) {
		_, next := m.Update(msg)
		messages(next)
	}
	if m.deps.Profiles.Name != "home" || len(given) != 1 || given[0] != "work" {
		t.Errorf("in profile %s, given back %v", m.deps.Profiles.Name, given)
	}
}

func TestOneAccountHasNothingToSwitchTo(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	if m.Profiles() != nil {
		t.Errorf("%v", m.Profiles())
	}
	if _, cmd := m.Update(view.Switch{Profile: "work"}); cmd != nil {
		t.Error("something is opened")
	}
	quit := func() tea.Msg { return Quit{} }
	if _, sealedUp := m.seal(quit)().(sealed); sealedUp {
		t.Error("messages are sealed though there is nothing to tell apart")
	}
}

func TestAProfileWithoutAnAccountIsLeftAfterTheSameQuestion(t *testing.T) {
	t.Parallel()
	for _, phase := range []phase{connecting, loggedOut} {
		var given []string
		m := switchable(t, &given)
		m.session.phase = phase
		m.data.Remote.Sessions = []remote.Session{{Instance: 1}}
		m.Update(view.Switch{Profile: "work"})
		form, ok := m.stack.Top().(*dialog.Form)
		if !ok || form.ID() != "switch-profile" {
			t.Errorf("in phase %d the top is %T", phase, m.stack.Top())
		}
		m.apply(view.Do(view.Ask{Form: view.Form{ID: "of the account"}}), false)
		if m.form("of the account") != nil {
			t.Errorf("in phase %d a form about the account is shown", phase)
		}
	}
}

func TestAKeyThatLastsForThisRunOnlyIsNotLostWithoutAWord(t *testing.T) {
	t.Parallel()
	var given []string
	m := switchable(t, &given)
	m.session.source = runOnly
	m.Update(view.Switch{Profile: "work"})
	if _, ok := m.stack.Top().(*dialog.Form); !ok || !strings.Contains(m.View().Content, "lasts for this run only and is forgotten") {
		t.Errorf("the top is %T:\n%s", m.stack.Top(), m.View().Content)
	}
	m.session.phase = loggedOut
	if ends := m.endsWith(); len(ends) > 0 {
		t.Errorf("logged out there is nothing to lose, and it says %q", ends)
	}
}

// holder is ssh as far as leaving a profile has to do with it.
type holder struct {
	command.Remote
	closed []vastapi.InstanceID
}

func (h *holder) CloseSession(_ context.Context, id vastapi.InstanceID) error {
	h.closed = append(h.closed, id)
	return nil
}

func (*holder) Sessions(context.Context) ([]remote.Session, error) { return nil, nil }
func (*holder) Tunnels() []remote.Tunnel                           { return nil }

func TestConnectionsOfTheProfileThatIsLeftAreClosedAndKeptTunnelsAreTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		untick []string
		closed []vastapi.InstanceID
		told   string
	}{
		"as proposed":             {nil, []vastapi.InstanceID{1}, "1 tunnel of profile home stays open"},
		"the kept tunnels too":    {[]string{fCarry}, []vastapi.InstanceID{1, 2}, ""},
		"connections are to stay": {[]string{fIdle}, nil, "1 tunnel of profile home stays open"},
	} {
		var given []string
		m := switchable(t, &given)
		ssh := &holder{}
		m.cmd = command.New(t.Context(), command.Config{Journal: empty{}, Remote: ssh})
		m.cmd.Use(world{})
		m.data.Remote.Sessions = []remote.Session{{Instance: 1, Held: true}, {Instance: 2}}
		m.data.Remote.Tunnels = []remote.Tunnel{
			{Forward: remote.Forward{Instance: 2, Local: 8080, Keep: true}, State: remote.TunnelUp},
			{Forward: remote.Forward{Instance: 1, Local: 8081, Keep: true}, State: remote.TunnelClosed},
		}
		form := m.switchForm("work", m.endsWith())
		values := view.Values{}
		for _, f := range form.Fields {
			values[f.Key] = f.Value
		}
		for _, key := range c.untick {
			values[key] = map[bool]string{true: "", false: view.Yes}[values.On(key)]
		}
		var to view.Switch
		for _, in := range form.Submit(m.env(), values).Intents {
			if s, ok := in.(view.Switch); ok {
				to = s
			}
		}
		_, cmd := m.Update(to)
		for _, msg := range messages(cmd) {
			if _, isOpened := msg.(sealed); !isOpened {
				continue
			}
			_, next := m.Update(msg)
			for _, one := range parts(next) {
				one()
			}
		}
		if m.deps.Profiles.Name != "work" || !slices.Equal(ssh.closed, c.closed) {
			t.Errorf("%s: in profile %s, closed %v, want %v", name, m.deps.Profiles.Name, ssh.closed, c.closed)
		}
		if got := toasted(m); c.told != "" && !strings.Contains(got, c.told) || c.told == "" && strings.Contains(got, "stays open") {
			t.Errorf("%s: it says %q", name, got)
		}
		if len(m.data.Remote.Sessions)+len(m.data.Remote.Tunnels) > 0 {
			t.Errorf("%s: the new profile lists connections of the old one", name)
		}
	}
}

// parts are the commands that a batch is made of which end a profile.
func parts(cmd tea.Cmd) []tea.Cmd {
	if cmd == nil {
		return nil
	}
	batch, ok := cmd().(tea.BatchMsg)
	if !ok || len(batch) == 0 {
		return nil
	}
	return batch[len(batch)-1:]
}

package sessions

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dark = theme.New(true)
)

// ssh is what would speak to instances: it notes what it is asked for.
type ssh struct {
	command.Remote
	alias  string // of the profile, in the names that ssh knows
	did    []string
	chosen remote.Chosen
	size   command.CopySize
	err    error
	checks []remote.Check
}

func (s *ssh) note(words ...string) { s.did = append(s.did, strings.Join(words, " ")) }

func (s *ssh) Target(i vastapi.Instance) remote.Target { return remote.TargetOf(&i) }

func (s *ssh) Choose(_ context.Context, t remote.Target, w remote.Way) (remote.Chosen, error) {
	s.note("choose", t.Instance.String(), w.String())
	return s.chosen, s.err
}

func (s *ssh) Windowed() bool { return false }

func (s *ssh) Sessions(context.Context) ([]remote.Session, error) { return nil, s.err }
func (s *ssh) Tunnels() []remote.Tunnel                           { return nil }

func (s *ssh) CloseSession(_ context.Context, id vastapi.InstanceID) error {
	s.note("close", id.String())
	return s.err
}

func (s *ssh) OpenTunnel(_ context.Context, f remote.Forward) error {
	s.note("open", localText(f), remoteText(f), f.Name)
	return s.err
}

func (s *ssh) CloseTunnel(_ context.Context, f remote.Forward) error {
	s.note("end", localText(f))
	return s.err
}

func (s *ssh) FreePort(_ context.Context, _ string, wanted int) (int, error) { return wanted + 1, nil }

func (s *ssh) SizeCopy(_ context.Context, _ remote.Target, j remote.CopyJob) (command.CopySize, error) {
	s.note("size", j.Local, j.Remote)
	return s.size, s.err
}

func (s *ssh) LocalKeys(context.Context) ([]remote.LocalKey, error) { return nil, s.err }

func (s *ssh) ReadPublicKey(_ context.Context, path string) (remote.LocalKey, error) {
	s.note("read", path)
	return remote.LocalKey{Path: path, Public: keyHere}, s.err
}

func (s *ssh) GenerateKey(_ context.Context, name, comment string) (remote.LocalKey, error) {
	s.note("generate", name, comment)
	return remote.LocalKey{Path: "/home/u/.ssh/" + name + ".pub", Public: keyHere}, s.err
}

func (s *ssh) Examine(_ context.Context, _ remote.Subject, told func(remote.Check)) []remote.Check {
	s.note("examine")
	for _, c := range s.checks {
		told(c)
	}
	return s.checks
}

func (s *ssh) ForgetHostKeys(_ context.Context, ids []vastapi.InstanceID) error {
	s.note("forget", ids[0].String())
	return s.err
}

func (s *ssh) KeepConfig(context.Context, []remote.Target) (bool, error) { return true, s.err }

func (s *ssh) HostNames(list []remote.Target) map[vastapi.InstanceID][]string {
	names := remote.HostNames(list)
	for _, of := range names {
		for n := range of {
			of[n] = strings.Replace(of[n], "vast-", "vast-"+s.alias, 1)
		}
	}
	return names
}

func (s *ssh) WriteConfig(context.Context, []remote.Target) (string, error) {
	s.note("config on")
	return "/home/u/.ssh/config", s.err
}

func (s *ssh) RemoveConfig(context.Context) (string, error) {
	s.note("config off")
	return "/home/u/.ssh/config", s.err
}

// stage is the view with the world around it, without a program.
type stage struct {
	t      testing.TB
	m      *Model
	data   *feed.Snapshot
	now    time.Time
	size   view.Size
	locked bool // the run is read-only
	shown  view.ID
	typing bool
	ssh    *ssh
	set    *command.Set
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{t: t, m: New(dark), data: &feed.Snapshot{}, now: noon, size: view.Size{W: 150, H: 24}, ssh: &ssh{}}
	s.ssh.chosen = remote.Chosen{Endpoint: remote.Endpoint{Way: remote.Direct, Host: "93.184.216.34", Port: 41022}, Why: "Directly: its port answers."}
	s.set = command.New(t.Context(), command.Config{Remote: s.ssh})
	return s
}

func (s *stage) env() view.Env {
	list := s.data.Instances.Value.Instances
	return view.Env{
		Now: s.now, Data: s.data, Theme: dark, Size: s.size, ReadOnly: s.locked, Load: s.set.Loads(), Shown: s.shown, Typing: s.typing,
		Desk: rental.Desk{Now: s.now, At: s.now, NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 40, Instances: list},
	}
}

// tell hands the view a message, as the root does: first the snapshot, then it.
func (s *stage) tell(msg tea.Msg) view.Effect {
	if f, ok := msg.(feed.Folder); ok {
		f.Fold(s.data)
	}
	return s.m.Update(s.env(), msg)
}

// run carries a command out and tells the view what comes of it.
func (s *stage) run(e view.Effect) view.Effect {
	s.t.Helper()
	if e.Cmd == nil {
		s.t.Fatal("there is no command")
	}
	var out view.Effect
	for _, msg := range messages(e.Cmd()) {
		out = view.Join(out, s.tell(msg))
	}
	return out
}

// messages are what a command came to, batches taken apart.
func messages(msg tea.Msg) []tea.Msg {
	list, batch := msg.(tea.BatchMsg)
	if !batch {
		if msg == nil {
			return nil
		}
		return []tea.Msg{msg}
	}
	var out []tea.Msg
	for _, cmd := range list {
		if cmd != nil {
			out = append(out, messages(cmd())...)
		}
	}
	return out
}

func (s *stage) load(list ...vastapi.Instance) *stage {
	s.now = s.now.Add(10 * time.Second)
	s.tell(command.InstancesLoaded{Answer: command.Answer{At: s.now}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}})
	return s
}

// open makes these connections and tunnels what was found.
func (s *stage) open(sessions []remote.Session, tunnels ...remote.Tunnel) view.Effect {
	s.now = s.now.Add(5 * time.Second)
	return s.tell(command.RemoteLooked{Answer: command.Answer{At: s.now}, Sessions: sessions, Tunnels: tunnels})
}

func (s *stage) copying(c feed.Copy) view.Effect { return s.tell(command.CopyProgressed{Copy: c}) }

func running(id vastapi.InstanceID, label string) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: vastapi.MachineID(id) + 100, Label: safetext.New(label), Actual: word, Intended: word, Cur: word, Next: word,
		GPUName: safetext.New("RTX 4090"), NumGPUs: 2, Disk: 80, DiskUsed: 20, DphBase: 0.8, DphTotal: 0.82, BilledNow: 0.82, IfRunning: 0.82,
		RunType: safetext.New("jupyter_direc ssh_direc ssh_proxy"), SSHHost: safetext.New("ssh6.vast.ai"), SSHPort: 12345, PublicIP: safetext.New("93.184.216.34"),
		Ports:      []vastapi.PortMap{{Container: "22/tcp", Host: 41022}, {Container: "6006/tcp", Host: 41023}, {Container: "53/udp", Host: 41024}},
		InetUp:     400,
		InetDown:   800,
		InetUpCost: 0.02, InetDownCost: 0.01,
	}
}

func stopped(id vastapi.InstanceID, label string) vastapi.Instance {
	i := running(id, label)
	i.Actual, i.Intended = safetext.New("exited"), safetext.New("stopped")
	return i
}

func session(id vastapi.InstanceID) remote.Session {
	return remote.Session{Instance: id, Endpoint: remote.Endpoint{Way: remote.Direct, Host: "93.184.216.34", Port: 41022}, Since: noon, PID: 4242}
}

func tunnelTo(id vastapi.InstanceID, name string, port int, state remote.TunnelState) remote.Tunnel {
	return remote.Tunnel{
		Forward: remote.Forward{Instance: id, Name: name, Bind: "127.0.0.1", Local: port, Host: "localhost", Remote: port},
		State:   state, Since: noon, Endpoint: remote.Endpoint{Way: remote.Proxy, Host: "ssh6.vast.ai", Port: 12346},
	}
}

// remember keeps tunnels as a run before this one did.
func (s *stage) remember(list ...remote.Forward) *stage {
	for _, f := range list {
		s.data.Memory.SaveTunnel(f)
	}
	s.tell(command.Noted{})
	return s
}

// grant applies what is remembered, as the root does.
func (s *stage) grant(e view.Effect) {
	for _, in := range e.Intents {
		if r, ok := in.(view.Remember); ok {
			next := s.data.Memory.Clone()
			r.Change(&next)
			s.data.Memory = next
		}
	}
	s.tell(command.Noted{})
}

// press does what the root does with a key: the view's action, else the view.
func (s *stage) press(names ...string) view.Effect { return solo.Press(s.key, names...) }

func (s *stage) key(name string) view.Effect { return solo.Key(s.m, s.env(), name) }

func (s *stage) text(t string) { solo.Type(s.key, t) }

func (s *stage) plain() string { return solo.Plain(s.m, s.env(), s.size) }

func (s *stage) has(want ...string) {
	s.t.Helper()
	solo.Has(s.t, s.plain(), want...)
}

func (s *stage) lacks(texts ...string) {
	s.t.Helper()
	solo.Lacks(s.t, s.plain(), texts...)
}

// on puts the cursor on the first row that shows a text.
func (s *stage) on(text string) *stage {
	s.t.Helper()
	for _, r := range s.m.table.Rows() {
		if strings.Contains(r.text(), strings.ToLower(text)) && s.m.table.Select(r.key) {
			return s
		}
	}
	s.t.Fatalf("there is no row with %q:\n%s", text, s.plain())
	return s
}

// reason is why a key's action cannot be done.
func (s *stage) reason(key string) string { return solo.Reason(s.m, s.env(), key) }

// label is what a key says that it does.
func (s *stage) label(key string) string { return solo.Label(s.m, s.env(), key) }

// did are the deeds that ssh was asked for.
func (s *stage) did(want ...string) {
	s.t.Helper()
	if !slices.Equal(s.ssh.did, want) {
		s.t.Errorf("ssh was asked for %q, want %q", s.ssh.did, want)
	}
}

// wants finds the only intent of a kind among those of an effect.
func wants[T view.Intent](t *testing.T, e view.Effect) T {
	t.Helper()
	var found []T
	for _, in := range e.Intents {
		if one, ok := in.(T); ok {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		t.Fatalf("it wants %+v", e.Intents)
	}
	return found[0]
}

// lacksIntent fails when an effect wants something of a kind.
func lacksIntent[T view.Intent](t *testing.T, e view.Effect) {
	t.Helper()
	for _, in := range e.Intents {
		if _, is := in.(T); is {
			t.Errorf("it wants %+v", in)
		}
	}
}

func toast(t *testing.T, e view.Effect, words ...string) {
	t.Helper()
	text := wants[view.Toast](t, e).Text
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not said: %s", w, text)
		}
	}
}

// form opens the form that an effect wants, filled with values over its own.
func form(t *testing.T, e view.Effect, over view.Values) (view.Form, view.Values) {
	t.Helper()
	f := wants[view.Ask](t, e).Form
	v := view.Values{}
	for _, field := range f.Fields {
		v[field.Key] = field.Value
		if field.Kind == view.Choice && field.Value == "" && len(field.Options) > 0 {
			v[field.Key] = field.Options[0].Value
		}
	}
	for key, value := range over {
		if _, there := v[key]; !there {
			t.Fatalf("the form has no field %s: %v", key, v)
		}
		v[key] = value
	}
	return f, v
}

// faults are what a form says about values.
func faults(f view.Form, v view.Values) map[string]string {
	if f.Check == nil {
		return nil
	}
	return f.Check(v)
}

// panel is what a form's intro and panel say, in one text.
func panel(f view.Form, v view.Values) string {
	pairs := slices.Clone(f.Intro)
	if f.Panel != nil {
		pairs = append(pairs, f.Panel(v)...)
	}
	var lines []string
	for _, p := range pairs {
		lines = append(lines, p.Label+": "+p.Value)
	}
	return strings.Join(lines, "\n")
}

const (
	keyHere  = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEcc9NSOYyZ2hyhIDdm21cVvKLFvkWVY3yHOfTpTFB1M here@laptop"
	keyThere = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHy4+7Fv2wFqVMnh2Yh2m6sJ8v9e3Yk1pR5cQ0n0sZ1a other@desk"
)

func localKey(path, public string) remote.LocalKey {
	words := strings.Fields(public)
	return remote.LocalKey{Path: path, Type: words[0], Fingerprint: rental.Fingerprint(public), Comment: words[2], Public: public, Private: true}
}

func accountKey(id int64, public string) vastapi.SSHKey {
	words := strings.Fields(public)
	return vastapi.SSHKey{ID: id, Public: safetext.New(public), Type: words[0], Comment: safetext.New(words[2]), Created: noon}
}

// keys are what the account and this machine have.
func (s *stage) keys(account []vastapi.SSHKey, here ...remote.LocalKey) *stage {
	s.now = s.now.Add(time.Second)
	s.tell(command.SSHKeysRead{Answer: command.Answer{At: s.now}, Keys: account})
	s.tell(command.LocalKeysRead{Answer: command.Answer{At: s.now}, Keys: here})
	return s
}

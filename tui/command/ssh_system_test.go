package command

import (
	"bytes"
	"context"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// masters is a Recorder whose shared connections come up, and whose forwards listen.
func masters(t *testing.T) *remote.Recorder {
	t.Helper()
	up := remote.Reply{Err: "Master running (pid=4711)\r\n"}
	return (&remote.Recorder{}).On("-O check", up).On("-M", remote.Reply{Do: func(c remote.Command) {
		if err := os.WriteFile(socketOf(c), nil, 0o600); err != nil {
			t.Error(err)
		}
	}}).On("-O forward", remote.Reply{Do: func(c remote.Command) {
		spec := c.Args[slices.Index(c.Args, "-L")+1]
		parts := strings.Split(spec, ":")
		l, err := net.Listen("tcp", net.JoinHostPort(parts[0], parts[1]))
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = l.Close() })
	}})
}

func socketOf(c remote.Command) string {
	for _, arg := range c.Args {
		if path, ok := strings.CutPrefix(arg, "ControlPath="); ok {
			return path
		}
	}
	return ""
}

func TestOpenConnectionIsTakenWithoutAProbe(t *testing.T) {
	t.Parallel()
	s := system(t, masters(t), SSHOptions{Way: remote.Proxy})
	target := reachable(7, "train")
	got, err := s.Choose(t.Context(), target, remote.Auto)
	if err != nil || got.Endpoint != target.Proxy {
		t.Fatalf("the way of the settings: %+v, %v", got, err)
	}
	if err := s.OpenSession(t.Context(), target, target.Proxy); err != nil {
		t.Fatal(err)
	}
	got, err = s.Choose(t.Context(), target, remote.Auto)
	if err != nil || got.Endpoint != target.Proxy || !strings.Contains(got.Why, "open already") {
		t.Errorf("with a connection: %+v, %v", got, err)
	}
	got, err = s.Choose(t.Context(), target, remote.Direct)
	if err != nil || got.Endpoint != target.Direct || !got.Own {
		t.Errorf("the other way, for which it needs a connection of its own: %+v, %v", got, err)
	}
	if list, err := s.Sessions(t.Context()); err != nil || len(list) != 1 || list[0].Instance != 7 || list[0].PID != 4711 {
		t.Errorf("sessions: %+v, %v", list, err)
	}
	target.Refused = "It is not running. Start it first."
	if _, err := s.Choose(t.Context(), target, remote.Auto); err == nil {
		t.Error("a way to an instance that refuses all")
	}
}

func TestLineAboutAShellHidesWhatIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	s := system(t, &remote.Recorder{}, SSHOptions{})
	target := reachable(7, "train")
	cmd, err := s.Client.ShellCommand(7, remote.Chosen{Endpoint: target.Direct}, remote.Shell{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := said(target, cmd), "Opening a shell in train (vast-7): ssh -p 41022 root@192.0.2.1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := s.Shell(t.Context(), target, remote.Chosen{Endpoint: target.Direct}); err == nil {
		t.Error("a shell without a terminal")
	}
}

func TestPortInUseIsToldAtOnceWithAFreeOne(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	set := far(t, system(t, &remote.Recorder{}, SSHOptions{}))
	m := set.Loads().AddTunnel(remote.Forward{Instance: 7, Local: port, Remote: 80})().(TunnelAdded)
	if m.Err == nil || m.Free <= port || !strings.Contains(m.Err.Error(), strconv.Itoa(port)) {
		t.Errorf("got %+v, %v", m, m.Err)
	}
	m = set.Loads().AddTunnel(remote.Forward{Instance: 7, Local: 80_000, Remote: 80})().(TunnelAdded)
	if m.Err == nil || m.Free != 0 {
		t.Errorf("got %+v, %v", m, m.Err)
	}
	found := set.Loads().FindPort("f", "local", "127.0.0.1", port)().(PortFound)
	if found.Err != nil || found.Port <= port || found.Form != "f" {
		t.Errorf("found %+v", found)
	}
}

func TestTunnelComesUpAndItsChangesAreTold(t *testing.T) {
	t.Parallel()
	s := system(t, masters(t), SSHOptions{})
	set := far(t, s)
	s.Know([]remote.Target{reachable(7, "train")})
	f := remote.Forward{Instance: 7, Name: "train", Bind: "127.0.0.1", Local: remote.FreePort(20_000 + os.Getpid()%20_000), Host: "localhost", Remote: 80}
	if m := set.Loads().AddTunnel(f)().(TunnelAdded); m.Err != nil {
		t.Fatal(m.Err)
	}
	d := &feed.Snapshot{}
	await := func() {
		t.Helper()
		c := set.Loads().AwaitTunnels()
		if c == nil || set.Loads().AwaitTunnels() != nil {
			t.Fatal("not exactly one command waits")
		}
		m := c().(TunnelsChanged)
		if m.Err != nil || !set.Current(m) {
			t.Fatal(m.Err)
		}
		m.Fold(d)
	}
	await()
	for d.Remote.Tunnels[0].State != remote.TunnelUp {
		if d.Remote.Tunnels[0].State == remote.TunnelFailed {
			t.Fatal(d.Remote.Tunnels[0].Why)
		}
		await()
	}
	if d.Remote.Tunnels[0].Forward != f || !d.Remote.Active() {
		t.Errorf("kept %+v", d.Remote.Tunnels)
	}
	set.Loads().RemoveTunnel(f)()
	for len(d.Remote.Tunnels) > 0 {
		await()
	}
	if !s.Close(time.Minute) {
		t.Error("tunnels are not closed")
	}
}

func TestTunnelsGoByTheWayOfTheSettings(t *testing.T) {
	t.Parallel()
	for way, want := range map[remote.Way]remote.Target{
		remote.Auto:   reachable(7, ""),
		remote.Direct: {Instance: 7, Running: true, Direct: reachable(7, "").Direct},
		remote.Proxy:  {Instance: 7, Running: true, Proxy: reachable(7, "").Proxy},
	} {
		s := system(t, &remote.Recorder{}, SSHOptions{Way: way})
		s.Know([]remote.Target{reachable(7, "")})
		if got, ok := s.resolve(7); !ok || got != want {
			t.Errorf("%v: %+v", way, got)
		}
		if _, ok := s.resolve(8); ok {
			t.Error("an instance that nobody knows")
		}
	}
}

func TestConfigurationComesWithItsIncludeAndGoesWithIt(t *testing.T) {
	t.Parallel()
	s := system(t, &remote.Recorder{}, SSHOptions{})
	own := s.Client.UserConfig()
	if err := os.MkdirAll(own[:len(own)-len("/config")], 0o700); err != nil {
		t.Fatal(err)
	}
	before := []byte("Host *\n  User me\n")
	if err := os.WriteFile(own, before, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		path, err := s.WriteConfig(t.Context(), []remote.Target{reachable(7, "train")})
		if err != nil || path != own {
			t.Fatal(path, err)
		}
	}
	text, _ := os.ReadFile(own)
	if !bytes.HasSuffix(text, before) || bytes.Count(text, []byte("Include")) != 1 {
		t.Errorf("the user's file is now %q", text)
	}
	if _, err := s.RemoveConfig(t.Context()); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(own); !bytes.Equal(text, before) {
		t.Errorf("the user's file is not as it was: %q", text)
	}
}

func TestExaminationKnowsStateAndKeys(t *testing.T) {
	t.Parallel()
	r := &distant{checks: []remote.Check{{Step: remote.StepStatus}, {Step: remote.StepPort, State: remote.CheckFailed}}}
	d := snapshotOf(running(7))
	d.Remote.Keys = []remote.LocalKey{{Path: "/k.pub"}}
	d.SSHKeys.Apply([]vastapi.SSHKey{{Public: safetext.New(edKey)}, {Public: safetext.New("nonsense")}}, time.Now(), nil)
	all := drive(far(t, r).Loads().Examine(running(7), d))
	if steps := of[Examined](all); len(steps) != 2 || steps[1].Check.Step != remote.StepPort || steps[0].Instance != 7 {
		t.Errorf("steps: %+v", steps)
	}
	if end := of[ExamineEnded](all); len(end) != 1 || len(end[0].Checks) != 2 || end[0].Err != nil {
		t.Errorf("end: %+v", end)
	}
	if s := r.subject; s.Status != "RUNNING" || s.Coming || len(s.Keys) != 1 || len(s.Account) != 1 || !strings.HasPrefix(s.Account[0], "SHA256:") || s.Attached != nil {
		t.Errorf("subject: %+v", s)
	}
	drive(far(t, r).Loads().Examine(running(7), snapshotOf(running(7))))
	if r.subject.Account != nil {
		t.Error("the keys of the account are known although nobody asked for them")
	}
}

func TestExaminationReadsKeysAnewWhenNoneIsLetIn(t *testing.T) {
	t.Parallel()
	r := &distant{keys: []remote.LocalKey{{Path: "/new.pub"}}}
	set := far(t, r)
	set.Use(&server{attached: []vastapi.SSHKey{{Public: safetext.New(edKey)}}})
	drive(set.Loads().Examine(running(7), snapshotOf(running(7))))
	s := r.subject
	s.Recall(t.Context(), &s)
	if len(s.Keys) != 1 || s.Keys[0].Path != "/new.pub" || len(s.Attached) != 1 || !strings.HasPrefix(s.Attached[0], "SHA256:") || s.Account == nil {
		t.Errorf("known then: %+v", s)
	}

	// What cannot be read is as it was.
	set.Use(&server{err: errBroken})
	drive(set.Loads().Examine(running(7), snapshotOf(running(7))))
	s = r.subject
	s.Recall(t.Context(), &s)
	if s.Attached != nil || s.Account != nil {
		t.Errorf("known although nothing could be read: %+v", s)
	}
}

func TestKeysOfOneInstanceAreReadForAForm(t *testing.T) {
	t.Parallel()
	set := far(t, &distant{})
	if set.Loads().LoadInstanceKeys("f", 7) != nil {
		t.Error("asked without a client")
	}
	set.Use(&server{attached: []vastapi.SSHKey{{ID: 9, Public: safetext.New(edKey)}}})
	m := set.Loads().LoadInstanceKeys("f", 7)().(InstanceKeysRead)
	if m.Form != "f" || m.Instance != 7 || len(m.Keys) != 1 || m.Keys[0].ID != 9 || m.Err != nil || !set.Current(m) {
		t.Errorf("%+v", m)
	}
}

const edKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJm8m3mUkEeJ2Tz0mQKdX2u0dJcYl5fS3H0R5pV0bqXa me@here"

func TestOutputOverSSHReachesTheViewAsLines(t *testing.T) {
	t.Parallel()
	rec := masters(t).On("root@", remote.Reply{Out: "one\ntwo", Err: "three\n", Code: 4})
	rec.On("-M", remote.Reply{Do: func(c remote.Command) { _ = os.WriteFile(socketOf(c), nil, 0o600) }})
	s := system(t, rec, SSHOptions{Way: remote.Proxy})
	o, err := s.Exec(t.Context(), reachable(7, ""), "ls", remote.ExecOptions{})
	if err != nil || o.Code != 4 {
		t.Fatalf("%+v, %v", o, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Follow(ctx, reachable(7, ""), "/x", remote.ExecOptions{}); err == nil {
		t.Error("following after the end")
	}
}

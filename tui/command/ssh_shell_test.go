package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// status is an exit status.
type status int

func (s status) Error() string { return fmt.Sprint("exit status ", int(s)) }
func (s status) ExitCode() int { return int(s) }

// child is a command that says something and ends.
type child struct {
	out io.Writer
	err error
}

func (c *child) SetStdin(io.Reader)    {}
func (c *child) SetStdout(w io.Writer) { c.out = w }
func (c *child) SetStderr(io.Writer)   {}
func (c *child) Run() error {
	_, _ = io.WriteString(c.out, "hello\r\n")
	return c.err
}

// terminal is a Remote whose shells end with err.
type terminal struct {
	distant
	err      error
	windowed bool
	alone    bool
	windows  int
}

func (t *terminal) Shell(context.Context, remote.Target, remote.Chosen) (Opening, error) {
	return Opening{Run: &child{err: t.err}, Said: "ssh -p 22 root@192.0.2.1", Alone: t.alone}, nil
}

func (t *terminal) Windowed() bool { return t.windowed }

func (t *terminal) Window(context.Context, remote.Target, remote.Chosen) error {
	t.windows++
	return t.err
}

func chosen(t *testing.T, s *Set) WayChosen {
	t.Helper()
	w := s.Loads().ChooseWay(instanceNamed(7, "train"), remote.Auto)().(WayChosen)
	if w.Err != nil || !w.Endpoint.Given() || w.Why != "because" || w.Instance.ID != 7 {
		t.Fatalf("chosen: %+v", w)
	}
	return w
}

func TestShellSaysWhatIsRunAndWhyBeforeItBegins(t *testing.T) {
	t.Parallel()
	r := &terminal{}
	var out bytes.Buffer
	sh := &shelling{remote: r, way: chosen(t, far(t, r))}
	sh.SetStdin(strings.NewReader(""))
	sh.SetStdout(&out)
	sh.SetStderr(&out)
	if err := sh.Run(); err != nil {
		t.Fatal(err)
	}
	if want := "because\r\nssh -p 22 root@192.0.2.1\r\nhello\r\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestEndOfAShellTellsWhetherItsConnectionWasItsOwn(t *testing.T) {
	t.Parallel()
	for _, alone := range []bool{false, true} {
		r := &terminal{alone: alone}
		sh := &shelling{remote: r, way: chosen(t, far(t, r)), out: io.Discard}
		if e := sh.ended(ShellEnded{}, sh.Run()); e.Alone != alone || e.Err != nil || e.Failure != nil {
			t.Errorf("alone %v: got %+v", alone, e)
		}
	}
}

func TestEndOfAShellTellsWhoseFailureItWas(t *testing.T) {
	t.Parallel()
	cause := &remote.Failure{Kind: remote.FailDenied, Sentence: "It takes none of the keys of this machine."}
	for _, test := range []struct {
		name    string
		err     error
		started bool
		code    int
		failure string
		other   bool
	}{
		{"well", nil, true, 0, "", false},
		{"the shell's own", status(3), true, 3, "", false},
		{"ssh's, explained", errors.Join(status(255), cause), true, 255, "none of the keys", false},
		{"ssh's, unexplained", status(255), true, 255, "ssh failed.", false},
		{"a signal", status(-1), true, -1, "signal", false},
		{"no such program", errBroken, true, 0, "", true},
		{"not begun", status(255), false, 0, "", true},
	} {
		var e ShellEnded
		e.ended(test.err, test.started)
		if e.Code != test.code || (e.Failure == nil) != (test.failure == "") || (e.Err != nil) != test.other {
			t.Errorf("%s: %d, %v, %v", test.name, e.Code, e.Failure, e.Err)
		}
		if e.Failure != nil && (!strings.Contains(e.Failure.Error(), test.failure) || (test.name == "ssh's, explained") != (e.Failure.Kind == remote.FailDenied)) {
			t.Errorf("%s: %+v", test.name, e.Failure)
		}
	}
}

func TestShellInAWindowLeavesThisTerminalAlone(t *testing.T) {
	t.Parallel()
	r := &terminal{windowed: true}
	s := far(t, r)
	end := s.Loads().OpenShell(chosen(t, s))().(ShellEnded)
	if !end.Window || end.Err != nil || r.windows != 1 || end.Name != "train" || !s.Current(end) {
		t.Errorf("got %+v, %d windows", end, r.windows)
	}
}

func TestOneShellAtATimeHasTheTerminal(t *testing.T) {
	t.Parallel()
	s := far(t, &terminal{})
	w := chosen(t, s)
	if s.Loads().OpenShell(w) == nil {
		t.Fatal("no shell")
	}
	if s.Loads().OpenShell(w) != nil {
		t.Error("a second shell while the first one has the terminal")
	}
	w.Err = errBroken
	if far(t, &terminal{}).Loads().OpenShell(w) != nil {
		t.Error("a shell although there is no way")
	}
}

func TestChoosingAWayCanBeGivenUp(t *testing.T) {
	t.Parallel()
	s := far(t, &terminal{})
	c := s.Loads().ChooseWay(running(7), remote.Auto)
	s.Loads().GiveUp(WayTopic(7))
	if s.Current(c().(WayChosen)) {
		t.Error("the answer counts all the same")
	}
}

// system is an SSH over a recorder, with a folder of its own.
func system(t *testing.T, rec *remote.Recorder, o SSHOptions) *SSH {
	t.Helper()
	dir, err := os.MkdirTemp("", "vd-") // short: a socket's path is
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	client, err := remote.New(remote.Options{
		Runner: rec, SSH: "/bin/ssh", Dir: dir + "/run", KnownHosts: dir + "/state/known_hosts", SSHDir: dir + "/ssh", ConfigFile: dir + "/ssh_config",
		Environ: func() []string {
			return []string{"PATH=/bin", "TERM=tmux-256color", "VAST_API_KEY=SENTINEL", "HOME=/home/x"}
		},
		AllowHosts: []string{"192.0.2.1", "192.0.2.2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Client = client
	s := NewSSH(o)
	t.Cleanup(func() { s.Close(time.Second) })
	return s
}

func reachable(id vastapi.InstanceID, name string) remote.Target {
	return remote.Target{
		Instance: id, Name: name, Running: true,
		Direct: remote.Endpoint{Way: remote.Direct, Host: "192.0.2.1", Port: 41022}, Proxy: remote.Endpoint{Way: remote.Proxy, Host: "192.0.2.2", Port: 10007},
	}
}

func TestWindowOfTmuxRunsNoShellAndExpandsNoName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"train-2": "train-2", "#(touch /tmp/owned)": "vast-7", "-n": "vast-7", "a b": "vast-7", "": "vast-7", strings.Repeat("a", 40): "vast-7",
	} {
		rec := &remote.Recorder{}
		s := system(t, rec, SSHOptions{Tmux: "/tmp/tmux-0/default,1,0"})
		target := reachable(7, safetext.Clean(name, 100))
		if !s.Windowed() {
			t.Error("no window although there is a tmux")
		}
		if err := s.Window(t.Context(), target, remote.Chosen{Endpoint: target.Direct}); err != nil {
			t.Fatal(err)
		}
		calls := rec.Calls()
		cmd := calls[len(calls)-1]
		line := strings.Join(cmd.Args, " ")
		if cmd.Path != "tmux" || !strings.HasPrefix(line, "new-window -P -F #{window_id} -n "+want+" -- env -i PATH=/bin TERM=screen-256color HOME=/home/x /bin/ssh ") ||
			!strings.HasSuffix(line, " -p 41022 -- root@192.0.2.1") {
			t.Errorf("%q: %s %s", name, cmd.Path, line)
		}
		all := strings.Join(append(cmd.Env, line), " ")
		if strings.Contains(all, "SENTINEL") || !strings.Contains(all, "TMUX=/tmp/tmux-0/default,1,0") {
			t.Errorf("%q: %v", name, cmd.Env)
		}
	}
}

func TestWindowOfTmuxStaysWhenSSHFails(t *testing.T) {
	t.Parallel()
	rec := (&remote.Recorder{}).On("new-window", remote.Reply{Out: "@12\n"}).On("set-option", remote.Reply{Code: 1, Err: "unknown value: failed"})
	s := system(t, rec, SSHOptions{Tmux: "/tmp/tmux-0/default,1,0"})
	target := reachable(7, "train")
	if err := s.Window(t.Context(), target, remote.Chosen{Endpoint: target.Direct}); err != nil {
		t.Fatalf("an older tmux keeps the shell from being opened: %v", err)
	}
	calls := rec.Calls()
	if got := strings.Join(calls[len(calls)-1].Args, " "); !strings.HasPrefix(got, "set-option -w -t @12 remain-on-exit failed ; ") || !strings.Contains(got, "page up show what was said") {
		t.Errorf("the last call was %s", got)
	}
}

func TestNoArgumentEndsTheCommandThatTmuxReads(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]string{"a": "a", "a;": `a\;`, ";": `\;`, "a;b": "a;b", "": ""} {
		if got := whole(arg); got != want {
			t.Errorf("%q became %q, want %q", arg, got, want)
		}
	}
}

func TestWindowThatTmuxRefusesIsTold(t *testing.T) {
	t.Parallel()
	s := system(t, (&remote.Recorder{}).On("new-window", remote.Reply{Code: 1, Err: "no server\x1b[2J\nmore"}), SSHOptions{Tmux: "x"})
	target := reachable(7, "")
	err := s.Window(t.Context(), target, remote.Chosen{Endpoint: target.Direct})
	if err == nil || !strings.HasPrefix(err.Error(), "tmux opened no window: no server") || strings.ContainsAny(err.Error(), "\x1b\n") {
		t.Errorf("got %v", err)
	}
}

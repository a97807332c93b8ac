package remote_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi/remote"
)

// golden compares with a file of testdata; UPDATE_GOLDEN=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs\n--- got\n%s--- want\n%s", name, got, want)
	}
}

// fixed is a client whose paths are the same on every machine.
func fixed(t *testing.T, change ...func(*remote.Options)) *remote.Client {
	t.Helper()
	o := remote.Options{
		Runner: new(remote.Recorder), SSH: "/usr/bin/ssh", Keygen: "/usr/bin/ssh-keygen", Scope: "https://console.vast.ai 1234",
		Dir: "/run/user/1000/vastdeck", KnownHosts: "/home/u/.local/state/vastdeck/known_hosts",
		ConfigFile: "/home/u/.config/vastdeck/ssh_config", SSHDir: "/home/u/.ssh",
		Environ: func() []string { return []string{"PATH=/bin", "TERM=xterm-ghostty", "VAST_API_KEY=SENTINEL"} },
	}
	for _, c := range change {
		c(&o)
	}
	return client(t, o)
}

// sheet writes calls one argument a line.
type sheet struct {
	t *testing.T
	strings.Builder
}

func (s *sheet) add(name string, c remote.Command, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	s.WriteString("# " + name + "\n" + c.Path + "\n")
	for _, a := range c.Args {
		s.WriteString("  " + a + "\n")
	}
	s.WriteString("  env " + strings.Join(c.Env, " ") + "\n\n")
}

func TestCallsOfSSH(t *testing.T) {
	t.Parallel()
	c := fixed(t)
	s := &sheet{t: t}
	put := func(name string) func(remote.Command, error) {
		return func(cmd remote.Command, err error) { s.add(name, cmd, err) }
	}
	six := remote.Endpoint{Way: remote.Direct, Host: "2001:db8::7", Port: 22}
	put("interactive, direct")(c.ShellCommand(42, remote.Chosen{Endpoint: direct}, remote.Shell{}))
	put("interactive, IPv6")(c.ShellCommand(42, remote.Chosen{Endpoint: six}, remote.Shell{}))
	put("interactive, a connection of its own")(c.ShellCommand(42, remote.Chosen{Endpoint: proxy, Own: true}, remote.Shell{}))
	put("interactive, a program")(c.ShellCommand(42, remote.Chosen{Endpoint: proxy}, remote.Shell{Line: "nvtop", Batch: true}))
	put("master")(c.MasterCommand(42, direct, false))
	put("master that is held")(c.MasterCommand(42, proxy, true))
	put("one line")(c.LineCommand(42, direct, remote.Use, "nvidia-smi -L | wc -l"))
	put("one line, its own connection")(c.LineCommand(42, direct, remote.Own, "true"))
	put("check")(c.CheckCommand(42), nil)
	put("exit")(c.ExitCommand(42), nil)
	put("forward")(c.ForwardCommand(remote.Forward{Instance: 42, Local: 8888, Remote: 8080}))
	put("forward to all, IPv6 inside")(c.ForwardCommand(remote.Forward{Instance: 42, Bind: "0.0.0.0", Local: 8888, Host: "::1", Remote: 8080}))
	put("cancel forward")(c.CancelCommand(remote.Forward{Instance: 42, Local: 8888, Remote: 8080}))
	put("keygen")(c.KeygenCommand("/home/u/.ssh/id_ed25519", "me@here"))
	golden(t, "argv.golden", s.String())
}

func TestCallsWithOddPaths(t *testing.T) {
	t.Parallel()
	c := fixed(t, func(o *remote.Options) {
		o.Dir, o.KnownHosts, o.Identity = "/run/us er/100%/v", "/home/A User/known#hosts", "/home/A User/id=1"
	})
	s := &sheet{t: t}
	cmd, err := c.ShellCommand(42, remote.Chosen{Endpoint: direct}, remote.Shell{})
	s.add("interactive", cmd, err)
	s.add("check", c.CheckCommand(42), nil)
	golden(t, "argv-paths.golden", s.String())
}

func TestForwardIsAskedForWithoutClearing(t *testing.T) {
	t.Parallel()
	c := fixed(t)
	f := remote.Forward{Instance: 42, Local: 8888, Remote: 8080}
	for _, make := range []func(remote.Forward) (remote.Command, error){c.ForwardCommand, c.CancelCommand} {
		cmd, err := make(f)
		if err != nil || slices.ContainsFunc(cmd.Args, func(a string) bool { return strings.Contains(a, "ClearAllForwardings") }) {
			t.Errorf("%v: %v", cmd.Args, err)
		}
	}
}

func TestSocketsOfScopesDiffer(t *testing.T) {
	t.Parallel()
	a := fixed(t).CheckCommand(42)
	b := fixed(t, func(o *remote.Options) { o.Scope = "https://console.vast.ai 1235" }).CheckCommand(42)
	if slices.Equal(a.Args, b.Args) {
		t.Errorf("two accounts share a control socket: %v", a.Args)
	}
}

func TestLinesThatSSHWouldReadAsOptionsAreRefused(t *testing.T) {
	t.Parallel()
	c := fixed(t)
	for _, line := range []string{"", "-oProxyCommand=x", "--", "a\x00b", strings.Repeat("x", 200<<10)} {
		if cmd, err := c.LineCommand(42, direct, remote.Use, line); err == nil {
			t.Errorf("%.20q was taken: %.100v", line, cmd.Args)
		}
	}
	if _, err := c.ShellCommand(42, remote.Chosen{Endpoint: direct}, remote.Shell{Line: "-x"}); err == nil {
		t.Error("an interactive line that begins with a dash was taken")
	}
}

func TestForwardsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]remote.Forward{
		"no port":        {Local: 0, Remote: 1},
		"port too high":  {Local: 1, Remote: 65536},
		"negative":       {Local: -1, Remote: 1},
		"bind a name":    {Bind: "localhost", Local: 1, Remote: 1},
		"bind a zone":    {Bind: "fe80::1%eth0", Local: 1, Remote: 1},
		"bind all":       {Bind: "*", Local: 1, Remote: 1},
		"host an option": {Host: "-oProxyCommand=x", Local: 1, Remote: 1},
		"host colons":    {Host: "a:1:b", Local: 1, Remote: 1},
		"host newline":   {Host: "a\nb", Local: 1, Remote: 1},
		"host a path":    {Host: "/tmp/socket", Local: 1, Remote: 1},
	} {
		if err := f.Check(); err == nil {
			t.Errorf("%s was taken", name)
		}
		if cmd, err := fixed(t).ForwardCommand(f); err == nil {
			t.Errorf("%s became %v", name, cmd.Args)
		}
	}
}

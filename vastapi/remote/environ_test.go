package remote_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/remote"
)

const sentinel = "SENTINEL-0123456789abcdef"

func TestChildrenGetOnlyWhatIsAllowed(t *testing.T) {
	t.Parallel()
	kept := []string{
		"PATH=/bin", "HOME=/home/u", "TERM=xterm", "LANG=C", "LC_ALL=C.UTF-8", "LC_TIME=de_DE", "SSH_AUTH_SOCK=/a", "DISPLAY=:0",
		"WAYLAND_DISPLAY=w", "XDG_RUNTIME_DIR=/run", "USER=u", "LOGNAME=u", "SHELL=/bin/sh", "TMPDIR=/tmp", "COLORTERM=truecolor", "TZ=UTC",
	}
	dropped := []string{
		"VAST_API_KEY=" + sentinel, "vast_api_key=" + sentinel, "AWS_SECRET_ACCESS_KEY=" + sentinel, "LD_PRELOAD=/x", "SSH_ASKPASS=/x",
		"PATHX=1", "XPATH=1", "LC=1", "=C:=1", "PATH", "TZ=a\x00VAST_API_KEY=" + sentinel, "GODEBUG=x",
	}
	if got := remote.Environ(slices.Concat(dropped, kept)); !slices.Equal(got, kept) {
		t.Errorf("got %v", got)
	}
}

func TestNoCallCarriesTheKey(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(o *remote.Options) {
		o.Environ = func() []string { return []string{"PATH=/bin", "VAST_API_KEY=" + sentinel, "TERM=xterm"} }
	})
	h.answers[direct.Address()], h.answers["127.0.0.1:8888"] = true, true
	everything(t, h)
	calls := h.recorder.Calls()
	if len(calls) < 7 {
		t.Fatalf("only %d calls were made: %v", len(calls), h.recorder.Lines())
	}
	for _, c := range calls {
		if c.Env == nil || strings.Contains(strings.Join(append(c.Env, c.Args...), "\n"), sentinel) {
			t.Errorf("%v %v", c.Args, c.Env)
		}
	}
}

// everything lets a client start each kind of process it can.
func everything(t *testing.T, h *home) {
	t.Helper()
	ctx := t.Context()
	f := remote.Forward{Instance: 42, Local: 8888, Remote: 8080}
	chosen, err := h.Choose(ctx, target(), remote.Auto)
	must(t, err)
	_, err = h.Open(ctx, 42, chosen.Endpoint, false)
	must(t, err)
	must(t, h.Forward(ctx, f))
	must(t, h.Cancel(ctx, f))
	_, err = h.Sessions(ctx)
	must(t, err)
	line, err := h.LineCommand(42, direct, remote.Use, "true")
	must(t, err)
	_, err = h.Output(ctx, line, 5*time.Second)
	must(t, err)
	_, err = h.Version(ctx)
	must(t, err)
	must(t, h.Close(ctx, 42))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTerminalIsOneThatImagesKnow(t *testing.T) {
	t.Parallel()
	for here, want := range map[string]string{
		"xterm": "xterm", "xterm-256color": "xterm-256color", "screen": "screen", "linux": "linux", "dumb": "dumb",
		"xterm-kitty": "xterm-256color", "xterm-ghostty": "xterm-256color", "alacritty": "xterm-256color", "foot": "xterm-256color",
		"tmux-256color": "screen-256color", "screen.xterm-256color": "screen-256color",
	} {
		c := fixed(t, func(o *remote.Options) { o.Environ = func() []string { return []string{"TERM=" + here} } })
		cmd, err := c.ShellCommand(42, remote.Chosen{Endpoint: direct}, remote.Shell{})
		if err != nil || !slices.Equal(cmd.Env, []string{"TERM=" + want}) {
			t.Errorf("%s: got %v, %v", here, cmd.Env, err)
		}
		if line, err := c.LineCommand(42, direct, remote.Use, "true"); err != nil || !slices.Equal(line.Env, []string{"TERM=" + here}) {
			t.Errorf("%s: a line got %v, %v", here, line.Env, err)
		}
	}
}

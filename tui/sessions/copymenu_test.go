package sessions

import (
	"strings"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi/remote"
)

func TestTheCopyMenuOfATunnelHasBothItsEnds(t *testing.T) {
	t.Parallel()
	open := func(config bool) (view.View, func() view.Env) {
		s := newStage(t).load(running(1, "train"))
		s.open(nil, tunnelTo(1, "train", 8888, remote.TunnelUp))
		s.data.Memory.SSHConfig = config
		return s.m, s.env
	}
	got := solo.Copies(t, func() (view.View, func() view.Env) { return open(true) })
	for letter, want := range map[string]string{
		"a": "http://127.0.0.1:8888", "l": "127.0.0.1:8888", "e": "localhost:8888", "d": "ssh -p 41022 root@93.184.216.34 -N -L 127.0.0.1:8888:localhost:8888",
		"p": "ssh -p 12346 root@ssh6.vast.ai -N -L", "s": "ssh vast-1", "i": "1", "v": "vastai ssh-url 1", "n": "train", "r": "tunnel · ",
	} {
		if !strings.Contains(got[letter].Text, want) {
			t.Errorf("%s copies %q, want %q", letter, got[letter].Text, want)
		}
	}
	v, env := open(false)
	solo.Key(v, env(), "y")
	if why := solo.Reason(v, env(), "s"); !strings.Contains(why, "I writes ssh's configuration") {
		t.Errorf("s says %q", why)
	}
}

func TestTheCopyMenuOfACopyAndOfMarkedRows(t *testing.T) {
	t.Parallel()
	stage := func() *stage {
		s := newStage(t).load(running(1, "train"), running(2, "eval"))
		s.open([]remote.Session{session(1), session(2)}, tunnelTo(1, "train", 8888, remote.TunnelUp))
		s.copying(feed.Copy{ID: 1, Instance: 1, Plan: remote.CopyJob{Up: true, Local: "/home/u/a\x1b[2J\nb", Remote: "/workspace"}, Started: noon})
		return s
	}
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := stage().on("upload")
		return s.m, s.env
	})
	if !strings.HasPrefix(got["l"].Text, "/home/u/a") || got["e"].Text != "/workspace" {
		t.Errorf("copied are %+v", got)
	}
	got = solo.Copies(t, func() (view.View, func() view.Env) {
		s := stage()
		s.press("*")
		return s.m, s.env
	})
	for letter, lines := range map[string]int{"a": 1, "i": 4, "d": 4, "v": 4, "r": 4} {
		if n := strings.Count(got[letter].Text, "\n") + 1; n != lines {
			t.Errorf("%s copies %d lines, want %d: %q", letter, n, lines, got[letter].Text)
		}
	}
}

func TestWhatLeadsNowhereSaysSoInTheCopyMenu(t *testing.T) {
	t.Parallel()
	s := newStage(t).load()
	s.open(nil, tunnelTo(5, "lost", 8888, remote.TunnelWaiting))
	s.press("y")
	for _, letter := range []string{"d", "p", "s"} {
		if why := s.reason(letter); why != "instance 5 is not in the list" {
			t.Errorf("%s says %q", letter, why)
		}
	}
	s.tell(nil)
	s.open(nil)
	s.has("it is gone")
	if e := s.press("l"); len(e.Intents) > 0 {
		t.Errorf("what is gone is copied: %+v", e)
	}
}

func TestAnSSHKeyIsCopiedOverItsPage(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := states["keys"](t)
		return s.m, s.env
	})
	if !strings.HasPrefix(got["u"].Text, "ssh-ed25519 ") || !strings.HasPrefix(got["f"].Text, "SHA256:") || got["u"].Shown != got["f"].Text || got["v"].Text != "vastai show ssh-keys" {
		t.Errorf("copied are %+v", got)
	}
	s := states["keys"](t)
	s.press("y", "esc")
	s.has("SSH keys of the account")
}

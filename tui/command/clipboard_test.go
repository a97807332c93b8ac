package command

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheSystemsClipboardIsLeftAloneOverSSH(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"} {
		if SystemClipboard(func(n string) string { return map[string]string{name: "x"}[n] }) != nil {
			t.Errorf("with %s it is another machine's, and is written", name)
		}
	}
	if SystemClipboard(func(string) string { return "" }) == nil {
		t.Error("on the user's own machine it is not written")
	}
}

func TestTextGoesToBothClipboardsAndWhatCameOfItIsTold(t *testing.T) {
	t.Parallel()
	got := ""
	s := New(t.Context(), Config{Clipboard: func(_ context.Context, text string) error { got = text; return errors.New("no display") }})
	if !s.CopiesToSystem() {
		t.Error("it says that it does not")
	}
	told := of[TextCopied](drive(s.Copy("ssh -p 1 root@h", "the ssh command")))
	if got != "ssh -p 1 root@h" || len(told) != 1 || told[0].What != "the ssh command" || told[0].Err == nil {
		t.Errorf("%q was written, and %+v told", got, told)
	}
	if New(t.Context(), Config{}).CopiesToSystem() {
		t.Error("without a clipboard it says that there is one")
	}
}

func TestAClipboardThatHangsIsGivenUpAndNotAskedTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		busy, end, begun := make(chan struct{}, 1), make(chan struct{}), 0
		hang := func() error { begun++; <-end; return nil }
		try := func() error {
			ctx, cancel := context.WithTimeout(t.Context(), clipboardLimit)
			defer cancel()
			return oneAtATime(ctx, busy, hang)
		}
		start := time.Now()
		first, second := try(), try()
		synctest.Wait()
		if first == nil || second == nil || !strings.Contains(second.Error(), "still") {
			t.Errorf("it answers %v and %v", first, second)
		}
		if begun != 1 || time.Since(start) != 2*clipboardLimit {
			t.Errorf("it was begun %d times and waited for %v", begun, time.Since(start))
		}
		close(end)
		synctest.Wait()
		if err := try(); err != nil {
			t.Errorf("once it answers again: %v", err)
		}
	})
}

func TestWithoutADisplayThereIsNoClipboardOfTheSystem(t *testing.T) {
	t.Parallel()
	with := func(names ...string) func(string) string {
		return func(n string) string {
			for _, name := range names {
				if n == name {
					return ":0"
				}
			}
			return ""
		}
	}
	for _, c := range []struct {
		system string
		env    func(string) string
		want   bool
	}{
		{"linux", with(), true}, {"freebsd", with(), true}, {"linux", with("DISPLAY"), false}, {"linux", with("WAYLAND_DISPLAY"), false},
		{"darwin", with(), false}, {"windows", with(), false},
	} {
		if got := displayless(c.system, c.env); got != c.want {
			t.Errorf("%s: %v, want %v", c.system, got, c.want)
		}
	}
	for _, err := range []error{errNoProgram, errNoDisplay} {
		if !errors.Is(err, ErrNoClipboard) || !strings.Contains(err.Error(), ": ") {
			t.Errorf("%v does not say that there is none, and why", err)
		}
	}
}

func TestCallsOfCurlBeginWhereRequestsGo(t *testing.T) {
	t.Parallel()
	if got := (Loads{}).BaseURL(); !strings.HasPrefix(got, "https://") {
		t.Errorf("before anything is set up: %q", got)
	}
	if got := New(t.Context(), Config{}).Loads().BaseURL(); !strings.HasPrefix(got, "https://") {
		t.Errorf("without an account: %q", got)
	}
}

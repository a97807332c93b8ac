package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// waits is a command that takes a while and ends with code.
func waits(d time.Duration, code int) func(context.Context, remote.Target, string, remote.ExecOptions) (remote.Outcome, error) {
	return func(ctx context.Context, _ remote.Target, _ string, o remote.ExecOptions) (remote.Outcome, error) {
		pause := time.NewTimer(d)
		defer pause.Stop()
		select {
		case <-pause.C:
			o.Output(remote.Stdout, []byte("done\n"))
			return remote.Outcome{Code: code}, nil
		case <-ctx.Done():
			return remote.Outcome{}, context.Cause(ctx)
		}
	}
}

func crowd(n int) []vastapi.Instance {
	var list []vastapi.Instance
	for id := range n {
		list = append(list, running(vastapi.InstanceID(id+1)))
	}
	return list
}

func TestCommandRunsOnEightInstancesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &distant{exec: waits(time.Second, 3)}
		began := time.Now()
		all := drive(far(t, r).Loads().RunRemote("r", crowd(20), "nvidia-smi", RunLimits{}))
		if r.top != AtOnce || time.Since(began) != 3*time.Second {
			t.Errorf("%d ran at once, it took %v", r.top, time.Since(began))
		}
		ends := of[RemoteHostEnded](all)
		if len(ends) != 20 || len(of[RemoteStarted](all)) != 20 || len(of[RemoteRunEnded](all)) != 1 {
			t.Fatalf("%d ends, %d starts, %d ends of all", len(ends), len(of[RemoteStarted](all)), len(of[RemoteRunEnded](all)))
		}
		for _, e := range ends {
			if e.Code != 3 || e.Err != nil || e.Run != "r" {
				t.Errorf("instance %d ended with %d, %v", e.Instance, e.Code, e.Err)
			}
		}
	})
}

func TestOneInstanceOrAllCanBeCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := far(t, &distant{exec: waits(time.Hour, 0)})
		run := s.Loads().RunRemote("r", crowd(12), "sleep", RunLimits{})
		out := make(chan []tea.Msg, 1)
		go func() { out <- drive(run) }()
		time.Sleep(time.Second)
		s.Loads().CancelRemote("r", 2, 12) // 12 has not begun yet
		time.Sleep(time.Second)
		s.Loads().CancelRemote("unknown")
		s.Loads().CancelRemote("r")
		all := <-out
		ends := of[RemoteHostEnded](all)
		if len(ends) != 12 {
			t.Fatalf("%d of 12 have ended", len(ends))
		}
		for _, e := range ends {
			if e.Err == nil || e.Err.Error() != "cancelled" {
				t.Errorf("instance %d: %v", e.Instance, e.Err)
			}
			if early := e.Took < 1500*time.Millisecond; e.Instance == 2 && !early {
				t.Errorf("instance 2 went on for %v", e.Took)
			}
		}
		if !s.Current(of[RemoteRunEnded](all)[0]) {
			t.Error("the end of a cancelled run does not count")
		}
	})
}

func TestInstanceThatDoesNotRunIsToldAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		list := crowd(2)
		list[0].Actual = list[0].Label
		crashes := 0
		s := New(t.Context(), Config{Journal: &journal{}, Crash: func(Topic, any, []byte) { crashes++ }, Remote: &distant{
			exec: func(context.Context, remote.Target, string, remote.ExecOptions) (remote.Outcome, error) {
				panic("a mistake")
			},
		}})
		ends := of[RemoteHostEnded](drive(s.Loads().RunRemote("r", list, "ls", RunLimits{})))
		if len(ends) != 2 {
			t.Fatal(ends)
		}
		for _, e := range ends {
			var crash *CrashError
			if e.Instance == 1 && e.Err.Error() != "It is not running." || e.Instance == 2 && !errors.As(e.Err, &crash) {
				t.Errorf("instance %d: %v", e.Instance, e.Err)
			}
		}
		if crashes != 1 {
			t.Errorf("%d crash reports", crashes)
		}
	})
}

func TestOutputIsToldTenTimesASecondAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &distant{exec: func(_ context.Context, _ remote.Target, _ string, o remote.ExecOptions) (remote.Outcome, error) {
			for n := range 1000 {
				o.Output(remote.Stdout, fmt.Appendf(nil, "line %d\n", n))
				time.Sleep(2 * time.Millisecond)
			}
			return remote.Outcome{}, nil
		}}
		all := drive(far(t, r).Loads().RunRemote("r", crowd(1), "yes", RunLimits{}))
		parts := of[RemoteOutput](all)
		lines := 0
		for _, p := range parts {
			for _, l := range p.Lines {
				if want := fmt.Sprintf("line %d", lines); l.Text != want {
					t.Fatalf("got %q, want %q", l.Text, want)
				}
				lines++
			}
		}
		if lines != 1000 || len(parts) < 15 || len(parts) > 22 {
			t.Errorf("%d lines came in %d messages in 2 s", lines, len(parts))
		}
	})
}

func TestOutputIsInertBoundedAndWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &distant{exec: func(_ context.Context, _ remote.Target, _ string, o remote.ExecOptions) (remote.Outcome, error) {
			o.Output(remote.Stdout, []byte("a\x1b[2J"))
			o.Output(remote.Stderr, []byte("warn"))
			o.Output(remote.Stdout, []byte("b\nlast"))
			o.Output(remote.Stderr, []byte("ing\n"))
			for range 50 {
				o.Output(remote.Stderr, []byte("x\n"))
			}
			return remote.Outcome{Dropped: 7}, nil
		}}
		all := drive(far(t, r).Loads().RunRemote("r", crowd(1), "x", RunLimits{Lines: 20}))
		var text []string
		dropped := 0
		for _, p := range of[RemoteOutput](all) {
			dropped += p.Dropped
			for _, l := range p.Lines {
				if strings.ContainsRune(l.Text, '\x1b') {
					t.Errorf("an escape came through: %q", l.Text)
				}
				text = append(text, fmt.Sprint(l.Text, " ", l.Stderr))
			}
		}
		if len(text)+dropped != 53 {
			t.Errorf("%d lines were told and %d dropped: %q", len(text), dropped, text)
		}
		if text[len(text)-1] != "last false" {
			t.Errorf("a line without an end comes last, got %q", text)
		}
		if end := of[RemoteHostEnded](all); len(end) != 1 || end[0].Lost != 7 {
			t.Errorf("the end: %+v", end)
		}
	})
}

func TestStatesOfAProgressBarAreToldAsTheyCome(t *testing.T) {
	t.Parallel()
	var seen []string
	o := newOutbox("r", 10)
	told := func() {
		o.with(1, func(h *output) {
			for _, l := range h.lines {
				seen = append(seen, l.Text)
			}
			h.lines = nil
		})
	}
	for _, c := range []struct {
		chunk string
		want  []string
	}{
		{"\x1b[32mload\x1b[0m\r", nil},
		{"\n\r 10%", []string{"load"}},
		{"\r 20%\r 3", []string{" 10%", " 20%"}},
		{"0%\r\ndone\n", []string{" 30%", "done"}},
	} {
		seen = nil
		o.write(1, []byte(c.chunk), false)
		if told(); !slices.Equal(seen, c.want) {
			t.Errorf("after %q: %q, want %q", c.chunk, seen, c.want)
		}
	}
}

func TestTalkativeInstanceDoesNotKeepTheOthersWaiting(t *testing.T) {
	t.Parallel()
	o := newOutbox("r", 10)
	now := time.Now()
	for _, id := range []vastapi.InstanceID{1, 2} {
		o.write(id, []byte("x\n"), false)
	}
	first, _, _ := o.next(now)
	o.write(1, []byte("y\n"), false)
	second, _, _ := o.next(now)
	if first.(RemoteOutput).Instance != 1 || second.(RemoteOutput).Instance != 2 {
		t.Errorf("first %+v, then %+v", first, second)
	}
	if third, wait, _ := o.next(now.Add(40 * time.Millisecond)); third != nil || wait != 60*time.Millisecond {
		t.Errorf("%+v after 40 ms, then a wait of %v", third, wait)
	}
	if third, _, _ := o.next(now.Add(100 * time.Millisecond)); third == nil {
		t.Error("nothing after 100 ms")
	}
}

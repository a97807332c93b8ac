package remote_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi/remote"
)

func TestRecorderAnswersAsItWasTold(t *testing.T) {
	t.Parallel()
	r := new(remote.Recorder)
	r.On("uptime", remote.Reply{Out: "first"}, remote.Reply{Code: 3, Err: "then"})
	r.On("broken", remote.Reply{Fail: errGone})
	play := func(arg string) (string, int, error) {
		var out bytes.Buffer
		code, err := r.Run(t.Context(), remote.Command{Path: "ssh", Args: []string{"-x", arg}}, remote.Streams{Out: &out, Err: &out})
		return out.String(), code, err
	}
	for _, want := range []struct {
		out  string
		code int
	}{{"first", 0}, {"then", 3}, {"then", 3}} {
		if out, code, err := play("uptime"); out != want.out || code != want.code || err != nil {
			t.Errorf("got %q, %d, %v", out, code, err)
		}
	}
	if _, _, err := play("broken"); !errors.Is(err, errGone) {
		t.Errorf("got %v", err)
	}
	if out, code, err := play("else"); out != "" || code != 0 || err != nil {
		t.Errorf("got %q, %d, %v", out, code, err)
	}
	r.On("uptime", remote.Reply{Code: 9})
	if _, code, _ := play("uptime"); code != 9 {
		t.Error("what was scripted later does not go before")
	}
	want := []string{"ssh -x uptime", "ssh -x uptime", "ssh -x uptime", "ssh -x broken", "ssh -x else", "ssh -x uptime"}
	if got := r.Lines(); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

var errGone = errors.New("gone")

func TestRecorderWaitsInVirtualTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := new(remote.Recorder).On("slow", remote.Reply{Wait: time.Hour, Code: 4}).On("never", remote.Reply{Hang: true})
		start := time.Now()
		code, err := r.Run(t.Context(), remote.Command{Args: []string{"slow"}}, remote.Streams{})
		if code != 4 || err != nil || time.Since(start) != time.Hour {
			t.Errorf("got %d, %v after %v", code, err, time.Since(start))
		}
		for _, arg := range []string{"slow", "never"} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			if _, err := r.Run(ctx, remote.Command{Args: []string{arg}}, remote.Streams{}); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: got %v", arg, err)
			}
			cancel()
		}
	})
}

package remote_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi/remote"
)

var forward = remote.Forward{Instance: 42, Local: 8888, Remote: 8080}

func opened(t *testing.T, change ...func(*remote.Options)) *home {
	t.Helper()
	h := newHome(t, change...)
	_, err := h.Open(t.Context(), 42, direct, false)
	must(t, err)
	return h
}

func TestForwardIsBelievedWhenItsPortAnswers(t *testing.T) {
	t.Parallel()
	h := opened(t)
	h.answers["127.0.0.1:8888"] = true
	must(t, h.Forward(t.Context(), forward))
	if h.count("-O forward -L 127.0.0.1:8888:localhost:8080 -- vast-42") != 1 {
		t.Errorf("calls: %v", h.recorder.Lines())
	}
	must(t, h.Cancel(t.Context(), forward))
}

func TestForwardThatTakesNoConnectionIsAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		start := time.Now()
		err := h.Forward(t.Context(), forward)
		if took := time.Since(start); kind(err) != remote.FailForward || took != 10*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

func TestForwardMayTakeAMomentToAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		time.AfterFunc(time.Second, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.answers["127.0.0.1:8888"] = true
		})
		must(t, h.Forward(t.Context(), forward))
	})
}

func TestWaitingForAForwardCanBeGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := h.Forward(ctx, forward); !errors.Is(err, context.DeadlineExceeded) || remote.FailureOf(err) != nil {
			t.Errorf("got %v", err)
		}
	})
}

// taken lets listening fail for some ports.
func taken(cause error, ports ...int) func(*remote.Options) {
	return func(o *remote.Options) {
		o.Listen = func(network, address string) (net.Listener, error) {
			for _, p := range ports {
				if strings.HasSuffix(address, fmt.Sprintf(":%d", p)) {
					return nil, &net.OpError{Op: "listen", Net: network, Err: cause}
				}
			}
			return silent{}, nil
		}
	}
}

func TestPortInUseSuggestsAFreeOne(t *testing.T) {
	t.Parallel()
	h := opened(t, taken(syscall.EADDRINUSE, 8888, 8889))
	err := h.Forward(t.Context(), forward)
	var used *remote.PortInUse
	if !errors.As(err, &used) || *used != (remote.PortInUse{Bind: "127.0.0.1", Port: 8888, Free: 8890}) {
		t.Fatalf("got %v", err)
	}
	if err.Error() != "Port 8888 on this machine is in use. Port 8890 is free." {
		t.Errorf("says %q", err)
	}
	if h.count("-O forward") != 0 {
		t.Error("ssh was asked all the same")
	}
}

func TestPortThatIsLostToAnotherIsInUse(t *testing.T) {
	t.Parallel()
	h := opened(t)
	h.recorder.On("-O forward", remote.Reply{Code: 255, Err: "mux_client_forward: forwarding request failed: Port forwarding failed\r\nmuxclient: master forward request failed\r\n"})
	var used *remote.PortInUse
	if err := h.Forward(t.Context(), forward); !errors.As(err, &used) || used.Port != 8888 {
		t.Errorf("got %v", err)
	}
}

func TestPortsAndAddressesThatThisMachineDoesNotGive(t *testing.T) {
	t.Parallel()
	for want, cause := range map[string]error{
		"Port 8888 on this machine is for the system. Choose one from 1024 on.": syscall.EACCES,
		"The address 127.0.0.1 is not one of this machine. Use 127.0.0.1.":      syscall.EADDRNOTAVAIL,
	} {
		err := opened(t, taken(cause, 8888)).Forward(t.Context(), forward)
		if kind(err) != remote.FailPort || err.Error() != want {
			t.Errorf("got %v", err)
		}
	}
	bad := remote.Forward{Instance: 42, Local: 0, Remote: 1}
	if err := opened(t).Forward(t.Context(), bad); kind(err) != remote.FailPort {
		t.Errorf("got %v", err)
	}
}

func TestForwardWithoutAConnectionSaysSo(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if err := h.Forward(t.Context(), forward); kind(err) != remote.FailNoMaster {
		t.Errorf("got %v", err)
	}
	must(t, h.Cancel(t.Context(), forward))
}

func TestForwardThatCannotBeTakenAwayIsTold(t *testing.T) {
	t.Parallel()
	h := opened(t)
	h.recorder.On("-O cancel", remote.Reply{Code: 255, Err: "mux_client_forward: forwarding request failed\r\n"})
	if err := h.Cancel(t.Context(), forward); kind(err) != remote.FailForward {
		t.Errorf("got %v", err)
	}
}

func TestForwardKnowsWhoCanUseIt(t *testing.T) {
	t.Parallel()
	for bind, want := range map[string]struct {
		open bool
		at   string
	}{
		"": {false, "127.0.0.1:80"}, "127.0.0.2": {false, "127.0.0.2:80"}, "::1": {false, "[::1]:80"},
		"0.0.0.0": {true, "127.0.0.1:80"}, "::": {true, "[::1]:80"}, "192.168.1.5": {true, "192.168.1.5:80"},
	} {
		f := remote.Forward{Bind: bind, Local: 80, Remote: 80}
		if f.Open() != want.open || f.Address() != want.at {
			t.Errorf("%q: got %v, %s", bind, f.Open(), f.Address())
		}
	}
}

func TestFreePortIsFree(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	used := l.Addr().(*net.TCPAddr).Port
	got := remote.FreePort(used)
	if got <= used || got > used+200 {
		t.Fatalf("near %d: got %d", used, got)
	}
	h := newHome(t, taken(syscall.EADDRINUSE, 1024, 65535))
	if got := h.FreePort("", -5); got != 1025 {
		t.Errorf("near -5: got %d", got)
	}
	if got := h.FreePort("", 65535); got != 0 {
		t.Errorf("near the last one, which is taken: got %d", got)
	}
}

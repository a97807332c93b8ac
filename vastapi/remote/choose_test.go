package remote_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi/remote"
)

func TestDirectIsChosenWhenItAnswers(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.answers[direct.Address()] = true
	got, err := h.Choose(t.Context(), target(), remote.Auto)
	if err != nil || got.Endpoint != direct || got.Why != "Directly: its port answers." {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestProxyIsChosenWhenTheDirectPortRefuses(t *testing.T) {
	t.Parallel()
	got, err := newHome(t).Choose(t.Context(), target(), remote.Auto)
	if err != nil || got.Endpoint != proxy || got.Why != "Through the proxy: its direct port refuses connections." {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDirectPortHasTwoSecondsToAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t, func(o *remote.Options) {
			o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, &net.OpError{Op: "dial", Err: ctx.Err()}
			}
		})
		start := time.Now()
		got, err := h.Choose(t.Context(), target(), remote.Auto)
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("took %v", took)
		}
		if err != nil || got.Endpoint != proxy || got.Why != "Through the proxy: its direct port did not answer within 2s." {
			t.Errorf("got %+v, %v", got, err)
		}
		alone := target()
		alone.Proxy = remote.Endpoint{}
		if _, err := h.Choose(t.Context(), alone, remote.Auto); kind(err) != remote.FailTimeout {
			t.Errorf("without a proxy: %v", err)
		}
	})
}

// kind is the kind of failure that err is, -1 when it is none.
func kind(err error) remote.FailureKind {
	if f := remote.FailureOf(err); f != nil {
		return f.Kind
	}
	return -1
}

func TestForcedWayIsObeyed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.answers[direct.Address()] = true
	for way, want := range map[remote.Way]remote.Endpoint{remote.Direct: direct, remote.Proxy: proxy} {
		got, err := h.Choose(t.Context(), target(), way)
		if err != nil || got.Endpoint != want || got.Own {
			t.Errorf("%v: got %+v, %v", way, got, err)
		}
	}
	none := remote.Target{Instance: 42, Running: true}
	for _, way := range []remote.Way{remote.Auto, remote.Direct, remote.Proxy} {
		if _, err := h.Choose(t.Context(), none, way); kind(err) != remote.FailNoWay {
			t.Errorf("%v without an endpoint: %v", way, err)
		}
	}
	refused := target()
	refused.Refused = "It is not running. Start it first."
	if _, err := h.Choose(t.Context(), refused, remote.Direct); err == nil || err.Error() != refused.Refused {
		t.Errorf("refused target: %v", err)
	}
}

func TestOpenConnectionIsFollowedWithoutAProbe(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.answers[direct.Address()] = true
	if _, err := h.Open(t.Context(), 42, proxy, false); err != nil {
		t.Fatal(err)
	}
	got, err := h.Choose(t.Context(), target(), remote.Auto)
	if err != nil || got.Endpoint != proxy || got.Own || got.Why != "By the connection that is open: proxy." {
		t.Errorf("auto: got %+v, %v", got, err)
	}
	got, err = h.Choose(t.Context(), target(), remote.Direct)
	if err != nil || got.Endpoint != direct || !got.Own {
		t.Errorf("the other way by force: got %+v, %v", got, err)
	}
	moved := target()
	moved.Proxy.Port++
	if got, err = h.Choose(t.Context(), moved, remote.Auto); err != nil || got.Endpoint != direct {
		t.Errorf("the address has changed: got %+v, %v", got, err)
	}
}

func TestGivingUpIsNoReasonForTheProxy(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := newHome(t).Choose(ctx, target(), remote.Auto); !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestGivingUpDuringTheProbeIsNoReasonForTheProxy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t, func(o *remote.Options) {
			o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, &net.OpError{Op: "dial", Err: ctx.Err()}
			}
		})
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errGone)
		defer cancel()
		if got, err := h.Choose(ctx, target(), remote.Auto); !errors.Is(err, errGone) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestProbeTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for want, cause := range map[remote.FailureKind]error{
		remote.FailUnreachable: &net.OpError{Op: "dial", Err: &net.DNSError{Name: "x", IsNotFound: true}},
		remote.FailTimeout:     &net.OpError{Op: "dial", Err: context.DeadlineExceeded},
	} {
		h := newHome(t, func(o *remote.Options) {
			o.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, cause }
		})
		if err := h.Probe(t.Context(), direct); kind(err) != want || !errors.Is(err, cause) {
			t.Errorf("%v: got %v", cause, err)
		}
	}
	if err := newHome(t).Probe(t.Context(), remote.Endpoint{Host: "127.0.0.1", Port: 22}); kind(err) != remote.FailNoWay {
		t.Errorf("an address that is not allowed was dialled: %v", err)
	}
}

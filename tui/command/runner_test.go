package command

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// numbered answers the calls of these tests.
type numbered struct {
	Answer
	N int
}

// number makes a call on a topic that gives n once release is closed or its
// context has ended.
func number(r *Runner, topic Topic, n int, release <-chan struct{}) tea.Cmd {
	return Run(r, topic, func(ctx context.Context) (int, error) {
		select {
		case <-release:
			return n, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}, func(a Answer, n int) tea.Msg { return numbered{a, n} })
}

// start runs a command the way the program does, and gives its message.
func start[T tea.Msg](c tea.Cmd) <-chan T {
	out := make(chan T, 1)
	go func() { out <- c().(T) }()
	return out
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func TestOnlyTheNewestAnswerOfATopicCounts(t *testing.T) {
	t.Parallel()
	r := NewRunner(t.Context(), nil)
	old := number(r, "offers", 1, closed())
	other := number(r, "user", 2, closed())
	young := number(r, "offers", 3, closed())
	youngest := young().(numbered)
	late := old().(numbered)
	if r.Current(late) {
		t.Error("an overtaken answer counts")
	}
	if !r.Current(youngest) || !r.Current(other().(numbered)) {
		t.Error("the newest answers of two topics do not count")
	}
	if r.Current(youngest) {
		t.Error("an answer counts twice")
	}
	if r.Busy("offers") || r.Busy("user") {
		t.Error("a topic is busy after its answer")
	}
}

func TestNewerCallCancelsOneThatStillWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), nil)
		old := start[numbered](number(r, "offers", 1, nil))
		synctest.Wait()
		young := start[numbered](number(r, "offers", 2, closed()))
		got := <-old
		if !Cancelled(got.Err) {
			t.Errorf("the older call ended with %v, want cancelled", got.Err)
		}
		if r.Current(got) {
			t.Error("a cancelled call counts")
		}
		if now := <-young; now.Err != nil || now.N != 2 || !r.Current(now) {
			t.Errorf("the newer call gave %+v", now)
		}
	})
}

// sent makes a call that tells it has left and then waits for release.
func sent(r *Runner, n int, release <-chan struct{}) tea.Cmd {
	return Run(r, "offers", func(ctx context.Context) (int, error) {
		tell := r.live["offers"].tell // what the client calls through the context
		tell(vastapi.Progress{Stage: vastapi.StageWaiting, Until: time.Now().Add(time.Second)})
		tell(vastapi.Progress{Stage: vastapi.StageSent})
		select {
		case <-release:
			return n, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}, func(a Answer, n int) tea.Msg { return numbered{a, n} })
}

func TestCallThatWasSentIsLetFinish(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), nil)
		release := make(chan struct{})
		old := start[numbered](sent(r, 1, release))
		synctest.Wait()
		young := start[numbered](number(r, "offers", 2, closed()))
		if now := <-young; !r.Current(now) {
			t.Error("the newer answer does not count")
		}
		close(release)
		got := <-old
		if got.Err != nil || got.N != 1 {
			t.Errorf("the call that had left ended with %+v: its answer is true and was lost", got)
		}
		if r.Current(got) {
			t.Error("an overtaken answer counts as the newest")
		}
	})
}

func TestCancelledTopicIsFreeAndItsAnswerDoesNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), nil)
		call := start[numbered](number(r, "offers", 1, nil))
		synctest.Wait()
		r.Cancel("offers")
		r.Cancel("nothing of that name")
		if r.Busy("offers") {
			t.Error("the topic is busy")
		}
		if got := <-call; !Cancelled(got.Err) || r.Current(got) {
			t.Errorf("it gave %+v", got)
		}
	})
}

func TestReadsEndWithTheProgram(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, quit := context.WithCancel(t.Context())
		r := NewRunner(ctx, nil)
		call := start[numbered](number(r, "offers", 1, nil))
		synctest.Wait()
		quit()
		if got := <-call; !Cancelled(got.Err) {
			t.Errorf("it ended with %v", got.Err)
		}
	})
}

func TestAnswerTellsWhenItCameAndWhatItTook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), nil)
		begun := time.Now()
		c := Run(r, "user", func(context.Context) (int, error) {
			time.Sleep(3 * time.Second)
			return 0, nil
		}, func(a Answer, n int) tea.Msg { return numbered{a, n} })
		time.Sleep(time.Minute) // the program may take a while to start a command
		got := c().(numbered)
		if got.Took != 3*time.Second || !got.At.Equal(begun.Add(63*time.Second)) || got.Topic != "user" {
			t.Errorf("the answer says %s at %s about %q", got.Took, got.At, got.Topic)
		}
	})
}

func TestPanicInACallBecomesAnErrorAndIsReported(t *testing.T) {
	t.Parallel()
	var topic Topic
	var value any
	var stack []byte
	r := NewRunner(t.Context(), func(at Topic, v any, s []byte) { topic, value, stack = at, v, s })
	c := Run(r, "user", func(context.Context) (int, error) { panic("boom") },
		func(a Answer, n int) tea.Msg { return numbered{a, n} })
	got := c().(numbered)
	var crash *CrashError
	if !errors.As(got.Err, &crash) || crash.Topic != "user" {
		t.Fatalf("the answer's error is %v, want a CrashError about user", got.Err)
	}
	if strings.Contains(got.Err.Error(), "boom") {
		t.Errorf("%q shows what panicked; that belongs to the report alone", got.Err)
	}
	if topic != "user" || value != "boom" || !strings.Contains(string(stack), "runner_test.go") {
		t.Errorf("reported were %q, %v and a stack of %d bytes", topic, value, len(stack))
	}
	if !r.Current(got) || r.Busy("user") {
		t.Error("the topic does not go on after a panic")
	}
	if again := number(r, "user", 5, closed())().(numbered); again.N != 5 || !r.Current(again) {
		t.Errorf("the next call gave %+v", again)
	}
}

func TestPanicIsSurvivedWithoutAReporter(t *testing.T) {
	t.Parallel()
	r := NewRunner(t.Context(), nil)
	c := Run(r, "user", func(context.Context) (int, error) { var m map[string]int; m["x"] = 1; return 0, nil },
		func(a Answer, n int) tea.Msg { return numbered{a, n} })
	if got := c().(numbered); got.Err == nil {
		t.Error("no error")
	}
}

func TestOnlyTheNewestDueCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), nil)
		begun := time.Now()
		early := start[Due](r.Again("offers", time.Second))
		late := start[Due](r.Again("offers", 5*time.Second))
		if !r.Awaited("offers") || r.Awaited("volumes") {
			t.Error("it does not know what will be due")
		}
		other := start[Due](r.Again("user", 2*time.Second))
		if r.IsDue(<-early) {
			t.Error("a due that a later one has replaced counts")
		}
		if d := <-other; !r.IsDue(d) {
			t.Error("another topic's due does not count")
		}
		d := <-late
		if took := time.Since(begun); took != 5*time.Second {
			t.Errorf("due after %s, want 5 s", took)
		}
		if !r.IsDue(d) {
			t.Error("the newest due does not count")
		}
		if r.IsDue(d) {
			t.Error("a due counts twice")
		}
		if r.Awaited("offers") {
			t.Error("what was due is still awaited")
		}
	})
}

func TestNothingIsDueWhileItIsBeingAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), nil)
		due := start[Due](r.Again("offers", time.Second))
		release := make(chan struct{})
		call := start[numbered](number(r, "offers", 1, release))
		if r.IsDue(<-due) {
			t.Error("due while a call on the topic is under way")
		}
		close(release)
		r.Current(<-call)
		if !r.IsDue(<-start[Due](r.Again("offers", time.Second))) {
			t.Error("not due after the call")
		}
	})
}

func TestWaitingIsTheLongestHoldAndSaysWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), nil)
		now := time.Now()
		if d, again := r.Waiting(now); d != 0 || again {
			t.Errorf("waiting %s, again %t, for nothing", d, again)
		}
		number(r, "offers", 1, nil)
		number(r, "user", 1, nil)
		r.live["offers"].tell(vastapi.Progress{Stage: vastapi.StageWaiting, Until: now.Add(4 * time.Second)})
		r.live["user"].tell(vastapi.Progress{Stage: vastapi.StageRetrying, Until: now.Add(9 * time.Second)})
		if d, again := r.Waiting(now.Add(time.Second)); d != 8*time.Second || !again {
			t.Errorf("waiting %s, again %t; want 8 s to try again", d, again)
		}
		r.live["user"].tell(vastapi.Progress{Stage: vastapi.StageSent})
		if d, again := r.Waiting(now.Add(time.Second)); d != 3*time.Second || again {
			t.Errorf("waiting %s, again %t; want 3 s for the rate limit", d, again)
		}
		if d, _ := r.Waiting(now.Add(time.Hour)); d != 0 {
			t.Errorf("waiting %s after the time is over", d)
		}
		r.Cancel("offers")
		if d, _ := r.Waiting(now); d != 0 {
			t.Errorf("waiting %s after the last call was given up", d)
		}
	})
}

func TestReadsAreGivenUpAndPlansGoOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), nil)
		release := make(chan struct{})
		asked := start[numbered](sent(r, 2, release))
		synctest.Wait() // it has left
		read := start[numbered](number(r, "instances", 1, release))
		plan := start[numbered](number(r, planTopic("p"), 3, release))
		due := start[Due](r.Again("user", time.Second))
		synctest.Wait()
		r.CancelReads()
		for _, c := range []<-chan numbered{read, asked} {
			if got := <-c; !Cancelled(got.Err) || r.Current(got) {
				t.Errorf("%s ended with %v; what was read for another account counts", got.Topic, got.Err)
			}
		}
		if r.Busy("instances") || r.Busy("offers") || !r.Busy(planTopic("p")) {
			t.Error("what is under way is not the plan alone")
		}
		if r.Awaited("user") || r.IsDue(<-due) {
			t.Error("a poll of before is still due")
		}
		close(release)
		if got := <-plan; got.Err != nil || !r.Current(got) {
			t.Errorf("the plan ended with %v and does not count", got.Err)
		}
	})
}

func TestHeartbeatBeatsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		b := <-start[Beat](Heartbeat(time.Second))
		if !b.At.Equal(begun.Add(time.Second)) {
			t.Errorf("it beat at %s", b.At.Sub(begun))
		}
	})
}

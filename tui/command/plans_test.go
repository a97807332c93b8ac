package command

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// follow reads the progress of a plan to its end.
func follow(c tea.Cmd) []PlanProgressed {
	var all []PlanProgressed
	for c != nil {
		p, ok := c().(PlanProgressed)
		if !ok {
			return all
		}
		all, c = append(all, p), p.Next
	}
	return all
}

func TestProgressReachesTheProgramInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1), running(2)}}
		c := set(t, s, Market{})
		defer c.Drain(time.Second)
		parts := batch(t, c.Execute(stopping(t, s)), 2)
		if !c.Busy("plan/plan") {
			t.Error("the plan's topic is not busy")
		}
		done := start[PlanExecuted](parts[0])
		steps := follow(parts[1])
		report := <-done
		if report.Err != nil || len(report.Report.Done) != 2 || !c.Current(report) {
			t.Fatalf("the plan ended with %+v, %v", report.Report, report.Err)
		}
		last := map[int]rental.StepState{}
		for _, g := range steps {
			if g.Plan != "plan" {
				t.Errorf("progress of plan %q", g.Plan)
			}
			if before, seen := last[g.Progress.Step]; seen && before == rental.StateVerified {
				t.Errorf("step %d went on after it was verified", g.Progress.Step)
			}
			last[g.Progress.Step] = g.Progress.State
		}
		if last[0] != rental.StateVerified || last[1] != rental.StateVerified {
			t.Errorf("the last that was heard of the steps is %v", last)
		}
	})
}

func TestProgressThatNobodyReadsHoldsNothingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		for id := range vastapi.InstanceID(100) {
			s.instances = append(s.instances, running(id+1))
		}
		c := set(t, s, Market{})
		defer c.Drain(time.Second)
		parts := batch(t, c.Execute(stopping(t, s)), 2)
		report := parts[0]().(PlanExecuted)
		if len(report.Report.Done) != 100 {
			t.Errorf("%d of 100 steps are done: %v", len(report.Report.Done), report.Err)
		}
		if n := len(follow(parts[1])); n == 0 || n > 64 {
			t.Errorf("%d lines of progress were kept, want some and at most the 64 there is room for", n)
		}
	})
}

func TestPlanOutlivesTheProgramsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1)}, gate: make(chan struct{})}
		c := set(t, s, Market{})
		defer c.Drain(time.Second)
		parts := batch(t, c.Execute(stopping(t, s)), 2)
		done := start[PlanExecuted](parts[0])
		synctest.Wait()
		c.Cancel("plan/plan") // neither this nor a newer call may end what was sent
		close(s.gate)
		if r := <-done; len(r.Report.Done) != 1 {
			t.Errorf("the plan ended with %+v", r.Report)
		}
	})
}

func TestHaltFinishesWhatIsInFlightAndSendsNothingNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1), running(2), running(3)}, gate: make(chan struct{})}
		c := set(t, s, Market{})
		defer c.Drain(time.Second)
		parts := batch(t, c.Execute(stopping(t, s)), 2)
		done := start[PlanExecuted](parts[0])
		synctest.Wait()
		c.Halt("another plan")
		c.Halt("plan")
		c.Halt("plan") // once more does nothing
		close(s.gate)
		r := <-done
		if n := len(s.calls); n != 1 {
			t.Errorf("%d requests were sent, want the one in flight", n)
		}
		if len(r.Report.Done) != 1 || len(r.Report.NotTried) != 2 {
			t.Errorf("%d done, %d not tried", len(r.Report.Done), len(r.Report.NotTried))
		}
		if !c.Current(r) {
			t.Error("the report is not current")
		}
		c.haltOf("next")
		if len(c.halts) != 1 {
			t.Errorf("%d plans can be halted, want only the next", len(c.halts))
		}
	})
}

func TestDrainWaitsForWhatHasLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1), running(2)}, gate: make(chan struct{})}
		c := set(t, s, Market{})
		parts := batch(t, c.Execute(stopping(t, s)), 2)
		done := start[PlanExecuted](parts[0])
		synctest.Wait()
		go func() {
			time.Sleep(2 * time.Second)
			close(s.gate)
		}()
		begun := time.Now()
		if !c.Drain(5 * time.Second) {
			t.Error("it did not end")
		}
		if took := time.Since(begun); took < 2*time.Second || took > 5*time.Second {
			t.Errorf("drained after %s; the answer came after 2 s", took)
		}
		r := <-done
		if n := len(s.calls); n != 1 {
			t.Errorf("%d requests were sent, want no new one after the end was asked for", n)
		}
		if len(r.Report.NotTried) != 1 {
			t.Errorf("the report is %+v, want the second step not tried", r.Report)
		}
	})
}

func TestDrainGivesUpAtItsLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1)}, gate: make(chan struct{})}
		c := set(t, s, Market{})
		parts := batch(t, c.Execute(stopping(t, s)), 2)
		done := start[PlanExecuted](parts[0])
		synctest.Wait()
		begun := time.Now()
		if c.Drain(3 * time.Second) {
			t.Error("it says that all has ended")
		}
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("it gave up after %s, want 3 s", took)
		}
		<-done // the executor itself waits no longer than its policy lets it
	})
}

func TestDrainOfNothingReturnsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		if !set(t, &server{}, Market{}).Drain(time.Hour) || time.Since(begun) != 0 {
			t.Error("it waited")
		}
	})
}

func TestDrainDoesNotWaitForAPlanThatNeverBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1)}}
		c := set(t, s, Market{})
		parts := batch(t, c.Execute(stopping(t, s)), 2) // the program ends before it runs this
		begun := time.Now()
		if !c.Drain(time.Hour) || time.Since(begun) != 0 {
			t.Error("it waited")
		}
		if r := parts[0]().(PlanExecuted); r.Report.Plan.ID != "plan" || len(r.Report.Done) != 0 || !Cancelled(r.Err) {
			t.Errorf("begun after the end was asked for, the plan ended with %+v, %v", r.Report, r.Err)
		}
		follow(parts[1])
		if n := len(s.calls); n != 0 {
			t.Errorf("%d requests were sent after the end was asked for", n)
		}
		if !c.Drain(time.Hour) || time.Since(begun) != 0 {
			t.Error("the second time it waited")
		}
	})
}

func TestDrainWaitsForEveryPlan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1), running(2)}, gate: make(chan struct{})}
		c := set(t, s, Market{})
		var ends []<-chan PlanExecuted
		for n := range 2 {
			p := stopping(t, &server{instances: s.instances[n : n+1]})
			p.ID = []string{"a", "b"}[n]
			ends = append(ends, start[PlanExecuted](batch(t, c.Execute(p), 2)[0]))
		}
		synctest.Wait()
		if c.Drain(time.Second) {
			t.Error("it says that all has ended while two are under way")
		}
		close(s.gate)
		if !c.Drain(time.Minute) {
			t.Error("the plans have ended, and it gave up waiting")
		}
		for _, end := range ends {
			<-end
		}
	})
}

func TestPlanGoesOnWhenAnotherKeyIsUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := &server{instances: []vastapi.Instance{running(1)}, gate: make(chan struct{})}, &server{}
		c := set(t, first, Market{})
		defer c.Drain(time.Second)
		done := start[PlanExecuted](batch(t, c.Execute(stopping(t, first)), 2)[0])
		list := c.Loads().LoadInstances()
		synctest.Wait()
		c.UseAccount("31")
		c.Use(second)
		if c.Account() != "" {
			t.Errorf("the new key counts as that of account %s", c.Account())
		}
		if r := list().(InstancesLoaded); c.Current(r) {
			t.Error("the list of the account of before counts")
		}
		close(first.gate)
		r := <-done
		if len(r.Report.Done) != 1 || !c.Current(r) {
			t.Errorf("the plan ended with %+v", r.Report)
		}
		if len(first.calls) != 1 || len(second.calls) != 0 {
			t.Errorf("sent were %d requests with the first key and %d with the second", len(first.calls), len(second.calls))
		}
	})
}

func TestPanicWhileAPlanIsCarriedOutEndsThePlanOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1)}, crash: true}
		c := set(t, s, Market{})
		parts := batch(t, c.Execute(stopping(t, s)), 2)
		r := parts[0]().(PlanExecuted)
		var crash *CrashError
		if !errors.As(r.Err, &crash) {
			t.Errorf("the plan ended with %v, want a CrashError", r.Err)
		}
		if p := r.Report; p.Plan.ID != "plan" || !errors.As(p.Err, &crash) || len(p.Unknown) != 1 || p.Unknown[0].Step.Subject.Instance != 1 || p.Unknown[0].Why == "" {
			t.Errorf("the report is %+v, want that of the plan with its step unknown", p)
		}
		if !c.Current(r) {
			t.Error("the report does not count")
		}
		follow(parts[1]) // ends, because the list of steps was closed
		if !c.Drain(time.Second) {
			t.Error("the plan counts as under way for ever")
		}
	})
}

func TestPlanIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{instances: []vastapi.Instance{running(1)}}
		c := set(t, s, Market{})
		defer c.Drain(time.Second)
		p := stopping(t, s)
		batch(t, c.Execute(p), 2)[0]()
		again := batch(t, c.Execute(p), 2)[0]().(PlanExecuted)
		if !errors.Is(again.Err, rental.ErrUsed) || len(s.calls) != 1 {
			t.Errorf("the second time ended with %v after %d requests", again.Err, len(s.calls))
		}
	})
}

func TestNothingIsLeftOpenInAnEmptyJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := set(t, &server{}, Market{})
		defer c.Drain(time.Second)
		parts := batch(t, c.Recover(), 2)
		if r := parts[0]().(Recovered); r.Err != nil || r.Open != 0 {
			t.Errorf("recovering gave %+v", r)
		}
		if msg := parts[1](); msg != nil {
			t.Errorf("%+v was settled", msg)
		}
		if r := c.ReadJournal()().(JournalRead); r.Err != nil || r.Ops.Reserved() != 0 {
			t.Errorf("the journal reads as %+v", r)
		}
	})
}

func TestDamagedJournalIsAnErrorNotAnEmptyOne(t *testing.T) {
	t.Parallel()
	broken := errors.New("line 3: checksum")
	c := New(t.Context(), Config{Journal: &journal{err: broken}, Policy: rental.DefaultPolicy()})
	c.Use(&server{})
	if r := c.ReadJournal()().(JournalRead); !errors.Is(r.Err, broken) {
		t.Errorf("reading it gave %v", r.Err)
	}
}

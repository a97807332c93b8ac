package rental

import (
	"context"
	"runtime"
	"testing"
	"time"

	"vastdeck/vastapi"
)

// mortal kills its process, which is the goroutine here, at a chosen moment.
type mortal struct {
	*account
	*memory
	appends, dieAt int // the append that is not survived
	die            string
	late           time.Duration
}

func (m *mortal) Append(line []byte) error {
	m.appends++
	if m.appends == m.dieAt && m.die == "before append" {
		runtime.Goexit()
	}
	err := m.memory.Append(line)
	if m.appends == m.dieAt && m.die == "after append" {
		runtime.Goexit()
	}
	return err
}

func (m *mortal) Do(ctx context.Context, c vastapi.Call) vastapi.Result {
	switch m.die {
	case "before commit":
		runtime.Goexit()
	case "after commit":
		m.carryOut(c)
		runtime.Goexit()
	case "late commit":
		time.AfterFunc(m.late, func() { m.carryOut(c) })
		runtime.Goexit()
	}
	return m.account.Do(ctx, c)
}

// TestKilledAtAnyMoment kills a process at random moments of a rent, starts
// another over its journal and holds the account against what that says.
func TestKilledAtAnyMoment(t *testing.T) {
	bubble(t, func(t *testing.T) {
		ways := []string{"before append", "after append", "before commit", "after commit", "late commit", ""}
		for run := range 2_000 {
			rnd := seeded(uint64(run))
			m := &mortal{account: newAccount(), memory: &memory{}, die: ways[rnd.IntN(len(ways))], dieAt: 1 + rnd.IntN(4)}
			m.late = time.Duration(rnd.Int64N(int64(170 * time.Second)))
			p := m.rentPlan(t)
			dead := make(chan struct{})
			go func() {
				defer close(dead)
				Execute(context.Background(), Deps{API: m, Read: m.account, Journal: m, Policy: DefaultPolicy(), Account: "1"}, p, nil)
			}()
			<-dead
			time.Sleep(time.Duration(rnd.Int64N(int64(30 * time.Second))))
			deps := m.account.deps(m.memory)
			if _, err := Recover(t.Context(), deps, nil); err != nil {
				t.Fatal(err)
			}
			ops, err := Open(m.memory)
			if err != nil {
				t.Fatal(err)
			}
			confirmed := 0
			for _, op := range ops.All() {
				if op.State == OpConfirmed {
					confirmed++
				}
			}
			if confirmed != len(m.instances) || len(ops.Open()) > 0 || len(Orphans(m.instances, ops)) > 0 {
				t.Fatalf("run %d, killed %q at %d: %d rented, %d known, open %+v", run, m.die, m.dieAt, len(m.instances), confirmed, ops.Open())
			}
			before := len(m.instances)
			if r := Execute(t.Context(), deps, p, nil); ops.Used(p.ID) && (r.Err == nil || len(m.instances) != before) {
				t.Fatalf("run %d: the plan was carried out again", run)
			}
		}
	})
}

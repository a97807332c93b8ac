package rental

import (
	"fmt"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

func TestThePlansOfCopiesSayWhatWillHappen(t *testing.T) {
	t.Parallel()
	d := fixed()
	a, b, v := instance(18820341, "worker-a"), stopped(18820377, "worker-b vx-abcdefghijkl"), kept881()
	a.InetUpCost, b.InetDownCost = 0.005, 0.002
	for name, make := range map[string]func() (Plan, error){
		"copy-data": func() (Plan, error) {
			return PlanCopyData(DataPlace{Instance: &a, Path: "/workspace/out"}, DataPlace{Instance: &b, Path: "/workspace"}, d)
		},
		"copy-volume": func() (Plan, error) {
			return PlanCopyData(DataPlace{Volume: &v, Path: "/data"}, DataPlace{Instance: &a, Path: "/workspace"}, d)
		},
		"copy-cancel": func() (Plan, error) { return PlanCancelCopy(DataPlace{Instance: &b, Path: "/workspace"}, d) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, draw(must(t)(make())))
		})
	}
}

func TestACopyOnOneMachineHasNoTraffic(t *testing.T) {
	t.Parallel()
	a, v := instance(18820341, "worker-a"), kept881()
	v.MachineID = a.MachineID
	p := must(t)(PlanCopyData(DataPlace{Instance: &a, Path: "/workspace"}, DataPlace{Volume: &v, Path: "/data"}, fixed()))
	if text := fmt.Sprint(p.Facts); !strings.Contains(text, "none: both are on machine") {
		t.Error(text)
	}
	a.MachineID, v.MachineID = 0, 0 // which machines they are on is not told
	p = must(t)(PlanCopyData(DataPlace{Instance: &a, Path: "/workspace"}, DataPlace{Volume: &v, Path: "/data"}, fixed()))
	if text := fmt.Sprint(p.Facts); strings.Contains(text, "none") {
		t.Error(text)
	}
}

func TestNothingIsCopiedFromOrToWhatCannotTakeIt(t *testing.T) {
	t.Parallel()
	a, leaving := instance(1, "a"), instance(2, "b")
	leaving.Cur = safetext.New("unloaded")
	shared := sharedVolume()
	good := DataPlace{Instance: &a, Path: "/workspace"}
	for want, to := range map[string]DataPlace{
		"is a network volume":             {Volume: &shared, Path: "/data"},
		"choose an instance or a volume":  {Path: "/data"},
		"changes the rights by which ssh": {Instance: &a, Path: "/root"},
		"both ends are the same place":    {Instance: &a, Path: "/workspace/"},
		"needs a path that begins with /": {Instance: &a, Path: "data"},
		"instance 2 is being destroyed":   {Instance: &leaving, Path: "/data"},
	} {
		if _, err := PlanCopyData(good, to, fixed()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", to, err, want)
		}
	}
}

// TestACopyIsSentOnceAndNeverAgain holds that a copy whose answer is lost is told as
// unknown: no reading shows it, and a second one would be billed again.
func TestACopyIsSentOnceAndNeverAgain(t *testing.T) {
	for name, c := range map[string]struct {
		fault         *vastsim.Fault
		done, unknown int
	}{
		"healthy":         {nil, 1, 0},
		"answer was lost": {&vastsim.Fault{Kind: vastsim.LostAnswer, Method: "PUT", Path: "/api/v0/commands/copy_direct/", Times: 1}, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithInstances(5))
				if c.fault != nil {
					m.world.Fault(*c.fault)
				}
				list := m.running(2)
				from, to := list[0], list[1]
				r := m.run(PlanCopyData(DataPlace{Instance: &from, Path: "/workspace"}, DataPlace{Instance: &to, Path: "/workspace/in"}, m.desk()))
				checkCounts(t, r, c.done, 0, 0, c.unknown, 0)
				if sent := len(m.world.Calls("PUT", "/api/v0/commands/copy_direct/")); sent != 1 {
					t.Errorf("sent %d times", sent)
				}
			})
		})
	}
}

func TestCopiesIntoAnInstanceAreEnded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithInstances(5))
		to := m.running(1)[0]
		checkCounts(t, m.run(PlanCancelCopy(DataPlace{Instance: &to}, m.desk())), 1, 0, 0, 0, 0)
	})
}

func TestACopyIsALineOfTheOfficialClient(t *testing.T) {
	t.Parallel()
	call := vastapi.CopyData{From: vastapi.CopyEnd{Instance: 5, Path: "/work space/a"}, To: vastapi.CopyEnd{Volume: 9, Path: "/data"}}
	for want, s := range map[string]Step{
		`vastai copy 'C.5:/work space/a' V.9:/data`: {Call: call},
		`vastai cancel copy 5`:                      {Call: vastapi.CancelCopy{To: vastapi.CopyEnd{Instance: 5}}},
	} {
		if got := s.Official(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTheJournalTellsACopyAsItWasSent(t *testing.T) {
	t.Parallel()
	sent := vastapi.CopyData{From: vastapi.CopyEnd{Instance: 5, Path: "/work: space/a"}, To: vastapi.CopyEnd{Volume: 9, Path: "/data"}}
	op := Op{Verb: verbCopyData, Subject: Subject{Volume: 9}, About: intentOf("7", "plan", "op", Step{Verb: verbCopyData, Call: sent}).About}
	if s, ok := op.Step(); !ok || s.Call != sent || op.Lacks() != nil {
		t.Errorf("it is told as %+v, without %q", s.Call, op.Lacks())
	}
	for _, about := range []string{"", "C.5:/a → C.6:/b", "C.5:/a → V.9:/b → V.9:/c", "x → V.9:/b"} {
		op.About = about
		if s, ok := op.Step(); !ok || s.Call != (vastapi.CopyData{To: vastapi.CopyEnd{Volume: 9}}) || len(op.Lacks()) != 1 {
			t.Errorf("%q is told as %+v, without %q", about, s.Call, op.Lacks())
		}
	}
}

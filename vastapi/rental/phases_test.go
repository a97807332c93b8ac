package rental

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

// watch rents an image and looks at it every ten seconds, as a view does.
func (m *market) watch(image string, long time.Duration, look func(Startup) bool) Startup {
	m.t.Helper()
	opt := someOptions
	opt.Image = image
	r := Execute(m.t.Context(), m.deps(), m.rentPlan(opt), nil)
	ops, err := Open(m.j)
	if err != nil || len(r.Done) != 1 {
		m.t.Fatalf("%s, %v", r.Label(), err)
	}
	op, _ := ops.ByToken(r.Done[0].Step.Token)
	s := NewStartup(op)
	for begun := time.Now(); time.Since(begun) < long; time.Sleep(10 * time.Second) {
		i, err := m.client.Instance(m.t.Context(), r.Done[0].Contract)
		if err != nil || i == nil {
			m.t.Fatal(err)
		}
		s = s.Seen(i, time.Now())
		if look(s) {
			break
		}
	}
	return s
}

func line(list []Phase) string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprint(p.Name, " ", p.State))
	}
	return strings.Join(out, ", ")
}

func TestAStartIsToldPhaseByPhase(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithEmptyAccount(), vastsim.WithStartup(100*time.Second))
		var seen []string
		s := m.watch("ubuntu:24.04", 5*time.Minute, func(s Startup) bool {
			if l := line(s.Phases(time.Now())); len(seen) == 0 || seen[len(seen)-1] != l {
				seen = append(seen, l)
			}
			if v := s.Verdict(time.Now(), 0); v.Kind != VerdictNormal && v.Kind != VerdictReady {
				t.Errorf("%s: %s", v.Kind, v.Evidence)
			}
			return s.Ready()
		})
		want := "created 1, loading 0, running 0, ssh ready 0\n" +
			"created 2, loading 1, running 0, ssh ready 0\n" +
			"created 2, loading 2, running 2, ssh ready 2"
		if got := strings.Join(seen, "\n"); got != want {
			t.Errorf("told\n%s", got)
		}
		all := s.Phases(time.Now().Add(time.Hour))
		if total := all[3].Took; total < 100*time.Second || total > 115*time.Second || all[0].Took+all[1].Took+all[2].Took != total {
			t.Errorf("times %v", all)
		}
		if got := all[1].String(); !strings.HasPrefix(got, "loading 1m") {
			t.Errorf("said %q", got)
		}
	})
}

// TestAHopelessStartIsToldAtOnceWithTheEvidence plays starts that never come up.
func TestAHopelessStartIsToldAtOnceWithTheEvidence(t *testing.T) {
	for image, c := range map[string]struct {
		kind     VerdictKind
		within   time.Duration
		evidence string
		actions  string
	}{
		"owner/does-not-exist": {VerdictHopeless, 2 * time.Minute, "manifest unknown", "rent next, destroy, block, log"},
		"private/image":        {VerdictHopeless, 2 * time.Minute, "pull access denied", "rent next, destroy, block, log"},
		"owner/stuck":          {VerdictStuck, 15 * time.Minute, "nothing new for 10m", "rent next, destroy, block, log, wait"},
	} {
		t.Run(image, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithEmptyAccount())
				begun := time.Now()
				s := m.watch(image, time.Hour, func(s Startup) bool { return s.Verdict(time.Now(), 0).Kind >= VerdictStuck })
				v := s.Verdict(time.Now(), 0)
				if v.Kind != c.kind || !strings.Contains(v.Evidence, c.evidence) || kinds(v.Actions) != c.actions || time.Since(begun) > c.within {
					t.Errorf("after %s %s: %s, %s", time.Since(begun), v.Kind, v.Evidence, kinds(v.Actions))
				}
				if v.Actions[1].Instances[0] != s.Instance {
					t.Errorf("%+v", v.Actions[1])
				}
				failed := strings.Contains(line(s.Phases(time.Now())), fmt.Sprint(PhaseFailed))
				if failed != (c.kind == VerdictHopeless) {
					t.Errorf("phases %s", line(s.Phases(time.Now())))
				}
			})
		})
	}
}

// TestMostStartsAreJudgedRightly plays two hundred starts of all kinds.
func TestMostStartsAreJudgedRightly(t *testing.T) {
	images := []string{"ubuntu:24.04", "pytorch/pytorch", "a/b", "c/d:1", "x/does-not-exist:1", "private/x", "x/stuck", "e/f"}
	starts := 200
	if testing.Short() {
		starts = 40
	}
	for n := range starts {
		image := images[n%len(images)]
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithSeed(int64(n)), vastsim.WithEmptyAccount(), vastsim.WithOffers(40))
				s := m.watch(image, 20*time.Minute, func(s Startup) bool {
					k := s.Verdict(time.Now(), 0).Kind
					return k != VerdictNormal && k != VerdictSlow
				})
				want := VerdictReady
				switch {
				case strings.Contains(image, "stuck"):
					want = VerdictStuck
				case strings.Contains(image, "not-exist"), strings.Contains(image, "private"):
					want = VerdictHopeless
				}
				if v := s.Verdict(time.Now(), 0); v.Kind != want {
					t.Errorf("%s is said to be %s: %s", image, v.Kind, v.Evidence)
				}
			})
		})
	}
}

func TestTheHostsWordsAreQuotedAndInert(t *testing.T) {
	t.Parallel()
	i := coming(7)
	i.Status = safetext.New("Pulling\x1b[2J\u202e" + strings.Repeat("x", 500))
	s := Startup{}.Seen(&i, noon)
	v := s.Verdict(noon.Add(11*time.Minute), 0)
	if v.Kind != VerdictStuck || strings.ContainsAny(v.Evidence, "\x1b\u202e\n") || len(v.Evidence) > 260 || !strings.Contains(v.Evidence, "nothing new for 11m; the host says \"Pulling") {
		t.Errorf("%s: %q", v.Kind, v.Evidence)
	}
}

func TestASlowStartIsOneThatTakesTwiceAsLongAsUsual(t *testing.T) {
	t.Parallel()
	i := coming(7)
	s := Startup{}.Seen(&i, noon)
	i.Status = safetext.New("layer 2")
	s = s.Seen(&i, noon.Add(5*time.Minute))
	at := noon.Add(5 * time.Minute)
	if v := s.Verdict(at, 0); v.Kind != VerdictNormal {
		t.Errorf("without a record %s", v.Kind)
	}
	if v := s.Verdict(at, 2*time.Minute); v.Kind != VerdictSlow || kinds(v.Actions) != "wait, log, rent next, destroy" {
		t.Errorf("with a record %s: %s", v.Kind, kinds(v.Actions))
	}
	if v := s.Verdict(noon.Add(12*time.Minute), 0); v.Kind != VerdictSlow {
		t.Errorf("after twelve minutes %s", v.Kind)
	}
}

func TestAStartTakesInReadingsOfItsOwnInstanceInOrder(t *testing.T) {
	t.Parallel()
	i, other := coming(7), instance(8, "b")
	s := NewStartup(Op{Contract: 7, Sent: noon}).Seen(&i, noon.Add(10*time.Second))
	if again := s.Seen(&other, noon.Add(20*time.Second)); again.Last.ID != 7 {
		t.Error("another instance was taken in")
	}
	late := instance(7, "a")
	if again := s.Seen(&late, noon.Add(5*time.Second)); again.Last.Actual.String() != "loading" {
		t.Error("an older reading was taken in")
	}
	if s.Ready() || !s.Connected(noon.Add(30*time.Second)).Ready() {
		t.Error("an answer over ssh makes it ready, nothing else does here")
	}
	if v := (Startup{}).Verdict(noon, 0); v.Kind != VerdictNormal || len(v.Actions) > 0 {
		t.Errorf("what was never seen is %s", v.Kind)
	}
	if got := line(Phases(&i, Op{Contract: 7, Sent: noon}, noon.Add(time.Minute))); got != "created 2, loading 1, running 0, ssh ready 0" {
		t.Errorf("one reading: %s", got)
	}
}

func TestALostMachineIsNoHopeForItsStart(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"offline", "unknown", "exited"} {
		i := coming(7)
		i.Actual = safetext.New(word)
		if v := (Startup{}).Seen(&i, noon).Verdict(noon, 0); v.Kind != VerdictHopeless || v.Evidence == "" {
			t.Errorf("%s is said to be %s", word, v.Kind)
		}
	}
}

func TestAnInstanceCanBeReachedDirectlyOrThroughTheProxy(t *testing.T) {
	t.Parallel()
	i := instance(7, "a")
	if CanSSH(&i) {
		t.Error("without an address it can be reached")
	}
	proxy, direct := i, i
	proxy.SSHHost, proxy.SSHPort = safetext.New("ssh4.vast.ai"), 10007
	direct.PublicIP, direct.Ports = safetext.New("203.0.113.9"), []vastapi.PortMap{{Container: "22/tcp", Host: 40022}}
	if !CanSSH(&proxy) || !CanSSH(&direct) {
		t.Error("an address is not enough")
	}
	proxy.Actual = safetext.New("loading")
	if CanSSH(&proxy) {
		t.Error("it can be reached before it runs")
	}
}

package rental

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// The phases of an instance on its way to being used.
const (
	PhaseCreated = "created"   // from the rent until something is loaded
	PhaseLoading = "loading"   // until the container runs
	PhaseRunning = "running"   // until it can be reached
	PhaseSSH     = "ssh ready" // the end; its time is that of all together
)

var phaseNames = []string{PhaseCreated, PhaseLoading, PhaseRunning, PhaseSSH}

// PhaseState is how far one phase is.
type PhaseState uint8

// The states of a phase.
const (
	PhaseAhead  PhaseState = iota
	PhaseNow               // under way
	PhaseDone              // reached
	PhaseFailed            // will not be reached by itself
)

// Phase is one stage of a start.
type Phase struct {
	Name  string
	State PhaseState
	// Took is how long the phase lasted, or lasts so far; 0 for those ahead. It
	// is as exact as the instance was read often.
	Took time.Duration
	// AtLeast says that the beginning was not seen: it lasted longer than Took.
	AtLeast bool
}

// Startup is what was seen of one instance on its way up. It is a value: Seen
// returns the next one.
type Startup struct {
	Instance vastapi.InstanceID
	Began    time.Time // the rent was sent, or else the first sight
	Last     vastapi.Instance
	LastAt   time.Time

	reached [4]time.Time // by phase: when it was first seen to be over
	early   bool         // it had begun before it was first seen, and Began is the first sight
	message string       // the status message, as last seen
	news    time.Time    // when state or message last changed
}

// NewStartup begins with the rent of op, as the journal tells; the zero Op is one
// that is not known.
func NewStartup(op Op) Startup { return Startup{Instance: op.Contract, Began: op.Sent} }

// Seen takes in a reading of the instance at the given time. Readings of another
// instance, and older ones, change nothing.
func (s Startup) Seen(i *vastapi.Instance, at time.Time) Startup {
	if s.Instance != 0 && i.ID != s.Instance || at.Before(s.LastAt) {
		return s
	}
	s.Instance = i.ID
	if s.Began.IsZero() || s.Began.After(at) {
		s.Began = at
	}
	message := i.Actual.String() + "\n" + i.Status.String()
	if s.news.IsZero() || message != s.message {
		s.message, s.news = message, at
	}
	for n := range reachedBy(i) {
		if s.reached[n].IsZero() {
			s.reached[n] = at
		}
	}
	s.Last, s.LastAt = *i, at
	return s
}

// Connected notes that somebody got an answer over ssh.
func (s Startup) Connected(at time.Time) Startup {
	for n := range s.reached {
		if s.reached[n].IsZero() {
			s.reached[n] = at
		}
	}
	return s
}

// reachedBy counts the phases that are over when an instance is like i.
func reachedBy(i *vastapi.Instance) int {
	switch i.Actual.String() {
	case "running":
		if CanSSH(i) {
			return len(phaseNames)
		}
		return 2
	case "loading":
		return 1
	}
	return 0
}

// CanSSH reports whether i says where it can be reached by ssh now: it runs and
// has an address, direct or through the proxy.
func CanSSH(i *vastapi.Instance) bool {
	if i.Actual.String() != "running" {
		return false
	}
	_, direct := i.DirectSSH()
	return direct && !i.PublicIP.Empty() || !i.SSHHost.Empty() && i.SSHPort > 0
}

// Early reports whether the start had begun before it was first seen, so that how
// long it has lasted is not known.
func (s Startup) Early() bool { return s.early }

// Unseen notes that the start had begun before it was first seen.
func (s Startup) Unseen() Startup {
	s.early = true
	return s
}

// From counts the start from a time that became known.
func (s Startup) From(began time.Time) Startup {
	s.Began, s.early = began, false
	return s
}

// Ready reports whether the instance has come up.
func (s Startup) Ready() bool { return !s.reached[3].IsZero() }

// Took is how long it took the instance to come up, 0 while it has not.
func (s Startup) Took() time.Duration {
	if !s.Ready() {
		return 0
	}
	return max(0, s.reached[3].Sub(s.Began))
}

// Phases are the four phases in order, as they are at now.
func (s Startup) Phases(now time.Time) []Phase {
	hopeless := s.Verdict(now, 0).Kind == VerdictHopeless
	begun, current := s.Began, true
	var out []Phase
	for n, name := range phaseNames {
		p := Phase{Name: name}
		switch at := s.reached[n]; {
		case !at.IsZero():
			p.State, p.Took = PhaseDone, max(0, at.Sub(begun))
			p.AtLeast = s.early && begun.Equal(s.Began)
			begun = at
			if name == PhaseSSH {
				p.Took, p.AtLeast = max(0, at.Sub(s.Began)), s.early
			}
		case current && !s.Began.IsZero():
			current = false
			p.State, p.Took = PhaseNow, max(0, now.Sub(begun))
			p.AtLeast = s.early && begun.Equal(s.Began)
			if hopeless {
				p.State = PhaseFailed
			}
		}
		out = append(out, p)
	}
	return out
}

// Phases are those of an instance of which there is one reading alone, taken at
// now: what lies behind it has no times but the whole since op was sent.
func Phases(i *vastapi.Instance, op Op, now time.Time) []Phase {
	return NewStartup(op).Seen(i, now).Phases(now)
}

// VerdictKind says how a start goes.
type VerdictKind uint8

// The verdicts.
const (
	VerdictNormal   VerdictKind = iota
	VerdictReady                // it is up
	VerdictSlow                 // longer than usual, but something still happens
	VerdictStuck                // nothing has happened for long
	VerdictHopeless             // it will not come up by itself
)

func (k VerdictKind) String() string {
	return [...]string{"normal", "ready", "slow", "stuck", "hopeless"}[k]
}

// Verdict is how a start goes, why that is said, and what can be done about it.
type Verdict struct {
	Kind     VerdictKind
	Evidence string        // one inert sentence; "" when all is well
	Message  safetext.Text // what the host says, as last seen
	Actions  []Action
}

// When a start counts as slow or stuck. A user's own record of the host, when
// there is one, counts in place of the first.
const (
	slowAfter  = 10 * time.Minute
	quietAfter = 10 * time.Minute
	slowTimes  = 2 // as long as usual
)

// Verdict judges the start at now. usual is how long this host usually takes, 0
// when that is not known.
func (s Startup) Verdict(now time.Time, usual time.Duration) Verdict {
	v := Verdict{Message: s.Last.Status}
	if s.LastAt.IsZero() {
		return v
	}
	took, quiet := now.Sub(s.Began), now.Sub(s.news)
	patience := slowAfter
	if usual > 0 {
		patience = slowTimes * usual
	}
	switch why := hopeless(&s.Last); {
	case s.Ready():
		v.Kind = VerdictReady
		return v
	case why != "":
		v.Kind, v.Evidence = VerdictHopeless, s.evidence(why)
	case quiet >= quietAfter:
		v.Kind, v.Evidence = VerdictStuck, s.evidence("nothing new for "+span(quiet))
	case took >= patience:
		v.Kind, v.Evidence = VerdictSlow, s.evidence("it takes "+span(took)+" so far, longer than usual")
	default:
		return v
	}
	v.Actions = s.actions(v.Kind)
	return v
}

// evidence is why, with the host's words quoted behind it.
func (s Startup) evidence(why string) string {
	text := strings.ToLower(Display(s.Last).Word) + ": " + why
	if !s.Last.Status.Empty() {
		text += "; the host says " + safetext.Quote(s.Last.Status.String(), maxMessage)
	}
	return sentence(text)
}

// maxMessage is how much of a status message is quoted.
const maxMessage = 120

// hopeless says why an instance will not come up by itself, "" when it may.
// exited, unknown and offline do not become running by themselves (documentation).
// What docker has said is more precise than the state that came of it.
func hopeless(i *vastapi.Instance) string {
	state := Display(*i)
	switch state.Class {
	case ClassLost:
		return "the machine cannot be reached"
	case ClassTerminal:
		return "it is being destroyed"
	}
	if why := finalWordOf(i); why != "" && i.Actual.String() != "running" {
		return why
	}
	if state.Class == ClassFailed {
		return "the container could not be started, or ended at once"
	}
	return ""
}

// finalWordOf is what the status message of i means when it says that a start has
// failed for good, else "".
func finalWordOf(i *vastapi.Instance) string {
	message := strings.ToLower(i.Status.String())
	if n := slices.IndexFunc(finalWords, func(w finalWord) bool { return strings.Contains(message, w.said) }); n >= 0 {
		return finalWords[n].means
	}
	return ""
}

// finalWord is what docker says when a start has failed for good.
type finalWord struct{ said, means string }

var finalWords = []finalWord{
	{"pull access denied", "the image does not exist, or its registry wants a login"},
	{"repository does not exist", "the image does not exist, or its registry wants a login"},
	{"manifest unknown", "the image has no such tag"},
	{"no matching manifest", "the image is not made for this kind of machine"},
	{"manifest for", "the image has no such tag"},
	{"unauthorized:", "the registry wants a login"},
	{"no space left on device", "the disk is too small for the image"},
	{"invalid reference format", "the image's name is not one"},
	{"oci runtime", "the container could not be started"},
	{"failed to create task", "the container could not be started"},
	{"nvidia-container-cli", "the machine's GPU driver refuses the container"},
	{"no such image", "the image does not exist"},
}

// actions: another machine first, and only then an end to this one.
func (s Startup) actions(kind VerdictKind) []Action {
	one := []vastapi.InstanceID{s.Instance}
	wait := Action{Kind: ActWait, Text: "Wait on"}
	rent := Action{Kind: ActRentNext, Text: "Rent the next best"}
	destroy := Action{Kind: ActDestroy, Text: "Destroy it", Instances: one}
	log := Action{Kind: ActLog, Text: "Show its log", Instances: one}
	block := Action{Kind: ActBlock, Text: "Block the host", Machine: s.Last.MachineID}
	switch kind {
	case VerdictSlow:
		return []Action{wait, log, rent, destroy}
	case VerdictStuck:
		return []Action{rent, destroy, block, log, wait}
	}
	return []Action{rent, destroy, block, log}
}

// String is the phases in one line: "created 4s · loading 1m 12s · running · ssh ready".
func (p Phase) String() string {
	if p.State == PhaseAhead {
		return p.Name
	}
	switch {
	case p.AtLeast && p.Took < time.Second && p.Name != PhaseSSH:
		return p.Name // it was first seen just now
	case p.AtLeast:
		return fmt.Sprintf("%s ≥%s", p.Name, span(p.Took))
	}
	return fmt.Sprintf("%s %s", p.Name, span(p.Took))
}

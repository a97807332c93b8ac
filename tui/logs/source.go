package logs

import (
	"time"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// source is the log of one instance.
type source struct {
	id   vastapi.InstanceID
	name string // by which its lines are marked; no other source has the same

	asking bool      // an answer is awaited
	read   bool      // an answer has come
	at     time.Time // when the newest one came
	next   time.Time // when it is asked again; zero = not by itself
	err    error     // why there was none the last time
	still  string    // why its log does not grow now: it is stopped, or gone; "" when it may

	short   int // how many lines are asked for once the first ones are here
	lines   int // that came from it
	dropped int // older lines that were more than can be held

	streaming bool // it is followed over ssh

	pending   []string // of the first answer, still to be taken in
	pendingAt time.Time
}

const (
	// brief is how many lines are asked for to see what is new. When none of them is
	// known, more are asked for the next time, up to long.
	brief = 1000
	long  = 10_000
)

// forget makes the source as it was before anything was read.
func (s *source) forget() {
	*s = source{id: s.id, name: s.name, still: s.still}
}

// wanted is how many lines the next request asks for.
func (s *source) wanted(tail int) int {
	if s.lines == 0 {
		return tail
	}
	return min(tail, max(brief, s.short))
}

// jumped takes note that a tail had nothing in common with what was here.
func (s *source) jumped() { s.short = min(long, 4*max(brief, s.short)) }

// longestName is how much of an instance's name marks its lines, in runes.
const longestName = 40

// name gives every source a name: that of its instance where no other has the same,
// else with its number.
func (m *Model) name(env view.Env) {
	count := map[string]int{}
	for _, s := range m.sources {
		s.name = nameOf(env, s.id)
		count[s.name]++
	}
	for _, s := range m.sources {
		if s.name == "" || count[s.name] > 1 {
			s.name = safetext.Clean(s.name+"#"+s.id.String(), longestName)
		}
	}
}

// nameOf is the name of an instance, "" when it has none or is not known.
func nameOf(env view.Env, id vastapi.InstanceID) string {
	i, ok := env.Data.Instance(id)
	if !ok {
		return ""
	}
	name, _ := rental.SplitLabel(i.Label.String())
	return safetext.Clean(name, longestName)
}

// stillOf says why the log of an instance does not grow now, "" when it may.
func stillOf(env view.Env, id vastapi.InstanceID) string {
	if !env.Data.Instances.Told() {
		return ""
	}
	i, ok := env.Data.Instance(id)
	if !ok {
		return "it does not exist any more"
	}
	switch env.Data.Traced(id).State(&i).Class {
	case rental.ClassStopped:
		return "it is stopped"
	case rental.ClassWaiting:
		return "it waits for its GPU"
	case rental.ClassTerminal:
		return "it is being destroyed"
	case rental.ClassLost:
		return "its machine cannot be reached"
	}
	return ""
}

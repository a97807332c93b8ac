package instances

import (
	"fmt"
	"strings"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// deeds is what the journal tells of the instances of an account. It is worked
// out once for each reading of the journal.
type deeds struct {
	rev      int
	account  string
	begun    map[vastapi.InstanceID]rental.Op    // the rent that made one, or the newest start of it
	agreed   map[vastapi.InstanceID]rental.Asked // what was agreed to when it was rented
	leftover map[vastapi.InstanceID]bool         // left behind by a rent that was refused
}

// read takes in a journal that was read anew.
func (d *deeds) read(env view.Env) {
	f := env.Data.Journal
	if d.begun != nil && f.Rev == d.rev && f.Value.Account == d.account {
		return
	}
	*d = deeds{
		rev: f.Rev, account: f.Value.Account, begun: map[vastapi.InstanceID]rental.Op{},
		agreed: map[vastapi.InstanceID]rental.Asked{}, leftover: map[vastapi.InstanceID]bool{},
	}
	for _, op := range f.Value.Ops.For(f.Value.Account) {
		switch {
		case op.Verb == "rent" && op.Contract != 0:
			d.rented(op)
		case op.Asked == "running" && op.Subject.Instance != 0:
			op.Contract = op.Subject.Instance
			d.begin(op)
		}
	}
}

func (d *deeds) rented(op rental.Op) {
	if op.Failed() {
		d.leftover[op.Contract] = true
		return
	}
	d.begin(op)
	if a, ok := op.Agreed(); ok && op.State == rental.OpConfirmed {
		if a.Bid {
			a.Total = vastapi.Unknown[vastapi.Rate]() // bids are changed while they run
		}
		d.agreed[op.Contract] = a
	}
}

// begin notes what set an instance on its way last.
func (d *deeds) begin(op rental.Op) {
	if old, known := d.begun[op.Contract]; !op.Sent.IsZero() && (!known || op.Sent.After(old.Sent)) {
		d.begun[op.Contract] = op
	}
}

// followed takes the newest reading into the starts. One begins with an instance
// that is not up yet, and is kept until the instance is gone or starts anew.
func (in *material) followed() map[vastapi.InstanceID]rental.Startup {
	next := map[vastapi.InstanceID]rental.Startup{}
	for n := range in.list {
		i := &in.list[n]
		s, known := in.starts[i.ID]
		moving := starting(i)
		if known && s.Ready() && moving {
			known = false // it was stopped and starts again
		}
		if !known && !moving {
			continue
		}
		if !known {
			s = rental.NewStartup(in.deeds.begun[i.ID])
			if s.Began.IsZero() && in.traces[i.ID].Watched.Startup.Early() {
				s = s.Unseen()
			}
		}
		at := in.readAt(i.ID)
		s = s.Seen(i, at)
		if reachable(i) && !s.Ready() {
			s = s.Connected(at)
		}
		if op, ok := in.deeds.begun[i.ID]; ok && op.Sent.Before(s.Began) {
			s = s.From(op.Sent) // the journal came later
		}
		next[i.ID] = s
	}
	return next
}

// starting reports whether an instance is wanted to run and is on its way there,
// or has failed on it. One that ran and ended is not.
func starting(i *vastapi.Instance) bool {
	if i.Intended.String() == "stopped" {
		return false
	}
	switch s := rental.Display(*i); s.Class {
	case rental.ClassMoving: // a container that restarts is no start: it has its GPU already
		return s.Word == "CREATING" || s.Word == "LOADING"
	case rental.ClassFailed:
		switch i.Actual.String() {
		case "", "created", "loading":
			return true
		}
	}
	return false
}

// reachable reports whether an instance that runs is up although it has no
// address for ssh: its run type has none.
func reachable(i *vastapi.Instance) bool {
	return i.Actual.String() == "running" && !rental.RunType(i.RunType.String()).SSH()
}

// phases are a start in one line.
func phases(s rental.Startup, now time.Time) string {
	var parts []string
	for _, p := range s.Phases(now) {
		parts = append(parts, p.String())
	}
	return strings.Join(parts, " · ")
}

// upAfter is how long a start took that has come to its end, and what of that
// each phase took.
func upAfter(s rental.Startup, now time.Time) string {
	list := s.Phases(now)
	end := list[len(list)-1]
	var parts []string
	for _, p := range list[:len(list)-1] {
		parts = append(parts, p.String())
	}
	return fmt.Sprintf("%s after %s: %s", end.Name, strings.TrimPrefix(end.String(), end.Name+" "), strings.Join(parts, " · "))
}

// verdictClass says a verdict in colour; the words say it too.
func verdictClass(k rental.VerdictKind) theme.Class {
	switch k {
	case rental.VerdictSlow:
		return theme.Warn
	case rental.VerdictStuck, rental.VerdictHopeless:
		return theme.Bad
	}
	return theme.Plain
}

// startFacts are how an instance comes up: its phases with their times, how that
// is judged, why, and which keys help.
func startFacts(s rental.Startup, now time.Time) []pane.Fact {
	if s.Ready() {
		return []pane.Fact{{Label: "start", Value: "✓ " + upAfter(s, now), Class: theme.Good}}
	}
	var facts []pane.Fact
	label := "start"
	for _, p := range s.Phases(now) {
		mark, class := "○ ", theme.Dim
		switch p.State {
		case rental.PhaseNow:
			mark, class = "◐ ", theme.Accent
		case rental.PhaseDone:
			mark, class = "✓ ", theme.Good
		case rental.PhaseFailed:
			mark, class = "✗ ", theme.Bad
		}
		facts = append(facts, pane.Fact{Label: label, Value: mark + p.String(), Class: class})
		label = ""
	}
	v := s.Verdict(now, 0)
	if v.Evidence == "" {
		return facts
	}
	facts = append(facts, pane.Fact{Label: v.Kind.String(), Value: v.Evidence, Class: verdictClass(v.Kind)})
	if keys := remedies(v.Actions); keys != "" {
		facts = append(facts, pane.Fact{Value: keys, Class: theme.Dim})
	}
	return facts
}

// startEvents are what is worth noting of the starts: that one is up, and that
// one will not come up by itself. Each is told once.
func (m *Model) startEvents(env view.Env) []view.Intent {
	var list []view.Intent
	note := func(level feed.EventLevel, i *vastapi.Instance, text string) {
		list = append(list, view.Note{Event: feed.Event{At: env.Now, Level: level, Kind: "instance", Text: text, Instance: i.ID, Machine: i.MachineID}})
	}
	for id, s := range m.starts {
		kind := s.Verdict(env.Now, 0).Kind
		if m.judged[id] == kind {
			continue
		}
		m.judged[id] = kind
		switch kind {
		case rental.VerdictReady:
			note(feed.EventGood, &s.Last, fmt.Sprintf("Instance %s is up after %s.", id, s.Phases(env.Now)[3].String()[len(rental.PhaseSSH)+1:]))
		case rental.VerdictStuck, rental.VerdictHopeless:
			note(feed.EventBad, &s.Last, fmt.Sprintf("Instance %s does not come up: %s", id, s.Verdict(env.Now, 0).Evidence))
		}
	}
	for id := range m.judged {
		if _, there := m.starts[id]; !there {
			delete(m.judged, id)
		}
	}
	return list
}

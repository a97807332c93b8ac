package offers

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// begin takes over what was remembered, once: order, columns and the query.
func (m *Model) begin(env view.Env) view.Effect {
	m.synced = true
	mem := env.Data.Memory
	state := mem.Tables[memoryName]
	listing.Recall(&m.list.table, state, choice())
	e := m.remembered(env)
	if m.line.Value() == "" && mem.Query != "" {
		e = view.Join(e, m.set(env, mem.Query))
	}
	return e
}

// remembered follows a change of the memory: another workload, other blocks,
// other saved searches.
func (m *Model) remembered(env view.Env) view.Effect {
	mem := env.Data.Memory
	next := m.query
	if job := jobOf(mem.Workload); job != next.prices.job {
		next.prices.job = job
		m.query.prices.job.Hours, m.query.prices.job.In, m.query.prices.job.Out = job.Hours, job.In, job.Out
		next.prices.apart = m.apart(env, job.Disk)
		m.list.reprice(next.prices)
		if m.query.most > 0 {
			m.list.filter(m.query)
		}
	}
	return view.Join(m.rehide(env, next), m.count(env))
}

// apart reports whether the rows in hand are priced for another disk.
func (m *Model) apart(env view.Env, disk vastapi.GB) bool {
	f := m.market(env)
	return f.Told() && f.Value.Search.Storage != disk
}

// rehide applies the blocks of this moment to a question.
func (m *Model) rehide(env view.Env, next question) view.Effect {
	if hidden := blocksNow(env.Data.Memory.Blocks, env.Now); !hidden.equal(m.list.hidden) {
		m.list.hidden, m.survey.blocked = hidden, 0 // until it has been counted
	}
	asking := m.asking(m.typed)
	next.query = asking.query
	m.chips()
	if next.shows(m.query) {
		m.query = next
		return m.arrange(env)
	}
	return m.look(env, next)
}

// expire shows again what was blocked until now.
func (m *Model) expire(env view.Env) view.Effect {
	if blocksNow(env.Data.Memory.Blocks, env.Now).equal(m.list.hidden) {
		return view.Effect{}
	}
	return view.Join(m.rehide(env, m.query), m.count(env))
}

// noteKey is what a note about a machine is kept under.
func noteKey(id vastapi.MachineID) string { return "machine " + id.String() }

// hostKey is what a note about a host is kept under.
func hostKey(id vastapi.HostID) string { return "host " + id.String() }

// noteOf is the form for a note about a machine.
func noteOf(o *vastapi.Offer, mem feed.Memory) view.Form {
	key := noteKey(o.MachineID)
	return view.Form{
		ID: noteForm, Title: "Note about " + key, Button: "Keep",
		Intro:  []view.Pair{{Label: "offer", Value: gpu(o)}},
		Fields: []view.Field{{Key: "note", Label: "note", Value: mem.Notes[key], Limit: mostNote, Help: "for your own memory; an empty one takes the note away"}},
		Submit: func(_ view.Env, v view.Values) view.Effect {
			text := strings.TrimSpace(v["note"])
			return view.Do(view.Remember{Change: func(f *feed.Memory) { f.Notes = withNote(f.Notes, key, text) }}, view.FormDone{Form: noteForm})
		},
	}
}

// withNote is a copy of the notes with another text for a subject.
func withNote(notes map[string]string, key, text string) map[string]string {
	next := make(map[string]string, len(notes)+1)
	for k, v := range notes {
		next[k] = v
	}
	if text == "" {
		delete(next, key)
	} else {
		next[key] = text
	}
	return next
}

// memoryFacts are what is remembered of a machine and its host.
func memoryFacts(o *vastapi.Offer, env view.Env, kind vastapi.RentalType) []pane.Fact {
	mem := env.Data.Memory
	facts := group("memory", "your own")
	before := len(facts)
	facts = append(facts, pastFacts(o, env, kind)...)
	for _, key := range []string{noteKey(o.MachineID), hostKey(o.HostID)} {
		if text := mem.Notes[key]; text != "" {
			facts = append(facts, pane.Fact{Label: "note", Value: key + ": " + text})
		}
	}
	for _, b := range mem.Blocks {
		if b.Machine == o.MachineID && b.Machine > 0 || b.Host == o.HostID && b.Host > 0 {
			facts = append(facts, pane.Fact{Label: "blocked", Value: blockName(b) + " " + blockDetail(b, env.Now), Class: theme.Warn})
		}
	}
	for _, w := range mem.Watches {
		if w.Machine == o.MachineID && w.Machine > 0 {
			text, class := standing(env.Data.Watches[w.ID()], env.Now)
			facts = append(facts, pane.Fact{Label: "watched", Value: text, Class: class})
		}
	}
	for _, r := range rentedHere(mem.RentForms, o.MachineID) {
		facts = append(facts, pane.Fact{Label: "rent form", Value: fmt.Sprintf("%s, %s disk, %s", figure.Text(r.Image), figure.GB(float64(r.Disk)), ago(env, r))})
	}
	if len(facts) == before {
		facts = append(facts, pane.Fact{Value: "nothing yet: your notes (n), blocks (x), watches (w) and rentals of this machine and its host appear here", Class: theme.Dim})
	}
	return facts
}

func rentedHere(list []feed.RentSpec, id vastapi.MachineID) []feed.RentSpec {
	return slices.DeleteFunc(slices.Clone(list), func(r feed.RentSpec) bool { return r.Machine != id || id == 0 })
}

func ago(env view.Env, r feed.RentSpec) string {
	if r.At.IsZero() {
		return "filled in before"
	}
	if age := figure.Age(env.Now.Sub(r.At)); age != "now" {
		return "filled in " + age + " ago"
	}
	return "filled in just now"
}

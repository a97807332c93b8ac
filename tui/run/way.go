package run

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// way is how a command gets to an instance.
type way int

// The ways. Where there is none, nothing runs.
const (
	noWay way = iota
	overSSH
	viaAPI
)

// route is the way to one instance, and why that one.
type route struct {
	id       vastapi.InstanceID
	instance vastapi.Instance
	name     string
	way      way
	why      string
}

// simple are the commands that the API runs.
var simple = []string{"ls", "rm", "du"}

// verbOf is the first word of a command.
func verbOf(line string) string {
	verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return verb
}

// basis is what the ways depend on.
type basis struct {
	verb   string
	viaAPI bool
	rev    uint64
	at     time.Time
	first  vastapi.InstanceID
	count  int
}

// reroute works out the ways when something has changed that they depend on.
func (m *Model) reroute(env view.Env) {
	b := basis{verb: verbOf(m.line.Value()), viaAPI: m.viaAPI, rev: uint64(env.Data.Instances.Rev), at: env.Data.Instances.At, count: len(m.targets)}
	if b.count > 0 {
		b.first = m.targets[0]
	}
	if m.now == nil || b != m.basis {
		m.now, m.basis = m.routes(env, m.line.Value()), b
	}
}

// meant is which ways the line said it would take when it was last changed: that is
// what the user has seen, whatever happens to an instance until enter is pressed.
type meant struct {
	line   string
	viaAPI bool
	ways   []way // nil = the line has not been looked at yet
}

// mean keeps the ways that are shown for a line that has just been changed.
func (m *Model) mean() {
	if line := m.line.Value(); m.meant.ways == nil || m.meant.line != line || m.meant.viaAPI != m.viaAPI || len(m.meant.ways) != len(m.now) {
		m.meant = meant{line, m.viaAPI, waysOf(m.now)}
	}
}

func waysOf(list []route) []way {
	ways := make([]way, len(list))
	for n, r := range list {
		ways[n] = r.way
	}
	return ways
}

// turned says that the command would take another way than was shown, or "". Where
// there was none before, nothing was promised.
func (m *Model) turned(list []route) string {
	shell, api := 0, 0
	for n, r := range list {
		switch {
		case n >= len(m.meant.ways) || m.meant.ways[n] == noWay || m.meant.ways[n] == r.way:
		case r.way == overSSH:
			shell++
		case r.way == viaAPI:
			api++
		}
	}
	switch {
	case shell == 1 && len(list) == 1:
		return "it runs now: enter once more runs it over ssh"
	case api == 1 && len(list) == 1:
		return "ssh does not reach it any more: enter once more sends it through the API"
	case shell > 0:
		return fmt.Sprintf("%s would be reached over ssh now: enter once more goes on", hosts(shell))
	case api > 0:
		return fmt.Sprintf("%s would be reached through the API now: enter once more goes on", hosts(api))
	}
	return ""
}

// routes finds the way to every target for a command.
func (m *Model) routes(env view.Env, line string) []route {
	list := make([]route, len(m.targets))
	all, at := env.Data.Instances.Value.Instances, placesOf(env, m.targets)
	count := map[string]int{}
	for n, id := range m.targets {
		list[n] = route{id: id, name: "#" + id.String(), why: "it does not exist any more"}
		if place, ok := at[id]; ok {
			list[n] = m.route(env, all[place], line)
		}
		count[list[n].name]++
	}
	for n := range list {
		if r := &list[n]; count[r.name] > 1 {
			r.name = safetext.Clean(r.name+"#"+r.id.String(), longestName+20)
		}
	}
	return list
}

// placesOf finds instances in the list, all in one go.
func placesOf(env view.Env, ids []vastapi.InstanceID) map[vastapi.InstanceID]int {
	wanted := make(map[vastapi.InstanceID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	at := make(map[vastapi.InstanceID]int, len(ids))
	list := env.Data.Instances.Value.Instances
	for n := range list {
		if wanted[list[n].ID] {
			at[list[n].ID] = n
		}
	}
	return at
}

func (m *Model) route(env view.Env, i vastapi.Instance, line string) route {
	r := route{id: i.ID, instance: i, name: named(i)}
	state := env.Data.Traced(i.ID).State(&i)
	switch state.Class {
	case rental.ClassTerminal:
		r.why = "it is being destroyed"
		return r
	case rental.ClassLost:
		r.why = "its machine cannot be reached"
		return r
	}
	without, chosen := noSSH(env, i, state), false
	switch {
	case without == "" && !m.viaAPI:
		r.way, r.why = overSSH, "it runs"
		return r
	case without == "":
		without, chosen = "you chose so", true
	}
	if verb := verbOf(line); verb != "" && !slices.Contains(simple, verb) {
		r.why = without + ": only " + strings.Join(simple, ", ") + " run there, through the API"
		if chosen {
			r.why = "only " + strings.Join(simple, ", ") + " run through the API, which you chose: ctrl+o goes back to ssh"
		}
		return r
	}
	r.way, r.why = viaAPI, without
	return r
}

// noSSH says why an instance cannot be reached over ssh, "" when it can be tried.
func noSSH(env view.Env, i vastapi.Instance, state rental.State) string {
	if state.Class != rental.ClassRunning {
		return "it is " + strings.ToLower(state.Word)
	}
	return env.Load.NoSSH(i)
}

const longestName = 40

// named is the name of an instance, or its number.
func named(i vastapi.Instance) string {
	if name, _ := rental.SplitLabel(i.Label.String()); name != "" {
		return safetext.Clean(name, longestName)
	}
	return "#" + i.ID.String()
}

// by are the routes that go one way.
func by(list []route, w way) (some []route) {
	for _, r := range list {
		if r.way == w {
			some = append(some, r)
		}
	}
	return some
}

// sumUp says in a line which way is used how often, and why.
func sumUp(list []route) string {
	if len(list) == 0 {
		return "no instance was chosen: esc goes back"
	}
	if len(list) == 1 {
		return one(list[0])
	}
	var parts []string
	for _, w := range []struct {
		way  way
		text string
	}{{overSSH, "over ssh"}, {viaAPI, "through the API"}, {noWay, "left out"}} {
		some := by(list, w.way)
		if len(some) == 0 {
			continue
		}
		part := fmt.Sprintf("%d %s", len(some), w.text)
		if w.way != overSSH {
			part += " (" + reasons(some) + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " · ")
}

func one(r route) string {
	switch r.way {
	case overSSH:
		return "over ssh: any command, in a shell of its own"
	case viaAPI:
		return "through the API: " + r.why + "; only " + strings.Join(simple, ", ") + " run there"
	}
	return "nothing can run: " + r.why
}

// reasons are the different reasons of some routes.
func reasons(list []route) string {
	var all []string
	for _, r := range list {
		if !slices.Contains(all, r.why) {
			all = append(all, r.why)
		}
	}
	return strings.Join(all, "; ")
}

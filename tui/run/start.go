package run

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// draft is a command before it runs: which way it takes to each host, and the plan
// for what goes through the API.
type draft struct {
	line   string
	routes []route
	plan   *rental.Plan
}

func (d draft) runnable() int { return len(d.routes) - len(by(d.routes, noWay)) }

// enter begins what is typed, or asks first.
func (m *Model) enter(env view.Env) view.Effect {
	d, why := m.draft(env, strings.TrimSpace(m.line.Value()))
	if m.note = why; why != "" {
		return view.Effect{}
	}
	if m.note = m.turned(d.routes); m.note != "" {
		m.meant.ways = waysOf(d.routes)
		return view.Effect{}
	}
	shell := len(by(d.routes, overSSH)) > 0
	if len(d.routes) == 1 && !(shell && removes(d.line)) || !shell && typed(d.plan) {
		return m.begin(env, d) // one host was chosen, or the plan's own dialog names them all
	}
	return m.ask(d)
}

// removes reports whether a command runs rm somewhere in its line.
func removes(line string) bool {
	words := strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(";|&()`{}$\"'", r) })
	return slices.ContainsFunc(words, func(w string) bool { return path.Base(w) == "rm" })
}

// typed reports whether a plan asks for words to be typed.
func typed(p *rental.Plan) bool { return p != nil && p.Consent.Kind == rental.ConsentType }

// draft works out what a command would do, or says why it cannot run. Everything
// is checked here, before anything is sent anywhere.
func (m *Model) draft(env view.Env, line string) (d draft, why string) {
	switch {
	case line == "":
		return d, "type a command first"
	case len(m.targets) == 0:
		return d, "no instance was chosen: esc goes back"
	case m.batch != nil && m.batch.running():
		return d, "the command before still runs: wait for it, or leave the line with esc and cancel it with X"
	}
	d = draft{line: line, routes: m.routes(env, line)}
	if d.runnable() == 0 {
		return d, reasons(d.routes)
	}
	api := by(d.routes, viaAPI)
	if len(api) == 0 {
		return d, ""
	}
	if why := env.Changing(""); why != "" {
		return d, why
	}
	p, err := planFor(env, api, line)
	if err != nil {
		return d, err.Error()
	}
	d.plan = &p
	return d, ""
}

// planFor plans what goes through the API.
func planFor(env view.Env, api []route, line string) (rental.Plan, error) {
	list := make([]vastapi.Instance, len(api))
	for n, r := range api {
		list[n] = r.instance
	}
	return rental.PlanExecute(list, line, env.Desk)
}

const (
	// question is the form that asks before a command runs on several hosts.
	question = "run-on-many"
	// many is how many hosts a command may have before their number must be typed.
	many = 50
	// longestQuote is how much of a command a question shows.
	longestQuote = 300
)

// ask names the hosts and the command, and wants a second word.
func (m *Model) ask(d draft) view.Effect {
	n := d.runnable()
	intro := []view.Pair{{Label: "command", Value: safetext.Quote(d.line, longestQuote)}}
	for _, w := range []struct {
		way   way
		label string
	}{{overSSH, "over ssh"}, {viaAPI, "through the API"}, {noWay, "left out"}} {
		if some := by(d.routes, w.way); len(some) > 0 {
			text := names(some)
			if w.way != overSSH {
				text += " (" + reasons(some) + ")"
			}
			intro = append(intro, view.Pair{Label: w.label, Value: text, Warn: w.way == noWay})
		}
	}
	if len(by(d.routes, overSSH)) > 0 {
		intro = append(intro, view.Pair{Label: "at once", Value: fmt.Sprintf("at most %d, each for %s", command.AtOnce, limitWords(m.timeout))})
	}
	if removes(d.line) {
		intro = append(intro, view.Pair{Label: "lost", Value: "what rm removes cannot be brought back", Warn: true})
	}
	sure := view.Field{Key: "sure", Label: "run it on " + hosts(n), Kind: view.Toggle, Help: "space says yes"}
	if n > many {
		sure = view.Field{Key: "sure", Label: "how many hosts", Help: fmt.Sprintf("these are more than %d: type their number, %d", many, n)}
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: question, Title: "Run on " + hosts(n), Intro: intro, Fields: []view.Field{sure}, Button: "Run",
		Check: func(v view.Values) map[string]string {
			switch {
			case n <= many && !v.On("sure"):
				return map[string]string{"sure": "space says yes"}
			case n > many && strings.TrimSpace(v["sure"]) != strconv.Itoa(n):
				return map[string]string{"sure": "type " + strconv.Itoa(n)}
			}
			return nil
		},
		Submit: func(env view.Env, _ view.Values) view.Effect {
			now, why := m.draft(env, d.line)
			switch {
			case why != "":
				return view.Do(view.FormFailed{Form: question, Text: why})
			case !sameWays(now, d):
				return view.Do(view.FormFailed{Form: question, Text: "an instance has changed meanwhile: close this with esc and press enter once more"})
			}
			return view.Join(view.Do(view.FormDone{Form: question}), m.done(env, m.begin(env, now)))
		},
	}})
}

// sameWays reports whether two drafts go the same ways to the same hosts.
func sameWays(a, b draft) bool {
	for n := range a.routes {
		if n >= len(b.routes) || a.routes[n].id != b.routes[n].id || a.routes[n].way != b.routes[n].way {
			return false
		}
	}
	return len(a.routes) == len(b.routes)
}

// shownNames is how many hosts a question names with words; it counts the rest.
const shownNames = 60

func names(list []route) string {
	var all []string
	for _, r := range list[:min(len(list), shownNames)] {
		all = append(all, r.name)
	}
	text := strings.Join(all, ", ")
	if more := len(list) - shownNames; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func hosts(n int) string {
	if n == 1 {
		return "1 host"
	}
	return figure.Count(n) + " hosts"
}

// begin runs a command: over ssh at once, through the API by a plan.
func (m *Model) begin(env view.Env, d draft) view.Effect {
	m.batch = newBatch(m.runName(), d.line, d.routes, m.timeout, m.theme)
	m.history.add(d.line)
	m.line.Set("")
	m.typing, m.note, m.at = false, "", 0
	return view.Join(m.overSSH(env), m.throughAPI(d))
}

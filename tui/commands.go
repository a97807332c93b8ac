package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// OwnCommand is a command of the user's own. What stands in braces in Argv is
// replaced, each within its own argument: no value can become two arguments, or an
// option. A shell gets values as variables alone.
type OwnCommand struct {
	Where  string // what a mistake in it is told about, e.g. "commands[1]"
	Name   string
	Key    string   // "" = only the palette finds it
	View   string   // the name of a view in small letters, or "everywhere"
	Argv   []string // the program and its arguments, with {id} and the like
	Script string   // what a shell is given in place of Argv
	Asks   []OwnAsk
	Sure   bool     // it is asked about before it runs
	Holds  bool     // it has the terminal, as ssh does
	Pass   []string // variables of this process that it has besides the usual ones
}

// OwnAsk is something that is asked before a command runs.
type OwnAsk struct{ Name, Label, Value string }

// ownGroup is the heading of the user's commands in the help.
const ownGroup = "Your commands"

// ownActions are the user's commands that are about a view.
func (m *Model) ownActions(scope string) []view.Action {
	var list []view.Action
	for _, o := range m.deps.Commands {
		if o.View != scope {
			continue
		}
		a := view.Action{Key: view.Bind(o.Key, o.Name, o.Key), Group: ownGroup, Disabled: m.noOwn(o), Do: func() view.Effect { return m.beginOwn(o) }}
		if o.Key == "" {
			a.Key = view.Bind("", o.Name)
			a.Hidden = true
		}
		list = append(list, a)
	}
	return list
}

// noOwn says why a command cannot be run now.
func (m *Model) noOwn(o OwnCommand) string {
	have := m.placeholders(o)
	for _, name := range o.wants() {
		if _, ok := have[name]; !ok && !o.asks(name) {
			return "it needs {" + name + "}, and the cursor is on nothing that has one"
		}
	}
	return ""
}

// wants are the names in braces, in their order.
func (o OwnCommand) wants() []string {
	var list []string
	for _, arg := range o.Argv {
		_, _ = expand(arg, func(name string) (string, bool) {
			list = append(list, name)
			return "", true
		})
	}
	return list
}

func (o OwnCommand) asks(name string) bool {
	return slices.ContainsFunc(o.Asks, func(a OwnAsk) bool { return a.Name == name })
}

// Placeholders are the names that a command's arguments may have in braces, besides
// those that it asks for: all that the cursor of a view can tell.
func Placeholders() []string {
	return []string{"bid", "disk", "geolocation", "gpu", "host_id", "id", "image", "ip", "machine_id", "name", "num_gpus", "price", "ssh_host", "ssh_port", "status"}
}

// placeholders are the values for the row under the cursor, and for the run.
func (m *Model) placeholders(OwnCommand) map[string]string {
	v, ok := m.current().(view.Subjects)
	if !ok {
		return nil
	}
	have := map[string]string{}
	put := func(name, value string) {
		if value != "" && value != "0" {
			have[name] = value
		}
	}
	s := v.Subject(m.env())
	switch {
	case s.Instance != nil:
		i := s.Instance
		name, _ := rental.SplitLabel(i.Label.String())
		put("id", i.ID.String())
		have["name"] = name // it may be empty: then it is an empty argument
		put("machine_id", i.MachineID.String())
		put("host_id", i.HostID.String())
		put("ssh_host", i.SSHHost.String())
		put("ssh_port", fmt.Sprint(i.SSHPort))
		put("ip", i.PublicIP.String())
		put("image", i.Image.String())
		put("gpu", i.GPUName.String())
		put("num_gpus", fmt.Sprint(i.NumGPUs))
		put("status", i.Actual.String())
	case s.Offer != nil:
		o := s.Offer
		put("id", o.ID.String())
		put("machine_id", o.MachineID.String())
		put("host_id", o.HostID.String())
		put("gpu", o.GPUName.String())
		put("num_gpus", fmt.Sprint(o.NumGPUs))
		put("geolocation", o.Geolocation.String())
		put("price", fmt.Sprint(float64(o.DphTotal)))
		put("bid", fmt.Sprint(float64(o.MinBid)))
	case s.Volume != nil:
		put("id", s.Volume.ID.String())
		put("machine_id", s.Volume.MachineID.String())
		have["name"] = s.Volume.Name.String()
	}
	return have
}

// expand replaces what stands in braces; {{ and }} are braces themselves. open is the
// name of the first that value does not know, "" = none.
func expand(arg string, value func(name string) (string, bool)) (out, open string) {
	var b strings.Builder
	for rest := arg; rest != ""; {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:i])
		rest = rest[i:]
		if strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "}}") {
			b.WriteByte(rest[0])
			rest = rest[2:]
			continue
		}
		name, after, closed := strings.Cut(rest[1:], "}")
		if rest[0] == '}' || !closed {
			return arg, rest
		}
		text, ok := value(name)
		if !ok && open == "" {
			open = name
		}
		b.WriteString(text)
		rest = after
	}
	return b.String(), open
}

// resolve makes what is run of a command and the values for it.
func (o OwnCommand) resolve(have map[string]string) (command.Custom, error) {
	c := command.Custom{Name: o.Name, Pass: o.Pass, Env: map[string]string{}}
	for name, value := range have {
		c.Env["VASTDECK_"+strings.ToUpper(name)] = inert(value)
	}
	if o.Script != "" {
		c.Argv = []string{"sh", "-c", o.Script, "vastdeck"}
		return c, nil
	}
	ended := false // after -- nothing is an option
	for n, arg := range o.Argv {
		text, open := expand(arg, func(name string) (string, bool) {
			value, ok := have[name]
			return inert(value), ok
		})
		if open != "" {
			return c, fmt.Errorf("there is no value for {%s} here", open)
		}
		// What begins with a dash only since a value was put in would be an option.
		if n > 0 && !ended && strings.HasPrefix(text, "-") && !strings.HasPrefix(arg, "-") {
			return c, fmt.Errorf("%q would be taken for an option: put -- before it in the command", safetext.Clean(text, maxCalled))
		}
		ended = ended || arg == "--"
		c.Argv = append(c.Argv, text)
	}
	return c, nil
}

// inert is a value as an argument: one line that no terminal acts on.
func inert(value string) string { return safetext.Clean(value, 4<<10) }

// beginOwn asks what has to be asked and runs the command.
func (m *Model) beginOwn(o OwnCommand) view.Effect {
	have := m.placeholders(o)
	if have == nil {
		have = map[string]string{}
	}
	if len(o.Asks) == 0 && !o.Sure {
		return m.runOwn(o, have)
	}
	return view.Do(view.Ask{Form: m.ownForm(o, have)})
}

const fSure = "\x00sure" // no name that the settings allow

// ownForm asks for what the command wants to know, and whether it is to run.
func (m *Model) ownForm(o OwnCommand, have map[string]string) view.Form {
	with := func(v view.Values) map[string]string {
		all := map[string]string{}
		for k, text := range have {
			all[k] = text
		}
		for _, a := range o.Asks {
			all[a.Name] = v[a.Name]
		}
		return all
	}
	f := view.Form{ID: "own/" + o.Where, Title: o.Name, Button: "Run it"}
	for _, a := range o.Asks {
		label := a.Label
		if label == "" {
			label = a.Name
		}
		f.Fields = append(f.Fields, view.Field{Key: a.Name, Label: label, Value: a.Value, Limit: 1024})
	}
	if o.Sure {
		f.Fields = append(f.Fields, view.Field{Key: fSure, Label: "run it", Kind: view.Toggle, Help: "space says yes"})
	}
	f.Panel = func(v view.Values) []view.Pair {
		c, err := o.resolve(with(v))
		if err != nil {
			return []view.Pair{{Label: "cannot run", Value: err.Error(), Warn: true}}
		}
		return []view.Pair{{Label: "runs", Value: shown(c)}}
	}
	f.Check = func(v view.Values) map[string]string {
		errs := map[string]string{}
		if o.Sure && !v.On(fSure) {
			errs[fSure] = "say yes with space, or close this with esc"
		}
		if _, err := o.resolve(with(v)); err != nil && len(o.Asks) > 0 {
			errs[o.Asks[0].Name] = err.Error()
		}
		return errs
	}
	f.Submit = func(_ view.Env, v view.Values) view.Effect {
		e := m.runOwn(o, with(v))
		e.Intents = append([]view.Intent{view.FormDone{Form: f.ID}}, e.Intents...)
		return e
	}
	return f
}

// shown is a command line as it is read, each argument by itself.
func shown(c command.Custom) string {
	words := make([]string, len(c.Argv))
	for n, w := range c.Argv {
		if words[n] = w; w == "" || strings.ContainsAny(w, " \t'\"\\$`&|;<>()*?[]#~") {
			words[n] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// runOwn runs a command with its values.
func (m *Model) runOwn(o OwnCommand, have map[string]string) view.Effect {
	c, err := o.resolve(have)
	if err != nil {
		return view.Do(view.Toast{Text: o.Name + " was not run: " + err.Error(), Level: view.Warn})
	}
	run := m.cmd.RunCustom
	if o.Holds {
		run = m.cmd.GiveTerminal
	}
	cmd := run(c)
	if cmd == nil {
		return view.Do(view.Toast{Text: o.Name + " is still running", Level: view.Warn})
	}
	if o.Holds {
		return view.Wait(cmd)
	}
	return view.Effect{Cmd: cmd, Intents: []view.Intent{view.Toast{Text: o.Name + " is running"}}}
}

// onOwn tells how a command of the user's own has ended.
func (m *Model) onOwn(e command.CustomEnded) tea.Cmd {
	held := e.Lines == nil && e.Topic == "custom"
	if held {
		m.deaf.begin(time.Now()) // what was typed ahead was meant for it
	}
	again := m.lookAgain() // whatever it did
	switch {
	case command.Cancelled(e.Err):
		return nil
	case e.Err != nil:
		m.toast(e.Name+" did not run: "+view.Sentence(e.Err), view.Bad)
	case e.Code != 0:
		m.toast(fmt.Sprintf("%s ended with status %d", e.Name, e.Code), view.Warn)
	case !held:
		m.toast(e.Name+" has ended", view.Good)
	}
	switch {
	case len(e.Lines) == 0:
	case len(e.Lines) == 1 && e.Code == 0 && e.Err == nil:
		m.toast(safetext.Clean(e.Lines[0], 200), view.Info)
	default:
		m.printed = &printed{name: e.Name, lines: e.Lines}
		if m.stack.Empty() && !m.current().Capturing() {
			m.stack.Push(m.printed.dialog())
		} else { // nothing opens above a question or under somebody's fingers
			m.toast(e.Name+" has printed "+figure.Plural(len(e.Lines), "line")+": `:output` shows them", view.Info)
		}
	}
	return again
}

// printed is what a command of the user's own has printed.
type printed struct {
	name  string
	lines []string
}

func (p *printed) dialog() dialog.Dialog { return dialog.NewPrintout(p.name, p.lines) }

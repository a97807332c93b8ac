package sessions

import (
	"fmt"
	"slices"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// configForm is the consent to a line in the user's ssh configuration.
const configForm = "ssh config"

// askConfig asks whether `ssh vast-NAME` is to work from any shell, or no longer.
func (m *Model) askConfig(env view.Env) view.Effect {
	on := env.Data.Memory.SSHConfig
	f := view.Form{
		ID: configForm, Title: "Let ssh in other windows know the instances", Button: "Go on", Busy: "writing…",
		Intro: []view.Pair{
			{Label: "now", Value: nowText(on)},
			{Label: "what for", Value: "`ssh " + exampleAlias(env) + "`, scp, rsync and editors find every instance by name, from any shell"},
			{Label: "changed", Value: "one line at the top of ~/.ssh/config, an Include; nothing else of that file is touched"},
			{Label: "and", Value: "a file of ours with one entry an instance, kept current while this program runs; entries go when instances do"},
			{Label: "undone", Value: "here, by the same key: line and file are taken away again"},
		},
		Fields: []view.Field{{Key: "on", Label: "let it know", Kind: view.Choice, Help: "left and right choose"}},
	}
	field := &f.Fields[0]
	field.Options = []view.Option{{Value: "as is", Label: "no, leave ~/.ssh/config alone"}, {Value: "change", Label: "yes, add the line"}}
	if on {
		field.Options = []view.Option{{Value: "as is", Label: "yes, leave it as it is"}, {Value: "change", Label: "no, take line and file away"}}
	}
	f.Submit = func(env view.Env, v view.Values) view.Effect {
		if v["on"] != "change" {
			return view.Do(view.FormDone{Form: configForm})
		}
		return view.Wait(env.Load.SetSSHConfig(!on, env.Data))
	}
	return view.Do(view.Ask{Form: f})
}

func nowText(on bool) string {
	if on {
		return "ssh in other windows knows the instances"
	}
	return "ssh in other windows does not know the instances"
}

// mostNamed is how many instances an example is looked for among.
const mostNamed = 20

// exampleAlias is a name that ssh would know, of an instance that runs if there is one.
func exampleAlias(env view.Env) string {
	var list []remote.Target
	instances := env.Data.Instances.Value.Instances
	for n := range instances[:min(len(instances), mostNamed)] {
		list = append(list, env.Load.Target(instances[n]))
	}
	names := env.Load.HostNames(list)
	if len(list) == 0 {
		return "vast-NAME"
	}
	at := max(0, slices.IndexFunc(list, func(t remote.Target) bool { return t.Running }))
	of := names[list[at].Instance]
	return safetext.Clean(of[len(of)-1], 80)
}

// configSet remembers what was agreed to, once it is done.
func (m *Model) configSet(env view.Env, msg command.SSHConfigSet) view.Effect {
	if msg.Err != nil {
		return view.Do(view.FormFailed{Form: configForm, Text: ended(safetext.Clean(view.Sentence(msg.Err), 300)) + " Nothing was changed."})
	}
	text := "the line in ~/.ssh/config and our file are gone"
	if msg.On {
		text = fmt.Sprintf("ssh knows the instances now, e.g. `ssh %s`, by a file that %s includes", exampleAlias(env), safetext.Clean(msg.Path, 200))
	}
	on := msg.On
	return view.Do(
		view.FormDone{Form: configForm}, view.Toast{Text: text, Level: view.Good},
		view.Remember{Change: func(mem *feed.Memory) { mem.SSHConfig = on }},
	)
}

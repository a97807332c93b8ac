package instances

import (
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// What is shown of a start script.
const (
	scriptLines = 8
	scriptBytes = 16 << 10
)

// madeOf is what the container is made from: image, template, run type, environment
// with its values masked, the beginning of the start script, and volumes.
func madeOf(i *vastapi.Instance) []pane.Fact {
	facts := []pane.Fact{{Label: "image", Value: figure.Text(i.Image.String())}}
	if !i.Template.Empty() {
		facts = append(facts, pane.Fact{Label: "template", Value: i.Template.String()})
	}
	if !i.RunType.Empty() {
		facts = append(facts, pane.Fact{Label: "run type", Value: i.RunType.String()})
	}
	facts = append(facts, variables(i)...)
	facts = append(facts, script(i)...)
	if n := len(i.Volumes); n > 0 {
		var ids []string
		for _, v := range i.Volumes {
			ids = append(ids, v.String())
		}
		facts = append(facts, pane.Fact{Label: "volumes", Value: strings.Join(ids, ", ") + "; kept when it is destroyed, and billed on"})
	}
	return facts
}

// variables are the environment, a line each: flags as they are, the values of
// variables masked.
func variables(i *vastapi.Instance) []pane.Fact {
	env := rental.UpdateOptionsOf(i).Env
	list := env.Flags()
	for _, name := range env.Names() {
		list = append(list, name+"="+rental.Masked)
	}
	var facts []pane.Fact
	label := "env"
	for _, line := range list {
		facts = append(facts, pane.Fact{Label: label, Value: safetext.Clean(line, mostShown)})
		label = ""
	}
	return facts
}

// script is the beginning of the start script, with what looks secret in it masked.
func script(i *vastapi.Instance) []pane.Fact {
	if i.OnStart.Empty() {
		return nil
	}
	lines := i.OnStart.Lines(1<<10, scriptBytes)
	var facts []pane.Fact
	label := "on start"
	left := lines.Len()
	for _, l := range lines.All() {
		if len(facts) == scriptLines {
			break
		}
		left--
		if strings.TrimSpace(l) == "" {
			continue
		}
		facts = append(facts, pane.Fact{Label: label, Value: vastapi.MaskScript(l), Class: theme.Dim})
		label = ""
	}
	if left > 0 {
		facts = append(facts, pane.Fact{Value: "and " + figure.Plural(left, "line") + " more (u)", Class: theme.Dim})
	}
	return facts
}

// mostShown is how much of a line from outside is shown, in runes.
const mostShown = 400

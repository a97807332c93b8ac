package volumes

import (
	"fmt"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// mountAt is the folder where a volume appears in an instance, unless the user says otherwise.
const mountAt = "/data"

// detailFacts lists what is known about a volume.
func detailFacts(env view.Env, r *row) []pane.Fact {
	text, class := statusCell(r)
	facts := []pane.Fact{{Label: "status", Value: text, Class: class}}
	if r.state == coming {
		facts = append(facts, pane.Fact{Value: "it is being made; it can be used once it is called created", Class: theme.Dim})
	}
	if r.problem != "" {
		facts = append(facts, pane.Fact{Label: r.kind, Value: r.problem, Class: theme.Warn})
	}
	facts = append(facts, pane.Fact{},
		pane.Fact{Label: "size", Value: size(r.Size) + ", fixed for good"},
		pane.Fact{Label: "costs", Value: fmt.Sprintf("%s, %s a day, %s a month", rate(r.Hourly), amount(r.Hourly.Day()), amount(r.Hourly.Month())), Class: theme.Money},
		pane.Fact{Label: "a GB", Value: perMonth(r.perGB()) + " a month"},
		pane.Fact{Label: "so far", Value: soFarText(r), Class: theme.Money},
		pane.Fact{Label: "made", Value: made(r)},
		pane.Fact{},
	)
	facts = append(facts, holderFacts(r)...)
	facts = append(facts, pane.Fact{})
	facts = append(facts, placeFacts(r)...)
	facts = append(facts, pane.Fact{})
	if !r.Network() {
		facts = append(facts, pane.Fact{Label: "mounting", Value: rental.MountFlag(r.ID, mountAt) + "   (m: how, and to copy)", Class: theme.Link})
	}
	return append(facts,
		pane.Fact{Label: "name", Value: figure.Text(r.Name.String()), Class: theme.Strong},
		pane.Fact{Label: "read", Value: ago(env.Now.Sub(r.at)), Class: theme.Dim},
	)
}

// soFarText is about what it has cost.
func soFarText(r *row) string {
	if !vastapi.Known(r.soFar()) {
		return "not known"
	}
	return "≈ " + figure.Amount(r.soFar()) + ", the time since it was made at this rate"
}

// ago says how long something is past.
func ago(d time.Duration) string {
	text := figure.Age(d)
	if text == figure.Age(0) {
		return "just now"
	}
	return text + " ago"
}

func made(r *row) string {
	if !vastapi.Known(r.age()) {
		return "not told when"
	}
	return figure.Hours(r.age()) + " ago, " + r.Start.UTC().Format(time.DateTime) + " UTC"
}

// holderFacts are the instances that have it, and what that means.
func holderFacts(r *row) []pane.Fact {
	if len(r.holders) == 0 {
		return []pane.Fact{{Label: "attached to", Value: "no instance"}}
	}
	var facts []pane.Fact
	for n, h := range r.holders {
		f := pane.Fact{Value: h.id.String()}
		if n == 0 {
			f.Label = "attached to"
		}
		switch {
		case !h.known:
			f.Value += ", which is not in the list of instances"
		case h.running:
			f.Value += ", running"
		default:
			f.Value += ", not running: it holds the volume all the same"
		}
		if h.name != "" {
			f.Value += "  " + figure.Text(h.name)
		}
		facts = append(facts, f)
	}
	return append(facts, pane.Fact{Value: "it is free again about 30 seconds after that is destroyed (a goes there)", Class: theme.Dim})
}

func clusterText(id vastapi.ClusterID) string {
	if id <= 0 {
		return ""
	}
	return fmt.Sprintf(", cluster %d", id)
}

// placeFacts say where it lies, and who can use it.
func placeFacts(r *row) []pane.Fact {
	if r.Network() {
		return []pane.Fact{
			{Label: "kind", Value: "network volume: it is not bound to one machine, but to the network of its host" + clusterText(r.Cluster)},
			{Label: "using it", Value: unlinked},
			{Label: "region", Value: figure.Text(place(r.Geolocation.String()))},
		}
	}
	return []pane.Fact{
		{Label: "kind", Value: r.kindWord() + ": only instances on its machine can have it, one at a time, and only from when they are rented"},
		{Label: "machine", Value: r.MachineID.String()},
		{Label: "region", Value: figure.Text(place(r.Geolocation.String()))},
	}
}

package activity

import (
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

func heading(r *row) string {
	switch r.kind {
	case orphan:
		return "Orphan: instance " + r.stray.Instance.String()
	case event:
		return "Noticed: " + r.what
	}
	return "Operation: " + r.what
}

// detail lists all that is known about a row.
func detail(env view.Env, r *row) []pane.Fact {
	switch r.kind {
	case orphan:
		return append(strayFacts(env, r), operationFacts(r)...)
	case event:
		return eventFacts(r)
	}
	facts := []pane.Fact{{Label: "state", Value: glyph(r) + " " + r.state, Class: class(r)}}
	if r.open() {
		facts = append(facts, pane.Fact{Value: pending(r.op, env.Now), Class: theme.Warn})
	}
	return append(facts, operationFacts(r)...)
}

func strayFacts(env view.Env, r *row) []pane.Fact {
	facts := []pane.Fact{{Label: "why", Value: r.said, Class: theme.Bad}}
	if i, ok := env.Data.Instance(r.stray.Instance); ok {
		state := rental.Display(i)
		facts = append(facts,
			pane.Fact{Label: "status", Value: state.Word},
			pane.Fact{Label: "billed now", Value: figure.Rate(float64(pricing.Now(&i))), Class: theme.Money},
			pane.Fact{Label: "machine", Value: i.MachineID.String()},
			pane.Fact{Label: "GPU", Value: figure.Text(i.GPUName.String())},
		)
	}
	facts = append(facts, pane.Fact{Label: "token", Value: r.stray.Token}, pane.Fact{})
	if !r.stray.Known {
		return facts
	}
	return append(facts, pane.Fact{Label: "its rental", Value: string(r.op.State)})
}

func eventFacts(r *row) []pane.Fact {
	e := r.event
	facts := []pane.Fact{
		{Label: "when", Value: clock(e.At)},
		{Label: "level", Value: glyph(r) + " " + r.state, Class: class(r)},
		{Label: "what", Value: figure.Text(r.said)},
	}
	if e.Instance != 0 {
		facts = append(facts, pane.Fact{Label: "instance", Value: e.Instance.String()})
	}
	if e.Machine != 0 {
		facts = append(facts, pane.Fact{Label: "machine", Value: e.Machine.String()})
	}
	if e.Query != "" {
		facts = append(facts, pane.Fact{Label: "search", Value: safetext.Clean(e.Query, 512)})
	}
	return facts
}

// operationFacts are what the journal keeps of an operation, and all its records.
func operationFacts(r *row) []pane.Fact {
	op := r.op
	if op.ID == "" {
		return nil
	}
	var facts []pane.Fact
	fact := func(when bool, label, value string, class theme.Class) {
		if when {
			facts = append(facts, pane.Fact{Label: label, Value: value, Class: class})
		}
	}
	_, known := op.Took()
	fact(!op.Intended.IsZero(), "begun", clock(op.Intended), theme.Plain)
	fact(known && r.kind == operation, "took", tookText(r), theme.Plain)
	fact(vastapi.Known(r.effect), "effect", signed(r.effect, r.open()), theme.Money)
	fact(op.Contract != 0, "made", "instance "+op.Contract.String(), theme.Plain)
	fact(op.Subject.Instance != 0, "instance", op.Subject.Instance.String(), theme.Plain)
	fact(op.Subject.Offer != 0, "offer", op.Subject.Offer.String(), theme.Plain)
	fact(op.Subject.Machine != 0, "machine", op.Subject.Machine.String(), theme.Plain)
	fact(op.Bid != nil, "bid", bid(op), theme.Money)
	fact(op.Amount > 0, "paid ahead", pricing.Money(op.Amount), theme.Money)
	fact(op.Increase != 0, "increase", op.Increase.String(), theme.Plain)
	fact(op.Asked != "", "asked for", safetext.Clean(op.Asked, 24), theme.Plain)
	facts = append(facts, pane.Fact{})
	fact(op.Name() != "", "name", op.Name(), theme.Strong)
	fact(op.Image != "", "image", safetext.Clean(op.Image, 400), theme.Plain)
	fact(op.Disk > 0, "disk", figure.GB(float64(op.Disk)), theme.Plain)
	facts = append(facts, pane.Fact{})
	fact(true, "plan", safetext.Clean(op.Plan, 64), theme.Dim)
	fact(true, "operation", safetext.Clean(op.ID, 96), theme.Dim)
	fact(op.Token != "", "token", safetext.Clean(op.Token, 32), theme.Dim)
	fact(op.Account != "", "account", safetext.Clean(op.Account, 32), theme.Dim)
	facts = append(facts, pane.Fact{})
	for _, m := range r.moments {
		value := m.What
		if m.Said != "" {
			value += ": " + m.Said
		}
		facts = append(facts, pane.Fact{Label: m.At.Local().Format("15:04:05"), Value: value})
	}
	return facts
}

func bid(op rental.Op) string {
	if op.Bid == nil {
		return ""
	}
	return figure.Rate(float64(*op.Bid))
}

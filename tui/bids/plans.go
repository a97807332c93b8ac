package bids

import (
	"fmt"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// cancel asks about destroying exactly these instances: a bid ends with its instance.
func cancel(env view.Env, ids []vastapi.InstanceID) view.Effect {
	left := known(env, ids)
	if len(left) == 0 {
		return view.Do(view.Toast{Text: "nothing is left to do: the instances are gone", Level: view.Info})
	}
	p, err := rental.PlanDestroy(left, env.Desk)
	if err != nil {
		return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return cancel(env, ids) }})
}

// known are those of the instances that still exist, as they are now.
func known(env view.Env, ids []vastapi.InstanceID) []vastapi.Instance {
	var left []vastapi.Instance
	for _, id := range ids {
		if i, there := env.Data.Instance(id); there {
			left = append(left, i)
		}
	}
	return left
}

// raise asks about the bid with which an instance holds its GPU, worked out from what
// is known now. Working it out again proposes what holds then, under the same limits.
func (m *Model) raise(env view.Env, id vastapi.InstanceID) view.Effect {
	i, there := env.Data.Instance(id)
	if !there {
		return view.Do(view.Toast{Text: fmt.Sprintf("nothing is left to raise: instance %s is gone", id), Level: view.Info})
	}
	in := m.material(env)
	onDemand, moved := m.onDemandOf(id), in.moved(&i)
	r, err := rental.RaiseToHold(&i, onDemand, moved, env.Desk.Caps)
	if err != nil {
		return view.Do(view.Toast{Text: err.Error() + ": b bids another price, m shows the market", Level: view.Warn})
	}
	p, err := rental.PlanBid(i, r.Price, env.Desk)
	if err != nil {
		return view.Do(view.Toast{Text: rental.FieldText(err), Level: view.Warn})
	}
	p.Facts = append(p.Facts, raiseFacts(r, onDemand)...)
	if row, ok := m.table.Get(id); ok && row.like > 0 && r.Price >= row.like {
		p.Facts = append(p.Facts, rental.Line{Label: "elsewhere", Value: "such GPUs cost " + figure.Rate(float64(row.like)) + " on demand and are never interrupted there: m shows them"})
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return m.raise(env, id) }})
}

// raiseFacts say how the price came about.
func raiseFacts(r rental.Raise, onDemand vastapi.Rate) []rental.Line {
	text := r.Rule()
	if !vastapi.Known(onDemand) {
		text += "; no price on demand of this machine is known"
	}
	return []rental.Line{{Label: "proposed", Value: text}}
}

package instances

import (
	"fmt"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

type planner func([]vastapi.Instance, rental.Desk) (rental.Plan, error)

// confirm asks about a plan for exactly these instances. Working it out again
// takes the same ids from what is known then.
func confirm(env view.Env, list []vastapi.Instance, plan planner) view.Effect {
	p, err := plan(list, env.Desk)
	if err != nil {
		return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
	}
	ids := make([]vastapi.InstanceID, len(list))
	for n, i := range list {
		ids[n] = i.ID
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return again(env, ids, plan) }})
}

func again(env view.Env, ids []vastapi.InstanceID, plan planner) view.Effect {
	left := known(env, ids)
	if len(left) == 0 {
		return view.Do(view.Toast{Text: "nothing is left to do: the instances are gone", Level: view.Info})
	}
	return confirm(env, left, plan)
}

// known are those of the instances that still exist, as they are now.
func known(env view.Env, ids []vastapi.InstanceID) []vastapi.Instance {
	want := make(map[vastapi.InstanceID]int, len(ids))
	for n, id := range ids {
		want[id] = n
	}
	found := make([]*vastapi.Instance, len(ids))
	list := env.Data.Instances.Value.Instances
	for n := range list {
		if at, ok := want[list[n].ID]; ok {
			found[at] = &list[n]
		}
	}
	var left []vastapi.Instance
	for _, i := range found {
		if i != nil {
			left = append(left, *i)
		}
	}
	return left
}

// asker works out a plan from what a form says, for the instances as they are now.
type asker func(view.Env, []vastapi.Instance) (rental.Plan, error)

// fromForm asks about the plan that a form was filled in for. Working it out again
// takes the same ids and what the form said, from what is known then.
func fromForm(env view.Env, form string, ids []vastapi.InstanceID, plan asker) view.Effect {
	list := known(env, ids)
	if len(list) == 0 {
		return failed(form, "nothing is left to change: "+gone(ids))
	}
	p, err := plan(env, list)
	if err != nil {
		return failed(form, err.Error())
	}
	return view.Do(view.Confirm{Plan: p, Form: form, Again: func(env view.Env, form string) view.Effect { return fromForm(env, form, ids, plan) }})
}

func gone(ids []vastapi.InstanceID) string {
	if len(ids) == 1 {
		return fmt.Sprintf("instance %s is gone", ids[0])
	}
	return "the instances are gone"
}

// failed says why a plan could not be made, in the form it was for as long as that
// is open.
func failed(form, text string) view.Effect {
	if form == "" {
		return view.Do(view.Toast{Text: text, Level: view.Warn})
	}
	return view.Do(view.FormFailed{Form: form, Text: text})
}

// one makes an asker of a plan for a single instance.
func one(plan func(vastapi.Instance, rental.Desk) (rental.Plan, error)) asker {
	return func(env view.Env, list []vastapi.Instance) (rental.Plan, error) { return plan(list[0], env.Desk) }
}

// underWayText says that something is being done to an instance.
func underWayText(verb string, id vastapi.InstanceID) string {
	return fmt.Sprintf("%s of %s is under way: W shows it", article(verb), id)
}

// article is a noun with its article.
func article(noun string) string {
	if noun != "" && strings.Contains("aeiou", noun[:1]) {
		return "an " + noun
	}
	return "a " + noun
}

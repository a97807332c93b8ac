package instances

import (
	"errors"
	"strconv"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

const formRename = "rename"

// rename asks for a name, or for one that several instances are named after. It
// changes nothing else and costs nothing, so the form is all the consent there is.
func rename(env view.Env, rows []*row) view.Effect {
	if len(rows) != 1 {
		return renameAll(env, rows)
	}
	target := rows[0].Instance
	name, _ := rental.SplitLabel(target.Label.String())
	return view.Do(view.Ask{Form: view.Form{
		ID: formRename, Title: "Rename instance " + target.ID.String(), Button: "Rename",
		Intro: []view.Pair{{Label: "machine", Value: target.MachineID.String()}, {Label: "costs", Value: pricing.Shown(pricing.Now(&target))}},
		Fields: []view.Field{{Key: "name", Label: "name", Value: name, Limit: rental.MaxName,
			Help: "empty takes the name away; labels need not be unique, ids are"}},
		Submit: func(env view.Env, v view.Values) view.Effect {
			typed := strings.TrimSpace(v["name"])
			return fromForm(env, formRename, []vastapi.InstanceID{target.ID}, one(func(i vastapi.Instance, d rental.Desk) (rental.Plan, error) {
				return rental.PlanRename(i, typed, d)
			}))
		},
	}})
}

// mostNames is how many names the form lists one by one.
const mostNames = 12

// renameAll asks for the name that several instances are numbered after, and shows
// what each is called then.
func renameAll(env view.Env, rows []*row) view.Effect {
	rows = living(rows)
	ids := make([]vastapi.InstanceID, len(rows))
	for n, r := range rows {
		ids[n] = r.ID
	}
	common := commonName(rows)
	number := func(name string) string {
		return strconv.Itoa(rental.NextNumber(env.Data.Instances.Value.Instances, name, ids))
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: formRename, Title: "Rename " + figure.Plural(len(rows), "instance"), Button: "Rename " + strconv.Itoa(len(rows)),
		Fields: []view.Field{
			{Key: "name", Label: "name", Value: common, Limit: rental.MaxName, Help: "all are named after it: NAME-1, NAME-2 …, which makes them a group; empty takes the names away"},
			{Key: "first", Label: "counted from", Value: number(common), Limit: 4, Help: "goes on behind others that are named so"},
		},
		React: func(key string, v view.Values) view.Values {
			if key != "name" {
				return nil
			}
			return view.Values{"first": number(strings.TrimSpace(v["name"]))}
		},
		Check: func(v view.Values) map[string]string {
			var wrong rental.FieldError
			if errors.As(rental.CheckNumbered(strings.TrimSpace(v["name"]), whole(v["first"]), len(rows)), &wrong) {
				return map[string]string{wrong.Field: wrong.Text}
			}
			return nil
		},
		Panel: func(v view.Values) []view.Pair { return newNames(rows, v) },
		Sum: func(v view.Values) string {
			if names := namesOf(rows, v); names[0] != "" {
				return names[0] + " … " + names[len(names)-1]
			}
			return "no name"
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			name, first := strings.TrimSpace(v["name"]), whole(v["first"])
			return fromForm(env, formRename, ids, func(env view.Env, list []vastapi.Instance) (rental.Plan, error) {
				return rental.PlanNumber(list, name, first, env.Desk)
			})
		},
	}})
}

// living are the rows that are not being destroyed.
func living(rows []*row) []*row {
	var left []*row
	for _, r := range rows {
		if r.state.Class != rental.ClassTerminal {
			left = append(left, r)
		}
	}
	return left
}

// commonName is the name of the group that all rows belong to, "" when they do not
// share one.
func commonName(rows []*row) string {
	name := ""
	for n, r := range rows {
		own := rental.GroupName(&r.Instance)
		if n > 0 && own != name {
			return ""
		}
		name = own
	}
	return name
}

// namesOf are the names that rows get.
func namesOf(rows []*row, v view.Values) []string {
	return rental.Numbered(strings.TrimSpace(v["name"]), whole(v["first"]), len(rows))
}

// newNames lists what each row is called now and then.
func newNames(rows []*row, v view.Values) []view.Pair {
	list := []view.Pair{{Value: "What they are called then"}}
	names := namesOf(rows, v)
	for n, r := range rows {
		if n == mostNames && len(rows) > mostNames+1 {
			list = append(list, view.Pair{Label: strconv.Itoa(len(rows)-mostNames) + " more", Value: "… " + figure.Text(names[len(names)-1])})
			break
		}
		list = append(list, view.Pair{Label: r.ID.String(), Value: figure.Text(r.name) + " → " + figure.Text(names[n])})
	}
	return list
}

// whole is the number in a text, 0 when it holds none.
func whole(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0
	}
	return n
}

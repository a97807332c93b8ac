package instances

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// rentAgain opens the rent form of the market filled with what the instance was
// rented with; what an instance does not tell is named.
func rentAgain(env view.Env, i vastapi.Instance) view.Effect {
	opt, missing := rental.OptionsOf(&i)
	like := vastapi.Offer{GPUName: i.GPUName, NumGPUs: i.NumGPUs, MachineID: i.MachineID}
	spec := feed.RentSpec(rental.SpecOf(opt, &like, env.Now))
	e := view.Do(view.Goto{View: view.Market, Focus: feed.RentAgain{RentSpec: spec, Env: opt.Env.Text(), OnStart: opt.OnStart}})
	var fields []string
	for _, f := range missing {
		fields = append(fields, cmp.Or(fieldNames[f.Field], f.Field))
	}
	if len(fields) > 0 {
		e.Intents = append(e.Intents, view.Toast{Text: "look at what an instance does not tell: " + strings.Join(fields, ", "), Level: view.Warn})
	}
	return e
}

// fieldNames are the fields of the rent form in words.
var fieldNames = map[string]string{
	"onstart": "the start script", "template": "its template", "env": "some variables", "launch": "its arguments", "volume": "its volumes", "image": "its image",
}

const oneOnly = "one instance at a time: esc clears the marks"

// groupOf is the name of the group of the only row, if that has others in it.
func (m *Model) groupOf(env view.Env, rows []*row) (name, why string) {
	if folded := len(rows) > 1 && len(m.table.Marked()) == 0; len(rows) != 1 && !folded {
		return "", "the group is that of the row under the cursor: esc clears the marks"
	}
	name = rental.GroupName(&rows[0].Instance)
	if name == "" {
		return "", "it has no name, so it belongs to no group: n gives it one"
	}
	members := m.members[name]
	switch len(members) {
	case 0:
		return "", "it is being destroyed already"
	case 1:
		return "", "no other instance is named like it: D destroys it alone"
	}
	for n := range members {
		if verb := env.Busy[members[n].ID]; verb != "" {
			return "", underWayText(verb, members[n].ID)
		}
	}
	return name, ""
}

// grouped reports whether a group has more than one instance in it.
func (m *Model) grouped(name string) bool { return len(m.members[name]) > 1 }

// destroyGroup asks about all instances whose name is that of the row, numbers
// behind it left aside.
func destroyGroup(env view.Env, name string) view.Effect {
	p, err := rental.PlanDestroyGroup(env.Data.Instances.Value.Instances, name, env.Desk)
	if err != nil {
		return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
	}
	var ids []vastapi.InstanceID
	for _, s := range p.Steps {
		ids = append(ids, s.Subject.Instance)
	}
	plan := func(list []vastapi.Instance, d rental.Desk) (rental.Plan, error) {
		return rental.PlanDestroyGroup(list, name, d)
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return again(env, ids, plan) }})
}

// blockDays is how long a block lasts unless another time is typed.
const blockDays = 7

// block asks for how long the host of an instance is left out of the market.
func (m *Model) block(r *row) view.Effect {
	const form = "block-instance"
	why := ""
	if diff := m.differing(r.ID); len(diff) > 0 {
		why = safetext.Clean("not as asked for: "+diff[0].String(), 80)
	}
	host := view.Option{Value: "host", Label: "host " + r.HostID.String(), Help: "all its machines"}
	machine := view.Option{Value: "machine", Label: "machine " + r.MachineID.String()}
	options := []view.Option{host, machine}
	if r.HostID == 0 {
		options = options[1:]
	}
	target := r.Instance
	return view.Do(view.Ask{Form: view.Form{
		ID: form, Title: "Leave it out of the market", Button: "Block",
		Fields: []view.Field{
			{Key: "what", Label: "what", Kind: view.Choice, Options: options, Value: options[0].Value},
			{Key: "days", Label: "for", Unit: "days", Value: strconv.Itoa(blockDays), Limit: 4, Help: "0 = until you take it away"},
			{Key: "reason", Label: "reason", Value: why, Limit: 80, Help: "for you to remember; nobody else sees it"},
		},
		Check: func(v view.Values) map[string]string {
			if n, err := strconv.Atoi(strings.TrimSpace(v["days"])); err != nil || n < 0 || n > 3650 {
				return map[string]string{"days": "a number of days, 0 to 3650"}
			}
			return nil
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			days, _ := strconv.Atoi(strings.TrimSpace(v["days"]))
			b := feed.Block{Machine: target.MachineID, Reason: safetext.Clean(strings.TrimSpace(v["reason"]), 80), Since: env.Now}
			what := "machine " + b.Machine.String()
			if v["what"] == "host" {
				b.Host, b.Machine, what = target.HostID, 0, "host "+target.HostID.String()
			}
			if days > 0 {
				b.Until = env.Now.Add(time.Duration(days) * 24 * time.Hour)
			}
			return view.Do(
				view.Remember{Change: func(mem *feed.Memory) {
					mem.Blocks = slices.DeleteFunc(slices.Clone(mem.Blocks), func(o feed.Block) bool { return o.Host == b.Host && o.Machine == b.Machine })
					mem.Blocks = append(mem.Blocks, b)
				}},
				view.FormDone{Form: form},
				view.Toast{Text: what + " is left out of the market", Level: view.Good},
			)
		},
	}})
}

package sessions

import (
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// wish does what another view, or whoever opened this one, asks for.
func (m *Model) wish(env view.Env, what any) view.Effect {
	switch w := what.(type) {
	case view.Connect:
		return m.connect(env, w.Instance, m.way(w.Instance, w.Way))
	case view.ForwardPort:
		return m.askForward(env, w.Instance)
	case view.CopyFiles:
		return m.askCopy(env, w.Instance)
	case view.AttachKey:
		return m.askAttach(env, "", w.Instances)
	case view.ShowSSHKeys:
		return m.openKeys(env)
	case view.Examine:
		e := m.examine(env, w.Instance)
		e.Intents = append([]view.Intent{view.Goto{View: view.Sessions}}, e.Intents...)
		return e
	case vastapi.InstanceID:
		m.selectInstance(w)
	}
	return view.Effect{}
}

// selectInstance puts the cursor on the first row of an instance.
func (m *Model) selectInstance(id vastapi.InstanceID) {
	for _, r := range m.table.Rows() {
		if r.id == id && m.table.Select(r.key) {
			return
		}
	}
}

// with does something with the instance under the cursor; where there is none, it
// is chosen first.
func (m *Model) with(env view.Env, title, verb string, do func(view.Env, vastapi.InstanceID) view.Effect) view.Effect {
	if r, ok := m.table.Cursor(); ok {
		if _, there := env.Data.Instance(r.id); there {
			return do(env, r.id)
		}
	}
	return m.choose(title, verb, unreachable, do)
}

// choose lists the instances to choose one.
func (m *Model) choose(title, verb string, why func(view.Env, *vastapi.Instance) string, do func(view.Env, vastapi.InstanceID) view.Effect) view.Effect {
	var kept []choice // of the reading with this revision
	rev := -1
	return m.show(&menu{
		title: title, verb: verb, empty: "there is no instance: rent one in the market (1)",
		list: func(env view.Env) []choice {
			if rev == env.Data.Instances.Rev {
				return kept
			}
			rev = env.Data.Instances.Rev
			instances := env.Data.Instances.Value.Instances
			kept = make([]choice, len(instances))
			for n := range instances {
				i := &instances[n] // of the snapshot, which is never changed in place
				kept[n] = choice{
					label: calledAs(i), detail: func(env view.Env) string { return instanceText(env, i) }, why: func(env view.Env) string { return why(env, i) },
					do: func(env view.Env) view.Effect { return do(env, i.ID) },
				}
			}
			return kept
		},
	})
}

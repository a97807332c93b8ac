package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// copied puts what a dialog gave on the clipboard. That agrees to nothing.
func (m *Model) copied(o dialog.Outcome) tea.Cmd {
	text := o.Text
	if o.Curl {
		text = o.Plan.Curl(m.cmd.BaseURL())
	}
	m.toast(o.What+" sent to the terminal's clipboard", view.Good)
	return m.copyText(text, o.What)
}

// leaveReport follows a report that was closed: to the machines that were rented,
// when all are there.
func (m *Model) leaveReport(r rental.Report) tea.Cmd {
	if id := rented(r); id != 0 && m.session.phase == ready && m.stack.Empty() {
		return m.open(view.Instances, id)
	}
	return nil
}

// chosen does what was chosen about a report. What destroys asks first, above the
// report, so that esc leads back to it.
func (m *Model) chosen(o dialog.Outcome) tea.Cmd {
	switch a := o.Action; a.Kind {
	case dialog.ActTakeBack, dialog.ActLeftover, rental.ActDestroy:
		return m.undo(o)
	case rental.ActBlock:
		return m.apply(m.blockFor(a, o.Step), true)
	case rental.ActAddCredit, rental.ActAddKey:
		m.toast("done outside this program: "+a.Link+" was sent to the terminal's clipboard", view.Info)
		return m.copyText(a.Link, "the address")
	case rental.ActRetry:
		return m.retry(o)
	}
	m.clearStack()
	switch a := o.Action; a.Kind {
	case rental.ActRentNext:
		return m.open(view.Market, feed.RentAgain{RentSpec: m.specOf(o, true), Tried: a.Offer})
	case rental.ActEdit:
		return m.open(view.Market, feed.RentAgain{RentSpec: m.specOf(o, false), Field: a.Field})
	case rental.ActSearch:
		return m.open(view.Market, nil)
	case rental.ActLogIn:
		return m.logOut("the key was not accepted, or may not do this")
	case rental.ActLook:
		return m.lookFor(a)
	}
	return nil
}

// lookFor shows where it can be seen what came of a step.
func (m *Model) lookFor(a rental.Action) tea.Cmd {
	switch a.Place {
	case rental.AtVolumes:
		return m.open(view.Volumes, nil)
	case rental.AtAPIKeys:
		return m.open(view.Account, view.ShowAPIKeys)
	case rental.AtVariables:
		return m.open(view.Account, view.ShowVariables)
	case rental.AtSSHKeys:
		return m.open(view.Sessions, view.ShowSSHKeys{})
	}
	if len(a.Instances) > 0 {
		return m.open(view.Instances, a.Instances[0])
	}
	return m.open(view.Instances, nil)
}

// undo asks whether to destroy what a report speaks of.
func (m *Model) undo(o dialog.Outcome) tea.Cmd {
	work := func(d rental.Desk) (rental.Plan, error) {
		switch o.Action.Kind {
		case dialog.ActTakeBack:
			return o.Report.Rollback(d)
		case dialog.ActLeftover:
			p, ok := o.Report.Leftover(d)
			if !ok {
				return p, errors.New("nothing is left behind any more, or it is being destroyed already")
			}
			return p, nil
		}
		return rental.PlanDestroy(m.targets(o), d)
	}
	var ask func(env view.Env, _ string) view.Effect
	ask = func(env view.Env, _ string) view.Effect {
		p, err := work(env.Desk)
		if err != nil {
			return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
		}
		return view.Do(view.Confirm{Plan: p, Again: ask})
	}
	return m.apply(ask(m.env(), ""), true)
}

// targets are the instances that an action is about, as they are known now, or
// else as they were delivered.
func (m *Model) targets(o dialog.Outcome) []vastapi.Instance {
	var list []vastapi.Instance
	for _, id := range o.Action.Instances {
		if i, ok := m.data.Instance(id); ok {
			list = append(list, i)
			continue
		}
		if o.Step != nil && o.Step.Delivered != nil && o.Step.Delivered.ID == id && !m.data.Instances.At.After(o.Step.Seen) {
			list = append(list, *o.Step.Delivered)
		}
	}
	return list
}

// blockDays is how long a host is left out after it has let somebody down.
const blockDays = 7

// blockFor leaves the host out of searches, or only the machine when its host is
// not known.
func (m *Model) blockFor(a rental.Action, s *rental.StepResult) view.Effect {
	now := time.Now()
	b := feed.Block{Machine: a.Machine, Since: now, Until: now.Add(blockDays * 24 * time.Hour), Reason: "did not deliver what was asked for"}
	if s != nil {
		if s.Delivered != nil {
			b.Host = s.Delivered.HostID
		}
		if len(s.Differences) > 0 {
			b.Reason = safetext.Clean("not as asked for: "+s.Differences[0].String(), 80)
		}
	}
	what := "machine " + b.Machine.String()
	if b.Host != 0 {
		b.Machine, what = 0, "host "+b.Host.String()
	}
	return view.Do(
		view.Remember{Change: func(mem *feed.Memory) {
			mem.Blocks = slices.DeleteFunc(slices.Clone(mem.Blocks), func(o feed.Block) bool { return o.Host == b.Host && o.Machine == b.Machine })
			mem.Blocks = append(mem.Blocks, b)
		}},
		view.Toast{Text: fmt.Sprintf("%s is left out of the market for %d days", what, blockDays), Level: view.Good},
	)
}

// retry plans again what failed: the same rent, or the same for the instances of
// the steps that did not succeed.
func (m *Model) retry(o dialog.Outcome) tea.Cmd {
	if again := m.again[o.Plan.ID]; again != nil && (o.Plan.Verb == "rent" || len(o.Plan.Steps) == 1) {
		return m.apply(again(m.env(), ""), true)
	}
	plan := map[string]func([]vastapi.Instance, rental.Desk) (rental.Plan, error){
		"destroy": rental.PlanDestroy, "stop": rental.PlanStop, "start": rental.PlanStart,
	}[o.Plan.Verb]
	if plan == nil {
		m.toast("start it again from where it was asked for", view.Info)
		return nil
	}
	ids := failedIDs(*o.Report)
	var ask func(env view.Env, _ string) view.Effect
	ask = func(env view.Env, _ string) view.Effect {
		var list []vastapi.Instance
		for _, id := range ids {
			if i, ok := env.Data.Instance(id); ok {
				list = append(list, i)
			}
		}
		if len(list) == 0 {
			return view.Do(view.Toast{Text: "nothing is left to do: the instances are gone", Level: view.Info})
		}
		p, err := plan(list, env.Desk)
		if err != nil {
			return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
		}
		return view.Do(view.Confirm{Plan: p, Again: ask})
	}
	return m.apply(ask(m.env(), ""), true)
}

// failedIDs are the instances of the steps that did not come out. What is not
// known is not among them: it may have happened.
func failedIDs(r rental.Report) []vastapi.InstanceID {
	var ids []vastapi.InstanceID
	for _, s := range r.Rest() {
		if s.Subject.Instance != 0 {
			ids = append(ids, s.Subject.Instance)
		}
	}
	return ids
}

// specOf is the form that a rent was made with: the one remembered for it, else
// what the request tells. elsewhere says that another machine is wanted.
func (m *Model) specOf(o dialog.Outcome, elsewhere bool) feed.RentSpec {
	step := o.Plan.Steps[0]
	if o.Step != nil {
		step = o.Step.Step
	}
	spec := feed.RentSpec{At: time.Now(), Bid: vastapi.Unknown[vastapi.Rate](), Kind: vastapi.OnDemand, Machine: step.Subject.Machine}
	call, ok := step.Call.(vastapi.CreateInstance)
	if !ok {
		return spec
	}
	spec.Image, spec.Template, spec.Disk = call.Image, call.Template, call.Disk
	spec.Name, _ = rental.SplitLabel(call.Label)
	switch {
	case call.Price != nil:
		spec.Kind, spec.Bid = vastapi.Interruptible, *call.Price
	case call.Type == vastapi.Reserved:
		spec.Kind = vastapi.Reserved
	}
	launch := rental.RunType(call.RunType).Launch()
	spec.RunType, spec.Direct = launch.Mode(), launch.Direct
	if asked, ok := o.Plan.Agreed(slices.IndexFunc(o.Plan.Steps, func(s rental.Step) bool { return s.Subject == step.Subject })); ok {
		spec.GPU, spec.NumGPUs = asked.GPU.String(), asked.GPUs
	}
	for _, f := range m.data.Memory.RentForms {
		if f.Image == spec.Image && f.Template == spec.Template && f.Disk == spec.Disk && feed.KindOf(f.Kind) == spec.Kind && ofForm(spec.Name, f.Name) {
			f.GPU, f.NumGPUs, f.Machine, f.Bid = spec.GPU, spec.NumGPUs, spec.Machine, spec.Bid
			spec = f
			break
		}
	}
	if elsewhere {
		spec.Machine = 0
	}
	return spec
}

// ofForm reports whether a machine's name is the one a form gave, or that with the
// number of a fleet.
func ofForm(name, form string) bool {
	rest, ok := strings.CutPrefix(name, form)
	return ok && (rest == "" || form != "" && strings.HasPrefix(rest, "-"))
}

// save asks where to keep what came of a rent.
func (m *Model) save(r rental.Report) tea.Cmd {
	const form = "save-result"
	return m.apply(view.Do(view.Ask{Form: view.Form{
		ID: form, Title: "Save what was rented: " + r.Label(), Button: "Save", Busy: "writing the file…",
		Fields: []view.Field{
			{Key: "path", Label: "file", Value: "~/vastdeck-" + time.Now().Format("20060102-150405") + ".tsv", Limit: 4096,
				Help: "a name that ends in .json is written as JSON, any other as a table; only you may read it"},
			{Key: "replace", Label: "replace", Kind: view.Toggle, Help: "a file of that name is kept unless this is on"},
		},
		Check: func(v view.Values) map[string]string {
			if strings.TrimSpace(v["path"]) == "" {
				return map[string]string{"path": "name a file"}
			}
			return nil
		},
		Submit: func(_ view.Env, v view.Values) view.Effect {
			path := strings.TrimSpace(v["path"])
			text := r.Text()
			if strings.HasSuffix(strings.ToLower(path), ".json") {
				data, err := r.JSON()
				if err != nil {
					return view.Do(view.FormFailed{Form: form, Text: err.Error()})
				}
				text = string(data) + "\n"
			}
			return view.Wait(m.cmd.WriteFile(form, path, text, v.On("replace")))
		},
	}}), true)
}

// onWritten closes the form that asked for a file, or says why there is none.
func (m *Model) onWritten(w command.FileWritten) tea.Cmd {
	if w.Err != nil {
		return m.apply(view.Do(view.FormFailed{Form: w.Form, Text: w.Err.Error()}), true)
	}
	text := "saved in "
	if w.Replaced {
		text = "replaced "
	}
	return m.apply(view.Do(view.FormDone{Form: w.Form}, view.Toast{Text: text + safetext.Clean(w.Path, 200), Level: view.Good}), true)
}

// movedSince is what newer facts say against a plan, offers that have left the
// market included. It looks at one offer at a time: a fleet has hundreds, and the
// market tens of thousands.
func (m *Model) movedSince(p rental.Plan) []rental.Change {
	list := p.Moved(nil, m.instancesSince(p))
	market := m.data.Offers.Value
	young := !market.Since.Before(p.Basis.At) // else some of the offers are older than the plan
	for n, f := range p.Basis.Facts {
		if f.Subject.Offer == 0 {
			continue
		}
		r, ok := market.Row(f.Subject.Offer)
		switch {
		case !ok:
		case r.Gone.After(p.Basis.At):
			list = append(list, rental.Change{Subject: f.Subject, What: "offer", Gone: true})
		case r.Gone.IsZero() && young:
			about := p
			about.Basis.Facts = p.Basis.Facts[n : n+1]
			list = append(list, about.Moved([]vastapi.Offer{*r.Offer}, nil)...)
		}
	}
	return dearer(list)
}

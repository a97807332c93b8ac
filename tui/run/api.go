package run

import (
	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// throughAPI has the plan for what goes through the API carried out, or asked about.
func (m *Model) throughAPI(d draft) view.Effect {
	if d.plan == nil {
		return view.Effect{}
	}
	return m.confirm(*d.plan, m.batch)
}

// confirm has a plan carried out for a command, after the question that it needs.
func (m *Model) confirm(p rental.Plan, b *batch) view.Effect {
	b.plan, b.agreed = p.ID, !typed(&p)
	planned := map[vastapi.InstanceID]bool{}
	for _, s := range p.Steps {
		planned[s.Subject.Instance] = true
	}
	for _, j := range b.jobs {
		switch {
		case j.way != viaAPI:
		case !planned[j.id]:
			j.phase, j.text = failed, "it was left out: it cannot be reached, or is being destroyed"
		case b.agreed:
			j.phase = waiting
		default:
			j.phase = asked
		}
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return m.again(env, b) }})
}

// again plans anew what goes through the API, for those of its hosts that are left.
func (m *Model) again(env view.Env, b *batch) view.Effect {
	if m.batch != b {
		return view.Effect{}
	}
	var left []route
	for _, j := range b.jobs {
		if i, ok := env.Data.Instance(j.id); ok && j.way == viaAPI {
			r := j.route
			r.instance = i
			left = append(left, r)
		}
	}
	p, err := planFor(env, left, b.line)
	if err != nil {
		return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
	}
	return m.done(env, m.confirm(p, b))
}

// executed takes in what came of a plan: what ran has its output read.
func (m *Model) executed(env view.Env, r rental.Report) view.Effect {
	if m.batch == nil || m.batch.plan != r.Plan.ID {
		return view.Effect{}
	}
	for _, s := range r.Done {
		if j := m.batch.job(s.Step.Subject.Instance); j != nil {
			j.ran(env, s)
		}
	}
	for _, list := range [][]rental.StepResult{r.Failed, r.Unknown, r.Skipped, r.NotTried} {
		for _, s := range list {
			if j := m.batch.job(s.Step.Subject.Instance); j != nil {
				j.phase, j.text = failed, reason(r, s)
			}
		}
	}
	return m.fetch(env)
}

func (j *job) ran(env view.Env, s rental.StepResult) {
	j.began, j.end, j.out = s.Sent, env.Now, s.Output
	if j.phase = fetching; !s.Output.Given() {
		j.phase = over
	}
}

// reason says why a step was not carried out.
func reason(r rental.Report, s rental.StepResult) string {
	switch {
	case s.Why != "":
		return s.Why
	case s.Err != nil:
		return view.Sentence(s.Err)
	case r.Err != nil:
		return view.Sentence(r.Err)
	}
	return "it was not tried"
}

// fetch reads what was printed, for a few hosts at a time.
func (m *Model) fetch(env view.Env) view.Effect {
	b := m.batch
	reading := 0
	for _, j := range b.jobs {
		if j.phase == fetching && j.reading {
			reading++
		}
	}
	var all []view.Effect
	for _, j := range b.jobs {
		if j.phase != fetching || j.reading || reading >= command.AtOnce {
			continue
		}
		reading++
		j.reading = true
		all = append(all, view.Wait(env.Load.LoadOutput(b.name, j.id, j.out)))
	}
	return view.Join(all...)
}

// outputRead takes in what a command has printed, or says why that is not known.
func (m *Model) outputRead(env view.Env, msg command.OutputRead) view.Effect {
	j := m.of(msg.Run, msg.Instance)
	if j == nil || j.phase != fetching {
		return view.Effect{}
	}
	j.phase, j.reading, j.text = over, false, ""
	switch {
	case vastapi.KindOf(msg.Err) == vastapi.KindNotReady:
		j.text = "its output has not arrived yet: r reads it again"
	case msg.Err != nil:
		j.text = "its output could not be read, r tries again: " + view.Sentence(msg.Err)
	default:
		j.out = vastapi.Output{}
		j.left = msg.Dropped
		lines := make([]printed, len(msg.Lines))
		for n, l := range msg.Lines {
			lines[n].text = l
		}
		j.more(lines)
	}
	return m.fetch(env)
}

// reread reads output anew that has not arrived.
func (m *Model) reread(env view.Env) view.Effect {
	for _, j := range m.batch.jobs {
		if j.phase == over && j.out.Given() {
			j.phase, j.text = fetching, ""
		}
	}
	return m.done(env, m.fetch(env))
}

// noReread says why there is no output to read anew.
func (m *Model) noReread() string {
	if m.batch != nil {
		for _, j := range m.batch.jobs {
			if j.phase == over && j.out.Given() {
				return ""
			}
		}
	}
	return "no output is missing"
}

package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// execute starts what was agreed to, at once or after the seconds in which it can
// be taken back.
func (m *Model) execute(p rental.Plan) tea.Cmd {
	m.clearStack()
	if m.holds(p) {
		return m.hold(p)
	}
	return m.begun(p)
}

// begun starts a plan and shows its progress in place of the question.
func (m *Model) begun(p rental.Plan) tea.Cmd {
	m.clearStack()
	cmd := m.carryOut(p)
	m.stack.Push(m.work[p.ID])
	return cmd
}

// carryOut starts a plan. Its progress is kept, shown or not, until it has ended.
func (m *Model) carryOut(p rental.Plan) tea.Cmd {
	m.work[p.ID] = dialog.NewProgress(p)
	m.session.touched.plan(p, time.Now())
	m.session.destroys(p)
	return m.cmd.Execute(p)
}

// onProgress notes how far a plan has come.
func (m *Model) onProgress(p command.PlanProgressed) tea.Cmd {
	if d := m.work[p.Plan]; d != nil {
		d.Step(p.Progress)
	}
	return tea.Batch(p.Next, m.readJournal())
}

// finish reports what came of a plan. When all went as planned the dialog goes
// away by itself, unless there is a list to look at; otherwise it stays, and comes
// back if it was hidden. The view changes only for somebody who was watching: keys
// typed meanwhile elsewhere are not meant for another view.
func (m *Model) finish(r rental.Report) tea.Cmd {
	d := m.work[r.Plan.ID]
	delete(m.work, r.Plan.ID)
	again := m.again[r.Plan.ID]
	watched := d != nil && m.stack.Top() == dialog.Dialog(d)
	m.session.touched.report(r, time.Now())
	reload := tea.Batch(m.inTurn(changed(r, m.many())...), m.cmd.ReadJournal(), m.cmd.DropHostKeys(destroyed(r)))
	switch {
	case clean(r) && !several(r):
		delete(m.again, r.Plan.ID)
		m.remove(d)
		m.toast(summary(r), view.Good)
		if id := rented(r); id != 0 && watched {
			return tea.Batch(reload, m.open(view.Instances, id))
		}
	case len(r.Moved) > 0 && again != nil:
		delete(m.again, r.Plan.ID)
		m.remove(d)
		m.toast("nothing was sent: "+changes(r.Moved), view.Warn)
		m.replan = append(m.replan, again)
	case d != nil:
		m.result(d, r)
	}
	return reload
}

// changed is what a plan may have changed: volumes only when it made one or was
// carried out on an instance that has some. Of very many instances those that it
// was about are read first.
func changed(r rental.Report, many bool) []command.Topic {
	topics := []command.Topic{command.Instances, command.User}
	if many {
		topics = []command.Topic{command.Some, command.User, command.Instances}
	}
	also := func(t command.Topic) {
		if !slices.Contains(topics, t) {
			topics = append(topics, t)
		}
	}
	for _, s := range r.Plan.Steps {
		switch s.Call.(type) {
		case vastapi.AcceptPriceIncrease, vastapi.RejectPriceIncrease:
			also(command.Increases)
		case vastapi.CreateVolume, vastapi.CloneVolume, vastapi.DeleteVolume:
			also(command.Volumes)
		}
		c, creates := s.Call.(vastapi.CreateInstance)
		if creates && c.Volume != nil || s.Was != nil && len(s.Was.Volumes) > 0 {
			also(command.Volumes)
		}
	}
	return topics
}

// result shows what came of a plan, until it is closed; W brings it back. Of a
// fleet that came out as wanted and that nobody watched only a line is shown.
func (m *Model) result(d *dialog.Progress, r rental.Report) {
	if m.ended != nil {
		delete(m.again, m.ended.Plan().ID)
	}
	m.ended = d
	d.Done(r, time.Now())
	level, text := view.Bad, summary(r)
	if clean(r) {
		level = view.Good
	}
	if !m.stack.Holds(d) {
		if clean(r) {
			text += " W shows the list."
		} else {
			m.stack.Push(d)
		}
	}
	m.toast(text, level)
}

// replanned works out anew what was refused because facts had changed, once
// those facts are here.
func (m *Model) replanned() tea.Cmd {
	list := m.replan
	m.replan = nil
	var cmds []tea.Cmd
	for _, again := range list {
		cmds = append(cmds, m.apply(again(m.env(), ""), false))
	}
	return tea.Batch(cmds...)
}

// busy names what is under way for each instance.
func (m *Model) busy() map[vastapi.InstanceID]string {
	if len(m.work) == 0 {
		return nil
	}
	out := map[vastapi.InstanceID]string{}
	for _, d := range m.work {
		for _, s := range d.Plan().Steps {
			if s.Subject.Instance != 0 {
				out[s.Subject.Instance] = s.Verb
			}
		}
	}
	return out
}

// watch brings the progress of what is under way back on the screen, or else what
// came of the newest plan.
func (m *Model) watch() view.Effect {
	if len(m.work) == 0 && m.ended != nil && !m.stack.Holds(m.ended) {
		m.stack.Push(m.ended)
	}
	for _, d := range m.work {
		if !m.stack.Holds(d) {
			m.stack.Push(d)
		}
	}
	return view.Effect{}
}

// destroyed are the instances that a plan was seen to have destroyed.
func destroyed(r rental.Report) []vastapi.InstanceID {
	var ids []vastapi.InstanceID
	for _, s := range r.Done {
		if c, ok := s.Step.Call.(vastapi.DestroyInstance); ok && s.Verified {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

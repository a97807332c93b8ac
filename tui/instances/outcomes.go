package instances

import (
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// heed takes the report of a plan: what was agreed to for the instances it made,
// and why others could not be changed. Those stay marked, with the reason.
func (m *Model) heed(r rental.Report) {
	for _, s := range r.Done {
		if a, ok := r.Plan.Agreed(s.Index); ok && s.Contract != 0 {
			m.agreed[s.Contract] = a
		}
		delete(m.failed, s.Step.Subject.Instance)
	}
	var ids []vastapi.InstanceID
	for _, list := range [][]rental.StepResult{r.Failed, r.Unknown, r.NotTried} {
		for _, s := range list {
			id := s.Step.Subject.Instance
			if id == 0 {
				continue
			}
			m.failed[id] = reason(r, s)
			ids = append(ids, id)
		}
	}
	if len(r.Plan.Steps) > 1 {
		m.markAlso(ids)
	}
}

// reason says why a step did not happen.
func reason(r rental.Report, s rental.StepResult) string {
	switch {
	case s.Why != "":
		return s.Step.Verb + " failed: " + s.Why
	case r.Err != nil:
		return s.Step.Verb + " was not tried: " + r.Err.Error()
	}
	return s.Step.Verb + " was not tried"
}

// markAlso marks instances, and leaves the cursor where it is.
func (m *Model) markAlso(ids []vastapi.InstanceID) {
	at, on := m.table.CursorKey()
	if !on {
		return // moving the cursor would put something under it
	}
	for _, id := range ids {
		if !m.table.IsMarked(id) && m.table.Select(id) {
			m.table.ToggleMark()
		}
	}
	m.table.Select(at)
}

// forgetGone drops what was noted of instances that do not exist any more.
func (m *Model) forgetGone(list []vastapi.Instance) {
	there := make(map[vastapi.InstanceID]bool, len(list))
	for n := range list {
		there[list[n].ID] = true
	}
	for id := range m.failed {
		if !there[id] {
			delete(m.failed, id)
		}
	}
	for id := range m.known {
		if !there[id] {
			delete(m.known, id)
		}
	}
	for id := range m.noted {
		if !there[id] {
			delete(m.noted, id)
		}
	}
}

package instances

import (
	"fmt"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// mostMarks is how many marks are remembered between runs. More are a filter rather than a choice.
const mostMarks = 200

// restoring is what an earlier run left marked, until the rows are here.
type restoring struct {
	marks  []int64
	cursor int64
	seen   uint64 // how often marks had changed when they were remembered last
	done   bool
}

// takeBack notes what was marked when the last run ended, and where its cursor was.
func (m *Model) takeBack(state feed.TableState) {
	m.marking.marks, m.marking.cursor = state.Marks, state.Cursor
}

// keepMarks marks what an earlier run left marked as soon as the rows are here, and remembers marks
// when they have changed. What is gone meanwhile is counted and dropped.
func (m *Model) keepMarks() view.Effect {
	r := &m.marking
	switch {
	case !m.synced || m.folded || m.table.Pending() || m.table.Total() == 0:
		return view.Effect{}
	case !r.done:
		r.done = true
		return m.restoreMarks()
	case m.table.Remarks() == r.seen:
		return view.Effect{}
	}
	r.seen = m.table.Remarks()
	return m.rememberTable()
}

func (m *Model) restoreMarks() view.Effect {
	r, gone := &m.marking, 0
	for _, id := range r.marks {
		if !m.table.Mark(vastapi.InstanceID(id)) {
			gone++
		}
	}
	if r.cursor != 0 && m.want == 0 && m.trail == nil {
		m.table.Select(vastapi.InstanceID(r.cursor))
	}
	r.seen = m.table.Remarks()
	if gone == 0 {
		return view.Effect{}
	}
	return view.Join(view.Do(view.Toast{Text: fmt.Sprintf("%d of %s that were marked are gone", gone, plural(len(r.marks), "instance")), Level: view.Info}), m.rememberTable())
}

// marked are the ids of what is marked, as far as they are remembered.
func (m *Model) marked() (ids []int64) {
	r := &m.marking
	if !r.done || m.folded {
		return r.marks
	}
	for _, one := range m.plain {
		if m.table.IsMarked(one.ID) {
			ids = append(ids, int64(one.ID))
		}
	}
	if len(ids) > mostMarks {
		ids = nil
	}
	r.marks = ids
	return ids
}

// pointed is the id of the row under the cursor, 0 when there is none.
func (m *Model) pointed() int64 {
	if id, ok := m.table.CursorKey(); ok && m.marking.done && !m.folded {
		m.marking.cursor = int64(id)
	}
	return m.marking.cursor
}

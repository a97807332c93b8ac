package logs

import (
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/logview"
)

// step is what a step of work answers: only that it is its turn.
type step struct{}

// merge takes in what is new in an answer. The first one may be as large as all
// that can be held: it is taken in piece by piece.
func (m *Model) merge(s *source, msg command.LogsRead) {
	switch {
	case len(msg.Lines) == 0:
	case s.lines == 0:
		s.pending, s.pendingAt = msg.Lines, msg.At
	default:
		added := m.log.MergeTail(s.name, msg.Lines, msg.At)
		s.lines += added
		if added == len(msg.Lines) {
			s.jumped()
		}
	}
}

// work takes in a piece of what waits, or goes on with the filter and the search.
// While something is left it is told again, in a message of its own.
func (m *Model) work(env view.Env) view.Effect {
	if m.working {
		return view.Effect{}
	}
	m.piece()
	if !m.log.Work() && !m.waits() {
		return view.Effect{}
	}
	m.working = true
	return view.Wait(command.Compute(env.Load, "logs/work", func() step { return step{} }))
}

func (m *Model) waits() bool {
	for _, s := range m.sources {
		if len(s.pending) > 0 {
			return true
		}
	}
	return false
}

// piece takes in a piece of the first source that waits.
func (m *Model) piece() {
	for _, s := range m.sources {
		if len(s.pending) == 0 {
			continue
		}
		lines, rest := logview.Piece(s.pending, s.pendingAt)
		if s.pending = rest; len(rest) == 0 {
			s.pending, s.pendingAt = nil, time.Time{}
		}
		s.lines += len(lines)
		m.log.Append(s.name, lines)
		return
	}
}

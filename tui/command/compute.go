package command

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// Computed answers Compute.
type Computed[T any] struct {
	Answer
	Value T
}

// Compute does pure work of a view, such as filtering and sorting many rows, away
// from Update. The newest of a topic counts; the answers of older ones are
// dropped. A topic is one of the view's own, e.g. "market/rows". work must not touch what Update may change meanwhile: it is given
// copies, and values of the snapshot, which never change in place.
func Compute[T any](l Loads, topic Topic, work func() T) tea.Cmd {
	return Run(l.s.Runner, topic, func(context.Context) (T, error) { return work(), nil },
		func(a Answer, v T) tea.Msg { return Computed[T]{a, v} })
}

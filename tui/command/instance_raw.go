package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// InstanceRawRead answers LoadInstanceRaw.
type InstanceRawRead struct {
	Answer
	Instance vastapi.InstanceID
	Lines    *safetext.Lines // inert, secrets masked; nil with an error
}

// LoadInstanceRaw asks for an instance as the server gives it now, one field a line.
// It is nil while nobody is logged in.
func (l Loads) LoadInstanceRaw(id vastapi.InstanceID) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, Topic("raw instance/"+id.String()),
		func(ctx context.Context) (*safetext.Lines, error) {
			return api.InstanceRaw(vastapi.WithPriority(ctx, vastapi.PriorityTyped), id)
		},
		func(a Answer, lines *safetext.Lines) tea.Msg {
			return InstanceRawRead{Answer: a, Instance: id, Lines: lines}
		})
}

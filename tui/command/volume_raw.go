package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// VolumeRawRead answers LoadVolumeRaw.
type VolumeRawRead struct {
	Answer
	Volume vastapi.VolumeID
	Lines  *safetext.Lines // inert, secrets masked; nil with an error
}

// LoadVolumeRaw asks for a volume as the server gives it now, one field a line. It is
// nil while nobody is logged in.
func (l Loads) LoadVolumeRaw(id vastapi.VolumeID) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, Topic("raw volume/"+id.String()),
		func(ctx context.Context) (*safetext.Lines, error) {
			return api.VolumeRaw(vastapi.WithPriority(ctx, vastapi.PriorityTyped), id)
		},
		func(a Answer, lines *safetext.Lines) tea.Msg {
			return VolumeRawRead{Answer: a, Volume: id, Lines: lines}
		})
}

package volumes

import (
	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// rawPage is a volume in the server's own words.
type rawPage struct {
	textPage
	raw *listing.Raw
	id  vastapi.VolumeID
}

// openRaw asks for a volume as the server gives it now, and shows that.
func (m *Model) openRaw(env view.Env, id vastapi.VolumeID) view.Effect {
	ask := env.Load.LoadVolumeRaw(id)
	raw := listing.NewRaw("Volume "+id.String(), "the volume as JSON", ask != nil, env.Theme)
	m.show(rawPage{textPage{&raw.Text}, &raw, id})
	return view.Wait(ask)
}

// rawRead shows the server's own words, or says why they are not to be had.
func (m *Model) rawRead(msg command.VolumeRawRead) {
	if p, ok := m.page.(rawPage); ok && p.id == msg.Volume {
		p.raw.Answer(msg.Lines, msg.Err, "")
	}
}

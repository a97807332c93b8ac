package instances

import (
	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// rawPage is an instance in the server's own words.
type rawPage struct {
	textPage
	raw *listing.Raw
	id  vastapi.InstanceID
}

// openRaw asks for an instance as the server gives it now, and shows that.
func (m *Model) openRaw(env view.Env, id vastapi.InstanceID) view.Effect {
	ask := env.Load.LoadInstanceRaw(id)
	raw := listing.NewRaw("Instance "+id.String(), "the instance as JSON", ask != nil, env.Theme)
	m.show(rawPage{textPage{&raw.Text}, &raw, id})
	return view.Wait(ask)
}

// rawRead shows the server's own words, or says why they are not to be had.
func (m *Model) rawRead(msg command.InstanceRawRead) {
	if p, ok := m.page.(rawPage); ok && p.id == msg.Instance {
		p.raw.Answer(msg.Lines, msg.Err, "; secrets are masked")
	}
}

package volumes

import (
	"strings"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/reader"
	"vastdeck/vastapi"
)

// rawPage is a volume in the server's own words.
type rawPage struct {
	*textPage
	id vastapi.VolumeID
}

// openRaw asks for a volume as the server gives it now, and shows that.
func (m *Model) openRaw(env view.Env, id vastapi.VolumeID) view.Effect {
	ask := env.Load.LoadVolumeRaw(id)
	title := "Volume " + id.String() + ", asking for the server's own words…"
	if ask == nil {
		title = "Volume " + id.String() + ": there is no account to ask yet"
	}
	m.show(rawPage{newTextPage(title, "the volume as JSON", "", env.Theme), id})
	return view.Wait(ask)
}

// rawRead shows the server's own words, or says why they are not to be had.
func (m *Model) rawRead(msg command.VolumeRawRead) {
	p, ok := m.page.(rawPage)
	if !ok || p.id != msg.Volume {
		return
	}
	if msg.Err != nil || msg.Lines == nil {
		why := "the server does not give it now"
		if msg.Err != nil {
			why = view.Sentence(msg.Err)
		}
		p.Set("Volume "+p.id.String()+": "+why, reader.Text(nil))
		return
	}
	var lines []string
	for _, l := range msg.Lines.All() {
		lines = append(lines, l)
	}
	p.text = strings.Join(lines, "\n")
	p.Set("Volume "+p.id.String()+" as the server gives it now", reader.Text(lines))
}

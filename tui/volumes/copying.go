package volumes

import (
	"strings"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// newCopyMenu lists what can be copied of a volume.
func newCopyMenu(m *Model, id vastapi.VolumeID) *menu {
	return &menu{Menu: listing.Menu{
		Title: "Copy of volume " + id.String(), Verb: "copy it", Empty: "the volume is gone",
		List: func(view.Env) []listing.Choice {
			r, there := m.get(id)
			if !there {
				return nil
			}
			return copies(r)
		},
	}}
}

func copies(r *row) []listing.Choice {
	var list []listing.Choice
	add := func(label, text, what, none string) {
		c := listing.Choice{Label: label, Detail: text}
		if text == "" {
			c.Why = none
		}
		c.Do = func() view.Effect { return view.Do(view.Copy{Text: text, What: what}) }
		list = append(list, c)
	}
	id := r.ID.String()
	add("mount flag", rental.MountFlag(r.ID, mountAt), "the mount flag", "")
	add("id", id, "the volume's id", "")
	add("V.id", "V."+id, "the volume's id", "")
	if r.MachineID > 0 {
		add("rent line", createLine(r.ID), "the line", "")
		add("machine", r.MachineID.String(), "the machine's id", "")
	}
	add("name", strings.TrimSpace(r.Name.String()), "the volume's name", "it has none")
	add("row", rowText(r), "the row", "")
	return list
}

// createLine is how the official client is told to rent with a volume.
func createLine(id vastapi.VolumeID) string {
	return "vastai create instance OFFER --env '" + rental.MountFlag(id, mountAt) + "'"
}

// rowText is a volume as one line of text.
func rowText(r *row) string {
	return strings.Join([]string{
		r.ID.String(), figure.Text(r.Name.String()), stateWords[r.state], size(r.Size), rate(r.Hourly), amount(r.Hourly.Month()) + " a month",
		"machine " + r.MachineID.String(), figure.Text(place(r.Geolocation.String())),
	}, " · ")
}

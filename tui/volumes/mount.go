package volumes

import (
	"fmt"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// mountPage says how a volume gets into an instance; after a volume was made it is what
// came of that.
type mountPage struct {
	*factsPage
	id vastapi.VolumeID
}

// newMountPage opens it; made says that the volume is new.
func newMountPage(id vastapi.VolumeID, made bool) mountPage {
	title := "How volume " + id.String() + " gets into an instance"
	if made {
		title = "Volume " + id.String() + " was made"
	}
	p := mountPage{id: id, factsPage: &factsPage{title: title}}
	p.factsPage.facts = func(env view.Env) []pane.Fact { return mountFacts(env, id) }
	p.factsPage.keys = func(m *Model, env view.Env) []view.Action { return p.keys(m, env) }
	return p
}

// volume is what is known of it now.
func (p mountPage) volume(env view.Env) (*row, bool) {
	list := known(env, []vastapi.VolumeID{p.id})
	if len(list) == 0 {
		return nil, false
	}
	return rowOf(&list[0], holdersOf(list, env.Data.Instances.Value.Instances), env.Data.Volumes.At), true
}

func (p mountPage) keys(_ *Model, env view.Env) []view.Action {
	const missing = "it is not in the list yet: wait for it"
	r, there := p.volume(env)
	rent, help := missing, ""
	if there {
		rent = firstOf(env.Changing(""), busy(r))
	}
	flag := rental.MountFlag(p.id, mountAt)
	if !there {
		help = missing
	}
	return []view.Action{
		act("r", "rent an instance with it…", rent, func() view.Effect { return rentWith(r) }),
		act("y", "copy "+flag, "", func() view.Effect { return view.Do(view.Copy{Text: flag, What: "the mount flag"}) }),
		quiet("Y", "copy all of it", help, func() view.Effect {
			text := mountText(p.id, r.MachineID)
			return view.Do(view.Copy{Text: text, What: "how to mount it", Shown: listing.LineCount(text)})
		}),
		quiet("C", "copy the line of the official client", "", func() view.Effect {
			return view.Do(view.Copy{Text: createLine(p.id), What: "the line"})
		}),
	}
}

func mountFacts(env view.Env, id vastapi.VolumeID) []pane.Fact {
	facts := []pane.Fact{{Label: "mount flag", Value: rental.MountFlag(id, mountAt), Class: theme.Link}}
	r, there := mountPage{id: id}.volume(env)
	if !there {
		return append(facts, pane.Fact{Label: "volume", Value: id.String() + " is not in the list yet: it is read again", Class: theme.Dim})
	}
	text, class := statusCell(r)
	facts = append(facts,
		pane.Fact{Label: "volume", Value: fmt.Sprintf("%s, %s, fixed for good", id, size(r.Size))},
		pane.Fact{Label: "status", Value: text, Class: class},
		pane.Fact{Label: "machine", Value: r.MachineID.String()},
		pane.Fact{Label: "costs", Value: rate(r.Hourly) + ", " + amount(r.Hourly.Month()) + " a month, until it is deleted", Class: theme.Money},
		pane.Fact{},
	)
	for n, line := range rental.MountHelp(id, r.MachineID) {
		f := pane.Fact{Value: line}
		if n == 0 {
			f.Label = "how"
		}
		facts = append(facts, f)
	}
	facts = append(facts,
		pane.Fact{},
		pane.Fact{Label: "r here", Value: fmt.Sprintf("shows the offers of machine %s and opens their rent form with the volume linked at %s; another folder can be typed there", r.MachineID, mountAt)},
		pane.Fact{Label: "rules", Value: "it is attached when an instance is rented, never later; one instance at a time has it; virtual machines cannot"},
	)
	if len(r.holders) > 0 {
		facts = append(facts, pane.Fact{Label: "in use", Value: "by " + r.who() + ": it is free again when that is destroyed", Class: theme.Warn})
	}
	return append(facts, pane.Fact{Label: "name", Value: figure.Text(r.Name.String()), Class: theme.Strong},
		pane.Fact{Label: "region", Value: figure.Text(place(r.Geolocation.String()))})
}

// heed shows what came of a plan that made a volume, unless something else is being read
// or typed.
func (m *Model) heed(env view.Env, report rental.Report) view.Effect {
	for _, s := range report.Done {
		if s.Volume == 0 {
			continue
		}
		if _, rents := s.Step.Call.(vastapi.CreateInstance); rents {
			continue
		}
		m.want = s.Volume
		m.selectWanted()
		if m.page == nil && !m.query.Focused() || m.page == page(m.places) && m.places != nil && !m.places.capturing() {
			m.page = newMountPage(s.Volume, true)
		}
		return view.Effect{}
	}
	return view.Effect{}
}

package instances

import (
	"fmt"
	"slices"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// several stands for a fact that the members of a group do not share.
var several = safetext.New("several")

// fold gives one row for each group of names (train-1, train-2 … are train) in
// place of its members. What is done to such a row is done to all of them.
func fold(rows []*row) []*row {
	byID := make(map[vastapi.InstanceID]*row, len(rows))
	list := make([]vastapi.Instance, len(rows))
	for n, r := range rows {
		byID[r.ID], list[n] = r, r.Instance
	}
	grouped := map[vastapi.InstanceID]bool{}
	var out []*row
	for _, g := range rental.Groups(list) {
		r := &row{name: g.Name, state: g.Worst}
		for _, id := range g.Instances {
			m := byID[id]
			grouped[id] = true
			r.members = append(r.members, m)
			if m.failed != "" && r.failed == "" {
				r.failed = m.name + ": " + m.failed
			}
			r.wrong = append(r.wrong, m.wrong...)
			r.leftover = r.leftover || m.leftover
		}
		r.Instance = sumOf(r.members)
		out = append(out, r)
	}
	for _, r := range rows {
		if !grouped[r.ID] {
			out = append(out, r)
		}
	}
	return out
}

// sumOf is an instance that stands for a group: its id is none that an instance
// has, and a fact that its members do not share is not told.
func sumOf(members []*row) vastapi.Instance {
	first := members[0].Instance
	sum := vastapi.Instance{ID: -first.ID, GPUName: first.GPUName, Image: first.Image, Geolocation: first.Geolocation, Bid: first.Bid, GPUUtil: vastapi.Unknown[float64]()}
	for _, r := range members {
		sum.NumGPUs += r.NumGPUs
		sum.Disk += r.Disk
		if !r.GPUName.Equal(first.GPUName) {
			sum.GPUName = several
		}
		if !r.Image.Equal(first.Image) {
			sum.Image = several
		}
		if !r.Geolocation.Equal(first.Geolocation) {
			sum.Geolocation = several
		}
	}
	return sum
}

// each are the instances that a row stands for.
func (r *row) each() []*row {
	if r.members != nil {
		return r.members
	}
	return []*row{r}
}

// total adds up a rate of all instances that a row stands for.
func (r *row) total(of func(*vastapi.Instance) vastapi.Rate) vastapi.Rate {
	var sum vastapi.Rate
	for _, m := range r.each() {
		sum += of(&m.Instance)
	}
	return sum
}

func whileRunning(i *vastapi.Instance) vastapi.Rate { return pricing.Running(i).Total() }

// unfolded replaces the rows of groups by those of their members.
func unfolded(rows []*row) []*row {
	var out []*row
	for _, r := range rows {
		out = append(out, r.each()...)
	}
	return out
}

// groupFacts lists the members of a group.
func groupFacts(r *row) []pane.Fact {
	facts := []pane.Fact{
		{Label: "group", Value: fmt.Sprintf("%d instances named %s-…", len(r.members), figure.Text(r.name)), Class: theme.Strong},
		{Label: "billed now", Value: figure.Rate(float64(r.total(pricing.Now))), Class: theme.Money},
		{Label: "running", Value: figure.Rate(float64(r.total(whileRunning))), Class: theme.Money},
		{},
	}
	for _, m := range r.members {
		facts = append(facts, pane.Fact{
			Label: m.ID.String(),
			Value: fmt.Sprintf("%s %s, %s, %s, machine %s, %s", glyph(m.state), m.state.Word, figure.Rate(float64(pricing.Now(&m.Instance))), gpu(m), m.MachineID, figure.Text(m.name)),
			Class: class(m.state),
		})
	}
	return facts
}

// toggleFold shows groups in place of their members, or the members again. Marks
// are taken away: they would stand for something else.
func (m *Model) toggleFold(env view.Env) view.Effect {
	m.folded = !m.folded
	m.table.ClearMarks()
	m.list(env)
	return view.Effect{}
}

// unfoldFor shows the members of groups again when one of them is looked for.
func (m *Model) unfoldFor(env view.Env, id vastapi.InstanceID) {
	if !m.folded || !slices.ContainsFunc(m.table.Rows(), func(r *row) bool {
		return slices.ContainsFunc(r.members, func(member *row) bool { return member.ID == id })
	}) {
		return
	}
	m.folded = false
	m.list(env)
}

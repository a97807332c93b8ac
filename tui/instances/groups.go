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
// place of those of its members that keep admits; nil admits all. What is done to
// such a row is done to all of them, and to nothing that is not shown.
func fold(rows []*row, keep func(*row) bool) []*row {
	byName := map[string]*row{}
	var out []*row
	for _, m := range rows {
		name := ""
		if m.state.Class != rental.ClassTerminal {
			name = rental.GroupName(&m.Instance)
		}
		g := byName[name]
		if name != "" && g == nil {
			g = &row{name: name, state: m.state, at: m.at}
			g.ID = -m.ID // also when its first member is not admitted: the cursor knows it by that
			byName[name] = g
		}
		switch {
		case keep != nil && !keep(m):
		case name == "":
			out = append(out, m)
		default:
			if len(g.members) == 0 {
				out = append(out, g)
			}
			g.add(m)
		}
	}
	for n, g := range out {
		switch {
		case len(g.members) == 1:
			out[n] = g.members[0]
		case g.members != nil:
			g.Instance = sumOf(g.members, g.ID)
		}
	}
	return out
}

// add takes in a member of a group.
func (r *row) add(m *row) {
	if len(r.members) == 0 || rental.Worse(m.state, r.state) {
		r.state = m.state
	}
	r.members = append(r.members, m)
	if m.state.Class == rental.ClassRunning {
		r.run++
	}
	if m.failed != "" && r.failed == "" {
		r.failed = m.name + ": " + m.failed
	}
	for _, p := range m.problems {
		if len(r.problems) == 0 || p.Level > r.problems[0].Level {
			p.Evidence = m.called() + ": " + p.Evidence
			r.problems = []rental.Problem{p} // the worst one of all members
		}
	}
	r.wrong = append(r.wrong, m.wrong...)
	r.leftover = r.leftover || m.leftover
	r.troubled = r.troubled || m.troubled
}

// called is its name, or its id when it has none.
func (r *row) called() string {
	if r.name == "" {
		return r.ID.String()
	}
	return figure.Text(r.name)
}

// membersOf are the instances by the name of their group, those left out that are
// being destroyed already, and how many groups of two and more there are.
func membersOf(rows []*row) (members map[string][]*row, groups int) {
	members = map[string][]*row{}
	for _, r := range rows {
		if name := rental.GroupName(&r.Instance); name != "" && r.state.Class != rental.ClassTerminal {
			members[name] = append(members[name], r)
			if len(members[name]) == 2 {
				groups++
			}
		}
	}
	return members, groups
}

// sumOf is an instance that stands for a group: its id is none that an instance
// has, and a fact that its members do not share is not told.
func sumOf(members []*row, id vastapi.InstanceID) vastapi.Instance {
	first := members[0].Instance
	sum := vastapi.Instance{ID: id, GPUName: first.GPUName, Image: first.Image, Geolocation: first.Geolocation, Bid: first.Bid, GPUUtil: vastapi.Unknown[float64]()}
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

// groupTold is the detail of a group, which may have hundreds of members.
type groupTold struct {
	row   *row
	facts []pane.Fact
}

// groupFacts lists the members of a group.
func groupFacts(r *row) []pane.Fact {
	facts := []pane.Fact{
		{Label: "group", Value: fmt.Sprintf("%d instances named %s-…", len(r.members), figure.Text(r.name)), Class: theme.Strong},
		{Label: "billed now", Value: figure.Rate(float64(r.total(pricing.Now))), Class: theme.Money},
		{Label: "running", Value: figure.Rate(float64(r.total(whileRunning))), Class: theme.Money},
		{},
	}
	for _, m := range r.members[:min(len(r.members), mostTold)] {
		text, class := statusCell(m)
		facts = append(facts, pane.Fact{
			Label: m.ID.String(),
			Value: fmt.Sprintf("%s, %s, %s, machine %s, %s", text, figure.Rate(float64(pricing.Now(&m.Instance))), gpu(m), m.MachineID, figure.Text(m.name)),
			Class: class,
		})
		if len(m.problems) > 0 {
			facts = append(facts, pane.Fact{Value: firstProblem(m), Class: problemClass(m.problems[0].Level)})
		}
	}
	if more := len(r.members) - mostTold; more > 0 {
		facts = append(facts, pane.Fact{Value: fmt.Sprintf("and %d more: z shows all of them", more), Class: theme.Dim})
	}
	return facts
}

// mostTold is how many members of a group its detail lists.
const mostTold = 50

// toggleFold shows groups in place of their members, or the members again. Marks
// are taken away: they would stand for something else. The cursor goes to the group
// of its instance, or to the first member of its group.
func (m *Model) toggleFold(env view.Env) view.Effect {
	m.leaveTrail()
	m.folded = !m.folded
	m.table.ClearMarks()
	e := m.fill(env)
	m.settle()
	return e
}

// unmarkGrown takes the marks of groups away that have more members in rows than when
// they were marked: what has joined was not meant.
func (m *Model) unmarkGrown(rows []*row) view.Effect {
	marked := map[vastapi.InstanceID]*row{}
	for _, r := range m.table.Marked() {
		if r.members != nil {
			marked[r.ID] = r
		}
	}
	if len(marked) == 0 {
		return view.Effect{}
	}
	var names []string
	for _, now := range rows {
		was := marked[now.ID]
		if was == nil {
			continue
		}
		meant := make(map[vastapi.InstanceID]bool, len(was.members))
		for _, one := range was.members {
			meant[one.ID] = true
		}
		if slices.ContainsFunc(now.members, func(one *row) bool { return !meant[one.ID] }) {
			m.table.Unmark(now.ID)
			names = append(names, now.called())
		}
	}
	if len(names) == 0 {
		return view.Effect{}
	}
	text := fmt.Sprintf("group %s has grown since it was marked: its mark was taken away", names[0])
	if len(names) > 1 {
		text = fmt.Sprintf("%d groups have grown since they were marked: their marks were taken away", len(names))
	}
	return view.Do(view.Toast{Text: text, Level: view.Warn})
}

// follow puts the cursor on what a row has become, and reports whether that is shown.
func (m *Model) follow(was *row) bool {
	if m.table.Pending() {
		return false
	}
	if m.table.Select(was.ID) {
		return true
	}
	for _, one := range was.members {
		if m.table.Select(one.ID) {
			return true
		}
	}
	for n := range m.table.Shown() {
		if r, ok := m.table.At(n); ok && slices.ContainsFunc(r.members, func(one *row) bool { return one.ID == was.ID }) {
			return m.table.Select(r.ID)
		}
	}
	return false
}

// noGroups says why there is nothing to fold, or "".
func (m *Model) noGroups() string {
	if !m.folded && m.groups == 0 {
		return "no two instances belong together: a group is named like train-1, train-2"
	}
	return ""
}

// unfoldFor shows the members of groups again when one of them is looked for.
func (m *Model) unfoldFor(env view.Env, id vastapi.InstanceID) view.Effect {
	if !m.folded || !slices.ContainsFunc(m.table.Rows(), func(r *row) bool {
		return slices.ContainsFunc(r.members, func(member *row) bool { return member.ID == id })
	}) {
		return view.Effect{}
	}
	m.folded = false
	return m.fill(env)
}

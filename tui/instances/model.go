package instances

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// Model is the list of instances.
type Model struct {
	table  table.Model[vastapi.InstanceID, *row]
	query  listing.Line[row]
	detail bool
	scroll int                // of the detail
	want   vastapi.InstanceID // to be selected as soon as it is in the list
	folded bool               // one row for each group of names
	turn   int                // how often the rows have been made from the instances
	trail  *row               // what the cursor follows into rows that are being made, nil = nothing
	page   page               // what stands in place of the list, nil = nothing does
	full   bool               // the detail takes the room of the list too

	told     groupTold        // the detail of the group that was shown last
	updating vastapi.Instance // what the update form that was opened last began with; its ID is 0 before the first

	seen    int               // revision of the instances that the rows are made from, -1 = none
	plain   []*row            // one for each instance, in the order of the answer
	groups  int               // of two and more instances
	members map[string][]*row // by the name of their group
	sum     tally
	only    bool // those with a problem alone
	busy    busy // what is under way, as the rows show it
	synced  bool // the memory has been looked at
	former  listing.Former[vastapi.InstanceID, *row]

	starts map[vastapi.InstanceID]rental.Startup     // those that come up, or have in this run
	judged map[vastapi.InstanceID]rental.VerdictKind // the verdict that was noted last
	agreed map[vastapi.InstanceID]rental.Asked       // what was agreed to for what was rented in this run
	wrong  []wrong                                   // what is not as asked for
	differ map[vastapi.InstanceID][]rental.Difference
	known  map[vastapi.InstanceID]string // the differences that were acknowledged
	noted  map[vastapi.InstanceID]string // and those that are in the activity
	deeds  deeds                         // what the journal tells
	failed map[vastapi.InstanceID]string // why the newest change of it did not happen
}

// row is an instance with what is derived from it once per answer.
type row struct {
	vastapi.Instance
	name  string // the label without the token of the rental
	state rental.State
	word  string    // the state as it is shown, with how long it lasts
	at    time.Time // when all this was so

	problems  []rental.Problem // the worst first
	idleSince time.Time        // zero = its GPU is used, or nothing is known
	spent     pricing.Accrued  // what it has cost so far
	run       int              // of the members of a group
	troubled  bool             // it wants looking at, for whatever reason

	start    rental.Startup     // with Instance 0 when it was up already
	verdict  rental.VerdictKind // of that start
	wrong    []rental.Difference
	leftover bool
	failed   string

	members []*row // of a group that is shown as one row, else nil
}

// New returns the view.
func New(th *theme.Theme) *Model {
	m := &Model{
		table: table.New(func(r *row) vastapi.InstanceID { return r.ID }, nil, th),
		query: listing.NewLine(language, th), seen: -1,

		judged: map[vastapi.InstanceID]rental.VerdictKind{}, agreed: map[vastapi.InstanceID]rental.Asked{},
		known: map[vastapi.InstanceID]string{}, noted: map[vastapi.InstanceID]string{}, failed: map[vastapi.InstanceID]string{},
	}
	m.table.SetColumns(columns(&m.busy))
	m.table.ShowPosition, m.table.Offload = true, true
	m.table.Sort("id", false)
	m.former = listing.Former[vastapi.InstanceID, *row]{List: memoryName, View: view.Instances, Name: nameOf, Find: listing.ByKey(&m.table, listing.ID[vastapi.InstanceID])}
	m.query.Placeholder = "type / to filter:  worker  4090  -stopped  util<5  ends<24h  problem=idle"
	return m
}

// Title is the tab's label with the number of instances.
func (m *Model) Title(env view.Env) (string, string) {
	if !env.Data.Instances.Told() {
		return "Instances", ""
	}
	return "Instances", fmt.Sprint(len(env.Data.Instances.Value.Instances))
}

// Capturing reports whether the filter is being typed, or a line of the open page.
func (m *Model) Capturing() bool {
	if m.page != nil {
		return m.page.capturing()
	}
	return m.query.Focused()
}

// Update takes new data, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	start := view.Effect{}
	if !m.synced {
		start = m.begin(env)
	}
	m.busyNow(env)
	e := view.Join(start, m.hear(env, msg))
	return view.Join(e, m.former.Update(env, msg, &m.table, m.stand(env)))
}

func (m *Model) hear(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case command.InstancesLoaded:
		return m.load(env)
	case command.JournalRead:
		m.deeds.read(env)
		return m.judge(env)
	case command.PlanExecuted:
		m.heed(msg.Report)
		return m.judge(env)
	case command.Computed[reading]:
		return m.worked(env, msg)
	case command.Computed[arrangement]:
		return m.arranged(env, msg)
	case command.Computed[folding]:
		return m.foldedRows(env, msg)
	case command.MemoryLoaded:
		return m.begin(env)
	case command.Beat:
		m.table.SetFlash(msg.At)
	case command.InstanceRawRead:
		m.rawRead(msg)
	case command.TemplatesRead:
		return m.offerTemplates(env)
	case view.Focused:
		if s, ok := msg.On.(spot); ok {
			return m.returnTo(env, s)
		}
		if id, ok := msg.On.(vastapi.InstanceID); ok {
			m.want = id
			e := m.unfoldFor(env, id)
			m.selectWanted()
			return e
		}
	case tea.BackgroundColorMsg:
		m.table.SetTheme(env.Theme)
		m.query.SetTheme(env.Theme)
		if p, ok := m.page.(interface{ SetTheme(*theme.Theme) }); ok {
			p.SetTheme(env.Theme)
		}
	case tea.KeyPressMsg, tea.PasteMsg:
		if m.page != nil {
			return m.page.key(m, env, msg)
		}
		return m.key(env, msg)
	}
	return view.Effect{}
}

// selectWanted puts the cursor on an instance that was just rented, once it is listed.
func (m *Model) selectWanted() {
	if m.want != 0 && m.table.Select(m.want) {
		m.want = 0
	}
}

// chosen are the marked rows, or the one under the cursor, groups as their members. While an instance
// that was just rented is waited for, or the list is being arranged, the cursor is on none.
func (m *Model) chosen() []*row {
	if m.table.Pending() {
		return nil
	}
	if marked := m.table.Marked(); len(marked) > 0 {
		return unfolded(marked)
	}
	if r, ok := m.table.Cursor(); ok && m.want == 0 {
		return r.each()
	}
	return nil
}

// targets are the instances of rows, as they are known now.
func targets(rows []*row) []vastapi.Instance {
	out := make([]vastapi.Instance, len(rows))
	for n, r := range rows {
		out[n] = r.Instance
	}
	return out
}

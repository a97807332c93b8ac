package instances

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// Model is the list of instances.
type Model struct {
	table  table.Model[vastapi.InstanceID, *row]
	query  queryline.Model
	detail bool
	scroll int // of the detail
	seen   time.Time
	want   vastapi.InstanceID // to be selected as soon as it is in the list
	folded bool               // one row for each group of names

	starts map[vastapi.InstanceID]rental.Startup     // those that come up, or have in this run
	judged map[vastapi.InstanceID]rental.VerdictKind // the verdict that was noted last
	agreed map[vastapi.InstanceID]rental.Asked       // what was agreed to for what was rented in this run
	wrong  []wrong                                   // what is not as asked for
	known  map[vastapi.InstanceID]string             // the differences that were acknowledged
	noted  map[vastapi.InstanceID]string             // and those that are in the activity
	deeds  deeds                                     // what the journal tells
	failed map[vastapi.InstanceID]string             // why the newest change of it did not happen
}

// row is an instance with what is derived from it once per answer.
type row struct {
	vastapi.Instance
	name  string // the label without the token of the rental
	state rental.State

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
		table: table.New(func(r *row) vastapi.InstanceID { return r.ID }, columns(), th),
		query: queryline.New(th),

		judged: map[vastapi.InstanceID]rental.VerdictKind{}, agreed: map[vastapi.InstanceID]rental.Asked{},
		known: map[vastapi.InstanceID]string{}, noted: map[vastapi.InstanceID]string{}, failed: map[vastapi.InstanceID]string{},
	}
	m.table.Sort("id", false)
	m.query.Placeholder = "type / to filter by name, GPU, status, machine or place"
	return m
}

// Title is the tab's label with the number of instances.
func (m *Model) Title(env view.Env) (string, string) {
	if !env.Data.Instances.Told() {
		return "Instances", ""
	}
	return "Instances", fmt.Sprint(len(env.Data.Instances.Value.Instances))
}

// Capturing reports whether the filter is being typed.
func (m *Model) Capturing() bool { return m.query.Focused() }

// Update takes new data, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case command.InstancesLoaded:
		return m.load(env)
	case command.JournalRead:
		m.deeds.read(env)
		m.sinceSent()
		return m.judge(env)
	case command.PlanExecuted:
		m.heed(msg.Report)
		return m.judge(env)
	case command.Beat:
		m.table.SetFlash(msg.At)
	case view.Focused:
		if id, ok := msg.On.(vastapi.InstanceID); ok {
			m.want = id
			m.unfoldFor(env, id)
			m.selectWanted()
		}
	case tea.BackgroundColorMsg:
		m.table.SetTheme(env.Theme)
		m.query.SetTheme(env.Theme)
	case tea.KeyPressMsg, tea.PasteMsg:
		m.key(msg)
	}
	return view.Effect{}
}

func (m *Model) load(env view.Env) view.Effect {
	f := env.Data.Instances
	if f.At.Equal(m.seen) {
		return view.Effect{}
	}
	m.seen = f.At
	m.deeds.read(env)
	m.forgetGone(f.Value.Instances)
	m.follow(env)
	return m.judge(env)
}

// judge works out anew how the instances stand, and notes what is news.
func (m *Model) judge(env view.Env) view.Effect {
	if !env.Data.Instances.Told() {
		return view.Effect{}
	}
	m.compare(env)
	m.list(env)
	m.unfoldFor(env, m.want)
	m.selectWanted()
	return view.Do(append(m.startEvents(env), m.differEvents(env)...)...)
}

// list makes the rows.
func (m *Model) list(env view.Env) {
	list := env.Data.Instances.Value.Instances
	rows := make([]*row, 0, len(list))
	for _, i := range list {
		name, _ := rental.SplitLabel(i.Label.String())
		r := &row{
			Instance: i, name: name, state: rental.Display(i), start: m.starts[i.ID],
			wrong: m.differing(i.ID), leftover: m.deeds.leftover[i.ID], failed: m.failed[i.ID],
		}
		r.verdict = r.start.Verdict(env.Now, 0).Kind
		rows = append(rows, r)
	}
	if m.folded {
		rows = fold(rows)
	}
	m.table.SetFlash(env.Now)
	m.table.SetRows(rows)
}

// selectWanted puts the cursor on an instance that was just rented, once it is listed.
func (m *Model) selectWanted() {
	if m.want != 0 && m.table.Select(m.want) {
		m.want = 0
	}
}

func (m *Model) key(msg tea.Msg) {
	if m.query.Focused() {
		if m.query.Update(msg) {
			m.filter()
		}
		return
	}
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return
	}
	if m.table.Update(k) {
		m.want, m.scroll = 0, 0
	}
}

// filter shows the rows that hold every word of the query; a word after "-"
// must not be there.
func (m *Model) filter() {
	words := strings.Fields(strings.ToLower(m.query.Value()))
	if len(words) == 0 {
		m.table.Filter(nil)
		return
	}
	m.table.Filter(func(r *row) bool {
		text := strings.ToLower(searched(r))
		for _, w := range words {
			bare, without := strings.CutPrefix(w, "-")
			if bare != "" && strings.Contains(text, bare) == without {
				return false
			}
		}
		return true
	})
}

// searched is the text in which the words of the filter are looked for.
func searched(r *row) string {
	var text []string
	for _, m := range r.each() {
		text = append(text, m.ID.String(), m.name, m.GPUName.String(), m.state.Word, m.MachineID.String(), m.Geolocation.String(), m.Image.String())
	}
	return strings.Join(text, "\x00")
}

// chosen are the marked rows, or the one under the cursor, groups as their members. While an instance
// that was just rented is waited for, the cursor is on none.
func (m *Model) chosen() []*row {
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

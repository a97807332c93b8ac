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
}

// row is an instance with what is derived from it once per answer.
type row struct {
	vastapi.Instance
	name  string // the label without the token of the rental
	state rental.State
}

// New returns the view.
func New(th *theme.Theme) *Model {
	m := &Model{
		table: table.New(func(r *row) vastapi.InstanceID { return r.ID }, columns(), th),
		query: queryline.New(th),
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
		m.load(env)
	case command.Beat:
		m.table.SetFlash(msg.At)
	case view.Focused:
		if id, ok := msg.On.(vastapi.InstanceID); ok {
			m.want = id
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

func (m *Model) load(env view.Env) {
	f := env.Data.Instances
	if f.At.Equal(m.seen) {
		return
	}
	m.seen = f.At
	rows := make([]*row, 0, len(f.Value.Instances))
	for _, i := range f.Value.Instances {
		name, _ := rental.SplitLabel(i.Label.String())
		rows = append(rows, &row{Instance: i, name: name, state: rental.Display(i)})
	}
	m.table.SetFlash(env.Now)
	m.table.SetRows(rows)
	m.selectWanted()
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
		text := strings.ToLower(strings.Join([]string{
			r.ID.String(), r.name, r.GPUName.String(), r.state.Word, r.MachineID.String(), r.Geolocation.String(), r.Image.String(),
		}, "\x00"))
		for _, w := range words {
			bare, without := strings.CutPrefix(w, "-")
			if bare != "" && strings.Contains(text, bare) == without {
				return false
			}
		}
		return true
	})
}

// chosen are the marked rows, or the one under the cursor. While an instance
// that was just rented is waited for, the cursor is on none.
func (m *Model) chosen() []*row {
	if marked := m.table.Marked(); len(marked) > 0 {
		return marked
	}
	if r, ok := m.table.Cursor(); ok && m.want == 0 {
		return []*row{r}
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

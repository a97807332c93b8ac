package bids

import (
	"fmt"
	"maps"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
)

// Model is the list of bids: what the instances in the snapshot are to somebody who
// bids for them.
type Model struct {
	table  table.Model[vastapi.InstanceID, *row]
	query  listing.Line[row]
	detail bool
	scroll int                // of the detail
	page   page               // what stands in place of the list, nil = nothing does
	want   vastapi.InstanceID // to be selected as soon as it is in the list

	shown  bool   // the view is on the screen
	rows   []*row // one for each interruptible instance, in the order of the answer
	sum    string // of all of them
	made   bool   // from an answer
	left   left
	busy   map[vastapi.InstanceID]string
	clock  time.Time // the moment that the list and the detail are drawn as of
	synced bool      // the memory has been looked at
	former listing.Former[vastapi.InstanceID, *row]
}

// New returns the view.
func New(th *theme.Theme) *Model {
	m := &Model{
		table: table.New(func(r *row) vastapi.InstanceID { return r.ID }, nil, th),
		query: listing.NewLine(language, th),
	}
	m.table.SetColumns(columns(&m.busy, &m.clock))
	m.table.ShowPosition, m.table.Offload = true, true
	m.table.Sort("margin", false)
	m.former = listing.Former[vastapi.InstanceID, *row]{
		List: memoryName, View: view.Bids, Name: func(r *row) string { return r.ID.String() }, Find: listing.ByKey(&m.table, listing.ID[vastapi.InstanceID]),
	}
	m.query.Placeholder = "type / to filter:  4090  state=outbid  margin<10  saving>30  -stopped"
	return m
}

// Title is the tab's label with the number of bids.
func (m *Model) Title(env view.Env) (string, string) {
	if !m.made || !env.Data.Instances.Told() {
		return "Bids", ""
	}
	return "Bids", fmt.Sprint(len(m.rows))
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
	if !maps.Equal(m.busy, env.Busy) {
		m.busy = maps.Clone(env.Busy)
		m.table.Invalidate()
	}
	e := view.Join(start, m.hear(env, msg))
	return view.Join(e, m.former.Update(env, msg, &m.table, listing.Stand{Rev: env.Data.Instances.Rev, Whole: m.made}))
}

func (m *Model) hear(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case view.Shown:
		m.shown = true
		return m.judge(env)
	case view.Hidden:
		m.shown = false
	case command.InstancesLoaded, command.ListingsRead, command.JournalRead:
		return m.judge(env)
	case command.MarketFolded:
		if m.shown {
			return m.judge(env)
		}
	case command.Computed[reading]:
		if msg.Err == nil {
			return m.take(env, msg.Value)
		}
	case command.Computed[arrangement]:
		return m.arranged(env, msg)
	case command.MemoryLoaded:
		return m.begin(env)
	case command.Beat:
		m.table.SetFlash(msg.At)
		m.tick(msg.At)
	case command.InstanceRawRead:
		m.rawRead(msg)
	case view.ChangeBid:
		return m.changeOf(env, msg.Instance)
	case view.Focused:
		if id, ok := msg.On.(vastapi.InstanceID); ok {
			m.want = id
			m.selectWanted()
		}
	case tea.BackgroundColorMsg:
		m.retheme(env.Theme)
	case tea.KeyPressMsg, tea.PasteMsg:
		if m.page != nil {
			return m.page.key(m, env, msg)
		}
		return m.key(env, msg)
	}
	return view.Effect{}
}

// selectWanted puts the cursor on a bid that somebody wants to see, once it is listed.
func (m *Model) selectWanted() {
	if m.want != 0 && m.table.Select(m.want) {
		m.want = 0
	}
}

// chosen are the marked rows, or the one under the cursor.
func (m *Model) chosen() []*row {
	if m.table.Pending() {
		return nil
	}
	if marked := m.table.Marked(); len(marked) > 0 {
		return marked
	}
	if r, ok := m.table.Cursor(); ok && m.want == 0 {
		return []*row{r}
	}
	return nil
}

// mostVisible bounds how many bids are read more often because they are on the screen.
const mostVisible = 100

// Visible are the bids on the screen, the one under the cursor first.
func (m *Model) Visible(view.Env) []vastapi.InstanceID {
	var ids []vastapi.InstanceID
	if r, ok := m.table.Peek(); ok {
		ids = append(ids, r.ID)
	}
	for y := 1; len(ids) < mostVisible; y++ {
		id, ok := m.table.RowAt(y)
		if !ok {
			break
		}
		ids = append(ids, id)
	}
	return ids
}

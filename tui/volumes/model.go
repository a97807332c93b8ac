package volumes

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
)

// Model is the list of volumes.
type Model struct {
	table  table.Model[vastapi.VolumeID, *row]
	query  listing.Line[row]
	detail bool
	scroll int              // of the detail
	want   vastapi.VolumeID // to be selected as soon as it is in the list
	shown  bool             // the view is on the screen
	looked time.Time        // when the list was asked for last because a volume is being made
	page   page             // what stands in place of the list, nil = nothing does
	places *placesPage      // the search for places, kept while it is not shown; nil = none was opened

	seen, held int    // revisions of volumes and instances that the rows are made from, -1 = none
	plain      []*row // one for each volume, in the order of the answer
	sum        tally
	only       bool // those with a problem alone
	synced     bool // the memory has been looked at
	former     listing.Former[vastapi.VolumeID, *row]
	asked      int // how often something was asked for, to tell forms and questions apart
	waiting    *waiting
}

// New returns the view.
func New(th *theme.Theme) *Model {
	m := &Model{
		table: table.New(func(r *row) vastapi.VolumeID { return r.ID }, columnsOf(catalogue()), th),
		query: listing.NewLine(language, th), seen: -1, held: -1,
	}
	m.table.ShowPosition, m.table.Offload = true, true
	m.table.Sort("id", false)
	m.query.Spell = Spelled
	m.former = listing.Former[vastapi.VolumeID, *row]{
		List: memoryName, View: view.Volumes, Name: func(r *row) string { return r.ID.String() }, Find: listing.ByKey(&m.table, listing.ID[vastapi.VolumeID]),
	}
	m.query.Placeholder = "type / to filter:  models  V.123  size>100  month<10  -free  problem=unused  EU"
	return m
}

// Title is the tab's label with the number of volumes.
func (m *Model) Title(env view.Env) (string, string) {
	if !env.Data.Volumes.Told() {
		return "Volumes", ""
	}
	return "Volumes", fmt.Sprint(len(env.Data.Volumes.Value.Volumes))
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
	e := view.Join(start, m.hear(env, msg))
	return view.Join(e, m.former.Update(env, msg, &m.table, listing.Stand{Rev: m.seen, Whole: env.Data.Volumes.Told()}))
}

func (m *Model) hear(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case command.VolumesLoaded, command.InstancesLoaded:
		return m.load(env)
	case command.PlanExecuted:
		return m.heed(env, msg.Report)
	case command.PlacesFound:
		return m.found(env, msg)
	case command.Due:
		if msg.Topic == command.PlacesTyped && m.places != nil {
			return m.places.seek(env)
		}
	case command.Computed[arrangement]:
		return m.arranged(env, msg)
	case command.Computed[placesArranged]:
		if m.places != nil {
			return m.places.arranged(env, msg)
		}
	case command.MemoryLoaded:
		return m.begin(env)
	case command.VolumeRawRead:
		m.rawRead(msg)
	case command.Beat:
		m.table.SetFlash(msg.At)
		return m.follow(env)
	case view.Shown:
		m.shown = true
	case view.Hidden:
		m.shown = false
	case view.Focused:
		return m.focus(env, msg.On)
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

// focus shows the volume that another view asks for.
func (m *Model) focus(env view.Env, on any) view.Effect {
	id, ok := on.(vastapi.VolumeID)
	if !ok {
		return view.Effect{}
	}
	m.page, m.want = nil, id
	m.selectWanted()
	if _, there := m.get(id); there && m.want != 0 {
		e := m.filter(env).Clear() // the filter hides it
		m.selectWanted()
		return e
	}
	return view.Effect{}
}

// retheme draws everything in another theme. A page is made anew when it is opened again.
func (m *Model) retheme(th *theme.Theme) {
	m.table.SetTheme(th)
	m.query.SetTheme(th)
	if m.places != nil {
		m.places.retheme(th)
	}
	if m.page != nil && m.page != page(m.places) {
		m.page = nil
	}
}

// selectWanted puts the cursor on a volume that was just made, once it is listed.
func (m *Model) selectWanted() {
	if m.want != 0 && m.table.Select(m.want) {
		m.want = 0
	}
}

// chosen are the marked rows, or the one under the cursor. While the list is being
// arranged, or a volume that was just made is waited for, the cursor is on none.
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

// get finds a volume among the rows.
func (m *Model) get(id vastapi.VolumeID) (*row, bool) {
	for _, r := range m.plain {
		if r.ID == id {
			return r, true
		}
	}
	return nil, false
}

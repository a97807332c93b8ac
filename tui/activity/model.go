package activity

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi/rental"
)

// name is what the arrangement of the table is remembered by.
const name = "activity"

// Model is the list of what was done and what was noticed.
type Model struct {
	table  table.Model[string, *row]
	query  queryline.Model
	detail bool
	scroll int           // of the detail
	moved  bool          // the user has chosen a row
	menu   *listing.Menu // of what can be copied, in place of the list; nil = the list

	seen    seen
	orphans int // how many there are
	opened  int // how many operations are open
}

// seen is what the rows were made of, so that they are made anew only when that
// has changed.
type seen struct {
	journal, instances int // revisions: two answers may come at one moment
	account            string
	last               *feed.Event // the newest; the list is never changed in place
}

// New returns the view.
func New(th *theme.Theme) *Model {
	m := &Model{
		table: table.New(func(r *row) string { return r.key }, columns(), th),
		query: queryline.New(th),
	}
	m.table.RowClass = rowClass
	m.table.Sort("when", true)
	m.query.Placeholder = "type / to filter by verb, state, id, name, image or what came of it"
	return m
}

// Title is the tab's label with the number of rows that need somebody.
func (m *Model) Title(view.Env) (string, string) {
	if n := m.orphans + m.opened; n > 0 {
		return "Activity", strconv.Itoa(n) + "!"
	}
	return "Activity", ""
}

// Capturing reports whether the filter is being typed.
func (m *Model) Capturing() bool { return m.query.Focused() }

// Update takes news, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case command.JournalRead, command.InstancesLoaded, command.Noted:
		m.load(env)
	case command.MemoryLoaded:
		if t := env.Data.Memory.Tables[name]; t.Sort != "" {
			m.table.Sort(t.Sort, t.Desc)
		}
	case view.Focused:
		if want, ok := msg.On.(view.ShowOperation); ok {
			return m.showOperation(env, want.ID)
		}
	case view.Shown:
		if !m.moved { // what is on top has changed, or somebody would be looking at it
			m.table.Home()
		}
	case tea.BackgroundColorMsg:
		m.table.SetTheme(env.Theme)
		m.query.SetTheme(env.Theme)
	case tea.KeyPressMsg, tea.PasteMsg:
		m.key(msg)
	}
	return view.Effect{}
}

// showOperation puts the cursor on an operation and opens its detail. The filter gives
// way to it.
func (m *Model) showOperation(env view.Env, id string) view.Effect {
	m.load(env)
	m.menu = nil
	m.query.Reset()
	m.filter()
	if !m.table.Select("op/" + id) {
		return view.Do(view.Toast{Text: "this operation is not among those that are listed: the journal has been tidied up since", Level: view.Warn})
	}
	m.detail, m.scroll, m.moved = true, 0, true
	return view.Effect{}
}

// load makes the rows of what is known now.
func (m *Model) load(env view.Env) {
	journal, page := env.Data.Journal, env.Data.Instances
	now := seen{journal: journal.Rev, instances: page.Rev, account: journal.Value.Account}
	if n := len(env.Data.Events); n > 0 {
		now.last = &env.Data.Events[n-1]
	}
	if now == m.seen {
		return
	}
	var strays []rental.Stray
	var past []rental.Past
	if told(env) {
		past = journal.Value.Recent
		if page.Told() {
			strays = rental.Strays(page.Value.Instances, journal.Value.Ops)
		}
	}
	changed := now.journal != m.seen.journal || now.account != m.seen.account || now.last != m.seen.last
	if !changed && m.sameOrphans(env, strays) {
		m.seen = now // instances came that change nothing here
		return
	}
	m.seen = now
	m.orphans, m.opened = len(strays), journal.Value.Open
	m.table.SetRows(rowsOf(env, past, strays))
}

// sameOrphans reports whether these are the orphans that are listed, at the price
// that is shown.
func (m *Model) sameOrphans(env view.Env, strays []rental.Stray) bool {
	if len(strays) != m.orphans {
		return false
	}
	return !slices.ContainsFunc(strays, func(s rental.Stray) bool {
		r, listed := m.table.Get("orphan/" + s.Instance.String())
		return !listed || signed(r.effect, false) != signed(billed(env, s.Instance), false)
	})
}

// told reports whether the journal has been read for an account that is known.
func told(env view.Env) bool {
	return env.Data.Journal.Told() && env.Data.Journal.Value.Account != ""
}

func (m *Model) key(msg tea.Msg) {
	if m.menu != nil {
		return
	}
	if m.query.Focused() {
		if m.query.Update(msg) {
			m.filter()
		}
		return
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && !marks(k) && m.table.Update(k) {
		m.scroll, m.moved = 0, true
	}
}

// marks reports the keys that mark rows: what is done here is about one row.
func marks(k tea.KeyPressMsg) bool {
	return slices.Contains([]string{"space", "v", "*", "i"}, k.String())
}

// filter shows the rows that hold every word of the query.
func (m *Model) filter() {
	words := listing.Words(m.query.Value())
	if words == nil {
		m.table.Filter(nil)
		return
	}
	m.table.Filter(func(r *row) bool { return words(r.text()) })
}

// arranged remembers the order of the table.
func (m *Model) arranged() view.Effect { return listing.KeepOrder(name, &m.table) }

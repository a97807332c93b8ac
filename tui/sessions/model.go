package sessions

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// name is what the arrangement of the table is remembered by; section is the
// group of its keys in the help.
const (
	name    = "sessions"
	section = "Sessions"
)

// Model is the view of what is open over ssh.
type Model struct {
	table  table.Model[string, *row]
	query  queryline.Model
	detail bool
	scroll int  // of the detail
	moved  bool // the user has chosen a row
	page   page
	seen   seen
	turn   int // how often the rows have been made
	former listing.Former[string, *row]

	without    bool                               // ssh cannot be used in this run
	ways       map[vastapi.InstanceID]remote.Way  // that the user has forced
	connecting map[vastapi.InstanceID]view.ID     // whose endpoint is being looked for, and where that was asked for
	dismissed  map[int]bool                       // copies that have ended and are not listed any more
	troubled   vastapi.InstanceID                 // where a shell failed last, for d
	sizing     vastapi.InstanceID                 // whose copy is being measured
	drafts     map[vastapi.InstanceID]view.Values // copy forms as they were left
	states     map[string]remote.TunnelState      // of tunnels, as they were seen last
	awaited    map[string]bool                    // tunnels that were asked for and are not up yet
	asked      forwardAsk                         // the tunnel that is being opened
	adding     bool                               // a generated key is to be added to the account
	attaching  attachAsk                          // the form that waits for the keys to be read
	detaching  vastapi.SSHKey                     // that is to be kept out of an instance
}

// seen is what the rows were made of, so that they are made anew only when that
// has changed. The slices of the snapshot are never changed in place.
type seen struct {
	looked         time.Time
	instances      int
	session        *remote.Session
	sessions       int
	tunnel         *remote.Tunnel
	tunnels        int
	copy           *feed.Copy
	copies, hidden int
	saved          *feed.SavedTunnel
	remembered     int
}

// New returns the view.
func New(th *theme.Theme) *Model {
	m := &Model{
		table: table.New(func(r *row) string { return r.key }, columns(), th),
		query: queryline.New(th),

		ways: map[vastapi.InstanceID]remote.Way{}, connecting: map[vastapi.InstanceID]view.ID{},
		states: map[string]remote.TunnelState{}, awaited: map[string]bool{}, dismissed: map[int]bool{}, drafts: map[vastapi.InstanceID]view.Values{},
	}
	m.table.Sort("id", false)
	m.former = listing.Former[string, *row]{List: name, View: view.Sessions, Name: nameInEveryRun, Find: listing.ByKey(&m.table, keyNamed)}
	m.query.Placeholder = "type / to filter by instance, name, port, path or state"
	return m
}

// Title is the tab's label with the number of what is open, and a mark when a
// tunnel needs somebody.
func (m *Model) Title(env view.Env) (string, string) {
	r := env.Data.Remote
	n, mark := len(r.Sessions), ""
	for _, t := range r.Tunnels {
		switch t.State {
		case remote.TunnelClosed:
		case remote.TunnelFailed:
			n, mark = n+1, "!"
		default:
			n++
		}
	}
	for _, c := range r.Copies {
		if c.Ended.IsZero() {
			n++
		}
	}
	if n == 0 {
		return section, ""
	}
	return section, fmt.Sprint(n) + mark
}

// Visible are the instances behind the rows: with thousands of instances these are
// read more often.
func (m *Model) Visible(view.Env) []vastapi.InstanceID {
	if p, open := m.page.(*doctorPage); open {
		return []vastapi.InstanceID{p.id}
	}
	var ids []vastapi.InstanceID
	for _, r := range m.table.Rows() {
		if r.id != 0 && !slices.Contains(ids, r.id) {
			ids = append(ids, r.id)
		}
	}
	return ids
}

// Capturing reports whether the filter is being typed.
func (m *Model) Capturing() bool { return m.page == nil && m.query.Focused() }

// Update takes what is told, news, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	e := m.hear(env, msg)
	whole := !env.Data.Remote.At.IsZero() && env.Data.Instances.Told()
	return view.Join(e, m.former.Update(env, msg, &m.table, listing.Stand{Rev: m.turn, Whole: whole}))
}

func (m *Model) hear(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		return m.key(env, msg)
	case tea.BackgroundColorMsg:
		m.table.SetTheme(env.Theme)
		m.query.SetTheme(env.Theme)
	case command.MemoryLoaded:
		if t := env.Data.Memory.Tables[name]; t.Sort != "" {
			m.table.Sort(t.Sort, t.Desc)
		}
	case view.Focused:
		return m.wish(env, msg.On)
	case view.Shown:
		m.load(env)
		if !m.moved && !m.former.Pointed() { // what is on top has changed, or somebody would be looking at it
			m.table.Home()
		}
		look := env.Load.LookRemote()
		m.without = look == nil
		return view.Wait(look)
	}
	e := m.take(env, msg)
	if m.load(env) {
		e = view.Join(e, m.follow(env))
	}
	if m.page != nil {
		m.page.news(m, env)
	}
	return e
}

// load makes the rows of what is known now, and reports whether that has changed.
func (m *Model) load(env view.Env) bool {
	r, saved := env.Data.Remote, env.Data.Memory.Tunnels
	now := seen{
		looked: r.At, instances: env.Data.Instances.Rev, sessions: len(r.Sessions), tunnels: len(r.Tunnels), copies: len(r.Copies),
		hidden: len(m.dismissed), session: first(r.Sessions), tunnel: first(r.Tunnels), copy: first(r.Copies), saved: first(saved), remembered: len(saved),
	}
	if now == m.seen {
		return false
	}
	m.seen = now
	m.turn++
	rows := slices.DeleteFunc(rowsOf(env), func(r *row) bool { return r.kind == transfer && m.dismissed[r.copy.ID] })
	m.table.SetRows(rows)
	m.forgetGone(env)
	return true
}

// first is where a slice begins, by which another one is told apart from it.
func first[T any](list []T) *T {
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

// forgetGone drops what was chosen for instances that do not exist any more.
func (m *Model) forgetGone(env view.Env) {
	if !env.Data.Instances.Told() {
		return
	}
	for id := range m.ways {
		if _, there := env.Data.Instance(id); !there {
			delete(m.ways, id)
		}
	}
	for id := range m.drafts {
		if _, there := env.Data.Instance(id); !there {
			delete(m.drafts, id)
		}
	}
}

func (m *Model) key(env view.Env, msg tea.Msg) view.Effect {
	switch {
	case m.page != nil:
		return m.page.key(env, msg)
	case m.query.Focused():
		if m.query.Update(msg) {
			m.filter()
		}
		return view.Effect{}
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && m.table.Update(k) {
		m.scroll, m.moved = 0, true
	}
	return view.Effect{}
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

// chosen are the marked rows, or the one under the cursor.
func (m *Model) chosen() []*row {
	if marked := m.table.Marked(); len(marked) > 0 {
		return marked
	}
	if r, ok := m.table.Cursor(); ok {
		return []*row{r}
	}
	return nil
}

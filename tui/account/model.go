package account

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/tabs"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// section is the group of the view's keys in the help.
const section = "Account"

// part is one of the screens that the view is made of. It stands below the line of
// titles while it is the one that is shown.
type part interface {
	// title is what it is called, and what follows that, e.g. how many there are.
	title(env view.Env) (name, badge string)
	// load asks for what it shows.
	load(env view.Env) tea.Cmd
	// every is how often it is asked for again while it is shown; 0 = not.
	every() time.Duration
	// news takes messages in; it is told all of them, also while it is not shown.
	news(m *Model, env view.Env, msg tea.Msg) view.Effect
	// actions are what keys do in it.
	actions(m *Model, env view.Env) []view.Action
	// key takes the keys and pastes that no action has claimed.
	key(m *Model, env view.Env, msg tea.Msg) view.Effect
	// back is esc; it reports whether there was something to close.
	back(m *Model, env view.Env) (view.Effect, bool)
	// capturing reports whether a text line of it has the keyboard.
	capturing() bool
	// click and wheel take what the mouse does, counted from the part's own first cell.
	click(m *Model, env view.Env, x, y int) view.Effect
	wheel(m *Model, env view.Env, x, y, lines int)
	// draw gives exactly h lines of w cells, and where the text cursor stands.
	draw(m *Model, env view.Env, w, h int) (string, *tea.Cursor)
}

// keyed is a part with the key that opens it.
type keyed struct {
	key string
	part
}

// Model is the view of the account: who it is, its API keys, variables and audit log,
// and the profiles that can be switched to.
type Model struct {
	parts []keyed
	on    int           // index of parts
	asked time.Time     // when the part that is shown was asked for last
	fresh *newKey       // a key that was just made and is shown this once; nil = none
	menu  *listing.Menu // of what can be copied, in place of the part; nil = none
	raw   *rawPage      // the server's own words, in place of the part; nil = none
}

// New returns the view, at its overview.
func New(th *theme.Theme) *Model {
	return &Model{parts: []keyed{
		{"I", &overview{}}, {"K", newKeyPart(th)}, {"V", newVarPart(th)}, {"A", newLogPart(th)}, {"P", newProfilePart(th)},
	}}
}

// Title is the tab's label, with a mark while a new key waits to be seen.
func (m *Model) Title(view.Env) (string, string) {
	if m.fresh != nil {
		return section, "new key!"
	}
	return section, ""
}

// Capturing reports whether a text line has the keyboard.
func (m *Model) Capturing() bool {
	switch {
	case m.fresh != nil:
		return false
	case m.raw != nil:
		return m.raw.Capturing()
	}
	return m.shown().capturing()
}

func (m *Model) shown() part { return m.parts[m.on].part }

// Update takes news, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		if m.fresh != nil || m.menu != nil {
			return view.Effect{}
		}
		if m.raw != nil {
			m.raw.Update(msg)
			return view.Effect{}
		}
		return m.shown().key(m, env, msg)
	case view.Focused:
		return m.focused(env, msg.On)
	case view.Shown:
		if m.fresh != nil {
			m.fresh.seen = true
		}
		return m.load(env)
	case view.Hidden:
		m.closeMenu()
		if m.fresh != nil && m.fresh.seen {
			m.forgetKey()
		}
		return view.Effect{}
	case command.Refresh:
		if env.Shown == view.Account {
			return m.load(env)
		}
		return view.Effect{}
	case command.Beat:
		return m.again(env)
	case command.KeyTried:
		return m.tried(msg)
	case command.KeySaved:
		return saved(msg)
	case command.PlanExecuted:
		return m.carriedOut(env, msg)
	case command.AccountRawRead:
		m.rawRead(msg)
		return view.Effect{}
	}
	var e view.Effect
	for _, p := range m.parts {
		e = view.Join(e, p.news(m, env, msg))
	}
	return e
}

// focused shows the part that the view is opened with.
func (m *Model) focused(env view.Env, on any) view.Effect {
	if audit, ok := on.(view.ShowAudit); ok {
		return m.showAudit(env, audit.Operation)
	}
	want, ok := on.(view.AccountPart)
	n := slices.IndexFunc(m.parts, func(p keyed) bool { return p.key == string(want) })
	if !ok || n < 0 {
		return view.Effect{}
	}
	return m.open(env, n)
}

// Place is the part that is shown.
func (m *Model) Place(view.Env) any { return view.AccountPart(m.parts[m.on].key) }

// load asks for what is shown.
func (m *Model) load(env view.Env) view.Effect {
	m.asked = env.Now
	return view.Wait(m.shown().load(env))
}

// again asks anew for what is shown, when that is due. What the key may not see is
// asked for when somebody opens it, and not by itself.
func (m *Model) again(env view.Env) view.Effect {
	every := m.shown().every()
	if env.Shown != view.Account || every == 0 || env.Now.Sub(m.asked) < every || env.Asking(vastapi.RightUserRead, "") != "" {
		return view.Effect{}
	}
	return m.load(env)
}

// carriedOut takes in what came of a plan about keys and variables.
func (m *Model) carriedOut(env view.Env, msg command.PlanExecuted) view.Effect {
	e := m.keyMade(env, msg)
	if slices.ContainsFunc(msg.Report.Plan.Steps, func(s rental.Step) bool { return vastapi.RightOf(s.Call) == vastapi.RightUserWrite }) {
		e = view.Join(e, m.load(env))
	}
	return e
}

// Actions are what can be done in the part that is shown, and how to get to the others.
func (m *Model) Actions(env view.Env) []view.Action {
	if m.fresh != nil {
		return m.freshActions(env)
	}
	if m.menu != nil {
		return m.menuActions(env)
	}
	if m.raw != nil {
		return m.rawActions()
	}
	list := m.shown().actions(m, env)
	if m.Capturing() {
		return list
	}
	return append(list, m.moves(env)...)
}

// moves are the keys that lead from one part to another.
func (m *Model) moves(env view.Env) []view.Action {
	var list []view.Action
	for n, p := range m.parts {
		name, _ := p.title(env)
		list = append(list, view.Action{Key: view.Bind(p.key, name, p.key), Group: section, Hidden: true, Do: func() view.Effect { return m.open(env, n) }})
	}
	step := func(by int) func() view.Effect {
		return func() view.Effect { return m.open(env, (m.on+by+len(m.parts))%len(m.parts)) }
	}
	return append(list,
		quiet("right", "the next part", "", step(1)),
		quiet("left", "the part before", "", step(-1)),
		quiet("esc", "close the detail, then the filter, then the part", "", func() view.Effect { return m.back(env) }),
	)
}

// open shows the part n and asks for what it shows.
func (m *Model) open(env view.Env, n int) view.Effect {
	m.on = n
	m.closePages()
	return m.load(env)
}

// back is esc: it closes what is open in the part, then the part.
func (m *Model) back(env view.Env) view.Effect {
	e, closed := m.shown().back(m, env)
	if !closed && m.on != 0 {
		return m.open(env, 0)
	}
	return e
}

// Draw shows the titles of the parts above the one that is shown, or a new key.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	switch {
	case s.H < 1 || s.W < 1:
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	case m.fresh != nil:
		return view.Frame{Body: m.fresh.draw(env.Theme, s.W, s.H)}
	case s.H < 3:
		return view.Frame{Body: fit.Block([]string{m.titles(env, s.W)}, s.W, s.H)}
	}
	if m.menu != nil {
		return view.Frame{Body: m.titles(env, s.W) + "\n" + m.menu.Draw(env, s.W, s.H-1)}
	}
	body, cursor := m.drawn(env, s.W, s.H-1)
	f := view.Frame{Body: m.titles(env, s.W) + "\n" + body}
	if cursor != nil {
		f.Cursor = tea.NewCursor(cursor.X, cursor.Y+1)
	}
	return f
}

// drawn is what stands below the titles.
func (m *Model) drawn(env view.Env, w, h int) (string, *tea.Cursor) {
	if m.raw != nil {
		return m.raw.Draw(w, h), m.raw.Cursor()
	}
	return m.shown().draw(m, env, w, h)
}

// titles is the line of the parts, each with its key.
func (m *Model) titles(env view.Env, w int) string { return tabs.Draw(env.Theme, m.tabs(env), w) }

func (m *Model) tabs(env view.Env) []tabs.Tab {
	items := make([]tabs.Tab, len(m.parts))
	for n, p := range m.parts {
		name, badge := p.title(env)
		items[n] = tabs.Tab{Key: p.key, Title: name, Badge: badge, Active: n == m.on}
	}
	return items
}

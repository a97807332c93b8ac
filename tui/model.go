package tui

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/account"
	"vastdeck/tui/activity"
	"vastdeck/tui/bids"
	"vastdeck/tui/command"
	"vastdeck/tui/costs"
	"vastdeck/tui/dialog"
	"vastdeck/tui/feed"
	"vastdeck/tui/instances"
	"vastdeck/tui/logs"
	"vastdeck/tui/offers"
	"vastdeck/tui/run"
	"vastdeck/tui/sessions"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/volumes"
	"vastdeck/tui/widget/toast"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// Model is the root: it owns the snapshot, the views, the open dialogs and the
// commands, and hands each message to whom it concerns.
type Model struct {
	deps  Deps
	cmd   *command.Set
	pace  *command.Pace
	data  feed.Snapshot
	theme *theme.Theme

	views  []tab
	login  *account.Login
	active view.ID
	under  []view.ID // what pages were opened over, the view of a tab first
	stack  dialog.Stack
	toasts toast.Stack
	work   map[string]*dialog.Progress // by plan id: what is being carried out
	ended  *dialog.Progress            // what came of the newest plan that has a result to look at
	again  map[string]again            // by plan id: how it is worked out anew
	replan []again                     // to be worked out anew when the facts are here

	size    view.Size
	focused bool
	reports bool // the terminal has said whether the window has the focus; before that nobody knows
	session session

	looks   looks   // what the screen is drawn with
	seen    seen    // what was drawn last, as far as the mouse has to know
	notices notices // what was told in this run
	alerts  alerts  // what was told of what is wrong
	deaf    deaf    // keys that were typed for somebody else

	keymap  keymap   // the user's own keys
	trail   trail    // where the user has been
	seek    seek     // what the palette has made ready
	printed *printed // what the newest command of the user's own has printed

	touched map[view.View]bool // those that the user has begun to use

	forgetful bool // changes of the memory could not be kept, and that was said

	profiles profiles // switching to another account
	earlier  earlier  // what is open to instances of another account
}

// again works a plan out anew; see view.Confirm.
type again = func(env view.Env, form string) view.Effect

// tab is a view and the key that opens it; a page has no key.
type tab struct {
	id   view.ID
	view view.View
}

// session is what the root remembers about this run.
type session struct {
	phase      phase
	source     string                              // where the key came from
	ops        rental.Ops                          // what the journals of this machine tell
	open       vastapi.Rate                        // what operations may cost of which the outcome is not known yet
	emptyFrom  time.Time                           // when there was an instance last
	moving     bool                                // an instance is on its way to another state
	resting    bool                                // no instance has existed for long
	unfollowed string                              // why ssh's files could not be kept in step, as it was told
	paused     bool                                // the market is not asked for by itself
	orders     map[vastapi.InstanceID]rental.Order // the last of each instance that were sent from here
	destroyed  map[vastapi.InstanceID]bool         // what plans of this run were to destroy
	increases  time.Time                           // when price increases are asked for next
	touched    touched                             // instances that plans have been carried out on
	walk       time.Duration                       // how long the newest reading of all instances took
	turn       int                                 // whose turn it is among many that are moving
	budget     budgetTold                          // what was told of the budget
	spent      time.Time                           // when it was asked last what was spent
}

// phase says whether there is an account to talk to.
type phase int

const (
	connecting phase = iota // looking for a key
	loggedOut               // there is none
	ready
)

// New makes the program's model. ctx ends all reading when it ends.
func New(ctx context.Context, deps Deps) *Model {
	m := &Model{profiles: profiles{turn: new(atomic.Int64)}}
	m.start(command.New(ctx, deps.Command), deps, looksOf(deps))
	return m
}

// start makes m the model of a profile, with nothing of what it was before.
func (m *Model) start(cmd *command.Set, deps Deps, looks looks) {
	th := looks.theme()
	*m = Model{
		deps: deps, looks: looks, cmd: cmd, pace: command.NewPace(deps.Seed), theme: th,
		views:  newViews(th),
		login:  account.NewLogin(),
		active: view.Market, focused: true,
		again: map[string]again{}, work: map[string]*dialog.Progress{},
		profiles: profiles{turn: m.profiles.turn, all: deps.Profiles.marked()},
	}
	if deps.API != nil {
		m.cmd.Use(deps.API)
		m.session.phase, m.session.source = ready, deps.Source
	}
	m.keymap = newKeymap(deps.Keys)
	m.restore()
}

// newViews makes the views as they are at the start.
func newViews(th *theme.Theme) []tab {
	return []tab{
		{view.Market, offers.New(th)}, {view.Instances, instances.New(th)}, {view.Volumes, volumes.New(th)}, {view.Bids, bids.New(th)}, {view.Costs, costs.New(th)},
		{view.Sessions, sessions.New(th)}, {view.Activity, activity.New(th)}, {view.Account, account.New(th)},
		{view.Logs, logs.New(th)}, {view.Run, run.New(th)},
	}
}

// begins starts the heartbeat and, when there is a key, the first reads.
func (m *Model) begins() tea.Cmd {
	first := tea.Batch(command.Heartbeat(time.Second), m.tell(command.MemoryLoaded{}))
	ask := tea.Cmd(nil)
	if theme.Follows(m.looks.name) {
		ask = command.AskBackground()
	}
	if m.session.phase == connecting {
		return tea.Batch(first, ask, m.cmd.FindKey())
	}
	return tea.Batch(first, ask, m.begin())
}

// begin asks for everything once, and tells the view that is shown so. What an earlier
// run left open is looked for when it is known whose account this is.
func (m *Model) begin() tea.Cmd {
	sweep := m.sweep()
	return tea.Batch(sweep, m.apply(m.current().Update(m.env(), view.Shown{}), false), m.lookOn(nil), m.beginRemote())
}

// noteOpen works out what operations of this account may cost of which the
// outcome is not known yet, as journal and instances tell.
func (m *Model) noteOpen() {
	m.session.open = m.session.ops.ReservedFor(m.cmd.Account(), m.data.Instances.Value.Instances)
}

// accountAt is how old the oldest fact about the account is; zero while one is missing.
func (m *Model) accountAt() time.Time {
	at := m.data.Instances.At
	for _, t := range []time.Time{m.data.User.At, m.data.Volumes.At} {
		if t.Before(at) {
			at = t
		}
	}
	return at
}

// credit is what can be spent; unknown until the account was read.
func (m *Model) credit() vastapi.Amount {
	if !m.data.User.Told() {
		return vastapi.Unknown[vastapi.Amount]()
	}
	return m.data.User.Value.Spendable()
}

// Drain waits at most limit for requests that change something and have left.
func (m *Model) Drain(limit time.Duration) bool { return m.cmd.Drain(limit) }

// current is the view that is shown.
func (m *Model) current() view.View {
	if m.session.phase == loggedOut {
		return m.login
	}
	return m.tab(m.active)
}

// tab is the view of that name, nil when there is none.
func (m *Model) tab(id view.ID) view.View {
	i := slices.IndexFunc(m.views, func(t tab) bool { return t.id == id })
	if i < 0 {
		return nil
	}
	return m.views[i].view
}

// tabs are the views that have a key, in the order of their numbers.
func (m *Model) tabs() []tab {
	return slices.DeleteFunc(slices.Clone(m.views), func(t tab) bool { return t.id.Page() })
}

func (m *Model) env() view.Env {
	now := time.Now()
	return view.Env{
		Now: now, Data: &m.data, Theme: m.theme, Load: m.cmd.Loads(),
		Desk: rental.Desk{
			Now: now, Whose: m.cmd.Account(), NewID: m.deps.NewID, Caps: m.deps.Caps, Budget: m.budget(now),
			Credit: m.credit(), Burn: m.data.Burn, OpenRate: m.session.open,
			Instances: m.data.Instances.Value.Instances, Volumes: m.data.Volumes.Value.Volumes, At: m.accountAt(), Opened: m.data.Remote.Opened(),
			Hosts: m.data.HostsAt(now),
		},
		Size: m.area(), ReadOnly: m.deps.ReadOnly, Busy: m.busy(),
		Profiles: m.Profiles(),
		Session:  view.Session{Profile: m.deps.Account, Host: m.deps.Host, Demo: m.deps.Demo, Source: m.session.source},
		Shown:    m.active, Typing: !m.stack.Empty() || m.current().Capturing(),
	}
}

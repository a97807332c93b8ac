package tui

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// onAnswer takes an answer in: only the newest of its topic counts; it changes
// the snapshot, the program reacts, every view hears it, and only then is the
// topic's next poll scheduled.
func (m *Model) onAnswer(a command.Answered) tea.Cmd {
	current := m.cmd.Current(a)
	if found, ok := a.(command.OffersFound); ok {
		return m.onOffers(found, !current)
	}
	if ended, copied := a.(command.CopyEnded); copied && !current && len(m.data.Remote.Copying()) > 0 {
		ended.Fold(&m.data) // given up with another key: it is not under way any more
		return m.tell(a)
	}
	if !current {
		return nil
	}
	if folded, ok := a.(command.MarketFolded); ok {
		return m.onFolded(folded)
	}
	noted := m.data.Noted
	if f, ok := a.(feed.Folder); ok {
		f.Fold(&m.data)
	}
	m.hideEarlier(&m.data)
	m.learnRights()
	announced := m.announce(m.data.NewEvents(m.data.Noted - noted))
	react := tea.Batch(m.react(a), m.remembering(a), m.noting(a))
	told := m.tell(a)
	m.freshen()
	return tea.Batch(announced, react, told, m.rearm(a.About()))
}

// onOffers has a page of offers taken into the market. The rows of a search that
// a newer one has overtaken are true as well.
func (m *Model) onOffers(found command.OffersFound, late bool) tea.Cmd {
	switch {
	case found.Err == nil:
		return m.cmd.FoldOffers(&m.data, found, late)
	case late:
		return nil
	}
	return m.onFolded(found.Failed())
}

// onFolded takes a market in that was worked out anew, has the next page taken
// into it and, when nothing else follows, schedules the next search. One that is
// scheduled already is not put off by rows that only came late or dropped out.
func (m *Model) onFolded(a command.MarketFolded) tea.Cmd {
	adds := a.Late
	a.Late = a.Late || m.cmd.Busy(command.Offers) || m.cmd.Overtaken() // asked anew while this was worked out
	a.Fold(&m.data)
	next := m.cmd.NextFold(&m.data)
	told := m.tell(a)
	m.freshen()
	switch {
	case !adds:
		return tea.Batch(next, told, m.recordMarket(a), m.cmd.Tidy(), m.rearm(command.Answer{Topic: command.Offers, Err: a.Err}))
	case m.cmd.Awaited(command.Offers):
		return tea.Batch(next, told)
	}
	return tea.Batch(next, told, m.resumeOffers())
}

func (m *Model) react(a command.Answered) tea.Cmd {
	switch a := a.(type) {
	case command.KeyFound:
		return m.connect(a.Connected, a.Err)
	case command.KeyTried:
		if a.Err != nil {
			return nil // the login screen says so
		}
		return m.connect(a.Connected, nil)
	case command.PlanExecuted:
		return m.finish(a.Report)
	case command.InstancesLoaded:
		if a.Err == nil { // no answer does not say that nothing exists
			return m.onInstances(a)
		}
	case command.IncreasesLoaded:
		return m.onIncreases(a)
	case command.UserLoaded:
		if a.Err == nil && m.cmd.Account() == "" {
			// What an earlier run left open is looked for in its own account only.
			m.cmd.UseAccount(strconv.FormatInt(a.User.ID, 10))
			m.hideEarlier(&m.data)
			return tea.Batch(m.cmd.Recover(), m.findEarlier(), m.cmd.ReadJournal(), m.renewSpent(time.Now()))
		}
		if a.Err == nil {
			return tea.Batch(m.runway(), m.warnBudget(time.Now()), m.renewSpent(time.Now()))
		}
	case command.SpentLoaded:
		if a.Err == nil {
			return m.warnBudget(time.Now())
		}
	case command.WatchLooked:
		return m.looked(a.Err)
	case command.Recovered:
		if a.Err != nil && !command.Cancelled(a.Err) {
			m.toast("what an earlier run left open could not be settled: "+view.Sentence(a.Err), view.Bad)
		}
		return m.cmd.ReadJournal()
	case command.FileRead:
		if f := m.form(a.Form); f != nil {
			return m.answer(f.Loaded(a.Key, a.Path, a.Text, a.Err))
		}
	case command.FileWritten:
		return m.onWritten(a)
	case command.CustomEnded:
		return m.onOwn(a)
	case command.NoticeShown:
		m.onNotice(a.Err)
	case command.JournalRead:
		if a.Err != nil {
			m.toast(view.Sentence(a.Err)+": nothing can be rented or started until that is mended", view.Bad)
		}
		m.session.ops = a.Ops
		m.noteOpen()
		if a.Err == nil {
			return m.ordered(a.Orders)
		}
	default:
		if cmd := m.reactRemote(a); cmd != nil {
			return cmd
		}
	}
	if m.session.phase == ready && authLost(a.About().Err) && a.About().Topic == command.User {
		return m.logOut(view.Sentence(a.About().Err))
	}
	return nil
}

// logOut shows the log-in screen. No question stays open above it: what is
// typed next is a key. Changes that are under way go on and are reported; what is
// only looked at is no longer asked for.
func (m *Model) logOut(why string) tea.Cmd {
	left := m.leavePages()
	m.session.phase = loggedOut
	m.cmd.LogOut()
	m.login.Because(why)
	m.clearStack()
	m.again, m.replan, m.ended = map[string]again{}, nil, nil
	return left
}

func authLost(err error) bool {
	var e *vastapi.Error
	return errors.As(err, &e) && e.Kind == vastapi.KindAuth
}

// connect starts with the account that a key opens, or says why there is none.
// Nothing of another account is left: not what is known of it, not what was
// asked, no question about it.
func (m *Model) connect(c command.Connected, err error) tea.Cmd {
	if err != nil {
		return m.logOut(view.Sentence(err))
	}
	other := m.cmd.Ready()
	if other {
		m.rememberEarlier()
		// What is remembered belongs to the profile, not to the account.
		m.data, m.views = feed.Snapshot{Memory: m.data.Memory, Past: m.data.Past}, newViews(m.theme)
		m.lay(m.front())
	}
	m.alerts = alerts{}
	m.cmd.Use(c.API)
	m.clearStack()
	if m.session.phase != connecting { // what was told at the start, e.g. of a damaged file, is about no account
		m.toasts.Clear()
	}
	m.again, m.replan, m.ended = map[string]again{}, nil, nil
	m.pace = command.NewPace(m.deps.Seed)
	m.session = session{phase: ready, source: c.Source}
	m.toastKey(c)
	if c.Note != "" {
		m.toast(c.Note, view.Warn)
	}
	if other {
		return tea.Batch(m.tell(command.MemoryLoaded{}), m.begin())
	}
	return m.begin()
}

// settled says what became of something an earlier run left open.
func (m *Model) settled(s command.Settled) tea.Cmd {
	level := view.Warn
	if s.State == rental.OpConfirmed {
		level = view.Good
	}
	what := s.Op.Verb + " of an earlier run"
	switch s.State {
	case rental.OpConfirmed:
		what += " did happen"
	case rental.OpAbsent:
		what += " did not happen"
	case rental.OpClosed:
		what += " is not looked for any more"
	default:
		what += " is still not known"
	}
	if s.Why != "" {
		what += ": " + s.Why
	}
	m.toast(what, level)
	return tea.Batch(s.Next, m.load(command.Instances), m.cmd.ReadJournal())
}

// freshen compares an open question with the newest facts.
func (m *Model) freshen() {
	m.stack.Each(func(d dialog.Dialog) {
		if c, ok := d.(*dialog.Confirm); ok {
			c.News(m.movedSince(c.Plan()), time.Now())
		}
	})
}

func (m *Model) instancesSince(p rental.Plan) []vastapi.Instance {
	if m.data.Instances.At.Before(p.Basis.At) {
		return nil
	}
	return m.data.Instances.Value.Instances
}

// leaving is what goes on after the program ends, in sentences.
func (m *Model) leaving() []string {
	var why []string
	if len(m.work) > 0 {
		why = append(why, figure.Plural(len(m.work), "change")+" still under way: leaving waits up to 5 s, and the next start settles the rest.")
	}
	if m.session.phase == ready && !m.data.Instances.Told() {
		why = append(why, "What runs and what it costs has not been read yet.")
	}
	if m.session.open > 0 {
		why = append(why, "What became of an operation of an earlier run is still being looked for.")
	}
	why = append(why, m.closing()...)
	if running := m.runningNow(); running != "" {
		why = append(why, running)
	}
	if stray := m.strayNow(); stray != "" {
		why = append(why, stray)
	}
	return why
}

// runningNow says what costs money and how much, "" when nothing does.
func (m *Model) runningNow() string {
	if b := m.data.Burn; (b.AtLeast > 0 || b.Unknown > 0) && m.data.Instances.Told() {
		return fmt.Sprintf("%s at %s.", m.billing(), spending(b))
	}
	return ""
}

// mostStrays is how many are named.
const mostStrays = 3

// strayNow names instances that carry the token of a rental which nothing here knows to
// have happened, "" when there is none.
func (m *Model) strayNow() string {
	if !m.data.Journal.Told() || !m.data.Instances.Told() {
		return ""
	}
	ids := rental.Orphans(m.data.Instances.Value.Instances, m.data.Journal.Value.Ops)
	if len(ids) == 0 {
		return ""
	}
	var names []string
	for _, id := range ids[:min(len(ids), mostStrays)] {
		names = append(names, id.String())
	}
	text := strings.Join(names, ", ")
	if more := len(ids) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%s to no rental that is known here: %s; 7 lists them.", figure.Plural(len(ids), "instance")+verb(len(ids), " belongs", " belong"), text)
}

// spending is what the account is billed, as far as it is known.
func spending(b pricing.Burn) string {
	switch {
	case b.Unknown == 0 && rising(b):
		return rate(b.AtLeast) + ", " + rate(b.CommittedAtLeast) + " once all that is starting runs"
	case b.Unknown == 0:
		return rate(b.AtLeast)
	case b.AtLeast > 0:
		return "≥ " + rate(b.AtLeast)
	}
	return "a rate that is not known"
}

// billing says what costs money, what could not be read included.
func (m *Model) billing() string {
	n := len(m.data.Instances.Value.Instances) + m.data.Instances.Value.Bad
	v := len(m.data.Volumes.Value.Volumes) + m.data.Volumes.Value.Bad
	s := figure.Plural(n, "machine")
	switch {
	case n == 0:
		s = figure.Plural(v, "volume")
	case v > 0:
		s += " and " + figure.Plural(v, "volume")
	}
	if n+v == 1 {
		return s + " keeps costing money"
	}
	return s + " keep costing money"
}

// interval is how often a topic is asked for as things stand; 0 = not until asked.
func (m *Model) interval(topic command.Topic) time.Duration {
	switch topic {
	case command.Offers:
		if m.active != view.Market || m.session.paused {
			return 0
		}
		return command.EveryOffers
	case command.User, command.Volumes:
		return command.EveryAccount
	case command.Instances:
		return m.instancesInterval()
	case command.Some:
		return m.someInterval()
	case command.Sessions:
		return m.sessionsInterval()
	}
	return 0
}

// rearm schedules the next poll of the topic that was answered.
func (m *Model) rearm(a command.Answer) tea.Cmd {
	if m.session.phase != ready {
		return nil
	}
	d := m.interval(a.Topic)
	if d == 0 || m.awaited(a.Topic) {
		return nil
	}
	return m.cmd.Again(a.Topic, m.pace.Next(a.Topic, d, a.Err))
}

// shown starts what a view needs when it becomes visible.
func (m *Model) shown(id view.ID) tea.Cmd {
	if m.session.phase != ready {
		return nil
	}
	if id == view.Activity {
		return tea.Batch(m.readJournal(), m.resumeInstances())
	}
	if id == view.Market && m.session.paused && m.data.Offers.Told() {
		return nil
	}
	if id == view.Market {
		return m.resumeOffers()
	}
	if id == view.Sessions {
		return tea.Batch(m.load(command.Sessions), m.resumeInstances())
	}
	return m.resumeInstances()
}

// resumeInstances is resume for the instances, and for those of them that the shown
// view is about.
func (m *Model) resumeInstances() tea.Cmd {
	if m.many() {
		return tea.Batch(m.load(command.Some), m.resume(command.Instances, m.data.Instances.Age(time.Now()), command.EveryAway))
	}
	return m.resume(command.Instances, m.data.Instances.Age(time.Now()), command.EveryMotion)
}

// resumeOffers is resume for the shown market.
func (m *Model) resumeOffers() tea.Cmd {
	return m.resume(command.Offers, time.Since(m.data.Offers.Value.Since), command.EveryOffers)
}

// resume asks for a topic whose view has become visible: now when what is here is
// old, else at its next turn. What was answered behind another view may have been
// left without one.
func (m *Model) resume(topic command.Topic, age, old time.Duration) tea.Cmd {
	if age > old {
		return m.load(topic)
	}
	if d := m.interval(topic); d > 0 && !m.awaited(topic) {
		return m.cmd.Again(topic, max(0, d-age)) // the newest Again counts
	}
	return nil
}

func (m *Model) onDue(d command.Due) tea.Cmd {
	if !m.cmd.IsDue(d) || m.session.phase != ready {
		return nil
	}
	if strings.HasPrefix(string(d.Topic), heldPrefix) {
		return m.release(d.Topic)
	}
	switch d.Topic {
	case command.Tunnels:
		return m.cmd.Loads().AwaitTunnels()
	case command.Watching:
		return m.lookOn(nil)
	case command.Offers:
		if m.active != view.Market || m.session.paused {
			return nil // asked again when the market is shown, or goes on
		}
		return m.load(d.Topic)
	case command.Instances, command.User, command.Volumes, command.Some, command.Increases, command.Sessions, command.Spent:
		return m.load(d.Topic)
	}
	return m.tell(d)
}

// load asks for a topic now, unless it is being asked for already. Only the
// market view knows what is searched for.
func (m *Model) load(topic command.Topic) tea.Cmd {
	if m.session.phase != ready || m.awaited(topic) {
		return nil
	}
	l := m.cmd.Loads()
	switch topic {
	case command.Instances:
		m.data.Instances.Loading = true
		return l.LoadInstances()
	case command.User:
		m.data.User.Loading = true
		return l.LoadUser()
	case command.Volumes:
		m.data.Volumes.Loading = true
		return l.LoadVolumes()
	case command.Some:
		return m.loadSome()
	case command.Increases:
		return l.LoadIncreases()
	case command.Sessions:
		return l.LookRemote()
	case command.Spent:
		return m.loadSpent()
	case command.Offers:
		m.data.Offers.Loading = true
		return m.tell(command.Refresh{})
	}
	return nil
}

// awaited reports whether an answer about topic is on its way, or has come and is
// being taken in. Rows of an older answer that are taken in besides hold up nothing.
func (m *Model) awaited(topic command.Topic) bool {
	return m.cmd.Busy(topic) || topic == command.Offers && m.cmd.Answering()
}

// sweep asks for everything, in an order that is always the same: requests made
// at once would reach the client in any order, and it spaces them out. What is
// looked at comes first.
func (m *Model) sweep() tea.Cmd {
	order := []command.Topic{command.Offers, command.Instances, command.User, command.Volumes}
	if m.active != view.Market {
		order = []command.Topic{command.Instances, command.User, command.Volumes, command.Offers}
	}
	if m.deps.Budget.set() {
		order = append(order, command.Spent)
	}
	return m.inTurn(order...)
}

// inTurn asks for the first topic now and for the others right after it.
func (m *Model) inTurn(topics ...command.Topic) tea.Cmd {
	cmds := []tea.Cmd{m.load(topics[0])}
	for n, t := range topics[1:] {
		if !m.awaited(t) {
			cmds = append(cmds, m.cmd.Again(t, time.Duration(n+1)*time.Millisecond))
		}
	}
	return tea.Batch(cmds...)
}

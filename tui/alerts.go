package tui

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// Alerts say what is told of what goes on with instances, and how.
type Alerts struct {
	Bell    bool               // ring the terminal's bell
	Desktop command.DesktopWay // show it on the desktop while the window has not the focus
	Muted   []string           // kinds that nobody is told of, see AlertKinds
	Quiet   QuietHours         // without bell and desktop
}

// QuietHours are a span of the day, in minutes since midnight, local time. It may
// pass midnight. The zero QuietHours are none.
type QuietHours struct{ From, To int }

// Holds reports whether t lies in the quiet hours.
func (q QuietHours) Holds(t time.Time) bool {
	at := t.Hour()*60 + t.Minute()
	if q.From <= q.To {
		return q.From <= at && at < q.To
	}
	return at >= q.From || at < q.To
}

// The kinds of alerts beside those of problems.
const (
	alertReady  = "ready"
	alertGone   = "gone"
	alertCredit = "credit"
	alertWatch  = "watch"
	alertBudget = "budget"
	alertStart  = "start" // what was so at the start, of several kinds
)

// kind is what is said of one sort of problem.
type kind struct {
	name      string // in the settings
	one, many string // "Instance 7 …", "7 instances …"
	short     string // "2 …" among others
	seen      bool   // the list of instances notes it in the activity already
	hint      string // where the ways out are, behind what was seen; "" = nothing is said of them
}

// waysOut says where the ways out of being outbid are.
const waysOut = " In Bids (4): h raises it, m looks elsewhere, D destroys it."

// kinds are the problems that are told of. A start that is merely slow is not.
var kinds = map[rental.ProblemKind]kind{
	rental.ProblemHopeless: {"hopeless", "does not come up", "do not come up", "not coming up", true, ""},
	rental.ProblemStuck:    {"stuck", "is stuck on its way up", "are stuck on their way up", "stuck", true, ""},
	rental.ProblemExited:   {"exited", "has ended by itself", "have ended by themselves", "exited", false, ""},
	rental.ProblemLost:     {"offline", "cannot be reached", "cannot be reached", "offline", false, ""},
	rental.ProblemOutbid:   {"outbid", "is outbid", "are outbid", "outbid", false, waysOut},
	rental.ProblemTaken:    {"taken", "waits for its GPU", "wait for their GPU", "without its GPU", false, ""},
	rental.ProblemIdle:     {"idle", "is idle", "are idle", "idle", false, ""},
	rental.ProblemDisk:     {"disk", "has a disk that is nearly full", "have disks that are nearly full", "low on disk", false, ""},
	rental.ProblemEnd:      {"end", "nears the end of its contract", "near the end of their contracts", "ending soon", false, ""},
	rental.ProblemPrice:    {"price", "is to cost more", "are to cost more", "to cost more", false, ""},
}

// ended is what is said of a contract that is over, muted with those that are near
// their end.
var ended = kind{kinds[rental.ProblemEnd].name, "has reached the end of its contract", "have reached the end of their contracts", "whose contract is over", false, ""}

// kindOf is what is said of a problem; nothing is when it is not known.
func kindOf(p rental.Problem) (k kind, known bool) {
	if p.Over() {
		return ended, true
	}
	k, known = kinds[p.Kind]
	return k, known
}

// sortedByKind are problems of one kind each that something is said of, in the order in
// which that is.
func sortedByKind(list []rental.Problem) [][]rental.Problem {
	byKind := map[string][]rental.Problem{}
	for _, p := range list {
		name := fmt.Sprint(p.Kind, p.Over())
		byKind[name] = append(byKind[name], p)
	}
	var out [][]rental.Problem
	for _, name := range slices.Sorted(maps.Keys(byKind)) {
		out = append(out, byKind[name])
	}
	return out
}

// AlertKinds are the names of what can be muted, sorted.
func AlertKinds() []string {
	list := []string{alertReady, alertGone, alertCredit, alertWatch}
	for _, k := range kinds {
		list = append(list, k.name)
	}
	slices.Sort(list)
	return list
}

// What bounds how often something is told.
const (
	againAfter = 10 * time.Minute // what comes and goes is told once in it
	manyAlerts = 3                // of one kind at once become one line
	firstLooks = 15 * time.Second // until what was so at the start is summed up at the latest
)

// alerts are what was told, and what waits for being told.
type alerts struct {
	began  time.Time            // when the first reading came
	summed bool                 // what was so at the start has been told
	told   map[string]time.Time // by instance and kind
	mute   bool                 // notices cannot be shown on the desktop, and that was said
	credit int                  // how low the credit was told to be: 0 = not, 1 = a day, 2 = some hours
}

// alert tells what a reading of instances has shown that was not so before. What was
// so at the start is summed up once.
func (m *Model) alert(news feed.RollNews) tea.Cmd {
	now := time.Now()
	if m.alerts.began.IsZero() {
		m.alerts.began = now
	}
	if m.alerts.told == nil {
		m.alerts.told = map[string]time.Time{}
	}
	if !m.alerts.summed {
		m.sumUp(now)
		return nil
	}
	var told []telling
	told = append(told, m.problemTellings(news.Problems, now)...)
	told = append(told, m.goneTellings(news.Gone, now)...)
	told = append(told, m.readyTellings(news.Ready)...)
	return m.tellAll(told, now)
}

// telling is one thing to say.
type telling struct {
	text   string // a sentence, inert
	level  view.Level
	events []feed.Event // for the activity
	kind   string
	about  vastapi.InstanceID // 0 = none, or several
}

// tellAll says it: as toasts, in the activity, and to somebody who looks elsewhere.
func (m *Model) tellAll(list []telling, now time.Time) tea.Cmd {
	if len(list) == 0 {
		return nil
	}
	cmds := make([]tea.Cmd, 0, len(list)+1)
	worst, first := view.Info, list[0].text
	for _, t := range list {
		m.toast(t.text, t.level)
		m.inform(t.level, feed.Event{At: now, Kind: t.kind, Text: t.text, Instance: t.about})
		for _, e := range t.events {
			cmds = append(cmds, m.note(e))
		}
		if t.level > worst {
			worst, first = t.level, t.text
		}
	}
	if n := len(list) - 1; n > 0 {
		first += fmt.Sprintf(" And %d more.", n)
	}
	return tea.Batch(append(cmds, m.notify(first, worst == view.Bad, now))...)
}

// notify tells somebody who looks elsewhere, as the settings say.
func (m *Model) notify(text string, urgent bool, now time.Time) tea.Cmd {
	a := m.deps.Alerts
	if a.Quiet.Holds(now) {
		return nil
	}
	var cmds []tea.Cmd
	if a.Bell {
		cmds = append(cmds, command.Bell())
	}
	if !m.focused || !m.reports { // a terminal that never says so may be out of sight
		cmds = append(cmds, m.cmd.ShowNotice(a.Desktop, command.NoticeOf(text, urgent)))
	}
	return tea.Batch(cmds...)
}

// onNotice says once why notices do not reach the desktop.
func (m *Model) onNotice(err error) {
	if err != nil && !m.alerts.mute {
		m.toast(view.Sentence(err), view.Warn)
	}
	m.alerts.mute = err != nil
}

func (m *Model) muted(name string) bool { return slices.Contains(m.deps.Alerts.Muted, name) }

// fresh reports whether nobody was told of this lately, and notes that somebody is now.
func (m *Model) fresh(key string, now time.Time) bool {
	maps.DeleteFunc(m.alerts.told, func(_ string, at time.Time) bool { return now.Sub(at) >= againAfter })
	if _, lately := m.alerts.told[key]; lately {
		return false
	}
	m.alerts.told[key] = now
	return true
}

// problemTellings are what is said of problems that have come up.
func (m *Model) problemTellings(list []rental.Problem, now time.Time) []telling {
	var told []rental.Problem
	for _, p := range list {
		k, known := kindOf(p)
		if known && !m.muted(k.name) && m.fresh(p.Key()+"/"+p.Level.String(), now) {
			told = append(told, p)
		}
	}
	var out []telling
	for _, some := range sortedByKind(told) {
		out = append(out, m.tellingOf(some, now)...)
	}
	slices.SortStableFunc(out, func(a, b telling) int { return int(a.level - b.level) }) // the worst are shown longest, on top
	return out
}

// tellingOf says one sentence about each, or one about all when they are many.
func (m *Model) tellingOf(list []rental.Problem, now time.Time) []telling {
	k, _ := kindOf(list[0])
	if len(list) <= manyAlerts {
		out := make([]telling, len(list))
		for n, p := range list {
			text := fmt.Sprintf("%s %s. %s%s", m.called(p.Instance), k.one, p.Evidence, k.hint)
			out[n] = telling{text: text, level: levelOf(p.Level), events: m.eventsOf(k, p.Instance, text, p.Level, now), kind: k.name, about: p.Instance}
		}
		return out
	}
	all := telling{text: summed(list) + ".", kind: k.name}
	worst := rental.Note
	for _, p := range list {
		worst = max(worst, p.Level)
	}
	all.level = levelOf(worst)
	all.events = m.eventsOf(k, 0, all.text+" "+numbered(list), worst, now)
	return []telling{all}
}

// eventsOf is what goes into the activity.
func (m *Model) eventsOf(k kind, id vastapi.InstanceID, text string, level rental.Level, now time.Time) []feed.Event {
	if k.seen {
		return nil
	}
	e := feed.Event{At: now, Level: eventLevel(levelOf(level)), Kind: k.name, Text: text, Instance: id}
	if i, ok := m.data.Instance(id); ok {
		e.Machine = i.MachineID
	}
	return []feed.Event{e}
}

func levelOf(l rental.Level) view.Level {
	if l == rental.Danger {
		return view.Bad
	}
	return view.Warn
}

// summed counts problems of one kind: "7 instances are idle ($1.20 so far)".
func summed(list []rental.Problem) string {
	k, _ := kindOf(list[0])
	if len(list) == 1 {
		return "1 instance " + k.one + wasted(list)
	}
	return fmt.Sprintf("%d instances %s%s", len(list), k.many, wasted(list))
}

// wasted is what problems have cost for nothing.
func wasted(list []rental.Problem) string {
	var sum vastapi.Amount
	for _, p := range list {
		sum += p.Wasted
	}
	if !(sum > 0) {
		return ""
	}
	return " (" + pricing.Money(sum) + " so far)"
}

// maxNamed is how many instances one event names.
const maxNamed = 12

// numbered are the instances of problems, by their numbers.
func numbered(list []rental.Problem) string {
	var ids []string
	for _, p := range list[:min(len(list), maxNamed)] {
		ids = append(ids, p.Instance.String())
	}
	text := strings.Join(ids, ", ")
	if n := len(list) - maxNamed; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// maxCalled is how much of a name is said.
const maxCalled = 24

// called is an instance at the beginning of a sentence.
func (m *Model) called(id vastapi.InstanceID) string {
	i, _ := m.data.Instance(id)
	name, _ := rental.SplitLabel(i.Label.String())
	return calledBy(id, name)
}

func calledBy(id vastapi.InstanceID, name string) string {
	if name == "" {
		return "Instance " + id.String()
	}
	return "Instance " + id.String() + " " + safetext.Quote(name, maxCalled)
}

// readyTellings say that instances have come up. The list of instances notes it.
func (m *Model) readyTellings(list []feed.ReadyInstance) []telling {
	switch {
	case len(list) == 0 || m.muted(alertReady):
		return nil
	case len(list) > manyAlerts:
		return []telling{{text: fmt.Sprintf("%d instances are ready.", len(list)), level: view.Good, kind: alertReady}}
	}
	out := make([]telling, len(list))
	for n, r := range list {
		out[n] = telling{text: fmt.Sprintf("%s is ready after %s.", m.called(r.ID), figure.Span(r.Took)), level: view.Good, kind: alertReady, about: r.ID}
	}
	return out
}

// goneTellings say that instances are there no more that nobody here has destroyed.
func (m *Model) goneTellings(list []feed.GoneInstance, now time.Time) []telling {
	if m.muted(alertGone) || len(list) == 0 {
		return nil
	}
	ours := m.destroyedHere()
	list = slices.DeleteFunc(slices.Clone(list), func(g feed.GoneInstance) bool {
		return g.Last.Class == rental.ClassTerminal || ours[g.ID] || !m.fresh(alertGone+"/"+g.ID.String(), now)
	})
	if len(list) == 0 {
		return nil
	}
	event := func(id vastapi.InstanceID, text string) []feed.Event {
		return []feed.Event{{At: now, Level: feed.EventBad, Kind: alertGone, Text: text, Instance: id}}
	}
	if len(list) > manyAlerts {
		text := fmt.Sprintf("%d instances are gone that were not destroyed here.", len(list))
		return []telling{{text: text, level: view.Bad, events: event(0, text), kind: alertGone}}
	}
	out := make([]telling, len(list))
	for n, g := range list {
		text := calledBy(g.ID, g.Name) + " is gone: it was destroyed elsewhere, or its contract is over."
		out[n] = telling{text: text, level: view.Bad, events: event(g.ID, text), kind: alertGone, about: g.ID}
	}
	return out
}

// destroyedHere are the instances that were destroyed from this machine: in this run,
// or by another process that keeps a journal.
func (m *Model) destroyedHere() map[vastapi.InstanceID]bool {
	out := maps.Clone(m.session.destroyed)
	if out == nil {
		out = map[vastapi.InstanceID]bool{}
	}
	for _, op := range m.session.ops.For(m.cmd.Account()) {
		if op.Verb == "destroy" {
			out[op.Subject.Instance] = true
		}
	}
	return out
}

// sumUp tells once what was so at the start, when all is known that it depends on.
func (m *Model) sumUp(now time.Time) {
	a := &m.alerts
	late := now.Sub(a.began) >= firstLooks
	if a.summed || a.began.IsZero() || m.session.phase != ready || !late && (!m.data.Journal.Told() || !m.asked()) {
		return
	}
	a.summed = true
	var all []rental.Problem
	level, troubled := view.Warn, 0
	for id := range m.data.Traces {
		before := len(m.alerts.told)
		for _, p := range m.data.Traces[id].Problems {
			k, known := kindOf(p)
			if !known || m.muted(k.name) {
				continue
			}
			all = append(all, p)
			m.alerts.told[p.Key()+"/"+p.Level.String()] = now
			level = max(level, levelOf(p.Level))
		}
		if len(m.alerts.told) > before {
			troubled++
		}
	}
	byKind := sortedByKind(all)
	var parts []string
	for _, list := range byKind {
		k, _ := kindOf(list[0])
		parts = append(parts, fmt.Sprintf("%d %s", len(list), k.short))
	}
	if text, step := m.lowCredit(); step > 0 {
		a.credit = step
		m.told(alertCredit, capital(text)+".", creditLevel(step), now)
		m.notices.list[len(m.notices.list)-1].Read = true // the header has said it from the first frame on
	}
	stray := m.strayNow()
	running := strings.TrimSpace(m.runningNow() + " " + stray)
	switch len(byKind) {
	case 0:
		if stray != "" {
			m.toast(running, view.Warn)
		} else if running != "" {
			m.toast(running, view.Info)
		}
	case 1:
		for _, list := range byKind {
			text := summed(list) + "."
			k, _ := kindOf(list[0])
			m.toast(strings.TrimSpace(running+" "+text)+" 2 shows the instances.", level)
			m.told(k.name, text, level, now)
		}
	default:
		text := fmt.Sprintf("%s: %s.", figure.Plural(troubled, "instance")+verb(troubled, " has a problem", " have problems"), strings.Join(parts, ", "))
		m.toast(strings.TrimSpace(running+" "+text)+" 2 shows them.", level)
		m.told(alertStart, text, level, now)
	}
}

// asked reports whether it is known what hosts ask for, or nobody has to be asked.
func (m *Model) asked() bool {
	return m.data.Increases.Told() || m.data.Increases.Err != nil || len(m.data.Instances.Value.Instances) == 0
}

// When credit is told to be low, and when no more.
const (
	creditLow  = 24 * time.Hour
	creditOut  = 6 * time.Hour
	creditWell = 28 * time.Hour
)

// runway tells when the credit does not last long any more, once for each step.
func (m *Model) runway() tea.Cmd {
	text, step := m.lowCredit()
	switch {
	case !m.alerts.summed: // it is part of what was so at the start
		return nil
	case step < 0:
		m.alerts.credit = 0
	}
	if step <= m.alerts.credit {
		return nil
	}
	m.alerts.credit = step
	now, level := time.Now(), creditLevel(step)
	text = capital(text) + "."
	return m.tellAll([]telling{{text: text, level: level, events: []feed.Event{{At: now, Level: eventLevel(level), Kind: alertCredit, Text: text}}, kind: alertCredit}}, now)
}

// lowCredit says how long the credit lasts and how low that is: 1 = less than a day,
// 2 = some hours, 0 = hardly more, or nobody is to be told, -1 = well.
func (m *Model) lowCredit() (text string, step int) {
	if m.muted(alertCredit) || !m.data.User.Told() || !m.data.Instances.Told() || !m.data.Volumes.Told() {
		return "", 0
	}
	lasts, finite := pricing.Runway(m.credit(), m.data.Burn.CommittedAtLeast)
	switch {
	case !finite || lasts >= creditWell:
		return "", -1
	case lasts < creditOut:
		step = 2
	case lasts < creditLow:
		step = 1
	}
	return fmt.Sprintf("the credit lasts %s: %s at %s", figure.Span(lasts), figure.Amount(float64(m.credit())), rate(m.data.Burn.CommittedAtLeast)), step
}

// capital is a sentence that begins with a letter of ours.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func creditLevel(step int) view.Level {
	if step > 1 {
		return view.Bad
	}
	return view.Warn
}

func eventLevel(l view.Level) feed.EventLevel {
	if l == view.Bad {
		return feed.EventBad
	}
	return feed.EventWarn
}

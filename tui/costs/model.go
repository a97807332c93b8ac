package costs

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chart"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// section is the group of the view's keys in the help.
const section = "Cost"

// The topics of work that is done away from Update.
const (
	making    command.Topic = "costs/rows"
	arranging command.Topic = "costs/arranging"
)

// atOnce is how many rows are made within Update, with the charges of a month.
const atOnce = 200

// months are the lengths of a month that can be reckoned with, in hours.
const (
	shortMonth = pricing.MonthHours
	longMonth  = 730
)

// Model is the view of what is billed, and what was charged.
type Model struct {
	table  table.Model[string, *row]
	query  listing.Line[row]
	detail bool
	scroll int // of the detail
	page   page
	folded bool     // one row for each group of names
	only   bool     // what is billed without computing alone
	hours  *float64 // of a month; the columns look at it
	figure int      // which figure of a row E explains

	shown  bool // the view is on the screen
	seen   seen
	made   bool // there are rows of an answer
	plain  []*row
	groups int // of two and more
	all    totals
	names  map[string]string // of contracts, by the key of their row
	agreed []agreement
	synced bool // the memory has been looked at
	former listing.Former[string, *row]
	whole  bool // the rows are of all that is billed

	credit []chart.Point // what could be spent, as this run has read it
}

// seen is what the rows were made of.
type seen struct{ instances, volumes, charges int }

// New returns the view.
func New(th *theme.Theme) *Model {
	hours := float64(shortMonth)
	m := &Model{query: listing.NewLine(language, th), hours: &hours, seen: seen{-1, -1, -1}}
	m.table = table.New(func(r *row) string { return r.key }, catalogue(m.hours), th)
	m.table.ShowPosition, m.table.Offload = true, true
	m.table.Sort("now", true)
	m.former = listing.Former[string, *row]{List: memoryName, View: view.Costs, Name: nameOf, Find: listing.ByKey(&m.table, keyNamed)}
	m.query.Placeholder = "type / to filter:  worker  kind=storage  leaks=true  month>100"
	return m
}

// Title is the tab's label with the number of things that are billed without
// computing.
func (m *Model) Title(env view.Env) (string, string) {
	b := env.Data.Burn
	if n := b.Idle + b.Unused; n > 0 && env.Data.Instances.Told() {
		return section, fmt.Sprint(n) + "!"
	}
	return section, ""
}

// Visible are the instances on the screen.
func (m *Model) Visible(view.Env) []vastapi.InstanceID {
	var ids []vastapi.InstanceID
	if r, ok := m.table.Cursor(); ok {
		for _, one := range r.each() {
			if one.instance != nil {
				ids = append(ids, one.instance.ID)
			}
		}
	}
	return ids
}

// Capturing reports whether a line has the keyboard.
func (m *Model) Capturing() bool {
	if m.page != nil {
		return m.page.capturing()
	}
	return m.query.Focused()
}

// Update takes news, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	e := view.Effect{}
	if !m.synced {
		e = m.begin(env)
	}
	m.reckon(env)
	e = view.Join(e, m.hear(env, msg))
	return view.Join(e, m.former.Update(env, msg, &m.table, listing.Stand{Rev: m.seen.instances + m.seen.volumes, Whole: m.whole && !m.folded}))
}

// reckon takes over how long a month is.
func (m *Model) reckon(env view.Env) {
	hours := float64(shortMonth)
	if env.Data.Memory.Month730 {
		hours = longMonth
	}
	if hours != *m.hours {
		*m.hours = hours
		m.table.Invalidate()
	}
}

func (m *Model) hear(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case command.InstancesLoaded, command.VolumesLoaded:
		return m.load(env)
	case command.ChargesLoaded:
		return view.Join(m.load(env), m.nextDay(env, msg.Err))
	case command.UserLoaded:
		m.noteCredit(env)
	case command.Computed[made]:
		if msg.Err == nil {
			return m.take(env, msg.Value)
		}
		m.seen = seen{-1, -1, -1}
	case command.Computed[arrangement]:
		return m.arranged(env, msg)
	case command.MemoryLoaded:
		return m.begin(env)
	case command.Beat:
		m.table.SetFlash(msg.At)
		if m.shown {
			return m.nextDay(env, env.Data.Charges.Err)
		}
	case view.Shown:
		m.shown = true
		return view.Join(m.load(env), m.nextDay(env, nil))
	case view.Hidden:
		m.shown = false
	case tea.BackgroundColorMsg:
		m.table.SetTheme(env.Theme)
		m.query.SetTheme(env.Theme)
		if p, ok := m.page.(interface{ SetTheme(*theme.Theme) }); ok {
			p.SetTheme(env.Theme)
		}
	case tea.KeyPressMsg, tea.PasteMsg:
		if m.page != nil {
			return m.page.key(m, env, msg)
		}
		return m.key(env, msg)
	}
	return view.Effect{}
}

// load makes the rows of what is known now, unless nobody looks at them.
func (m *Model) load(env view.Env) view.Effect {
	d := env.Data
	now := seen{d.Instances.Rev, d.Volumes.Rev, d.Charges.Rev}
	if !m.shown || now == m.seen || !d.Instances.Told() && !d.Volumes.Told() {
		return view.Effect{}
	}
	m.seen = now
	w := world{
		instances: d.Instances.Value.Instances, volumes: d.Volumes.Value.Volumes, traces: d.Traces, charges: d.Charges,
		at: d.Instances.At, volumesAt: d.Volumes.At, now: env.Now,
	}
	if w.size() > atOnce {
		return view.Wait(command.Compute(env.Load, making, func() made { return madeOf(w) }))
	}
	return m.take(env, madeOf(w))
}

// take shows what was made.
func (m *Model) take(env view.Env, next made) view.Effect {
	for _, r := range next.rows {
		r.month = m.hours
	}
	m.plain, m.made, m.whole = next.rows, true, next.whole
	m.query.Renew(nil)
	m.all, m.groups, m.names, m.agreed = next.all, next.groups, next.names, next.agreed
	return m.fill(env)
}

// retry is how long charges are not asked for after they could not be read.
const retry = time.Minute

// nextDay asks for the next day of charges while the view is shown, one at a time and
// the newest first.
func (m *Model) nextDay(env view.Env, failed error) view.Effect {
	c := env.Data.Charges
	if !m.shown || failed != nil && env.Now.Sub(c.Since) < retry || env.Load.ChargesBusy() {
		return view.Effect{}
	}
	day, ok := c.Next(env.Now)
	if !ok {
		return view.Effect{}
	}
	return view.Wait(env.Load.LoadCharges(day))
}

// mostCredit is how many readings of the credit are kept.
const mostCredit = 2000

// noteCredit keeps what can be spent now. Of readings in a row that say the same, the
// first and the last one are kept.
func (m *Model) noteCredit(env view.Env) {
	u := env.Data.User
	if !u.Told() || u.Err != nil {
		return
	}
	p := chart.Point{At: u.At, Value: float64(u.Value.Spendable())}
	if !vastapi.Known(p.Value) {
		return
	}
	n := len(m.credit)
	if n > 0 && !p.At.After(m.credit[n-1].At) {
		return
	}
	if n > 1 && m.credit[n-1].Value == p.Value && m.credit[n-2].Value == p.Value {
		m.credit = append(slices.Clone(m.credit[:n-1]), p)
		return
	}
	m.credit = append(slices.Clip(m.credit[max(0, n-mostCredit+1):]), p)
}

// chosen are the marked rows, or the one under the cursor, groups as their members.
func (m *Model) chosen() []*row {
	if m.table.Pending() {
		return nil
	}
	list := m.table.Marked()
	if len(list) == 0 {
		if r, ok := m.table.Cursor(); ok {
			list = []*row{r}
		}
	}
	var out []*row
	for _, r := range list {
		out = append(out, r.each()...)
	}
	return out
}

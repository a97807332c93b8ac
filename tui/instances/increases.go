package instances

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// asking is a price increase that waits for an answer, with its instance as far as
// that is known.
type asking struct {
	*vastapi.PriceIncrease
	target *vastapi.Instance
	there  bool
	rise   rental.Rise
}

// waiting is what all increases come to, worked out once for each answer.
type waiting struct {
	list                 []asking                        // in the order they were told
	at                   map[vastapi.PriceIncreaseID]int // their places in the list
	twice                map[vastapi.InstanceID]bool     // those whose host asks more than once
	more                 vastapi.Rate                    // all together
	increases, instances int                             // the revisions it was worked out from
}

// worked works it out anew when there was another answer since.
func (w *waiting) worked(env view.Env) *waiting {
	f, all := env.Data.Increases, env.Data.Instances
	if w.at != nil && w.increases == f.Rev && w.instances == all.Rev {
		return w
	}
	*w = waiting{at: make(map[vastapi.PriceIncreaseID]int, len(f.Value.List)), twice: map[vastapi.InstanceID]bool{}, increases: f.Rev, instances: all.Rev}
	there := make(map[vastapi.InstanceID]*vastapi.Instance, len(f.Value.List))
	for n := range f.Value.List {
		id := f.Value.List[n].Instance
		_, w.twice[id] = there[id]
		there[id] = nil
	}
	maps.DeleteFunc(w.twice, func(_ vastapi.InstanceID, twice bool) bool { return !twice })
	for n := range all.Value.Instances {
		i := &all.Value.Instances[n]
		if _, wanted := there[i.ID]; wanted {
			there[i.ID] = i
		}
	}
	for n := range f.Value.List {
		p := &f.Value.List[n]
		a := asking{PriceIncrease: p, target: there[p.Instance]}
		if a.there = a.target != nil; !a.there {
			a.target = &vastapi.Instance{ID: p.Instance, Disk: vastapi.Unknown[vastapi.GB](), DphBase: vastapi.Unknown[vastapi.Rate](), IfRunning: vastapi.Unknown[vastapi.Rate]()}
		}
		a.rise = rental.RiseOf(a.target, *p)
		w.more += a.rise.Change()
		w.at[p.ID] = len(w.list)
		w.list = append(w.list, a)
	}
	return w
}

// increasesOf are what the host of an instance asks for.
func increasesOf(env view.Env, id vastapi.InstanceID) (some []vastapi.PriceIncrease) {
	for n := range env.Data.Increases.Value.List {
		if p := &env.Data.Increases.Value.List[n]; p.Instance == id {
			some = append(some, *p)
		}
	}
	return some
}

// increasesAction opens the page of price increases.
func (m *Model) increasesAction(env view.Env) view.Action {
	n := len(env.Data.Increases.Value.List)
	why := ""
	if n == 0 {
		why = "no host asks for a higher price"
	}
	a := act("I", "price increases…", why, func() view.Effect { return m.openIncreases(env) })
	a.Hidden = n == 0
	return a
}

// openIncreases shows the increases, with the cursor on that of the chosen instance.
func (m *Model) openIncreases(env view.Env) view.Effect {
	p := &increasesPage{marks: map[vastapi.PriceIncreaseID]bool{}}
	list := p.waiting.worked(env).list
	if len(list) > 0 {
		p.at = list[0].ID
	}
	chosen := map[vastapi.InstanceID]bool{}
	for _, r := range m.chosen() {
		chosen[r.ID] = true
	}
	if n := slices.IndexFunc(list, func(a asking) bool { return chosen[a.Instance] }); n >= 0 {
		p.at = list[n].ID
	}
	m.show(p)
	return view.Wait(env.Load.LoadIncreases())
}

// increasesPage lists what hosts ask for. The cursor stands for one increase: when
// that is gone there is nothing under it.
type increasesPage struct {
	at      vastapi.PriceIncreaseID
	row     int // where it stood last
	marks   map[vastapi.PriceIncreaseID]bool
	waiting waiting
	picked  picked
	drawn   []vastapi.PriceIncreaseID // the lines drawn last
	top     int                       // the first of them
	still   bool                      // they stay where they are drawn: the mouse is on one of them
}

// increasesHead is how many lines stand above the list.
const increasesHead = 2

// Click moves the cursor to the increase that was clicked; on the one that it was on it goes to the instance, as enter does.
func (p *increasesPage) Click(_ view.Env, _, y int) (enter bool) {
	if y -= increasesHead; y < 0 || y >= len(p.drawn) {
		return false
	}
	was := p.at
	p.at, p.row, p.still = p.drawn[y], p.top+y, true
	return p.at == was
}

// picked are the increases that a key acts on, worked out once for each change of the
// marks.
type picked struct {
	marked               []asking
	twice                vastapi.InstanceID // whose host asks more than once among them, 0 = none
	increases, instances int                // the revisions they were picked from
	known                bool
}

func (p *increasesPage) capturing() bool { return false }

func (p *increasesPage) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

func (p *increasesPage) back(*Model, view.Env) (view.Effect, bool) {
	if len(p.marks) > 0 {
		clear(p.marks)
		p.picked.known = false
		return view.Effect{}, false
	}
	return view.Effect{}, true
}

// under is the increase under the cursor, or none.
func (p *increasesPage) under(w *waiting) []asking {
	if n, there := w.at[p.at]; there {
		return w.list[n : n+1]
	}
	return nil
}

// chosen are the marked increases that still wait, or the one under the cursor.
func (p *increasesPage) chosen(w *waiting) []asking {
	k := &p.picked
	if !k.known || k.increases != w.increases || k.instances != w.instances {
		*k = picked{known: true, increases: w.increases, instances: w.instances}
		seen := map[vastapi.InstanceID]bool{}
		for n := range w.list {
			a := &w.list[n]
			if len(p.marks) == 0 || !p.marks[a.ID] {
				continue
			}
			k.marked = append(k.marked, *a)
			if w.twice[a.Instance] && seen[a.Instance] {
				k.twice = a.Instance
			}
			seen[a.Instance] = true
		}
	}
	if len(k.marked) > 0 {
		return k.marked
	}
	return p.under(w)
}

func (p *increasesPage) actions(m *Model, env view.Env) []view.Action {
	w := p.waiting.worked(env)
	list, rows, under := w.list, p.chosen(w), p.under(w)
	none, there := "", ""
	switch {
	case len(list) == 0:
		none = "no host asks for a higher price any more"
		there = none
	case len(under) == 0:
		there = "the increase under the cursor is gone: move to choose another"
		if len(rows) == 0 {
			none = there
		}
	}
	change := env.Changing(none)
	if change == "" {
		change = answered(env, rows)
	}
	if change == "" && p.picked.twice != 0 {
		change = fmt.Sprintf("the host of instance %s asks more than once: mark one of its increases alone", p.picked.twice)
	}
	move := func(by int) func() view.Effect {
		return func() view.Effect { p.move(list, by); return view.Effect{} }
	}
	return []view.Action{
		act("a", "accept…", change, func() view.Effect { return answer(env, rows, true) }),
		act("R", "reject…", change, func() view.Effect { return answer(env, rows, false) }),
		act("enter", "go to the instance", there, func() view.Effect {
			m.page = nil
			return m.Update(env, view.Focused{On: under[0].Instance})
		}),
		quiet("space", "mark it", there, func() view.Effect { p.mark(); p.move(list, 1); return view.Effect{} }),
		quiet("*", "mark all", none, func() view.Effect { p.markAll(list); return view.Effect{} }),
		{Key: view.Bind("up", "one line up", "up", "k"), Group: section, Hidden: true, Do: move(-1)},
		{Key: view.Bind("down", "one line down", "down", "j"), Group: section, Hidden: true, Do: move(1)},
	}
}

// answered says why increases cannot be answered, or "".
func answered(env view.Env, rows []asking) string {
	for n := range rows {
		a := &rows[n]
		if len(env.Busy) > 0 {
			if verb := env.Busy[a.Instance]; verb != "" {
				return underWayText(verb, a.Instance)
			}
		}
		if !a.there {
			return fmt.Sprintf("instance %s is not in the list yet: ctrl+r asks again", a.Instance)
		}
	}
	return ""
}

// mark marks the increase under the cursor, or takes its mark away.
func (p *increasesPage) mark() {
	p.picked.known = false
	if p.marks[p.at] {
		delete(p.marks, p.at)
		return
	}
	p.marks[p.at] = true
}

func (p *increasesPage) markAll(list []asking) {
	p.picked.known = false
	for _, a := range list {
		p.marks[a.ID] = true
	}
}

// move goes on from where the cursor stands, or stood before its increase was gone.
func (p *increasesPage) move(list []asking, by int) {
	p.still = false
	if len(list) == 0 {
		return
	}
	at := p.row
	if n, there := p.waiting.at[p.at]; there {
		at = n + by
	}
	p.row = max(0, min(at, len(list)-1))
	p.at = list[p.row].ID
}

// answer asks about accepting or rejecting what waits. What waits no longer is no
// mistake of the user: the list is read again.
func answer(env view.Env, rows []asking, accept bool) view.Effect {
	ids := make([]vastapi.PriceIncreaseID, len(rows))
	for n, a := range rows {
		ids[n] = a.ID
	}
	return answerThese(env, ids, accept)
}

// answerOne asks about what the host of one instance wants. When that is more than one
// increase, they are listed.
func (m *Model) answerOne(env view.Env, id vastapi.InstanceID, accept bool) view.Effect {
	list := increasesOf(env, id)
	if len(list) > 1 {
		e := m.openIncreases(env)
		m.page.(*increasesPage).at = list[0].ID
		return e
	}
	var ids []vastapi.PriceIncreaseID
	for _, one := range list {
		ids = append(ids, one.ID)
	}
	return answerThese(env, ids, accept)
}

// answerThese asks about these increases and no other, whatever else their hosts ask.
func answerThese(env view.Env, ids []vastapi.PriceIncreaseID, accept bool) view.Effect {
	plan := rental.PlanRejectIncrease
	if accept {
		plan = rental.PlanAcceptIncrease
	}
	wanted := make(map[vastapi.PriceIncreaseID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var list []vastapi.PriceIncrease
	var about []vastapi.InstanceID
	for _, one := range env.Data.Increases.Value.List {
		if wanted[one.ID] {
			list, about = append(list, one), append(about, one.Instance)
		}
	}
	p, err := plan(known(env, about), list, env.Desk)
	if err != nil {
		return view.Effect{
			Cmd:     env.Load.LoadIncreases(),
			Intents: []view.Intent{view.Toast{Text: err.Error() + "; asking again", Level: view.Info}},
		}
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return answerThese(env, ids, accept) }})
}

// draw lists what waits, with what all of it comes to, and all about the one under
// the cursor below.
func (p *increasesPage) draw(env view.Env, w, h int) (string, *tea.Cursor) {
	wait := p.waiting.worked(env)
	th, list := env.Theme, wait.list
	p.drawn = nil
	if len(list) == 0 || h < 4 {
		head := " " + th.Ink(theme.Strong).Paint(fit.Cut(increasesTitle(env, wait), max(0, w-2)))
		if h < 2 || len(list) > 0 {
			return fit.Block([]string{head}, w, h), nil
		}
		return fit.Line(head, w) + "\n" + pane.Notes(th, w, h-1, p.nothing(env)), nil
	}
	detailH := 0
	if h >= 16 {
		detailH = min(12, h/2)
	}
	room := h - 2 - detailH
	at := p.place(wait)
	if !p.still || at < p.top || at >= p.top+room {
		p.top = at - room/2
	}
	p.top = max(0, min(p.top, len(list)-room))
	lines := []string{
		" " + th.Ink(theme.Strong).Paint(fit.Cut(increasesTitle(env, wait), max(0, w-2))),
		th.Table.Header.Paint(fit.Line(increaseHead(w), w)),
	}
	for n := p.top; n < len(list) && n < p.top+room; n++ {
		a := list[n]
		p.drawn = append(p.drawn, a.ID)
		cursor, mark, ground := " ", " ", theme.OnBase
		if p.marks[a.ID] {
			mark, ground = "✓", theme.OnMarked
		}
		if a.ID == p.at {
			cursor = "▸"
			ground = map[bool]theme.Ground{true: theme.OnBoth, false: theme.OnSelected}[p.marks[a.ID]]
		}
		lines = append(lines, th.InkOn(ground, riseClass(a.rise)).Paint(fit.Line(cursor+mark+increaseLine(a, w-2), w)))
	}
	body := fit.Block(lines, w, h-detailH)
	if detailH == 0 {
		return body, nil
	}
	rule := th.Ink(theme.Dim).Paint(strings.Repeat("─", w))
	title, facts := p.facts(env, wait)
	detail := pane.Facts(th, title, facts, 0, w, detailH-1)
	return body + "\n" + rule + "\n" + detail, nil
}

func (p *increasesPage) nothing(env view.Env) pane.Note {
	if f := env.Data.Increases; f.Err != nil {
		return pane.Note{Class: theme.Bad, Text: view.Sentence(f.Err)}
	}
	return pane.Note{Class: theme.Dim, Text: "No host asks for a higher price. esc leads back."}
}

// place is the line of the cursor.
func (p *increasesPage) place(w *waiting) int {
	if n, there := w.at[p.at]; there {
		return n
	}
	return max(0, min(p.row, len(w.list)-1))
}

// increasesTitle sums up what accepting all comes to.
func increasesTitle(env view.Env, w *waiting) string {
	title := "Price increases"
	if len(w.list) == 0 {
		return title
	}
	wait := "1 waits, it comes to"
	if n := len(w.list); n > 1 {
		wait = fmt.Sprintf("%d wait, all of them come to", n)
	}
	title += fmt.Sprintf(": %s %s, %s a month", wait, signedRate(w.more), signedAmount(w.more.Month()))
	if env.Data.Increases.Value.Truncated {
		title += "; the server has more than it told"
	}
	if n := env.Data.Increases.Value.Bad; n > 0 {
		title += fmt.Sprintf("; %d could not be read", n)
	}
	return title
}

// riseClass says in colour how much more is asked for; the figures say it too.
func riseClass(r rental.Rise) theme.Class {
	if share := float64(r.Change() / r.Old.Total()); share >= 0.2 {
		return theme.Bad
	}
	return theme.Warn
}

// increaseHead and increaseLine have the same columns: those in front stay where the
// screen is narrow.
func increaseHead(w int) string {
	return "  " + increaseColumns(w-2, "instance", "more", "a month", "now → then", "ends", "GPU", "name")
}

func increaseLine(a asking, w int) string {
	name, _ := rental.SplitLabel(a.target.Label.String())
	if !a.there {
		name = "not in the list"
	}
	end := figure.Unknown
	if !a.ContractEnd.IsZero() {
		end = a.ContractEnd.UTC().Format("2006-01-02")
	}
	return increaseColumns(w, a.Instance.String(), signedRate(a.rise.Change()), signedAmount(a.rise.Change().Month()),
		figure.Rate(float64(a.rise.Old.Total()))+" → "+figure.Rate(float64(a.rise.New.Total())), end,
		fmt.Sprintf("%d× %s", a.target.NumGPUs, a.target.GPUName), figure.Text(name))
}

func increaseColumns(w int, id, more, month, change, end, gpu, name string) string {
	line := fit.Right(id, 10) + "  " + fit.Right(more, 10) + "  " + fit.Right(month, 11)
	if w >= 70 {
		line += "  " + fit.Line(change, 21)
	}
	if w >= 110 {
		line += "  " + fit.Line(end, 12) + "  " + fit.Line(gpu, 18)
	}
	return line + "  " + name
}

// facts are all about the increase under the cursor, and whose it is.
func (p *increasesPage) facts(env view.Env, w *waiting) (string, []pane.Fact) {
	for _, a := range p.under(w) {
		return "Instance " + a.Instance.String() + " " + nameShown(a.target), riseFacts(a.target, *a.PriceIncrease, env)
	}
	return "", []pane.Fact{{Value: "the increase under the cursor is gone: move to choose another", Class: theme.Dim}}
}

// riseFacts are what a host asks for, what it changes and until when the price of now
// holds.
func riseFacts(i *vastapi.Instance, p vastapi.PriceIncrease, env view.Env) []pane.Fact {
	r := rental.RiseOf(i, p)
	facts := []pane.Fact{
		{Label: "running", Value: fmt.Sprintf("%s → %s, %s a month", figure.Rate(float64(r.Old.Total())), figure.Rate(float64(r.New.Total())), signedAmount(r.Change().Month())), Class: theme.Money},
		{Label: "its disk", Value: fmt.Sprintf("%s → %s, also while stopped", figure.Rate(float64(r.Old.Disk)), figure.Rate(float64(r.New.Disk))), Class: theme.Money},
	}
	for _, t := range []struct {
		label    string
		old, new vastapi.PerGB
	}{{"in", p.OldDown, p.NewDown}, {"out", p.OldUp, p.NewUp}} {
		if vastapi.Known(t.new) && t.new != t.old {
			facts = append(facts, pane.Fact{Label: "traffic", Value: t.label + " " + perGB(t.old) + " → " + perGB(t.new), Class: theme.Money})
		}
	}
	return append(facts,
		pane.Fact{Label: "until then", Value: "the contract of now ends " + until(p.ContractEnd, env.Now)},
		pane.Fact{Label: "rejected", Value: "the price stays; the host need not prolong, and then it is stopped for good at that end", Class: theme.Dim},
	)
}

func perGB(p vastapi.PerGB) string {
	if !vastapi.Known(p) {
		return figure.Unknown
	}
	if p == 0 {
		return "free"
	}
	return "$" + figure.Decimal(float64(p), 4) + " a GB"
}

// signedRate is a change of a rate with its sign.
func signedRate(r vastapi.Rate) string {
	if r > 0 {
		return "+" + figure.Rate(float64(r))
	}
	return figure.Rate(float64(r))
}

// signedAmount is a change of an amount with its sign.
func signedAmount(a vastapi.Amount) string {
	if a > 0 {
		return "+" + figure.Amount(float64(a))
	}
	return figure.Amount(float64(a))
}

package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/palette"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// mostFound is how many entries the palette lists.
const mostFound = 100

// maxRemembered is how long a line may be that is remembered, in runes.
const maxRemembered = 256

// What an entry of the palette stands for.
type (
	// doAction is an action of the program's or of the view shown, by its own first key,
	// or by its label where it has none.
	doAction struct{ scope, key, label string }
	doGoto   struct {
		view  view.ID
		focus any
	}
	doVerb struct {
		verb *paletteVerb
		args string
	}
)

// openPalette opens the line that finds everything.
func (m *Model) openPalette() view.Effect {
	m.seek = seek{}
	m.seek.there = m.elsewhere()
	m.stack.Push(dialog.NewPalette(m.data.Memory.Lines, m.find))
	return view.Effect{}
}

// find is what a line of the palette finds.
func (m *Model) find(line string) dialog.Found {
	if m.session.phase != ready {
		return m.findAny(line)
	}
	name, args, spaced := strings.Cut(strings.TrimLeft(line, " "), " ")
	if v := verbOf(name); v != nil && (spaced || v.args == "" && name == v.name) {
		return m.findVerb(v, line, args)
	}
	return m.findAny(line)
}

// findAny looks for a line among all that there is.
func (m *Model) findAny(line string) dialog.Found {
	f := palette.NewFinder(line, m.data.Memory.Lines, mostFound)
	m.findActions(f)
	if m.session.phase == ready {
		m.findVerbs(f)
		m.findViews(f)
		if !f.Query().Empty() {
			m.findInstances(f)
			m.findVolumes(f)
			m.findOffers(f, strings.TrimSpace(line))
			m.findOperations(f)
			m.findElsewhere(f)
		}
	}
	list, total := f.Best()
	return dialog.Found{Entries: list, Total: total}
}

// findActions adds what can be done in the view shown, and everywhere.
func (m *Model) findActions(f *palette.Finder) {
	own := m.scopeOf(m.active)
	add := func(scope string, list []view.Action, bonus int) {
		for _, a := range list {
			h, keys := a.Key.Help(), a.Key.Keys()
			ref := doAction{scope: scope, label: h.Desc}
			if len(keys) > 0 {
				ref.key = keys[0]
				if slices.Contains(neverListed, ref.key) {
					continue
				}
			}
			e := m.entryOf("do", scope, a)
			e.Ref = ref
			f.Add(e, bonus)
		}
	}
	if m.session.phase == loggedOut {
		own = everywhere
	}
	add(own, m.current().Actions(m.env()), 40)
	add(own, m.ownActions(own), 40)
	add(everywhere, m.ownActions(everywhere), 20)
	add(everywhere, m.actions(), 10)
}

// neverListed are keys whose actions are found otherwise, or are there already.
var neverListed = []string{":", "ctrl+c", "1", "2", "3", "4", "5", "6", "7", "8"}

func (m *Model) findViews(f *palette.Finder) {
	for _, t := range m.tabs() {
		name, badge := t.view.Title(m.env())
		f.Add(palette.Entry{Kind: "view", Name: name, Also: viewWords[nameOf(name)], Key: strconv.Itoa(int(t.id)), Detail: badge, Ref: doGoto{view: t.id}}, 50)
	}
}

func (m *Model) findVerbs(f *palette.Finder) {
	for n := range verbs {
		v := &verbs[n]
		line := v.name
		if v.args != "" {
			line += " "
		}
		f.Add(palette.Entry{Kind: "command", Name: strings.TrimSpace(v.name + " " + v.args), Also: verbWords[v.name], Detail: v.help, Line: line, Ref: doVerb{verb: v}}, 30)
	}
}

func (m *Model) findInstances(f *palette.Finder) {
	list := m.data.Instances.Value.Instances
	ids := f.Query().Digits() // what has no digit is looked for in no id
	for n, known := range m.seek.instances(list) {
		score, ok := f.Query().Rank(known.name)
		if ids {
			if byID, fits := f.Query().Rank(known.id); fits && (!ok || byID > score) {
				score, ok = byID, true
			}
		}
		switch {
		case !ok:
		case !f.Room(score):
			f.Missed()
		default:
			i := &list[n]
			f.Put(palette.Entry{
				Kind: "instance", Name: strings.TrimSpace(known.id + " " + known.name), Line: known.id,
				Detail: fmt.Sprintf("%s · %s · %s", gpus(i.NumGPUs, i.GPUName.String()), i.Actual, i.Image),
				Ref:    doGoto{view.Instances, i.ID},
			}, score)
		}
	}
}

func (m *Model) findVolumes(f *palette.Finder) {
	for n := range m.data.Volumes.Value.Volumes {
		v := &m.data.Volumes.Value.Volumes[n]
		f.Add(palette.Entry{
			Kind: "volume", Name: strings.TrimSpace(v.ID.String() + " " + v.Name.String()), Line: v.ID.String(),
			Detail: "on machine " + v.MachineID.String(), Ref: doGoto{view.Volumes, v.ID},
		}, 0)
	}
}

// findOffers adds the offers in hand whose id, or whose machine's, begins with the
// digits of the line.
func (m *Model) findOffers(f *palette.Finder, line string) {
	want, err := strconv.ParseInt(line, 10, 64)
	if err != nil || want <= 0 {
		return
	}
	rows := m.data.Offers.Value.Rows
	for n := range rows {
		r := &rows[n]
		if !r.Gone.IsZero() {
			continue
		}
		machine, offer := begins(int64(r.Offer.MachineID), want), begins(int64(r.Offer.ID), want)
		switch {
		case !machine && !offer:
		case !f.Room(790): // as good as any that begins so
			f.Missed()
		case machine:
			id := r.Offer.MachineID.String()
			f.Put(palette.Entry{Kind: "machine", Name: "machine " + id, Detail: offerWords(r.Offer), Ref: doGoto{view.Market, r.Offer.MachineID}}, 790+exactly(int64(r.Offer.MachineID), want))
		default:
			f.Put(palette.Entry{
				Kind: "offer", Name: "offer " + r.Offer.ID.String(), Detail: offerWords(r.Offer) + " · machine " + r.Offer.MachineID.String(),
				Line: "machine " + r.Offer.MachineID.String(), Ref: doGoto{view.Market, r.Offer.MachineID},
			}, 780+exactly(int64(r.Offer.ID), want))
		}
	}
}

// begins reports whether the digits of n begin with those of want.
func begins(n, want int64) bool {
	for n > want {
		n /= 10
	}
	return n == want
}

func exactly(n, want int64) int {
	if n == want {
		return 150
	}
	return 0
}

func offerWords(o *vastapi.Offer) string {
	text := gpus(o.NumGPUs, o.GPUName.String())
	if vastapi.Known(o.DphTotal) {
		text += " · " + rate(o.DphTotal)
	}
	return strings.TrimRight(text+" · "+strings.TrimLeft(o.Geolocation.String(), ", "), " ·")
}

func gpus(n int, name string) string { return fmt.Sprintf("%d× %s", n, name) }

func (m *Model) findOperations(f *palette.Finder) {
	now := m.env().Now
	for _, p := range m.data.Journal.Value.Recent {
		op := p.Op
		about, _ := rental.SplitLabel(op.Label)
		if id := op.Subject.Instance; id != 0 {
			about = strings.TrimSpace(id.String() + " " + about)
		}
		f.Add(palette.Entry{
			Kind: "operation", Name: strings.TrimSpace(op.Verb + " " + about), Detail: string(op.State) + " · " + figure.Age(now.Sub(op.When())) + " ago",
			Ref: doGoto{view.Activity, view.ShowOperation{ID: op.ID}},
		}, -120)
	}
}

// findVerb reads the arguments of a command.
func (m *Model) findVerb(v *paletteVerb, line, args string) dialog.Found {
	found := dialog.Found{Hint: strings.TrimSpace(v.name + " " + v.args + " · " + v.help)}
	at := utf8.RuneCountInString(line) - utf8.RuneCountInString(args)
	if v.args == "" && strings.TrimSpace(args) != "" {
		found.Problem, found.At = "this takes nothing more", at
		return found
	}
	if v.check != nil {
		if wrong := v.check(m, args); wrong != nil {
			found.Problem, found.At, found.Typing = wrong.text, at+wrong.at, wrong.typing
		}
	}
	run := palette.Entry{Kind: "command", Name: strings.TrimSpace(line), Line: line, Detail: "enter does it", Ref: doVerb{v, args}}
	if found.Problem != "" {
		run.Detail = "not yet: " + found.Problem
	}
	var more []palette.Entry
	if v.complete != nil {
		more = v.complete(m, line, args)
	}
	// What is whole comes first; while it is not, tab takes what may follow.
	if found.Problem == "" || len(more) == 0 {
		found.Entries = append([]palette.Entry{run}, more...)
	} else {
		found.Entries = more
		found.Typing = true
	}
	found.Total = len(found.Entries)
	return found
}

// picked does what was chosen in the palette, and remembers the line.
func (m *Model) picked(o dialog.Outcome) tea.Cmd {
	line := strings.TrimSpace(o.Entry.Completed())
	if do, ok := o.Entry.Ref.(doVerb); ok && do.args == "" && do.verb.args != "" && !do.verb.alone {
		// It wants arguments: they are typed into the same line.
		m.fill(do.verb.name + " ")
		return nil
	}
	if more, ok := o.Entry.Ref.(doFill); ok {
		m.fill(more.line)
		return nil
	}
	m.remove(m.stack.Top())
	keep := tea.Cmd(nil)
	if line != "" && utf8.RuneCountInString(line) <= maxRemembered && !tellsSecret(line) {
		keep = m.remember(func(mem *feed.Memory) { mem.AddLine(line) })
	}
	return tea.Batch(keep, m.perform(o.Entry.Ref))
}

// fill goes on typing in the open palette with another line.
func (m *Model) fill(line string) {
	if p, ok := m.stack.Top().(*dialog.Palette); ok {
		p.Fill(line)
	}
}

// perform does what an entry stands for.
func (m *Model) perform(ref any) tea.Cmd {
	switch do := ref.(type) {
	case doAction:
		m.touch()
		return m.doAction(do)
	case doGoto:
		return m.open(do.view, do.focus)
	case doVerb:
		return m.apply(do.verb.run(m, strings.TrimSpace(do.args)), true)
	}
	return nil
}

// doAction does what the key of an action would do now, no more and no less: it is
// looked for anew, because the row it is about may have gone meanwhile.
func (m *Model) doAction(do doAction) tea.Cmd {
	lists := [][]view.Action{m.ownActions(do.scope)}
	if do.scope == everywhere {
		lists = append(lists, m.actions())
	}
	if do.scope == m.scopeOf(m.active) || m.session.phase == loggedOut { // not in a view that came meanwhile
		lists = append(lists, m.current().Actions(m.env()))
	}
	for _, list := range lists {
		for _, a := range list {
			keys := a.Key.Keys()
			same := len(keys) > 0 && keys[0] == do.key || (len(keys) == 0 || do.key == "") && a.Key.Help().Desc == do.label
			if same {
				return m.does(a)
			}
		}
	}
	m.toast("that cannot be done here any more", view.Warn)
	return nil
}

package instances

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// wrong is an instance that is not what was asked for.
type wrong struct {
	id   vastapi.InstanceID
	list []rental.Difference
}

// text is all the differences; the figures stand in the detail.
func (w wrong) text() string {
	var parts []string
	for _, d := range w.list {
		parts = append(parts, d.String())
	}
	return strings.Join(parts, "; ")
}

// compare holds every instance against what was agreed to when it was rented, as
// the report of this run tells, or else the journal.
func (m *Model) compare(env view.Env) {
	m.wrong = nil
	list := env.Data.Instances.Value.Instances
	for n := range list {
		i := &list[n]
		a, known := m.agreed[i.ID]
		if !known {
			a, known = m.deeds.agreed[i.ID]
		}
		if !known || !rental.Told(i) || rental.Display(*i).Class == rental.ClassTerminal {
			continue
		}
		if diff := rental.Delivered(a, i); len(diff) > 0 {
			m.wrong = append(m.wrong, wrong{i.ID, diff})
		}
	}
}

// differing are the differences of an instance.
func (m *Model) differing(id vastapi.InstanceID) []rental.Difference {
	for _, w := range m.wrong {
		if w.id == id {
			return w.list
		}
	}
	return nil
}

// alarms are the instances that differ and were not acknowledged as they are.
func (m *Model) alarms() []wrong {
	return slices.DeleteFunc(slices.Clone(m.wrong), func(w wrong) bool { return m.known[w.id] == w.text() })
}

// alarmed is the alarm about the instance under the cursor, if there is one.
func (m *Model) alarmed() (wrong, bool) {
	r, ok := m.table.Cursor()
	if !ok || m.want != 0 {
		return wrong{}, false
	}
	for _, w := range m.alarms() {
		if w.id == r.ID {
			return w, true
		}
	}
	return wrong{}, false
}

// banner is what stands above the list while something differs: which instance,
// in what, and which keys act upon it. Nothing acts upon one that is not under
// the cursor.
func (m *Model) banner(env view.Env, w int) []string {
	list := m.alarms()
	if len(list) == 0 {
		return nil
	}
	first := list[0]
	under, on := m.alarmed()
	if on {
		first = under
	}
	text := fmt.Sprintf("✗ instance %s is not what was asked for: %s", first.id, first.text())
	if n := len(list) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more like it)", n)
	}
	keys := "  ! goes to it"
	if on && len(m.table.Marked()) == 0 {
		keys = "  D destroy… · x block host… · esc acknowledges"
	}
	ink := env.Theme.Ink(theme.Bad)
	return []string{ink.Paint(fit.Line(text, w)), ink.Paint(fit.Line(keys, w))}
}

// goToAlarm puts the cursor on the instance that the banner speaks of, and opens
// its detail, where all that differs is listed.
func (m *Model) goToAlarm(env view.Env) view.Effect {
	list := m.alarms()
	if len(list) == 0 {
		return view.Effect{}
	}
	at := 0
	if w, on := m.alarmed(); on {
		at = (slices.IndexFunc(list, func(o wrong) bool { return o.id == w.id }) + 1) % len(list)
	}
	m.unfoldFor(env, list[at].id)
	if !m.table.Select(list[at].id) {
		m.query.Reset() // the filter hides it
		m.filter()
		m.table.Select(list[at].id)
	}
	m.want, m.detail, m.scroll = 0, true, 0
	return view.Effect{}
}

func (m *Model) noAlarm() string {
	if len(m.alarms()) == 0 {
		return "every instance is what was asked for, as far as that is known"
	}
	return ""
}

// differEvents notes each difference once in the activity.
func (m *Model) differEvents(env view.Env) []view.Intent {
	var list []view.Intent
	for _, w := range m.wrong {
		if text := w.text(); m.noted[w.id] != text {
			m.noted[w.id] = text
			machine := vastapi.MachineID(0)
			if i, ok := env.Data.Instance(w.id); ok {
				machine = i.MachineID
			}
			list = append(list, view.Note{Event: feed.Event{
				At: env.Now, Level: feed.EventBad, Kind: "instance", Instance: w.id, Machine: machine,
				Text: fmt.Sprintf("Instance %s is not what was asked for: %s.", w.id, text),
			}})
		}
	}
	return list
}

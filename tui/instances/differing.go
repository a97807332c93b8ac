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

// compared holds every instance against what was agreed to when it was rented, as
// the report of this run tells, or else the journal.
func (in *material) compared() []wrong {
	if len(in.agreed)+len(in.deeds.agreed) == 0 {
		return nil
	}
	var list []wrong
	for n := range in.list {
		i := &in.list[n]
		a, known := in.agreed[i.ID]
		if !known {
			a, known = in.deeds.agreed[i.ID]
		}
		if !known || !rental.Told(i) || rental.Display(*i).Class == rental.ClassTerminal {
			continue
		}
		if diff := rental.Delivered(a, i); len(diff) > 0 {
			list = append(list, wrong{i.ID, diff})
		}
	}
	return list
}

// differing are the differences of an instance.
func (m *Model) differing(id vastapi.InstanceID) []rental.Difference { return m.differ[id] }

// alarms are the instances that differ and were not acknowledged as they are.
func (m *Model) alarms() []wrong {
	if len(m.wrong) == 0 {
		return nil
	}
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

// bannerLines is the height of the banner.
const bannerLines = 2

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

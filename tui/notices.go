package tui

import (
	"fmt"
	"slices"
	"time"

	"vastdeck/tui/dialog"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
)

// mostNotices is how many notices of a run are kept, the newest.
const mostNotices = 200

// notices are what the user was told of in this run, so that it can be read after the toast has
// gone. What was not done by a key of the user's is told: alerts, watches, what was so at the start.
type notices struct {
	list []notice // the newest last
	last int      // number of the newest
}

// notice is one of them.
type notice struct {
	dialog.Notice
	instance vastapi.InstanceID // 0 = it is about none, or about several
	machine  vastapi.MachineID
	query    string // the search it is about
}

// unread counts those that nobody has looked at.
func (n *notices) unread() int {
	count := 0
	for _, one := range n.list {
		if !one.Read {
			count++
		}
	}
	return count
}

// inform keeps what was just told.
func (m *Model) inform(level view.Level, e feed.Event) {
	n := &m.notices
	n.last++
	about := ""
	switch {
	case e.Instance != 0:
		about = e.Instance.String()
	case e.Machine != 0:
		about = "machine " + e.Machine.String()
	}
	one := notice{instance: e.Instance, machine: e.Machine, query: e.Query, Notice: dialog.Notice{
		Number: n.last, At: e.At, Level: theme.Level(level), Kind: e.Kind, About: about, Text: e.Text,
	}}
	n.list = append(n.list[max(0, len(n.list)-mostNotices+1):len(n.list):len(n.list)], one)
}

// showNotices opens the list of what was told.
func (m *Model) showNotices() view.Effect {
	m.stack.Push(dialog.NewNotices(m.listed))
	return view.Effect{}
}

// listed are the notices, the newest first.
func (m *Model) listed() []dialog.Notice {
	out := make([]dialog.Notice, 0, len(m.notices.list))
	for _, n := range slices.Backward(m.notices.list) {
		out = append(out, n.Notice)
	}
	return out
}

// heedNotices does what a key in that list came to.
func (m *Model) heedNotices(o dialog.Outcome) view.Effect {
	list := slices.Clone(m.notices.list)
	if o.Verdict == dialog.ClearRead {
		list = slices.DeleteFunc(list, func(n notice) bool { return n.Read })
	}
	m.notices.list = list
	for i := range list {
		switch n := &list[i]; {
		case o.Verdict == dialog.ReadAll:
			n.Read = true
		case n.Number != o.Number:
		case o.Verdict == dialog.ReadOne:
			n.Read = !n.Read
		case o.Verdict == dialog.Went:
			n.Read = true
			m.stack.Pop()
			return m.jump(*n)
		}
	}
	return view.Effect{}
}

// jump leads to what a notice is about.
func (m *Model) jump(n notice) view.Effect {
	_, there := m.data.Instance(n.instance)
	switch {
	case there:
		return view.Do(view.Goto{View: view.Instances, Focus: n.instance})
	case n.instance != 0:
		return view.Do(view.Goto{View: view.Activity}, view.Toast{Text: fmt.Sprintf("instance %s is gone: what is known of it stands in the activity", n.instance)})
	case n.Kind == alertCredit || n.Kind == alertBudget:
		return view.Do(view.Goto{View: view.Costs})
	case n.machine != 0:
		return view.Do(view.Goto{View: view.Market, Focus: n.machine})
	case n.query != "":
		return view.Do(view.Goto{View: view.Market, Focus: feed.SavedSearch{Query: n.query}})
	case n.Kind == alertWatch:
		return view.Do(view.Goto{View: view.Activity})
	}
	return view.Do(view.Goto{View: view.Instances})
}

// noticesLabel says how many nobody has looked at.
func (m *Model) noticesLabel() string {
	if n := m.notices.unread(); n > 0 {
		return figure.Plural(n, "notice")
	}
	return ""
}

// told keeps what is told as a sentence about no single thing.
func (m *Model) told(kind, text string, level view.Level, now time.Time) {
	m.inform(level, feed.Event{At: now, Kind: kind, Text: text})
}

package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/statusbar"
	"vastdeck/tui/widget/tabs"
)

// The least size in which the program is drawn; below it stands a card.
const (
	leastW = 60
	leastH = 16
	bars   = 3 // header, tabs and bottom line
)

// area is what is left for the view.
func (m *Model) area() view.Size { return view.Size{W: m.size.W, H: max(0, m.size.H-bars)} }

// View draws the frame: header, tabs, the view, the bottom line, and above
// them what floats.
func (m *Model) View() tea.View {
	now := time.Now()
	v := tea.NewView("")
	v.AltScreen, v.ReportFocus = true, true
	v.WindowTitle = m.looks.plain(m.title())
	v.MouseMode = m.mouseMode()
	if len(m.work) > 0 {
		v.ProgressBar = tea.NewProgressBar(tea.ProgressBarIndeterminate, 0)
	}
	m.saw(now)
	if m.size.W < 1 || m.size.H < 1 {
		return v
	}
	if m.tooSmall() {
		v.SetContent(m.looks.plain(m.card()))
		return v
	}
	f := m.current().Draw(m.env(), m.area())
	lines := make([]string, 0, m.size.H)
	lines = append(lines, m.header(now, m.size.W), m.tabline(m.size.W))
	lines = append(lines, strings.Split(f.Body, "\n")...)
	lines = append(lines, m.footer(m.size.W))
	cursor := moved(f.Cursor, 0, 2)
	m.float(lines, f.Row, now)
	if at, ok := m.dialogs(lines, now); ok {
		cursor = at
	}
	v.Cursor = cursor
	v.SetContent(m.looks.plain(strings.Join(lines, "\n")))
	return v
}

func moved(c *tea.Cursor, dx, dy int) *tea.Cursor {
	if c == nil {
		return nil
	}
	at := *c
	at.X, at.Y = c.X+dx, c.Y+dy
	return &at
}

// title says what matters when the window is not looked at. It is made of
// figures only: no text from outside may reach a terminal's title.
func (m *Model) title() string {
	if m.session.phase != ready || !m.data.Instances.Told() || !m.data.Volumes.Told() {
		return "vastdeck"
	}
	return fmt.Sprintf("vast · %d up · %s", m.data.Running, rate(m.data.Burn.AtLeast))
}

// card is all that a very small terminal shows.
func (m *Model) card() string {
	lines := []string{"vastdeck"}
	if m.session.phase == ready && m.data.Instances.Told() && m.data.Volumes.Told() {
		lines = append(lines, "burn "+rate(m.data.Burn.AtLeast))
	}
	lines = append(lines, fmt.Sprintf("needs %dx%d, has %dx%d", leastW, leastH, m.size.W, m.size.H), "q quits")
	if _, asking := m.stack.Top().(*dialog.Quit); asking {
		lines = append(m.leaving(), "q leaves, esc stays")
	}
	return fit.Block(lines, m.size.W, m.size.H)
}

func (m *Model) tabline(w int) string {
	if m.session.phase == loggedOut {
		return fit.Line(m.theme.Ink(theme.Strong).Paint(" Log in"), w)
	}
	crumbs := m.crumbs()
	room := m.tabRoom(w)
	if room == w {
		return tabs.Draw(m.theme, m.tabItems(), w)
	}
	return tabs.Draw(m.theme, m.tabItems(), room) + m.theme.Ink(theme.Accent).Paint(fit.Right(crumbs+" ", w-room))
}

// tabRoom is how much of a line of w cells the tabs have: beside them stands the way to
// the page that is shown, where there is room for both.
func (m *Model) tabRoom(w int) int {
	if n := fit.Width(m.crumbs()); n > 0 && m.session.phase != loggedOut && w-n-3 >= leastTabs {
		return w - n - 3
	}
	return w
}

// leastTabs is the width that tabs keep beside the way to a page.
const leastTabs = 76

// tabItems are the titles on the tab line.
func (m *Model) tabItems() []tabs.Tab {
	items := make([]tabs.Tab, 0, len(m.views))
	for _, t := range m.tabs() {
		name, badge := t.view.Title(m.env())
		items = append(items, tabs.Tab{Key: fmt.Sprint(int(t.id)), Title: name, Badge: badge, Active: t.id == m.front()})
	}
	return items
}

// underWay is the key that shows what is under way.
const underWay = "W"

// footer is what the keys do here.
func (m *Model) footer(w int) string {
	typing := m.current().Capturing()
	var hints []statusbar.Hint
	add := func(scope string, list []view.Action) {
		for _, a := range list {
			if a.Hidden || (typing && !a.Typing) {
				continue
			}
			h := a.Key.Help()
			hint := statusbar.Hint{Key: m.keymap.help(scope, a), Label: h.Desc, Disabled: a.Disabled != ""}
			if h.Key == underWay {
				hints = slices.Insert(hints, 0, hint) // the last ones go where there is no room
				continue
			}
			hints = append(hints, hint)
		}
	}
	own := m.scopeOf(m.active)
	add(own, m.current().Actions(m.env()))
	add(own, m.ownActions(own))
	add(everywhere, m.actions())
	return statusbar.Footer(m.theme, hints, w)
}

// float puts the toasts above the bottom line, at the right. Where they would cover the row under the
// cursor, which is line row of the view, they stand above that.
func (m *Model) float(lines []string, row int, now time.Time) {
	notices := m.toasts.Draw(m.theme, now, m.size.W-2)
	top := m.size.H - 1 - len(notices)
	if at := row + viewTop; row > 0 && at >= top && at-len(notices) >= viewTop {
		top = at - len(notices)
	}
	for i, n := range notices {
		if y := top + i; y > tabLine && y < len(lines) {
			lines[y] = fit.Over(lines[y], n, m.size.W-fit.Width(n)-1, m.size.W)
		}
	}
}

// dialogs draws the open dialogs, the top last, and gives its text cursor.
func (m *Model) dialogs(lines []string, now time.Time) (cursor *tea.Cursor, open bool) {
	area := m.dialogArea()
	m.stack.Each(func(d dialog.Dialog) {
		p := d.Draw(m.theme, area, now)
		x, y := placed(p, area, m.size.W)
		m.seen.x, m.seen.y, m.seen.across, m.seen.lines = x, y, p.W, len(p.Lines) // of the top in the end
		for i, l := range p.Lines {
			if y+i < len(lines) {
				lines[y+i] = fit.Over(lines[y+i], l, x, m.size.W)
			}
		}
		cursor, open = nil, true
		if p.Cursor != nil {
			cursor = tea.NewCursor(x+p.Cursor.X, y+p.Cursor.Y)
		}
	})
	return cursor, open
}

// waiting says what holds a request back.
func (m *Model) waiting(now time.Time) string {
	d, again := m.cmd.Waiting(now)
	switch secs := int(d.Seconds() + 0.5); {
	case d < time.Second:
		return ""
	case again:
		return fmt.Sprintf("trying again in %d s", secs)
	default:
		return fmt.Sprintf("waiting %d s for the rate limit", secs)
	}
}

package chooser

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/entry"
)

// Item is something that may be chosen.
type Item struct {
	ID    string
	Title string
	// Help is a sentence about it.
	Help string
	// On says that it is chosen.
	On bool
	// Fixed items are always chosen; they can be moved.
	Fixed bool
	// Width is how many cells the user gives it, 0 = its own choice; Own is what that comes to now.
	// Items whose Own is 0 have no width.
	Width, Own int
}

// The bounds of a width.
const (
	narrowest = 3
	broadest  = 200
)

// Model is a list to choose from. A Model must not be copied once it is in use.
type Model struct {
	// Title stands above the list.
	Title string

	items  []Item
	before []Item
	usual  []string // ids of what is chosen unless the user chooses otherwise, in their order
	theme  *theme.Theme
	cursor int // among items
	top    int // first item drawn, among those that match
	rows   int // items drawn last

	filter    entry.Line
	filtering bool // the keys go to the filter
	column    int  // cell of the text cursor when last drawn
}

// longestFilter is the length of a filter in runes.
const longestFilter = 60

// New returns a list of items in this order, with the cursor on the first.
func New(items []Item, th *theme.Theme) Model {
	items = slices.Clone(items)
	for i := range items {
		items[i].On = items[i].On || items[i].Fixed
	}
	return Model{Title: "Columns", items: items, before: slices.Clone(items), theme: th, rows: 1, filter: entry.New("", longestFilter, false)}
}

// SetTheme replaces the theme.
func (m *Model) SetTheme(th *theme.Theme) { m.theme = th }

// Result returns the ids of the chosen items in their order.
func (m *Model) Result() (ids []string) {
	for _, it := range m.items {
		if it.On {
			ids = append(ids, it.ID)
		}
	}
	return ids
}

// SetUsual names the items that are chosen unless the user chooses otherwise, in their order: R goes
// back to them.
func (m *Model) SetUsual(ids ...string) { m.usual = slices.Clone(ids) }

// Widths returns the widths that the user has chosen, by item; nil when there are none.
func (m *Model) Widths() map[string]int {
	var widths map[string]int
	for _, it := range m.items {
		if it.Width > 0 {
			if widths == nil {
				widths = map[string]int{}
			}
			widths[it.ID] = it.Width
		}
	}
	return widths
}

// resize makes the item under the cursor n cells wider.
func (m *Model) resize(n int) {
	if it, ok := m.Current(); !ok || it.Own == 0 {
		return
	}
	it := &m.items[m.cursor]
	from := it.Width
	if from == 0 {
		from = it.Own
	}
	it.Width = max(narrowest, min(from+n, broadest))
}

// reset puts everything back as it is without any choice of the user's. The cursor stays on its item.
func (m *Model) reset() {
	if len(m.usual) == 0 || len(m.items) == 0 {
		return
	}
	at := m.items[m.cursor].ID
	items := make([]Item, 0, len(m.items))
	for _, id := range m.usual {
		if i := slices.IndexFunc(m.items, func(it Item) bool { return it.ID == id }); i >= 0 {
			items = append(items, m.items[i])
		}
	}
	for _, it := range m.items {
		if !slices.Contains(m.usual, it.ID) {
			items = append(items, it)
		}
	}
	m.items = items
	for i := range m.items {
		it := &m.items[i]
		it.On, it.Width = it.Fixed || slices.Contains(m.usual, it.ID), 0
	}
	m.cursor = slices.IndexFunc(m.items, func(it Item) bool { return it.ID == at })
}

// Items returns all items in their order.
func (m *Model) Items() []Item { return slices.Clone(m.items) }

// Current returns the item under the cursor.
func (m *Model) Current() (it Item, ok bool) {
	if m.cursor >= len(m.items) || !m.matches(m.items[m.cursor]) {
		return it, false
	}
	return m.items[m.cursor], true
}

// Filtering reports whether keys are typed into the filter.
func (m *Model) Filtering() bool { return m.filtering }

// Update acts upon a key or, while the filter is typed, a paste: up down j k pgup pgdown g G move, space or x chooses,
// K J ctrl+up ctrl+down move the item, < > make it narrower and wider, = gives it its own width, a chooses all
// that match or none of them, R goes back to what is usual, / types a filter, Enter is done.
// Escape clears the filter and then puts everything back as it was and cancels.
func (m *Model) Update(msg tea.Msg) (done, cancelled bool) {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		if _, pasted := msg.(tea.PasteMsg); pasted && m.filtering {
			m.narrow(msg)
		}
		return false, false
	}
	switch s := k.String(); s {
	case "enter":
		if m.filtering {
			m.filtering = false
			return false, false
		}
		return true, false
	case "esc":
		if m.filtering || m.filter.Value() != "" {
			m.filtering = false
			m.filter.Set("")
			return false, false
		}
		m.items = slices.Clone(m.before)
		return false, true
	case "up":
		m.move(-1)
	case "down":
		m.move(1)
	case "pgup":
		m.move(-max(1, m.rows))
	case "pgdown":
		m.move(max(1, m.rows))
	case "ctrl+up":
		m.carry(-1)
	case "ctrl+down":
		m.carry(1)
	default:
		if m.filtering {
			m.narrow(msg)
			return false, false
		}
		m.letter(s)
	}
	return false, false
}

func (m *Model) letter(key string) {
	switch key {
	case "k":
		m.move(-1)
	case "j":
		m.move(1)
	case "g", "home":
		m.move(-len(m.items))
	case "G", "end":
		m.move(len(m.items))
	case "K":
		m.carry(-1)
	case "J":
		m.carry(1)
	case "space", "x":
		m.toggle()
	case "a":
		m.all()
	case "<", "h":
		m.resize(-1)
	case ">", "l":
		m.resize(1)
	case "=":
		if _, ok := m.Current(); ok {
			m.items[m.cursor].Width = 0
		}
	case "R":
		m.reset()
	case "/":
		m.filtering = true
	}
}

// toggle shows the item under the cursor, or hides it.
func (m *Model) toggle() {
	if _, ok := m.Current(); ok {
		it := &m.items[m.cursor]
		it.On = !it.On || it.Fixed
	}
}

// narrow changes the filter; the cursor stays on its item while that matches.
func (m *Model) narrow(msg tea.Msg) {
	m.filter.Update(msg)
	if found := m.matching(); len(found) > 0 && !slices.Contains(found, m.cursor) {
		m.cursor = found[0]
	}
}

// all chooses every item that matches, or none of them when all are chosen.
func (m *Model) all() {
	found := m.matching()
	off := !slices.ContainsFunc(found, func(i int) bool { return !m.items[i].On })
	for _, i := range found {
		m.items[i].On = !off || m.items[i].Fixed
	}
}

// matching returns the indexes of the items that hold every word of the filter.
func (m *Model) matching() (found []int) {
	for i, it := range m.items {
		if m.matches(it) {
			found = append(found, i)
		}
	}
	return found
}

func (m *Model) matches(it Item) bool {
	text := strings.ToLower(it.ID + " " + it.Title + " " + it.Help)
	for _, w := range strings.Fields(strings.ToLower(m.filter.Value())) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// move moves the cursor n matching items down and stops at the ends.
func (m *Model) move(n int) {
	found := m.matching()
	if len(found) == 0 {
		return
	}
	at := max(0, slices.Index(found, m.cursor))
	m.cursor = found[max(0, min(at+n, len(found)-1))]
}

// carry moves the item under the cursor past the next one that matches.
func (m *Model) carry(n int) {
	found := m.matching()
	at := slices.Index(found, m.cursor)
	if at < 0 || at+n < 0 || at+n >= len(found) {
		return
	}
	it, to := m.items[m.cursor], found[at+n]
	m.items = slices.Delete(m.items, m.cursor, m.cursor+1)
	m.items = slices.Insert(m.items, to, it)
	m.cursor = to
}

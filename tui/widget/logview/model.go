package logview

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi/safetext"
)

// Model is a log that is read. A Model must not be copied once it is in use.
type Model struct {
	store
	theme   *theme.Theme
	title   string
	age     string
	empty   string
	zone    *time.Location
	sources []source
	names   map[string]uint32
	widest  int // cells of the longest name of a source
	gaps    int // marks of gaps among the lines held
	dropped int // lines that have gone for want of room

	filter *filter
	share  int // of the work, what one call does
	shown  shown
	find   search
	choice choice

	follow bool
	top    int // number of the first line drawn, unless the end is followed
	part   int // of that line's parts, when lines are wrapped
	left   int // cells left out at the left, when they are not
	wrap   bool
	stamps bool
	note   string // what there is to say until the next key

	entry  entry.Line
	typing typing
	before string // the filter when typing it began
	column int    // cell of the text cursor when last drawn

	layout
	last  string // the last drawing
	lastW int
	lastH int
	fresh bool // last is still what would be drawn
}

// typing says what is typed.
type typing uint8

const (
	nothing typing = iota
	aSearch
	aFilter
)

const (
	longestEntry = 200 // runes
	longestTitle = 200 // runes
	sideways     = 8   // cells of one step to the left or right
	guessW       = 80  // before the first drawing
	guessH       = 20
)

// New returns an empty log with its title, which follows what comes.
func New(title string, th *theme.Theme) Model {
	m := Model{
		theme: th, title: clean(title), empty: "no lines yet", zone: time.UTC, names: map[string]uint32{},
		filter: newFilter(""), find: search{at: -1}, follow: true, share: perCall, entry: entry.New("", longestEntry, false),
	}
	m.w, m.h = guessW, guessH
	m.arrange()
	return m
}

func clean(s string) string { return safetext.Clean(s, longestTitle) }

// SetTheme replaces the theme.
func (m *Model) SetTheme(th *theme.Theme) { m.theme, m.fresh = th, false }

// SetTitle replaces the title.
func (m *Model) SetTitle(s string) { m.say(&m.title, s) }

// SetAge replaces what is said about the age of the log: "3 s old · polled every 10 s".
func (m *Model) SetAge(s string) { m.say(&m.age, s) }

// SetEmpty replaces what stands in place of the lines while there are none: "no lines yet".
func (m *Model) SetEmpty(s string) { m.say(&m.empty, s) }

func (m *Model) say(place *string, s string) {
	if s = clean(s); s != *place {
		*place, m.fresh = s, false
	}
}

// SetZone sets where the clock hangs that timestamps are shown in; it is UTC before.
func (m *Model) SetZone(zone *time.Location) { m.zone, m.fresh = zone, false }

// Clear forgets all lines and sources. Filter, search and looks stay; the end is followed.
func (m *Model) Clear() {
	m.store = store{}
	m.sources, m.names, m.widest = nil, map[string]uint32{}, 0
	m.gaps, m.dropped = 0, 0
	m.shown.begin(0)
	m.find.at, m.find.left, m.find.note = -1, 0, ""
	m.choice, m.note = choice{}, ""
	m.follow, m.top, m.part, m.left = true, 0, 0, 0
	m.fresh = false
}

// Len returns how many lines are held.
func (m *Model) Len() int { return m.n - m.gaps }

// Hidden returns how many lines the filter hides, of those that it has been applied to.
func (m *Model) Hidden() int {
	if m.filter.all() {
		return 0
	}
	return m.shown.hi - m.shown.lo - m.shown.len()
}

// Dropped returns how many lines have gone because newer ones needed their room.
func (m *Model) Dropped() int { return m.dropped }

// Following reports whether the end is followed as lines come.
func (m *Model) Following() bool { return m.follow }

// Wrapping reports whether lines that are too long go on in the next one.
func (m *Model) Wrapping() bool { return m.wrap }

// Filter returns the filter as it was typed.
func (m *Model) Filter() string { return m.filter.text }

// SetFilter replaces the filter: words that must all be in a line, "words in quotes" that follow each other,
// /expressions/ between slashes, and each of these after a minus for what must not be there. Capitals do not count.
func (m *Model) SetFilter(text string) {
	m.filterBy(text)
	m.Work()
}

func (m *Model) filterBy(text string) {
	f := newFilter(text)
	if f.text == m.filter.text {
		return
	}
	m.filter = f
	if m.find.left > 0 {
		m.find.left, m.find.note = 0, ""
	}
	if m.follow {
		m.shown.begin(m.end())
	} else {
		m.shown.begin(min(max(m.base, m.top), m.end()))
	}
	m.fresh = false
}

// Capturing reports whether keys are typed into the search or the filter.
func (m *Model) Capturing() bool { return m.typing != nothing }

// Cursor returns where the terminal's cursor belongs in what was drawn last, while something is typed.
func (m *Model) Cursor() *tea.Cursor {
	if m.typing == nothing || m.lastH < 2 {
		return nil
	}
	return tea.NewCursor(m.column, m.lastH-1)
}

// Working reports whether a filter or a search has not yet looked at every line: call Work.
func (m *Model) Working() bool { return m.filtering() || m.find.left > 0 }

// Work goes on with the filter and then the search, a bounded piece (about a millisecond), and reports whether there
// is more to do.
func (m *Model) Work() (more bool) {
	budget := m.share
	if m.filtering() {
		budget = m.look(budget)
		m.fresh = false
	}
	if m.find.left > 0 && budget > 0 {
		m.seek(budget)
		m.fresh = false
	}
	return m.Working()
}

// Expect names the sources in an order that their colours follow, whichever of them
// is heard first.
func (m *Model) Expect(names ...string) {
	for _, name := range names {
		m.source(name)
	}
}

// source returns the number of a source.
func (m *Model) source(name string) uint32 {
	name = clean(name)
	src, ok := m.names[name]
	if !ok {
		src = uint32(len(m.sources))
		m.sources = append(m.sources, source{name: name})
		m.names[name] = src
		m.widest = max(m.widest, fit.Width(name))
		m.fresh = false
	}
	return src
}

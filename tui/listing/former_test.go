package listing

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi/rental"
)

// tick stands for news that is about nothing here.
type tick struct{}

// port is a list of ships in one run of the program, and the memory of all runs.
type port struct {
	t      *testing.T
	table  *table.Model[string, *ship]
	former Former[string, *ship]
	memory feed.Memory
	now    time.Time
	whose  string
	shown  view.ID
	stand  Stand
	said   []string
	noted  int
}

func enter(t *testing.T, before *port) *port {
	t.Helper()
	tb := table.New(func(s *ship) string { return s.name }, []table.Column[*ship]{
		{ID: "name", Title: "Name", Min: 8, Cell: func(s *ship) (string, theme.Class) { return s.name, theme.Plain }, Str: func(s *ship) string { return s.name }},
	}, dark)
	p := &port{t: t, table: &tb, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), whose: "7", shown: view.Bids}
	p.former = Former[string, *ship]{
		List: "ships", View: view.Bids, Name: func(s *ship) string { return "the " + s.name },
		Find: ByKey(p.table, func(name string) (string, bool) { return strings.CutPrefix(name, "the ") }),
	}
	if before != nil {
		p.memory, p.now = before.memory, before.now.Add(time.Hour)
	}
	return p
}

func (p *port) hear(msg tea.Msg) {
	p.now = p.now.Add(time.Second)
	env := view.Env{Now: p.now, Data: &feed.Snapshot{Memory: p.memory}, Desk: rental.Desk{Whose: p.whose}, Shown: p.shown}
	for _, in := range p.former.Update(env, msg, p.table, p.stand).Intents {
		switch in := in.(type) {
		case view.Leave:
			p.memory.SetLeft(in.List, in.Left)
			p.noted++
		case view.Toast:
			p.said = append(p.said, in.Text)
		default:
			p.t.Errorf("it wants %+v", in)
		}
	}
}

func (p *port) ships(whole bool, names ...string) {
	var list []*ship
	for _, name := range names {
		list = append(list, &ship{name: name})
	}
	p.table.SetRows(list)
	p.stand = Stand{p.stand.Rev + 1, whole}
	p.hear(tick{})
}

func (p *port) press(keys ...string) {
	for _, k := range keys {
		code := rune(k[0])
		switch k {
		case "down":
			code = tea.KeyDown
		case "space":
			code = tea.KeySpace
		}
		msg := tea.KeyPressMsg{Code: code}
		p.hear(view.Touched{})
		p.table.Update(msg)
		p.hear(msg)
	}
}

func (p *port) wants(cursor string, marks ...string) {
	p.t.Helper()
	var got []string
	for _, r := range p.table.AllMarked(feed.MaxMarks) {
		got = append(got, r.name)
	}
	if !slices.Equal(got, marks) {
		p.t.Errorf("marked are %v, want %v", got, marks)
	}
	if key, _ := p.table.CursorKey(); key != cursor {
		p.t.Errorf("the cursor is on %q, want %q", key, cursor)
	}
}

// left is a run that marks berta and clara and leaves the cursor on clara.
func left(t *testing.T) *port {
	t.Helper()
	p := enter(t, nil)
	p.ships(true, "anna", "berta", "clara", "dora")
	p.press("down", "space", "down", "space")
	p.hear(view.Hidden{})
	if l := p.memory.Left["ships"]; !slices.Equal(l.Marks, []string{"the berta", "the clara"}) || l.Cursor != "the clara" || l.Account != "7" {
		t.Fatalf("%+v was left", l)
	}
	return p
}

func TestMarksAndCursorComeBackOnceAndThatIsSaid(t *testing.T) {
	t.Parallel()
	p := enter(t, left(t))
	p.ships(true, "anna", "berta", "clara", "dora")
	p.wants("clara", "berta", "clara")
	p.hear(tick{})
	p.ships(true, "anna", "berta", "clara", "dora", "emma")
	p.wants("clara", "berta", "clara")
	if !slices.Equal(p.said, []string{"2 marks of the last run came back; esc takes them off"}) {
		t.Errorf("it says %q", p.said)
	}
	p.table.ClearMarks()
	p.hear(tick{})
	p.ships(true, "anna", "berta", "clara")
	p.wants("clara")
	if l := p.memory.Left["ships"]; l.Marks != nil {
		t.Errorf("%v is remembered after the marks were cleared", l.Marks)
	}
}

func TestMarksComeBackTogetherAsSoonAsAllOfThemAreListed(t *testing.T) {
	t.Parallel()
	p := enter(t, left(t))
	p.ships(false, "anna", "berta")
	p.wants("anna")
	p.ships(false, "anna", "berta", "clara")
	p.wants("clara", "berta", "clara")
}

func TestWhatIsGoneOnceTheListIsWholeIsDroppedSilently(t *testing.T) {
	t.Parallel()
	p := enter(t, left(t))
	p.ships(false, "anna", "berta")
	p.wants("anna")
	p.stand.Whole = true
	p.hear(tick{})
	p.wants("anna", "berta")
	if !slices.Equal(p.said, []string{"1 mark of the last run came back; esc takes it off"}) {
		t.Errorf("it says %q", p.said)
	}
	p.ships(true, "anna", "berta", "clara") // it is another clara now
	p.wants("anna", "berta")
	if l := p.memory.Left["ships"]; !slices.Equal(l.Marks, []string{"the berta"}) {
		t.Errorf("%v is remembered", l.Marks)
	}
	p = enter(t, left(t))
	p.ships(true)
	p.ships(true, "berta", "clara")
	p.wants("berta")
	if len(p.said) > 0 {
		t.Errorf("it says %q", p.said)
	}
}

func TestMarksOfNowCountAlone(t *testing.T) {
	t.Parallel()
	p := enter(t, left(t))
	p.ships(false, "anna", "dora")
	p.press("space")
	p.ships(true, "anna", "berta", "clara", "dora")
	p.wants("anna", "anna")
	p.hear(tick{})
	if l := p.memory.Left["ships"]; !slices.Equal(l.Marks, []string{"the anna"}) || len(p.said) > 0 {
		t.Errorf("%v is remembered, it says %q", l.Marks, p.said)
	}
}

func TestTheCursorIsLeftAloneOnceAKeyWasPressed(t *testing.T) {
	t.Parallel()
	for _, msg := range []tea.Msg{view.Touched{}, view.Focused{}, tea.KeyPressMsg{Code: 'x'}, tea.PasteMsg{Content: "x"}} {
		p := enter(t, left(t))
		p.hear(msg)
		p.ships(true, "anna", "berta", "clara")
		p.wants("anna", "berta", "clara")
	}
	p := enter(t, left(t))
	p.ships(false, "anna", "berta")
	p.press("x") // no move
	p.ships(true, "anna", "berta", "clara")
	p.wants("anna", "berta", "clara")
}

func TestNothingComesBackOfAnotherAccountOrWhileItIsNotKnown(t *testing.T) {
	t.Parallel()
	all := []string{"anna", "berta", "clara"}
	p := enter(t, left(t))
	p.whose = ""
	p.ships(true, all...)
	p.press("down")
	p.hear(view.Hidden{})
	p.wants("berta")
	if p.noted > 0 || len(p.memory.Left["ships"].Marks) != 2 {
		t.Error("what is nobody's was noted in place of what was left")
	}
	p.whose = "7" // it is known now
	p.hear(tick{})
	p.wants("berta", "berta", "clara")

	p = enter(t, left(t))
	p.whose = "8"
	p.ships(true, all...)
	p.wants("anna")
	p.hear(view.Hidden{})
	if len(p.said) > 0 || p.noted > 0 {
		t.Errorf("it says %q, %d times noted", p.said, p.noted)
	}
}

func TestMarksThatAreTooOldStayAway(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]int{6: 2, 8: 0} {
		before := left(t)
		before.now = before.now.Add(time.Duration(days) * 24 * time.Hour)
		p := enter(t, before)
		p.ships(true, "anna", "berta", "clara")
		if got := len(p.table.AllMarked(10)); got != want {
			t.Errorf("after %d days %d marks came back", days, got)
		}
	}
	// A run that has them for days keeps them young.
	p := left(t)
	p.now = p.now.Add(9 * 24 * time.Hour)
	p.hear(view.Hidden{})
	p = enter(t, p)
	p.ships(true, "anna", "berta", "clara")
	p.wants("clara", "berta", "clara")
}

func TestARunThatOnlyLooksNotesNothing(t *testing.T) {
	t.Parallel()
	p := enter(t, nil)
	p.ships(true, "anna", "berta")
	for range 10 {
		p.hear(tick{})
	}
	p.ships(true, "berta", "anna")
	p.hear(view.Hidden{})
	if p.noted > 0 {
		t.Errorf("%d times noted: %+v", p.noted, p.memory.Left)
	}
}

func TestACursorThatRestsIsNotedOnce(t *testing.T) {
	t.Parallel()
	p := enter(t, nil)
	p.ships(true, "anna", "berta", "clara", "dora")
	p.press("x")
	before := p.noted
	p.press("down", "down", "down")
	if p.noted > before {
		t.Error("every move is noted")
	}
	for range 10 {
		p.hear(tick{})
	}
	if p.noted != before+1 || p.memory.Left["ships"].Cursor != "the dora" {
		t.Errorf("%d times noted: %+v", p.noted, p.memory.Left)
	}
}

func TestMarksAreNotedSoonNotAtTheEndAlone(t *testing.T) {
	t.Parallel()
	p := enter(t, nil)
	p.ships(true, "anna", "berta")
	p.press("space")
	p.hear(tick{})
	if l := p.memory.Left["ships"]; !slices.Equal(l.Marks, []string{"the anna"}) {
		t.Errorf("a moment later %+v is remembered", l)
	}
}

func TestMoreMarksThanAreKeptAreNone(t *testing.T) {
	t.Parallel()
	p := enter(t, nil)
	var names []string
	for n := range feed.MaxMarks + 1 {
		names = append(names, fmt.Sprintf("ship %04d", n))
	}
	p.ships(true, names...)
	p.table.MarkAllShown()
	p.hear(tick{})
	if l := p.memory.Left["ships"]; len(l.Marks) != 0 {
		t.Errorf("%d marks are remembered", len(l.Marks))
	}
	p.table.Unmark(names[7])
	p.hear(tick{})
	if l := p.memory.Left["ships"]; len(l.Marks) != feed.MaxMarks {
		t.Errorf("%d marks are remembered", len(l.Marks))
	}
	next := enter(t, p)
	next.ships(true, names...)
	if got := len(next.table.AllMarked(feed.MaxMarks)); got != feed.MaxMarks {
		t.Errorf("%d marks came back", got)
	}
}

// What comes back behind another view is said when its own is shown, and until it has been on the
// screen for a moment nothing is done with it.
func TestMarksThatHaveJustComeBackAreLookedAtFirst(t *testing.T) {
	t.Parallel()
	p := enter(t, left(t))
	p.shown = view.Market
	p.ships(true, "anna", "berta", "clara")
	p.wants("clara", "berta", "clara")
	p.now = p.now.Add(time.Hour)
	if len(p.said) > 0 || p.former.Just(p.now) == "" {
		t.Errorf("it says %q behind another view; %q", p.said, p.former.Just(p.now))
	}
	p.shown = view.Bids
	p.hear(view.Shown{})
	if len(p.said) != 1 || p.former.Just(p.now.Add(900*time.Millisecond)) == "" || p.former.Just(p.now.Add(time.Second)) != "" {
		t.Errorf("it says %q; %q", p.said, p.former.Just(p.now))
	}
	if !p.former.Untouched(p.table) {
		t.Error("marks that came back count as those of this run")
	}
	p.table.Unmark("berta")
	if p.former.Untouched(p.table) {
		t.Error("marks of this run count as those that came back")
	}
	fresh := enter(t, nil)
	fresh.ships(true, "anna")
	fresh.press("space")
	if fresh.former.Just(fresh.now) != "" || fresh.former.Untouched(fresh.table) {
		t.Error("a mark of this run has to be looked at first")
	}
}

func TestAHiddenRowIsMarkedButNotPointedAt(t *testing.T) {
	t.Parallel()
	p := enter(t, left(t))
	p.table.Filter(func(s *ship) bool { return s.name != "clara" })
	p.ships(true, "anna", "berta", "clara")
	p.wants("anna", "berta", "clara")
	if got := p.table.MarkedHidden(); got != 1 {
		t.Errorf("%d marked rows are hidden", got)
	}
}

func TestMarksThatHaveNotComeBackYetAreNotForgotten(t *testing.T) {
	t.Parallel()
	before := left(t)
	was := before.memory.Left["ships"]
	p := enter(t, before)
	p.ships(false, "anna", "dora")
	p.press("down")
	p.hear(view.Hidden{}) // the end, before the list was whole
	if l := p.memory.Left["ships"]; !slices.Equal(l.Marks, was.Marks) || !l.At.Equal(was.At) || l.Cursor != "the dora" {
		t.Errorf("%+v is remembered", l)
	}
}

func TestTheNameOfANumberIsThatNumberAlone(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int64{"7": 7, "18820341": 18820341, "": 0, "-7": 0, "0": 0, "7 ": 0, "x": 0, "99999999999999999999": 0} {
		if got, ok := ID[int64](name); ok != (want != 0) || ok && got != want {
			t.Errorf("%q is read as %d, %t", name, got, ok)
		}
	}
}

package listing

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi/offerql"
)

var dark = theme.New(true)

// ship is a row.
type ship struct {
	name string
	tons float64
}

var ships = offerql.NewRows([]offerql.Column[ship]{
	{Name: "name", Help: "what it is called", Words: true, Text: func(s *ship) string { return s.name }},
	{Name: "tons", Help: "what it displaces", Num: func(s *ship) float64 { return s.tons }},
}, nil, nil)

func fleet() []*ship { return []*ship{{"anna", 100}, {"berta", 2000}, {"clara", 30}} }

// harbour is a table of ships with its line.
func harbour() (*table.Model[string, *ship], *Line[ship]) {
	text := func(s *ship) (string, theme.Class) { return s.name, theme.Plain }
	tb := table.New(func(s *ship) string { return s.name }, []table.Column[*ship]{
		{ID: "name", Title: "Name", Help: "what it is called", Min: 8, Ideal: 8, Cell: text, Str: func(s *ship) string { return s.name }},
		{ID: "tons", Title: " Tons", Help: "what it displaces", Min: 8, Ideal: 8, Cell: text, Num: func(s *ship) float64 { return s.tons }},
		{ID: "flag", Title: "Flag", Help: "where it is from", Min: 8, Ideal: 8, Hidden: true, Cell: text, Str: func(s *ship) string { return s.name }},
	}, dark)
	tb.SetRows(fleet())
	line := NewLine(ships, dark)
	line.Focus()
	return &tb, &line
}

func typed(l *Line[ship], text string) (other bool) {
	for _, r := range text {
		other = l.Press(tea.KeyPressMsg{Code: r, Text: string(r)}, fleet())
	}
	return other
}

func TestLineAppliesWhatItCanReadAndMarksTheRest(t *testing.T) {
	t.Parallel()
	_, l := harbour()
	typed(l, "tons>50 ")
	if l.Bad || !l.Typed.Match(fleet()[0]) || l.Typed.Match(fleet()[2]) {
		t.Errorf("bad %t, explained %v", l.Bad, l.Typed.Explain())
	}
	if typed(l, "tons>x ") || !l.Bad || l.Typed.Match(fleet()[2]) {
		t.Error("a mistake changed what stands in front of it")
	}
	if !l.Clear() || l.Bad || !l.Typed.Empty() {
		t.Error("an empty line asks for something")
	}
}

func TestEnterKeepsTheLineWhileThereIsAMistakeInIt(t *testing.T) {
	t.Parallel()
	for text, left := range map[string]bool{"berta": true, "tons>50": true, "": true, "tons>": false} {
		_, l := harbour()
		typed(l, text)
		if _, got := l.Enter(); got != left || l.Focused() == left {
			t.Errorf("%q is left: %t, has the keyboard: %t", text, got, l.Focused())
		}
	}
}

func TestSpellingIsAppliedBeforeReading(t *testing.T) {
	t.Parallel()
	_, l := harbour()
	l.Spell = func(s string) string { return strings.ReplaceAll(s, "tons~9", "tons>9") } // as long as what was typed
	if !l.Read("tons~9") || l.Bad || !l.Typed.Match(&ship{tons: 10}) || l.Typed.Match(&ship{tons: 8}) {
		t.Errorf("it is read as %v", l.Typed.Explain())
	}
}

func TestWordsOfTheQueryAreShownInTheRows(t *testing.T) {
	t.Parallel()
	tb, l := harbour()
	l.Read("ert ")
	Point(l, tb, map[string]string{"name": "name"})
	if tb.Found == nil || !slices.Equal(tb.Found("name", "berta"), [][2]int{{1, 4}}) {
		t.Error("the word is not found in its row")
	}
	l.Clear()
	Point(l, tb, nil)
	if tb.Found != nil {
		t.Error("words are looked for after the query was cleared")
	}
}

func TestArrangementIsTakenUpByTheNextRun(t *testing.T) {
	t.Parallel()
	tb, l := harbour()
	c := Columns{Fixed: []string{"name"}, Outside: map[string]bool{"flag": true}}
	if s := State(tb, ""); s.Columns != nil {
		t.Errorf("the usual columns are remembered: %v", s.Columns)
	}
	ShowColumns(tb, []string{"flag", "tons", "name"}, c)
	tb.Sort("tons", true)
	l.SetValue(" tons>50 ")
	memory := feed.Memory{}
	keep(t, Keep("ships", State(tb, l.Value()), false), &memory)
	next, line := harbour()
	state := memory.Tables["ships"]
	Recall(next, state, c)
	id, desc := next.SortBy()
	if got := next.VisibleColumns(); !slices.Equal(got, []string{"tons", "name", "flag"}) || id != "tons" || !desc {
		t.Errorf("columns %v by %s, descending %t", got, id, desc)
	}
	if !line.Recall(state.Query) || line.Value() != "tons>50" || line.Recall("other") {
		t.Errorf("the line holds %q", line.Value())
	}
	keep(t, Keep("ships", State(next, "tons>"), true), &memory)
	if got := memory.Tables["ships"].Query; got != "tons>50" {
		t.Errorf("a query that cannot be read is remembered as %q", got)
	}
}

// keep grants what an effect wants to remember.
func keep(t *testing.T, e view.Effect, m *feed.Memory) {
	t.Helper()
	if len(e.Intents) != 1 {
		t.Fatalf("it wants %+v", e.Intents)
	}
	e.Intents[0].(view.Remember).Change(m)
}

func TestOrderAloneIsKeptBesideTheRest(t *testing.T) {
	t.Parallel()
	tb, _ := harbour()
	tb.Sort("name", true)
	memory := feed.Memory{Tables: map[string]feed.TableState{"ships": {Query: "berta"}}}
	keep(t, KeepOrder("ships", tb), &memory)
	if s := memory.Tables["ships"]; s.Sort != "name" || !s.Desc || s.Query != "berta" {
		t.Errorf("%+v is remembered", s)
	}
}

func TestMenuDoesWhatItsLineSaysAndNoOther(t *testing.T) {
	t.Parallel()
	did, shut := "", 0
	act := func(what string) func() view.Effect {
		return func() view.Effect { did += what; return view.Effect{} }
	}
	n := Menu{Title: "Ships", Verb: "sail", Away: "sink it", Empty: "no ship", List: func(view.Env) []Choice {
		return []Choice{
			{Label: "anna", Key: "a", Do: act("a"), Drop: act("A")}, {Label: "berta", Key: "b", Do: act("b"), Why: "she leaks"},
			{Label: "clara", Key: "c", Do: act("c")}, {Label: "carla", Key: "c", Do: act("C")}, {Label: "dora"},
		}
	}}
	action := func(key string) (view.Action, bool) {
		for _, a := range n.Actions(view.Env{Theme: dark}, "Ships", func() { shut++ }) {
			if slices.Contains(a.Key.Keys(), key) {
				return a, true
			}
		}
		return view.Action{}, false
	}
	press := func(key string) {
		t.Helper()
		a, ok := action(key)
		if !ok || a.Disabled != "" {
			t.Fatalf("%s: there %t, %q", key, ok, a.Disabled)
		}
		a.Do()
	}
	press("enter")
	press("D")
	press("a")
	if did != "aAa" || shut != 2 {
		t.Errorf("it did %q and was shut %d times", did, shut)
	}
	press("down")
	if a, _ := action("enter"); a.Disabled != "she leaks" {
		t.Errorf("enter is refused with %q", a.Disabled)
	}
	if a, _ := action("D"); a.Disabled == "" {
		t.Error("a line is taken away that cannot be")
	}
	if _, there := action("c"); there {
		t.Error("a key that stands before two lines chooses one")
	}
	for range 9 {
		press("down")
	}
	if a, _ := action("enter"); a.Disabled == "" || n.At != 4 {
		t.Errorf("line %d does something", n.At)
	}
	n.List = func(view.Env) []Choice { return nil }
	if a, _ := action("enter"); a.Disabled != "no ship" {
		t.Errorf("an empty menu says %q", a.Disabled)
	}
}

func TestMenuIsDrawnExactlyAtEverySize(t *testing.T) {
	t.Parallel()
	list := []Choice{{Label: "anna 世界 with a long name", Detail: "a ship", Key: "a"}, {Label: "b", Detail: strings.Repeat("long ", 40), Why: "not now"}}
	for _, lines := range [][]Choice{nil, list, slices.Repeat(list, 20)} {
		n := Menu{Title: "Ships", Empty: "no ship", Keyed: true, At: 99, List: func(view.Env) []Choice { return lines }}
		for w := 1; w < 70; w += 4 {
			for h := 1; h < 20; h += 3 {
				got := strings.Split(n.Draw(view.Env{Theme: dark}, w, h), "\n")
				if len(got) != h {
					t.Fatalf("%d lines in %dx%d", len(got), w, h)
				}
				for _, l := range got {
					if ansi.StringWidth(l) != w {
						t.Fatalf("%q has %d cells in %dx%d", l, ansi.StringWidth(l), w, h)
					}
				}
			}
		}
	}
}

func TestSortMenuBeginsAtTheColumnOfNow(t *testing.T) {
	t.Parallel()
	tb, _ := harbour()
	tb.Sort("tons", false)
	kept := 0
	n := SortMenu(tb, func(view.Env) view.Effect { kept++; return view.Effect{} })
	c, ok := n.Chosen(view.Env{})
	if !ok || c.Label != "▲ Tons" {
		t.Fatalf("it begins at %q", c.Label)
	}
	c.Do()
	if by, desc := tb.SortBy(); by != "tons" || !desc || kept != 1 {
		t.Errorf("sorted by %s, descending %t, kept %d times", by, desc, kept)
	}
}

func TestTextsFromOutsideStandLastWhereverTheyWerePut(t *testing.T) {
	t.Parallel()
	tb, _ := harbour()
	ShowColumns(tb, []string{"name", "flag", "tons"}, Columns{Outside: map[string]bool{"name": true}})
	if got := tb.VisibleColumns(); !slices.Equal(got, []string{"flag", "tons", "name"}) {
		t.Errorf("the columns are %v", got)
	}
}

func TestChosenColumnsAreShownWhenTheChoiceIsDone(t *testing.T) {
	t.Parallel()
	tb, _ := harbour()
	p := ChooseColumns(tb, Columns{Fixed: []string{"name"}}, dark)
	var ids []string
	for _, it := range p.Items() {
		ids = append(ids, it.ID)
		if it.Fixed != (it.ID == "name") || it.On != (it.ID != "flag") || it.Title != strings.TrimSpace(it.Title) {
			t.Errorf("%+v", it)
		}
	}
	if !slices.Equal(ids, []string{"name", "tons", "flag"}) {
		t.Errorf("it offers %v", ids)
	}
	p.Key(tea.KeyPressMsg{Code: tea.KeyDown})
	p.Key(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
	if got := tb.VisibleColumns(); len(got) != 2 {
		t.Errorf("%v are shown before the choice is done", got)
	}
	if !p.Key(tea.KeyPressMsg{Code: tea.KeyEnter}) || !slices.Equal(tb.VisibleColumns(), []string{"name"}) {
		t.Errorf("%v are shown", tb.VisibleColumns())
	}
}

func TestWordsAdmitWhatHoldsAllOfThem(t *testing.T) {
	t.Parallel()
	if Words("  ") != nil {
		t.Error("no word admits less than everything")
	}
	for text, want := range map[string]bool{"anna of genoa": true, "anna of riga": false, "berta of genoa": false, "anna of genoa, sunk": false} {
		if got := Words("Anna genoa -sunk -")(text); got != want {
			t.Errorf("%q is admitted: %t", text, got)
		}
	}
}

func TestMouseMovesWhatItPointsAt(t *testing.T) {
	t.Parallel()
	tb, l := harbour()
	did := ""
	note := func(what string) func() view.Effect {
		return func() view.Effect { did += what; return view.Effect{} }
	}
	split := Split(40, 20, true, &l.Model, tb.Shown(), 3)
	tb.Draw(split.ListW, split.ListH)
	m := Mouse{
		Line: &l.Model, Table: tb, Split: split, Top: 2, Leave: func() view.Effect { l.Blur(); return note("leave ")() },
		Moved: func() { did += "moved " }, Sorted: note("sorted "), Again: note("again "), Scroll: func(n int) view.Effect { return note("scroll ")() },
	}
	m.Click(view.Env{}, view.Click{X: 1, Y: 0})
	m.Click(view.Env{}, view.Click{X: 1, Y: 5}) // the line, what stands above the table, its titles and a row
	if r, ok := tb.Cursor(); !ok || r.name != "berta" || did != "leave moved " {
		t.Errorf("the cursor is on %+v, it did %q", r, did)
	}
	m.Click(view.Env{}, view.Click{X: 1, Y: 5})
	m.Click(view.Env{}, view.Click{X: 4, Y: 3})
	m.Wheel(view.Env{}, view.Wheel{X: 1, Y: 2 + split.ListH + 3, Lines: 3})
	if did != "leave moved again sorted scroll " {
		t.Errorf("it did %q", did)
	}
}

func TestDetailTakesWhatAShortListLeaves(t *testing.T) {
	t.Parallel()
	_, l := harbour()
	open := Split(40, 20, true, &l.Model, 3, 3)
	l.Blur()
	short, long := Split(40, 20, true, &l.Model, 3, 3), Split(40, 20, true, &l.Model, 300, 3)
	if short.ListH != 4 || short.ListH+short.DetailH != long.ListH+long.DetailH || open != long {
		t.Errorf("short %+v, long %+v, while it is typed %+v", short, long, open)
	}
}

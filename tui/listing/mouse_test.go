package listing

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/view"
)

// ground is a list with a line, drawn on an area of w by h cells, and what the mouse does on it.
func ground(w, h int) (m Mouse, f Filter[string, ship], draw func() []string) {
	tb, l := harbour()
	nothing := func() view.Effect { return view.Effect{} }
	f = Filter[string, ship]{Line: l, Table: tb, Rows: fleet(), Refilter: func() view.Effect {
		tb.Filter(l.Typed.Match)
		return view.Effect{}
	}, Remember: nothing}
	split := Split(w, h-2, false, &l.Model, tb.Shown(), 3)
	m = f.Mouse(split)
	m.Moved, m.Sorted, m.Again = func() {}, nothing, nothing
	return m, f, func() []string {
		fr := Frame(&l.Model, tb.Draw(split.ListW, split.ListH), "", view.Size{W: w, H: h}, split.ListH, 0)
		return strings.Split(ansi.Strip(fr.Body), "\n")
	}
}

// where is the cell at which a text is drawn.
func where(t *testing.T, lines []string, text string) view.Click {
	t.Helper()
	for y, l := range lines {
		if x := strings.Index(l, text); x >= 0 {
			return view.Click{X: len([]rune(l[:x])), Y: y}
		}
	}
	t.Fatalf("%q is not drawn:\n%s", text, strings.Join(lines, "\n"))
	return view.Click{}
}

func TestAClickTakesWhatIsOfferedForTheLine(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 16}, {80, 24}, {140, 40}} {
		m, f, draw := ground(size[0], size[1])
		typed(f.Line, "to")
		at := where(t, draw(), "what it displaces")
		m.Click(view.Env{}, at)
		if got := f.Line.Value(); got != "tons" {
			t.Errorf("%v: the line holds %q", size, got)
		}
	}
}

func TestAClickBesideWhatIsOfferedClosesTheListAndLosesNothing(t *testing.T) {
	t.Parallel()
	m, f, draw := ground(60, 16)
	typed(f.Line, "to")
	draw()
	m.Click(view.Env{}, view.Click{X: 50, Y: 2})
	if f.Line.Offering() || f.Line.Value() != "to" || !f.Line.Focused() {
		t.Errorf("offering %t, the line holds %q, focused %t", f.Line.Offering(), f.Line.Value(), f.Line.Focused())
	}
	if _, moved := f.Table.Cursor(); !moved {
		t.Error("the cursor is gone")
	}
}

func TestTheWheelGoesThroughWhatIsOfferedAndStopsAtTheEnds(t *testing.T) {
	t.Parallel()
	m, f, draw := ground(60, 16)
	f.Line.Ask()
	f.Line.Suggest(fleet(), true)
	draw()
	if !f.Line.Offering() {
		t.Fatal("nothing is offered")
	}
	before, _ := f.Line.Candidate()
	m.Wheel(view.Env{}, view.Wheel{X: 3, Y: 3, Lines: -3})
	if c, _ := f.Line.Candidate(); c != before {
		t.Errorf("above the first there is %q", c.Text)
	}
	m.Wheel(view.Env{}, view.Wheel{X: 3, Y: 3, Lines: 300})
	if c, _ := f.Line.Candidate(); c == before {
		t.Error("the wheel goes nowhere")
	}
}

// shelf is a menu of n lines, and what was chosen of it.
func shelf(n int, clicks bool) (m *Menu, chosen *string) {
	chosen = new(string)
	return &Menu{Title: "Shelf", Verb: "take it", Empty: "it is empty", Clicks: clicks, List: func(view.Env) []Choice {
		var list []Choice
		for i := range n {
			name := fmt.Sprintf("line %02d", i)
			list = append(list, Choice{Label: name, Do: func() view.Effect { *chosen = name; return view.Effect{} }})
		}
		return list
	}}, chosen
}

func TestAClickOnALineOfAMenuGoesThereAndASecondOneChoosesIt(t *testing.T) {
	t.Parallel()
	for _, h := range []int{11, 19, 37} {
		n, chosen := shelf(60, true)
		m := Mouse{Page: n, Keys: func() []view.Action { return n.Actions(view.Env{Theme: dark}, "Shelf", nil) }}
		env := view.Env{Theme: dark}
		draw := func() []string { return strings.Split(ansi.Strip(n.Draw(env, 60, h)), "\n") }
		for _, y := range []int{h - 1, h - 2, 2, 5} {
			name := strings.TrimSpace(strings.Trim(draw()[y], "▸ "))
			*chosen = ""
			m.Click(env, view.Click{X: 5, Y: y})
			lines := draw()
			if got := lines[y]; !strings.HasPrefix(got, "▸ "+name) || *chosen != "" {
				t.Fatalf("%d lines: a click on %q leads to %q and has chosen %q", h, name, got, *chosen)
			}
			if m.Click(env, view.Click{X: 5, Y: y}); *chosen != name {
				t.Errorf("%d lines: a second click on %q chose %q", h, name, *chosen)
			}
		}
		at := n.At
		for _, y := range []int{-1, 0, 1, h, h + 5} {
			m.Click(env, view.Click{X: 5, Y: y})
		}
		if n.At != at {
			t.Errorf("a click beside the lines moved the cursor from %d to %d", at, n.At)
		}
	}
}

func TestAMenuThatDoesMoreThanLookIsChosenFromByAKeyAlone(t *testing.T) {
	t.Parallel()
	n, chosen := shelf(5, false)
	env := view.Env{Theme: dark}
	m := Mouse{Page: n, Keys: func() []view.Action { return n.Actions(env, "Shelf", nil) }}
	n.Draw(env, 60, 16)
	for range 5 {
		m.Click(env, view.Click{X: 5, Y: 4})
		n.Draw(env, 60, 16)
	}
	if n.At != 2 || *chosen != "" {
		t.Errorf("the cursor is on %d, chosen was %q", n.At, *chosen)
	}
}

func TestAClickOnALineThatCannotBeChosenSaysWhy(t *testing.T) {
	t.Parallel()
	n := &Menu{Clicks: true, List: func(view.Env) []Choice {
		return []Choice{{Label: "closed", Why: "it is closed", Do: func() view.Effect { t.Error("it was chosen"); return view.Effect{} }}}
	}}
	env := view.Env{Theme: dark}
	n.Draw(env, 60, 16)
	m := Mouse{Page: n, Keys: func() []view.Action { return n.Actions(env, "Shelf", nil) }}
	e := m.Click(env, view.Click{X: 3, Y: 2})
	if len(e.Intents) != 1 || e.Intents[0] != (view.Toast{Text: "it is closed", Level: view.Warn}) {
		t.Errorf("it wants %+v", e.Intents)
	}
}

func TestAClickOnALineThatIsAnotherOneByNowDoesNothing(t *testing.T) {
	t.Parallel()
	n, chosen := shelf(5, true)
	env := view.Env{Theme: dark}
	m := Mouse{Page: n, Keys: func() []view.Action { return n.Actions(env, "Shelf", nil) }}
	n.Draw(env, 60, 16)
	all := n.List
	n.List = func(env view.Env) []Choice { return all(env)[1:] } // the first one is gone, and nothing was drawn since
	for range 3 {
		m.Click(env, view.Click{X: 5, Y: 2})
	}
	if *chosen != "" || n.At != 0 {
		t.Errorf("chosen was %q, the cursor is on %d", *chosen, n.At)
	}
}

func TestAClickOnAColumnGoesThereAndOnItsMarkShowsIt(t *testing.T) {
	t.Parallel()
	tb, _ := harbour()
	p := ChooseColumns(tb, Columns{Fixed: []string{"name"}}, dark)
	m := Mouse{Page: &p, Keys: func() []view.Action { return nil }}
	lines := func() []string { return strings.Split(ansi.Strip(p.Draw(60, 14)), "\n") }
	flag := where(t, lines(), "Flag")
	m.Click(view.Env{}, flag)
	if got := lines()[flag.Y]; !strings.HasPrefix(got, "▸ [ ] Flag") {
		t.Errorf("a click on its name: %q", got)
	}
	m.Click(view.Env{}, flag)
	if got := lines()[flag.Y]; !strings.HasPrefix(got, "▸ [x] Flag") {
		t.Errorf("a second one: %q", got)
	}
	tons := where(t, lines(), "[x] Tons")
	m.Click(view.Env{}, tons)
	if got := lines()[tons.Y]; !strings.HasPrefix(got, "▸ [ ] Tons") {
		t.Errorf("a click on its mark: %q", got)
	}
	if got := tb.VisibleColumns(); !slices.Equal(got, []string{"name", "tons"}) {
		t.Errorf("%v are shown before the choice is done", got)
	}
	p.Key(tea.KeyPressMsg{Code: tea.KeyEnter})
	if got := tb.VisibleColumns(); !slices.Equal(got, []string{"name", "flag"}) {
		t.Errorf("%v are shown", got)
	}
}

package table

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
)

type machine struct {
	id    int
	name  string
	price float64
	place string
}

func columns() []Column[*machine] {
	return []Column[*machine]{
		{ID: "id", Title: "ID", Min: 4, Right: true, Num: func(m *machine) float64 { return float64(m.id) },
			Cell: func(m *machine) (string, theme.Class) { return fmt.Sprint(m.id), theme.Dim }},
		{ID: "name", Title: "Name", Min: 6, Ideal: 10, Flex: 1, Str: func(m *machine) string { return m.name },
			Cell: func(m *machine) (string, theme.Class) { return m.name, theme.Plain }},
		{ID: "price", Title: "$/h", Min: 9, Right: true, Priority: 1, Desc: true, Num: func(m *machine) float64 { return m.price },
			Cell: func(m *machine) (string, theme.Class) { return figure.Rate(m.price), theme.Money }},
		{ID: "place", Title: "Place", Min: 5, Ideal: 8, Priority: 2,
			Less:    func(a, b *machine) int { return cmp.Compare(a.place, b.place) },
			Unknown: func(m *machine) bool { return m.place == "" },
			Cell:    func(m *machine) (string, theme.Class) { return m.place, theme.Plain }},
		{ID: "note", Title: "Note", Min: 4, Priority: 3,
			Cell: func(m *machine) (string, theme.Class) { return "日本", theme.Dim }},
	}
}

func newTable(rows ...*machine) *Model[int, *machine] {
	m := New(func(r *machine) int { return r.id }, columns(), theme.New(true))
	m.SetRows(rows)
	return &m
}

func few() []*machine {
	return []*machine{
		{1, "delta", 0.4, "DE"}, {2, "alpha", math.NaN(), "US"}, {3, "", 0.2, ""}, {4, "beta", 0.9, "DE"}, {5, "gamma", 0.4, "JP"},
	}
}

func order(m *Model[int, *machine]) (ids []int) {
	for i := range m.Shown() {
		r, _ := m.At(i)
		ids = append(ids, r.id)
	}
	return ids
}

func wantOrder(t *testing.T, m *Model[int, *machine], want ...int) {
	t.Helper()
	if got := fmt.Sprint(order(m)); got != fmt.Sprint(want) {
		t.Errorf("order is %v, want %v", got, want)
	}
}

func wantCursor(t *testing.T, m *Model[int, *machine], want int) {
	t.Helper()
	if key, ok := m.CursorKey(); !ok || key != want {
		t.Errorf("cursor is on %d (%v), want %d", key, ok, want)
	}
	if row, ok := m.Cursor(); !ok || row.id != want {
		t.Errorf("the row under the cursor is %v (%v), want %d", row, ok, want)
	}
}

func screen(m *Model[int, *machine], w, h int) string { return ansi.Strip(m.Draw(w, h)) }

func press(m *Model[int, *machine], keys ...string) {
	for _, k := range keys {
		m.Update(keyPress(k))
	}
}

func keyPress(s string) tea.KeyPressMsg {
	codes := map[string]tea.Key{
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown},
		"home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "space": {Code: tea.KeySpace, Text: " "}, "esc": {Code: tea.KeyEscape},
		"ctrl+d": {Code: 'd', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl}, "enter": {Code: tea.KeyEnter},
	}
	if k, ok := codes[s]; ok {
		return tea.KeyPressMsg(k)
	}
	return tea.KeyPressMsg{Code: rune(s[0]), Text: s}
}

func TestDrawShowsHeaderCursorAndMark(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Sort("price", true)
	press(m, "g", "down", "space", "down")
	want := strings.Join([]string{
		"    ID  Name            $/h▼  Place  Note",
		"     4  beta        $0.900/h  DE     日本",
		" ●   1  delta       $0.400/h  DE     日本",
		"▌    5  gamma       $0.400/h  JP     日本",
		"     3              $0.200/h         日本",
		"     2  alpha              —  US     日本",
		"                                         ",
	}, "\n")
	if got := screen(m, 41, 7); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestUnknownValuesComeLastInBothDirections(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Sort("price", false)
	wantOrder(t, m, 3, 1, 5, 4, 2)
	m.Reverse()
	wantOrder(t, m, 4, 1, 5, 3, 2)
	m.Sort("name", false)
	wantOrder(t, m, 2, 4, 1, 5, 3)
	m.Reverse()
	wantOrder(t, m, 5, 1, 4, 2, 3)
	m.Sort("place", false)
	wantOrder(t, m, 1, 4, 5, 2, 3)
	m.Reverse()
	wantOrder(t, m, 2, 5, 1, 4, 3)
	m.Sort("", false)
	wantOrder(t, m, 1, 2, 3, 4, 5)
}

func TestUnknownAppliesToEveryKindOfKey(t *testing.T) {
	t.Parallel()
	cols := columns()
	cols[0].Unknown = func(m *machine) bool { return m.id == 3 }
	cols[1].Unknown = cols[0].Unknown
	m := New(func(r *machine) int { return r.id }, cols, theme.New(true))
	m.SetRows([]*machine{{3, "z", 1, ""}, {1, "a", 1, ""}, {2, "b", 1, ""}})
	for _, c := range []struct {
		id   string
		desc bool
		want string
	}{{"id", false, "[1 2 3]"}, {"id", true, "[2 1 3]"}, {"name", false, "[1 2 3]"}, {"name", true, "[2 1 3]"}} {
		m.Sort(c.id, c.desc)
		if got := fmt.Sprint(order(&m)); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.id, c.desc, got, c.want)
		}
	}
}

func TestExtremeNumbersKeepTheirOrder(t *testing.T) {
	t.Parallel()
	values := []float64{math.Inf(1), math.MaxFloat64, 1, math.SmallestNonzeroFloat64, 0, math.Copysign(0, -1), -1e-300, -7, -math.MaxFloat64, math.Inf(-1), math.NaN()}
	var rows []*machine
	for i, v := range values {
		rows = append(rows, &machine{id: i, price: v})
	}
	m := newTable(rows...)
	m.Sort("price", true)
	wantOrder(t, m, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	m.Reverse()
	wantOrder(t, m, 9, 8, 7, 6, 4, 5, 3, 2, 1, 0, 10)
}

func TestSortingByTitleUsesItsFirstDirectionThenReverses(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	for _, want := range []string{"price true", "price false", "price true"} {
		m.ChooseSort("price")
		id, desc := m.SortBy()
		if got := fmt.Sprint(id, " ", desc); got != want {
			t.Errorf("sorted by %s, want %s", got, want)
		}
	}
	m.ChooseSort("note")
	if id, _ := m.SortBy(); id != "price" {
		t.Error("a column that cannot be sorted was chosen")
	}
	m.Sort("note", true)
	if id, desc := m.SortBy(); id != "" || desc {
		t.Errorf("sorted by %q %v", id, desc)
	}
}

func TestNextSortGoesRoundTheColumnsOnTheScreen(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	round := func(n int) (ids []string) {
		for range n {
			m.NextSort()
			id, _ := m.SortBy()
			ids = append(ids, id)
		}
		return ids
	}
	if got := fmt.Sprint(round(5)); got != "[id name price place id]" {
		t.Error(got)
	}
	m.Draw(16, 5)
	if got := fmt.Sprint(round(3)); got != "[name id name]" {
		t.Error(got)
	}
}

func TestCursorStaysOnItsRowWhenRowsVanishAboveIt(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Select(4)
	m.SetRows(few()[2:])
	wantCursor(t, m, 4)
	m.Sort("price", true)
	wantCursor(t, m, 4)
	m.SetRows(few())
	wantCursor(t, m, 4)
	if m.CursorVanished() {
		t.Error("the row is said to have vanished")
	}
}

func TestNothingIsUnderTheCursorWhenItsRowVanishes(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Select(3)
	rows := few()
	m.SetRows([]*machine{rows[0], rows[1], rows[4]})
	if row, ok := m.Cursor(); ok {
		t.Errorf("row %d took the place of the one that vanished", row.id)
	}
	if _, ok := m.CursorKey(); ok || !m.CursorVanished() {
		t.Error("the table does not say that the row has vanished")
	}
	if key, ok := m.VanishedKey(); !ok || key != 3 {
		t.Errorf("vanished: %d %v", key, ok)
	}
	if got := strings.Split(screen(m, 30, 5), "\n")[3]; !strings.HasPrefix(got, "?    5") {
		t.Errorf("the cursor is not drawn on the row that followed: %q", got)
	}
	m.ToggleMark()
	if m.Marked() != nil {
		t.Error("a row was marked that is not under the cursor")
	}
	press(m, "up")
	wantCursor(t, m, 2)
	if m.CursorVanished() {
		t.Error("a move does not settle it")
	}
}

func TestAVanishedRowThatComesBackHasTheCursorAgain(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Select(3)
	m.SetRows(few()[3:])
	m.SetRows(few()[4:])
	if !m.CursorVanished() {
		t.Error("a second refresh forgot that the row has vanished")
	}
	m.SetRows(few())
	wantCursor(t, m, 3)
}

func TestAnEmptyRefreshDoesNotHandTheCursorToAnotherRow(t *testing.T) {
	t.Parallel()
	m := newTable(few()[0])
	m.SetRows(nil)
	if !m.CursorVanished() {
		t.Error("the row vanished unnoticed")
	}
	m.SetRows(few()[3:])
	if _, ok := m.Cursor(); ok {
		t.Error("another row took its place")
	}
	press(m, "down")
	wantCursor(t, m, 5)
}

func TestLastRowVanishingLeavesTheCursorOnTheOneBefore(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	press(m, "G")
	m.SetRows(few()[:3])
	if got := m.Position(); got != 3 || !m.CursorVanished() {
		t.Errorf("position %d, vanished %v", got, m.CursorVanished())
	}
}

func TestTheDrawnCursorStaysWithTheNeighbourOfAVanishedRow(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Select(3)
	rows := few()
	m.SetRows([]*machine{rows[0], rows[1], rows[3], rows[4]})
	m.SetRows([]*machine{rows[3], rows[4], rows[0]})
	if got := m.Position(); got != 1 || !m.CursorVanished() {
		t.Errorf("position %d, vanished %v", got, m.CursorVanished())
	}
}

func TestUnknownWordsComeLastEvenWhenTheyAreGivenFirst(t *testing.T) {
	t.Parallel()
	m := newTable(&machine{id: 1}, &machine{id: 2, name: "alpha"}, &machine{id: 3, name: "beta"})
	m.Sort("name", true)
	wantOrder(t, m, 3, 2, 1)
	m.Sort("name", false)
	wantOrder(t, m, 2, 3, 1)
}

func TestOfEquallyImportantColumnsTheRightmostGoes(t *testing.T) {
	t.Parallel()
	cell := func(*machine) (string, theme.Class) { return "x", theme.Plain }
	l := newLayout([]Column[*machine]{
		{ID: "a", Min: 5, Cell: cell}, {ID: "b", Min: 5, Priority: 1, Cell: cell}, {ID: "c", Min: 5, Priority: 1, Cell: cell},
	}, []int{0, 1, 2}, 14)
	if len(l.cols) != 2 || l.cols[1].col != 1 {
		t.Errorf("kept %v", l.cols)
	}
}

func TestLinesLongOffTheScreenAreForgotten(t *testing.T) {
	t.Parallel()
	m := newTable(many(5000)...)
	for range 200 {
		press(m, "pgdown")
		m.Draw(60, 21)
	}
	if n := len(m.paint.lines); n > 8*20+256+20 {
		t.Errorf("%d lines are kept", n)
	}
}

func TestARowThatNoLongerPassesTheFilterHasVanished(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Filter(func(r *machine) bool { return r.price < 0.5 })
	m.Select(3)
	rows := few()
	rows[2].price = 0.8
	m.SetRows(rows)
	if key, ok := m.VanishedKey(); !ok || key != 3 {
		t.Errorf("vanished: %d %v", key, ok)
	}
}

func TestTheUsersFilterMovesTheCursorToTheNextRowLeft(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Select(2)
	m.Filter(func(r *machine) bool { return r.place == "DE" })
	wantOrder(t, m, 1, 4)
	wantCursor(t, m, 4)
	m.Filter(nil)
	wantCursor(t, m, 4)
	if m.Shown() != 5 || m.Total() != 5 {
		t.Errorf("%d of %d shown", m.Shown(), m.Total())
	}
}

func TestAFilterThatShowsNothingForgetsNoCursor(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Select(4)
	m.Filter(func(*machine) bool { return false })
	if _, ok := m.Cursor(); ok || m.Position() != 0 || m.CursorVanished() {
		t.Error("there is something under the cursor of an empty table")
	}
	m.Filter(nil)
	wantCursor(t, m, 4)
}

func TestFilterIsKeptForLaterRows(t *testing.T) {
	t.Parallel()
	m := newTable()
	m.Filter(func(r *machine) bool { return r.place == "DE" })
	m.SetRows(few())
	wantOrder(t, m, 1, 4)
	wantCursor(t, m, 1)
}

func TestMarksFollowTheirRows(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	press(m, "space", "down", "space", "G", "space")
	m.Sort("id", true)
	if got := marked(m); got != "[5 2 1]" {
		t.Errorf("marked %s", got)
	}
	m.SetRows(few()[1:])
	if got := marked(m); got != "[5 2]" || m.IsMarked(1) {
		t.Errorf("marked %s after a row vanished", got)
	}
	m.SetRows(few())
	if m.IsMarked(1) {
		t.Error("a row that came back is still marked")
	}
	m.Filter(func(r *machine) bool { return r.id < 4 })
	if got := marked(m); got != "[2]" || m.MarkedHidden() != 1 {
		t.Errorf("marked %s, %d hidden", got, m.MarkedHidden())
	}
	m.Invert()
	if got := marked(m); got != "[3 1]" {
		t.Errorf("marked %s after inverting", got)
	}
	press(m, "*")
	if got := marked(m); got != "[3 2 1]" {
		t.Errorf("marked %s after marking all", got)
	}
	if n := m.ClearMarks(); n != 4 || m.Marked() != nil || m.MarkedHidden() != 0 {
		t.Errorf("%d marks cleared", n)
	}
}

func marked(m *Model[int, *machine]) string {
	var ids []int
	for _, r := range m.Marked() {
		ids = append(ids, r.id)
	}
	return fmt.Sprint(ids)
}

func TestKeysMove(t *testing.T) {
	t.Parallel()
	m := newTable(many(100)...)
	m.Draw(60, 11)
	for _, c := range []struct {
		key  string
		want int
	}{
		{"down", 2}, {"j", 3}, {"up", 2}, {"k", 1}, {"k", 1}, {"pgdown", 11}, {"pgdown", 21}, {"pgup", 11}, {"ctrl+d", 16}, {"ctrl+u", 11},
		{"G", 100}, {"down", 100}, {"g", 1}, {"end", 100}, {"home", 1}, {"pgup", 1},
	} {
		if !m.Update(keyPress(c.key)) {
			t.Errorf("%s is not taken", c.key)
		}
		m.Draw(60, 11)
		if m.Position() != c.want {
			t.Errorf("%s moves to %d, want %d", c.key, m.Position(), c.want)
		}
	}
	for _, k := range []string{"esc", "enter", "x", "r", "?", "D"} {
		if m.Update(keyPress(k)) {
			t.Errorf("%s is taken", k)
		}
	}
}

func TestWindowMovesNoFurtherThanNeeded(t *testing.T) {
	t.Parallel()
	m := newTable(many(100)...)
	first := func() int { m.Draw(60, 11); k, _ := m.RowAt(1); return k }
	for range 9 {
		press(m, "down")
	}
	if got := first(); got != 1 {
		t.Errorf("the window starts at %d", got)
	}
	press(m, "down")
	if got := first(); got != 2 {
		t.Errorf("one row further it starts at %d", got)
	}
	press(m, "up", "up", "up")
	if got := first(); got != 2 {
		t.Errorf("moving up within the window starts it at %d", got)
	}
}

func TestRowsThatComeAboveTheWindowDoNotMoveIt(t *testing.T) {
	t.Parallel()
	m := newTable(many(100)...)
	m.Select(50)
	m.Draw(60, 11)
	press(m, "up", "up", "up")
	before := screen(m, 60, 11)
	m.SetRows(append([]*machine{{id: 1000, name: "new"}, {id: 1001, name: "new"}}, m.Rows()...))
	if got := screen(m, 60, 11); got != before {
		t.Errorf("the screen moved:\n%s\n%s", before, got)
	}
}

func TestMouseFindsTitlesAndRows(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Draw(41, 4)
	for x, want := range map[int]string{-1: "", 0: "", 1: "", 2: "id", 5: "id", 6: "", 8: "name", 30: "place", 34: "place", 35: "", 37: "note", 40: "note", 41: ""} {
		if got, _ := m.HeaderAt(x); got != want {
			t.Errorf("cell %d is in %q, want %q", x, got, want)
		}
	}
	for y, want := range map[int]int{-1: 0, 0: 0, 1: 1, 3: 3, 4: 0} {
		if got, _ := m.RowAt(y); got != want {
			t.Errorf("line %d is row %d, want %d", y, got, want)
		}
	}
}

func TestNarrowTerminalsDropColumnsByPriority(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	for w, want := range map[int]string{
		60: "id name price place note", 36: "id name price place note", 31: "id name price place", 25: "id name price",
		23: "id name price", 22: "id name", 13: "id name", 8: "id name", 7: "id", 3: "id", 2: "", 1: "",
	} {
		m.Draw(w, 3)
		var got []string
		for _, c := range m.paint.layout.cols {
			got = append(got, m.cols[c.col].ID)
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%d cells: %q, want %q", w, g, want)
		}
	}
	if got := screen(m, 9, 2); got != "    ID N…\n▌    1 d…" {
		t.Errorf("the last column is not cut: %q", got)
	}
}

func TestColumnsDoNotMoveWhileScrolling(t *testing.T) {
	t.Parallel()
	rows := many(100)
	rows[60].name = "a name that is far longer than all of the others"
	m := newTable(rows...)
	m.Draw(60, 11)
	before := fmt.Sprint(m.paint.layout)
	press(m, "G")
	m.Draw(60, 11)
	if got := fmt.Sprint(m.paint.layout); got != before {
		t.Errorf("layout was %s, is %s", before, got)
	}
}

func TestPositionStandsInTheHeaderWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	cols := columns()
	cols[1].Flex = 0
	m := New(func(r *machine) int { return r.id }, cols, theme.New(true))
	m.ShowPosition = true
	m.SetRows(many(1234))
	m.Select(12)
	if got := strings.Split(screen(&m, 60, 3), "\n")[0]; !strings.HasSuffix(got, "  12/1,234") {
		t.Errorf("header is %q", got)
	}
	if got := strings.Split(screen(&m, 46, 3), "\n")[0]; strings.Contains(got, "/1") {
		t.Errorf("header is %q", got)
	}
}

func TestAChangedFigureFlashesForAWhile(t *testing.T) {
	t.Parallel()
	th := theme.New(true)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	flashing := func(m *Model[int, *machine], text string) bool {
		return strings.Contains(m.Draw(60, 5), th.Ink(theme.Changed).On+fit.Right(text, 9))
	}
	m := newTable(many(3)...)
	m.SetFlash(at)
	m.Draw(60, 5)
	if _, ok := m.FlashEnds(); ok {
		t.Error("something flashes before anything has changed")
	}
	rows := many(3)
	rows[1].price = 7.5
	m.SetRows(rows)
	if !flashing(m, "$7.500/h") {
		t.Error("the changed figure does not flash")
	}
	if end, ok := m.FlashEnds(); !ok || !end.Equal(at.Add(2*time.Second)) {
		t.Errorf("the flash ends at %v", end)
	}
	m.SetFlash(at.Add(1900 * time.Millisecond))
	if !flashing(m, "$7.500/h") {
		t.Error("the flash ends early")
	}
	m.SetFlash(at.Add(2 * time.Second))
	if flashing(m, "$7.500/h") || !strings.Contains(m.Draw(60, 5), "$7.500/h") {
		t.Error("the flash does not end")
	}
	if _, ok := m.FlashEnds(); ok {
		t.Error("the end of a flash that is over is named")
	}
}

func TestWhatWasNotOnTheScreenDoesNotFlash(t *testing.T) {
	t.Parallel()
	on := theme.New(true).Ink(theme.Changed).On
	m := newTable(many(100)...)
	m.SetFlash(time.Unix(1000, 0))
	m.Draw(60, 5)
	for range 2 {
		rows := many(100)
		for _, r := range rows {
			r.price++
		}
		rows[0].price = 1
		m.SetRows(rows)
	}
	press(m, "G")
	if strings.Contains(m.Draw(60, 5), on) {
		t.Error("rows flash that were never seen with another figure")
	}
	press(m, "g")
	if strings.Contains(m.Draw(60, 5), on) {
		t.Error("rows flash that were last seen two refreshes ago")
	}
}

func TestInvalidateAsksCellsAgain(t *testing.T) {
	t.Parallel()
	word := "old"
	cols := []Column[*machine]{{ID: "x", Title: "X", Min: 5, Cell: func(*machine) (string, theme.Class) { return word, theme.Plain }}}
	m := New(func(r *machine) int { return r.id }, cols, theme.New(true))
	m.SetRows(many(1))
	m.Draw(20, 2)
	word = "new"
	if got := screen(&m, 20, 2); !strings.Contains(got, "old") {
		t.Errorf("the cell was asked again: %q", got)
	}
	m.Invalidate()
	if got := screen(&m, 20, 2); !strings.Contains(got, "new") {
		t.Errorf("the cell was not asked again: %q", got)
	}
}

func TestRowClassOverridesItsCells(t *testing.T) {
	t.Parallel()
	th := theme.New(true)
	m := newTable(many(2)...)
	m.RowClass = func(r *machine) theme.Class {
		if r.id == 2 {
			return theme.Bad
		}
		return theme.Plain
	}
	m.Invalidate()
	lines := strings.Split(m.Draw(60, 3), "\n")
	if !strings.Contains(lines[2], th.Ink(theme.Bad).On) || strings.Contains(lines[2], th.Ink(theme.Money).On) {
		t.Errorf("row 2 is %q", lines[2])
	}
}

func TestSetColumnsKeepsSortAndCursor(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Sort("price", true)
	m.Select(5)
	m.Draw(60, 5)
	m.SetColumns(columns()[1:4])
	wantCursor(t, m, 5)
	wantOrder(t, m, 4, 1, 5, 3, 2)
	if got := strings.Split(screen(m, 60, 5), "\n")[0]; strings.Contains(got, "ID") {
		t.Errorf("header is %q", got)
	}
	m.SetColumns(columns()[:2])
	if id, desc := m.SortBy(); id != "price" || !desc {
		t.Errorf("sorted by %s %v", id, desc)
	}
	wantOrder(t, m, 4, 1, 5, 3, 2)
	if got := m.SortLabel(); got != "sorted by $/h ▼" || m.SortVisible() {
		t.Errorf("it says %q, visible %v", got, m.SortVisible())
	}
	if got := strings.Split(screen(m, 60, 5), "\n")[0]; strings.Contains(got, "▼") {
		t.Errorf("header is %q", got)
	}
}

func TestGetFindsRowsThatTheFilterHides(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Filter(func(r *machine) bool { return r.id == 1 })
	if r, ok := m.Get(4); !ok || r.id != 4 {
		t.Error("row 4 is not found")
	}
	if _, ok := m.Get(9); ok {
		t.Error("a row was found that does not exist")
	}
	if m.Select(4) {
		t.Error("a hidden row was selected")
	}
	wantCursor(t, m, 1)
}

func many(n int) []*machine {
	rows := make([]*machine, n)
	for i := range rows {
		rows[i] = &machine{id: i + 1, name: fmt.Sprintf("RTX %d", 3000+i*7%60*10), price: float64(i*7919%997) / 500, place: fmt.Sprintf("P%d", i%61)}
	}
	return rows
}

func TestFoundPartsAreDrawnApartAndNothingMoves(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	m.Found = func(column, text string) [][2]int {
		if column == "name" && strings.Contains(text, "lta") {
			return [][2]int{{2, 5}}
		}
		if column == "id" {
			return [][2]int{{0, 1}}
		}
		return nil
	}
	found := theme.New(true).Ink(theme.Found)
	for _, w := range []int{10, 14, 40, 80} {
		m.Move(1)
		body := m.Draw(w, 6)
		other := newTable(few()...)
		other.Move(m.Position() - 1)
		if plain := other.Draw(w, 6); ansi.Strip(plain) != ansi.Strip(body) {
			t.Errorf("%d cells: marking moves texts:\n%s\n%s", w, ansi.Strip(body), ansi.Strip(plain))
		}
		if w > 20 && !strings.Contains(body, found.Paint("lta")) {
			t.Errorf("%d cells: delta is not marked: %q", w, body)
		}
		if !strings.Contains(body, found.On+"1 ") {
			t.Errorf("%d cells: a figure is not marked: %q", w, body)
		}
	}
}

package queryline

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

var dark = theme.New(true)

func newLine(text string) *Model {
	m := New(dark)
	m.Focus()
	m.SetValue(text)
	return &m
}

func typeKeys(m *Model, text string) (changes int) {
	for _, r := range text {
		if m.Update(tea.KeyPressMsg{Code: r, Text: string(r)}) {
			changes++
		}
	}
	return changes
}

func press(m *Model, k tea.Key) bool { return m.Update(tea.KeyPressMsg(k)) }

func plain(m *Model, w int) string { return ansi.Strip(m.Draw(w)) }

func TestTypingEditsTheQuery(t *testing.T) {
	t.Parallel()
	m := newLine("")
	if n := typeKeys(m, "gpu=4090 q?1"); n != 12 || m.Value() != "gpu=4090 q?1" {
		t.Errorf("%d changes, %q", n, m.Value())
	}
	press(m, tea.Key{Code: tea.KeyBackspace})
	press(m, tea.Key{Code: tea.KeyHome})
	if press(m, tea.Key{Code: tea.KeyRight}) {
		t.Error("a move of the cursor counts as a change")
	}
	typeKeys(m, "X")
	if m.Value() != "gXpu=4090 q?" || m.Pos() != 2 {
		t.Errorf("%q, cursor at %d", m.Value(), m.Pos())
	}
	press(m, tea.Key{Code: 'u', Mod: tea.ModCtrl})
	if m.Value() != "pu=4090 q?" {
		t.Errorf("ctrl+u left %q", m.Value())
	}
}

func TestKeysAreIgnoredWithoutTheKeyboard(t *testing.T) {
	t.Parallel()
	m := newLine("a")
	m.Blur()
	if typeKeys(m, "b") != 0 || m.Update(tea.PasteMsg{Content: "c"}) || m.Value() != "a" {
		t.Errorf("it became %q", m.Value())
	}
	if m.Cursor() != nil {
		t.Error("there is a cursor")
	}
}

func TestKeysOfOthersAreLeftAlone(t *testing.T) {
	t.Parallel()
	m := newLine("abc")
	for _, k := range []tea.Key{{Code: tea.KeyTab}, {Code: tea.KeyUp}, {Code: tea.KeyDown}, {Code: tea.KeyEscape}, {Code: tea.KeyEnter}, {Code: 'v', Mod: tea.ModCtrl}} {
		if press(m, k) || m.Value() != "abc" {
			t.Errorf("%v changed the query to %q", tea.KeyPressMsg(k), m.Value())
		}
	}
}

func TestAPasteIsCleanedAndStaysOneLine(t *testing.T) {
	t.Parallel()
	m := newLine("a b")
	press(m, tea.Key{Code: tea.KeyLeft})
	if !m.Update(tea.PasteMsg{Content: "x\r\ny\nz\tw\x1b[31m\x00\u202e\u200bé"}) {
		t.Error("the paste changed nothing")
	}
	if want := "a x y z w[31méb"; m.Value() != want {
		t.Errorf("got %q, want %q", m.Value(), want)
	}
}

func TestTheQueryIsNeverLongerThanTheLimit(t *testing.T) {
	t.Parallel()
	m := newLine("")
	m.Update(tea.PasteMsg{Content: strings.Repeat("日", 5000)})
	if n := utf8.RuneCountInString(m.Value()); n != MaxRunes {
		t.Errorf("%d runes after a paste", n)
	}
	typeKeys(m, "x")
	m.Replace(0, 0, "more")
	if n := utf8.RuneCountInString(m.Value()); n != MaxRunes {
		t.Errorf("%d runes after more", n)
	}
	m.SetValue(strings.Repeat("y", 5000))
	if n := utf8.RuneCountInString(m.Value()); n != MaxRunes {
		t.Errorf("%d runes after SetValue", n)
	}
}

func TestReplacePutsACompletionInPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to int
		text     string
		want     string
		pos      int
	}{
		{4, 6, "RTX_4090 ", "gpu=RTX_4090  dph<1", 13}, {0, 3, "x", "x=40 dph<1", 1},
		{-5, 99, "all", "all", 3}, {9, 2, "!", "gpu=40 dp!h<1", 10},
	} {
		m := newLine("gpu=40 dph<1")
		m.Replace(c.from, c.to, c.text)
		if m.Value() != c.want || m.Pos() != c.pos {
			t.Errorf("%q at %d, want %q at %d", m.Value(), m.Pos(), c.want, c.pos)
		}
	}
}

func TestDrawShowsTextChipsAndProblem(t *testing.T) {
	t.Parallel()
	m := newLine("gpu=4090")
	m.SetChips(Chip{Text: "verified"}, Chip{Text: "rentable", Off: true})
	if got, want := plain(m, 40), "/gpu=4090  [verified] [×rentable]       "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := plain(m, 30), "/gpu=4090  [verified] +1      "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m.SetProblem(&Problem{From: 0, To: 3, Message: "no field gpu: gpu_name?"})
	line := m.Draw(60)
	if want := dark.Query.Bad.Paint("gpu") + "=4090"; !strings.Contains(line, want) {
		t.Errorf("the bad part is not marked: %q", line)
	}
	if got, want := ansi.Strip(line), "/gpu=4090  [verified] [×rentable]    no field gpu: gpu_name?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := plain(m, 30), "/gpu=4090         no field gp…"; len(got) == 0 || fit.Width(got) != 30 || !strings.Contains(got, "no fiel") {
		t.Errorf("got %q, want about %q", got, want)
	}
}

func TestAProblemAtTheEndIsShownBehindTheText(t *testing.T) {
	t.Parallel()
	m := newLine("dph<")
	m.SetProblem(&Problem{From: 4, To: 4, Message: "a price"})
	if got, want := plain(m, 40), "/dph<_"+strings.Repeat(" ", 27)+"a price"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := m.Cursor().X; got != 5 {
		t.Errorf("the cursor is at %d", got)
	}
}

func TestAChangeTakesTheProblemAway(t *testing.T) {
	t.Parallel()
	m := newLine("dph<")
	m.SetProblem(&Problem{From: 4, To: 4, Message: "a price"})
	press(m, tea.Key{Code: tea.KeyLeft})
	if !strings.Contains(plain(m, 40), "a price") {
		t.Error("moving the cursor took it away")
	}
	typeKeys(m, "1")
	if strings.Contains(plain(m, 40), "a price") {
		t.Error("it is still there")
	}
}

func TestTheCursorIsCountedInCells(t *testing.T) {
	t.Parallel()
	m := newLine("日本x")
	m.Draw(40)
	if c := m.Cursor(); c.X != 6 || c.Y != 0 {
		t.Errorf("the cursor is at %d,%d", c.X, c.Y)
	}
	press(m, tea.Key{Code: tea.KeyHome})
	press(m, tea.Key{Code: tea.KeyRight})
	m.Draw(40)
	if c := m.Cursor(); c.X != 3 {
		t.Errorf("the cursor is at %d", c.X)
	}
}

func TestALongQueryScrollsWithTheCursor(t *testing.T) {
	t.Parallel()
	m := newLine("0123456789abcdefghij")
	if got := plain(m, 10); got != "/cdefghij " || m.Cursor().X != 9 {
		t.Errorf("%q, cursor at %d", got, m.Cursor().X)
	}
	press(m, tea.Key{Code: tea.KeyHome})
	if got := plain(m, 10); got != "/012345678" || m.Cursor().X != 1 {
		t.Errorf("%q, cursor at %d", got, m.Cursor().X)
	}
	press(m, tea.Key{Code: tea.KeyEnd})
	plain(m, 10)
	press(m, tea.Key{Code: 'u', Mod: tea.ModCtrl})
	typeKeys(m, "abc")
	if got := plain(m, 10); got != "/abc      " {
		t.Errorf("%q after deleting", got)
	}
}

func TestThePlaceholderStandsInAnEmptyIdleLine(t *testing.T) {
	t.Parallel()
	m := newLine("")
	m.Placeholder = "gpu, place or field"
	if got := plain(m, 24); strings.TrimSpace(got) != "/" {
		t.Errorf("with the keyboard: %q", got)
	}
	m.Blur()
	if got := plain(m, 24); got != "/ gpu, place or field   " {
		t.Errorf("without: %q", got)
	}
}

func TestDrawIsExactAndHoldsTheCursor(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", "=", " ", "日", "é", "e\u0301", "😀", "⚠\ufe0f", "🇩🇪", "0123456789"}
	for range 6000 {
		m := newLine("")
		m.Placeholder = "日本 place"
		var b strings.Builder
		for range r.IntN(20) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		m.SetValue(b.String())
		m.SetPos(r.IntN(30))
		if r.IntN(2) == 0 {
			m.SetProblem(&Problem{From: r.IntN(30) - 3, To: r.IntN(40), Message: b.String()})
		}
		if r.IntN(3) == 0 {
			m.SetChips(Chip{Text: b.String()}, Chip{Text: "verified", Off: true})
		}
		if r.IntN(4) == 0 {
			m.Blur()
		}
		for range 4 {
			w := 1 + r.IntN(60)
			if err := fit.Exact(m.Draw(w), w, 1); err != nil {
				t.Fatalf("%q in %d cells: %v", m.Value(), w, err)
			}
			if c := m.Cursor(); c != nil && (c.X < 0 || c.X >= w) {
				t.Fatalf("%q in %d cells: the cursor is at %d", m.Value(), w, c.X)
			}
			press(m, []tea.Key{{Code: tea.KeyLeft}, {Code: tea.KeyRight}, {Code: tea.KeyBackspace}, {Code: 'x', Text: "x"}}[r.IntN(4)])
		}
	}
}

func BenchmarkTypeAndDraw(b *testing.B) {
	m := newLine("gpu_name=RTX_4090 num_gpus>=2 dph<0.6")
	x, back := tea.Key{Code: 'x', Text: "x"}, tea.Key{Code: tea.KeyBackspace}
	for b.Loop() {
		press(m, x)
		m.Draw(200)
		press(m, back)
		m.Draw(200)
	}
}

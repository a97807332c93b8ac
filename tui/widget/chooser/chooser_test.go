package chooser

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

func items() []Item {
	return []Item{
		{ID: "gpu", Title: "GPU", Help: "The model and how many of them.", Fixed: true},
		{ID: "dph", Title: "$/h", Help: "What the machine costs, in dollars per hour.", On: true},
		{ID: "vram", Title: "VRAM", Help: "Memory of one GPU, in GB.", On: true},
		{ID: "rel", Title: "Rel.", Help: "Share of the time the machine was up, in percent."},
		{ID: "cuda", Title: "CUDA", Help: "The newest version of CUDA that its driver runs."},
	}
}

func chooser() *Model {
	m := New(items(), theme.New(true))
	return &m
}

func press(m *Model, keys ...string) (done, cancelled bool) {
	codes := map[string]tea.Key{
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape},
		"space": {Code: tea.KeySpace, Text: " "}, "ctrl+up": {Code: tea.KeyUp, Mod: tea.ModCtrl}, "ctrl+down": {Code: tea.KeyDown, Mod: tea.ModCtrl},
		"pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp}, "home": {Code: tea.KeyHome},
	}
	for _, k := range keys {
		code, ok := codes[k]
		if !ok {
			code = tea.Key{Code: rune(k[0]), Text: k}
		}
		done, cancelled = m.Update(tea.KeyPressMsg(code))
	}
	return done, cancelled
}

func want(t *testing.T, m *Model, ids string) {
	t.Helper()
	if got := strings.Join(m.Result(), " "); got != ids {
		t.Errorf("chosen: %q, want %q", got, ids)
	}
}

func TestSpaceShowsAndHides(t *testing.T) {
	t.Parallel()
	m := chooser()
	want(t, m, "gpu dph vram")
	press(m, "space") // it is fixed
	press(m, "down", "space", "j", "j", "x")
	want(t, m, "gpu vram rel")
	if done, cancelled := press(m, "enter"); !done || cancelled {
		t.Error("enter is not the end")
	}
}

func TestItemsMoveWithTheCursorUponThem(t *testing.T) {
	t.Parallel()
	m := chooser()
	press(m, "K", "down", "down", "K")
	want(t, m, "gpu vram dph")
	press(m, "ctrl+up", "ctrl+up")
	want(t, m, "vram gpu dph")
	press(m, "J", "ctrl+down", "J", "J", "J")
	want(t, m, "gpu dph vram")
	if it, _ := m.Current(); it.ID != "vram" {
		t.Errorf("the cursor is on %s", it.ID)
	}
	if all := m.Items(); all[len(all)-1].ID != "vram" || len(all) != 5 {
		t.Errorf("items are %v", all)
	}
}

func TestEscapePutsEverythingBack(t *testing.T) {
	t.Parallel()
	m := chooser()
	press(m, "down", "space", "J", "a")
	if done, cancelled := press(m, "esc"); done || !cancelled {
		t.Error("escape does not cancel")
	}
	if !slices.Equal(m.Items(), chooser().Items()) {
		t.Errorf("items are %v", m.Items())
	}
	want(t, m, "gpu dph vram")
}

func TestTheFilterFindsByTitleAndHelp(t *testing.T) {
	t.Parallel()
	m := chooser()
	press(m, "/", "m", "e", "m", "j", "K")
	if it, ok := m.Current(); ok || !m.Filtering() {
		t.Errorf("the cursor is on %v", it)
	}
	m.Update(tea.KeyPressMsg{Code: tea.KeyBackspace})
	m.Update(tea.KeyPressMsg{Code: tea.KeyBackspace})
	if it, ok := m.Current(); !ok || it.ID != "vram" {
		t.Errorf("the cursor is on %v", it)
	}
	if got := ansi.Strip(m.Draw(40, 9)); !strings.HasPrefix(got, "Columns  /mem") || strings.Contains(got, "CUDA") || m.Cursor() == nil || m.Cursor().X != len("Columns  /mem") {
		t.Errorf("drawn, cursor %v:\n%s", m.Cursor(), got)
	}
	if done, _ := press(m, "enter"); done || m.Filtering() {
		t.Error("enter ends more than the filter")
	}
	press(m, "space")
	want(t, m, "gpu dph")
	if _, cancelled := press(m, "esc"); cancelled {
		t.Error("escape does more than clear the filter")
	}
	want(t, m, "gpu dph")
	press(m, "/", "in")
	m.Update(tea.PasteMsg{Content: " per\ncent"})
	press(m, "enter", "a")
	want(t, m, "gpu dph")
	m.Update(tea.PasteMsg{Content: "ignored"})
	press(m, "esc", "/", "h", "o", "w", "enter", "a", "a", "esc", "a")
	want(t, m, "gpu dph vram rel cuda")
	press(m, "a")
	want(t, m, "gpu")
}

func TestDrawShowsMarksHelpAndKeys(t *testing.T) {
	t.Parallel()
	m := chooser()
	press(m, "down")
	want := strings.Join([]string{
		"Columns                           3 of 5",
		"  [•] GPU                               ",
		"▸ [x] $/h                               ",
		"  [x] VRAM                              ",
		"  [ ] Rel.                              ",
		"  [ ] CUDA                              ",
		"                                        ",
		" What the machine costs, in dollars per ",
		" hour.                                  ",
		"                                        ",
		" space shows or hides, K J move, < > wi…",
	}, "\n")
	if got := ansi.Strip(m.Draw(40, 11)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := ansi.Strip(m.Draw(40, 3)); strings.Contains(got, "space") || !strings.Contains(got, "▸ [x] $/h") {
		t.Errorf("in three lines:\n%s", got)
	}
}

func TestTheCursorIsOnTheScreenAndEverySizeIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var many []Item
	for i := range 40 {
		many = append(many, Item{ID: fmt.Sprint(i), Title: fmt.Sprint("日本 column ", i), Help: strings.Repeat("a sentence 費用 ", i%9), On: i%3 == 0, Fixed: i == 5})
	}
	m := New(many, theme.New(false))
	keys := []string{"up", "down", "pgdown", "pgup", "g", "G", "space", "J", "K", "a", "/", "1", "enter", "esc", "j"}
	for range 1500 {
		press(&m, keys[r.IntN(len(keys))])
		w, h := 1+r.IntN(90), 1+r.IntN(40)
		got := m.Draw(w, h)
		if err := fit.Exact(got, w, h); err != nil {
			t.Fatalf("%dx%d: %v", w, h, err)
		}
		if _, ok := m.Current(); ok && h > 1 && w > 1 && !strings.Contains(got, "▸") {
			t.Fatalf("%dx%d: the cursor is not on the screen\n%s", w, h, got)
		}
		if c := m.Cursor(); c != nil && (c.X < 0 || c.X >= w) {
			t.Fatalf("the text cursor is at %d of %d", c.X, w)
		}
		if len(m.Items()) != 40 || !slices.Contains(m.Result(), "5") {
			t.Fatal("an item was lost, or a fixed one is not chosen")
		}
	}
}

func TestAnEmptyListDoesNothing(t *testing.T) {
	t.Parallel()
	m := New(nil, theme.New(true))
	press(&m, "down", "space", "K", "a", "G")
	if err := fit.Exact(m.Draw(30, 8), 30, 8); err != nil || m.Result() != nil {
		t.Error(err, m.Result())
	}
}

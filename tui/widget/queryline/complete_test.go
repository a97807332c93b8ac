package queryline

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/widget/fit"
)

var gpus = []Candidate{
	{Text: "RTX_4090", Help: "24 GB", Count: 1204},
	{Text: "RTX_4080", Insert: "RTX_4080 ", Help: "16 GB", Count: 31},
	{Text: "A100_SXM4", Help: "80 GB", Unit: "GPU"},
}

func completing(text string) *Model {
	m := newLine(text)
	m.Draw(80)
	m.Complete(len(text)-1, len(text), gpus)
	return m
}

func key(s string) tea.Key {
	switch s {
	case "tab":
		return tea.Key{Code: tea.KeyTab}
	case "esc":
		return tea.Key{Code: tea.KeyEscape}
	case "up":
		return tea.Key{Code: tea.KeyUp}
	case "down":
		return tea.Key{Code: tea.KeyDown}
	}
	if letter, ok := strings.CutPrefix(s, "ctrl+"); ok {
		return tea.Key{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	return tea.Key{Code: rune(s[0]), Text: s}
}

func popup(m *Model, w, h int) string {
	lines, _ := m.Popup(w, h)
	return ansi.Strip(strings.Join(lines, "\n"))
}

func TestThePopupShowsCandidatesBelowTheirPlace(t *testing.T) {
	t.Parallel()
	m := completing("gpu_name=R")
	lines, x := m.Popup(80, 10)
	if x != len("/gpu_name=") || len(lines) != 3 {
		t.Errorf("%d lines at %d", len(lines), x)
	}
	want := strings.Join([]string{
		"▸RTX_4090   24 GB  1,204  ",
		" RTX_4080   16 GB     31  ",
		" A100_SXM4  80 GB    GPU  ",
	}, "\n")
	if got := popup(m, 80, 10); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := popup(m, 80, 2); !strings.HasSuffix(strings.Split(got, "\n")[1], "▾") {
		t.Errorf("it is not told that there are more:\n%s", got)
	}
	if _, x := m.Popup(24, 10); x != 5 {
		t.Errorf("the list begins at %d of 24 cells", x)
	}
}

func TestTabTakesWhatIsSelectedAndEscapeGivesBackWhatWasTyped(t *testing.T) {
	t.Parallel()
	m := completing("gpu_name=R")
	press(m, key("down"))
	if c, ok := m.Candidate(); !ok || c.Text != "RTX_4080" {
		t.Errorf("%v is selected", c)
	}
	if !press(m, key("tab")) || m.Value() != "gpu_name=RTX_4080 " || m.Pos() != 18 {
		t.Errorf("taken: %q at %d", m.Value(), m.Pos())
	}
	if !m.Completing() {
		t.Error("what was taken cannot be given back")
	}
	if !press(m, key("esc")) || m.Value() != "gpu_name=R" || m.Pos() != 10 || m.Completing() {
		t.Errorf("given back: %q at %d", m.Value(), m.Pos())
	}
	if press(m, key("esc")) || m.Completing() {
		t.Error("the second escape does something: it belongs to the view")
	}
}

func TestAChainOfCandidatesIsGivenBackWhole(t *testing.T) {
	t.Parallel()
	m := completing("g")
	press(m, key("tab"))
	m.Complete(8, 8, []Candidate{{Text: ">="}})
	press(m, key("tab"))
	if m.Value() != "RTX_4090>=" {
		t.Errorf("taken: %q", m.Value())
	}
	press(m, key("esc"))
	if m.Value() != "g" {
		t.Errorf("given back: %q", m.Value())
	}
}

func TestEscapeKeepsTheListAwayUntilSomethingIsTyped(t *testing.T) {
	t.Parallel()
	m := completing("R")
	if press(m, key("esc")) || m.Completing() || m.Value() != "R" {
		t.Error("the list is still there, or the query has changed")
	}
	m.Complete(0, 1, gpus)
	if m.Completing() {
		t.Error("the list came back by itself")
	}
	typeKeys(m, "T")
	m.Complete(0, 2, gpus)
	if !m.Completing() {
		t.Error("the list does not come after a letter")
	}
	m.EndCompletion()
	if m.Completing() || m.Value() != "RT" {
		t.Error("leaving the line did not close it")
	}
	m.Complete(0, 2, gpus)
	m.Blur()
	if m.Completing() {
		t.Error("the list stays without the keyboard")
	}
}

func TestTheSelectionGoesRoundAndStaysWhenTheListIsRenewed(t *testing.T) {
	t.Parallel()
	m := completing("R")
	at := func() string { c, _ := m.Candidate(); return c.Text }
	var seen []string
	for _, k := range []string{"up", "ctrl+n", "down", "ctrl+p", "down"} {
		press(m, key(k))
		seen = append(seen, at())
	}
	if got := fmt.Sprint(seen); got != "[A100_SXM4 RTX_4090 RTX_4080 RTX_4090 RTX_4080]" {
		t.Error(got)
	}
	typeKeys(m, "T")
	m.Complete(0, 2, gpus[:2])
	if at() != "RTX_4080" {
		t.Errorf("%s is selected after a letter", at())
	}
	m.Complete(1, 2, gpus[:2])
	if at() != "RTX_4090" {
		t.Errorf("%s is selected at another place", at())
	}
	m.Complete(0, 2, gpus[:1])
	if at() != "RTX_4090" {
		t.Errorf("%s is selected when the other is gone", at())
	}
	m.Complete(0, 2, nil)
	if m.Completing() || popup(m, 80, 9) != "" {
		t.Error("an empty list is still a list")
	}
	if press(m, key("tab")) || press(m, key("down")) || m.Value() != "RT" {
		t.Errorf("keys of the list changed the line without it: %q", m.Value())
	}
}

func TestCandidatesAreForOnePlaceOnly(t *testing.T) {
	t.Parallel()
	m := completing("gpu=R")
	press(m, key("ctrl+a"))
	if m.Completing() {
		t.Error("they are offered where the cursor is no more")
	}
	m = completing("gpu=R")
	m.SetValue("another query")
	if press(m, key("tab")) || m.Completing() {
		t.Error("they are offered for a query that has been replaced")
	}
}

func TestThePopupIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		m := newLine(strings.Repeat("日a", r.IntN(30)))
		w := 1 + r.IntN(100)
		m.Draw(w)
		var list []Candidate
		for range r.IntN(30) {
			list = append(list, Candidate{Text: strings.Repeat("é日", r.IntN(9)), Help: strings.Repeat("help ", r.IntN(20)), Unit: []string{"", "GB/s"}[r.IntN(2)], Count: r.IntN(3) * 5000})
		}
		m.Complete(r.IntN(40), r.IntN(60), list)
		for range r.IntN(20) {
			press(m, key("down"))
		}
		h := 1 + r.IntN(14)
		lines, x := m.Popup(w, h)
		if len(lines) > min(h, len(list)) || (len(lines) == 0 && w >= 8 && len(list) > 0) {
			t.Fatalf("%d lines of %d in %dx%d", len(lines), len(list), w, h)
		}
		if len(lines) == 0 {
			continue
		}
		on := 0
		for _, l := range lines {
			if strings.HasPrefix(ansi.Strip(l), "▸") {
				on++
			}
			if n := fit.Width(l); n != fit.Width(lines[0]) || x < 0 || x+n > w {
				t.Fatalf("a line of %d cells at %d of %d: %q", n, x, w, l)
			}
		}
		if on != 1 {
			t.Fatalf("%d lines are selected:\n%s", on, strings.Join(lines, "\n"))
		}
		body := fit.Lay(fit.Block(nil, w, h), lines, x, 0, w)
		if err := fit.Exact(body, w, h); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheChipWithTheFocusIsAlwaysDrawn(t *testing.T) {
	t.Parallel()
	m := newLine("")
	m.SetChips(Chip{Text: "verified=true"}, Chip{Text: "rentable=true", Off: true}, Chip{Text: "external=false"}, Chip{Text: "dph<2"})
	if _, ok := m.Chip(); ok || strings.Contains(plain(m, 90), "▸") {
		t.Error("a chip has the focus by itself")
	}
	for i, want := range []string{"▸verified=true]", "▸×rentable=true]", "▸external=false]", "▸dph<2]"} {
		m.FocusChip(i)
		for _, w := range []int{90, 50, 28} {
			if got := plain(m, w); !strings.Contains(got, want) {
				t.Errorf("chip %d in %d cells: %q", i, w, got)
			}
		}
		if n, ok := m.Chip(); !ok || n != i {
			t.Errorf("chip %d has the focus: %v", n, ok)
		}
		if !strings.Contains(m.Draw(90), dark.Query.ChipOn.Paint(want)) {
			t.Errorf("chip %d does not stand out", i)
		}
	}
	m.FocusChip(2)
	if got := plain(m, 29); got != "/  +2 ▸external=false] +1    " {
		t.Errorf("got %q", got)
	}
	m.SetChips(Chip{Text: "a"})
	if i, ok := m.Chip(); !ok || i != 0 {
		t.Errorf("the focus is at %d %v", i, ok)
	}
	m.FocusChip(-1)
	if _, ok := m.Chip(); ok {
		t.Error("the focus stays")
	}
}

func TestWordsAreEditedAsInAShell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		keys string
		want string
		pos  int
	}{
		{"ctrl+w", "gpu=4090 dph<1 ", 15}, {"ctrl+u", "", 0}, {"ctrl+a ctrl+k", "", 0}, {"ctrl+a", "gpu=4090 dph<1 x>2", 0}, {"ctrl+a ctrl+e", "gpu=4090 dph<1 x>2", 18},
		{"ctrl+w ctrl+w", "gpu=4090 ", 9},
	} {
		m := newLine("gpu=4090 dph<1 x>2")
		for k := range strings.FieldsSeq(c.keys) {
			press(m, key(k))
		}
		if m.Value() != c.want || m.Pos() != c.pos {
			t.Errorf("%s: %q at %d, want %q at %d", c.keys, m.Value(), m.Pos(), c.want, c.pos)
		}
	}
}

func TestChangesAreTakenBackOneByOne(t *testing.T) {
	t.Parallel()
	m := newLine("")
	typeKeys(m, "gpu=4090 dph")
	press(m, key("ctrl+a"))
	m.Update(tea.PasteMsg{Content: "verified "})
	press(m, key("ctrl+k"))
	undo := tea.Key{Code: '_', Mod: tea.ModCtrl}
	for _, want := range []string{"verified gpu=4090 dph", "gpu=4090 dph", "gpu=4090 ", "gpu=4090", ""} {
		if !press(m, undo) || m.Value() != want {
			t.Errorf("it went back to %q, want %q", m.Value(), want)
		}
	}
	if press(m, undo) || m.Value() != "" {
		t.Error("it went back behind the beginning")
	}
	for range 300 {
		typeKeys(m, "x ")
	}
	back := 0
	for press(m, undo) {
		back++
	}
	if back != mostUndo {
		t.Errorf("%d changes can be taken back", back)
	}
	m = completing("g")
	press(m, key("tab"))
	if !press(m, undo) || m.Value() != "g" || m.Completing() {
		t.Errorf("after a candidate: %q", m.Value())
	}
}

func TestAHugePasteIsCutAndSaysSo(t *testing.T) {
	t.Parallel()
	m := newLine("ab")
	m.SetPos(1)
	m.Update(tea.PasteMsg{Content: "\n " + strings.Repeat("gpu_name=RTX_4090\n", 600)})
	if n := len([]rune(m.Value())); n != MaxRunes || !strings.HasPrefix(m.Value(), "a gpu_name=RTX_4090 gpu") || !strings.HasSuffix(m.Value(), "b") {
		t.Errorf("%d runes: %.30q", n, m.Value())
	}
	const say = "the line holds 2,048 characters"
	if !strings.HasPrefix(m.Cut(), say) || !strings.Contains(plain(m, 120), say) {
		t.Errorf("it says %q, drawn %q", m.Cut(), plain(m, 120))
	}
	m.SetProblem(&Problem{From: 0, To: 2, Message: "no such field"})
	if !strings.Contains(plain(m, 140), "the rest of the paste was left out") {
		t.Errorf("what is wrong hides what was left out: %q", plain(m, 140))
	}
	press(m, tea.Key{Code: tea.KeyBackspace})
	m.SetProblem(&Problem{From: 0, To: 2, Message: "no such field"})
	if m.Cut() != "" || !strings.Contains(plain(m, 140), "no such field") {
		t.Error("the sentence stays")
	}
	m = newLine("")
	m.Update(tea.PasteMsg{Content: strings.Repeat("x", MaxRunes)})
	if m.Cut() != "" {
		t.Error("a paste that just fits is said to be cut")
	}
	m.Reset()
	m.Update(tea.PasteMsg{Content: strings.Repeat("x", MaxRunes+1)})
	if m.Cut() == "" {
		t.Error("a paste into an empty line is cut without a word")
	}
	m.SetValue(strings.Repeat("x", MaxRunes+1))
	if m.Cut() == "" {
		t.Error("a query is cut without a word")
	}
	m = newLine("")
	m.Update(tea.PasteMsg{Content: "vastai search offers 'num_gpus=1' -o 'dph'\n"})
	if m.Value() != "vastai search offers 'num_gpus=1' -o 'dph'" || m.Cut() != "" {
		t.Errorf("%q %q", m.Value(), m.Cut())
	}
	m.Update(tea.PasteMsg{Content: "日\xff\xfe" + strings.Repeat("\x00", longest)})
	if !strings.HasSuffix(m.Value(), "'dph'日") || m.Cut() == "" {
		t.Errorf("%q %q", m.Value(), m.Cut())
	}
}

func BenchmarkPaste10KB(b *testing.B) {
	text := strings.Repeat("gpu_name=RTX_4090 ", 570)
	m := newLine("")
	var times []time.Duration
	for b.Loop() {
		m.Reset()
		begin := time.Now()
		m.Update(tea.PasteMsg{Content: text})
		times = append(times, time.Since(begin))
		m.Draw(200)
	}
	slices.Sort(times)
	verdict := "ok"
	if times[len(times)/2] > time.Millisecond {
		verdict = "MISS"
	}
	b.Logf("Update: a paste of 10 KB %v %s (budget 1 ms)", times[len(times)/2], verdict)
}

func BenchmarkTypeInAFullLine(b *testing.B) {
	m := newLine(strings.Repeat("日", MaxRunes-1))
	x, back := tea.Key{Code: 'x', Text: "x"}, tea.Key{Code: tea.KeyBackspace}
	for b.Loop() {
		press(m, x)
		m.Draw(200)
		press(m, back)
		m.Draw(200)
	}
}

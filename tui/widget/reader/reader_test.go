package reader

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

var dark = theme.New(true)

func reading(lines ...string) *Model {
	m := New("report", Text(lines), dark)
	m.Draw(30, 7)
	return &m
}

func numbered(n int) (lines Text) {
	for i := range n {
		lines = append(lines, fmt.Sprintf("line %d", i+1))
	}
	return lines
}

func press(m *Model, keys ...string) (took bool) {
	codes := map[string]tea.Key{
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp}, "esc": {Code: tea.KeyEscape},
		"enter": {Code: tea.KeyEnter}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "space": {Code: tea.KeySpace, Text: " "},
		"ctrl+d": {Code: 'd', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
	}
	for _, k := range keys {
		code, ok := codes[k]
		if !ok {
			code = tea.Key{Code: []rune(k)[0], Text: k}
		}
		took = m.Update(tea.KeyPressMsg(code))
	}
	return took
}

// find types a search and confirms it.
func find(m *Model, s string) {
	press(m, "/")
	for _, r := range s {
		press(m, string(r))
	}
	press(m, "enter")
}

func screen(m *Model, w, h int) []string { return strings.Split(ansi.Strip(m.Draw(w, h)), "\n") }

func TestDrawShowsTitlePositionAndText(t *testing.T) {
	t.Parallel()
	m := New("Offer 7", numbered(20), dark)
	want := []string{
		" Offer 7      1-4 of 20  20 %",
		"line 1                       ",
		"line 2                       ",
		"line 3                       ",
		"line 4                       ",
		" / searches · w wraps · h l …",
	}
	if got := screen(&m, 29, 6); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	m.Set("nothing", nil)
	if got := screen(&m, 29, 4); got[0] != " nothing                empty" {
		t.Errorf("got %q", got[0])
	}
	m.Set("short", Text{"one"})
	if got := screen(&m, 29, 4); got[0] != " short               1-1 of 1" {
		t.Errorf("got %q", got[0])
	}
}

func TestKeysScrollAndStopAtTheEnds(t *testing.T) {
	t.Parallel()
	for _, wrap := range []bool{false, true} {
		m := New("t", numbered(100), dark)
		if wrap {
			press(&m, "w")
		}
		m.Draw(30, 12) // ten lines of text
		for _, c := range []struct {
			key   string
			first int
		}{
			{"down", 2}, {"j", 3}, {"k", 2}, {"up", 1}, {"up", 1}, {"pgdown", 11}, {"space", 21}, {"ctrl+d", 26}, {"ctrl+u", 21}, {"b", 11}, {"pgup", 1},
			{"G", 91}, {"down", 91}, {"pgdown", 91}, {"g", 1}, {"end", 91}, {"up", 90}, {"home", 1},
		} {
			press(&m, c.key)
			if got := strings.TrimSpace(screen(&m, 30, 12)[1]); got != fmt.Sprint("line ", c.first) {
				t.Errorf("wrap %v: after %s the first is %q, want %d", wrap, c.key, got, c.first)
			}
		}
		if press(&m, "x") || press(&m, "esc") || press(&m, "tab") {
			t.Error("it takes keys that are not its own")
		}
	}
}

func TestLongLinesAreCutOrWrapped(t *testing.T) {
	t.Parallel()
	m := reading("0123456789abcdefghij", "日本語日本語日本語", "end")
	if got := screen(m, 10, 6)[1:5]; !slices.Equal(got, []string{"012345678›", "日本語日 ›", "end       ", "          "}) {
		t.Errorf("cut: %q", got)
	}
	press(m, "right")
	if got := screen(m, 10, 6)[1:4]; !slices.Equal(got, []string{"89abcdefg›", "本語日本語", "          "}) {
		t.Errorf("moved: %q", got)
	}
	press(m, "left", "left", "w")
	if got := screen(m, 10, 8)[1:7]; !slices.Equal(got, []string{"0123456789", "abcdefghij", "日本語日本", "語日本語  ", "end       ", "          "}) || !m.Wrapping() {
		t.Errorf("wrapped: %q", got)
	}
	m.Draw(10, 5)
	press(m, "down")
	if got := screen(m, 10, 5)[1]; got != "abcdefghij" {
		t.Errorf("one drawn line down: %q", got)
	}
	press(m, "G")
	if got := screen(m, 10, 5)[1:4]; !slices.Equal(got, []string{"日本語日本", "語日本語  ", "end       "}) {
		t.Errorf("at the end: %q", got)
	}
	press(m, "up", "up", "up")
	if got := screen(m, 10, 5)[1]; got != "0123456789" {
		t.Errorf("back at the beginning: %q", got)
	}
}

func TestSearchFindsAndGoesRound(t *testing.T) {
	t.Parallel()
	lines := numbered(60)
	lines[9], lines[29], lines[49] = "here is RTX", "and an rtx", "no more: RTX"
	m := New("t", lines, dark)
	m.Draw(30, 12)
	find(&m, "rtx")
	on := func() string {
		for _, l := range strings.Split(m.Draw(30, 12), "\n") {
			if i := strings.Index(l, dark.Pager.FoundNow.On); i >= 0 {
				return strings.TrimSpace(ansi.Strip(l))
			}
		}
		return ""
	}
	for _, c := range []struct{ key, want string }{
		{"", "here is RTX"}, {"n", "and an rtx"}, {"n", "no more: RTX"}, {"n", "here is RTX"}, {"N", "no more: RTX"}, {"N", "and an rtx"},
	} {
		if c.key != "" {
			press(&m, c.key)
		}
		if got := on(); got != c.want {
			t.Errorf("after %q: %q, want %q", c.key, got, c.want)
		}
	}
	find(&m, "RTX")
	press(&m, "n")
	if got := on(); got == "and an rtx" {
		t.Error("capitals do not count")
	}
	find(&m, "nothing like it")
	if got := screen(&m, 60, 12)[11]; !strings.Contains(got, "nothing like it: not found") {
		t.Errorf("the last line is %q", got)
	}
	if !press(&m, "esc") || press(&m, "esc") || on() != "" {
		t.Error("escape does not end the search, or more than once")
	}
	press(&m, "n")
	if got := screen(&m, 60, 12)[11]; !strings.Contains(got, "nothing was searched for") {
		t.Errorf("the last line is %q", got)
	}
}

func TestTypingASearchTakesEveryKey(t *testing.T) {
	t.Parallel()
	m := reading(numbered(30)...)
	press(m, "/")
	if !m.Capturing() || m.Cursor() == nil {
		t.Error("it does not take what is typed")
	}
	press(m, "j", "w", "q", "G")
	m.Update(tea.PasteMsg{Content: " 日\nx"})
	if got := screen(m, 30, 7); !strings.HasPrefix(got[6], "/jwqG 日 x") && !strings.HasPrefix(got[6], "/jwqG日 x") || got[1] != "line 1                        " {
		t.Errorf("got %q", got)
	}
	if m.Wrapping() {
		t.Error("a typed letter wrapped the lines")
	}
	if c := m.Cursor(); c.Y != 6 || c.X < 8 {
		t.Errorf("the cursor is at %d,%d", c.X, c.Y)
	}
	press(m, "esc")
	if m.Capturing() || m.Cursor() != nil {
		t.Error("escape does not give up")
	}
}

func TestWhatIsFoundFarToTheRightOrDownIsShown(t *testing.T) {
	t.Parallel()
	lines := numbered(500)
	lines[400] = strings.Repeat("日本 x ", 100) + "needle" + strings.Repeat(" y", 100)
	for _, wrap := range []bool{false, true} {
		m := New("t", lines, dark)
		if wrap {
			press(&m, "w")
		}
		m.Draw(40, 12)
		find(&m, "needle")
		if got := m.Draw(40, 12); !strings.Contains(got, dark.Pager.FoundNow.Paint("needle")) {
			t.Errorf("wrap %v: it is not on the screen\n%s", wrap, ansi.Strip(got))
		}
	}
}

func TestLettersOfAnyScriptAreFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, needle string
		at           int
	}{
		{"Straße ÉTÉ", "été", 8}, {"日本語", "本", 3}, {"aAbB", "ab", 1}, {"xAB", "ab", 1}, {"abc", "C", -1}, {"abC", "C", 2}, {"ab", "abc", -1}, {"", "a", -1}, {"1.5", "5", 2},
		{"a\xffb", "b", 2}, {"aaaab", "ab", 3},
	} {
		s := newSearch(c.needle)
		if at, _ := s.in(c.line); at != c.at {
			t.Errorf("%q in %q is at %d, want %d", c.needle, c.line, at, c.at)
		}
	}
}

func TestSplitBreaksLongLinesBetweenLetters(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("日", 10_000)
	lines := Split("a\n" + long + "\n\nb\n")
	if lines[0] != "a" || lines[len(lines)-1] != "b" || lines[len(lines)-2] != "" || strings.Join(lines[1:len(lines)-2], "") != long {
		t.Errorf("%d lines", len(lines))
	}
	for _, l := range lines {
		if len(l) > LongestLine || strings.ToValidUTF8(l, "") != l {
			t.Errorf("a line of %d bytes", len(l))
		}
	}
	m := New("t", Text{strings.Repeat("x", 5*LongestLine), "z"}, dark)
	if err := fit.Exact(m.Draw(50, 5), 50, 5); err != nil {
		t.Error(err)
	}
}

func TestEverySizeIsExactAndNothingIsLostByWrapping(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", "日本", "e\u0301", "👩‍💻", " ", "\t", "needle ", "0123456789"}
	for range 50 {
		lines := make(Text, r.IntN(80))
		for i := range lines {
			for range r.IntN(30) {
				lines[i] += parts[r.IntN(len(parts))]
			}
		}
		m := New(strings.Repeat("日 title ", r.IntN(5)), lines, dark)
		find(&m, "needle")
		for range 60 {
			press(&m, []string{"up", "down", "pgdown", "pgup", "G", "g", "w", "n", "N", "left", "right", "/", "enter", "x", "esc"}[r.IntN(15)])
			w, h := 1+r.IntN(100), 1+r.IntN(30)
			if err := fit.Exact(m.Draw(w, h), w, h); err != nil {
				t.Fatalf("%dx%d: %v", w, h, err)
			}
			if c := m.Cursor(); c != nil && (c.X < 0 || c.X >= w || c.Y != h-1) {
				t.Fatalf("the cursor is at %d,%d of %dx%d", c.X, c.Y, w, h)
			}
		}
		for _, l := range lines {
			for _, w := range []int{2, 7, 80} {
				cuts, joined := breaks(l, w), ""
				for p := range len(cuts) - 1 {
					joined += l[cuts[p]:cuts[p+1]]
				}
				if joined != l {
					t.Fatalf("%q in %d cells became %q", l, w, joined)
				}
			}
		}
	}
}

// large is ten megabytes, as a report or an answer of the server might be.
func large() Text {
	var b strings.Builder
	for i := 0; b.Len() < 10<<20; i++ {
		fmt.Fprintf(&b, `  {"id": %d, "gpu_name": "RTX 4090", "geolocation": "Sweden, SE", "dph_total": 0.4%d},`+"\n", i, i%9)
	}
	return Split(b.String())
}

func TestASearchIsNeverFeltAndGoesOn(t *testing.T) {
	t.Parallel()
	lines := append(large(), "the needle")
	m := New("t", lines, dark)
	m.Draw(100, 40)
	find(&m, "the needle")
	presses := 0
	for m.find.at < 0 {
		if got := screen(&m, 100, 40)[39]; !strings.Contains(got, "not yet found, line") {
			t.Fatalf("it says %q", got)
		}
		press(&m, "n")
		if presses++; presses > 40 {
			t.Fatal("it is never found")
		}
	}
	if presses < 5 || m.find.at != len(lines)-1 {
		t.Errorf("%d presses, found in line %d", presses, m.find.at)
	}
}

func BenchmarkTenMegabytes(b *testing.B) {
	lines := large()
	for _, wrap := range []bool{false, true} {
		b.Run(fmt.Sprint("wrap ", wrap), func(b *testing.B) {
			m := New("t", lines, dark)
			if wrap {
				press(&m, "w")
			}
			m.Draw(200, 60)
			find(&m, "sweden")
			keys := []string{"down", "pgdown", "G", "n", "pgup", "g", "down", "N"}
			var times []time.Duration
			i := 0
			for b.Loop() {
				i++
				begin := time.Now()
				press(&m, keys[i%len(keys)])
				m.Draw(200, 60)
				times = append(times, time.Since(begin))
			}
			slices.Sort(times)
			b.Logf("a key and its drawing: median %v, 99 of 100 in %v", times[len(times)/2], times[len(times)*99/100])
		})
	}
	for _, needle := range []string{"not in there", "Not in there", "übrig"} {
		b.Run("searching in vain, "+needle, func(b *testing.B) {
			m := New("t", lines, dark)
			find(&m, needle)
			for b.Loop() {
				press(&m, "n")
			}
		})
	}
}

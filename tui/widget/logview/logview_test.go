package logview

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

var (
	dark = theme.New(true)
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func reading(lines ...string) *Model {
	m := New("train", dark)
	m.MergeTail("a", lines, noon)
	m.Draw(40, 7)
	return &m
}

func numbered(n int) (lines []string) {
	for i := range n {
		lines = append(lines, fmt.Sprintf("line %d", i+1))
	}
	return lines
}

func press(m *Model, keys ...string) (out Outcome) {
	codes := map[string]tea.Key{
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp}, "esc": {Code: tea.KeyEscape},
		"enter": {Code: tea.KeyEnter}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "space": {Code: tea.KeySpace, Text: " "},
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "backspace": {Code: tea.KeyBackspace},
	}
	for _, k := range keys {
		code, ok := codes[k]
		if letter, ctrl := strings.CutPrefix(k, "ctrl+"); ctrl {
			code, ok = tea.Key{Code: rune(letter[0]), Mod: tea.ModCtrl}, true
		}
		if !ok {
			code = tea.Key{Code: []rune(k)[0], Text: k}
		}
		out = m.Update(tea.KeyPressMsg(code))
	}
	return out
}

// enter types something after a key and confirms it, and lets all work be done.
func enter(m *Model, key, s string) {
	press(m, key)
	for range 100 {
		press(m, "backspace")
	}
	m.Update(tea.PasteMsg{Content: s})
	press(m, "enter")
	finish(m)
}

func finish(m *Model) (calls int) {
	for m.Work() {
		calls++
	}
	return calls
}

func screen(m *Model, w, h int) []string { return strings.Split(ansi.Strip(m.Draw(w, h)), "\n") }

// texts are the lines that are shown, without blanks at their ends.
func texts(m *Model) (lines []string) {
	finish(m)
	for i := range m.count() {
		lines = append(lines, m.body(i))
	}
	return lines
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDrawShowsTitleAgePositionAndLines(t *testing.T) {
	t.Parallel()
	m := New("train", dark)
	m.SetAge("3 s old")
	same(t, screen(&m, 44, 4), " train  3 s old            following  empty ", " no lines yet                               ",
		"                                            ", " / filters · & searches · f stops following…")
	m.MergeTail("a", numbered(20), noon)
	same(t, screen(&m, 44, 5), " train  3 s old      following  18-20 of 20 ", " line 18                                    ", " line 19                                    ",
		" line 20                                    ", " / filters · & searches · f stops following…")
}

func TestNothingIsDrawnAgainThatHasNotChanged(t *testing.T) {
	t.Parallel()
	m := reading(numbered(50)...)
	m.Draw(60, 20)
	m.SetAge("")
	m.MergeTail("a", numbered(50), noon)
	if !m.fresh {
		t.Error("a tail without anything new makes it draw again")
	}
	m.MergeTail("a", numbered(51), noon)
	if m.fresh || !strings.Contains(m.Draw(60, 20), "line 51") {
		t.Error("a new line is not drawn")
	}
}

func TestKeysScrollAndStopAtTheEnds(t *testing.T) {
	t.Parallel()
	for _, wrap := range []bool{false, true} {
		m := reading(numbered(100)...)
		if wrap {
			press(m, "w")
		}
		m.Draw(40, 12) // ten lines of text
		for _, c := range []struct {
			key   string
			first int
		}{
			{"g", 1}, {"down", 2}, {"j", 3}, {"k", 2}, {"up", 1}, {"up", 1}, {"pgdown", 11}, {"space", 21}, {"d", 26}, {"u", 21}, {"ctrl+d", 26}, {"ctrl+u", 21}, {"b", 11},
			{"ctrl+f", 21}, {"ctrl+b", 11}, {"pgup", 1}, {"G", 91}, {"down", 91}, {"pgdown", 91}, {"home", 1}, {"end", 91}, {"up", 90},
		} {
			press(m, c.key)
			if got := strings.TrimSpace(screen(m, 40, 12)[1]); got != fmt.Sprint("line ", c.first) {
				t.Errorf("wrap %v: after %s the first is %q, want %d", wrap, c.key, got, c.first)
			}
		}
		for _, k := range []string{"x", "tab", "D", "ctrl+c"} {
			if press(m, k).Verdict != Ignored {
				t.Errorf("%s is taken", k)
			}
		}
		if press(m, "q").Verdict != Leave || press(m, "esc").Verdict != Leave {
			t.Error("q and escape do not leave")
		}
	}
}

func TestScrollingUpStopsFollowingAndSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"k", "u", "b", "g", "pgup", "ctrl+u", "f"} {
		m := reading(numbered(30)...)
		m.Draw(60, 12)
		press(m, key)
		if got := screen(m, 60, 12); m.Following() || !strings.Contains(got[11], "following stopped, G follows") || strings.Contains(got[0], "following") {
			t.Errorf("%s: %q", key, got)
		}
		before := screen(m, 60, 12)[1:11]
		m.MergeTail("a", numbered(40), noon)
		same(t, screen(m, 60, 12)[1:11], before...)
		press(m, "G")
		if got := screen(m, 60, 12); !m.Following() || !strings.Contains(got[10], "line 40") {
			t.Errorf("%s: G does not follow: %q", key, got)
		}
		m.MergeTail("a", numbered(41), noon)
		if got := screen(m, 60, 12); !strings.Contains(got[10], "line 41") {
			t.Errorf("the end is not followed: %q", got)
		}
	}
}

func TestGoingDownToTheEndDoesNotFollowAndAShortLogStays(t *testing.T) {
	t.Parallel()
	m := reading(numbered(30)...)
	m.Draw(60, 12)
	press(m, "k", "j", "j")
	if m.Following() {
		t.Error("it follows unasked")
	}
	m.MergeTail("a", numbered(31), noon)
	if got := screen(m, 60, 12)[10]; !strings.Contains(got, "line 30") {
		t.Errorf("the window moved: %q", got)
	}
	press(m, "f")
	if got := screen(m, 60, 12)[10]; !m.Following() || !strings.Contains(got, "line 31") {
		t.Errorf("f does not follow: %q", got)
	}
	m = reading("one", "two")
	if press(m, "k", "g", "pgup"); !m.Following() {
		t.Error("what cannot be scrolled is no longer followed")
	}
}

func TestWhatIsReadStaysWhenOldLinesGo(t *testing.T) {
	t.Parallel()
	m := New("t", dark)
	lines := make([]Line, MaxLines)
	for i := range lines {
		lines[i].Text = fmt.Sprint("n", i)
	}
	m.Append("a", lines)
	m.Draw(40, 12)
	press(&m, "b")
	first := screen(&m, 40, 12)[1]
	m.Append("a", lines[:1000])
	if got := screen(&m, 40, 12)[1]; got != first || m.Len() != MaxLines || m.Dropped() != 1000 {
		t.Errorf("%q became %q, %d lines, %d dropped", first, got, m.Len(), m.Dropped())
	}
	press(&m, "g")
	first = screen(&m, 40, 12)[1]
	m.Append("a", lines[:5])
	if got := strings.TrimSpace(screen(&m, 40, 12)[1]); !strings.HasPrefix(first, " n1000 ") || got != "n1005" {
		t.Errorf("the oldest was %q and is %q", first, got)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	m := New("t", dark)
	m.SetFilter("-b")
	for i := range 40 {
		lines := make([]Line, 1000)
		for j := range lines {
			lines[j].Text = strings.Repeat(string(rune('a'+(i+j)%7)), 600)
		}
		m.Append(fmt.Sprint(i%3), lines)
		if i%7 == 0 {
			m.MergeTail("polled", numbered(2000)[i:], noon)
		}
	}
	bytes, held := 0, 0
	for i := m.base; i < m.end(); i++ {
		bytes += len(m.at(i).text)
		if m.at(i).flags&missing == 0 {
			held++
		}
	}
	if bytes != m.bytes || bytes > MaxBytes || held != m.Len() {
		t.Errorf("%d bytes, counted %d; %d lines, counted %d", bytes, m.bytes, held, m.Len())
	}
	sum := 0
	for _, s := range m.sources {
		sum += s.held
		if len(s.seen) > max(s.held, s.longest) {
			t.Errorf("source %s remembers %d lines, %d are held", s.name, len(s.seen), s.held)
		}
	}
	if sum != held {
		t.Errorf("sources hold %d lines, there are %d", sum, held)
	}
	finish(&m)
	if s := &m.shown; len(s.after) > 2*s.len()+1100 {
		t.Errorf("%d numbers for %d lines shown", len(s.after), s.len())
	}
	if shown := len(texts(&m)) - m.gaps; shown+m.Hidden() != held {
		t.Errorf("%d shown and %d hidden of %d", shown, m.Hidden(), held)
	}
}

func TestControlCharactersAreNeverDrawn(t *testing.T) {
	t.Parallel()
	hostile := []string{"a\x1b]52;c;eA==\x07b", "\x1b[2Jgone", "x\ny\rz\tw", "\u202eevil\u2066", "\x9b31m", "\xff\xfe", "e\u0301\u0301\u0301\u0301", "\x00"}
	m := New("ti\x1b]0;x\x07tle", dark)
	m.SetAge("ag\x1b[2Je")
	m.MergeTail("so\x1burce", hostile, noon)
	m.Append("b\x07", []Line{{Text: hostile[0]}})
	m.SetFilter("-\x1bzz")
	for _, keys := range []string{"", "w", "t", "v", "&"} {
		if keys != "" {
			press(&m, keys)
		}
		got := ansi.Strip(m.Draw(70, 20))
		for _, r := range got {
			if r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u2066' {
				t.Fatalf("%q is drawn", r)
			}
		}
		if rest := m.Draw(70, 20); strings.Contains(rest, "\x1b]") || strings.Contains(rest, "\x1b[2J") {
			t.Fatal("a sequence from outside is drawn")
		}
		if err := fit.Exact(m.Draw(70, 20), 70, 20); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := m.everything().Text()
	if strings.ContainsAny(text, "\x1b\x07\x00\r") {
		t.Error("what is saved is not inert")
	}
}

func TestLongLinesAreCutOrWrapped(t *testing.T) {
	t.Parallel()
	m := reading("0123456789abcdefghij", "日本語日本語日本語", "end")
	same(t, screen(m, 11, 6)[1:5], " 012345678›", " 日本語日 ›", " end       ", "           ")
	press(m, "right")
	same(t, screen(m, 11, 6)[1:4], " 89abcdefg›", " 本語日本語", "           ")
	press(m, "left", "w")
	same(t, screen(m, 11, 8)[1:7], " 0123456789", " abcdefghij", " 日本語日本", " 語日本語  ", " end       ", "           ")
	if !m.Wrapping() {
		t.Error("it does not say that it wraps")
	}
	same(t, screen(m, 11, 5)[1:4], " 日本語日本", " 語日本語  ", " end       ")
	press(m, "k")
	same(t, screen(m, 11, 5)[1:4], " abcdefghij", " 日本語日本", " 語日本語  ")
}

func TestSeveralSourcesAreNamedAndTimesShown(t *testing.T) {
	t.Parallel()
	m := New("two", dark)
	m.MergeTail("train-1", []string{"2026-03-01T11:59:00.5Z first", "2026-03-01T11:59:20Z third"}, noon)
	same(t, screen(&m, 60, 5)[1:3], " first"+strings.Repeat(" ", 54), " third"+strings.Repeat(" ", 54))
	m.MergeTail("x", []string{"2026-03-01T11:59:10Z second", "2026-03-01T11:59:30+00:00 fourth", "bare"}, noon)
	same(t, screen(&m, 40, 8)[1:6],
		" train-1 │ first                        ", " x       │ second                       ", " train-1 │ third                        ",
		" x       │ fourth                       ", " x       │ bare                         ")
	press(&m, "t", "w")
	same(t, screen(&m, 50, 8)[1:6],
		" train-1 │  03-01 11:59:00 first                  ", " x       │  03-01 11:59:10 second                 ", " train-1 │  03-01 11:59:20 third                  ",
		" x       │  03-01 11:59:30 fourth                 ", " x       │ ≤03-01 12:00:00 bare                   ")
	text, n := press(&m, "s").Excerpt.Text()
	if n != 5 || !strings.HasPrefix(text, "train-1 | 2026-03-01T11:59:00.5Z first\nx | 2026-03-01T11:59:10Z second\n") {
		t.Errorf("%d lines are saved:\n%s", n, text)
	}
	if !strings.Contains(m.Draw(60, 8), dark.Ink(nameClass(0)).Paint("train-1")) || nameClass(0) == nameClass(1) {
		t.Error("the names have no colours of their own")
	}
	m.Clear()
	if m.Len() != 0 || m.count() != 0 || !strings.Contains(screen(&m, 40, 5)[1], "no lines yet") {
		t.Error("it is not empty after it was cleared")
	}
}

func TestOrdinaryTextIsNotTakenForATimestamp(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"2026-03-01T11:59:00Z x": "x", "2026-03-01T11:59:00.123456789Z  y": " y", "2026-03-01T11:59:00Z": "", "2026-03-01T11:59:00Zx": "2026-03-01T11:59:00Zx",
		"2026-13-01T11:59:00Z x": "2026-13-01T11:59:00Z x", "2026-03-01 11:59:00 x": "2026-03-01 11:59:00 x", "": "", "0001-01-01T00:00:00Z x": "0001-01-01T00:00:00Z x",
		"2026-03-01T11:59:00.123456789+02:00 z": "z", "2026-03-01T11:59:00.1234567890123456789012345Z x": "2026-03-01T11:59:00.1234567890123456789012345Z x",
	} {
		if r := newRecord(0, s, noTime); r.body() != want || (r.when == noTime) != (r.skip == 0) {
			t.Errorf("%q: %q, %d", s, r.body(), r.when)
		}
	}
}

func TestFilterAdmitsWhatItSays(t *testing.T) {
	t.Parallel()
	lines := []string{"ERROR disk full", "error: retry 3", "warning disk slow", "Debug disk ok", "path /dev/sda1 gone", "été ÉTÉ", "a-b c"}
	for text, want := range map[string][]int{
		"": {0, 1, 2, 3, 4, 5, 6}, "error": {0, 1}, "disk -error": {2, 3}, "DISK full": {0}, "/err.*[0-9]/": {1}, "-/disk|err/": {4, 5, 6}, "/dev/sda": {4},
		`"disk slow"`: {2}, `-"disk slow" disk`: {0, 3}, "été": {5}, "ÉTÉ": {5}, "a-b": {6}, "-": {6}, "/disk (full|slow)/": {0, 2}, "  error   disk ": {0}, "nothing": nil,
		"/retry/": {1}, `/\d$/`: {1}, "disk /(/": {0, 2, 3}, "-x": {0, 1, 2, 3, 4, 5, 6},
	} {
		m := reading(lines...)
		m.SetFilter(text)
		var wanted []string
		for _, i := range want {
			wanted = append(wanted, lines[i])
		}
		if got := texts(m); !slices.Equal(got, wanted) || m.Hidden() != len(lines)-len(want) {
			t.Errorf("%q shows %q and hides %d", text, got, m.Hidden())
		}
	}
	m := reading(lines...)
	m.SetFilter("disk /(/")
	if !strings.Contains(m.filter.wrong, "/(/ is not understood: missing closing )") {
		t.Errorf("it says %q", m.filter.wrong)
	}
}

func TestFilteringIsLiveAndEscapeGivesItUp(t *testing.T) {
	t.Parallel()
	m := reading("one error", "two", "three error")
	press(m, "/", "e", "r", "r")
	if got := screen(m, 40, 6); !m.Capturing() || m.Cursor() == nil || got[2] != " three error"+strings.Repeat(" ", 28) || !strings.HasPrefix(got[5], "/err") {
		t.Errorf("%q", got)
	}
	press(m, "x")
	if got := screen(m, 70, 6); !strings.Contains(got[1], "no line passes the filter") {
		t.Errorf("%q", got)
	}
	press(m, "esc")
	if got := texts(m); len(got) != 3 || m.Capturing() {
		t.Errorf("%q", got)
	}
	enter(m, "/", "two")
	m.MergeTail("a", []string{"one error", "two", "three error", "two again"}, noon)
	same(t, texts(m), "two", "two again")
	if got := screen(m, 60, 6)[0]; !strings.Contains(got, "/ two") || m.Filter() != "two" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(m.Draw(60, 6), dark.Pager.Found.Paint("two")) {
		t.Error("what passes is not marked")
	}
	if press(m, "esc").Verdict != Taken || len(texts(m)) != 4 || press(m, "esc").Verdict != Leave {
		t.Error("escape does not take the filter away, and then leave")
	}
}

func TestAFilterKeepsTheLineThatIsRead(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 60_000 {
		lines = append(lines, fmt.Sprintf("%06d %s", i, []string{"even", "odd"}[i%2]))
	}
	m := reading(lines...)
	m.Draw(40, 12)
	press(m, "g")
	for range 30_000 / 10 {
		press(m, "pgdown")
	}
	enter(m, "/", "even")
	if got := strings.TrimSpace(screen(m, 40, 12)[1]); got != "030000 even" {
		t.Errorf("the first is %q", got)
	}
	press(m, "k")
	if got := strings.TrimSpace(screen(m, 40, 12)[1]); got != "029998 even" {
		t.Errorf("the one before is %q", got)
	}
	if len(texts(m)) != 30_000 || m.Hidden() != 30_000 {
		t.Errorf("%d shown, %d hidden", m.count(), m.Hidden())
	}
	press(m, "esc")
	if got := strings.TrimSpace(screen(m, 40, 12)[1]); got != "029998 even" {
		t.Errorf("without the filter the first is %q", got)
	}
}

func TestGivingUpAFilterGoesBackToWhatWasRead(t *testing.T) {
	t.Parallel()
	m := reading(numbered(3000)...)
	m.Draw(40, 12)
	press(m, "g", "pgdown", "pgdown", "/")
	for _, k := range []string{"1", "0", "0", "0", "x"} {
		press(m, k)
		m.Draw(40, 12)
	}
	press(m, "esc")
	if got := strings.TrimSpace(screen(m, 40, 12)[1]); got != "line 21" {
		t.Errorf("the first is %q", got)
	}
}

func TestNoCallLooksThroughAWholeLargeLog(t *testing.T) {
	t.Parallel()
	m := full(MaxLines)
	for _, act := range []func(){
		func() { m.SetFilter("zzz") },
		func() { m.SetFilter("/[0-9]x[0-9]/") },
		func() { m.SetFilter(""); press(m, "&", "z", "z", "enter") },
		func() { press(m, "N") },
		func() { press(m, "g"); m.SetFilter("yyy") },
	} {
		if act(); !m.Working() {
			t.Fatal("it is done at once")
		}
		m.Draw(100, 30)
		if calls := finish(m); calls < 5 || calls > 400 {
			t.Errorf("it takes %d calls", calls)
		}
	}
	if m.count() != 0 || m.Hidden() != m.Len() {
		t.Errorf("%d shown, %d hidden", m.count(), m.Hidden())
	}
}

// on returns the line that the search stands on.
func on(m *Model) string {
	for _, l := range strings.Split(m.Draw(40, 12), "\n") {
		if strings.Contains(l, dark.Pager.FoundNow.On) {
			return strings.TrimSpace(strings.TrimLeft(ansi.Strip(l), foundMark+" "))
		}
	}
	return ""
}

func TestSearchFindsAndGoesRound(t *testing.T) {
	t.Parallel()
	lines := numbered(60)
	lines[9], lines[29], lines[49] = "here is RTX", "and an rtx", "no more: RTX"
	m := reading(lines...)
	m.Draw(40, 12)
	press(m, "g")
	enter(m, "&", "rtx")
	for _, c := range []struct{ key, want string }{
		{"", "here is RTX"}, {"n", "and an rtx"}, {"n", "no more: RTX"}, {"n", "here is RTX"}, {"N", "no more: RTX"}, {"N", "and an rtx"},
	} {
		if c.key != "" {
			press(m, c.key)
			finish(m)
		}
		if got := on(m); got != c.want {
			t.Errorf("after %q: %q, want %q", c.key, got, c.want)
		}
	}
	enter(m, "&", "RTX")
	press(m, "n")
	if got := on(m); got == "and an rtx" {
		t.Error("capitals do not count")
	}
	enter(m, "/", "-here")
	press(m, "n", "n", "n")
	if got := on(m); got != "no more: RTX" {
		t.Errorf("it found what is hidden: %q", got)
	}
	lines[30] = "another rtx"
	m = reading(lines...)
	press(m, "g")
	enter(m, "&", "rtx")
	press(m, "n")
	enter(m, "/", "-/^and/")
	if press(m, "N"); on(m) != "here is RTX" {
		t.Errorf("before a line that is hidden it finds %q", on(m))
	}
	enter(m, "&", "nothing like it")
	if got := screen(m, 60, 12)[11]; !strings.Contains(got, "nothing like it: not found") {
		t.Errorf("the last line is %q", got)
	}
	press(m, "esc", "n")
	if got := screen(m, 60, 12)[11]; on(m) != "" || !strings.Contains(got, "nothing was searched for") {
		t.Errorf("the last line is %q", got)
	}
}

func TestWhatIsFoundFarToTheRightIsShownAndStopsFollowing(t *testing.T) {
	t.Parallel()
	lines := numbered(500)
	lines[400] = strings.Repeat("日本 x ", 100) + "needle" + strings.Repeat(" y", 100)
	for _, keys := range [][]string{nil, {"w"}} {
		m := reading(lines...)
		press(m, keys...)
		m.Draw(40, 12)
		enter(m, "&", "needle")
		if got := m.Draw(40, 12); m.Following() || !strings.Contains(got, dark.Pager.FoundNow.Paint("needle")) {
			t.Errorf("%q: it is not on the screen\n%s", keys, ansi.Strip(got))
		}
	}
}

func TestLinesAreChosenAndCopied(t *testing.T) {
	t.Parallel()
	m := reading(numbered(30)...)
	m.Draw(60, 12)
	out := press(m, "y")
	if text, n := out.Excerpt.Text(); out.Verdict != Copy || n != 10 || !strings.HasPrefix(text, "line 21\n") || !strings.HasSuffix(text, "line 30\n") {
		t.Errorf("the screen: %v, %d lines: %q", out.Verdict, n, text)
	}
	press(m, "v", "k", "k")
	got := screen(m, 60, 12)
	if m.Following() || got[10][:3] != chosenMark || !strings.HasPrefix(got[8], cursorMark) || !strings.Contains(got[11], "3 chosen") {
		t.Errorf("%q", got)
	}
	m.MergeTail("a", numbered(200), noon)
	out = press(m, "y")
	if text, n := out.Excerpt.Text(); n != 3 || text != "line 28\nline 29\nline 30\n" {
		t.Errorf("%d lines: %q", n, text)
	}
	press(m, "v", "G")
	if got := screen(m, 60, 12); !strings.Contains(got[10], "line 200") || !strings.HasPrefix(got[10], cursorMark) {
		t.Errorf("G does not choose to the end: %q", got)
	}
	if _, n := press(m, "g", "y").Excerpt.Text(); n < 25 || m.choice.on {
		t.Errorf("%d lines are copied", n)
	}
	press(m, "v")
	if press(m, "esc").Verdict != Taken || m.choice.on {
		t.Error("escape does not end choosing")
	}
	enter(m, "/", `"line 1"`)
	if _, n := press(m, "s").Excerpt.Text(); n != 111 {
		t.Errorf("%d lines are saved", n)
	}
	empty := New("t", dark)
	if out := press(&empty, "y"); out.Verdict != Taken || !strings.Contains(screen(&empty, 60, 5)[4], "nothing to copy") {
		t.Error("nothing is copied")
	}
	press(&empty, "v", "j", "k", "&", "x", "enter", "n", "N", "w", "t", "g", "G", "left", "right")
	if err := fit.Exact(empty.Draw(30, 6), 30, 6); err != nil {
		t.Error(err)
	}
}

func TestAnExcerptDoesNotChange(t *testing.T) {
	t.Parallel()
	m := reading("a", "b", "part")
	e := press(m, "s").Excerpt
	m.MergeTail("a", []string{"b", "partly", "c"}, noon)
	m.SetFilter("-a")
	if text, _ := e.Text(); text != "a\nb\npart\n" {
		t.Errorf("%q", text)
	}
}

func TestEverySizeIsExactWhateverIsPressed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", "日本", "e\u0301", "👩‍💻", " ", "\t", "needle ", "0123456789", "ÉTÉ"}
	keys := []string{"up", "down", "pgdown", "pgup", "G", "g", "w", "n", "N", "left", "right", "/", "&", "enter", "x", "esc", "t", "f", "v", "y", "s", "u", "d", "e", "-"}
	for range 40 {
		m := New(strings.Repeat("日 title ", r.IntN(5)), dark)
		line := func() string {
			var b strings.Builder
			if r.IntN(2) == 0 {
				b.WriteString(noon.Add(time.Duration(r.IntN(1000))*time.Second).Format(time.RFC3339Nano) + " ")
			}
			for range r.IntN(30) {
				b.WriteString(parts[r.IntN(len(parts))])
			}
			return b.String()
		}
		for range 80 {
			if r.IntN(4) == 0 {
				lines := make([]string, r.IntN(30))
				for i := range lines {
					lines[i] = line()
				}
				m.MergeTail(strings.Repeat("日s", r.IntN(4)), lines, noon)
			}
			if r.IntN(10) == 0 {
				m.SetFilter([]string{"", "needle", "-needle", "/a|日/", "é"}[r.IntN(5)])
			}
			press(&m, keys[r.IntN(len(keys))])
			w, h := 1+r.IntN(100), 1+r.IntN(30)
			if err := fit.Exact(m.Draw(w, h), w, h); err != nil {
				t.Fatalf("%dx%d: %v", w, h, err)
			}
			if c := m.Cursor(); c != nil && (c.X < 0 || c.X >= w || c.Y != h-1) {
				t.Fatalf("the cursor is at %d,%d of %dx%d", c.X, c.Y, w, h)
			}
			if n := m.count(); n > 0 && h > 2 {
				if first, last := m.onScreen(); first < 0 || last >= n || last < first {
					t.Fatalf("lines %d to %d of %d are on the screen", first, last, n)
				}
			}
		}
	}
	m := reading(numbered(50)...)
	for w := 1; w <= 120; w++ {
		for h := 1; h <= 30; h++ {
			if err := fit.Exact(m.Draw(w, h), w, h); err != nil {
				t.Fatalf("%dx%d: %v", w, h, err)
			}
		}
	}
}

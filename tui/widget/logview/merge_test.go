package logview

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTailsAreMergedWithoutRepeats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what  string
		tails []string // of one letter a line
		want  string
	}{
		{"growing", []string{"a", "ab", "abcd"}, "abcd"},
		{"the same", []string{"abc", "abc"}, "abc"},
		{"a window that moves", []string{"abcd", "cdef", "efgh"}, "abcdefgh"},
		{"repeats", []string{"aab", "aba", "baa"}, "aabaa"},
		{"all the same", []string{"aaa", "aaa", "aab"}, "aaab"},
		{"the window jumped", []string{"abc", "xyz"}, "abc?xyz"},
		{"the log was rotated", []string{"abcd", "xy", "xyz"}, "abcd!xyz"},
		{"a larger tail", []string{"de", "abcdef"}, "abcdef"},
		{"a smaller tail and a larger one again", []string{"abcdef", "ef", "fg", "abcdefg"}, "abcdefg"},
		{"an empty tail", []string{"abc", "", "abcd"}, "abcd"},
		{"a blank line is a weak link", []string{"abc_", "_xyz"}, "abc_ xyz"},
		{"a blank line in a log that grows", []string{"_", "_a"}, "_a"},
	} {
		m := New("t", dark)
		for _, tail := range c.tails {
			m.MergeTail("a", letters(tail), noon)
		}
		got := ""
		for _, l := range texts(&m) {
			switch l {
			case gapMark:
				l = "?"
			case anewMark:
				l = "!"
			case doubtMark:
				l = " "
			case "":
				l = "_"
			}
			got += l
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// letters are lines of one letter; _ is a blank one.
func letters(s string) (lines []string) {
	for _, r := range s {
		lines = append(lines, strings.ReplaceAll(string(r), "_", ""))
	}
	return lines
}

func TestMergeCountsWhatIsNew(t *testing.T) {
	t.Parallel()
	m := New("t", dark)
	for _, c := range []struct {
		tail string
		want int
	}{{"abc", 3}, {"abc", 0}, {"bcd", 1}, {"xyz", 3}, {"", 0}} {
		if got := m.MergeTail("a", letters(c.tail), noon); got != c.want {
			t.Errorf("%q: %d new, want %d", c.tail, got, c.want)
		}
	}
	if m.Len() != 7 {
		t.Errorf("%d lines, the mark is none", m.Len())
	}
}

func TestAnUnfinishedLastLineIsReplacedWhenItHasGrown(t *testing.T) {
	t.Parallel()
	m := New("t", dark)
	m.SetFilter("-zz")
	m.MergeTail("a", []string{"one", "loading 4"}, noon)
	m.MergeTail("a", []string{"one", "loading 42%"}, noon)
	same(t, texts(&m), "one", "loading 42%")
	m.MergeTail("b", []string{"other"}, noon)
	if n := m.MergeTail("a", []string{"one", "loading 42% done", "two"}, noon); n != 1 {
		t.Errorf("%d new", n)
	}
	same(t, texts(&m), "one", "loading 42% done", "other", "two")
	m.MergeTail("a", []string{"one", "loading 42% done", "two"}, noon)
	if m.Len() != 4 || m.bytes != len("oneloading 42% doneothertwo") {
		t.Errorf("%d lines, %d bytes", m.Len(), m.bytes)
	}
	m.SetFilter("three")
	m.MergeTail("a", []string{"two", "thr"}, noon)
	m.MergeTail("a", []string{"two", "three"}, noon)
	same(t, texts(&m), "three")
	m = New("t", dark)
	m.MergeTail("a", []string{"x", "x"}, noon)
	m.MergeTail("a", []string{"x", "xy"}, noon)
	same(t, texts(&m), "x", "x", "xy")
	m = New("t", dark)
	m.MergeTail("a", []string{"st"}, noon)
	m.MergeTail("a", []string{"start", "go"}, noon)
	same(t, texts(&m), "start", "go")
}

// TestMergedWindowsAreNeverLostNorRepeated polls logs that grow at random, with all kinds of repeats.
func TestMergedWindowsAreNeverLostNorRepeated(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 1500 {
		alphabet, window := 1+r.IntN(6), 1+r.IntN(12)
		unique := round%3 == 0
		var log []string
		m := New("t", dark)
		if round%5 == 0 {
			m.SetFilter("-nothing")
		}
		jumps, first := 0, true
		for poll := range 1 + r.IntN(12) {
			fresh := r.IntN(window + 1)
			if r.IntN(8) == 0 {
				fresh += window
			}
			jumped := len(log) > 0 && fresh >= window
			for n := range fresh {
				l := fmt.Sprintf("<%d>", r.IntN(alphabet))
				if unique {
					l = fmt.Sprintf("<%d.%d>", poll, n)
				}
				log = append(log, l)
			}
			if jumped {
				jumps++
			}
			if first {
				log = log[max(0, len(log)-window):] // what was written before cannot be known
				first = len(log) == 0
			}
			tail := slices.Clone(log[max(0, len(log)-window):])
			m.MergeTail("a", tail, noon)
			got := withoutMarks(texts(&m))
			if len(got) < len(tail) || !slices.Equal(got[len(got)-len(tail):], tail) {
				t.Fatalf("%q is not what %q ends with", tail, got)
			}
			if len(got) > len(log) {
				t.Fatalf("%d lines became %d: %q, %q", len(log), len(got), log, got)
			}
			marks := m.gaps
			if marks > jumps || unique && marks != jumps {
				t.Fatalf("%d marks for %d jumps in %q", marks, jumps, log)
			}
			if unique && !subsequence(got, log) {
				t.Fatalf("%q is not in order: %q", got, log)
			}
		}
		if got := withoutMarks(texts(&m)); jumps == 0 && unique && !slices.Equal(got, log) {
			t.Fatalf("%q became %q", log, got)
		}
	}
}

func withoutMarks(lines []string) []string {
	return slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "…") })
}

func subsequence(part, whole []string) bool {
	for _, l := range whole {
		if len(part) > 0 && part[0] == l {
			part = part[1:]
		}
	}
	return len(part) == 0
}

// TestOverlapIsTheLongest compares with trying every length.
func TestOverlapIsTheLongest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	random := func() (lines []string) {
		for range r.IntN(10) {
			lines = append(lines, string(rune('a'+r.IntN(2))))
		}
		return lines
	}
	for range 10_000 {
		a, b := random(), append(random(), "a")
		want := 0
		for n := 1; n <= min(len(a), len(b)); n++ {
			if slices.Equal(a[len(a)-n:], b[:n]) {
				want = n
			}
		}
		if got := overlap(a, b); got != want {
			t.Fatalf("%q, %q: %d, want %d", a, b, got, want)
		}
		where := strings.Index(strings.Join(a, ""), strings.Join(b, ""))
		if got := index(a, b); got != where {
			t.Fatalf("%q in %q: %d, want %d", b, a, got, where)
		}
	}
}

// TestSourcesKeepTheirOrderAndTimesAreSorted merges stamped tails of several sources in turn, as polls bring them.
func TestSourcesKeepTheirOrderAndTimesAreSorted(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		m := New("t", dark)
		m.SetFilter("-nothing")
		logs := make([][]string, 1+r.IntN(4))
		at := noon
		for range 10 {
			for range 20 {
				at = at.Add(time.Duration(1+r.IntN(900)) * time.Millisecond)
				src := r.IntN(len(logs))
				logs[src] = append(logs[src], fmt.Sprintf("%s %d-%d", at.Format(time.RFC3339Nano), src, len(logs[src])))
			}
			for _, src := range r.Perm(len(logs)) {
				m.MergeTail(fmt.Sprint(src), logs[src][max(0, len(logs[src])-100):], noon)
			}
			press(&m, []string{"k", "G", "v", "j"}[r.IntN(4)])
			m.Draw(60, 10)
		}
		finish(&m)
		if m.n != 200 || m.count() != 200 {
			t.Fatalf("%d lines, %d shown", m.n, m.count())
		}
		for i := range m.count() - 1 {
			if a, b := m.at(m.number(i)), m.at(m.number(i+1)); a.when > b.when {
				t.Fatalf("%q stands before %q", a.text, b.text)
			}
		}
	}
}

// TestTailsOfAnyLengthAreMerged asks for another number of lines each time, while something is read.
func TestTailsOfAnyLengthAreMerged(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	for range 500 {
		log := numbered(1 + r.IntN(40))
		oldest := len(log)
		m := New("t", dark)
		m.share = 1 + r.IntN(400)
		m.SetFilter([]string{"", "-nothing", "line -3"}[r.IntN(3)])
		for range 15 {
			window := 1 + r.IntN(40)
			for range r.IntN(window) { // fewer than the tail has, so that it follows
				log = append(log, fmt.Sprintf("line %d", len(log)+1))
			}
			m.MergeTail("a", log[max(0, len(log)-window):], noon)
			m.MergeTail("b", []string{"other"}, noon)
			oldest = min(oldest, max(0, len(log)-window))
			finish(&m)
			var want, got []string
			for _, l := range log[oldest:] {
				if m.Filter() != "line -3" || !strings.Contains(l, "3") {
					want = append(want, l)
				}
			}
			for _, l := range texts(&m) {
				if l != "other" {
					got = append(got, l)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%q, want %q", got, want)
			}
			if shown := m.count(); shown+m.Hidden() != m.Len() {
				t.Fatalf("%d shown and %d hidden of %d", shown, m.Hidden(), m.Len())
			}
			m.Draw(40, 8)
			press(&m, []string{"k", "b", "j", "g", "v"}[r.IntN(5)])
			if !m.Following() && !m.choice.on && m.count() > 0 {
				read := m.top
				before := m.at(read).text
				grown := window + r.IntN(20)
				if r.IntN(2) == 0 {
					m.SetFilter("line") // anew, so that it is under way
					m.SetFilter("-nothing")
				}
				m.MergeTail("a", log[max(0, len(log)-grown):], noon)
				oldest = min(oldest, max(0, len(log)-grown))
				if after := m.at(m.top).text; after != before {
					t.Fatalf("%q was read and is now %q", before, after)
				}
			}
		}
	}
}

func TestASourceKeepsItsOrderWhenItsClockGoesBack(t *testing.T) {
	t.Parallel()
	m := New("t", dark)
	m.Append("a", []Line{{Text: "2026-03-01T11:59:30Z one"}, {Text: "2026-03-01T11:59:10Z two"}})
	m.Append("a", []Line{{Text: "2026-03-01T11:59:00Z three"}, {Text: "four", At: noon}})
	same(t, texts(&m), "one", "two", "three", "four")
}

func TestALargerTailDoesNotBringOldLinesBackThatHadToGo(t *testing.T) {
	t.Parallel()
	m := New("t", dark)
	m.MergeTail("quiet", numbered(60)[10:], noon)
	noise := make([]Line, MaxBytes/4000+1)
	for i := range noise {
		noise[i].Text = strings.Repeat("x", 4000)
	}
	m.Append("noise", noise)
	if n := m.MergeTail("quiet", numbered(60), noon); n != 0 || m.sources[0].held != 0 || m.Len() != len(noise)-1 {
		t.Errorf("%d lines came, %d are held of the source, %d of all", n, m.sources[0].held, m.Len())
	}
}

func TestAQuietSourceIsNotRepeatedWhenItsLinesAreGone(t *testing.T) {
	t.Parallel()
	m := New("t", dark)
	quiet := numbered(50)
	m.MergeTail("quiet", quiet, noon)
	noise := make([]Line, MaxLines)
	for i := range noise {
		noise[i].Text = "noise"
	}
	m.Append("noise", noise)
	if n := m.MergeTail("quiet", quiet, noon); n != 0 || m.Len() != MaxLines {
		t.Errorf("%d lines come again", n)
	}
	if n := m.MergeTail("quiet", append(numbered(50), "new"), noon); n != 1 || m.body(m.count()-1) != "new" {
		t.Errorf("%d new lines", n)
	}
}

func TestNeedlesAreFoundInAnyScript(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, needle string
		at           int
	}{
		{"Straße ÉTÉ", "été", 8}, {"日本語", "本", 3}, {"aAbB", "ab", 1}, {"xAB", "ab", 1}, {"abc", "C", 2}, {"ab", "abc", -1}, {"", "a", -1}, {"1.5", "5", 2},
		{"aaaab", "AB", 3}, {"ΣΑΣ", "σ", 0}, {"aς", "σ", 1}, {"xqxq zq", "z", 5}, {"EEEe", "ee", 0}, {"ein ÜBRIG", "übrig", 4}, {"a", "", -1},
	} {
		n := newNeedle(c.needle, true)
		if at := n.in(c.line); at != c.at {
			t.Errorf("%q in %q is at %d, want %d", c.needle, c.line, at, c.at)
		}
	}
	r := rand.New(rand.NewPCG(9, 9))
	for range 20_000 {
		word := func(n int) string {
			var b strings.Builder
			for range n {
				b.WriteRune([]rune("aAbBzéÉ日")[r.IntN(8)])
			}
			return b.String()
		}
		line, needle := word(r.IntN(12)), word(1+r.IntN(3))
		n := newNeedle(needle, true)
		if got, want := n.in(line), strings.Index(strings.ToLower(line), strings.ToLower(needle)); got != want {
			t.Fatalf("%q in %q is at %d, want %d", needle, line, got, want)
		}
	}
}

func TestFirstLinesAreSortedByTimesThatNameNoZone(t *testing.T) {
	t.Parallel()
	m := New("two", dark)
	m.MergeTail("a", []string{"starting", "2026-03-01 11:59:00 a1", "  with a second line", "2026-03-01 11:59:20,123 a2"}, noon)
	m.MergeTail("b", []string{"2026-03-01 11:59:10 b1", "more of b1", "2026-03-01T11:59:30 b2"}, noon.Add(time.Second))
	want := []string{
		"starting", "2026-03-01 11:59:00 a1", "  with a second line", "2026-03-01 11:59:10 b1", "more of b1", "2026-03-01 11:59:20,123 a2", "2026-03-01T11:59:30 b2",
	}
	if got := texts(&m); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	// A clock of another zone does not hide new lines among old ones.
	m.MergeTail("a", []string{"2026-03-01 11:59:20,123 a2", "2026-03-01 04:00:00 a3"}, noon.Add(time.Minute))
	if got := texts(&m); got[len(got)-1] != "2026-03-01 04:00:00 a3" {
		t.Errorf("%q", got)
	}
}

func TestWhatIsNoTimeWithoutZoneIsNotTakenForOne(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"2026-03-01 11:59:00": true, "2026-03-01 11:59:00 x": true, "2026-03-01T11:59:00,5 x": true, "2026-03-01 11:59:001": false, "2026-13-01 11:59:00 x": false,
		"": false, "2026-03-01": false, "x 2026-03-01 11:59:00": false, "0001-01-01 00:00:00 x": false, "2026-03-01-11:59:00 x": false,
	} {
		if got := looseStamp(s) != noTime; got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestALargerTailAfterAJumpRepeatsNothing(t *testing.T) {
	t.Parallel()
	all := numbered(9000)
	m := New("", dark)
	m.MergeTail("a", all[:1000], noon)
	m.MergeTail("a", all[1500:2500], noon.Add(12*time.Second)) // 500 lines were written that no tail has shown
	for n, end := range []int{4000, 5800, 5800, 7600} {
		added := m.MergeTail("a", all[max(0, end-4000):end], noon.Add(time.Duration(24+12*n)*time.Second))
		if want := map[int]int{0: 1500, 1: 1800, 2: 0, 3: 1800}[n]; added != want {
			t.Errorf("tail %d added %d lines, want %d", n, added, want)
		}
	}
	got := withoutMarks(texts(&m))
	if want := append(slices.Clone(all[:1000]), all[1500:7600]...); !slices.Equal(got, want) {
		t.Errorf("%d lines are shown, want %d", len(got), len(want))
	}
	if m.gaps != 1 {
		t.Errorf("%d marks stand for one gap", m.gaps)
	}
	// The last line of the tail before may have been caught unfinished.
	m = New("", dark)
	m.MergeTail("a", all[:10], noon)
	m.MergeTail("a", append(slices.Clone(all[20:29]), all[29][:2]), noon)
	if added := m.MergeTail("a", all[12:32], noon); added != 2 {
		t.Errorf("behind an unfinished line %d were added, want 2", added)
	}
}

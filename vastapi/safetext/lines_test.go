package safetext

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func held(l *Lines) []string {
	var all []string
	for _, s := range l.All() {
		all = append(all, s)
	}
	return all
}

func TestLinesSplitsFirstAndCleansEachLine(t *testing.T) {
	t.Parallel()
	l := NewLines(10, 1000)
	l.Add("one\r\ntwo \x1b]0;open\nthree\ta\u202e\n\nhalf")
	want := []string{"one", "two ␛]0;open", "three   a\ufffd", ""}
	if got := held(l); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	l.Add(" a line")
	l.Flush()
	if got := l.At(4); got != "half a line" {
		t.Errorf("%q, want the halves joined", got)
	}
	l.Flush()
	if l.Len() != 5 || l.At(-1) != "" || l.At(5) != "" {
		t.Errorf("%d lines", l.Len())
	}
}

func TestWhatWasPrintedIsReadWithoutColoursAndStateByState(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"colours":            {"\x1b[1;32mINFO\x1b[0m ready\x1b[K\n", []string{"INFO ready"}},
		"a progress bar":     {"load\n\r  0%|  |\r 50%|# |\r100%|##|\ndone\n", []string{"load", "  0%|  |", " 50%|# |", "100%|##|", "done"}},
		"one being erased":   {"\x1b[?25l10%\r   \r20%\r\x1b[K\x1b[?25h\n", []string{"10%", "20%"}},
		"line ends of DOS":   {"one\r\n\r\ntwo\r\n", []string{"one", "", "two"}},
		"unfinished":         {"5%\r10%", []string{"5%", "10%"}},
		"what else it does":  {"\x1b]0;mine\a\x1b[2Jgone\x1b[3A\n", []string{"␛]0;mine␇␛[2Jgone␛[3A"}},
		"joined by leaving":  {"\x1b\x1b[m[2J\x1b[\n", []string{"␛[2J␛["}},
		"a number and no m":  {"\x1b[31\n", []string{"␛[31"}},
		"nothing to be seen": {"\x1b[0m\n", []string{""}},
	} {
		l := NewPrinted(10, 1000)
		l.Add(c.text)
		l.Flush()
		if got := held(l); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	whole, parts := NewPrinted(100, 1000), NewPrinted(100, 1000)
	const text = "a\r\x1b[31mb\r\nc\x1b[0K\r"
	whole.Add(text)
	for i := range len(text) {
		parts.Add(text[i : i+1])
	}
	whole.Flush()
	parts.Flush()
	if !slices.Equal(held(whole), held(parts)) {
		t.Errorf("byte by byte it is %q, at once %q", held(parts), held(whole))
	}
}

// TestTheLastStateOfALongProgressBarIsKept holds that a bar without a line feed, which a
// log ends in while its program runs, loses its oldest states and not its newest.
func TestTheLastStateOfALongProgressBarIsKept(t *testing.T) {
	t.Parallel()
	var bar strings.Builder
	for n := range 20_001 {
		fmt.Fprintf(&bar, "\r%3d%%|%-20s| step %d", n/200, strings.Repeat("#", n/1000), n)
	}
	for _, size := range []int{bar.Len(), 4096, 100_000} {
		l := NewPrinted(10, 10_000)
		for rest := bar.String(); rest != ""; {
			n := min(size, len(rest))
			l.Add(rest[:n])
			rest = rest[n:]
		}
		l.Flush()
		if l.Len() != 10 || l.At(9) != "100%|####################| step 20000" || l.At(0) != " 99%|################### | step 19991" {
			t.Errorf("in pieces of %d bytes: %q", size, held(l))
		}
	}
}

// TestWhatWasPrintedStaysInertHoweverItComes holds that what leaving out colours puts side
// by side is inert too, and that it does not matter where a text was cut on its way.
func TestWhatWasPrintedStaysInertHoweverItComes(t *testing.T) {
	t.Parallel()
	parts := []string{
		"\x1b", "[", "\x1b[", "31", ";", "?", "m", "K", "h", "l", "J", "2", "\r", "\n", "\r\n", "\x9b", "\xc2", "\u009b", "]0;", "\a", "\b",
		" ", "\t", "a", "é", "\xe2\x80", "\xae", "\u202e", "\u0301", "\x00", "\x7f", "\x1b[m", "\x1b\\",
	}
	for _, p := range hostile(t) {
		parts = append(parts, p.text[:min(len(p.text), 40)])
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var text strings.Builder
		whole, pieces := NewPrinted(100, 100_000), NewPrinted(100, 100_000)
		for range 1 + rnd.IntN(12) {
			text.WriteString(parts[rnd.IntN(len(parts))])
		}
		whole.Add(text.String())
		for rest := text.String(); rest != ""; {
			n := 1 + rnd.IntN(min(len(rest), 5))
			pieces.Add(rest[:n])
			rest = rest[n:]
		}
		whole.Flush()
		pieces.Flush()
		if !slices.Equal(held(whole), held(pieces)) {
			t.Fatalf("%q at once is %q, in pieces %q", text.String(), held(whole), held(pieces))
		}
		for _, line := range whole.All() {
			if err := flaw(line, MaxLineRunes); err != nil {
				t.Fatalf("%q: %q: %v", text.String(), line, err)
			}
		}
	}
}

func TestLinesKeepsTheNewestAndCountsTheRest(t *testing.T) {
	t.Parallel()
	l := NewLines(3, 1000)
	for i := range 10 {
		fmt.Fprintf(l, "line %d\n", i)
	}
	if got := held(l); !slices.Equal(got, []string{"line 7", "line 8", "line 9"}) || l.Dropped() != 7 {
		t.Errorf("%q, %d dropped", got, l.Dropped())
	}
}

func TestLinesKeepsWithinItsBytes(t *testing.T) {
	t.Parallel()
	l := NewLines(1000, 10)
	l.Add("aaaa\nbbbb\ncccc\n")
	if got := held(l); !slices.Equal(got, []string{"bbbb", "cccc"}) || l.Dropped() != 1 {
		t.Errorf("%q, %d dropped", got, l.Dropped())
	}
	l.Add(strings.Repeat("x", 100) + "\n")
	if l.Len() != 1 || l.Dropped() != 3 {
		t.Errorf("a line above the limit: %d held, %d dropped", l.Len(), l.Dropped())
	}
}

func TestLinesCutsAStreamWithoutLineEnds(t *testing.T) {
	t.Parallel()
	l := NewLines(10, 1<<20)
	for range 100 {
		l.Add(strings.Repeat("y", 10_000))
	}
	if len(l.partial) > maxPartial {
		t.Errorf("%d bytes are held back", len(l.partial))
	}
	l.Add("\nnext\n")
	if l.Len() != 2 || l.At(1) != "next" || len([]rune(l.At(0))) != MaxLineRunes {
		t.Errorf("%d lines, %d runes", l.Len(), len([]rune(l.At(0))))
	}
}

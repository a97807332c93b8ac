package safetext

import (
	"fmt"
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

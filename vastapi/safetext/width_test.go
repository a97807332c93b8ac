package safetext

import (
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// neighbours stand for the classes that join what follows or precedes them:
// letters, wide letters, emoji, flags, syllables, Indic and Thai consonants,
// combining marks.
var neighbours = []string{"", "a", "中", "👍", "🇩", "가", "각", "क", "ก", "က", "1", "é", "́", "❤", "\u093c"}

func TestBothWaysOfCountingCellsAgreeForEveryCodePoint(t *testing.T) {
	t.Parallel()
	bad, step := 0, rune(1)
	if testing.Short() {
		step = 7
	}
	for r := rune(0x20); r <= unicode.MaxRune; r += step {
		self := Clean(string(r), 2)
		if self != string(r) {
			continue // replaced or dropped: nothing of it is left
		}
		for _, n := range neighbours {
			for _, s := range []string{n + self + "x", "x" + self + n} {
				if c := Clean(s, 16); ansi.StringWidth(c) != ansi.StringWidthWc(c) && bad < 20 {
					bad++
					t.Errorf("U+%04X in %+q: %d cells by graphemes, %d by runes", r, c, ansi.StringWidth(c), ansi.StringWidthWc(c))
				}
			}
		}
	}
}

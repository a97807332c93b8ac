package fit

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestOverLaysAPieceUponALine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, piece string
		x, w        int
		want        string
	}{
		{"0123456789", "ab", 3, 10, "012ab56789"}, {"0123456789", "abcd", 8, 10, "01234567a…"}, {"日本語日本", "x", 1, 10, " x本語日本"},
		{"0123456789", "ab", -2, 10, "ab23456789"}, {"日本語日本", "xx", 3, 10, "日 xx 日本"}, {"0123456789", "ab", 8, 10, "01234567ab"},
	} {
		if got := ansi.Strip(Over(c.line, c.piece, c.x, c.w)); got != c.want {
			t.Errorf("%q upon %q at %d: %q, want %q", c.piece, c.line, c.x, got, c.want)
		}
	}
}

func TestWhatLiesOnTopKeepsNoColourOfWhatIsBelow(t *testing.T) {
	t.Parallel()
	const red, off = "\x1b[31m", "\x1b[m"
	for _, x := range []int{2, 4} { // within the line, and up to its end
		got := Over(red+"aaaaaa"+off, "bb", x, 6)
		if i := strings.Index(got, "bb"); !strings.HasSuffix(got[:i], off) {
			t.Errorf("the piece at %d is red: %q", x, got)
		}
	}
	if got := Over(red+"aaaaaa"+off, "bb", 2, 6); !strings.Contains(got[strings.Index(got, "bb"):], red) {
		t.Errorf("the rest of the line lost its colour: %q", got)
	}
}

func TestLayKeepsTheSizeOfTheBlock(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		w, h := 1+r.IntN(40), 1+r.IntN(10)
		under := make([]string, h)
		for i := range under {
			under[i] = "\x1b[31m" + strings.Repeat([]string{"日", "a", "é", "👩‍💻"}[r.IntN(4)], r.IntN(w+1)) + "\x1b[m"
		}
		pieces := make([]string, r.IntN(6))
		for i := range pieces {
			pieces[i] = Line(strings.Repeat("本x", 9), 1+r.IntN(12))
		}
		if err := Exact(Lay(Block(under, w, h), pieces, r.IntN(w), r.IntN(h+3)-1, w), w, h); err != nil {
			t.Fatal(err)
		}
	}
	if got := Lay("aaa\nbbb", []string{"x", "y", "z"}, 1, -1, 3); ansi.Strip(got) != "aya\nbzb" {
		t.Errorf("got %q", got)
	}
}

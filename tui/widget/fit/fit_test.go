package fit

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestLinePadsAndCuts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    string
		w    int
		want string
	}{
		{"", 0, ""}, {"abc", 0, ""}, {"abc", -3, ""}, {"", 3, "   "},
		{"abc", 5, "abc  "}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"abcd", 1, "…"},
		{"日本語", 6, "日本語"}, {"日本語", 7, "日本語 "}, {"日本語", 5, "日本…"}, {"日本語", 4, "日… "}, {"日本語", 1, "…"},
		{"a\nb\tc", 6, "a b c "}, {"a\r\nb", 4, "a b "}, {"a\u2028b", 3, "a b"},
		{"é", 2, "é "},
		{"\x1b[31mabcd\x1b[m", 3, "\x1b[31mab…\x1b[m"},
		{"\x1b[31mab\x1b[m", 4, "\x1b[31mab\x1b[m  "},
	} {
		if got := Line(c.s, c.w); got != c.want {
			t.Errorf("Line(%q, %d) = %q, want %q", c.s, c.w, got, c.want)
		}
	}
}

func TestRightAndCenterPlaceTheText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{Right("ab", 5), "   ab"}, {Right("abcdef", 4), "abc…"}, {Right("日", 3), " 日"}, {Right("x", 0), ""},
		{Center("ab", 6), "  ab  "}, {Center("ab", 5), " ab  "}, {Center("abcdef", 3), "ab…"}, {Center("x", -1), ""},
		{Cut("ab", 5), "ab"}, {Cut("abcdef", 5), "abcd…"}, {Cut("x", 0), ""},
		{Spaces(3), "   "}, {Spaces(-1), ""}, {Spaces(1000), strings.Repeat(" ", 1000)},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestBlockIsExactWhateverTheLines(t *testing.T) {
	t.Parallel()
	if got := Block([]string{"ab", "cdef", "g"}, 3, 2); got != "ab \ncd…" {
		t.Errorf("cut block is %q", got)
	}
	if got := Block([]string{"ab"}, 3, 3); got != "ab \n   \n   " {
		t.Errorf("padded block is %q", got)
	}
	if got := Block([]string{"ab"}, 3, 0); got != "" {
		t.Errorf("block without lines is %q", got)
	}
}

func TestEveryFunctionIsExactOnRandomText(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	alphabet := []string{"a", "Z", " ", "日", "한", "é", "e\u0301", "—", "▲", "😀", "👩‍💻", "🇩🇪", "\t", "\n", "\x1b[1m", "\x1b[38;2;1;2;3m", "\x1b[m"}
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(12) {
			b.WriteString(alphabet[r.IntN(len(alphabet))])
		}
		w := r.IntN(14)
		for _, got := range []string{Line(b.String(), w), Right(b.String(), w), Center(b.String(), w)} {
			if err := Exact(got, w, 1); err != nil {
				t.Fatalf("%q in %d cells: %v", b.String(), w, err)
			}
		}
		if n := Width(strings.ReplaceAll(b.String(), "\n", "")); n != ansi.StringWidth(strings.ReplaceAll(b.String(), "\n", "")) {
			t.Fatalf("Width(%q) = %d", b.String(), n)
		}
	}
}

func TestControlsTakeNoCells(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "\x7f", "\x00", "\x1b[1m", "\u200b"} {
		if n := Width(s); n != 0 {
			t.Errorf("%q takes %d cells", s, n)
		}
	}
	if n := Width("~ a"); n != 3 {
		t.Errorf("plain text takes %d cells", n)
	}
}

func TestExactNamesTheFault(t *testing.T) {
	t.Parallel()
	if err := Exact("ab\ncd", 2, 2); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"ab", "ab\ncde", "ab\ncd\nef", "ab\n日日"} {
		if Exact(bad, 2, 2) == nil {
			t.Errorf("%q passes for 2x2", bad)
		}
	}
}

func BenchmarkLinePlain(b *testing.B) {
	for b.Loop() {
		Line("RTX 4090 x2", 16)
	}
}

func BenchmarkLineWide(b *testing.B) {
	for b.Loop() {
		Line("データセンター東京", 16)
	}
}

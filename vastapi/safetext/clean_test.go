package safetext

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanShowsWhatItReplaces(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, in string
		n        int
		want     string
	}{
		{"plain text as it is", "RTX 4090", 20, "RTX 4090"},
		{"letters of other scripts as they are", "Île-de-France, FR · 東京", 40, "Île-de-France, FR · 東京"},
		{"exactly as long as allowed", "abc", 3, "abc"},
		{"ellipsis counted", "abcd", 3, "ab…"},
		{"one rune is the ellipsis", "abcd", 1, "…"},
		{"nothing allowed", "abcd", 0, ""},
		{"less than nothing allowed", "abcd", -5, ""},
		{"controls as pictures", "a\x1b[2Jb\r\n\t\x00\x7f", 20, "a␛[2Jb␍␊␉␀␡"},
		{"C1 and bidi as replacement", "a\u009bb\u202ec", 20, "a\ufffdb\ufffdc"},
		{"bad bytes as replacement", "a\xffb\xe8\x1b", 20, "a\ufffdb\ufffd␛"},
		{"joiners dropped", "a\u200d\ufe0f\u00adb", 20, "ab"},
		{"dropped runes are no reason to cut", "abc\u200d\u200d", 3, "abc"},
		{"third mark dropped", "e\u0301\u0302\u0303x", 20, "e\u0301\u0302x"},
		{"first mark dropped", "\u0301x", 20, "x"},
		{"marks go with the base that is cut", "abc\u0301\u0302d", 4, "abc…"},
		{"spaces alike", "a\u00a0b\u3000c", 20, "a b c"},
		{"flag as letters", "\U0001f1e9\U0001f1ea host", 20, "DE host"},
		{"skin tone replaced", "\U0001f44d\U0001f3fd", 20, "\U0001f44d\ufffd"},
		{"a real U+FFFD stays", "a\ufffdb", 20, "a\ufffdb"},
	}
	for _, c := range cases {
		if got := Clean(c.in, c.n); got != c.want {
			t.Errorf("%s: Clean(%+q, %d) = %+q, want %+q", c.name, c.in, c.n, got, c.want)
		}
	}
}

func TestCleanOfMoreThanIsEverLookedAtSaysSo(t *testing.T) {
	t.Parallel()
	if got := Clean("ab"+strings.Repeat("\u200d", 100_000), 10); got != "ab…" {
		t.Errorf("got %+q, want the ellipsis of a line that goes on unseen", got)
	}
	if got := Clean("a"+strings.Repeat("\u200d", 100_000)+"b", 10); got != "a…" {
		t.Errorf("got %+q: what lies beyond is looked at", got)
	}
	if got := Clean(strings.Repeat("\u200d", 100_000)+"ab", 1); got != "…" {
		t.Errorf("got %+q", got)
	}
}

func TestCleanAllocatesNothingForInertText(t *testing.T) {
	for _, s := range []string{"worker-a", "Île-de-France, FR", ""} {
		if n := testing.AllocsPerRun(100, func() { Clean(s, 64) }); n != 0 {
			t.Errorf("Clean(%q) allocates %v times", s, n)
		}
	}
}

// alphabet is what random strings are made of: the classes that matter, each
// about as likely as the others.
var alphabet = []string{
	"a", "Z", "0", " ", "é", "ß", "中", "한", "🔥", "👍", "❤", "ก", "क", "ا", "ש",
	"\x1b", "\x1b[", "\x1b]", "\x1bP", "\x1b_", "\x1b\\", "\a", ";", "m", "\x00", "\r", "\n", "\t", "\x7f", "\x18",
	"\x80", "\x9b", "\x9d", "\xe2", "\xe8", "\xf0\x9f", "\xed\xa0\x80", "\xc0\xaf", "\xff",
	"\u0085", "\u009b", "\u009d", "\u00a0", "\u00ad", "\u0301", "\u0334", "\u034f", "\u061c", "\u094d", "\u093e", "\u0e33",
	"\u1100", "\u1161", "\u11a8", "\u115f", "\u180e", "\u200b", "\u200d", "\u200f", "\u2028", "\u202e", "\u2066", "\u20dd", "\u20e3",
	"\u2800", "\u3000", "\u3099", "\u3164", "\ue000", "\ufe0f", "\ufeff", "\uff9e", "\ufffd", "\uffff",
	"\U0001f1e9", "\U0001f3fd", "\U000e0041", "\U000e0100", "\U0010ffff", "\U000110bd",
}

func randomText(r *rand.Rand, buf []byte) []byte {
	for range 1 + r.IntN(12) {
		switch k := r.IntN(20); {
		case k == 0:
			buf = append(buf, byte(r.Uint32()))
		case k == 1:
			buf = utf8.AppendRune(buf, rune(r.IntN(0x110000)))
		default:
			buf = append(buf, alphabet[r.IntN(len(alphabet))]...)
		}
	}
	return buf
}

func TestRandomTextBecomesInert(t *testing.T) {
	t.Parallel()
	rounds := 200_000
	if testing.Short() {
		rounds = 20_000
	}
	r := rand.New(rand.NewPCG(1, 2))
	var buf []byte
	for range rounds {
		buf = randomText(r, buf[:0])
		s, n := string(buf), r.IntN(16)
		if err := flaw(Clean(s, n), n); err != nil {
			t.Fatalf("Clean(%+q, %d): %v", s, n, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, p := range hostile(f) {
		if len(p.text) < 4096 {
			f.Add(p.text, 20)
		}
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = min(n, 1000)
		if err := flaw(Clean(s, n), n); err != nil {
			t.Errorf("Clean(%+q, %d): %v", s, n, err)
		}
		if err := flaw(New(s).String(), MaxRunes); err != nil {
			t.Errorf("New(%+q): %v", s, err)
		}
		if New(s).Wire() != s {
			t.Errorf("New(%+q).Wire() = %+q", s, New(s).Wire())
		}
		if q := Quote(s, n); len(q) > max(n, 0) || !isPlain(q) {
			t.Errorf("Quote(%+q, %d) = %+q", s, n, q)
		}
	})
}

func BenchmarkClean(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"label", "worker-a"},
		{"unicode", "Île-de-France, FR"},
		{"hostile", "worker\x1b[2J\u202e-a\u0301\u0301\u0301"},
		{"megabyte", strings.Repeat("\x1b[31m", 200_000)},
		{"joiners", strings.Repeat("\u200d", 300_000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Clean(c.text, 64)
			}
		})
	}
}

func BenchmarkLines(b *testing.B) {
	text := strings.Repeat("step 100 loss 0.25 \x1b[32mok\x1b[0m\n", 30_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		NewLines(10_000, 8<<20).Add(text)
	}
}

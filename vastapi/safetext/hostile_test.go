package safetext

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

type payload struct{ name, text string }

// hostile reads testdata/hostile.txt.
func hostile(t testing.TB) []payload {
	t.Helper()
	data, err := os.ReadFile("testdata/hostile.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []payload
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		p := payload{name: fields[0]}
		for _, f := range fields[1:] {
			p.text += literal(t, f)
		}
		all = append(all, p)
	}
	return all
}

// literal reads one field: "text" or "text"*count.
func literal(t testing.TB, field string) string {
	t.Helper()
	quoted, times := field, 1
	if i := strings.LastIndex(field, `"*`); i > 0 {
		quoted = field[:i+1]
		n, err := strconv.Atoi(field[i+2:])
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		times = n
	}
	s, err := strconv.Unquote(quoted)
	if err != nil {
		t.Fatalf("%s: %v", field, err)
	}
	return strings.Repeat(s, times)
}

// flaw returns what is wrong with out as an inert line of at most n runes.
func flaw(out string, n int) error {
	if !utf8.ValidString(out) {
		return fmt.Errorf("not UTF-8")
	}
	if got := utf8.RuneCountInString(out); got > max(n, 0) {
		return fmt.Errorf("%d runes", got)
	}
	marks, first := 0, true
	for _, r := range out {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs) {
			return fmt.Errorf("holds %U", r)
		}
		if r != ' ' && (unicode.Is(unicode.Zs, r) || !unicode.IsGraphic(r)) {
			return fmt.Errorf("holds the blank or unassigned %U", r)
		}
		if !unicode.Is(unicode.M, r) {
			marks, first = 0, false
			continue
		}
		if marks++; marks > 2 || first {
			return fmt.Errorf("%U is mark %d of its base", r, marks)
		}
	}
	if again := Clean(out, n); again != out {
		return fmt.Errorf("cleaned again it is %+.60q", again)
	}
	if g, w := ansi.StringWidth(out), ansi.StringWidthWc(out); g != w {
		return fmt.Errorf("%d cells by graphemes, %d by runes", g, w)
	}
	return nil
}

func TestEveryHostilePayloadBecomesInert(t *testing.T) {
	t.Parallel()
	all := hostile(t)
	if len(all) < 93 {
		t.Fatalf("%d payloads, want at least 93", len(all))
	}
	for _, p := range all {
		for _, n := range []int{0, 1, 2, 3, 10, 40, 256} {
			if err := flaw(Clean(p.text, n), n); err != nil {
				t.Errorf("%s, at most %d runes: %v: %+.80q", p.name, n, err, Clean(p.text, n))
			}
		}
		if err := flaw(New(p.text).String(), MaxRunes); err != nil {
			t.Errorf("%s as Text: %v", p.name, err)
		}
	}
}

func TestHostileTextInsideAnotherStaysInert(t *testing.T) {
	t.Parallel()
	all := hostile(t)
	for i, p := range all {
		head, tail := p.text[:min(len(p.text), 60)], all[(i+1)%len(all)].text
		s := "worker-" + head + tail[:min(len(tail), 60)] + "\xe8"
		if err := flaw(Clean(s, 200), 200); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
	}
}

func TestQuoteOfHostileTextIsPrintableASCIIAndFits(t *testing.T) {
	t.Parallel()
	for _, p := range hostile(t) {
		for n := -1; n < 60; n++ {
			q := Quote(p.text, n)
			if len(q) > max(n, 0) {
				t.Fatalf("%s: %d bytes, want at most %d: %s", p.name, len(q), n, q)
			}
			for _, c := range []byte(q) {
				if c < 0x20 || c > 0x7e {
					t.Fatalf("%s: byte %#x in %q", p.name, c, q)
				}
			}
		}
	}
}

func TestHostileTextAsLinesIsInertLineByLine(t *testing.T) {
	t.Parallel()
	for _, p := range hostile(t) {
		l := New(p.text).Lines(50, 1<<20)
		for _, line := range l.All() {
			if err := flaw(line, MaxLineRunes); err != nil {
				t.Errorf("%s: %v", p.name, err)
			}
		}
		if l.Len() > 50 {
			t.Errorf("%s: %d lines", p.name, l.Len())
		}
	}
}

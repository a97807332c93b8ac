package ascii

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"vastdeck/tui/widget/fit"
)

func TestEveryGlyphAndItsTwinTakeOneCell(t *testing.T) {
	t.Parallel()
	for r, twin := range twins {
		if fit.Width(string(r)) != 1 || twin < ' ' || twin > '~' {
			t.Errorf("%q takes %d cells, and %q stands for it", r, fit.Width(string(r)), twin)
		}
	}
	for r := rune(firstDots); r <= lastDots; r++ {
		if twin, ok := Of(r); !ok || twin < ' ' || twin > '~' {
			t.Errorf("%q has no twin: %q", r, twin)
		}
	}
}

// What stands beside one another in a column, or on a line, must not become the same sign.
func TestSignsThatMeanDifferentThingsStayApart(t *testing.T) {
	t.Parallel()
	for what, signs := range map[string]string{
		"states":     "●○◐■▲✗✓",
		"levels":     "✓!✗i",
		"marks":      "▌●?",
		"steps":      "▁▂▃▄▅▆▇█",
		"directions": "←→↑↓",
		"bounds":     "≤≥≈≠",
		"bars":       "█░▒▓",
	} {
		seen := map[byte]rune{}
		for _, r := range signs {
			twin, ok := Of(r)
			if !ok {
				twin = byte(r)
			}
			if other, taken := seen[twin]; taken {
				t.Errorf("%s: %q stands for %q and for %q", what, twin, other, r)
			}
			seen[twin] = r
		}
	}
}

func TestAFrameKeepsItsWidthItsEscapesAndTheUsersText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                "",
		"plain":                           "plain",
		"\x1b[1m▸ rent…\x1b[m":            "\x1b[1m> rent~\x1b[m",
		"│ 日本語 é │":                       "| 日本語 é |",
		"burn ≥ $2.19/h · 2× RTX":         "burn > $2.19/h | 2x RTX",
		"👩‍💻 ✓":                           "👩‍💻 +",
		"\u2800\u2801\u2880\u28ff\u2881x": " '.#:x",
	} {
		got := Frame(in)
		if got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
		if fit.Width(got) != fit.Width(in) {
			t.Errorf("%q takes %d cells, was %d", got, fit.Width(got), fit.Width(in))
		}
	}
}

// What the program writes on the screen stands in its literals: each character of one cell beyond
// ASCII must have a twin here.
func TestEveryGlyphOfTheProgramHasATwin(t *testing.T) {
	t.Parallel()
	read := 0
	for _, root := range []string{"tui", "vastapi", "store", filepath.Join("cmd", "vastdeck")} {
		err := filepath.WalkDir(filepath.Join("..", "..", "..", root), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "tuitest" || d.Name() == "vastsim" || d.Name() == "testdata"):
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			read++
			return literals(path, func(at token.Position, r rune) {
				if r < 0x80 || !unicode.IsPrint(r) || fit.Width(string(r)) != 1 {
					return
				}
				if _, ok := Of(r); !ok {
					t.Errorf("%s: %q (%U) has no twin: add one to twins, or draw a glyph that has one", at, r, r)
				}
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 100 {
		t.Fatalf("only %d files were read", read)
	}
}

// literals tells each rune of the strings and characters in a file.
func literals(path string, tell func(token.Position, rune)) error {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		l, ok := n.(*ast.BasicLit)
		if !ok || l.Kind != token.STRING && l.Kind != token.CHAR {
			return true
		}
		text, err := strconv.Unquote(l.Value)
		if err != nil {
			return true
		}
		for _, r := range text {
			tell(set.Position(l.Pos()), r)
		}
		return true
	})
	return nil
}

func BenchmarkFrame(b *testing.B) {
	frame := strings.Repeat(strings.Repeat("a", 150)+"│ ▸ rent… · 2× RTX 4090\n", 60)
	b.SetBytes(int64(len(frame)))
	for b.Loop() {
		Frame(frame)
	}
}

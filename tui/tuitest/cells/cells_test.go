package cells

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is a screen with everything a .cells file can say.
func sample() Screen {
	s := New(12, 4)
	s.Title = "vastdeck: a title"
	s.Cursor = Cursor{X: 3, Y: 1, Shape: "bar"}
	put := func(x, y int, text string, style Style) int {
		for _, r := range text {
			s.Rows[y][x] = Cell{Text: string(r), Width: 1, Style: style}
			x++
		}
		return x
	}
	put(2, 0, "GPU", Style{Fg: "#a6adc8", Attrs: Bold | Underline})
	put(6, 0, "$/h", Style{Bg: "#1e1e2e"})
	s.Rows[1][0] = Cell{Text: "世", Width: 2, Style: Style{Attrs: Reverse}}
	s.Rows[1][1] = Cell{Style: Style{Attrs: Reverse}}
	s.Rows[1][4] = Cell{Text: "e\u0301", Width: 1}
	s.Rows[1][5] = Cell{Text: "|", Width: 1}
	put(8, 3, "    ", Style{Fg: "#010203", Bg: "#ffffff", Attrs: Faint | Italic | Blink | Conceal | Strike})
	return s
}

func TestWrittenScreensReadBackEqual(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]Screen{"sample": sample(), "empty": New(3, 2), "one cell": New(1, 1)} {
		got, err := Read(strings.NewReader(Format(s)))
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, Format(s))
		}
		if d := cmp.Diff(s, got); d != "" {
			t.Errorf("%s: (- written, + read)\n%s\n%s", name, d, Format(s))
		}
	}
}

func TestFileIsMadeForADiff(t *testing.T) {
	t.Parallel()
	want := `cells 12x4
title vastdeck: a title
cursor 3 1 bar
|  GPU $/h
~ 2 3#a6adc8+bold+underline 1 3/#1e1e2e
|世  é|
~ 2+reverse
w 0
m 4=2
|
|
~ 8 4#010203/#ffffff+faint+italic+blink+conceal+strike
`
	want = strings.Replace(want, "é", "e\u0301", 1)
	if d := cmp.Diff(want, Format(sample())); d != "" {
		t.Errorf("(- want, + got)\n%s", d)
	}
}

func TestBrokenFilesAreRefusedWithTheirLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                "empty",
		"hello\n":                         "line 1: the first line",
		"cells 0x4\n":                     "out of range",
		"cells 99999999x4\n":              "out of range",
		"cells 2x1\n":                     "0 rows where 1 are promised",
		"cells 2x1\n|a\n|b\n":             "line 3: more than 1 rows",
		"cells 2x1\n|abc\n":               "does not fit into 2 columns",
		"cells 2x1\n|世\nw 1x\n":           "no column",
		"cells 1x1\n|世\nw 0\n":            "does not fit",
		"cells 2x1\n|世\nw 0=2\n":          "a count where none belongs",
		"cells 2x1\n|\x1b[\n":             "control character",
		"cells 2x1 more\n|a\n":            "the first line",
		"cells 2x1\n|a\nm 0=5\n":          "does not fit",
		"cells 2x1\n|a\nm 0=0\n":          "no count",
		"cells 2x1\n|a\n~ 3\n":            "does not fit",
		"cells 2x1\n|a\n~ 99999999999999": "does not fit",
		"cells 2x1\n|a\n~ 1#12\n":         "no run",
		"cells 2x1\n|a\n~ 1+shiny\n":      "unknown attribute",
		"cells 2x1\ncursor here\n|a\n":    "line 2: a cursor is",
		"cells 2x1\nnonsense\n|a\n":       "line 2: unknown line",
		"cells 2x1\n|a\ntitle late\n":     "line 3: unknown line",
	} {
		_, err := Read(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestFindCountsColumnsNotBytes(t *testing.T) {
	t.Parallel()
	s := sample()
	if x, y, ok := s.Find("|"); x != 5 || y != 1 || !ok {
		t.Errorf("found at %d,%d %v, want 5,1", x, y, ok)
	}
	if _, _, ok := s.Find("nowhere"); ok {
		t.Error("found what is not there")
	}
}

func FuzzReadNeverBreaksItsPromises(f *testing.F) {
	f.Add(Format(sample()))
	f.Add("cells 2x1\n|a\n~ 1#000000\nw 0\nm 0=1\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := Read(strings.NewReader(Format(s)))
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v\n%s", err, Format(s))
		}
		if d := cmp.Diff(s, again); d != "" {
			t.Fatalf("changed by writing and reading:\n%s", d)
		}
	})
}

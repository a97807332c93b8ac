package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"vastdeck/tui/tuitest/cells"
)

// screenOf makes a screen of the lines, each rune one cell.
func screenOf(style cells.Style, lines ...string) cells.Screen {
	w := 1
	for _, l := range lines {
		w = max(w, len([]rune(l)))
	}
	s := cells.New(w, len(lines))
	for y, l := range lines {
		for x, r := range []rune(l) {
			s.Rows[y][x] = cells.Cell{Text: string(r), Width: 1, Style: style}
		}
	}
	return s
}

// mustParse fails the test unless svg is well-formed.
func mustParse(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, svg)
		}
	}
}

func TestEveryCharacterOfATerminalDrawsAsWellFormedSVG(t *testing.T) {
	t.Parallel()
	var all []string
	for from := rune(0x20); from < 0x3000; from += 0x40 {
		var l strings.Builder
		for r := from; r < from+0x40; r++ {
			if r < 0x7f || r > 0xa0 {
				l.WriteRune(r)
			}
		}
		all = append(all, l.String())
	}
	s := screenOf(cells.Style{Fg: "#a6e3a1", Attrs: cells.Bold | cells.Faint | cells.Underline | cells.Strike}, all...)
	s.Title = `<title> & "more"`
	mustParse(t, drawSVG(s, dark))
}

func TestWordsAreSetWholeAndSignsAlone(t *testing.T) {
	t.Parallel()
	svg := drawSVG(screenOf(cells.Style{}, "RTX 4090->b é"), dark)
	for _, want := range []string{">RTX</text>", ">4090</text>", ">-</text>", ">&gt;</text>", ">b</text>", ">é</text>"} {
		if strings.Count(svg, want) != 1 {
			t.Errorf("%q is not there once", want)
		}
	}
}

func TestWordsStandAtTheirColumn(t *testing.T) {
	t.Parallel()
	g := gridFor(13)
	svg := drawSVG(screenOf(cells.Style{}, "RTX 4090->b é"), dark)
	for column, text := range map[int]string{0: "RTX", 4: "4090", 8: "-", 10: "b", 12: "é"} {
		x, _ := g.at(column, 0)
		if !regexp.MustCompile(fmt.Sprintf(`<text x="%d"[^>]*>%s</text>`, x, text)).MatchString(svg) {
			t.Errorf("%q does not stand at x=%d", text, x)
		}
	}
}

func TestStyleDecidesHowACellIsDrawn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		style      cells.Style
		has, lacks string
	}{
		"colours":   {cells.Style{Fg: "#010203", Bg: "#040506"}, `fill="#010203"`, ""},
		"back":      {cells.Style{Fg: "#010203", Bg: "#040506"}, `fill="#040506"/>`, ""},
		"reverse":   {cells.Style{Bg: "#040506", Attrs: cells.Reverse}, `fill="#040506">x`, ""},
		"bold":      {cells.Style{Attrs: cells.Bold}, `font-weight="bold"`, ""},
		"italic":    {cells.Style{Attrs: cells.Italic}, `font-style="italic"`, ""},
		"faint":     {cells.Style{Attrs: cells.Faint}, `opacity="0.6"`, ""},
		"concealed": {cells.Style{Attrs: cells.Conceal}, `</svg>`, `>x<`},
		"plain":     {cells.Style{}, `>x<`, `opacity=`},
	} {
		svg := drawSVG(screenOf(c.style, "x"), dark)
		if !strings.Contains(svg, c.has) || c.lacks != "" && strings.Contains(svg, c.lacks) {
			t.Errorf("%s: want %q and not %q in\n%s", name, c.has, c.lacks, svg)
		}
	}
}

func TestLightScreensAreDrawnOnLight(t *testing.T) {
	t.Parallel()
	if lookOf("market-light") != light || lookOf("market") != dark {
		t.Error("the name does not decide the terminal's colours")
	}
}

func TestCursorIsDrawnInItsShape(t *testing.T) {
	t.Parallel()
	s := screenOf(cells.Style{}, "abc")
	drawn := map[string]string{}
	for _, shape := range []string{"block", "bar", "underline"} {
		s.Cursor = cells.Cursor{X: 1, Shape: shape}
		drawn[shape] = drawSVG(s, dark)
	}
	s.Cursor.Hidden = true
	drawn["hidden"] = drawSVG(s, dark)
	for a, svg := range drawn {
		for b, other := range drawn {
			if a != b && svg == other {
				t.Errorf("%s and %s look the same", a, b)
			}
		}
	}
	if s.Rows[0][1].Style != (cells.Style{}) {
		t.Error("drawing the cursor changed the screen")
	}
}

// area is a rectangle of a drawing.
type area struct{ x, y, w, h int }

var rectangle = regexp.MustCompile(`<rect x="(-?\d+)" y="(-?\d+)" width="(-?\d+)" height="(-?\d+)"`)

// areas reads the rectangles of a shape.
func areas(t *testing.T, shape string) []area {
	t.Helper()
	var found []area
	for _, m := range rectangle.FindAllStringSubmatch(shape, -1) {
		var a area
		if _, err := fmt.Sscan(strings.Join(m[1:], " "), &a.x, &a.y, &a.w, &a.h); err != nil {
			t.Fatal(err)
		}
		found = append(found, a)
	}
	return found
}

// covers reports whether a pixel is painted.
func covers(all []area, x, y int) bool {
	for _, a := range all {
		if x >= a.x && x < a.x+a.w && y >= a.y && y < a.y+a.h {
			return true
		}
	}
	return false
}

func TestFullBlocksLeaveNoSeam(t *testing.T) {
	t.Parallel()
	for w := 40; w <= 200; w += 13 {
		d := &drawing{grid: gridFor(w), look: dark}
		left, _ := d.shape("█", 0, 0, "#ffffff")
		right, _ := d.shape("█", 1, 0, "#ffffff")
		below, _ := d.shape("█", 0, 1, "#ffffff")
		a, b, c := areas(t, left)[0], areas(t, right)[0], areas(t, below)[0]
		if a.x+a.w != b.x || a.y+a.h != c.y || a.w != d.cw || a.h != d.ch {
			t.Errorf("%d columns: %v, %v and %v do not meet", w, a, b, c)
		}
	}
}

func TestStraightLinesReachTheEdgesOfTheirArms(t *testing.T) {
	t.Parallel()
	for _, cw := range []int{7, 8, 11, 14} {
		g := gridFor(1)
		g.cw, g.ch, g.thin = cw, cw*2+1, max(1, cw/7)
		for r, s := range lines {
			shape, ok := box{g, 0, 0, "#fff"}.line(r)
			if !ok {
				t.Fatalf("%c is not drawn", r)
			}
			all := areas(t, shape)
			painted := func(dx, dy, px, py int) bool {
				for i := range 2*g.thin + 3 {
					o := i - g.thin - 1
					if covers(all, px+o*dx, py+o*dy) {
						return true
					}
				}
				return false
			}
			mx, my := g.cw/2, g.ch/2
			for _, arm := range []struct {
				name   string
				stroke int
				got    bool
			}{
				{"left", s.left, painted(0, 1, 0, my)}, {"right", s.right, painted(0, 1, g.cw-1, my)},
				{"up", s.up, painted(1, 0, mx, 0)}, {"down", s.down, painted(1, 0, mx, g.ch-1)},
			} {
				if arm.got != (arm.stroke > 0) {
					t.Errorf("cell width %d: %c reaches %s: %v", cw, r, arm.name, arm.got)
				}
			}
			for _, a := range all {
				if a.x < 0 || a.y < 0 || a.x+a.w > g.cw || a.y+a.h > g.ch || a.w <= 0 || a.h <= 0 {
					t.Errorf("cell width %d: %c paints %v outside of %dx%d", cw, r, a, g.cw, g.ch)
				}
			}
		}
	}
}

func TestDoubleLinesKeepTheirGap(t *testing.T) {
	t.Parallel()
	for r, want := range map[rune]string{
		'╔': ".....\n.xxxx\n.x...\n.x.xx\n.x.x.",
		'╬': ".x.x.\nxx.xx\n.....\nxx.xx\n.x.x.",
		'║': ".x.x.\n.x.x.\n.x.x.\n.x.x.\n.x.x.",
	} {
		var got []string
		for row := range 5 {
			line := ""
			for column := range 5 {
				if doubleField(lines[r], column, row) {
					line += "x"
				} else {
					line += "."
				}
			}
			got = append(got, line)
		}
		if g := strings.Join(got, "\n"); g != want {
			t.Errorf("%c is\n%s\nwant\n%s", r, g, want)
		}
	}
}

func TestBrailleDrawsADotPerBit(t *testing.T) {
	t.Parallel()
	d := &drawing{grid: gridFor(80), look: dark}
	for text, want := range map[string]int{"⠁": 1, "⣿": 8, "⡇": 4} {
		shape, ok := d.shape(text, 0, 0, "#ffffff")
		if n := strings.Count(shape, "<circle"); !ok || n != want {
			t.Errorf("%s has %d dots, want %d", text, n, want)
		}
	}
}

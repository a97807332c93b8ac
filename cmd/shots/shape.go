package main

import (
	"fmt"
	"strings"
)

// shape draws a cell's character as a shape; it reports false for characters that fonts draw.
func (d *drawing) shape(text string, x, y int, fg string) (string, bool) {
	r := []rune(text)
	if len(r) != 1 {
		return "", false
	}
	px, py := d.at(x, y)
	b := box{d.grid, px, py, fg}
	switch c := r[0]; {
	case c >= 0x2500 && c <= 0x257f:
		return b.line(c)
	case c >= 0x2580 && c <= 0x259f:
		return b.block(c), true
	case c > 0x2800 && c <= 0x28ff:
		return b.braille(c), true
	}
	return "", false
}

// box draws into one cell.
type box struct {
	grid
	x, y int
	fg   string
}

// strokes are the weights of a box line's arms: 0 none, 1 light, 2 heavy, 3 double.
type strokes struct{ left, right, up, down int }

var lines = map[rune]strokes{
	'─': {1, 1, 0, 0}, '│': {0, 0, 1, 1}, '┌': {0, 1, 0, 1}, '┐': {1, 0, 0, 1}, '└': {0, 1, 1, 0}, '┘': {1, 0, 1, 0},
	'├': {0, 1, 1, 1}, '┤': {1, 0, 1, 1}, '┬': {1, 1, 0, 1}, '┴': {1, 1, 1, 0}, '┼': {1, 1, 1, 1},
	'━': {2, 2, 0, 0}, '┃': {0, 0, 2, 2}, '┏': {0, 2, 0, 2}, '┓': {2, 0, 0, 2}, '┗': {0, 2, 2, 0}, '┛': {2, 0, 2, 0},
	'┣': {0, 2, 2, 2}, '┫': {2, 0, 2, 2}, '┳': {2, 2, 0, 2}, '┻': {2, 2, 2, 0}, '╋': {2, 2, 2, 2},
	'┝': {0, 2, 1, 1}, '┥': {2, 0, 1, 1}, '┠': {0, 1, 2, 2}, '┨': {1, 0, 2, 2}, '┯': {2, 2, 0, 1}, '┷': {2, 2, 1, 0},
	'┰': {1, 1, 0, 2}, '┸': {1, 1, 2, 0}, '┿': {2, 2, 1, 1}, '╂': {1, 1, 2, 2},
	'═': {3, 3, 0, 0}, '║': {0, 0, 3, 3}, '╔': {0, 3, 0, 3}, '╗': {3, 0, 0, 3}, '╚': {0, 3, 3, 0}, '╝': {3, 0, 3, 0},
	'╠': {0, 3, 3, 3}, '╣': {3, 0, 3, 3}, '╦': {3, 3, 0, 3}, '╩': {3, 3, 3, 0}, '╬': {3, 3, 3, 3},
	'╴': {1, 0, 0, 0}, '╵': {0, 0, 1, 0}, '╶': {0, 1, 0, 0}, '╷': {0, 0, 0, 1},
	'╸': {2, 0, 0, 0}, '╹': {0, 0, 2, 0}, '╺': {0, 2, 0, 0}, '╻': {0, 0, 0, 2},
	'╼': {1, 2, 0, 0}, '╽': {0, 0, 1, 2}, '╾': {2, 1, 0, 0}, '╿': {0, 0, 2, 1},
}

// dashes are the broken lines: how many pieces, and their strokes.
var dashes = map[rune]struct {
	pieces int
	line   rune
}{
	'┄': {3, '─'}, '┅': {3, '━'}, '┆': {3, '│'}, '┇': {3, '┃'}, '┈': {4, '─'}, '┉': {4, '━'}, '┊': {4, '│'}, '┋': {4, '┃'},
	'╌': {2, '─'}, '╍': {2, '━'}, '╎': {2, '│'}, '╏': {2, '┃'},
}

// corners are the rounded corners: the directions of their two arms.
var corners = map[rune]struct{ right, down bool }{
	'╭': {true, true}, '╮': {false, true}, '╰': {true, false}, '╯': {false, false},
}

// line draws a box-drawing character.
func (b box) line(c rune) (string, bool) {
	if k, ok := corners[c]; ok {
		return b.corner(k.right, k.down), true
	}
	if k, ok := dashes[c]; ok {
		return b.dashed(lines[k.line], k.pieces), true
	}
	s, ok := lines[c]
	if !ok {
		return "", false
	}
	if s.left == 3 || s.right == 3 || s.up == 3 || s.down == 3 {
		return b.double(s), true
	}
	return b.arms(s), true
}

// weight is the thickness of an arm in pixels.
func (b box) weight(stroke int) int {
	if stroke == 2 {
		return 2*b.thin + 1
	}
	return b.thin
}

// arms draws straight arms from the edges to just beyond the middle, where they overlap.
func (b box) arms(s strokes) string {
	var out strings.Builder
	mx, my := b.x+(b.cw-b.thin)/2, b.y+(b.ch-b.thin)/2
	across := func(stroke, from, to int) {
		if stroke > 0 {
			w := b.weight(stroke)
			out.WriteString(rect(from, my-(w-b.thin)/2, to-from, w, b.fg))
		}
	}
	along := func(stroke, from, to int) {
		if stroke > 0 {
			w := b.weight(stroke)
			out.WriteString(rect(mx-(w-b.thin)/2, from, w, to-from, b.fg))
		}
	}
	reach := func(a, c int) int { return (b.weight(max(a, c, 1)) - b.thin + 1) / 2 }
	side, level := reach(s.up, s.down), reach(s.left, s.right)
	across(s.left, b.x, mx+b.thin+side)
	across(s.right, mx-side, b.x+b.cw)
	along(s.up, b.y, my+b.thin+level)
	along(s.down, my-level, b.y+b.ch)
	return out.String()
}

// dashed draws a line in pieces.
func (b box) dashed(s strokes, pieces int) string {
	var out strings.Builder
	w := b.weight(max(s.left, s.up))
	for i := range pieces {
		if s.left > 0 {
			from, to := b.cw*i/pieces, b.cw*(i+1)/pieces
			out.WriteString(rect(b.x+from, b.y+(b.ch-w)/2, max(1, (to-from)*2/3), w, b.fg))
		} else {
			from, to := b.ch*i/pieces, b.ch*(i+1)/pieces
			out.WriteString(rect(b.x+(b.cw-w)/2, b.y+from, w, max(1, (to-from)*2/3), b.fg))
		}
	}
	return out.String()
}

// double draws the characters of which all arms are double lines. The two lines and the gap between them divide the
// cell into 5 by 5 fields; an arm is three fields wide with an empty middle, and where arms meet their middles join.
func (b box) double(s strokes) string {
	t, gap := b.thin, b.thin+1
	edges := func(from, size int) [6]int {
		first := from + (size-gap)/2 - t
		return [6]int{from, first, first + t, first + t + gap, first + 2*t + gap, from + size}
	}
	xs, ys := edges(b.x, b.cw), edges(b.y, b.ch)
	var out strings.Builder
	for row := range 5 {
		for column := range 5 {
			if doubleField(s, column, row) {
				out.WriteString(rect(xs[column], ys[row], xs[column+1]-xs[column], ys[row+1]-ys[row], b.fg))
			}
		}
	}
	return out.String()
}

// doubleField reports whether a field belongs to an arm and not to the middle of one.
func doubleField(s strokes, column, row int) bool {
	var arm, middle bool
	for _, a := range []struct {
		stroke, out, across int // how far out the field lies in the arm's direction, and its place across
	}{
		{s.left, 4 - column, row}, {s.right, column, row}, {s.up, 4 - row, column}, {s.down, row, column},
	} {
		if a.stroke == 0 {
			continue
		}
		arm = arm || a.out >= 1 && a.across >= 1 && a.across <= 3
		middle = middle || a.out >= 2 && a.across == 2
	}
	return arm && !middle
}

// corner draws a rounded corner with the thickness and the middle of the straight lines beside it.
func (b box) corner(toRight, toDown bool) string {
	half := float64(b.thin) / 2
	cx, cy := float64(b.x+(b.cw-b.thin)/2)+half, float64(b.y+(b.ch-b.thin)/2)+half
	radius := float64(b.cw) / 2
	endX, endY, sx, sy := float64(b.x), float64(b.y), -1.0, -1.0
	if toRight {
		endX, sx = float64(b.x+b.cw), 1
	}
	if toDown {
		endY, sy = float64(b.y+b.ch), 1
	}
	return fmt.Sprintf(`<path d="M%.1f %.1fL%.1f %.1fQ%.1f %.1f %.1f %.1fL%.1f %.1f" stroke="%s" stroke-width="%d" fill="none"/>`,
		cx, endY, cx, cy+sy*radius, cx, cy, cx+sx*radius, cy, endX, cy, b.fg, b.thin)
}

// quadrants lists which quarters of the cell U+2596 … U+259F fill: upper left, upper right, lower left, lower right.
var quadrants = [10]string{"..x.", "...x", "x...", "x.xx", "x..x", "xxx.", "xx.x", ".x..", ".xx.", ".xxx"}

// block draws a block element.
func (b box) block(c rune) string {
	eighth := func(side, n int) int { return (side*n + 4) / 8 }
	switch {
	case c == '▀':
		return rect(b.x, b.y, b.cw, b.ch-eighth(b.ch, 4), b.fg)
	case c <= '█':
		h := eighth(b.ch, int(c-0x2580))
		return rect(b.x, b.y+b.ch-h, b.cw, h, b.fg)
	case c <= '▏':
		return rect(b.x, b.y, eighth(b.cw, int(0x2590-c)), b.ch, b.fg)
	case c == '▐':
		half := eighth(b.cw, 4)
		return rect(b.x+half, b.y, b.cw-half, b.ch, b.fg)
	case c <= '▓':
		shade := fmt.Sprintf("%.2f", 0.25*float64(c-0x2590))
		return strings.Replace(rect(b.x, b.y, b.cw, b.ch, b.fg), "/>", ` fill-opacity="`+shade+`"/>`, 1)
	case c == '▔':
		return rect(b.x, b.y, b.cw, eighth(b.ch, 1), b.fg)
	case c == '▕':
		w := max(1, eighth(b.cw, 1))
		return rect(b.x+b.cw-w, b.y, w, b.ch, b.fg)
	}
	return b.quarters(quadrants[c-0x2596])
}

func (b box) quarters(filled string) string {
	var out strings.Builder
	mx, my := eighthHalf(b.cw), b.ch-eighthHalf(b.ch)
	for i, q := range [4][4]int{{0, 0, mx, my}, {mx, 0, b.cw - mx, my}, {0, my, mx, b.ch - my}, {mx, my, b.cw - mx, b.ch - my}} {
		if filled[i] == 'x' {
			out.WriteString(rect(b.x+q[0], b.y+q[1], q[2], q[3], b.fg))
		}
	}
	return out.String()
}

// eighthHalf is half a side, rounded as the blocks of eighths are.
func eighthHalf(side int) int { return (side*4 + 4) / 8 }

// dots are the places of a braille pattern's bits: column and row.
var dots = [8][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}

// braille draws a braille pattern.
func (b box) braille(c rune) string {
	var out strings.Builder
	for i, dot := range dots {
		if (c-0x2800)&(1<<i) != 0 {
			fmt.Fprintf(&out, `<circle cx="%.2f" cy="%.2f" r="%.2f" fill="%s"/>`,
				float64(b.x)+float64(b.cw)*(0.25+0.5*float64(dot[0])),
				float64(b.y)+float64(b.ch)*(0.125+0.25*float64(dot[1])), float64(b.cw)*0.16, b.fg)
		}
	}
	return out.String()
}

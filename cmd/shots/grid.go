package main

import "math"

// grid is the geometry of a drawing in whole pixels, so that neighbouring shapes meet without a seam.
type grid struct {
	cw, ch int // a cell
	pad    int // around the screen
	top    int // height of the window's title bar
	thin   int // a light line
	font   float64
}

// wanted is about how wide a picture should be.
const wanted = 1400

// advance is the width of a character of JetBrains Mono in units of the font size.
const advance = 0.6

// gridFor fits a screen of w columns into the wanted width.
func gridFor(w int) grid {
	cw := min(14, max(7, int(math.Round(wanted/float64(w)-0.4))))
	return grid{
		cw:   cw,
		ch:   int(math.Round(float64(cw) * 2.1)),
		pad:  cw + 5,
		top:  3*cw + 7,
		thin: max(1, cw/7),
		font: float64(cw) / advance,
	}
}

// size gives the picture's size for a screen of w by h cells.
func (g grid) size(w, h int) (width, height int) {
	return w*g.cw + 2*g.pad, g.top + h*g.ch + 2*g.pad
}

// at gives the upper left corner of a cell.
func (g grid) at(x, y int) (px, py int) {
	return g.pad + x*g.cw, g.top + g.pad + y*g.ch
}

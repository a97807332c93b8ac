// Package cells knows what a terminal's screen looks like at one moment, cell by cell, and how that is kept in a
// .cells file. It must not know how the screen came to be, nor how it will be drawn.
//
// A .cells file is text made to be read in a diff:
//
//	cells 80x24
//	title vastdeck
//	cursor 12 3 bar
//	| GPU        $/h
//	~ 11#a6adc8+bold 69
//	|RTX 4090   0.35
//
// The first line gives width and height. "title" and "cursor" (column, row, shape) may be missing. Then comes one
// line per row, beginning with "|", without its trailing blanks, followed by the lines that describe it where there
// is something to say:
//
//	~ runs of equal style, left to right: a count of cells, then [#foreground][/#background][+attribute]…
//	w columns whose cell is two columns wide
//	m column=count: cells made of more than one code point
//
// Rows at the end that are blank and without style are written all the same, so that the number of "|" lines is the
// height. Counts at the end of a "~" line that carry no style are left out.
package cells

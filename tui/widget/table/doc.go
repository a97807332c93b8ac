// Package table knows how to show many rows in few lines: columns, order, filter, cursor and marks, all by the key of a row.
// It must not know what a row is, where rows come from or what a key press may do to them.
//
// The cursor stands for a key, never for a position. When its row disappears the table says so
// (CursorVanished) and has nothing under the cursor until the user moves: the next key press may
// destroy something, and must not meet another row than the one the user was looking at.
//
// Many rows are arranged by a Job, a value that can be run on another goroutine and whose result is
// installed without a look at every row. Until then nothing is under the cursor either.
//
// Only the lines on the screen are drawn, and a line is drawn again only when its row, its state
// or the width has changed.
package table

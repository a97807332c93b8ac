// Package ascii knows which character of ASCII stands for each glyph that the program draws.
// It must not know where on the screen a glyph stands or what it means there.
package ascii

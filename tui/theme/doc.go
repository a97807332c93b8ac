// Package theme knows colours: which one every part of the screen has, on a dark and on a light terminal.
// It must not know what is drawn with them, what time it is or what the terminal can show:
// colours are given in full, or as the sixteen of the terminal, and down-sampled by the program.
//
// It is the only package that makes lipgloss styles. Styles for hot paths are Inks, pairs of
// escape sequences made once, so that painting a cell is two concatenations.
package theme

// Package statusbar knows how pieces of text share one line: the header's figures and the footer's key hints.
// It must not know what the pieces say or which keys exist.
package statusbar

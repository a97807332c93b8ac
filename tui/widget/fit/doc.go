// Package fit knows how many terminal cells a text takes and makes it take exactly as many as wanted.
// It must not know what the text says, which colours exist or how large the terminal is.
package fit

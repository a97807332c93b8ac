// Package command knows how to wait: every command of the program is made here,
// with its time limit, cancelling, staleness, polling and back-off. It must not
// know what the screen looks like.
package command

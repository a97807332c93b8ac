//go:build !unix

package tuitest

// prepareSignals does nothing: without SIGWINCH a program has no signal to listen for inside a bubble.
func prepareSignals() {}

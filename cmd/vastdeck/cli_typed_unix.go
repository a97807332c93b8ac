//go:build linux || darwin

package main

import "os"

// dropTyped throws away what was typed on a terminal before a question was asked there:
// it was no answer to it. A process in the background leaves the terminal alone.
func dropTyped(f *os.File) {
	if ownsTerminal(f.Fd()) {
		dropInput(f.Fd())
	}
}

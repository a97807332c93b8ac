//go:build !linux && !darwin

package main

import (
	"os"

	"github.com/charmbracelet/x/term"
)

// dropTyped does nothing here: what was typed ahead cannot be thrown away.
func dropTyped(*os.File) {}

// hideTyped does nothing here: reading a secret hides it.
func hideTyped(*os.File, *term.State) {}

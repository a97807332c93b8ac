//go:build !linux && !darwin

package main

import "os"

// dropTyped does nothing here: what was typed ahead cannot be thrown away.
func dropTyped(*os.File) {}

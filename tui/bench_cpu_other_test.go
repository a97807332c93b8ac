//go:build !unix

package tui_test

import "time"

// processTime is not known on this system.
func processTime() time.Duration { return 0 }

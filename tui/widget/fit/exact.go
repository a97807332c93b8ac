package fit

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Exact returns an error that names the first line at fault unless block is exactly h lines of w
// cells. It is for tests of whatever draws.
func Exact(block string, w, h int) error {
	lines := strings.Split(block, "\n")
	if len(lines) != h {
		return fmt.Errorf("%d lines instead of %d", len(lines), h)
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n != w {
			return fmt.Errorf("line %d takes %d cells instead of %d: %q", i, n, w, line)
		}
	}
	return nil
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryGuardIsWhereItIsLookedFor keeps the table true without running it:
// the whole run takes minutes.
func TestEveryGuardIsWhereItIsLookedFor(t *testing.T) {
	t.Parallel()
	for _, g := range guards {
		code, err := os.ReadFile(filepath.Join("..", "..", g.file))
		if err != nil {
			t.Error(err)
			continue
		}
		if n := strings.Count(string(code), g.code); n != 1 {
			t.Errorf("%s: its code stands %d times in %s", g.name, n, g.file)
		}
	}
}

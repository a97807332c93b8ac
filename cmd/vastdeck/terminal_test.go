package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
)

func TestFilesAreNoTerminal(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	err = checkTerminal(file, file, func(string) string { return "xterm-256color" })
	if err == nil || !strings.Contains(err.Error(), "vastdeck whoami") || strings.Contains(err.Error(), "\n") {
		t.Errorf("want one sentence that names a verb, got %v", err)
	}
}

func TestNoColorCountsWhateverItsValue(t *testing.T) {
	t.Parallel()
	for value, forced := range map[string]bool{"1": true, "0": true, "yes": true, "false": true, "": false} {
		profile, ok := forcedProfile(func(name string) string {
			return map[string]string{"NO_COLOR": value}[name]
		})
		if ok != forced || (ok && profile != colorprofile.ASCII) {
			t.Errorf("NO_COLOR=%q: %v, %v", value, profile, ok)
		}
	}
}

package tuitest

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// update can be set for all packages at once by the environment: go test refuses a flag that one of them lacks.
var update = flag.Bool("update", os.Getenv("UPDATE_GOLDEN") != "",
	"rewrite golden files and scenes instead of comparing with them; UPDATE_GOLDEN=1 does the same")

// Golden compares got with testdata/NAME.golden of the package under test; with -update it writes that file.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	compare(t, filepath.Join("testdata", name+".golden"), strings.TrimRight(got, "\n")+"\n", *update)
}

// Golden compares the screen's text with testdata/NAME.golden; with -update it writes that file.
func (s *Screen) Golden(name string) {
	s.t.Helper()
	Golden(s.t, name, s.Text())
}

// compare fails t with a line diff when the file does not hold got, or writes it.
func compare(t testing.TB, path, got string, rewrite bool) {
	t.Helper()
	if rewrite {
		if err := rewriteFile(path, got); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Fatalf("%s does not exist: run the test with -update and look at what it writes", path)
	case err != nil:
		t.Fatal(err)
	case string(want) != got:
		t.Fatalf("%s differs (- file, + now); if that is right, run the test with -update\n%s",
			path, lineDiff(string(want), got))
	}
}

func rewriteFile(path, text string) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == text {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("making room for %s: %w", path, err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// lineDiff shows the lines in which two texts differ, by way of their longest common subsequence of lines.
func lineDiff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var d strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			fmt.Fprintf(&d, "%4d - %s\n", i+1, a[i])
			i++
		default:
			fmt.Fprintf(&d, "%4d + %s\n", j+1, b[j])
			j++
		}
	}
	return d.String()
}

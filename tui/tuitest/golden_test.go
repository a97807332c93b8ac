package tuitest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"vastdeck/tui/tuitest/cells"
)

func TestScreenEqualsItsGolden(t *testing.T) {
	t.Parallel()
	inBubble(t, &toy{}, func(t *testing.T, s *Screen) {
		s.Press("a", "down")
		s.Golden("toy")
	})
}

func TestGoldenReportsLinesThatDiffer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "x.golden")
	missing := failuresOf(t, func(t testing.TB) { compare(t, path, "a\nb\nc\n", false) })
	if !strings.Contains(missing, "does not exist") || !strings.Contains(missing, "-update") {
		t.Errorf("without a file: %q", missing)
	}
	compare(t, path, "a\nb\nc\n", true)
	compare(t, path, "a\nb\nc\n", false)
	differs := failuresOf(t, func(t testing.TB) { compare(t, path, "a\nc\nd\n", false) })
	for _, want := range []string{"   2 - b\n", "   3 + d\n", "-update"} {
		if !strings.Contains(differs, want) {
			t.Errorf("the failure lacks %q:\n%s", want, differs)
		}
	}
	if strings.Contains(differs, "- a") || strings.Contains(differs, "+ c") {
		t.Errorf("equal lines are reported:\n%s", differs)
	}
	compare(t, path, "a\nc\nd\n", true)
	compare(t, path, "a\nc\nd\n", false)
}

func TestSceneBelongsToTheRepository(t *testing.T) {
	t.Parallel()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil || !strings.HasPrefix(string(mod), "module vastdeck\n") {
		t.Errorf("%s is not the repository: %v", root, err)
	}
	synctest.Test(t, func(t *testing.T) {
		got := failuresOf(t, func(t testing.TB) {
			s := Start(t, &toy{}, 60, 12)
			compare(t, filepath.Join(root, "screenshots", "no-such-scene.cells"), cells.Format(s.Cells()), false)
		})
		if !strings.Contains(got, "no-such-scene.cells does not exist") {
			t.Errorf("a missing scene reports %q", got)
		}
	})
}

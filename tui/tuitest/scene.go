package tuitest

import (
	"errors"
	"os"
	"path/filepath"

	"vastdeck/tui/tuitest/cells"
)

// Scene compares the screen with screenshots/NAME.cells of the repository, from which the pictures are drawn; with
// -update it writes that file. So the comparison is the test that the pictures are current.
func (s *Screen) Scene(name string) {
	s.t.Helper()
	root, err := moduleRoot()
	if err != nil {
		s.t.Fatal(err)
	}
	compare(s.t, filepath.Join(root, "screenshots", name+".cells"), cells.Format(s.Cells()), *update)
}

// moduleRoot is the folder of go.mod, found upwards of the package under test.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("finding the repository: no go.mod above the test's folder")
		}
		dir = up
	}
}

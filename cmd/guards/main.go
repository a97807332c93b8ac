// Command guards takes away one guard of the program at a time, in a copy of
// the tree, and shows which test notices. A guard that no test misses is no
// guard: the command then ends with 1.
package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

func main() { os.Exit(run()) }

func run() int {
	root, err := moduleRoot()
	if err != nil {
		fmt.Fprintln(os.Stderr, "guards:", err)
		return 1
	}
	missed := 0
	for _, g := range guards {
		test, err := g.try(root)
		switch {
		case err != nil:
			fmt.Printf("%-22s → %v\n", g.name, err)
			missed++
		case test == "":
			fmt.Printf("%-22s → no test fails\n", g.name)
			missed++
		default:
			fmt.Printf("%-22s → %s\n", g.name, test)
		}
	}
	fmt.Printf("%d of %d guards are missed when they are gone\n", len(guards)-missed, len(guards))
	if missed > 0 {
		return 1
	}
	return 0
}

func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

// try runs the tests of the guard's packages in a copy without the guard, and
// returns the first that fails.
func (g guard) try(root string) (string, error) {
	copied, err := os.MkdirTemp("", "guards-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(copied)
	if err := copyTree(root, copied); err != nil {
		return "", fmt.Errorf("copy the tree: %w", err)
	}
	if err := g.takeAway(copied); err != nil {
		return "", err
	}
	cmd := exec.Command("go", append([]string{"test", "-count=1", "-timeout=5m"}, g.tests...)...)
	cmd.Dir = copied
	out, err := cmd.CombinedOutput()
	if err == nil {
		return "", nil
	}
	if failed := failing.FindSubmatch(out); failed != nil && !bytes.Contains(out, []byte("[build failed]")) {
		return string(failed[1]) + string(failed[2]), nil
	}
	return "", fmt.Errorf("the copy does not build:\n%s", bytes.TrimSpace(out))
}

// failing finds the name of a test that failed, or of one that panicked.
var failing = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)|\.(Test[A-Z]\w*)`)

// takeAway replaces the guard's code, which must stand in its file exactly once.
func (g guard) takeAway(root string) error {
	path := filepath.Join(root, g.file)
	code, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if n := strings.Count(string(code), g.code); n != 1 {
		return fmt.Errorf("its code stands %d times in %s: bring cmd/guards up to date", n, g.file)
	}
	return os.WriteFile(path, []byte(strings.Replace(string(code), g.code, g.without, 1)), 0o644)
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && (name == ".git" || name == "bin" || name == "dist"):
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		case !d.Type().IsRegular():
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), content, 0o644)
	})
}

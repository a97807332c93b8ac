package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"
)

// childMark, as the first argument and followed by a role, makes the test binary play another
// process: see child. It is no variable because some children get no environment of ours.
const childMark = "store-test-child"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == childMark {
		os.Exit(child(os.Args[2], os.Args[3:]))
	}
	goleak.VerifyTestMain(m)
}

// child plays one role with the given arguments and returns the exit code.
func child(role string, args []string) int {
	roles := map[string]func(args []string) error{
		"journal": childJournal,
		"modes":   childModes,
		"bus":     childBus,
		"env":     childEnv,
		"fail":    childFail,
		"hang":    childHang,
		"print":   childPrint,
	}
	if err := roles[role](args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// childHang never ends by itself: it waits for a stdin that its parent never writes to.
func childHang([]string) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer w.Close()
	_, err = bufio.NewReader(r).ReadByte()
	return err
}

// childCommand returns a command that runs the test binary in a role.
func childCommand(t *testing.T, role string, args ...string) *exec.Cmd {
	t.Helper()
	return exec.CommandContext(t.Context(), must(os.Executable())(t), append([]string{childMark, role}, args...)...)
}

// must fails the test on an error and returns the value.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

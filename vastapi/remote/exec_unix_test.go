//go:build unix

package remote_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/remote"
)

// runLocally lets the shell of this machine run a script.
func runLocally(t *testing.T, script string) string {
	t.Helper()
	out, err := exec.Command("sh", "-c", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return string(out)
}

// unleashed is the command that a leashed line runs.
func unleashed(t *testing.T, line string) string {
	t.Helper()
	// sh -c SCRIPT vastdeck LINE: what stands in the place of sh prints its last argument.
	return runLocally(t, "show() { shift 3; printf '%s' \"$1\"; }; show "+strings.TrimPrefix(line, "exec sh "))
}

// runHeld runs a line as sshd would, with an input that stays open, and returns what it
// printed, or how it ended when it printed nothing.
func runHeld(t *testing.T, line string) string {
	t.Helper()
	in, hold, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = in.Close(), hold.Close() }()
	cmd := exec.Command("sh", "-c", line)
	cmd.Stdin = in
	out, err := cmd.Output()
	if err != nil {
		return string(out) + err.Error()
	}
	return string(out)
}

func TestTheEndOfItsInputEndsALeashedCommand(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if _, err := h.Exec(t.Context(), 42, direct, "echo begun; sleep 1000 & sleep 1000", remote.ExecOptions{}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", h.lineOf(t))
	hold, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 6)
	if _, err := out.Read(said); err != nil || string(said) != "begun\n" {
		t.Fatalf("%q, %v", said, err)
	}
	late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	start := time.Now()
	_ = hold.Close()
	// The output ends when the last process that could write to it has ended.
	if n, err := out.Read(said); n != 0 || err == nil {
		t.Errorf("it said %q", said[:n])
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it ended after %v", took)
	}
	_ = cmd.Wait()
}

func TestAFollowedFileIsNoOptionAndNoCommand(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for _, file := range []string{"-f", "it's; touch x", "$(x)", "~/a b"} {
		if _, err := h.Follow(t.Context(), 42, direct, file, remote.ExecOptions{}); err != nil {
			t.Fatal(err)
		}
		line := h.lineOf(t)
		if out := runLocally(t, "tail() { shift 4; printf '<%s>' \"$@\"; }; "+unleashed(t, line)); out != "<"+strings.TrimPrefix(map[bool]string{true: "./" + file, false: file}[file == "-f"], "~/")+">" {
			t.Errorf("%q is followed as %s", file, out)
		}
	}
}

func TestALeashedCommandKeepsItsExitCodeAndItsText(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for line, want := range map[string]string{
		"echo it\\'s \"$((1+1))\"": "it's 2\n", "printf '%s' 'a  b'": "a  b", "exit 7": "exit status 7", "cat": "",
		"false": "exit status 1", "kill -TERM $$": "exit status 143",
	} {
		if _, err := h.Exec(t.Context(), 42, direct, line, remote.ExecOptions{}); err != nil {
			t.Fatal(err)
		}
		if got := runHeld(t, h.lineOf(t)); got != want {
			t.Errorf("%s gave %q, want %q", line, got, want)
		}
	}
}

//go:build system && linux

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestProgram tests the built program in a real terminal.
func TestProgram(t *testing.T) {
	path := buildProgram(t)
	tests := []struct {
		name string
		run  func(*testing.T, string)
	}{
		{"restores the terminal after signals", testProgramSignals},
		{"refuses what is no terminal", testProgramRefusals},
		{"survives a storm of sizes", testProgramSizes},
		{"leaves with q", testProgramLeavesWithQ},
		{"leaves with ctrl+c twice", testProgramLeavesWithCtrlC},
		{"draws without colours for NO_COLOR", testProgramNoColor},
		{"draws without a supervisor", testProgramAlone},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, path)
		})
	}
}

// startDemo starts the demo on a terminal and waits for its screen.
func startDemo(t *testing.T, path string, arguments []string, environment ...string) *ptySession {
	t.Helper()
	home := t.TempDir()
	cmd := exec.Command(path, append([]string{"--demo", "--demo-seed", "1"}, arguments...)...)
	cmd.Dir = home
	cmd.Env = programEnvironment(home, environment...)
	s := startSession(t, 140, 40, cmd)
	s.waitMarket(0)
	return s
}

// waitMarket waits until the market is drawn on the alternate screen.
func (s *ptySession) waitMarket(from int) {
	s.t.Helper()
	s.waitFor("market", from, func(out string) bool {
		return strings.Contains(out, "Market") && privateModes(s.output())[1049]
	})
}

func testProgramSignals(t *testing.T, path string) {
	ends := []badEnd{
		{name: "KILL", signal: unix.SIGKILL, exit: 137, told: "(signal: killed)"},
		{name: "TERM", signal: unix.SIGTERM, exit: 143},
		{name: "HUP", signal: unix.SIGHUP, exit: 129},
		{name: "QUIT", signal: unix.SIGQUIT, exit: 131},
		{name: "ABRT", signal: unix.SIGABRT, exit: 2, told: "(exit status 2: SIGABRT"},
		{name: "KILL to the supervisor", signal: unix.SIGKILL, parent: true, exit: 137},
		{name: "TERM to the supervisor", signal: unix.SIGTERM, parent: true, exit: 143},
		{name: "HUP to the supervisor", signal: unix.SIGHUP, parent: true, exit: 129},
		{name: "QUIT to the supervisor", signal: unix.SIGQUIT, parent: true, exit: 131},
	}
	for _, end := range ends {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			s := startDemo(t, path, nil)
			drawing := s.drawing()
			s.send(end, drawing)
			if got := s.waitExit(); got != end.exit {
				t.Errorf("exit code %d, want %d; written last: %q", got, end.exit, tail(s.output(), 500))
			}
			s.waitGone(drawing)
			s.checkRestored()
			if after := s.output(); !strings.Contains(after, end.told) || strings.Contains(after, "ended unexpectedly") != (end.told != "") {
				t.Errorf("want the sentence %q; written last: %q", end.told, tail(after, 500))
			}
		})
	}
}

// testProgramRefusals runs the program on what is no full terminal: it must say what
// to use instead, write nothing to stdout and exit with 2.
func testProgramRefusals(t *testing.T, path string) {
	tests := []struct {
		name        string
		tty         [2]bool // stdin, stdout
		environment string
		told        string
	}{
		{"TERM=dumb", [2]bool{true, true}, "TERM=dumb", "TERM=dumb"},
		{"no TERM", [2]bool{true, true}, "TERM=", "TERM is not set"},
		{"no terminal", [2]bool{false, false}, "TERM=xterm", "input is not a terminal"},
		{"stdout redirected", [2]bool{true, false}, "TERM=xterm", "output is not a terminal"},
		{"stdin redirected", [2]bool{false, true}, "TERM=xterm", "input is not a terminal"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			cmd := exec.Command(path, "--demo")
			cmd.Env = programEnvironment(home, test.environment)
			out, complaints, code := runRedirected(t, cmd, test.tty)
			if code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if !strings.Contains(complaints, test.told) || !strings.Contains(complaints, "vastdeck whoami") {
				t.Errorf("stderr says %q; want %q and a verb to use instead", complaints, test.told)
			}
			if out != "" {
				t.Errorf("stdout got %q", out)
			}
		})
	}
}

// runRedirected runs cmd with a terminal only where tty says so, and returns what it
// wrote to a redirected stdout and to stderr.
func runRedirected(t *testing.T, cmd *exec.Cmd, tty [2]bool) (out, complaints string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	s := openTerminal(t, 140, 40)
	if tty[0] {
		cmd.Stdin = s.tty
	}
	if tty[1] {
		cmd.Stdout = s.tty
	}
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatalf("run %s: %v", cmd.Path, err)
	}
	s.drain()
	return stdout.String() + s.output(), stderr.String(), cmd.ProcessState.ExitCode()
}

func testProgramSizes(t *testing.T, path string) {
	s := startDemo(t, path, nil)
	drawing := s.drawing()
	sizes := [][2]uint16{{1, 1}, {3, 10}, {10, 3}, {500, 200}, {60, 16}, {59, 15}, {80, 24}, {200, 60}, {2, 200}, {300, 1}}
	for i := range 200 {
		before, _ := s.length()
		size := sizes[i%len(sizes)]
		s.resize(size[0], size[1])
		if i%7 == 0 { // it answers to some, and gets the others while it is busy
			s.waitFor("answer to another size", before, func(out string) bool { return out != "" })
		}
	}
	from, _ := s.length()
	s.resize(142, 41) // another one than at the start: that one may be all that it has heard of
	s.waitMarket(from)
	if state := processState(drawing); state == 0 || state == 'Z' {
		t.Fatalf("the process that draws has ended: %q", tail(s.output(), 500))
	}
	s.leaveWithQ()
}

func testProgramLeavesWithQ(t *testing.T, path string) { startDemo(t, path, nil).leaveWithQ() }

// leaveQuestion is what the program asks before it leaves; without its first letter,
// which another q on the screen may stand in for.
const leaveQuestion = " again leaves"

// leaveWithQ presses q, and again when the program asks because something is billed.
func (s *ptySession) leaveWithQ() {
	s.t.Helper()
	before, _ := s.length()
	s.press("q")
	if !s.endsUnless(leaveQuestion, before) {
		s.press("q")
	}
	if got := s.waitExit(); got != 0 {
		s.t.Errorf("exit code %d, want 0; written last: %q", got, tail(s.output(), 500))
	}
	s.checkRestored()
	if strings.Contains(s.output(), "ended unexpectedly") {
		s.t.Errorf("an ordinary end was reported as a crash: %q", tail(s.output(), 500))
	}
}

func testProgramLeavesWithCtrlC(t *testing.T, path string) {
	s := startDemo(t, path, nil)
	before, _ := s.length()
	s.press("\x03")
	if s.endsUnless(leaveQuestion, before) {
		t.Fatal("one ctrl+c ended the program")
	}
	s.press("\x03")
	if got := s.waitExit(); got != 0 && got != 130 {
		t.Errorf("exit code %d, want 0 or 130", got)
	}
	s.checkRestored()
}

// testProgramNoColor gives NO_COLOR a value that is no boolean.
func testProgramNoColor(t *testing.T, path string) {
	s := startDemo(t, path, nil, "NO_COLOR=please")
	s.waitScreen("offers", shows("[1 Market", "RTX "))
	s.leaveWithQ()
	if m := colourSequence.FindString(s.output()); m != "" {
		t.Errorf("a colour was set: %q", m)
	}
}

func testProgramAlone(t *testing.T, path string) {
	s := startDemo(t, path, []string{"--no-supervisor"})
	if children := childrenOf(s.cmd.Process.Pid); len(children) != 0 {
		t.Errorf("children %v, want none", children)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := s.waitExit(); got != 143 {
		t.Errorf("exit code %d, want 143", got)
	}
	s.checkRestored()
}

// filesWith lists the files under folder that hold one of the texts.
func filesWith(t *testing.T, folder string, texts []string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		content, err := io.ReadAll(file)
		for _, text := range texts {
			if bytes.Contains(content, []byte(text)) {
				found = append(found, path)
				break
			}
		}
		return err
	})
	if err != nil {
		t.Fatalf("search %s: %v", folder, err)
	}
	return found
}

//go:build system && linux

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tmux is a terminal of its own kind with a shell in it.
type tmux struct {
	t      *testing.T
	home   string
	socket string
}

func startTmux(t *testing.T) *tmux {
	t.Helper()
	needTool(t, "tmux", "tmux")
	needTool(t, "bash", "bash")
	home := t.TempDir()
	m := &tmux{t: t, home: home, socket: filepath.Join(home, "tmux")}
	// Without a home configuration, and with a prompt that is easy to find.
	m.run("-f", "/dev/null", "new-session", "-d", "-x", "140", "-y", "40",
		"env", "PS1="+prompt, "HISTFILE=", "bash", "--norc", "--noprofile", "-i")
	t.Cleanup(func() { _ = m.command("kill-server").Run() })
	m.waitScreen("prompt", func(lines []string) bool { return atPrompt(lines) })
	return m
}

func (m *tmux) command(arguments ...string) *exec.Cmd {
	cmd := exec.Command("tmux", append([]string{"-S", m.socket}, arguments...)...)
	cmd.Dir = m.home
	cmd.Env = programEnvironment(m.home)
	return cmd
}

func (m *tmux) run(arguments ...string) string {
	m.t.Helper()
	out, err := m.command(arguments...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %v: %v\n%s", arguments, err, out)
	}
	return string(out)
}

// enter types a line and the Enter key.
func (m *tmux) enter(line string) {
	m.t.Helper()
	m.run("send-keys", "-l", line)
	m.run("send-keys", "Enter")
}

// screen is what is shown now, without empty lines at the end.
func (m *tmux) screen() []string {
	m.t.Helper()
	return strings.Split(strings.TrimRight(m.run("capture-pane", "-p"), "\n "), "\n")
}

// waitScreen waits until ok likes the screen.
func (m *tmux) waitScreen(what string, ok func([]string) bool) {
	m.t.Helper()
	if !m.shown(hangGuard, ok) {
		m.t.Fatalf("no %s; the screen:\n%s", what, strings.Join(m.screen(), "\n"))
	}
}

// shown waits until ok likes the screen, and reports whether it did in time.
func (m *tmux) shown(limit time.Duration, ok func([]string) bool) bool {
	m.t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !ok(m.screen()) {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
	return true
}

// again is how long after a key that was not heeded the next one comes: longer than the
// program is deaf to keys, which each of them makes it anew.
const again = 3 * time.Second

// press presses a key that does the same however often it is pressed, until ok likes
// the screen: the program may not hear keys yet.
func (m *tmux) press(key, what string, ok func([]string) bool) {
	m.t.Helper()
	for begun := time.Now(); ; {
		m.run("send-keys", key)
		if m.shown(again, ok) {
			return
		}
		if time.Since(begun) > hangGuard {
			m.t.Fatalf("no %s from %s; the screen:\n%s", what, key, strings.Join(m.screen(), "\n"))
		}
	}
}

// atPrompt reports whether the shell waits for a command.
func atPrompt(lines []string) bool {
	return strings.TrimSpace(lines[len(lines)-1]) == strings.TrimSpace(prompt)
}

func shows(texts ...string) func([]string) bool {
	return func(lines []string) bool {
		screen := strings.Join(lines, "\n")
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	}
}

// checkShell checks that the shell has its whole terminal back: the main screen with
// what was on it before, no mouse, a cursor, and a command line that echoes.
func (m *tmux) checkShell(before string) {
	m.t.Helper()
	if got := strings.TrimSpace(m.run("display-message", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}")); got != "0 0 1" {
		m.t.Errorf("alternate screen, mouse and cursor: %s, want 0 0 1", got)
	}
	if !shows(before)(m.screen()) {
		m.t.Errorf("what was on the screen before is gone:\n%s", strings.Join(m.screen(), "\n"))
	}
	m.run("send-keys", "C-l")
	m.enter("echo works-$((20+3))")
	m.waitScreen("echo of the shell", func(lines []string) bool {
		return shows("echo works-$((20+3))", "works-23")(lines) && atPrompt(lines)
	})
}

func TestTmuxPromptIsIntactAfterStopAndQuit(t *testing.T) {
	t.Parallel()
	path := buildProgram(t)
	m := startTmux(t)
	m.enter("echo before-all")
	m.waitScreen("echo", shows("before-all"))
	m.enter(path + " --demo --demo-seed 1")
	m.waitScreen("market", shows("DEMO", "Market"))

	m.run("send-keys", "C-z")
	m.waitScreen("stopped job", func(lines []string) bool { return shows("Stopped")(lines) && atPrompt(lines) })
	m.checkShell("before-all")

	m.enter("fg")
	m.waitScreen("market after fg", shows("DEMO", "Market"))
	m.run("send-keys", "q")
	if m.asksToLeave() {
		m.run("send-keys", "q")
	}
	m.waitScreen("prompt after q", atPrompt)
	m.checkShell("works-23")
	m.enter("stty -a | tr ' ;' '\\n\\n' | grep -cxE 'icanon|isig|echo|opost|icrnl'")
	m.waitScreen("state of the terminal", func(lines []string) bool {
		return atPrompt(lines) && lines[max(0, len(lines)-2)] == "5"
	})
}

// asksToLeave waits until q either left the program or made it ask once more.
func (m *tmux) asksToLeave() bool {
	m.t.Helper()
	asks := shows("q again leaves")
	m.waitScreen("prompt or question after q", func(lines []string) bool { return atPrompt(lines) || asks(lines) })
	return asks(m.screen())
}

//go:build system && linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// The test binary is a full-screen program itself when this variable is set: it runs
// a small real program under the real supervisor and dies in the way a key asks for.
const (
	drawVariable    = "VASTDECK_TEST_DRAW"
	reportsVariable = "VASTDECK_TEST_REPORTS"
	graceVariable   = "VASTDECK_TEST_GRACE" // without it the program may take as long as it likes to end
)

func init() {
	if os.Getenv(drawVariable) != "" {
		grace, err := time.ParseDuration(os.Getenv(graceVariable))
		if err != nil {
			grace = time.Hour
		}
		os.Exit(Supervise(SuperviseOptions{Reports: os.Getenv(reportsVariable), Grace: grace}, drawForTest))
	}
}

// drawForTest wires the small program as the real one is wired.
func drawForTest(p *uiProcess) (int, error) {
	program := tea.NewProgram(&fragile{process: p}, tea.WithoutSignalHandler(), tea.WithFilter(p.Signals.Filter))
	p.Signals.Attach(program)
	_, err := program.Run()
	if errors.Is(err, tea.ErrProgramPanic) {
		return 1, err
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1, nil
	}
	return 0, nil
}

// fragile is a program that can die in every way there is.
type fragile struct {
	process *uiProcess
	body    string
	drawBad bool
	resumed int
}

// hostileLabel makes the renderer's escape-sequence parser run out of its array.
var hostileLabel = "\x1b[" + strings.Repeat(";", 32) + "1m"

func (f *fragile) Init() tea.Cmd { return nil }

func (f *fragile) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.ResumeMsg:
		f.resumed++
		f.body = fmt.Sprintf("back-%d", f.resumed)
	case commandDone:
		f.body = "command-done"
	case tea.KeyPressMsg:
		return f, f.press(msg.String())
	}
	return f, nil
}

type commandDone struct{}

func (f *fragile) press(key string) tea.Cmd {
	switch key {
	case "q":
		return tea.Quit
	case "n":
		f.body = "reading"
	case "ctrl+z":
		return tea.Suspend
	case "u":
		panic("in Update: secret " + strings.Repeat("5e", 32) + " \x1b]52;c;aGk=\a")
	case "v":
		f.drawBad = true
	case "c":
		return func() tea.Msg { panic("in a command") }
	case "g":
		go panic("in a goroutine")
	case "m":
		racing := map[int]int{}
		for range 4 {
			go func() {
				for {
					racing[0]++
				}
			}()
		}
	case "x":
		os.Exit(3)
	case "l":
		f.body = hostileLabel
	case "h":
		_, _ = os.Stdout.WriteString("is-deaf")
		select {} // Update never returns
	case "k":
		f.body = fmt.Sprintf("key=%s environment=%q mark=%q", f.process.Key, os.Getenv(keyVariable), os.Getenv(childMark))
	case "s":
		return tea.Exec(f.process.Signals.Command(exec.Command("sh", "-c", "echo command-runs; exec sleep 1000")), func(error) tea.Msg { return commandDone{} })
	}
	return nil
}

func (f *fragile) View() tea.View {
	if f.drawBad {
		panic("in View")
	}
	v := tea.NewView("screen-is-up " + f.body)
	v.AltScreen, v.MouseMode, v.ReportFocus, v.WindowTitle = true, tea.MouseModeAllMotion, true, "drawing"
	return v
}

// startFragile runs the small program on a terminal and waits for its screen.
func startFragile(t *testing.T, environment ...string) *ptySession {
	t.Helper()
	s := startSession(t, 80, 24, fragileCommand(t, environment...))
	s.waitUp()
	return s
}

func fragileCommand(t *testing.T, environment ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", drawVariable + "=1"}, environment...)
	return cmd
}

// waitUp waits until every mode of the small program is on and it has read the
// terminal's answers, so that none of them is left for a shell.
func (s *ptySession) waitUp() {
	s.t.Helper()
	s.waitText("screen-is-up", 0)
	s.press("n")
	s.waitText("reading", 0)
	s.waitFor("modes of the full screen", 0, func(out string) bool {
		modes := privateModes(out)
		return modes[1049] && modes[1003] && modes[1004] && modes[2004] && modes[2027]
	})
}

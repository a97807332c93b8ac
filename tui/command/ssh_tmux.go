package command

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// windowLimit is how long tmux may take to open a window.
const windowLimit = 5 * time.Second

// windowName is a name that tmux takes as it stands: it would expand others, and run
// what stands in #(…).
var windowName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$`)

// Window opens a shell in a window of tmux. No shell of this machine reads the
// command line, and the environment is the same as in this terminal, whatever the
// server of tmux has in its own.
func (s *SSH) Window(ctx context.Context, t remote.Target, w remote.Chosen) error {
	shell, err := s.Client.Shell(ctx, t.Instance, w, remote.Shell{})
	if err != nil {
		return err
	}
	result, err := s.Client.Output(ctx, windowCommand(s.tmux(), s.Tmux, t, shell), windowLimit)
	if err != nil {
		return err
	}
	if result.Code != 0 {
		return errors.New("tmux opened no window: " + inertFirst(result.Err+result.Out))
	}
	// When ssh fails, its window stays with what it said. A tmux older than 3.2 does
	// not know that and closes it.
	if id := strings.TrimSpace(result.Out); windowID.MatchString(id) {
		keep := remote.Command{Path: s.tmux(), Args: keepWindow(id), Env: tmuxEnv(s.Tmux, shell)}
		_, _ = s.Client.Output(ctx, keep, windowLimit)
	}
	return nil
}

// keepWindow has a window stay when what runs in it fails. The line that tmux writes
// then moves the first one of the window out of sight, which may be all that ssh said.
func keepWindow(id string) []string {
	return []string{
		"set-option", "-w", "-t", id, "remain-on-exit", "failed", ";",
		"set-option", "-w", "-t", id, "remain-on-exit-format", "the shell ended with status #{pane_dead_status}; prefix [ and page up show what was said before, prefix & closes this window",
	}
}

// windowID is how tmux names a window.
var windowID = regexp.MustCompile(`^@[0-9]{1,9}$`)

func (s *SSH) tmux() string {
	if s.TmuxPath == "" {
		return "tmux"
	}
	return s.TmuxPath
}

// tmuxEnv is the environment of a call of tmux.
func tmuxEnv(server string, shell remote.Command) []string {
	return append([]string{"TMUX=" + server}, shell.Env...)
}

// windowCommand is the call of tmux that opens a window with a command in it.
func windowCommand(tmux, server string, t remote.Target, shell remote.Command) remote.Command {
	name := t.Name
	if !windowName.MatchString(name) {
		name = remote.Alias(t.Instance)
	}
	args := []string{"new-window", "-P", "-F", "#{window_id}", "-n", name, "--", "env", "-i"}
	for _, arg := range append(append(slices.Clone(shell.Env), shell.Path), shell.Args...) {
		args = append(args, whole(arg))
	}
	return remote.Command{Path: tmux, Args: args, Env: tmuxEnv(server, shell)}
}

// whole is an argument that tmux does not take for the end of its command.
func whole(arg string) string {
	if rest, cut := strings.CutSuffix(arg, ";"); cut {
		return rest + `\;`
	}
	return arg
}

// inertFirst is the first line of what a program said, harmless.
func inertFirst(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return safetext.Clean(first, safetext.MaxRunes)
}

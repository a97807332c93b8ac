package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/command"
)

// ownKeys are the keys and commands of the settings. Every mistake in them is an error
// with its place in config.toml: the settings alone do not know which actions there are.
func ownKeys(s store.Settings) (tui.Keys, []tui.OwnCommand, error) {
	keys := tui.Keys{Preset: s.KeyPreset()}
	for _, b := range s.KeyBindings() {
		keys.Own = append(keys.Own, tui.OwnKey(b))
	}
	var wrong []error
	var commands []tui.OwnCommand
	for n, c := range s.Commands {
		at := fmt.Sprintf("commands[%d]", n+1)
		own, err := ownCommand(c, at)
		if err != nil {
			wrong = append(wrong, s.Mistake(at+".run", err.Error()))
		}
		commands = append(commands, own)
	}
	for _, m := range tui.CheckKeys(keys, commands) {
		wrong = append(wrong, s.Mistake(m.Where, m.Reason))
	}
	slices.SortStableFunc(wrong, byPlace)
	return keys, commands, errors.Join(wrong...)
}

// byPlace puts mistakes into the order of their lines.
func byPlace(a, b error) int {
	var x, y *store.SettingsError
	if !errors.As(a, &x) || !errors.As(b, &y) {
		return 0
	}
	return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
}

func ownCommand(c store.Command, at string) (tui.OwnCommand, error) {
	own := tui.OwnCommand{Where: at, Name: c.Name, Key: c.Key, View: firstOf(c.View, "instances"), Sure: c.Sure, Holds: c.Mode == "exec", Pass: c.Env}
	for _, p := range c.Ask {
		own.Asks = append(own.Asks, tui.OwnAsk(p))
	}
	if c.Shell {
		own.Script = c.Run
		return own, nil
	}
	own.Argv = c.Words()
	names, ok := c.Places()
	if !ok {
		return own, errors.New("a brace is not closed; {{ and }} stand for braces themselves")
	}
	for _, name := range names {
		asked := slices.ContainsFunc(c.Ask, func(p store.Prompt) bool { return p.Name == name })
		if !asked && !slices.Contains(tui.Placeholders(), name) {
			return own, fmt.Errorf("there is no {%s}; there are %s, and what ask names", name, strings.Join(tui.Placeholders(), ", "))
		}
	}
	if readsValue(own.Argv) {
		return own, errors.New("a shell would run what a value says: write shell = true, and $VASTDECK_NAME in place of {name}")
	}
	return own, nil
}

// shells are programs that run the text after -c.
var shells = []string{"ash", "bash", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"}

// readsValue reports whether a shell is given a script with a value in it: a machine's
// owner has chosen some of them.
func readsValue(argv []string) bool {
	for n, word := range argv {
		if !slices.Contains(shells, filepath.Base(word)) {
			continue
		}
		for i := n + 1; i < len(argv) && strings.HasPrefix(argv[i], "-"); i++ {
			if !strings.HasPrefix(argv[i], "--") && strings.Contains(argv[i], "c") && i+1 < len(argv) {
				script := strings.NewReplacer("{{", "", "}}", "").Replace(argv[i+1])
				return strings.Contains(script, "{")
			}
		}
	}
	return false
}

// outside runs commands of the user's own.
type outside struct {
	getenv func(string) string
	fit    func(*exec.Cmd) tea.ExecCommand // for the terminal
}

// outsideGrace is how long a command's pipes may stay open after it has ended.
const outsideGrace = time.Second

func (o outside) make(ctx context.Context, c command.Custom) (*exec.Cmd, error) {
	if len(c.Argv) == 0 {
		return nil, errors.New("no program is named")
	}
	path, err := exec.LookPath(c.Argv[0])
	if err != nil {
		return nil, fmt.Errorf("%s was not found: name the program with its folder, or put it on the PATH", c.Argv[0])
	}
	cmd := exec.CommandContext(ctx, path, c.Argv[1:]...)
	cmd.Env = store.CommandEnv(o.getenv, c.Pass)
	for name, value := range c.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.WaitDelay = outsideGrace
	return cmd, nil
}

// Output runs a command that has no terminal and no input.
func (o outside) Output(ctx context.Context, c command.Custom, most int) ([]byte, int, error) {
	cmd, err := o.make(ctx, c)
	if err != nil {
		return nil, 0, err
	}
	out := &beginningOf{most: most}
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	var status *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return out.text, 0, ctx.Err()
	case errors.As(err, &status) && status.ExitCode() >= 0:
		return out.text, status.ExitCode(), nil
	}
	return out.text, 0, err
}

// Terminal makes what runs a command in the terminal.
func (o outside) Terminal(c command.Custom) (tea.ExecCommand, error) {
	cmd, err := o.make(context.Background(), c)
	if err != nil {
		return nil, err
	}
	return o.fit(cmd), nil
}

// beginningOf keeps the first bytes and takes the rest, so that nobody has to wait.
type beginningOf struct {
	most int
	text []byte
}

func (b *beginningOf) Write(p []byte) (int, error) {
	b.text = append(b.text, p[:min(len(p), b.most-len(b.text))]...)
	return len(p), nil
}

package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const (
	// commandLimit is how long key_command may take.
	commandLimit = 10 * time.Second
	// commandGrace is how long its pipes may stay open after it ended or was killed.
	commandGrace = time.Second
	// maxSaid is how much of its error output is repeated, in bytes.
	maxSaid = 200
)

// commandEnv names the variables that key_command gets: what password managers need to find
// their files, their agent and a place to ask. VAST_API_KEY is not among them, nor anything
// unknown that may hold a secret.
var commandEnv = []string{
	"PATH", "HOME", "TERM", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "SSH_AUTH_SOCK", "DISPLAY",
	"WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
	"DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME", "GPG_TTY", "PASSWORD_STORE_DIR", "USER", "LOGNAME",
	"SHELL", "TMPDIR", "COLORTERM", "TZ",
}

// commandEnvWindows is what programs on Windows need besides.
var commandEnvWindows = []string{"SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "TEMP", "TMP"}

// runKeyCommand runs the command without a shell and takes the first line of its output as the
// key, which is where pass and its kin print the secret.
func runKeyCommand(ctx context.Context, command string, getenv func(string) string) (Key, error) {
	return runKeyCommandWithin(ctx, commandLimit, command, getenv)
}

func runKeyCommandWithin(ctx context.Context, limit time.Duration, command string, getenv func(string) string) (Key, error) {
	words, err := splitCommand(command)
	if err != nil {
		return Key{}, fmt.Errorf("run key_command: %w", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("%s took longer than %s", words[0], limit))
	defer cancel()
	out, said := &headBuffer{max: maxKeyInput}, &headBuffer{max: maxKeyInput}
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = allowedEnv(getenv)
	cmd.Stdout, cmd.Stderr = out, said
	cmd.WaitDelay = commandGrace
	err = cmd.Run()
	if ctx.Err() != nil {
		return Key{}, fmt.Errorf("run key_command: %w", context.Cause(ctx))
	}
	first, _, _ := bytes.Cut(out.data, []byte{'\n'})
	if err != nil {
		return Key{}, fmt.Errorf("run key_command: %w%s", err, quoteSaid(said.data, first))
	}
	key, err := ParseKey(string(first))
	if err != nil {
		return Key{}, fmt.Errorf("run key_command: its first line: %w", err)
	}
	return key, nil
}

// quoteSaid returns the beginning of what a failed command wrote to stderr, safe to print. What
// it wrote to stdout before failing may be the secret, and is taken out.
func quoteSaid(said, secret []byte) string {
	said = bytes.TrimSpace(said)
	if secret = bytes.TrimSpace(secret); len(secret) > 0 {
		said = bytes.ReplaceAll(said, secret, []byte(redacted))
	}
	if len(said) == 0 {
		return ""
	}
	if len(said) > maxSaid {
		said = said[:maxSaid]
	}
	return ": it says " + strconv.QuoteToASCII(string(said))
}

func allowedEnv(getenv func(string) string) []string {
	names := commandEnv
	if runtime.GOOS == "windows" {
		names = append(names[:len(names):len(names)], commandEnvWindows...)
	}
	env := make([]string, 0, len(names)) // never nil: exec would then hand on everything
	for _, name := range names {
		if value := getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// splitCommand splits at spaces, except inside single or double quotes, which are dropped. There
// are no escapes, variables or ~: no shell is involved.
func splitCommand(command string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote rune
	inWord := false
	for _, r := range command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case r == ' ' || r == '\t':
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("the quote %c is not closed", quote)
	}
	if inWord {
		words = append(words, word.String())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("no program named")
	}
	return words, nil
}

// headBuffer keeps the first max bytes and takes the rest, so that the command never blocks.
type headBuffer struct {
	max  int
	data []byte
}

func (b *headBuffer) Write(p []byte) (int, error) {
	room := min(len(p), b.max-len(b.data))
	b.data = append(b.data, p[:room]...)
	return len(p), nil
}

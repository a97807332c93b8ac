package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// answersCommand runs a command on a terminal, all of whose streams are that terminal,
// and types an answer to each question once it is shown:
//
//	answers CODE [ahead=TEXT] ANSWER[|ANSWER…] COMMAND [ARG…]
//
// What is typed by the answer ^C@TEXT is ctrl+c, not after a question, but once the terminal shows TEXT.
// At a question for a secret the terminal must not show what is typed any more.
// An answer "" is Enter alone; ^C and ^D are those keys, and ^J is Enter within an answer. What stands behind ahead= was
// typed before the command began. What the terminal showed is in the file screen.
func answersCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: answers CODE [ahead=TEXT] ANSWER[|ANSWER…] COMMAND [ARG…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	ahead, isAhead := strings.CutPrefix(args[1], "ahead=")
	if isAhead {
		args = args[1:]
	}
	master, tty, err := pty.Open()
	ts.Check(err)
	defer master.Close()
	if isAhead {
		_, err = io.WriteString(master, ahead+"\n")
		ts.Check(err)
	}
	cmd := exec.Command(args[2], args[3:]...)
	cmd.Dir, cmd.Env = ts.Getenv("WORK"), scriptEnviron(ts)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = controllingTerminal()
	ts.Check(cmd.Start())
	tty.Close()
	screen, shown := answered(master, strings.Split(args[1], "|"))
	err = cmd.Wait()
	if shown {
		ts.Fatalf("a secret was asked for while the terminal shows what is typed:\n%s", screen)
	}
	ts.Check(os.WriteFile(ts.MkAbs("screen"), screen, 0o600))
	ts.Logf("%s", screen)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	if code := cmd.ProcessState.ExitCode(); code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// asked is how questions of a verb end: those about consent, and those for a secret.
var asked = regexp.MustCompile(`anything else does not: |\[y/N\] |\(not shown while typed\): |The same passphrase once more: `)

// hidden is a question at which what is typed must not be shown.
var hidden = regexp.MustCompile(`(\(not shown while typed\)|The same passphrase once more): $`)

// answered gives what a terminal showed until its program had ended, and types an answer
// after each question. shown reports whether a secret could be seen.
func answered(master *os.File, answers []string) (screen []byte, shown bool) {
	buf := make([]byte, 4096)
	ended := false
	for n := 0; ; {
		got, err := master.Read(buf)
		screen = append(screen, buf[:got]...)
		if n < len(answers) && due(screen, answers[n], n) {
			shown = shown || hidden.Match(screen) && echoes(master)
			key, _, _ := strings.Cut(answers[n], "@")
			_, _ = io.WriteString(master, keystrokes.Replace(key))
			if !strings.HasPrefix(answers[n], "^") {
				_, _ = io.WriteString(master, "\n")
			}
			n++
		}
		// Linux says EIO when nobody has the terminal any more, now and then before the last
		// that was written to it has been read: that comes with the next reading.
		if err != nil && ended {
			return screen, shown
		}
		ended = err != nil
	}
}

// due reports whether the n-th answer is to be typed now.
func due(screen []byte, answer string, n int) bool {
	if text, is := strings.CutPrefix(answer, "^C@"); is {
		return bytes.Contains(screen, []byte(text))
	}
	return len(asked.FindAll(screen, -1)) > n
}

var keystrokes = strings.NewReplacer("^C", "\x03", "^D", "\x04", "^J", "\n")

// scriptEnviron is the environment of the script as far as the program reads it.
func scriptEnviron(ts *testscript.TestScript) []string {
	env := os.Environ()
	for _, name := range []string{
		"HOME", "PATH", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "VAST_URL", "VAST_API_KEY", "VASTDECK_READ_ONLY", registryVariable,
	} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
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
// An answer "" is Enter alone; ^C and ^D are those keys. What stands behind ahead= was
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
	screen := answered(master, strings.Split(args[1], "|"))
	err = cmd.Wait()
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

// asked is how every question of a verb ends.
const asked = "anything else does not: "

// answered gives what a terminal showed until its program had ended, and types an answer
// after each question.
func answered(master io.ReadWriter, answers []string) []byte {
	var screen []byte
	buf := make([]byte, 4096)
	for n := 0; ; {
		got, err := master.Read(buf)
		screen = append(screen, buf[:got]...)
		if n < len(answers) && bytes.Count(screen, []byte(asked)) > n {
			_, _ = io.WriteString(master, keystrokes.Replace(answers[n]))
			if !strings.HasPrefix(answers[n], "^") {
				_, _ = io.WriteString(master, "\n")
			}
			n++
		}
		if err != nil { // Linux says EIO when nobody has the terminal any more
			return screen
		}
	}
}

var keystrokes = strings.NewReplacer("^C", "\x03", "^D", "\x04")

// scriptEnviron is the environment of the script as far as the program reads it.
func scriptEnviron(ts *testscript.TestScript) []string {
	env := os.Environ()
	for _, name := range []string{
		"HOME", "PATH", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "VAST_URL", "VAST_API_KEY", "VASTDECK_READ_ONLY",
	} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

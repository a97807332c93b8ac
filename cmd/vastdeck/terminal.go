package main

import (
	"errors"
	"os"
	"runtime"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
)

// instead names what works without a full-screen terminal.
const instead = "; in scripts use a verb such as `vastdeck whoami`, see `vastdeck --help`"

// checkTerminal reports why the full-screen program cannot run on these files, in a
// sentence for the user; the exit code for it is 2. getenv is asked for TERM. Bubble
// Tea checks none of this: it writes escape codes into a redirected output and draws
// on terminals that cannot show it.
func checkTerminal(stdin, stdout *os.File, getenv func(string) string) error {
	switch name := getenv("TERM"); {
	case !term.IsTerminal(stdin.Fd()):
		return errors.New("vastdeck is a full-screen program and its input is not a terminal" + instead)
	case !term.IsTerminal(stdout.Fd()):
		return errors.New("vastdeck is a full-screen program and its output is not a terminal" + instead)
	case runtime.GOOS == "windows":
		return nil // Windows sets no TERM.
	case name == "":
		return errors.New("vastdeck needs to know the terminal's type, and TERM is not set" + instead)
	case name == "dumb":
		return errors.New("vastdeck is a full-screen program and cannot draw on a terminal of type dumb (TERM=dumb)" + instead)
	}
	return nil
}

// forcedProfile is the colour profile that NO_COLOR asks for, whatever its value as
// long as it has one: the detection of Bubble Tea only understands 1 and true.
func forcedProfile(getenv func(string) string) (colorprofile.Profile, bool) {
	if getenv("NO_COLOR") != "" {
		return colorprofile.ASCII, true
	}
	return colorprofile.Unknown, false
}

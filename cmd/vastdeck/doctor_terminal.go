package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"vastdeck/tui"
)

// terminalVariables are what the terminal is judged by.
var terminalVariables = []string{"TERM", "COLORTERM", "NO_COLOR", "CLICOLOR_FORCE", "TERM_PROGRAM", "TMUX", "STY", "WT_SESSION", "GOOGLE_CLOUD_SHELL", "ConEmuANSI"}

// lookAtTerminal tells what the terminal can do, as far as it can be known without
// writing to it.
func (d *checkup) lookAtTerminal(context.Context) {
	switch name := d.getenv("TERM"); {
	case !term.IsTerminal(d.stdout.Fd()):
		d.put("terminal", isOK, "", "not looked at: what this run prints does not go to one")
		return
	case runtime.GOOS != "windows" && (name == "" || name == "dumb"):
		said := "TERM is dumb"
		if name == "" {
			said = "TERM is not set"
		}
		d.put("terminal", isWarn, "Set TERM to what the terminal is (xterm-256color suits most), or use the verbs: `vastdeck --help`.", "%s, so the full-screen program does not start on it", said)
		return
	}
	w, h, err := term.GetSize(d.stdout.Fd())
	least := tui.Least()
	switch {
	case err != nil:
		d.put("terminal", isWarn, "", "%s, of a size that it does not tell", d.terminalName())
	case w < least.W || h < least.H:
		d.put("terminal", isWarn, fmt.Sprintf("Make the window larger: below %dx%d there is only a card.", least.W, least.H), "%s, %dx%d", d.terminalName(), w, h)
	default:
		d.put("terminal", isOK, "", "%s, %dx%d", d.terminalName(), w, h)
	}
	d.lookAtColours()
	d.lookAtWrapping()
	if !d.utf8() {
		d.put("letters", isWarn, "Set LANG to a UTF-8 locale, or start with --ascii.", "the locale is not UTF-8: lines and marks may come out wrong")
	}
}

// terminalName is what the terminal calls itself.
func (d *checkup) terminalName() string {
	if name := d.getenv("TERM"); name != "" {
		return name
	}
	return "a console of Windows"
}

func (d *checkup) lookAtColours() {
	if _, off := forcedProfile(d.getenv); off {
		d.put("colours", isOK, "", "none, because NO_COLOR is set")
		return
	}
	var environ []string
	for _, name := range terminalVariables {
		if v := d.getenv(name); v != "" {
			environ = append(environ, name+"="+v)
		}
	}
	switch profile := colorprofile.Detect(d.stdout, environ); profile {
	case colorprofile.TrueColor:
		d.put("colours", isOK, "", "16 million")
	case colorprofile.ANSI256:
		d.put("colours", isOK, "", "256")
	case colorprofile.ANSI:
		d.put("colours", isOK, "", "16; theme = \"16\" in config.toml suits that")
	default:
		d.put("colours", isOK, "", "none")
	}
}

// lookAtWrapping tells what lies between the program and the window: it decides about
// the clipboard and the mouse.
func (d *checkup) lookAtWrapping() {
	switch {
	case d.getenv("TMUX") != "":
		d.put("tmux", isOK, "", "copying (OSC 52) needs `set -g set-clipboard on` there, the mouse `set -g mouse on`")
	case d.getenv("STY") != "":
		d.put("screen", isWarn, "Use tmux or no multiplexer for copying.", "screen does not pass copying (OSC 52) on")
	case strings.HasPrefix(d.getenv("TERM"), "linux"):
		d.put("clipboard", isWarn, "", "the console has none, and no mouse")
	case d.getenv("TERM_PROGRAM") == "Apple_Terminal":
		d.put("clipboard", isWarn, "Use iTerm2, Ghostty, kitty or WezTerm for copying over ssh.", "Terminal.app does not take copying (OSC 52)")
	default:
		d.put("clipboard", isOK, "", "copying (OSC 52) is likely to work%s", overSSH(d.getenv))
	}
}

// overSSH says that the window is on another machine.
func overSSH(getenv func(string) string) string {
	if getenv("SSH_CONNECTION") != "" {
		return ", also over ssh as here"
	}
	return ""
}

// utf8 reports whether the locale says so.
func (d *checkup) utf8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(d.getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return os.PathSeparator == '\\'
}

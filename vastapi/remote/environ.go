package remote

import (
	"path"
	"runtime"
	"slices"
	"strings"
)

// allowed are the variables that a child gets. Everything else stays here, first of
// all the API key.
var allowed = []string{
	"PATH", "HOME", "TERM", "LANG", "SSH_AUTH_SOCK", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR",
	"USER", "LOGNAME", "SHELL", "TMPDIR", "COLORTERM", "TZ",
}

// allowedOnWindows are those without which no program starts there.
var allowedOnWindows = []string{"SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "TEMP", "TMP", "PATHEXT", "PROGRAMDATA"}

// Environ is the part of environ that a child may have, in its order.
func Environ(environ []string) []string {
	kept := make([]string, 0, len(allowed))
	for _, pair := range environ {
		if name, _, ok := strings.Cut(pair, "="); ok && mayPass(name) && !strings.ContainsRune(pair, 0) {
			kept = append(kept, pair)
		}
	}
	return kept
}

func mayPass(name string) bool {
	if runtime.GOOS == "windows" {
		name = strings.ToUpper(name)
		if slices.Contains(allowedOnWindows, name) {
			return true
		}
	}
	lc, _ := path.Match("LC_*", name)
	return lc || slices.Contains(allowed, name)
}

// plainTerms are the terminals that the images of instances have a description of.
var plainTerms = []string{
	"xterm", "xterm-256color", "screen", "screen-256color", "linux", "vt100", "vt102", "vt220", "ansi", "dumb", "rxvt", "cygwin",
}

// remoteTerm is the terminal to announce for one that images do not know: without it
// every full-screen program over there refuses to start.
func remoteTerm(term string) string {
	switch {
	case term == "" || slices.Contains(plainTerms, term):
		return term
	case strings.HasPrefix(term, "tmux") || strings.HasPrefix(term, "screen"):
		return "screen-256color"
	}
	return "xterm-256color"
}

// environ is the environment of a child; term true gives it a TERM that is known there.
func (c *Client) environ(term bool) []string {
	env := Environ(c.o.Environ())
	if !term {
		return env
	}
	for i, pair := range env {
		if t, ok := strings.CutPrefix(pair, "TERM="); ok {
			env[i] = "TERM=" + remoteTerm(t)
		}
	}
	return env
}

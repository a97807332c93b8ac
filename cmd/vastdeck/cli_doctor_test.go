package main

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"

	"vastdeck/store"
)

// What is said in a report goes through one place, which takes out every form of a key,
// the home folder, and what would act on a terminal.
func TestAReportOfDoctorHasNoSecretsInIt(t *testing.T) {
	t.Parallel()
	a := household(t)
	const secret = "S3cret/key+with=signs-0123456789"
	key, err := store.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	a.redact.Add(key)
	d := &checkup{session: &session{app: a}, hidden: a.homeHidden()}
	home := a.getenv("HOME")
	for name, text := range map[string]string{
		"plain": secret, "hex": hex.EncodeToString([]byte(secret)), "base64": base64.StdEncoding.EncodeToString([]byte(secret)),
		"url": url.QueryEscape(secret), "bearer": "Authorization: Bearer another-token-9876543210", "home": home + "/x/config.toml",
		"escape": "a\x1b[2Jb\x07c", "direction": "a\u202eb",
	} {
		d.put("test", isWarn, text, "%s", "before "+text+" after")
		f := d.found[len(d.found)-1]
		for _, got := range []string{f.Text, f.Next} {
			for _, forbidden := range []string{text, secret, "another-token", home, "\x1b", "\x07", "\u202e"} {
				if strings.Contains(got, forbidden) {
					t.Errorf("%s: %q is in %q", name, forbidden, got)
				}
			}
		}
	}
	var out strings.Builder
	if err := writeReport(&out, doctorJSON{Findings: d.found}, 0); err != nil || strings.Contains(out.String(), secret) {
		t.Errorf("the report: %v\n%s", err, out.String())
	}
}

func TestDoctorEndsWithOneWhenSomethingIsBad(t *testing.T) {
	t.Parallel()
	for v, want := range map[verdict]int{isOK: exitDone, isWarn: exitDone, isBad: exitFailed} {
		a := household(t)
		d := &checkup{session: &session{app: a}, hidden: a.homeHidden()}
		d.put("test", v, "", "x")
		err := d.report(true)
		var e *exitError
		got := exitDone
		if errors.As(err, &e) {
			got = e.code
		}
		if got != want {
			t.Errorf("%s: exit code %d, want %d", v, got, want)
		}
	}
}

func TestTheTerminalIsJudgedByTheEnvironment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environ map[string]string
		want    string
		utf8    bool
	}{
		"tmux":     {map[string]string{"TMUX": "/tmp/tmux", "LANG": "en_US.UTF-8"}, "set-clipboard", true},
		"screen":   {map[string]string{"STY": "1.pts", "LC_ALL": "C", "LANG": "en_US.UTF-8"}, "does not pass", false},
		"console":  {map[string]string{"TERM": "linux", "LC_CTYPE": "de_DE.utf8"}, "the console has none", true},
		"ordinary": {map[string]string{"TERM": "xterm-256color", "SSH_CONNECTION": "x"}, "likely to work, also over ssh", os.PathSeparator == '\\'},
	} {
		a := household(t)
		a.getenv = func(name string) string { return c.environ[name] }
		d := &checkup{session: &session{app: a}, hidden: a.homeHidden()}
		d.lookAtWrapping()
		if got := d.found[0].Text; !strings.Contains(got, c.want) || d.utf8() != c.utf8 {
			t.Errorf("%s: %q, UTF-8 %t", name, got, d.utf8())
		}
	}
}

package main

import (
	"slices"
	"strings"
	"testing"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/command"
)

func TestWhatCanBeMutedIsWhatIsTold(t *testing.T) {
	t.Parallel()
	if got, want := store.AlertKinds(), tui.AlertKinds(); !slices.Equal(got, want) {
		t.Errorf("the settings know %v, the program tells of %v", got, want)
	}
}

func TestNotifySendGetsNothingButATextAndWhatItNeeds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Instance 7 \"a\" is outbid.":        "Instance 7 \"a\" is outbid.",
		"--icon=/etc/passwd":                 "icon=/etc/passwd",
		"\x1b]0;x\a <b>big</b> & \u202eevil": "]0,x 'b'big'/b' and ?evil",
	} {
		argv, err := notifyArgs(command.Notice{Text: text, Urgent: true})
		if err != nil {
			t.Fatal(err)
		}
		at := slices.Index(argv, "--")
		if at < 0 || len(argv) != at+3 || argv[at+1] != "vastdeck" || argv[at+2] != want || !slices.Contains(argv, "--urgency=critical") {
			t.Errorf("%q becomes %q", text, argv)
		}
	}
	if _, err := notifyArgs(command.Notice{Text: "\x1b\x00"}); err == nil {
		t.Error("an empty notice is shown")
	}
	env := notifyEnviron(func(name string) string { return "value of " + name })
	if all := strings.Join(env, "\n"); strings.Contains(all, "VAST") || strings.Contains(all, "KEY") || len(env) != len(notifyEnv) {
		t.Errorf("the environment is %q", env)
	}
	if got := notifyEnviron(func(string) string { return "" }); len(got) != 0 {
		t.Errorf("variables without a value are handed on: %q", got)
	}
}

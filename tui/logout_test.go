package tui

import (
	"strings"
	"testing"

	"vastdeck/tui/command"
)

func TestAKeyThatNobodyHasTriedIsNotCalledALogIn(t *testing.T) {
	t.Parallel()
	m, _ := destroying(t)
	m.react(command.KeyFound{Connected: command.Connected{API: world{}, Source: "environment VAST_API_KEY", Untried: true}})
	got := toasted(m)
	if strings.Contains(got, "logged in") {
		t.Errorf("no account has been read, and the toast says %q", got)
	}
	if !strings.Contains(got, "the key is from the environment VAST_API_KEY") {
		t.Errorf("where the key came from is not said: %q", got)
	}
	m.react(command.KeyTried{Connected: command.Connected{API: world{}, Source: "keyring"}})
	if got := toasted(m); !strings.Contains(got, "logged in; the key is from the keyring") {
		t.Errorf("after a key was tried the toast says %q", got)
	}
}

func TestWhatWasWrongWithAFileIsStillToldWhenTheKeyIsFound(t *testing.T) {
	t.Parallel()
	m := root(t, false, func(d *Deps) { d.Command.Memory = &cabinet{notice: "the file was damaged"} })
	m.react(command.KeyFound{Connected: command.Connected{API: world{}, Source: "keyring", Untried: true}})
	if got := toasted(m); !strings.Contains(got, "the file was damaged") {
		t.Errorf("after the key was found the toasts say %q", got)
	}
	m.react(command.KeyTried{Connected: command.Connected{API: world{}, Source: "keyring"}})
	if got := toasted(m); strings.Contains(got, "the file was damaged") {
		t.Errorf("with another key the toasts still say %q", got)
	}
}

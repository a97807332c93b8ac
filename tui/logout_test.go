package tui

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/vastapi"
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

func TestMachinesThatCouldNotBeReadAreCountedAmongWhatCostsMoney(t *testing.T) {
	t.Parallel()
	for want, list := range map[string][]vastapi.Instance{
		"2 machines keep costing money at a rate that is not known.": nil,
		"3 machines keep costing money at ≥ $0.400/h.":               {instance(1, "running", 0.4)},
	} {
		m := told(root(t, true, nil), time.Now(), list)
		command.InstancesLoaded{Answer: command.Answer{At: time.Now()}, Page: vastapi.InstancePage{Instances: list, Bad: 2}}.Fold(&m.data)
		m.data.Derive()
		if got := m.runningNow(); got != want {
			t.Errorf("it says %q, not %q", got, want)
		}
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

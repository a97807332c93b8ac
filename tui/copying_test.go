package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

func TestWhatIsCopiedIsSaidToHaveBeenSentToTheTerminal(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	m.grant(view.Copy{Text: "ssh -p 1 root@h", What: "the ssh command"}, true)
	if got := toasted(m); !strings.Contains(got, "the ssh command sent to the terminal's clipboard: ssh -p 1 root@h") {
		t.Errorf("it says %q", got)
	}
	m.toasts.Clear()
	m.grant(view.Copy{Text: "https://h/?token=s3cret", What: "the address", Shown: "https://h/?token=…"}, true)
	if got := toasted(m); strings.Contains(got, "s3cret") || !strings.Contains(got, "token=…") {
		t.Errorf("it says %q", got)
	}
}

func TestAFailureOfTheSystemsClipboardIsToldAndOneForGoodOnlyOnce(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	never := command.TextCopied{What: "the ids", Err: fmt.Errorf("%w: this session has no display", command.ErrNoClipboard)}
	m.onCopied(never)
	if got := toasted(m); !strings.Contains(got, "goes through the terminal alone") || !strings.Contains(got, "no display") || !strings.Contains(got, "OSC 52") {
		t.Errorf("it says %q", got)
	}
	m.toasts.Clear()
	m.onCopied(never)
	m.onCopied(command.TextCopied{What: "the ids"})
	if m.toasts.Len() != 0 {
		t.Errorf("it says again %q", toasted(m))
	}
	m.onCopied(command.TextCopied{What: "the ids", Err: errors.New("its program failed: exit status 1")})
	if got := toasted(m); !strings.Contains(got, "not on the system's clipboard: the ids") || !strings.Contains(got, "exit status 1") {
		t.Errorf("it says %q", got)
	}
}

func TestTextThatManyTerminalsRefuseIsNamed(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	m.copyText(strings.Repeat("x", mostTerminal+1), "the rows")
	if got := toasted(m); !strings.Contains(got, "the rows is 75 kB long") {
		t.Errorf("it says %q", got)
	}
}

func TestALetterOfAMenuIsThatLetterWhateverKeysTheUserHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := root(t, true, func(d *Deps) {
			d.Keys = Keys{Own: []OwnKey{{Scope: "instances", Action: "logs", Keys: []string{"i"}}, {Scope: everywhere, Action: "quit", Keys: []string{"m"}}}}
		})
		m = told(m, time.Now(), []vastapi.Instance{instance(77, "running", 0.5)})
		typed(m, "2", "y", "i")
		if got := toasted(m); !strings.Contains(got, "the instance's id sent to the terminal's clipboard: 77") {
			t.Errorf("i in the menu: %q", got)
		}
		typed(m, "i")
		if m.active != view.Logs {
			t.Errorf("i in the list leads to %v", m.active)
		}
	})
}

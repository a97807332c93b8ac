package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// picks types a line into a palette that has just been opened and presses enter.
func picks(m *Model, line string) {
	m.openPalette()
	p := m.stack.Top().(*dialog.Palette)
	p.Fill(line)
	m.answer(p.Update(tea.KeyPressMsg{Code: tea.KeyEnter}, time.Now()))
}

func TestWhatIsDoneInAnotherViewLeadsThereAndDoesNothing(t *testing.T) {
	t.Parallel()
	m := crowded(t, 5, 5)
	m.session.phase, m.active = ready, view.Market
	picks(m, "destroy")
	if m.active != view.Instances || !m.stack.Empty() {
		t.Errorf("view %v is shown, with a question: %v", m.active, !m.stack.Empty())
	}
	m.openPalette()
	if found := m.find("destroy"); len(found.Entries) == 0 || found.Entries[0].Kind != "do" {
		t.Errorf("where it is done, what comes first is %+v", found.Entries)
	}
}

func TestWhatIsDoneHereComesBeforeWhatIsDoneElsewhere(t *testing.T) {
	t.Parallel()
	m := crowded(t, 5, 5)
	m.session.phase, m.active = ready, view.Market
	m.openPalette()
	seen, there := map[string]string{}, false
	for _, e := range m.find("rent").Entries {
		if e.Kind == "there" {
			there = true
		} else if there && e.Kind == "do" && strings.HasPrefix(e.Name, "rent") {
			t.Errorf("%s stands behind what is done elsewhere", e.Name)
		}
		if other := seen[e.Name]; other != "" && (other == "there" || e.Kind == "there") {
			t.Errorf("%s is listed as %s and as %s", e.Name, other, e.Kind)
		}
		seen[e.Name] = e.Kind
	}
}

func TestAnActionOfAViewThatIsNoLongerShownIsNotDone(t *testing.T) {
	t.Parallel()
	m := crowded(t, 5, 5)
	m.session.phase, m.active = ready, view.Instances
	m.doAction(doAction{scope: "market", key: "D", label: "destroy…"})
	if !m.stack.Empty() {
		t.Error("a key of the market asks about an instance")
	}
}

func TestNamesAreThoseOfTheNewestList(t *testing.T) {
	t.Parallel()
	m := crowded(t, 5, 5)
	m.openPalette()
	m.find("worker")
	list := []vastapi.Instance{instance(20_000_001, "running", 1)}
	list[0].Label = safetext.New("renamed")
	m.data.Instances.Value.Instances = list
	if found := m.find("renamed"); found.Total == 0 || found.Entries[0].Name != "20000001 renamed" {
		t.Errorf("found is %+v", found.Entries)
	}
	if found := m.find("instance worker"); found.Problem == "" {
		t.Errorf("what is gone is found: %+v", found.Entries)
	}
}

func TestALineWithAKeyInItIsNotRemembered(t *testing.T) {
	t.Parallel()
	key, sum := strings.Repeat("0123456789AbcdeF", 4), "sha256:"+strings.Repeat("5", 64)
	for line, secret := range map[string]bool{
		"rent name=" + key + " n=1": true, key: true, "query 4090 " + key: true, "rent image=a@" + sum + " name=" + key: true,
		"rent image=a@" + sum + " n=1": false, "query 4090": false, "instance 21480435": false, "": false, "rent name=deadbeef n=1": false,
	} {
		if tellsSecret(line) != secret {
			t.Errorf("%q: %v, want %v", line, !secret, secret)
		}
	}
	m := crowded(t, 5, 5)
	m.session.phase = ready
	picks(m, "rent n=1 name="+key)
	picks(m, "machine 100001")
	if got := strings.Join(m.data.Memory.Lines, " | "); got != "machine 100001" {
		t.Errorf("remembered is %q", got)
	}
}

func TestAKeyThatIsALetterIsTypedIntoAForm(t *testing.T) {
	t.Parallel()
	m := root(t, true, func(d *Deps) {
		d.CanSuspend = true
		d.Keys = Keys{Own: []OwnKey{{Scope: everywhere, Action: "suspend", Keys: []string{"ß", "f7"}}}}
	})
	m.grant(view.Ask{Form: view.Form{ID: "f", Title: "A form", Fields: []view.Field{{Key: "a", Label: "a"}}}}, true)
	m.onInput(tea.KeyPressMsg{Code: 'ß', Text: "ß"})
	if got := screen(m); !strings.Contains(got, "ß") {
		t.Errorf("it is not in the line:\n%s", got)
	}
	if m.onInput(tea.KeyPressMsg{Code: tea.KeyF7}) == nil {
		t.Error("the key that is no letter does not suspend")
	}
}

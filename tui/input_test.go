package tui

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// screen is the frame as letters only.
func screen(m *Model) string { return ansi.Strip(m.View().Content) }

func has(t *testing.T, m *Model, want ...string) {
	t.Helper()
	for _, w := range want {
		if s := screen(m); !strings.Contains(s, w) {
			t.Errorf("%q is not there:\n%s", w, s)
		}
	}
}

// quits reports whether a command ends the program.
func quits(c tea.Cmd) bool {
	if c == nil {
		return false
	}
	_, ok := c().(tea.QuitMsg)
	return ok
}

func TestLettersAreTypedWhileAQueryHasTheKeyboard(t *testing.T) {
	t.Parallel()
	for _, tab := range []string{"1", "2"} {
		m := typed(told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(1, "running", 0.4)}), tab, "/")
		for _, key := range []string{"q", "?", "1", "2", "D", "S", "r", "o", ":", "space", "J", "tab", "y"} {
			_, c := m.Update(named(key))
			if quits(c) || m.stack.Top() != nil {
				t.Fatalf("%s does something while a query is typed:\n%s", key, screen(m))
			}
		}
		has(t, m, "/q?12DSro: Jy")
	}
}

func TestADialogGetsEveryKey(t *testing.T) {
	t.Parallel()
	m := typed(told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(18820341, "running", 0.4)}), "2", "D")
	asked, ok := m.stack.Top().(*dialog.Confirm)
	if !ok {
		t.Fatalf("D opens %T", m.stack.Top())
	}
	for _, key := range []string{"q", "?", "1", "D", "S", "n", "/", "tab", "ctrl+r", "enter"} {
		if _, c := m.Update(named(key)); c != nil || m.stack.Top() != dialog.Dialog(asked) || m.active != view.Instances {
			t.Fatalf("%s falls through the dialog", key)
		}
	}
	typed(m, "esc")
	if !m.stack.Empty() {
		t.Error("esc does not close it")
	}
}

func TestControlCLeavesFromEverywhere(t *testing.T) {
	t.Parallel()
	for name, m := range situations(t) {
		if _, c := m.Update(named("ctrl+c")); quits(c) {
			t.Errorf("%s: ctrl+c leaves without asking", name)
		}
		if _, asks := m.stack.Top().(*dialog.Quit); !asks {
			t.Errorf("%s: ctrl+c opens %T", name, m.stack.Top())
		}
		if _, c := m.Update(named("ctrl+c")); !quits(c) {
			t.Errorf("%s: ctrl+c twice does not leave", name)
		}
	}
}

func TestDisabledKeySaysWhyAndDoesNothing(t *testing.T) {
	t.Parallel()
	for name, m := range situations(t) {
		capturing := m.current().Capturing()
		for _, a := range append(m.current().Actions(m.env()), m.actions()...) {
			if a.Disabled == "" || (capturing && !a.Typing) {
				continue
			}
			before := m.active
			if _, c := m.Update(named(a.Key.Keys()[0])); c != nil || !m.stack.Empty() || m.active != before {
				t.Errorf("%s: %v does something although %q", name, a.Key.Keys(), a.Disabled)
			}
			if text := strings.Join(strings.Fields(ansi.Strip(strings.Join(m.toasts.Draw(m.theme, time.Now(), 400), " "))), " "); !strings.Contains(text, a.Disabled) {
				t.Errorf("%s: %v does not say %q but %q", name, a.Key.Keys(), a.Disabled, text)
			}
		}
	}
}

func TestPlanOfAClosedFormOpensNothing(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	plan := rental.Plan{ID: "late", Consent: rental.Consent{Kind: rental.ConsentChoose}}
	m.apply(view.Do(view.Confirm{Plan: plan, Form: "rent"}), false)
	m.apply(view.Do(view.FormFailed{Form: "rent", Text: "too late"}), false)
	if !m.stack.Empty() {
		t.Errorf("%T opens by itself after its form was closed", m.stack.Top())
	}
	plan.Consent.Kind = rental.ConsentNone
	if c := m.apply(view.Do(view.Confirm{Plan: plan, Form: "rename"}), false); c != nil || len(m.work) != 0 {
		t.Error("a plan is carried out although its form was closed")
	}
}

func TestQuestionAboveAFormLeadsBackToIt(t *testing.T) {
	t.Parallel()
	m := typed(told(root(t, true, nil), time.Now(), nil), "r")
	form, ok := m.stack.Top().(*dialog.Form)
	if !ok {
		t.Fatalf("r opens %T", m.stack.Top())
	}
	m.apply(view.Do(view.Confirm{Plan: rental.Plan{ID: "p", Consent: rental.Consent{Kind: rental.ConsentChoose}}, Form: form.ID()}), false)
	if _, asks := m.stack.Top().(*dialog.Confirm); !asks {
		t.Fatalf("on top is %T", m.stack.Top())
	}
	has(t, m, "esc back to the form")
	typed(m, "esc")
	if m.stack.Top() != dialog.Dialog(form) {
		t.Errorf("esc leads to %T", m.stack.Top())
	}
}

// sized tells the program the size of its terminal.
func sized(m *Model, w, h int) *Model {
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return m
}

func TestOnlyLeavingIsHeardBelowTheLeastSize(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{59, 40}, {200, 15}, {1, 1}} {
		m := sized(told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(18820341, "running", 0.4)}), size[0], size[1])
		for _, key := range []string{"r", "2", "D", "S", "n", "/", "?", "tab", "enter", "space", "ctrl+r", "esc", "W"} {
			if _, c := m.Update(named(key)); c != nil || !m.stack.Empty() || m.active != view.Market || m.current().Capturing() {
				t.Errorf("%v: %s is heard although nothing is seen", size, key)
			}
		}
		m.Update(tea.PasteMsg{Content: "4090"})
		typed(m, "q")
		if _, asks := m.stack.Top().(*dialog.Quit); !asks {
			t.Fatalf("%v: q opens %T while something bills", size, m.stack.Top())
		}
		typed(m, "enter", "D", "2")
		m.Update(tea.PasteMsg{Content: "q"})
		if _, asks := m.stack.Top().(*dialog.Quit); !asks {
			t.Errorf("%v: another key than q and esc answers", size)
		}
		typed(m, "esc")
		if !m.stack.Empty() {
			t.Errorf("%v: esc does not stay", size)
		}
		typed(m, "q")
		if _, c := m.Update(named("q")); !quits(c) {
			t.Errorf("%v: q twice does not leave", size)
		}
	}
	if _, c := sized(told(root(t, true, nil), time.Now(), nil), 40, 10).Update(named("q")); !quits(c) {
		t.Error("q asks although nothing bills")
	}
}

func TestSmallTerminalLeavesADialogAlone(t *testing.T) {
	t.Parallel()
	m := typed(told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(1, "running", 0.4)}), "?")
	help := m.stack.Top()
	sized(m, 40, 10)
	typed(m, "esc", "enter", "x")
	if m.stack.Top() != help {
		t.Errorf("a dialog that is not seen was answered; on top is %T", m.stack.Top())
	}
	typed(m, "q")
	if _, c := m.Update(named("q")); !quits(c) {
		t.Error("q twice does not leave while a dialog is open")
	}
}

func TestQuestionIsAskedAnewWhenTheTerminalHasGrownAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := typed(told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(18820341, "running", 0.4)}), "2", "D")
		m.View()
		typed(m, "0", "3", "4", "1")
		has(t, m, "to agree  0341")
		sized(m, 100, 30)
		has(t, m, "to agree  0341") // not too small: nothing was hidden
		time.Sleep(time.Second)
		sized(m, 40, 10)
		typed(m, "enter")
		sized(m, 120, 36)
		m.View()
		if strings.Contains(screen(m), "to agree  0341") {
			t.Errorf("what was typed before is still there:\n%s", screen(m))
		}
		time.Sleep(time.Second)
		if typed(m, "enter"); len(m.work) != 0 {
			t.Error("the words of before agreed")
		}
		typed(m, "0", "3", "4", "1")
		time.Sleep(time.Second)
		if typed(m, "enter"); len(m.work) != 1 {
			t.Errorf("typed anew, they do not agree:\n%s", screen(m))
		}
	})
}

func TestOvertakenAnswerChangesNothingButAddsItsOffers(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(1, "running", 0.4)})
	m.Update(command.InstancesLoaded{Answer: command.Answer{Topic: command.Instances, At: time.Now()}})
	if n := len(m.data.Instances.Value.Instances); n != 1 {
		t.Errorf("an answer that nobody awaits left %d instances", n)
	}
	_, fold := m.Update(command.OffersFound{Answer: command.Answer{Topic: command.Offers}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(9)}}})
	m.Update(fold())
	if n := m.data.Offers.Value.Count(); n != 3 {
		t.Errorf("there are %d offers, want the two and the one that came late", n)
	}
	has(t, m, "3 of 3 offers shown")
}

func TestSummaryTellsWhatCameOfAPlan(t *testing.T) {
	t.Parallel()
	step := func(target string) rental.StepResult {
		return rental.StepResult{Verified: true, Step: rental.Step{Target: target}}
	}
	rented, unseen := rental.StepResult{Contract: 77, Verified: true}, rental.StepResult{Contract: 77}
	queued := rental.StepResult{Queued: true}
	other := rental.StepResult{Contract: 78, Verified: true, Differences: []rental.Difference{{What: "disk"}}}
	for _, c := range []struct {
		report rental.Report
		want   string
		clean  bool
	}{
		{rental.Report{Plan: rental.Plan{Verb: "destroy"}, Done: []rental.StepResult{step("#1 a")}}, "destroyed #1 a", true},
		{rental.Report{Plan: rental.Plan{Verb: "stop"}, Done: []rental.StepResult{step("#1"), step("#2")}}, "stopping 2", true},
		{rental.Report{Plan: rental.Plan{Verb: "rent"}, Done: []rental.StepResult{rented}}, "rented: instance 77", true},
		{rental.Report{Plan: rental.Plan{Verb: "start"}, Done: []rental.StepResult{queued}}, "start accepted: it waits for the GPU", true},
		{rental.Report{Plan: rental.Plan{Verb: "rent"}, Done: []rental.StepResult{rented}, Lower: []rental.Change{{Subject: rental.Subject{Offer: 5}, What: "price", Was: "$2/h", Is: "$1/h", Lower: true}}},
			"rented: instance 77; offer 5: price fell from $2/h to $1/h", true},
		{rental.Report{Plan: rental.Plan{Verb: "reboot"}, Done: []rental.StepResult{step("#1")}}, "rebooting #1", true},
		{rental.Report{Plan: rental.Plan{Title: "Destroy 3"}, Done: []rental.StepResult{step("#1")}, Failed: []rental.StepResult{step("#2")}, Unknown: []rental.StepResult{step("#3")}},
			"Destroy 3: 1 done, 1 failed, 1 unknown", false},
		{rental.Report{Plan: rental.Plan{Title: "Rent"}, Err: rental.ErrUsed}, "Rent: " + rental.ErrUsed.Error(), false},
		{rental.Report{Plan: rental.Plan{Title: "Rent"}, Done: []rental.StepResult{other}}, "Rent: 1 done, but not as asked for", false},
		{rental.Report{Plan: rental.Plan{Title: "Rent"}, Done: []rental.StepResult{unseen}}, "Rent: 1 accepted, but not seen to have happened", false},
	} {
		if got := summary(c.report); got != c.want || clean(c.report) != c.clean {
			t.Errorf("%q, clean %t; want %q, %t", got, clean(c.report), c.want, c.clean)
		}
	}
}

func TestAbsurdSizesAreNotBelieved(t *testing.T) {
	t.Parallel()
	if got := clamped(tea.WindowSizeMsg{Width: 1 << 30, Height: 1 << 30}); got != (tea.WindowSizeMsg{Width: mostW, Height: mostH}) {
		t.Errorf("it became %+v", got)
	}
	if got := clamped(tea.FocusMsg{}); got != (tea.FocusMsg{}) {
		t.Errorf("another message became %+v", got)
	}
}

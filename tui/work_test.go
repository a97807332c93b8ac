package tui

import (
	"slices"
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

// toasted is what stands in the corner.
func toasted(m *Model) string {
	return strings.Join(strings.Fields(ansi.Strip(strings.Join(m.toasts.Draw(m.theme, time.Now(), 400), " "))), " ")
}

// shownBelow reports whether the bottom line has a key, room permitting.
func shownBelow(m *Model, key string) bool {
	return slices.ContainsFunc(m.actions(), func(a view.Action) bool { return slices.Contains(a.Key.Keys(), key) && !a.Hidden && a.Disabled == "" })
}

// destroying is a program with one instance, and the plan to destroy it.
func destroying(t *testing.T) (*Model, rental.Plan) {
	t.Helper()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(18820341, "running", 0.4)})
	p, err := rental.PlanDestroy(m.data.Instances.Value.Instances, m.env().Desk)
	if err != nil {
		t.Fatal(err)
	}
	return m, p
}

func TestProgressIsHiddenAndBroughtBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, p := destroying(t)
		m.execute(p)
		has(t, m, "○ destroy  #18820341", "1 change under way")
		typed(m, "esc")
		if !m.stack.Empty() || len(m.work) != 1 {
			t.Fatalf("esc left %T, %d under way", m.stack.Top(), len(m.work))
		}
		if !shownBelow(m, "W") {
			t.Error("the bottom line does not name W")
		}
		m.Update(command.PlanProgressed{Plan: p.ID, Progress: rental.Progress{State: rental.StateAccepted, Note: "the server has it"}})
		typed(m, "W")
		has(t, m, "◐ destroy  #18820341", "the server has it") // what was heard while it was hidden
		typed(m, "W")
		if top := m.stack.Top(); top != dialog.Dialog(m.work[p.ID]) {
			t.Errorf("W above the progress leaves %T", top)
		}
		m.finish(rental.Report{Plan: p, Done: []rental.StepResult{{Step: p.Steps[0], Verified: true}}})
		if !m.stack.Empty() || len(m.work) != 0 {
			t.Errorf("%T stays although all went well, %d under way", m.stack.Top(), len(m.work))
		}
		typed(m, "W")
		if got := toasted(m); !strings.Contains(got, "nothing is under way") || !m.stack.Empty() {
			t.Errorf("W with nothing under way says %q", got)
		}
	})
}

func TestReportThatIsNotCleanComesBackWhenHidden(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, p := destroying(t)
		m.execute(p)
		typed(m, "esc", "/", "4", "0")
		m.finish(rental.Report{Plan: p, Unknown: []rental.StepResult{{Step: p.Steps[0], Why: "no answer came"}}})
		has(t, m, "unknown: destroy #18820341", "no answer came")
		if got := toasted(m); !strings.Contains(got, "1 unknown") {
			t.Errorf("the toast says %q", got)
		}
		if len(m.work) != 0 {
			t.Errorf("%d plans count as under way", len(m.work))
		}
		typed(m, "9", "enter", "0", "esc") // meant for the query
		has(t, m, "unknown: destroy #18820341")
		time.Sleep(time.Second)
		typed(m, "enter")
		if !m.stack.Empty() {
			t.Errorf("%T stays", m.stack.Top())
		}
	})
}

func TestFinishedProgressLiesUnderNoOtherDialog(t *testing.T) {
	t.Parallel()
	m, p := destroying(t)
	m.execute(p)
	m.interrupt()
	m.finish(rental.Report{Plan: p, Done: []rental.StepResult{{Step: p.Steps[0], Verified: true}}})
	typed(m, "esc")
	if !m.stack.Empty() {
		t.Errorf("%T of a plan that has ended is shown as working", m.stack.Top())
	}
}

func TestRentLeadsToTheInstancesOnlyWhoWatched(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys []string
		want view.ID
	}{
		"watched":                 {nil, view.Instances},
		"hidden":                  {[]string{"esc"}, view.Market},
		"hidden, something typed": {[]string{"esc", "/", "4"}, view.Market},
		"under another question":  {[]string{"ctrl+c"}, view.Market},
		"brought back":            {[]string{"esc", "W"}, view.Instances},
	} {
		m := told(root(t, true, nil), time.Now(), nil)
		p := rental.Plan{ID: "p", Verb: "rent", Steps: []rental.Step{{Verb: "rent", Target: "offer 1"}}}
		m.execute(p)
		typed(m, c.keys...)
		m.finish(rental.Report{Plan: p, Done: []rental.StepResult{{Step: p.Steps[0], Contract: 777, Verified: true}}})
		if m.active != c.want {
			t.Errorf("%s: view %d is shown, want %d", name, m.active, c.want)
		}
		if got := toasted(m); !strings.Contains(got, "rented: instance 777") {
			t.Errorf("%s: the toast says %q", name, got)
		}
	}
}

func TestPlanRefusedForMovedFactsIsWorkedOutAnewFromNewOnes(t *testing.T) {
	t.Parallel()
	m, p := destroying(t)
	times, form := 0, "?"
	m.apply(view.Do(view.Confirm{Plan: p, Again: func(_ view.Env, f string) view.Effect {
		times, form = times+1, f
		return view.Do(view.Toast{Text: "worked out anew"})
	}}), true)
	m.execute(p)
	m.finish(rental.Report{Plan: p, Err: rental.ErrMoved, Moved: []rental.Change{{Subject: rental.Subject{Instance: 18820341}, What: "rate", Was: "$1/h", Is: "$2/h"}}})
	if !m.stack.Empty() || len(m.work) != 0 || !strings.Contains(toasted(m), "nothing was sent") {
		t.Errorf("the refusal leaves %T and says %q", m.stack.Top(), toasted(m))
	}
	if times != 0 {
		t.Error("it was worked out anew from the facts that were refused")
	}
	m.react(command.InstancesLoaded{Answer: command.Answer{At: time.Now(), Err: errBroken}})
	if times != 0 {
		t.Error("it was worked out anew although the facts could not be read")
	}
	for range 2 {
		m.react(command.InstancesLoaded{Answer: command.Answer{At: time.Now()}})
	}
	if times != 1 || form != "" {
		t.Errorf("it was worked out anew %d times, for the form %q", times, form)
	}
}

func TestReviewOverAFormKeepsTheForm(t *testing.T) {
	t.Parallel()
	m := typed(told(root(t, true, nil), time.Now(), nil), "r")
	form := m.stack.Top().(*dialog.Form)
	p := rental.Plan{ID: "p", Title: "Rent it", Consent: rental.Consent{Kind: rental.ConsentChoose}}
	for _, found := range []view.Effect{
		view.Do(view.FormFailed{Form: form.ID(), Text: "it has left the market"}),
		view.Do(view.Confirm{Plan: rental.Plan{ID: "next", Consent: p.Consent}, Form: form.ID()}),
	} {
		asked := "?"
		m.apply(view.Do(view.Confirm{Plan: p, Form: form.ID(), Again: func(_ view.Env, f string) view.Effect {
			asked = f
			return view.Effect{}
		}}), true)
		m.review(p)
		if asked != form.ID() || m.stack.Top() != dialog.Dialog(form) {
			t.Fatalf("it is worked out for %q, and on top is %T", asked, m.stack.Top())
		}
		has(t, m, "reading the price again")
		m.apply(found, false)
		if strings.Contains(screen(m), "reading the price again") || !m.stack.Holds(form) {
			t.Errorf("the form does not come back:\n%s", screen(m))
		}
	}
	if c, ok := m.stack.Top().(*dialog.Confirm); !ok || c.Plan().ID != "next" {
		t.Errorf("on top is %T", m.stack.Top())
	}
	typed(m, "esc", "esc")
	m.apply(view.Do(view.Confirm{Plan: p, Form: form.ID()}), false)
	if !m.stack.Empty() {
		t.Errorf("%T opens after the form was closed", m.stack.Top())
	}
}

func TestRowsKnowWhatIsUnderWayForThem(t *testing.T) {
	t.Parallel()
	m, p := destroying(t)
	if got := m.env().Busy[18820341]; got != "" {
		t.Errorf("a %q is under way", got)
	}
	m.execute(p)
	typed(m, "esc", "2", "D")
	if got := m.env().Busy[18820341]; got != "destroy" || !m.stack.Empty() {
		t.Errorf("a %q is under way, and D opens %T", got, m.stack.Top())
	}
	if got := toasted(m); !strings.Contains(got, "a destroy of 18820341 is under way") {
		t.Errorf("D says %q", got)
	}
}

func TestLoggingOutClosesEveryDialog(t *testing.T) {
	t.Parallel()
	refused := &vastapi.Error{Kind: vastapi.KindAuth, Status: 401}
	m := typed(told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(18820341, "running", 0.4)}), "2", "D")
	m.react(command.UserLoaded{Answer: command.Answer{Topic: command.User, Err: refused}})
	if m.session.phase != loggedOut || !m.stack.Empty() {
		t.Fatalf("phase %d, and %T is open", m.session.phase, m.stack.Top())
	}
	m.Update(tea.PasteMsg{Content: "SENTINEL"})
	if s := screen(m); strings.Contains(s, "SENTINEL") || !strings.Contains(s, "••••••••") {
		t.Errorf("the key is not typed where it is hidden:\n%s", s)
	}
}

func TestAnotherKeyBeginsWithNothingOfTheAccountBefore(t *testing.T) {
	t.Parallel()
	m, p := destroying(t)
	m.data.User.Value.Credit = 41.2
	m.execute(p)
	typed(m, "esc", "2")
	m.toast("of the first account", view.Bad)
	m.session.open, m.session.moving = 3, true
	m.again["old"] = func(view.Env, string) view.Effect { return view.Effect{} }
	m.replan = append(m.replan, m.again["old"])
	old := m.load(command.Instances)
	m.stack.Push(dialog.NewQuit(nil))

	m.react(command.KeyTried{Connected: command.Connected{API: world{}, Source: "keyring"}})
	if m.data.Instances.Told() || m.data.User.Told() || m.data.Offers.Told() || m.session.open != 0 || m.session.moving {
		t.Errorf("known is still %+v of the account before", m.session)
	}
	if len(m.again) != 0 || len(m.replan) != 0 || !m.stack.Empty() {
		t.Errorf("%d and %d plans can be worked out anew, and %T is open", len(m.again), len(m.replan), m.stack.Top())
	}
	if got := toasted(m); strings.Contains(got, "first account") || !strings.Contains(got, "logged in; the key is from the keyring") {
		t.Errorf("the toasts say %q", got)
	}
	if len(m.work) != 1 {
		t.Error("what was sent with the key before is forgotten")
	}
	m.Update(old().(command.InstancesLoaded))
	if m.data.Instances.Told() {
		t.Error("an answer for the key before is taken in")
	}
	m.finish(rental.Report{Plan: p, Failed: []rental.StepResult{{Step: p.Steps[0], Why: "it was refused"}}})
	has(t, m, "failed: destroy #18820341", "it was refused")
}

func TestEarlierRunIsSettledInItsOwnAccountOnly(t *testing.T) {
	t.Parallel()
	m := root(t, false, nil)
	m.react(command.KeyFound{Connected: command.Connected{API: world{}, Source: "keyring"}})
	if m.cmd.Busy("recover") || m.cmd.Account() != "" {
		t.Error("what was left open is looked for before it is known whose account this is")
	}
	m.react(command.UserLoaded{Answer: command.Answer{Topic: command.User, Err: errBroken}})
	if m.cmd.Busy("recover") || m.cmd.Account() != "" {
		t.Error("an account that could not be read counts")
	}
	m.react(command.UserLoaded{Answer: command.Answer{Topic: command.User}, User: vastapi.User{ID: 31}})
	if !m.cmd.Busy("recover") || m.cmd.Account() != "31" {
		t.Errorf("what was left open is not looked for in account %q", m.cmd.Account())
	}
	m.cmd.Cancel("recover")
	m.react(command.UserLoaded{Answer: command.Answer{Topic: command.User}, User: vastapi.User{ID: 31}})
	if m.cmd.Busy("recover") {
		t.Error("it is looked for at each poll of the account")
	}
}

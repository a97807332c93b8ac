package dialog

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/rental"
)

func TestProgressShowsEachStepWithoutColour(t *testing.T) {
	t.Parallel()
	p := destroy(t, instance(18820341, "a"), instance(18820342, "b"), instance(18820343, "c"))
	d := NewProgress(p)
	if d.Plan().ID != "plan" {
		t.Errorf("it follows %q", d.Plan().ID)
	}
	if s := plain(d, 80, 30); strings.Count(s, "○ destroy") != 3 || !strings.Contains(s, "esc hides this, the work goes on") {
		t.Errorf("at the start:\n%s", s)
	}
	for n, c := range []struct {
		state rental.StepState
		want  string
	}{
		{rental.StateSending, "◐ destroy"}, {rental.StateAccepted, "◐ destroy"}, {rental.StateVerified, "✓ destroy"},
		{rental.StateFailed, "✗ destroy"}, {rental.StateSkipped, "– destroy"}, {rental.StateUnknown, "? destroy"},
	} {
		d.Step(rental.Progress{Step: n % 3, State: c.state, Note: "a word about it"})
		if s := plain(d, 80, 30); !strings.Contains(s, c.want) || !strings.Contains(s, "a word about it") {
			t.Errorf("%q is not there:\n%s", c.want, s)
		}
	}
	before := plain(d, 80, 30)
	d.Step(rental.Progress{Step: 3, State: rental.StateFailed})
	d.Step(rental.Progress{Step: -1, State: rental.StateFailed})
	if plain(d, 80, 30) != before {
		t.Error("steps that the plan does not have changed the picture")
	}
}

func TestProgressIsHiddenByEscAndClosedByEnterOnceAllIsKnown(t *testing.T) {
	t.Parallel()
	p := destroy(t, instance(18820341, "a"))
	d := NewProgress(p)
	c := clock{d, noon}
	if o := c.press(0, "enter"); o.Verdict != Open {
		t.Errorf("enter while it works gave verdict %d", o.Verdict)
	}
	if o := c.press(0, "esc"); o.Verdict != Closed {
		t.Errorf("esc while it works gave verdict %d", o.Verdict)
	}
	report := rental.Report{Plan: p, Failed: []rental.StepResult{{Step: p.Steps[0], Why: "the server refused it"}}}
	d.Done(report, c.now)
	if o := c.press(time.Second, "y", "tab", "D"); o.Verdict != Open {
		t.Errorf("another key gave verdict %d", o.Verdict)
	}
	for _, key := range []string{"enter", "q", "esc"} {
		d.Done(report, c.now)
		if o := c.press(400*ms, key); o.Verdict != Closed {
			t.Errorf("%s at the end gave verdict %d", key, o.Verdict)
		}
	}
}

// A report may come back above something that is being typed.
func TestReportIsNotClosedByAKeyMeantForSomethingElse(t *testing.T) {
	t.Parallel()
	p := destroy(t, many(40)...)
	d := NewProgress(p)
	d.Done(rental.Report{Plan: p, Failed: []rental.StepResult{{Step: p.Steps[0], Why: "the server refused it"}}}, noon)
	before := plain(d, 80, 20)
	c := clock{d, noon}
	for _, key := range []string{"4", "0", "j", "enter", "esc", "q", "enter"} {
		if o := c.press(399*ms, key); o.Verdict != Open {
			t.Fatalf("%s gave verdict %d", key, o.Verdict)
		}
	}
	if plain(d, 80, 20) != before {
		t.Error("a key in that rhythm scrolled it")
	}
	if o := c.press(400*ms, "enter"); o.Verdict != Closed {
		t.Errorf("after a moment of quiet enter gave verdict %d", o.Verdict)
	}
}

func TestReportNamesEverythingThatDidNotGoAsPlanned(t *testing.T) {
	t.Parallel()
	p := destroy(t, instance(18820341, "a"), instance(18820342, "b"), instance(18820343, "c"), instance(18820344, "d"))
	result := func(n int, why string) []rental.StepResult {
		return []rental.StepResult{{Step: p.Steps[n], Why: why}}
	}
	d := NewProgress(p)
	d.Done(rental.Report{
		Plan: p, Failed: result(0, "it was refused"), Unknown: result(1, "no answer came"), Skipped: result(2, "not needed"), NotTried: result(3, "the credit ended"),
		Err: errors.New("said already by the steps"),
	}, noon)
	s := plain(d, 100, 50)
	for _, want := range []string{
		"failed: destroy #18820341", "it was refused", "unknown: destroy #18820342", "no answer came",
		"skipped: destroy #18820343", "not needed", "not tried: destroy #18820344", "the credit ended", "enter, q or esc closes",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not there:\n%s", want, s)
		}
	}
	if strings.Contains(s, "said already") {
		t.Errorf("the plan's error repeats what its steps say:\n%s", s)
	}
	d.Done(rental.Report{Plan: p, Moved: []rental.Change{{Subject: rental.Subject{Offer: 7}, Gone: true}}, Err: rental.ErrMoved}, noon)
	if s := plain(d, 100, 50); !strings.Contains(s, "! offer 7 is gone") || !strings.Contains(s, "Nothing was sent") {
		t.Errorf("what moved is not told:\n%s", s)
	}
	d.Done(rental.Report{Plan: p, Err: rental.ErrJournal}, noon)
	if s := plain(d, 200, 50); !strings.Contains(s, "the journal on disk cannot be used") {
		t.Errorf("why nothing was done is not told:\n%s", s)
	}
	d.Done(rental.Report{Plan: p, Done: []rental.StepResult{{Step: p.Steps[0], Differences: []rental.Difference{{What: "disk", Asked: "40 GB", Got: "10 GB"}}}}}, noon)
	if s := plain(d, 200, 50); !strings.Contains(s, "not what was asked for: disk is 10 GB, asked for was 40 GB") {
		t.Errorf("a difference is not told:\n%s", s)
	}
}

func TestEndOfALongReportIsReached(t *testing.T) {
	t.Parallel()
	p := destroy(t, many(40)...)
	d := NewProgress(p)
	r := rental.Report{Plan: p}
	for _, s := range p.Steps {
		r.Failed = append(r.Failed, rental.StepResult{Step: s, Why: "it was refused"})
	}
	r.Failed[len(r.Failed)-1].Why = "the very last word"
	d.Done(r, noon)
	c := clock{d, noon}
	for range 200 {
		plain(d, 60, 14)
		c.press(time.Second, "pgdown", "down")
	}
	s := plain(d, 60, 14)
	if !strings.Contains(s, "last word") || !strings.Contains(s, "enter, q or esc closes") {
		t.Errorf("the end is not reached:\n%s", s)
	}
	framed(t, "report", s)
	c.press(time.Second, "up")
	if plain(d, 60, 14) == s {
		t.Error("up does not go back at once")
	}
}

func TestProgressIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	p := destroy(t, many(8)...)
	d := NewProgress(p)
	everySize(t, d, 7)
	for n := range p.Steps {
		d.Step(rental.Progress{Step: n, State: rental.StepState(n), Note: hostile[n]})
	}
	everySize(t, d, 29)
	r := rental.Report{Plan: p, Err: errors.New(hostile[1])}
	for n, s := range p.Steps {
		r.Unknown = append(r.Unknown, rental.StepResult{Step: s, Why: hostile[n]})
	}
	d.Done(r, noon)
	everySize(t, d, 97)
}

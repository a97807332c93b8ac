package dialog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// fleet is a plan to rent want of n offers.
func fleet(t *testing.T, n, want, least int, name string) rental.Plan {
	t.Helper()
	var list []vastapi.Offer
	for i := range n {
		list = append(list, vastapi.Offer{
			ID: vastapi.OfferID(7000 + i), MachineID: vastapi.MachineID(500 + i), HostID: vastapi.HostID(30 + i), GPUName: safetext.New(name), NumGPUs: 1, GPURAM: 24564,
			CUDA: 12.8, DiskSpace: 500, DphBase: 0.4 + vastapi.Rate(i)/100, StorageCost: 0.15, Reliability: 0.9951, DirectPorts: 50,
			Verification: safetext.New("verified"), Rentable: vastapi.FlagYes, Geolocation: safetext.New(name + ", SE"), Duration: 90 * 24 * time.Hour,
		})
	}
	p, err := rental.PlanFleet(list, noon, rental.FleetOptions{
		Rent: rental.RentOptions{Image: "pytorch/pytorch:latest", Disk: 40, Name: "train"}, Count: want, Least: least, Ceiling: 2,
	}, desk())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rented is the result of a step that went well.
func rented(p rental.Plan, n int) rental.StepResult {
	return rental.StepResult{Index: n, Step: p.Steps[n], Outcome: vastapi.OutcomeConfirmed, Contract: vastapi.InstanceID(9000 + n), Verified: true, Sent: noon, Seen: noon}
}

func refused(p rental.Plan, n int, kind vastapi.Kind) rental.StepResult {
	return rental.StepResult{Index: n, Step: p.Steps[n], Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: kind, Status: 400}, Why: "the server refused it"}
}

// ended is the dialog with a report, after a moment of quiet.
func ended(r rental.Report) *clock {
	d := NewProgress(r.Plan)
	d.Done(r, noon)
	return &clock{d, noon.Add(time.Second)}
}

func actionsOf(r rental.Report) string {
	var list []string
	for _, c := range choicesOf(r) {
		list = append(list, string(c.action.Kind))
	}
	return strings.Join(list, ", ")
}

func TestEachTroubleHasItsActionsOnceAndWithAKey(t *testing.T) {
	t.Parallel()
	p := fleet(t, 9, 3, 3, "RTX 4090")
	gone := rental.StepResult{Index: 1, Step: p.Steps[1], Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: vastapi.KindGone}, Why: "it is gone"}
	left := refused(p, 2, vastapi.KindRejected)
	left.Contract = 9100
	differs := rented(p, 0)
	differs.Delivered = &vastapi.Instance{ID: 9000, HostID: 30, MachineID: 500}
	differs.Differences = []rental.Difference{{What: "disk", Asked: "40 GB", Got: "10 GB", Extra: 0.01}}
	single := rent(t, "RTX 4090")
	alone := refused(single, 0, vastapi.KindRejected)
	alone.Contract = 9100
	for name, c := range map[string]struct {
		report rental.Report
		want   string
	}{
		"all well":      {rental.Report{Plan: p, Done: []rental.StepResult{rented(p, 0), rented(p, 1), rented(p, 2)}}, ""},
		"short":         {rental.Report{Plan: p, Done: []rental.StepResult{rented(p, 0)}, Skipped: []rental.StepResult{gone, gone}}, "take back, rent next, search"},
		"nothing":       {rental.Report{Plan: p, Skipped: []rental.StepResult{gone}}, "rent next, search"},
		"left behind":   {rental.Report{Plan: single, Failed: []rental.StepResult{alone}}, "destroy leftovers, look"},
		"short, left":   {rental.Report{Plan: p, Done: []rental.StepResult{rented(p, 0)}, Failed: []rental.StepResult{left}}, "take back, destroy leftovers, look"},
		"not as asked":  {rental.Report{Plan: single, Done: []rental.StepResult{differs}}, "destroy, block, look"},
		"credit":        {rental.Report{Plan: single, Failed: []rental.StepResult{refused(single, 0, vastapi.KindCredit)}}, "add credit, rent next, search"},
		"image":         {rental.Report{Plan: single, Failed: []rental.StepResult{refused(single, 0, vastapi.KindImage)}}, "edit"},
		"key":           {rental.Report{Plan: single, Failed: []rental.StepResult{refused(single, 0, vastapi.KindAuth)}}, "log in"},
		"rate limit":    {rental.Report{Plan: single, Failed: []rental.StepResult{refused(single, 0, vastapi.KindRateLimited)}}, "retry"},
		"things moved":  {rental.Report{Plan: single, Err: rental.ErrMoved, Moved: []rental.Change{{Gone: true}}}, ""},
		"skipped, full": {rental.Report{Plan: p, Done: []rental.StepResult{rented(p, 0), rented(p, 2), rented(p, 3)}, Skipped: []rental.StepResult{gone}}, ""},
	} {
		if got := actionsOf(c.report); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		d := ended(c.report)
		s := plain(d.d, 100, 50)
		for n, one := range choicesOf(c.report) {
			if !strings.Contains(s, fmt.Sprintf(" %d  %s", n+1, one.action.Text)) {
				t.Errorf("%s: %q has no key beside it:\n%s", name, one.action.Text, s)
			}
			o := d.press(time.Second, fmt.Sprint(n+1))
			if o.Verdict != Chosen || o.Action.Kind != one.action.Kind || o.Report == nil {
				t.Errorf("%s: key %d gave %+v", name, n+1, o.Verdict)
			}
		}
		if o := d.press(time.Second, "9"); o.Verdict != Open {
			t.Errorf("%s: a key that does nothing gave %d", name, o.Verdict)
		}
		everySize(t, d.d, 173)
	}
}

func TestNoKeyOfAReportActsInTheRhythmOfTyping(t *testing.T) {
	t.Parallel()
	p := fleet(t, 9, 3, 3, "RTX 4090")
	d := NewProgress(p)
	d.Done(rental.Report{Plan: p, Done: []rental.StepResult{rented(p, 0)}}, noon)
	c := clock{d, noon}
	for _, key := range []string{"1", "c", "J", "w", "x", "1", "2"} {
		if o := c.press(399*ms, key); o.Verdict != Open {
			t.Errorf("%s gave %d", key, o.Verdict)
		}
	}
	if o := c.press(400*ms, "1"); o.Verdict != Chosen {
		t.Errorf("after a moment of quiet 1 gave %d", o.Verdict)
	}
}

func TestReportSaysDoneOnlyWhenAllWasSeenAsAgreed(t *testing.T) {
	t.Parallel()
	p := fleet(t, 9, 3, 0, "RTX 4090")
	all := []rental.StepResult{rented(p, 0), rented(p, 1), rented(p, 2)}
	unseen := slices.Clone(all)
	unseen[2].Verified = false
	differs := slices.Clone(all)
	differs[1].Differences = []rental.Difference{{What: "disk", Asked: "40 GB", Got: "10 GB"}}
	for name, c := range map[string]struct {
		report rental.Report
		done   bool
		want   string
	}{
		"all":       {rental.Report{Plan: p, Done: all}, true, "3 of 3"},
		"two":       {rental.Report{Plan: p, Done: all[:2]}, false, "2 of 3"},
		"not seen":  {rental.Report{Plan: p, Done: unseen}, false, "1 not seen yet"},
		"otherwise": {rental.Report{Plan: p, Done: differs}, false, "1 not as asked for"},
		"unknown":   {rental.Report{Plan: p, Done: all[:2], Unknown: []rental.StepResult{{Index: 2, Step: p.Steps[2], Outcome: vastapi.OutcomeUnknown}}}, false, "1 not known"},
	} {
		s := plain(ended(c.report).d, 100, 40)
		if strings.Contains(strings.ToLower(s), "done") != c.done || !strings.Contains(s, c.want) {
			t.Errorf("%s: %q is missing, or it says done:\n%s", name, c.want, s)
		}
	}
}

func TestTableIsCopiedAsTextAndJSONAndSaved(t *testing.T) {
	t.Parallel()
	p := fleet(t, 9, 2, 0, "RTX 4090")
	r := rental.Report{Plan: p, Done: []rental.StepResult{rented(p, 0), rented(p, 1)}}
	c := ended(r)
	if o := c.press(time.Second, "c"); o.Verdict != Copied || o.Text != r.Text() {
		t.Errorf("c gave %+v", o)
	}
	if o := c.press(time.Second, "J"); o.Verdict != Copied || !strings.Contains(o.Text, `"instance_id":9001`) {
		t.Errorf("J gave %+v", o)
	}
	if o := c.press(time.Second, "w"); o.Verdict != Saving || o.Report == nil {
		t.Errorf("w gave %+v", o)
	}
	if o := c.press(time.Second, "enter"); o.Verdict != Closed || o.Report == nil {
		t.Errorf("enter gave %+v", o)
	}
	none := ended(rental.Report{Plan: destroy(t, instance(1, "a"))})
	for _, key := range []string{"c", "J", "w"} {
		if o := none.press(time.Second, key); o.Verdict != Open {
			t.Errorf("%s without a table gave %d", key, o.Verdict)
		}
	}
}

func TestStoppingIsAskedOnceAndNotByAHeldKey(t *testing.T) {
	t.Parallel()
	c := clock{NewProgress(fleet(t, 9, 3, 0, "RTX 4090")), noon}
	for range 50 {
		if o := c.press(33*ms, "x"); o.Verdict != Open {
			t.Fatalf("a held x gave %d", o.Verdict)
		}
	}
	if s := plain(c.d, 100, 40); !strings.Contains(s, "x again stops after the one in flight") {
		t.Errorf("it does not ask:\n%s", s)
	}
	if o := c.press(time.Second, "x"); o.Verdict != Halting || o.Plan.ID != "plan" {
		t.Errorf("the second x gave %d", o.Verdict)
	}
	if s := plain(c.d, 100, 40); !strings.Contains(s, "stopping: what is in flight is finished") {
		t.Errorf("it does not say that it stops:\n%s", s)
	}
	if o := c.press(time.Second, "x"); o.Verdict != Open {
		t.Errorf("a third x gave %d", o.Verdict)
	}
}

func TestFleetProgressCountsWhatIsRentedAndWhatIsLeft(t *testing.T) {
	t.Parallel()
	p := fleet(t, 9, 3, 0, "RTX 4090")
	d := NewProgress(p)
	plain(d, 100, 40)
	d.Step(rental.Progress{Step: 0, State: rental.StateVerified})
	d.Step(rental.Progress{Step: 1, State: rental.StateSkipped, Note: "it is gone"})
	d.Step(rental.Progress{Step: 2, State: rental.StateSending})
	s := plain(d, 100, 40)
	for _, want := range []string{"✓ rent  offer 7000  $0.408/h  machine 500", "– rent  offer 7001", "it is gone", "◐ rent  offer 7002", "○ rent  offer 7003", "and 5 to fall back on", "1 of 3 rented · 0s of about 9s"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not there:\n%s", want, s)
		}
	}
	if strings.Contains(s, "offer 7004") {
		t.Errorf("a candidate that may not be needed stands among those that are:\n%s", s)
	}
	everySize(t, d, 53)
}

func TestFleetPlanNamesCandidatesMoneyAndOneRequest(t *testing.T) {
	t.Parallel()
	p := fleet(t, 6, 3, 2, "RTX 4090")
	d := NewConfirm(p, noon, false, false)
	s := plain(d, 120, 80)
	for _, want := range []string{
		"until 3 are rented, which takes about 9s", "When fewer than 2 can be had", "1  rent  offer 7000  $0.408/h", "to fall back on", "4  rent  offer 7003",
		"account $/h", "a month", "sends PUT /api/v0/asks/7000/", "and up to 5 more like it", "checks:", "✓ ", "worked out from facts read just now",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not there:\n%s", want, s)
		}
	}
	if n := strings.Count(s, "sends PUT"); n != 1 {
		t.Errorf("%d requests are shown at first", n)
	}
	c := clock{d, noon}
	c.press(time.Second, "R")
	if s := plain(d, 120, 200); strings.Count(s, "sends PUT") != 6 {
		t.Errorf("not all requests are shown:\n%s", s)
	}
	c.press(time.Second, "R")
	if s := plain(d, 120, 80); strings.Count(s, "sends PUT") != 1 {
		t.Errorf("R does not fold them again:\n%s", s)
	}
	everySize(t, NewConfirm(fleet(t, 12, 3, 2, hostile[1]), noon, false, false), 37)
}

func TestVanishedCandidatesAreStruckOutWhileEnoughAreLeft(t *testing.T) {
	t.Parallel()
	p := fleet(t, 6, 3, 0, "RTX 4090")
	gone := func(n int) rental.Change {
		return rental.Change{Subject: p.Steps[n].Subject, What: "offer", Gone: true}
	}
	d := NewConfirm(p, noon, false, false)
	d.News([]rental.Change{gone(0), gone(4), {Subject: p.Steps[1].Subject, What: "price", Was: "$1/h", Is: "$2/h"}}, noon)
	s := plain(d, 120, 80)
	if strings.Contains(s, "Review changes") || strings.Count(s, "is gone") != 2 || strings.Count(s, "left out: price is another") != 1 {
		t.Errorf("three of six are gone, three are wanted:\n%s", s)
	}
	if head, _, _ := strings.Cut(s, "account $/h"); !strings.Contains(head, "offer 7004") {
		t.Errorf("those that take their place do not stand among the first:\n%s", s)
	}
	c := clock{shown(d), noon}
	c.press(time.Second, "tab")
	if o := c.press(time.Second, "enter"); o.Verdict != Agreed {
		t.Errorf("enter gave %d", o.Verdict)
	}
	d.News([]rental.Change{gone(0), gone(1), gone(2), gone(3)}, noon)
	if s := plain(d, 120, 80); !strings.Contains(s, "Review changes") {
		t.Errorf("too few are left:\n%s", s)
	}
	d = NewConfirm(p, noon, false, false)
	d.News([]rental.Change{{What: "credit", Was: "at least $1", Is: "$0"}}, noon)
	if s := plain(d, 120, 80); !strings.Contains(s, "Review changes") {
		t.Errorf("a change of the account is passed over:\n%s", s)
	}
}

func TestPlanIsCopiedAsVastaiAndThenAsCurlAndThatAgreesToNothing(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]rental.Plan{
		"rent": rent(t, "RTX 4090"), "destroy": destroy(t, instance(18820341, "a"), instance(18820342, "b")), "fleet": fleet(t, 6, 3, 0, "RTX 4090"),
	} {
		c := clock{shown(NewConfirm(p, noon, false, false)), noon}
		if o := c.press(time.Second, "C"); o.Verdict != Copied || o.Text != p.Official() || o.Curl {
			t.Errorf("%s: C gave %+v", name, o)
		}
		if s := plain(c.d, 120, 60); !strings.Contains(s, "copied as vastai lines") || !strings.Contains(s, "Nothing was agreed to") {
			t.Errorf("%s: it does not say what was copied:\n%s", name, s)
		}
		if o := c.press(time.Second, "C"); o.Verdict != Copied || !o.Curl || o.Plan.ID != p.ID {
			t.Errorf("%s: the second C gave %+v", name, o)
		}
		if o := c.press(time.Second, "c"); o.Verdict != Copied || !o.Curl {
			t.Errorf("%s: c gave %+v", name, o)
		}
		if o := c.press(time.Second, "enter"); o.Verdict == Agreed {
			t.Errorf("%s: copying and enter agreed", name)
		}
		if curl := p.Curl("https://console.vast.ai"); !strings.Contains(curl, "$VAST_API_KEY") {
			t.Errorf("%s: the line does not leave the key to the shell: %s", name, curl)
		}
	}
	typed := destroy(t, instance(18820341, "a"))
	typed.Consent.Words = "Cache c" // as a volume may be called
	c := clock{shown(NewConfirm(typed, noon, false, false)), noon}
	if c.text("Cache c"); c.press(time.Second, "enter").Verdict != Agreed {
		t.Error("words with these letters cannot be typed")
	}
}

func TestMoneyIsShownPerHourAndMonth(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	p.Cost.Before, p.Cost.After, p.Cost.Change, p.Cost.DueNow, p.Cost.Credit = 1, 1.5, 0.5, 12, 42
	s := plain(NewConfirm(p, noon, false, false), 120, 60)
	for _, want := range []string{"$1.000/h → $1.500/h: adds $0.500/h, $12.00 a day", "a month", "$720.00 → $1,080.00: adds $360.00", "paid at once", "$12.00",
		"$42.00 → $30.00, lasts 1d 18h → 20h"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not there:\n%s", want, s)
		}
	}
}

func TestChecksAreAListOfPassWarnAndFail(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	p.Checks = []rental.Check{
		{Name: "a", Text: "this one holds", OK: true}, {Name: "b", Text: "this one needs a look", OK: true, Warn: true}, {Name: "c", Text: "this one fails", Figure: "512"},
	}
	p.Consent = rental.Consent{Kind: rental.ConsentType, Words: "512"}
	s := plain(NewConfirm(p, noon, false, false), 120, 80)
	for _, want := range []string{"✗ this one fails", "checks: 1 pass, 1 to look at, 1 fail (above)", "! this one needs a look", "✓ this one holds"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not there:\n%s", want, s)
		}
	}
}

func TestLongTableGivesAReasonOnce(t *testing.T) {
	t.Parallel()
	p := fleet(t, 12, 3, 3, "RTX 4090")
	r := rental.Report{Plan: p, Done: []rental.StepResult{rented(p, 0)}, Err: errors.New("no candidate is left")}
	for n := 1; n < len(p.Steps); n++ {
		r.Skipped = append(r.Skipped, rental.StepResult{Index: n, Step: p.Steps[n], Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: vastapi.KindGone}, Why: "somebody else was quicker"})
	}
	s := plain(ended(r).d, 100, 50)
	if strings.Count(s, "somebody else was quicker") != 1 || strings.Count(s, "skipped") != len(r.Skipped) {
		t.Errorf("the table is:\n%s", s)
	}
	everySize(t, ended(r).d, 61)
}

func TestDifferenceOfOneMachineIsToldOnce(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	s := rental.StepResult{Step: p.Steps[0], Outcome: vastapi.OutcomeConfirmed, Contract: 9000, Verified: true, Differences: []rental.Difference{{What: "disk", Asked: "40 GB", Got: "10 GB"}}}
	if text := plain(ended(rental.Report{Plan: p, Done: []rental.StepResult{s}}).d, 100, 40); strings.Count(text, "10 GB") != 1 {
		t.Errorf("that the disk has 10 GB is told %d times:\n%s", strings.Count(text, "10 GB"), text)
	}
}

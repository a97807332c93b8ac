package rental

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

// coming is an instance that was rented just now: it runs for $8.020/h once it does.
func coming(id vastapi.InstanceID) vastapi.Instance {
	i := instance(id, "a")
	i.Actual, i.DphBase, i.DphTotal, i.IfRunning, i.BilledNow = safetext.New("loading"), 8, 8.02, 8.02, 0.02
	return i
}

func deskOf(all ...vastapi.Instance) Desk {
	d := fixed()
	d.Instances, d.Burn = all, pricing.Account(all, nil)
	return d
}

func factsOf(p Plan) string {
	var b strings.Builder
	for _, l := range p.Facts {
		fmt.Fprintln(&b, l.Label, l.Value)
	}
	return b.String()
}

func warningsOf(p Plan) string {
	var b strings.Builder
	for _, w := range p.Warnings {
		fmt.Fprintln(&b, w.Text)
	}
	return b.String()
}

// TestAStartIsHeldAgainstTheCapsWhateverIsBilledNow holds that what is being stopped, and
// is billed a moment longer as if it ran, is not taken for something that gets cheaper.
func TestAStartIsHeldAgainstTheCapsWhateverIsBilledNow(t *testing.T) {
	t.Parallel()
	i := stopped(1, "a")
	i.BilledNow = pricing.Running(&i).Total() + 0.001
	d := deskOf(i, coming(2), coming(3), coming(4))
	d.OpenRate = 5
	p := must(t)(PlanStart([]vastapi.Instance{i}, d))
	if len(p.Checks) != 3 || p.Consent.Kind != ConsentType || p.Ceiling.unlimited() {
		t.Errorf("checks %+v, consent %+v, ceiling %+v", p.Checks, p.Consent, p.Ceiling)
	}
}

func TestAPlanCountsWhatWasAgreedToAMinuteAgo(t *testing.T) {
	t.Parallel()
	d := deskOf(coming(1), coming(2), coming(3))
	d.OpenRate, d.Credit = 0.5, 100
	p := must(t)(PlanRent(offer(77), noon, someOptions, d))
	if got := pricing.Shown(p.Cost.Before); got != "$24.56/h" {
		t.Errorf("before: %s", got)
	}
	if p.Consent.Kind != ConsentChoose || p.Cost.RunwayBefore.Lasts < 4*time.Hour || p.Cost.RunwayBefore.Lasts > 5*time.Hour {
		t.Errorf("consent %+v, lasts %s", p.Consent, p.Cost.RunwayBefore.Lasts)
	}
	if !strings.Contains(warningsOf(p), "Credit of $100.00 lasts 4h then") {
		t.Errorf("warnings:\n%s", warningsOf(p))
	}
	d.Instances = append(d.Instances, coming(4))
	d.Burn = pricing.Account(d.Instances, nil)
	if p = must(t)(PlanRent(offer(77), noon, someOptions, d)); p.Consent.Words != "32.99" {
		t.Errorf("above the cap on everything %q is typed", p.Consent.Words)
	}
}

func TestWhatIsNotBilledYetIsAvoidedNotSaved(t *testing.T) {
	t.Parallel()
	halting := instance(4, "h")
	halting.Intended = safetext.New("stopped")
	mute := instance(5, "m")
	mute.Actual, mute.DphBase, mute.DphTotal, mute.IfRunning, mute.BilledNow = safetext.New("loading"), nan, nan, nan, nan
	away := instance(6, "off")
	away.Actual, away.BilledNow = safetext.New("offline"), 0
	list := []vastapi.Instance{coming(1), instance(2, "r"), stopped(3, "s"), halting, mute, away}
	p := must(t)(PlanDestroy(list, deskOf(list...)))
	want := "#1 avoids $8.020/h\n#2 saves $0.820/h\n#3 saves $0.020/h\n#4 saves $0.020/h\n#5 what it costs is not known\n#6 avoids $0.820/h\n"
	if got := factsOf(p); got != want {
		t.Errorf("destroy:\n%s", got)
	}
	p = must(t)(PlanStop([]vastapi.Instance{coming(1), instance(2, "r"), away}, deskOf(list...)))
	want = "#1 would rise to $8.020/h, stays at $0.020/h for the disk\n#2 $0.820/h falls to $0.020/h for the disk\n" +
		"#6 would rise to $0.820/h, comes to $0.020/h for the disk instead\n"
	if got := factsOf(p); got != want {
		t.Errorf("stop:\n%s", got)
	}
	p = must(t)(PlanStart([]vastapi.Instance{stopped(3, "s"), halting}, deskOf(list...)))
	if got := factsOf(p); got != "#3 $0.020/h rises to $0.820/h\n#4 would fall to $0.020/h, stays at $0.820/h\n" {
		t.Errorf("start:\n%s", got)
	}
	if rate := p.Steps[1].Rate; rate < 0.79 || rate > 0.81 {
		t.Errorf("starting one that is being stopped counts %v", rate)
	}
}

var nan = vastapi.Unknown[vastapi.Rate]()

func TestDestroyingOneOnItsWayTakesItOffTheBill(t *testing.T) {
	t.Parallel()
	all := []vastapi.Instance{coming(1), instance(2, "r")}
	p := must(t)(PlanDestroy(all[:1], deskOf(all...)))
	if pricing.Shown(p.Cost.Before) != "$8.840/h" || pricing.Shown(p.Cost.After) != "$0.820/h" {
		t.Errorf("%s to %s", pricing.Shown(p.Cost.Before), pricing.Shown(p.Cost.After))
	}
}

// agreedTo is a rent that may bring the account to exactly what it is planned to.
func agreedTo(t *testing.T, d Desk) Plan {
	t.Helper()
	p := must(t)(PlanRent(offer(77), d.Now, someOptions, d))
	p.Ceiling.Total = p.Cost.After
	return p
}

func TestARentThatTheReadingShowsIsCountedOnce(t *testing.T) {
	for name, shift := range map[string]time.Duration{"read before its answer": -time.Second, "read after": time.Second} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, j := newAccount(), &memory{}
				a.credit = 1000
				checkCounts(t, Execute(t.Context(), a.deps(j), a.rentPlan(t), nil), 1, 0, 0, 0, 0)
				ops, err := Open(j)
				if err != nil {
					t.Fatal(err)
				}
				d := a.desk(t)
				d.At = ops.All()[0].Ended.Add(shift)
				p := agreedTo(t, d)
				if pricing.Shown(p.Cost.Before) != "$0.407/h" {
					t.Errorf("before: %s", pricing.Shown(p.Cost.Before))
				}
				checkCounts(t, Execute(t.Context(), a.deps(j), p, nil), 1, 0, 0, 0, 0)
			})
		})
	}
}

func TestARentThatTheReadingDoesNotShowIsCounted(t *testing.T) {
	for name, shift := range map[string]time.Duration{"read before": -time.Second, "read just after, from a list that was behind": 5 * time.Second} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, j := newAccount(), &memory{}
				a.credit = 1000
				old := a.desk(t)
				checkCounts(t, Execute(t.Context(), a.deps(j), a.rentPlan(t), nil), 1, 0, 0, 0, 0)
				ops, err := Open(j)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(6 * time.Second)
				old.Now, old.At = time.Now(), ops.All()[0].Ended.Add(shift)
				r := Execute(t.Context(), a.deps(j), agreedTo(t, old), nil)
				if len(a.calls) != 1 || r.Err == nil || !strings.Contains(r.Err.Error(), "would come to $0.813/h") {
					t.Errorf("%d requests, %v", len(a.calls), r.Err)
				}
			})
		})
	}
}

func TestARentThatWasDestroyedSinceIsNotCounted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.credit = 1000
		checkCounts(t, Execute(t.Context(), a.deps(j), a.rentPlan(t), nil), 1, 0, 0, 0, 0)
		checkCounts(t, Execute(t.Context(), a.deps(j), must(t)(PlanDestroy(a.instances, a.desk(t))), nil), 1, 0, 0, 0, 0)
		time.Sleep(time.Second)
		checkCounts(t, Execute(t.Context(), a.deps(j), agreedTo(t, a.desk(t)), nil), 1, 0, 0, 0, 0)
	})
}

func TestAnOperationWithoutAnAnswerThatIsListedIsNotReservedAsWell(t *testing.T) {
	t.Parallel()
	j := &memory{}
	start := Step{Verb: "start", Call: vastapi.SetInstanceState{ID: 3, State: "running"}, Subject: Subject{Instance: 3}, Rate: 1}
	for op, s := range map[string]Step{"p/0": {Verb: "rent", Call: vastapi.CreateInstance{}, Token: "abcdefghijkl", Rate: 0.5}, "q/0": start} {
		for _, r := range []record{intentOf("", "p", op, s), {Kind: recordSent, Op: op}} {
			if err := write(j, r); err != nil {
				t.Fatal(err)
			}
		}
	}
	ops, err := Open(j)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		list []vastapi.Instance
		want vastapi.Rate
	}{
		"nothing":          {nil, 1.5},
		"others":           {[]vastapi.Instance{instance(1, "a"), stopped(3, "c")}, 1.5},
		"the rental":       {[]vastapi.Instance{instance(9, "a vx-abcdefghijkl")}, 1},
		"the start":        {[]vastapi.Instance{instance(3, "c")}, 0.5},
		"both":             {[]vastapi.Instance{instance(3, "c"), instance(9, "a vx-abcdefghijkl")}, 0},
		"another's number": {[]vastapi.Instance{instance(9, "a vx-bbbbbbbbbbbb")}, 1.5},
	} {
		if got := ops.ReservedFor("", c.list); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestTheMarketCommitsARentAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithEmptyAccount())
		r := Execute(t.Context(), m.deps(), m.rentPlan(someOptions), nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		d, rate := m.desk(), r.Plan.Steps[0].Rate
		if d.Burn.Heading != 1 || d.Burn.Total >= rate/2 || d.Burn.Committed < rate*0.999 || d.Burn.Committed > rate*1.001 {
			t.Errorf("burn %+v of a rent for %v", d.Burn, rate)
		}
		time.Sleep(5 * time.Minute)
		if now := m.desk(); now.Burn.Heading != 0 || now.Burn.Committed < rate*0.999 || now.Burn.Total != now.Burn.Committed {
			t.Errorf("burn while it runs %+v", now.Burn)
		}
	})
}

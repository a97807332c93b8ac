package rental

import (
	"context"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// rising is an account whose hosts ask for higher prices.
type rising struct {
	*account
	waiting []vastapi.PriceIncrease
	err     error
}

func (r *rising) PriceIncreases(context.Context) (vastapi.PriceIncreases, error) {
	return vastapi.PriceIncreases{List: r.waiting}, r.err
}

func rise(id vastapi.PriceIncreaseID, instance vastapi.InstanceID, price vastapi.Rate) vastapi.PriceIncrease {
	disk := vastapi.Unknown[vastapi.PerGBMonth]()
	traffic := vastapi.Unknown[vastapi.PerGB]()
	return vastapi.PriceIncrease{
		ID: id, Instance: instance, OldGPU: 0.8, NewGPU: price, OldDisk: disk, NewDisk: disk, OldUp: traffic, NewUp: traffic, OldDown: traffic, NewDown: traffic,
	}
}

// TestWhatCannotBeSentAgainIsSettledAfterACrash loses the process with a request
// in flight, and looks at the account the request left behind.
func TestWhatCannotBeSentAgainIsSettledAfterACrash(t *testing.T) {
	plans := map[string]func(*testing.T, *account) Plan{
		"prepay": func(t *testing.T, a *account) Plan { return must(t)(PlanPrepay(a.instances[0], 5, a.desk(t))) },
		"bid":    func(t *testing.T, a *account) Plan { return must(t)(PlanBid(a.instances[0], 3, a.desk(t))) },
		"accept": func(t *testing.T, a *account) Plan {
			return must(t)(PlanAcceptIncrease(a.instances, []vastapi.PriceIncrease{rise(3, 1, 2)}, a.desk(t)))
		},
		"reject": func(t *testing.T, a *account) Plan {
			return must(t)(PlanRejectIncrease(a.instances, []vastapi.PriceIncrease{rise(3, 1, 2)}, a.desk(t)))
		},
		"image": func(t *testing.T, a *account) Plan {
			return must(t)(PlanUpdate(a.instances[0], UpdateOptions{Image: "x/y:1"}, a.desk(t)))
		},
		"variables": func(t *testing.T, a *account) Plan {
			return must(t)(PlanUpdate(a.instances[0], UpdateOptions{Env: Env{"A": "b"}}, a.desk(t)))
		},
		"reboot": func(t *testing.T, a *account) Plan { return must(t)(PlanReboot(a.instances, a.desk(t))) },
		"recycle": func(t *testing.T, a *account) Plan {
			return must(t)(PlanRecycle(a.instances, a.desk(t)))
		},
	}
	for name, c := range map[string]struct {
		plan  string
		after func(*rising) // what the account shows at the next start
		want  OpState
	}{
		"paid":                     {"prepay", func(r *rising) { r.instances[0].Deposit = 4.9 }, OpConfirmed},
		"not paid":                 {"prepay", func(*rising) {}, OpUnknown},
		"the bid shows":            {"bid", func(r *rising) { r.instances[0].DphBase = 3 }, OpConfirmed},
		"the bid does not show":    {"bid", func(*rising) {}, OpAbsent},
		"the new price shows":      {"accept", func(r *rising) { r.instances[0].DphBase, r.waiting = 2, nil }, OpConfirmed},
		"the increase still waits": {"accept", func(*rising) {}, OpUnknown},
		"the old price stays":      {"reject", func(r *rising) { r.waiting = nil }, OpConfirmed},
		"the new image shows":      {"image", func(r *rising) { r.instances[0].Image = safetext.New("x/y:1") }, OpConfirmed},
		"the old image stays":      {"image", func(*rising) {}, OpAbsent},
		"variables are not kept":   {"variables", func(*rising) {}, OpUnknown},
		"a reboot is over":         {"reboot", func(*rising) {}, OpUnknown},
		"a recycle is over":        {"recycle", func(*rising) {}, OpUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := &rising{account: newAccount()}
				i := instance(1, "a")
				i.MinBid, i.Bid, i.Deposit = 0.1, c.plan == "bid", 0
				r.instances = []vastapi.Instance{i}
				r.waiting = []vastapi.PriceIncrease{rise(3, 1, 2)}
				j := &memory{}
				ctx, crash := context.WithCancel(t.Context())
				r.answer = func(int, vastapi.Call) (vastapi.Result, bool) { crash(); return lost(), true }
				deps := r.deps(j)
				deps.Read = r
				Execute(ctx, deps, plans[c.plan](t, r.account), nil)
				if open := opened(t, j).Open(); len(open) != 1 || open[0].Account != "1" {
					t.Fatalf("%+v", open)
				}
				reserved := opened(t, j).Reserved()
				if spends := c.plan == "bid" || c.plan == "accept"; (reserved > 0) != spends {
					t.Errorf("%v is held against the caps", reserved)
				}
				c.after(r)
				time.Sleep(time.Hour)
				out, err := Recover(t.Context(), deps, nil)
				if err != nil || len(out) != 1 || out[0].State != c.want || len(r.calls) != 1 {
					t.Fatalf("%+v, %v", out, err)
				}
				if got := opened(t, j).All()[0].State; (c.want == OpUnknown) != (got == OpSent || got == OpUnknown) {
					t.Errorf("the journal says %s", got)
				}
			})
		})
	}
}

func TestWhatNoReadingCanTellIsClosedAfterADayAndToldOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.instances = []vastapi.Instance{instance(1, "a")}
		step := Step{Verb: "accept", Call: vastapi.AcceptPriceIncrease{Increase: 3, Instance: 1}, Subject: Subject{Instance: 1}, Rate: 2}
		j := left(t, "1", step)
		if out := recovered(t, a, j, "1"); out[0].State != OpUnknown || opened(t, j).Reserved() != 2 {
			t.Fatalf("%+v", out)
		}
		time.Sleep(closedAfter + time.Minute)
		out := recovered(t, a, j, "1")
		ops := opened(t, j)
		if out[0].State != OpClosed || !strings.Contains(out[0].Why, "look at instance 1") || len(ops.Open()) != 0 || ops.Reserved() != 0 || !ops.Settled(j.lines) {
			t.Errorf("%+v, open %v, %v reserved", out, ops.Open(), ops.Reserved())
		}
		if op := ops.All()[0]; op.State != OpClosed || op.Failed() {
			t.Errorf("%+v", op)
		}
		if again := recovered(t, a, j, "1"); len(again) != 0 {
			t.Errorf("told again: %+v", again)
		}
	})
}

func TestARentOfNoAccountIsClosedButItsInstanceIsShown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		step := a.rentPlan(t).Steps[0]
		j := left(t, "", step)
		time.Sleep(closedAfter + time.Minute)
		if out := recovered(t, a, j, "1"); out[0].State != OpClosed {
			t.Fatalf("%+v", out)
		}
		a.carryOut(step.Call)
		strays := Strays(a.instances, opened(t, j))
		if len(strays) != 1 || !strings.Contains(strays[0].Why(), "never became known") {
			t.Errorf("%+v", strays)
		}
	})
}

func TestAnUnknownRateIsHeldAgainstTheCapsAsUnknown(t *testing.T) {
	t.Parallel()
	for verb, call := range map[string]vastapi.Call{
		"rent": vastapi.CreateInstance{}, "bid": vastapi.ChangeBid{ID: 1, Price: 2}, "accept": vastapi.AcceptPriceIncrease{Increase: 3, Instance: 1},
		"start": vastapi.SetInstanceState{ID: 1, State: "running"},
	} {
		j := left(t, "1", Step{Verb: verb, Call: call, Subject: Subject{Instance: 1}, Rate: vastapi.Unknown[vastapi.Rate]()})
		if got := opened(t, j).ReservedFor("1", nil); vastapi.Known(got) {
			t.Errorf("%s: %s", verb, pricing.Shown(got))
		}
	}
	j := left(t, "1", Step{Verb: "prepay", Call: vastapi.PrepayInstance{ID: 1, Amount: 5}, Subject: Subject{Instance: 1}})
	if got := opened(t, j).ReservedFor("1", nil); got != 0 {
		t.Errorf("a payment raises the rate by %s", pricing.Shown(got))
	}
}

func TestTheJournalKeepsWhatMadeTheContainer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.instances = []vastapi.Instance{instance(41, "a"), instance(7, "b")}
		opt := someOptions
		opt.Template = vastapi.Template{Hash: "abc123", Disk: vastapi.Unknown[vastapi.GB]()}
		opt.Launch = Launch{Jupyter: true, Direct: true}
		opt.Env = Env{"HF_TOKEN": "hf_secretsecret", "-p 8080:8080": "1", "-h": "box"}
		opt.OnStart = "echo s3cr3t-script"
		p := must(t)(PlanRent(a.offers[0], time.Now(), opt, a.desk(t)))
		checkCounts(t, Execute(t.Context(), a.deps(j), p, nil), 1, 0, 0, 0, 0)
		op := opened(t, j).All()[0]
		c := callOf(op).(vastapi.CreateInstance)
		sent := a.calls[0].(vastapi.CreateInstance)
		if c.Template != "abc123" || c.RunType != sent.RunType || c.RunType == "" || !c.CancelUnavail || op.Newest != 41 || c.Env["-h"] != "box" || c.Env["-p 8080:8080"] != "1" {
			t.Errorf("kept %+v, newest %v", c, op.Newest)
		}
		for _, secret := range []string{"hf_secret", "s3cr3t", "HF_TOKEN"} {
			if strings.Contains(j.text(), secret) {
				t.Errorf("journal: %s", j.text())
			}
		}
	})
}

func TestARequestOfManyFlagsIsKeptInPart(t *testing.T) {
	t.Parallel()
	env := map[string]string{"-v V.1:/" + strings.Repeat("x", maxKeptText): "1"}
	for n := range 3 * maxKeptList {
		env["-p "+strings.Repeat("1", 1+n)] = "1"
	}
	k := keptOfRent(vastapi.CreateInstance{RunType: strings.Repeat("r", 1+maxKeptText), Env: env})
	if len(k.Flags) != maxKeptList || k.RunType != "" || len(k.Omits) != 1 || k.Omits[0] != "some of the docker flags" {
		t.Errorf("%d flags, run type %q, omitted %v", len(k.Flags), k.RunType, k.Omits)
	}
}

package rental

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// worked is an instance that has been used for a while.
func worked(id vastapi.InstanceID) vastapi.Instance {
	i := instance(id, "train-1 vx-abcdefghijkl")
	i.Image, i.OnStart = safetext.New("pytorch/pytorch:2.4"), safetext.New("cd /workspace\npython train.py\n")
	i.Start, i.End = noon.Add(-31*time.Hour), noon.Add(40*24*time.Hour)
	i.DiskUsed, i.GPUUtil, i.Volumes, i.DiscountMax = 41.5, 97, []vastapi.VolumeID{3}, 0.25
	for _, pair := range [][2]string{{"HF_TOKEN", "hunter2"}, {"BATCH", "16"}, {"-p 8080:8080", "1"}, {opVariable, "abcdefghijkl"}} {
		i.Env = append(i.Env, [2]safetext.Text{safetext.New(pair[0]), safetext.New(pair[1])})
	}
	return i
}

func asked(i vastapi.InstanceID, id vastapi.PriceIncreaseID) vastapi.PriceIncrease {
	return vastapi.PriceIncrease{
		ID: id, Instance: i, OldGPU: 0.8, NewGPU: 0.96, OldDisk: 0.18, NewDisk: 0.36, OldUp: 0.01, NewUp: 0.02, OldDown: 0.01, NewDown: 0.01,
		ContractEnd: noon.Add(9 * 24 * time.Hour),
	}
}

func outbidOne(id vastapi.InstanceID) vastapi.Instance {
	i := stopped(id, "bids")
	i.Bid, i.DphBase, i.MinBid = true, 0.3, 0.45
	return i
}

func TestThePlansForWhatRunsSayWhatWillHappen(t *testing.T) {
	t.Parallel()
	d := fixed()
	all := []vastapi.Instance{worked(18820341), stopped(18820377, "b"), worked(18820399)}
	change := UpdateOptionsOf(&all[0])
	change.Image, change.OnStart = "pytorch/pytorch:2.6", "python eval.py\n"
	change.Env = Env{"HF_TOKEN": "correct horse", "EPOCHS": "3", "-p 8080:8080": "1", "-p 6006:6006": "1"}
	again := change
	again.Recycle = true
	asks := []vastapi.PriceIncrease{asked(18820341, 7), asked(18820377, 8), asked(5, 9)}
	for name, make := range map[string]func() (Plan, error){
		"reboot":          func() (Plan, error) { return PlanReboot(all, d) },
		"reboot-one":      func() (Plan, error) { return PlanReboot(all[:1], d) },
		"recycle":         func() (Plan, error) { return PlanRecycle(all, d) },
		"update":          func() (Plan, error) { return PlanUpdate(all[0], change, d) },
		"update-recycle":  func() (Plan, error) { return PlanUpdate(all[0], again, d) },
		"prepay":          func() (Plan, error) { return PlanPrepay(all[0], 25, d) },
		"increase-accept": func() (Plan, error) { return PlanAcceptIncrease(all, asks, d) },
		"increase-reject": func() (Plan, error) { return PlanRejectIncrease(all, asks, d) },
		"execute-ls":      func() (Plan, error) { return PlanExecute(all, "ls  -l /workspace", d) },
		"execute-rm":      func() (Plan, error) { return PlanExecute(all[:1], "rm -r /workspace/out", d) },
		"execute-rm-two":  func() (Plan, error) { return PlanExecute(all[:2], "rm -r /workspace/out /workspace/tmp", d) },
		"key-add":         func() (Plan, error) { return PlanAddKey(publicKey, d) },
		"key-delete":      func() (Plan, error) { return PlanDeleteKey(accountKey(), d) },
		"key-attach":      func() (Plan, error) { return PlanAttachKey(all, publicKey, d) },
		"key-detach":      func() (Plan, error) { return PlanDetachKey(all[0], accountKey(), d) },
		"bid":             func() (Plan, error) { return PlanBid(outbidOne(4), 0.5, d) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := make()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, draw(p))
			if p.Keep == "" || p.Button == "" || p.ID == "" || len(p.Basis.Facts) == 0 && !strings.HasSuffix(p.Verb, "key") {
				t.Errorf("%+v", p)
			}
		})
	}
}

func TestAnUpdateShowsAndPrintsNoSecret(t *testing.T) {
	t.Parallel()
	i := worked(5)
	u := UpdateOptionsOf(&i)
	if _, marked := u.Env[opVariable]; marked || u.Image != "pytorch/pytorch:2.4" || len(u.Env) != 3 {
		t.Fatalf("the form begins with %d variables", len(u.Env))
	}
	u.Env = u.Env.With(Env{"HF_TOKEN": "correct horse", "SHELL_VAR": "a'b"})
	p := must(t)(PlanUpdate(i, u, fixed()))
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{draw(p), string(text), p.Official(), p.Curl("https://console.vast.ai")} {
		for _, secret := range []string{"correct horse", "hunter2", "abcdefghijkl\"}"} {
			if strings.Contains(shown, secret) {
				t.Errorf("%q is in\n%s", secret, shown)
			}
		}
	}
	if !strings.Contains(p.Official(), `vastai update instance 5 --env`) || !strings.Contains(p.Official(), `"$HF_TOKEN"`) {
		t.Errorf("official: %s", p.Official())
	}
	c := p.Steps[0].Call.(vastapi.UpdateInstance)
	if c.Image != "" || c.OnStart != "" || c.Env["HF_TOKEN"] != "correct horse" || c.Env[opVariable] != "abcdefghijkl" || c.Env["-p 8080:8080"] != "1" || len(c.Env) != 5 {
		t.Error("what is sent is not the whole environment and nothing else")
	}
	if got := p.Facts[0]; got.Label != "env" || got.Value != `"HF_TOKEN": another value, not shown` {
		t.Errorf("%+v", got)
	}
}

func TestNoTextOfAHostStandsOnALineWithAPriceOfWhatRuns(t *testing.T) {
	t.Parallel()
	const mark = "HOSTILE"
	d := fixed()
	i := worked(18820341)
	for _, text := range []*safetext.Text{&i.Label, &i.GPUName, &i.Geolocation, &i.Status, &i.Image, &i.Template, &i.OnStart} {
		*text = safetext.New(mark)
	}
	i.Env = append(i.Env, [2]safetext.Text{safetext.New(mark), safetext.New(mark)})
	u := UpdateOptions{Image: "a/b", Env: Env{"A": "1"}, OnStart: "x", Template: vastapi.Template{Hash: "abc", Name: safetext.New(mark)}}
	one := []vastapi.Instance{i}
	for _, p := range []Plan{
		must(t)(PlanReboot(one, d)), must(t)(PlanRecycle(one, d)), must(t)(PlanUpdate(i, u, d)), must(t)(PlanPrepay(i, 5, d)),
		must(t)(PlanAcceptIncrease(one, []vastapi.PriceIncrease{asked(i.ID, 1)}, d)), must(t)(PlanExecute(one, "rm /a/b", d)),
	} {
		text := draw(p)
		if !strings.Contains(text, mark) {
			t.Errorf("%s does not name its target", p.Verb)
		}
		for _, line := range strings.Split(text, "\n") {
			if strings.Contains(line, mark) && strings.Contains(line, "$") {
				t.Errorf("%s: %s", p.Verb, line)
			}
		}
	}
}

func TestATemplateTakesTheMarkOfTheRentalAlong(t *testing.T) {
	t.Parallel()
	i := worked(5)
	p := must(t)(PlanUpdate(i, UpdateOptions{Template: vastapi.Template{Hash: "abc", Name: safetext.New("New one")}}, fixed()))
	c := p.Steps[0].Call.(vastapi.UpdateInstance)
	if c.Template != "abc" || c.Image != "" || len(c.Env) != 1 || c.Env[opVariable] != "abcdefghijkl" {
		t.Errorf("%d variables, template %s", len(c.Env), c.Template)
	}
}

func TestWhatCannotBeDoneToWhatRuns(t *testing.T) {
	t.Parallel()
	d := fixed()
	run, off, gone := worked(1), stopped(2, "b"), worked(3)
	gone.Cur = safetext.New("unloaded")
	lost := worked(4)
	lost.Actual = safetext.New("offline")
	over := outbidOne(6)
	over.End = noon.Add(-time.Hour)
	unpriced := worked(7)
	unpriced.DphBase, unpriced.DphTotal, unpriced.IfRunning = vastapi.Unknown[vastapi.Rate](), vastapi.Unknown[vastapi.Rate](), vastapi.Unknown[vastapi.Rate]()
	one := func(i vastapi.Instance) []vastapi.Instance { return []vastapi.Instance{i} }
	with := func(change func(*UpdateOptions)) UpdateOptions {
		u := UpdateOptionsOf(&run)
		change(&u)
		return u
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"reboot stopped":      {second(PlanReboot(one(off), d)), "instance 2 does not run, so there is nothing to reboot: start it instead"},
		"reboot two":          {second(PlanReboot([]vastapi.Instance{off, off, stopped(9, "")}, d)), "none of them runs"},
		"reboot leaving":      {second(PlanReboot(one(gone), d)), "being destroyed already"},
		"recycle stopped":     {second(PlanRecycle(one(off), d)), "nothing to recycle"},
		"update nothing":      {second(PlanUpdate(run, UpdateOptionsOf(&run), d)), "nothing is changed"},
		"update bad image":    {second(PlanUpdate(run, UpdateOptions{Image: "a b"}, d)), "image: "},
		"update mark":         {second(PlanUpdate(run, with(func(u *UpdateOptions) { u.Env[opVariable] = "x" }), d)), "VX_OP is used by this program"},
		"update bad name":     {second(PlanUpdate(run, with(func(u *UpdateOptions) { u.Env["a b"] = "x" }), d)), "env: "},
		"update bad flag":     {second(PlanUpdate(run, with(func(u *UpdateOptions) { u.Env["--privileged"] = "1" }), d)), "env: "},
		"update long script":  {second(PlanUpdate(run, UpdateOptions{OnStart: strings.Repeat("x", 1<<15)}, d)), "onstart: "},
		"prepay a bid":        {second(PlanPrepay(outbidOne(4), 5, d)), "cannot be reserved"},
		"prepay nothing":      {second(PlanPrepay(run, 0, d)), "an amount in dollars"},
		"prepay unknown":      {second(PlanPrepay(run, vastapi.Unknown[vastapi.Amount](), d)), "an amount in dollars"},
		"prepay too much":     {second(PlanPrepay(run, 41.21, d)), "the credit is $41.20: pay less"},
		"prepay unpriced":     {second(PlanPrepay(unpriced, 5, d)), "price of this instance is not known"},
		"accept nothing":      {second(PlanAcceptIncrease(one(run), []vastapi.PriceIncrease{asked(99, 1)}, d)), "no price increase"},
		"reject nothing":      {second(PlanRejectIncrease(one(run), nil, d)), "no price increase"},
		"execute other":       {second(PlanExecute(one(run), "cat /etc/passwd", d)), "only ls, rm, du"},
		"execute pipe":        {second(PlanExecute(one(run), "ls / | sh", d)), "cannot stand in a command"},
		"execute long":        {second(PlanExecute(one(run), "ls "+strings.Repeat("x", 520), d)), "at most 512"},
		"execute on nobody":   {second(PlanExecute(one(lost), "ls /", d)), "can be reached"},
		"rm nothing":          {second(PlanExecute(one(run), "rm -rf", d)), "rm needs the path"},
		"rm relative":         {second(PlanExecute(one(run), "rm out", d)), "begins with /"},
		"rm the root":         {second(PlanExecute(one(run), "rm -rf /", d)), "too much to delete"},
		"rm a whole tree":     {second(PlanExecute(one(run), "rm -rf /workspace/", d)), "too much to delete"},
		"rm through dots":     {second(PlanExecute(one(run), "rm -rf /a/b/../..", d)), "too much to delete"},
		"rm behind dashes":    {second(PlanExecute(one(run), "rm -rf -- /etc", d)), "too much to delete"},
		"bid on demand":       {second(PlanBid(run, 0.5, d)), "its price is no bid"},
		"bid the same":        {second(PlanBid(outbidOne(4), 0.3, d)), "already"},
		"bid nothing":         {second(PlanBid(outbidOne(4), 0, d)), "bid: between"},
		"bid after the end":   {second(PlanBid(over, 0.5, d)), "has ended"},
		"prepay after an end": {second(PlanPrepay(func() vastapi.Instance { i := worked(8); i.End = noon; return i }(), 5, d)), "has ended"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, c.err, c.want)
		}
	}
}

func TestOnlyWhatDeletesIsTyped(t *testing.T) {
	t.Parallel()
	d := fixed()
	two := []vastapi.Instance{worked(18820341), worked(18820342)}
	asks := []vastapi.PriceIncrease{asked(18820341, 1)}
	for name, c := range map[string]struct {
		plan  Plan
		kind  ConsentKind
		words string
	}{
		"ls":      {must(t)(PlanExecute(two, "ls /", d)), ConsentNone, ""},
		"du":      {must(t)(PlanExecute(two, "du /a", d)), ConsentNone, ""},
		"rm":      {must(t)(PlanExecute(two[:1], "rm /a/b", d)), ConsentType, "0341"},
		"rm two":  {must(t)(PlanExecute(two, "rm /a/b", d)), ConsentType, "rm 2"},
		"reboot":  {must(t)(PlanReboot(two, d)), ConsentChoose, ""},
		"recycle": {must(t)(PlanRecycle(two, d)), ConsentChoose, ""},
		"prepay":  {must(t)(PlanPrepay(two[0], 5, d)), ConsentChoose, ""},
		"reject":  {must(t)(PlanRejectIncrease(two, asks, d)), ConsentChoose, ""},
		"accept":  {must(t)(PlanAcceptIncrease(two, asks, d)), ConsentChoose, ""},
		"bid":     {must(t)(PlanBid(outbidOne(4), 0.5, d)), ConsentChoose, ""},
		"bid cap": {must(t)(PlanBid(outbidOne(4), 12, d)), ConsentType, "12.00"},
	} {
		if got := c.plan.Consent; got.Kind != c.kind || !strings.HasPrefix(got.Words, c.words) || (c.words == "") != (got.Words == "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestPayingAheadPaysOffOnceOnDemandWouldHaveCostIt(t *testing.T) {
	t.Parallel()
	i := worked(5) // $0.82/h with its disk
	p := PrepaidFor(&i, 82)
	if p.BreakEven.Round(time.Second) != 100*time.Hour || p.Lasts.Round(time.Minute) != 133*time.Hour+20*time.Minute {
		t.Errorf("%v, %v", p.BreakEven, p.Lasts)
	}
	// Ended as late as anything comes back: what is lost beside what on demand costs.
	hours := 82 / (0.82 * (1 + 0.05*0.25))
	if want := 82 - 0.82*hours; p.Loss < vastapi.Amount(want-1e-6) || p.Loss > vastapi.Amount(want+1e-6) {
		t.Errorf("loss %v, want %v", p.Loss, want)
	}
	i.DiscountMax = vastapi.Unknown[float64]()
	if p := PrepaidFor(&i, 82); p.Lasts != 0 || vastapi.Known(p.Loss) || p.BreakEven == 0 {
		t.Errorf("%+v", p)
	}
}

func TestAnUpdateMasksEveryValueWhateverItsName(t *testing.T) {
	t.Parallel()
	i := instance(1, "a")
	i.Env = [][2]safetext.Text{{safetext.New("DATABASE_URL"), safetext.New("postgres://u:oldpass@db/x")}, {safetext.New("LEFT_OUT"), safetext.New("gone-for-good")}}
	u := UpdateOptions{Env: Env{"DATABASE_URL": "postgres://u:newpass@db/x", "ADDED": "just-added"}}
	p := must(t)(PlanUpdate(i, u, Desk{Now: noon, At: noon, Credit: 40}))
	out, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	shown := draw(p) + string(out) + fmt.Sprint(u.Edits(&i))
	for _, value := range []string{"oldpass", "newpass", "gone-for-good", "just-added"} {
		if strings.Contains(shown, value) {
			t.Errorf("%q is shown: %s", value, shown)
		}
	}
	for _, name := range []string{"DATABASE_URL", "LEFT_OUT", "ADDED"} {
		if !strings.Contains(shown, name) {
			t.Errorf("%s is not named: %s", name, shown)
		}
	}
}

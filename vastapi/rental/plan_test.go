package rental

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

var update = flag.Bool("update", os.Getenv("UPDATE_GOLDEN") != "", "write the golden files anew; UPDATE_GOLDEN=1 does the same")

// draw is a plan as plain text, the way a dialog would say it.
func draw(p Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", p.Title)
	for n, s := range p.Steps {
		fmt.Fprintf(&b, "%d  %s  %s  %s (%s)\n", n+1, s.Verb, s.Target, s.Detail, s.Undo)
	}
	b.WriteString("\n")
	for _, l := range p.Facts {
		fmt.Fprintf(&b, "%-12s %s\n", l.Label, l.Value)
	}
	fmt.Fprintf(&b, "\nper hour     %s -> %s (%s a month)\n", pricing.Shown(p.Cost.Before), pricing.Shown(p.Cost.After), pricing.Money(p.Cost.PerMonth()))
	fmt.Fprintf(&b, "credit       %s, lasts %s -> %s\n\n", pricing.Money(p.Cost.Credit), spanText(p.Cost.RunwayBefore), spanText(p.Cost.RunwayAfter))
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.Level, w.Text)
	}
	for _, c := range p.Checks {
		fmt.Fprintf(&b, "check %s: %s, ok %t, figure %s\n", c.Name, c.Text, c.OK, c.Figure)
	}
	for _, f := range p.Basis.Facts {
		fmt.Fprintf(&b, "as long as %s\n", f.Text)
	}
	fmt.Fprintf(&b, "\n[%s] [%s] mode %s, consent %d %q\n", p.Keep, p.Button, p.Mode, p.Consent.Kind, p.Consent.Words)
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", path, got, want)
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// fixed is a desk with one machine that costs $0.82/h.
func fixed() Desk {
	all := []vastapi.Instance{instance(18820341, "worker-a"), stopped(18820377, "worker-b vx-abcdefghijkl")}
	return Desk{
		Now: noon, At: noon, NewID: func() string { return "plan" }, Caps: DefaultCaps(), Credit: 41.20,
		Burn: pricing.Account(all, nil), Instances: all,
	}
}

func bid(r vastapi.Rate) *vastapi.Rate { return &r }

func TestThePlansSayWhatWillHappen(t *testing.T) {
	t.Parallel()
	d := fixed()
	hostile := offer(78)
	hostile.GPUName = safetext.New("RTX 4090\x1b[2J $0.01/h verified")
	hostile.Geolocation = safetext.New("datacenter, verified\u202e, SE")
	hostile.Verification = safetext.New("deverified")
	hostile.Reliability, hostile.Duration, hostile.InetUpCost = 0.71, 48*time.Hour, 0.05
	big := offer(79)
	big.NumGPUs, big.DphBase, big.DiskSpace = 8, 24.5, 4000
	ended := stopped(5, "x")
	ended.Start, ended.End = noon.Add(-72*time.Hour), noon.Add(50*time.Hour)
	old := instance(6, "line\nbreak")
	old.Start, old.DiskUsed, old.Volumes = noon.Add(-31*time.Hour), 41.5, []vastapi.VolumeID{1, 2}
	for name, make := range map[string]func() (Plan, error){
		"rent": func() (Plan, error) { return PlanRent(offer(77), noon, someOptions, d) },
		"rent-bid": func() (Plan, error) {
			return PlanRent(hostile, noon, RentOptions{Image: "a/b", Disk: 100, Bid: bid(0.25)}, d)
		},
		"rent-above-caps": func() (Plan, error) { return PlanRent(big, noon, RentOptions{Image: "a/b", Disk: 2000}, d) },
		"destroy-one":     func() (Plan, error) { return PlanDestroy([]vastapi.Instance{old}, d) },
		"destroy-two":     func() (Plan, error) { return PlanDestroy(d.Instances, d) },
		"stop":            func() (Plan, error) { return PlanStop(d.Instances, d) },
		"start":           func() (Plan, error) { return PlanStart([]vastapi.Instance{d.Instances[1], ended}, d) },
		"rename":          func() (Plan, error) { return PlanRename(d.Instances[1], "eval", d) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := make()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, draw(p))
		})
	}
}

func TestNoTextFromOutsideStandsOnALineWithAPrice(t *testing.T) {
	t.Parallel()
	const mark = "HOSTILE"
	d := fixed()
	o, i := offer(7), instance(8, mark)
	for _, text := range []*safetext.Text{&o.GPUName, &o.Geolocation, &o.Verification, &o.CPUName, &i.GPUName, &i.Geolocation, &i.Status} {
		*text = safetext.New(mark)
	}
	s := i
	s.Intended = safetext.New("stopped")
	tmpl := vastapi.Template{Hash: "abc", Disk: 40}
	for _, text := range []*safetext.Text{&tmpl.Name, &tmpl.Image, &tmpl.OnStart, &tmpl.RunType, &tmpl.JupyterDir} {
		*text = safetext.New(mark)
	}
	tmpl.Env = safetext.New("-e A=" + mark)
	blocked := d
	blocked.Hosts = rememberedHosts{why: mark, record: mark}
	form := someOptions
	form.Template, form.OnStart, form.User = tmpl, mark, mark
	for _, p := range []Plan{
		must(t)(PlanRent(o, noon, someOptions, d)),
		must(t)(PlanRent(o, noon, form, blocked)),
		must(t)(PlanDestroy([]vastapi.Instance{i}, d)),
		must(t)(PlanStop([]vastapi.Instance{i}, d)),
		must(t)(PlanStart([]vastapi.Instance{s}, d)),
		must(t)(PlanRename(i, "n", d)),
	} {
		for _, line := range strings.Split(draw(p), "\n") {
			if strings.Contains(line, mark) && strings.Contains(line, "$") {
				t.Errorf("%s: %s", p.Verb, line)
			}
		}
	}
}

func TestWhatCannotBeRented(t *testing.T) {
	t.Parallel()
	nan := vastapi.Unknown[vastapi.Rate]()
	for name, c := range map[string]struct {
		change func(*vastapi.Offer, *RentOptions)
		want   string
	}{
		"no image":           {func(_ *vastapi.Offer, r *RentOptions) { r.Image = "" }, "image: "},
		"image with a space": {func(_ *vastapi.Offer, r *RentOptions) { r.Image = "a b" }, "image: "},
		"small disk":         {func(_ *vastapi.Offer, r *RentOptions) { r.Disk = 7 }, "disk: at least 8 GB"},
		"no disk":            {func(_ *vastapi.Offer, r *RentOptions) { r.Disk = vastapi.Unknown[vastapi.GB]() }, "disk: at least 8 GB"},
		"big disk":           {func(_ *vastapi.Offer, r *RentOptions) { r.Disk = 501 }, "disk: this machine offers 500 GB at most"},
		"long name":          {func(_ *vastapi.Offer, r *RentOptions) { r.Name = strings.Repeat("n", MaxName+1) }, "name: at most 240 bytes"},
		"control in name":    {func(_ *vastapi.Offer, r *RentOptions) { r.Name = "a\x1bb" }, "name: one line"},
		"name with a token":  {func(_ *vastapi.Offer, r *RentOptions) { r.Name = "a vx-abcdefghijkl" }, "name: must not end"},
		"low bid":            {func(_ *vastapi.Offer, r *RentOptions) { r.Bid = bid(0.1) }, "bid: the lowest bid that would run now is $0.200/h"},
		"bid of nothing":     {func(_ *vastapi.Offer, r *RentOptions) { r.Bid = &nan }, "bid: between $0.001/h and $128.00/h"},
		"not biddable":       {func(o *vastapi.Offer, r *RentOptions) { o.MinBid, r.Bid = 0, bid(1) }, "bid: this offer takes no bids"},
		"reserved variable":  {func(_ *vastapi.Offer, r *RentOptions) { r.Env = map[string]string{"VX_OP": "x"} }, "env: VX_OP"},
		"bid offer, no bid":  {func(o *vastapi.Offer, _ *RentOptions) { o.IsBid = true }, "name a bid"},
		"taken":              {func(o *vastapi.Offer, _ *RentOptions) { o.Rentable = vastapi.FlagNo }, "cannot be rented any more"},
		"ours already":       {func(o *vastapi.Offer, _ *RentOptions) { o.Rented = vastapi.FlagYes }, "already"},
		"no price":           {func(o *vastapi.Offer, _ *RentOptions) { o.DphBase, o.DphTotal = nan, nan }, "not known"},
		"no disk price":      {func(o *vastapi.Offer, _ *RentOptions) { o.StorageCost = vastapi.Unknown[vastapi.PerGBMonth]() }, "not known"},
		"free":               {func(o *vastapi.Offer, _ *RentOptions) { o.DphBase = 0 }, "cannot be right"},
		"absurd":             {func(o *vastapi.Offer, _ *RentOptions) { o.DphBase = 1e6 }, "cannot be right ($1,000,000.01/h)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, opt := offer(77), someOptions
			c.change(&o, &opt)
			if _, err := PlanRent(o, noon, opt, fixed()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestWhatCannotBeDoneToInstances(t *testing.T) {
	t.Parallel()
	d := fixed()
	ended := stopped(5, "x")
	ended.End = noon.Add(-time.Hour)
	running, off := instance(1, "a"), stopped(2, "b")
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"destroy nothing": {second(PlanDestroy(nil, d)), "no instance is chosen"},
		"stop nothing":    {second(PlanStop(nil, d)), "no instance is chosen"},
		"stop twice":      {second(PlanStop([]vastapi.Instance{off}, d)), "instance 2 is to be stopped already"},
		"start twice":     {second(PlanStart([]vastapi.Instance{running, running}, d)), "already"},
		"start ended":     {second(PlanStart([]vastapi.Instance{ended}, d)), "has ended"},
		"same name":       {second(PlanRename(running, "a", d)), "already"},
		"bad name":        {second(PlanRename(running, "a\nb", d)), "one line"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, c.err, c.want)
		}
	}
}

func second(_ Plan, err error) error { return err }

func TestTargetsMarkedTwiceAreDestroyedOnce(t *testing.T) {
	t.Parallel()
	i := instance(1234, "a")
	p := must(t)(PlanDestroy([]vastapi.Instance{i, i}, fixed()))
	if len(p.Steps) != 1 || p.Consent.Words != "1234" {
		t.Errorf("%d steps, words %q", len(p.Steps), p.Consent.Words)
	}
}

func TestConsentIsTheWordsShown(t *testing.T) {
	t.Parallel()
	d := fixed()
	one := must(t)(PlanDestroy([]vastapi.Instance{instance(18820341, "")}, d)).Consent
	short := must(t)(PlanDestroy([]vastapi.Instance{instance(7, "")}, d)).Consent
	many := must(t)(PlanDestroy(d.Instances, d)).Consent
	rent := must(t)(PlanRent(offer(1), noon, someOptions, d)).Consent
	rename := must(t)(PlanRename(d.Instances[0], "n", d)).Consent
	for _, c := range []struct {
		consent Consent
		line    string
		want    bool
	}{
		{one, "0341", true}, {one, "", false}, {one, "0341 ", false}, {one, "18820341", false}, {one, "y", false},
		{short, "7", true}, {many, "destroy 2", true}, {many, "destroy 3", false}, {many, "Destroy 2", false},
		{rent, "", false}, {rent, "y", false}, {rename, "", false},
	} {
		if c.consent.Agrees(c.line) != c.want {
			t.Errorf("%+v agrees to %q: %t", c.consent, c.line, !c.want)
		}
	}
	if rent.Kind != ConsentChoose || rename.Kind != ConsentNone || one.Kind != ConsentType {
		t.Errorf("kinds %d %d %d", rent.Kind, rename.Kind, one.Kind)
	}
}

func TestAboveACapTheFigureIsTyped(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Rate]()
	for name, c := range map[string]struct {
		price  vastapi.Rate
		change func(*Desk)
		words  string
	}{
		"within":           {0.4, func(*Desk) {}, ""},
		"exactly a cap":    {0.4, func(d *Desk) { d.Caps.Action = 0.4 + 0.15*32/720 }, ""},
		"action":           {12, func(d *Desk) { d.Credit = 1000 }, "12.01"},
		"total":            {0.4, func(d *Desk) { d.Burn.Committed, d.Credit = 24.7, 1000 }, "25.11"},
		"open operations":  {0.4, func(d *Desk) { d.OpenRate, d.Credit = 24, 1000 }, "25.25"},
		"runway":           {0.4, func(d *Desk) { d.Credit = 1 }, "0.8"},
		"no credit":        {0.4, func(d *Desk) { d.Credit = -3 }, "0.0"},
		"credit not known": {0.4, func(d *Desk) { d.Credit = vastapi.Unknown[vastapi.Amount]() }, "unknown"},
		"rate not known":   {0.4, func(d *Desk) { d.Burn.Committed = unknown }, "unknown"},
		"open not known":   {0.4, func(d *Desk) { d.OpenRate = unknown }, "unknown"},
		"two alike":        {12, func(d *Desk) { d.Caps.Total, d.Burn, d.Credit = 11, pricing.Burn{}, 1000 }, "12.01"},
		"all of it":        {12, func(d *Desk) { d.Caps.Total, d.Credit = 11, 1 }, "12.01 12.85 0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, o := fixed(), offer(1)
			c.change(&d)
			o.DphBase = c.price
			p := must(t)(PlanRent(o, noon, someOptions, d))
			if p.Consent.Words != c.words {
				t.Errorf("words %q, want %q (%+v)", p.Consent.Words, c.words, p.Checks)
			}
			if kind := p.Consent.Kind; (kind == ConsentType) != (c.words != "") {
				t.Errorf("kind %d", kind)
			}
			if !p.Ceiling.admits(p.Cost.After) {
				t.Errorf("what was agreed to is above the ceiling %+v", p.Ceiling)
			}
		})
	}
}

func TestAnAccountThatWasNeverReadIsNotTakenForAnEmptyOne(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanRent(offer(1), noon, someOptions, Desk{Now: noon, Caps: DefaultCaps()}))
	if vastapi.Known(p.Cost.After) || p.Consent.Words != "unknown" {
		t.Errorf("after %v, words %q", p.Cost.After, p.Consent.Words)
	}
}

func TestMovedSpeaksOnlyOfWhatTheDataSpeaksAbout(t *testing.T) {
	t.Parallel()
	d := fixed()
	rent := must(t)(PlanRent(offer(77), noon, someOptions, d))
	destroy := must(t)(PlanDestroy(d.Instances, d))
	dearer, asBid := offer(77), offer(77)
	dearer.DphBase, asBid.DphBase, asBid.IsBid = 0.5, 0.9, true
	for name, c := range map[string]struct {
		plan      Plan
		offers    []vastapi.Offer
		instances []vastapi.Instance
		want      int
	}{
		"no data":               {rent, nil, nil, 0},
		"other offers":          {rent, []vastapi.Offer{offer(1)}, nil, 0},
		"the same":              {rent, []vastapi.Offer{offer(77)}, nil, 0},
		"dearer":                {rent, []vastapi.Offer{dearer}, nil, 1},
		"priced as a bid":       {rent, []vastapi.Offer{asBid}, nil, 0},
		"instances not told":    {destroy, []vastapi.Offer{dearer}, nil, 0},
		"same instances":        {destroy, nil, d.Instances, 0},
		"one is gone":           {destroy, nil, d.Instances[:1], 1},
		"all are gone":          {destroy, nil, []vastapi.Instance{}, 2},
		"only a status changed": {destroy, nil, []vastapi.Instance{stopped(18820341, "worker-a"), d.Instances[1]}, 0},
		"reordered":             {destroy, nil, []vastapi.Instance{d.Instances[1], d.Instances[0]}, 0},
		"renamed":               {destroy, nil, []vastapi.Instance{instance(18820341, "prod"), d.Instances[1]}, 1},
	} {
		if got := c.plan.Moved(c.offers, c.instances); len(got) != c.want {
			t.Errorf("%s: %v, want %d", name, got, c.want)
		}
	}
}

func TestABidThatNoLongerWinsIsRefused(t *testing.T) {
	t.Parallel()
	opt := someOptions
	opt.Bid = bid(0.25)
	p := must(t)(PlanRent(offer(77), noon, opt, fixed()))
	now := offer(77)
	now.MinBid = 0.26
	if got := fmt.Sprint(p.Moved([]vastapi.Offer{now}, nil)); got != "[offer 77: lowest bid that wins was at most $0.250/h, is now $0.260/h]" {
		t.Error(got)
	}
	if c := p.Steps[0].Call.(vastapi.CreateInstance); c.Price == nil || *c.Price != 0.25 {
		t.Errorf("sends %+v", c)
	}
}

func TestCountryNamesReadAfterIn(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"SE": "Sweden", "US": "the United States", "AD": "Andorra", "ZW": "Zimbabwe", "XX": "XX", "": "", "\nA": "\nA",
	} {
		if got := countryName(code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

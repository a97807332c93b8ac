package rental

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestEverythingThatIsWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	o := offer(77)
	opt := RentOptions{
		Kind: vastapi.Interruptible, Prepay: 5, Template: vastapi.Template{Hash: "no/hash"}, Image: "A b", Disk: 1, Name: "a\nb",
		Launch: Launch{Jupyter: true, Args: []string{"x"}}, Env: Env{"VX_OP": "1"}, OnStart: strings.Repeat("x", MaxOnStart+1),
		Entrypoint: "/x", User: "a b", Login: NewLogin("", "ann", "pw"), Volume: VolumeChoice{Link: 5},
	}
	var fields []string
	for _, p := range opt.Validate(&o) {
		fields = append(fields, p.Field)
		if p.Text == "" || strings.Contains(p.Text, "pw") || p.Text != safetext.Clean(p.Text, 500) {
			t.Errorf("%s: %q", p.Field, p.Text)
		}
	}
	want := []string{"template", "image", "disk", "name", "bid", "prepay", "launch", "env", "onstart", "entrypoint", "user", "login", "volume"}
	if !slices.Equal(fields, want) {
		t.Errorf("%q, want %q", fields, want)
	}
	valid, all := everything()
	if problems := all.Validate(&valid); len(problems) > 0 {
		t.Errorf("%v", problems)
	}
}

func TestWhatCannotBeSentIsAnErrorOfItsField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*RentOptions)
		field  string
		want   string
	}{
		"bid without a price":    {func(r *RentOptions) { r.Kind = vastapi.Interruptible }, "bid", "needs a bid"},
		"a price on demand":      {func(r *RentOptions) { r.Kind, r.Bid = vastapi.OnDemand, bid(0.3) }, "bid", "makes it interruptible"},
		"a price when reserved":  {func(r *RentOptions) { r.Kind, r.Bid, r.Prepay = vastapi.Reserved, bid(0.3), 5 }, "bid", "makes it interruptible"},
		"reserved for nothing":   {func(r *RentOptions) { r.Kind = vastapi.Reserved }, "prepay", "paid ahead"},
		"reserved, no number":    {func(r *RentOptions) { r.Kind, r.Prepay = vastapi.Reserved, vastapi.Unknown[vastapi.Amount]() }, "prepay", "paid ahead"},
		"paid ahead on demand":   {func(r *RentOptions) { r.Prepay = 5 }, "prepay", "only a reserved"},
		"no such type":           {func(r *RentOptions) { r.Kind = "spot" }, "kind", "on-demand, interruptible or reserved"},
		"script with args":       {func(r *RentOptions) { r.Launch, r.OnStart = LaunchOf("args", false, nil), "x" }, "onstart", "no start script"},
		"entrypoint with ssh":    {func(r *RentOptions) { r.Entrypoint = "/x" }, "entrypoint", "for the run type args"},
		"entrypoint, two lines":  {func(r *RentOptions) { r.Launch, r.Entrypoint = LaunchOf("args", false, nil), "a\nb" }, "entrypoint", "one line"},
		"too many arguments":     {func(r *RentOptions) { r.Launch = LaunchOf("args", false, []string{strings.Repeat("x", 4096)}) }, "launch", "at most 4096"},
		"NUL in an argument":     {func(r *RentOptions) { r.Launch = LaunchOf("args", false, []string{"\x00"}) }, "launch", "is text"},
		"a hidden folder":        {func(r *RentOptions) { r.Launch = Launch{JupyterDir: "/a\u202eb"} }, "launch", "visible"},
		"required names":         {func(r *RentOptions) { r.Required, r.Env = []string{"A", "B", "C"}, Env{"B": "1"} }, "env", "missing: A, C"},
		"odd flag":               {func(r *RentOptions) { r.Env = Env{"-p udp/tcp:": "1"} }, "env", "no flag"},
		"flag with a value":      {func(r *RentOptions) { r.Env = Env{"-p 80:80": "2"} }, "env", "no flag"},
		"two flags in one":       {func(r *RentOptions) { r.Env = Env{"-p 80:80 -p 81:81": "1"} }, "env", "no flag"},
		"odd name":               {func(r *RentOptions) { r.Env = Env{"A B": "x"} }, "env", `"A B": a name has letters`},
		"a lot of environment":   {func(r *RentOptions) { r.Env = Env{"A": strings.Repeat("x", 32768)} }, "env", "at most 32768"},
		"login without password": {func(r *RentOptions) { r.Login = NewLogin("ghcr.io", "ann", "") }, "login", "password or a token"},
		"login by hand":          {func(r *RentOptions) { r.Login = Login{Registry: "ghcr.io", User: "ann"} }, "login", "password or a token"},
		"login with a flag":      {func(r *RentOptions) { r.Login = NewLogin("ghcr.io", "-p", "x") }, "login", "user name"},
		"password with a space":  {func(r *RentOptions) { r.Login = NewLogin("ghcr.io", "ann", "a b") }, "login", "no spaces"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opt, o := someOptions, offer(77)
			c.change(&opt)
			problems := opt.Validate(&o)
			if len(problems) != 1 || problems[0].Field != c.field || !strings.Contains(problems[0].Text, c.want) {
				t.Errorf("%v, want %s: %q", problems, c.field, c.want)
			}
			if _, err := PlanRent(o, noon, opt, fixed()); err == nil {
				t.Error("is planned all the same")
			}
		})
	}
}

func TestTheTypeOfARentalIsSentAsItWasChosen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind vastapi.RentalType
		bid  *vastapi.Rate
		want vastapi.RentalType
	}{
		"nothing said": {"", nil, vastapi.OnDemand}, "a bid alone": {"", bid(0.3), vastapi.Interruptible},
		"on demand": {vastapi.OnDemand, nil, vastapi.OnDemand}, "bid": {vastapi.Interruptible, bid(0.3), vastapi.Interruptible},
	} {
		opt := someOptions
		opt.Kind, opt.Bid = c.kind, c.bid
		call := must(t)(PlanRent(offer(77), noon, opt, fixed())).Steps[0].Call.(vastapi.CreateInstance)
		if call.Type != c.want || (call.Price != nil) != (c.bid != nil) || call.Validate() != nil {
			t.Errorf("%s: %+v, %v", name, call.Type, call.Validate())
		}
	}
}

func TestAReservedRentalIsRentedThenPaidAhead(t *testing.T) {
	t.Parallel()
	opt, o := someOptions, offer(77)
	opt.Kind, opt.Prepay, o.DiscountedDphTotal = vastapi.Reserved, 20, 0.3
	p := must(t)(PlanRent(o, noon, opt, fixed()))
	golden(t, "rent-reserved", draw(p))
	if p.Mode != Chain || len(p.Steps) != 2 || !p.SpendsMoney() {
		t.Fatalf("%v", p.Steps)
	}
	if c, ok := p.Steps[1].Call.(vastapi.PrepayInstance); !ok || c.ID != 0 || c.Amount != 20 {
		t.Errorf("%+v", p.Steps[1].Call)
	}
	if got := p.Steps[1].PathShown(); got != "/api/v0/instances/prepay/{the new instance}/" {
		t.Error(got)
	}
	if p.Cost.DueNow != 20 || p.Cost.RunwayAfter.Lasts >= p.Cost.RunwayBefore.Lasts {
		t.Errorf("%+v", p.Cost)
	}
	out, err := json.Marshal(p)
	if err != nil || !strings.Contains(string(out), `"due_now":20`) || !strings.Contains(string(out), "{the new instance}") {
		t.Errorf("%s, %v", out, err)
	}
	d := fixed()
	d.Credit = 21 // enough for both steps, not for an hour after
	if p = must(t)(PlanRent(o, noon, opt, d)); p.Consent.Words != "0.8" || !strings.Contains(warningsOf(p), "Credit of $1.00 lasts 48m then") {
		t.Errorf("%+v\n%s", p.Consent, warningsOf(p))
	}
	if d.Credit = 30; !must(t)(PlanRent(o, noon, opt, d)).Checks[2].OK {
		t.Error("an hour after is enough")
	}
	if c := must(t)(PlanRent(o, noon, opt, d)).Ceiling.Credit; c < 21 || c > 22 {
		t.Errorf("may begin with %v", c)
	}
	opt.Prepay = 50
	if _, err := PlanRent(o, noon, opt, fixed()); err == nil || !strings.Contains(err.Error(), "there is a credit of $41.20") {
		t.Errorf("error %v", err)
	}
}

func TestEverythingThatIsChosenIsSent(t *testing.T) {
	t.Parallel()
	o, opt := everything()
	p := must(t)(PlanRent(o, noon, opt, fixed()))
	golden(t, "rent-everything", draw(p))
	c := p.Steps[0].Call.(vastapi.CreateInstance)
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	body, err := c.Body()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`"image":"ghcr.io/org/app:2.1-cuda12.4"`, `"price":0.25`, `"disk":64`, `"runtype":"jupyter_direc ssh_direc ssh_proxy"`, `"HF_TOKEN":"hunter2"`,
		`"-p 9001:9001/udp":"1"`, `"-h":"box"`, `"image_login":"-u ann -p hunter2 ghcr.io"`, `"use_jupyter_lab":true`, `"jupyter_dir":"/my work"`,
		`"user":"1000:1000"`, `"volume_info":{"mount_path":"/data","create_new":true,"volume_id":900,"size":50,"name":"cache"}`, `"cancel_unavail":true`,
		`"VX_OP":"`, `"label":"it's train 1 vx-`,
	} {
		if !strings.Contains(string(body), part) {
			t.Errorf("no %s in %s", part, body)
		}
	}
	printed := fmt.Sprintf("%v %+v %#v %v %+v %#v", opt, opt, opt, p, p, p) + draw(p) + p.Official() + p.Curl("http://h")
	if out, err := json.Marshal(p); err != nil || strings.Contains(string(out)+printed, "hunter2") {
		t.Errorf("a secret is shown (%v)", err)
	}
	if out, err := json.Marshal(opt); err != nil || strings.Contains(string(out), "hunter2") {
		t.Errorf("%s, %v", out, err)
	}
}

func TestAFormIsRememberedWithoutItsSecrets(t *testing.T) {
	t.Parallel()
	o, opt := everything()
	s := SpecOf(opt, &o, noon)
	if text := fmt.Sprintf("%+v", s); strings.Contains(text, "hunter2") || strings.Contains(text, "/tmp/x") {
		t.Errorf("remembered: %s", text)
	}
	back, missing := s.Options()
	if back.Image != opt.Image || back.Disk != 64 || back.Name != opt.Name || back.RentalType() != vastapi.Interruptible || *back.Bid != 0.25 ||
		back.Launch.Mode() != "jupyter" || !back.Launch.Direct || len(back.Env.Ports()) != 2 || len(back.Env.Names()) != 0 {
		t.Errorf("%+v", back)
	}
	if got := fmt.Sprint(missing); got != `[env: values are not stored, fill in "HF_TOKEN", "TZ"]` {
		t.Error(got)
	}
	back.Bid, back.Env["TZ"] = bid(0.25), "UTC"
	for value, want := range map[string]bool{"": true, "hf_x": false} {
		back.Env["HF_TOKEN"] = value
		wrong := slices.ContainsFunc(back.Validate(&o), func(f FieldError) bool { return f.Field == "env" && strings.Contains(f.Text, "missing: HF_TOKEN") })
		if wrong != want {
			t.Errorf("a variable that was remembered without its value, now %q: %v", value, back.Validate(&o))
		}
	}
	if s.GPU != "RTX 4090" || s.NumGPUs != 1 || s.Machine != 512 || !s.At.Equal(noon) {
		t.Errorf("%+v", s)
	}
	plain := SpecOf(someOptions, &o, noon)
	if plain.RunType != "ssh" || !plain.Direct || vastapi.Known(plain.Bid) || plain.Kind != vastapi.OnDemand {
		t.Errorf("%+v", plain)
	}
	if again, missing := plain.Options(); len(missing) != 0 || again.Bid != nil || len(again.Validate(&o)) != 0 {
		t.Errorf("%+v, %v", again, missing)
	}
	odd := Spec{RunType: "args", Ports: []string{"-p nonsense"}, Template: "abc"}
	if _, missing := odd.Options(); len(missing) != 2 || missing[0].Field != "env" || missing[1].Field != "launch" {
		t.Errorf("%v", missing)
	}
}

func TestAnInstanceIsRentedAgain(t *testing.T) {
	t.Parallel()
	i := instance(5, "train vx-abcdefghijkl")
	i.Image, i.RunType, i.Bid, i.DphBase = safetext.New("a/b:1"), safetext.New("ssh ssh_direc ssh_proxy"), true, 0.21
	i.Volumes, i.Template = []vastapi.VolumeID{3}, safetext.New("PyTorch")
	for _, pair := range [][2]string{{"VX_OP", "abcdefghijkl"}, {"A", "b\tc"}, {"-p 80:80", "1"}, {"-p udp:\x1b", "1"}, {"-h", "box"}} {
		i.Env = append(i.Env, [2]safetext.Text{safetext.New(pair[0]), safetext.New(pair[1])})
	}
	opt, missing := OptionsOf(&i)
	if opt.Image != "a/b:1" || opt.Disk != 80 || opt.Name != "train" || opt.RentalType() != vastapi.Interruptible || *opt.Bid != 0.21 ||
		opt.Launch.Mode() != "ssh" || !opt.Launch.Direct {
		t.Errorf("%+v", opt)
	}
	if got := opt.Env.Text(); got != "-h box -p 80:80 -e A='b\tc'" {
		t.Errorf("%q", got)
	}
	var fields []string
	for _, m := range missing {
		fields = append(fields, m.Field)
		if m.Text != safetext.Clean(m.Text, 300) {
			t.Errorf("%q", m.Text)
		}
	}
	if !slices.Equal(fields, []string{"env", "onstart", "volume", "template"}) {
		t.Errorf("%v", missing)
	}
	o := offer(77)
	if problems := opt.Validate(&o); len(problems) != 0 {
		t.Errorf("%v", problems)
	}
	hostile := instance(7, "a\x1b")
	hostile.Image = safetext.New("a/b:1\x1b]0;x")
	opt, missing = OptionsOf(&hostile)
	if opt.Image != "" || opt.Name != "" || missing[0].Field != "image" {
		t.Errorf("%q %q %v", opt.Image, opt.Name, missing)
	}
	served := instance(6, "")
	served.Image = safetext.New("a/b:1")
	served.RunType = safetext.New("args")
	opt, missing = OptionsOf(&served)
	if r, err := opt.RunType(); r != RunArgs || err != nil || opt.Kind != vastapi.OnDemand || !slices.ContainsFunc(missing, func(m FieldError) bool { return m.Field == "launch" }) {
		t.Errorf("%q, %v, %v", r, err, missing)
	}
}

func TestSuggestedNamesAreValid(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range uint64(len(nameWords)) {
		o := offer(1)
		name := SuggestName(&o, n)
		if checkName(name) != "" || !strings.HasPrefix(name, "rtx-4090-") || seen[name] {
			t.Errorf("%q", name)
		}
		seen[name] = true
	}
	for gpu, want := range map[string]string{
		"": "gpu-amber", "\x1b[2J": "2j-amber", "é": "gpu-amber", strings.Repeat("A1 ", 40): strings.Repeat("a1-", 7) + "a1-a-amber", "H100_NVL  ": "h100-nvl-amber",
	} {
		o := vastapi.Offer{GPUName: safetext.New(gpu)}
		if got := SuggestName(&o, uint64(len(nameWords))); got != want && gpu != strings.Repeat("A1 ", 40) || checkName(got) != "" {
			t.Errorf("%q: %q, want %q", gpu, got, want)
		}
	}
}

// memory of hosts for tests.
type rememberedHosts struct{ why, record string }

func (h rememberedHosts) Blocked(vastapi.MachineID, vastapi.HostID) (string, bool) {
	return h.why, h.why != ""
}
func (h rememberedHosts) Record(vastapi.MachineID, vastapi.HostID) string { return h.record }

func TestWarningsComeWithTheirNumbers(t *testing.T) {
	t.Parallel()
	nan := vastapi.Unknown[float64]()
	for name, c := range map[string]struct {
		change func(*vastapi.Offer, *RentOptions, *Desk)
		want   string
		check  string // of which check; "" = none
		state  CheckState
	}{
		"no ssh key": {func(_ *vastapi.Offer, _ *RentOptions, d *Desk) { d.SSHKey = vastapi.FlagNo },
			"danger: The account has no ssh key, so you cannot log in", "ssh key", CheckWarn},
		"ports": {func(o *vastapi.Offer, r *RentOptions, _ *Desk) {
			o.DirectPorts, r.Env = 2, Env{"-p 80:80": "1", "-p 81:81": "1"}
		},
			"caution: 3 ports are wanted, the machine has 2 of its own", "ports", CheckWarn},
		"enough ports": {func(o *vastapi.Offer, r *RentOptions, _ *Desk) {
			o.DirectPorts, r.Env = 2, Env{"-p 80:80": "1", "-p 22:22": "1"}
		},
			"", "ports", CheckPass},
		"ports not known": {func(o *vastapi.Offer, _ *RentOptions, _ *Desk) { o.DirectPorts = -1 }, "", "ports", CheckWarn},
		"newer CUDA": {func(o *vastapi.Offer, r *RentOptions, _ *Desk) { o.CUDA, r.Image = 12.2, "nvidia/cuda:12.8.1-base" },
			"danger: The image wants CUDA 12.8, the machine supports up to 12.2", "CUDA", CheckWarn},
		"older CUDA": {func(_ *vastapi.Offer, r *RentOptions, _ *Desk) { r.Image = "nvidia/cuda:11.8.0-base" }, "", "CUDA", CheckPass},
		"CUDA not known": {func(o *vastapi.Offer, r *RentOptions, _ *Desk) { o.CUDA, r.Image = nan, "nvidia/cuda:11.8.0-base" },
			"caution: The offer does not tell CUDA.", "CUDA", CheckWarn},
		"too short": {func(o *vastapi.Offer, _ *RentOptions, d *Desk) { o.Duration, d.Hours = 20*time.Hour, 24 },
			"danger: The offer ends in 20h, before your job of 24 h is done", "duration", CheckWarn},
		"long enough":   {func(_ *vastapi.Offer, _ *RentOptions, d *Desk) { d.Hours = 24 }, "", "duration", CheckPass},
		"end not known": {func(o *vastapi.Offer, _ *RentOptions, _ *Desk) { o.Duration = -1 }, "caution: The offer does not tell the end.", "duration", CheckWarn},
		"nearly all the disk": {func(o *vastapi.Offer, _ *RentOptions, _ *Desk) { o.DiskSpace = 33 },
			"note: The disk takes 32 GB of the 33 GB on offer", "disk", CheckWarn},
		"blocked": {func(_ *vastapi.Offer, _ *RentOptions, d *Desk) { d.Hosts = rememberedHosts{why: "slow\x1b"} },
			`danger: Machine 512 of host 31 is on your block list: "slow\x1b".`, "host", CheckFail},
		"record": {func(_ *vastapi.Offer, _ *RentOptions, d *Desk) { d.Hosts = rememberedHosts{record: "3 rentals"} }, "", "host", CheckPass},
		"a bid just above the lowest": {func(_ *vastapi.Offer, r *RentOptions, _ *Desk) { r.Bid = bid(0.21) },
			"caution: The bid is 5% above the lowest that runs now, $0.200/h", "", CheckPass},
		"no tag": {func(_ *vastapi.Offer, r *RentOptions, _ *Desk) { r.Image = "a/b" }, "note: The image has no tag", "", CheckPass},
		"deverified": {func(o *vastapi.Offer, _ *RentOptions, _ *Desk) { o.Verification = safetext.New("deverified") },
			"danger: The machine has lost its verification.", "", CheckPass},
		"figures not told": {func(o *vastapi.Offer, _ *RentOptions, _ *Desk) {
			o.Reliability, o.InetUpCost, o.Verification = nan, vastapi.PerGB(nan), safetext.Text{}
		}, "caution: The offer does not tell reliability, verification, the price of traffic out.", "", CheckPass},
		"a secret": {func(_ *vastapi.Offer, r *RentOptions, _ *Desk) { r.Env = Env{"HF_TOKEN": "x"} },
			"note: The owner of the machine can read what is handed to it: HF_TOKEN;", "", CheckPass},
		"a template that is not understood": {func(_ *vastapi.Offer, r *RentOptions, _ *Desk) {
			r.Template = vastapi.Template{Hash: "abc", Env: safetext.New("--gpus all")}
		}, "caution: The template's environment is not understood here", "", CheckPass},
		"a script": {func(_ *vastapi.Offer, r *RentOptions, _ *Desk) { r.OnStart = "x" }, "note: The start script runs again after every start", "", CheckPass},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, opt, d := offer(77), someOptions, fixed()
			o.DirectPorts, d.SSHKey = 10, vastapi.FlagYes
			c.change(&o, &opt, &d)
			p := must(t)(PlanRent(o, noon, opt, d))
			text := levelled(p)
			if c.want != "" && !strings.Contains(text, c.want) {
				t.Errorf("no %q in\n%s", c.want, text)
			}
			if c.want == "" && text != "" {
				t.Errorf("warnings:\n%s", text)
			}
			for _, check := range p.Checks {
				state := CheckPass
				if check.Name == c.check {
					state = c.state
				}
				if check.State() != state {
					t.Errorf("check %s is %s, want %s: %s", check.Name, check.State(), state, check.Text)
				}
			}
		})
	}
}

// levelled is a plan's warnings with their levels, one a line.
func levelled(p Plan) string {
	var b strings.Builder
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.Level, w.Text)
	}
	return b.String()
}

func TestABlockedMachineTakesItsNumberToAgree(t *testing.T) {
	t.Parallel()
	d := fixed()
	d.Hosts = rememberedHosts{why: "slow", record: "rented 3 times\x1b, 1 failed"}
	p := must(t)(PlanRent(offer(77), noon, someOptions, d))
	if p.Consent.Kind != ConsentType || p.Consent.Words != "512" {
		t.Errorf("%+v", p.Consent)
	}
	if !slices.Contains(p.Facts, Line{"host record", "rented 3 times\u241b, 1 failed"}) {
		t.Errorf("%v", p.Facts)
	}
}

func TestTheJobIsPricedWithItsTraffic(t *testing.T) {
	t.Parallel()
	d := fixed()
	d.Hours, d.In, d.Out = 24, 100, 10
	p := must(t)(PlanRent(offer(77), noon, someOptions, d))
	// 24 × (0.40 + 0.15×32/720) + 100 × 0.002 + 10 × 0.001
	if !slices.Contains(p.Facts, Line{"your job", "$9.97 for 24 h with 100 GB in and 10 GB out"}) {
		t.Errorf("%v", p.Facts)
	}
}

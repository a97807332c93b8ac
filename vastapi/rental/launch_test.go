package rental

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

// launchOfCase is the Launch of one official case. args is null, a list or "".
func launchOfCase(flags map[string]any) Launch {
	is := func(name string) bool { return flags[name] == true }
	l := Launch{SSH: is("ssh"), Jupyter: is("jupyter"), Direct: is("direct"), JupyterLab: is("jupyter_lab")}
	l.JupyterDir, _ = flags["jupyter_dir"].(string)
	switch args := flags["args"].(type) {
	case string:
		l.Args = []string{args}
	case []any:
		l.Args = []string{}
		for _, a := range args {
			l.Args = append(l.Args, a.(string))
		}
	}
	return l
}

func TestRunTypesAreThoseOfTheOfficialClient(t *testing.T) {
	t.Parallel()
	for _, c := range casesOf(t, "runtype", 24) {
		l := launchOfCase(c.Flags)
		got, err := l.RunType()
		if c.Error {
			if !errors.Is(err, ErrJupyterArgs) || got != "" {
				t.Errorf("%v: %q, %v, expected an error", c.Flags, got, err)
			}
			continue
		}
		var want string
		if err := json.Unmarshal(c.Want, &want); err != nil {
			t.Fatal(err)
		}
		if err != nil || got.String() != want || !slices.Equal(l.SentArgs(), c.After) || got.Jupyter() != c.Jupyter {
			t.Errorf("%v: %q %q %v, want %q %q", c.Flags, got, l.SentArgs(), err, want, c.After)
		}
	}
}

func TestEveryCombinationHasARunTypeOrIsRefused(t *testing.T) {
	t.Parallel()
	seen := map[RunType]bool{}
	for n := range 64 {
		on := func(bit int) bool { return n>>bit&1 == 1 }
		l := Launch{SSH: on(0), Jupyter: on(1), Direct: on(2), JupyterLab: on(3)}
		if on(4) {
			l.JupyterDir = "/w"
		}
		if on(5) {
			l.Args = []string{"a"}
		}
		r, err := l.RunType()
		jupyter := on(1) || on(3) || on(4)
		if (err != nil) != (jupyter && on(5)) || (err == nil) != (r != "") {
			t.Errorf("%+v: %q, %v", l, r, err)
		}
		if err == nil && (r.Jupyter() != jupyter || jupyter && r.Direct() != on(2)) {
			t.Errorf("%+v: %q", l, r)
		}
		seen[r] = true
		if again, err := r.Launch().RunType(); err != nil || r != "" && r != RunSSH && again != r {
			t.Errorf("%q gives back %q, %v", r, again, err)
		}
	}
	if len(seen) != 7 { // the six run types and none
		t.Errorf("%v", slices.Collect(maps.Keys(seen)))
	}
}

func TestWhatARunTypeMeans(t *testing.T) {
	t.Parallel()
	for r, want := range map[RunType]struct {
		ssh, jupyter, direct, args bool
		ports, words               string
	}{
		"ssh":                     {true, false, false, false, "", "ssh, by proxy"},
		"ssh_proxy":               {true, false, false, false, "", "ssh, by proxy"},
		"ssh_direct":              {true, false, true, false, "22/tcp", "ssh, direct and by proxy"},
		"ssh_direc ssh_proxy":     {true, false, true, false, "22/tcp", "ssh, direct and by proxy"},
		"ssh ssh_direc ssh_proxy": {true, false, true, false, "22/tcp", "ssh, direct and by proxy"},
		"jupyter":                 {true, true, false, false, "", "jupyter and ssh, by proxy"},
		RunJupyterDirect:          {true, true, true, false, "8080/tcp 22/tcp", "jupyter and ssh, direct and by proxy"},
		RunArgs:                   {false, false, false, true, "", "the image's own entrypoint, no ssh"},
	} {
		if r.SSH() != want.ssh || r.Jupyter() != want.jupyter || r.Direct() != want.direct || r.Args() != want.args ||
			strings.Join(r.OwnPorts(), " ") != want.ports || r.Words() != want.words {
			t.Errorf("%q: ssh %t jupyter %t direct %t args %t ports %q words %q", r, r.SSH(), r.Jupyter(), r.Direct(), r.Args(), r.OwnPorts(), r.Words())
		}
	}
}

func TestFormsChooseALaunchByItsMode(t *testing.T) {
	t.Parallel()
	for _, mode := range LaunchModes {
		for _, direct := range []bool{false, true} {
			l := LaunchOf(mode, direct, []string{"x"})
			if r, err := l.RunType(); l.Mode() != mode || !l.Chosen() || err != nil || r == "" {
				t.Errorf("%s: %q, %q, %v", mode, l.Mode(), r, err)
			}
		}
	}
	if l := LaunchOf("vm", true, nil); l.Chosen() || l.Mode() != "" {
		t.Errorf("%+v", l)
	}
	if l := LaunchOf("args", false, nil); l.Args == nil || l.SentArgs() != nil {
		t.Errorf("args without arguments: %+v", l)
	}
}

func TestThePortalListsNoJupyterWhereNoneIsStarted(t *testing.T) {
	t.Parallel()
	for _, c := range casesOf(t, "portal_config", 5) {
		got, err := portalConfig(RunType(c.RunType), *c.Input)
		var want string
		if !c.Error {
			if err := json.Unmarshal(c.Want, &want); err != nil {
				t.Fatal(err)
			}
		}
		if (err != nil) != c.Error || got != want {
			t.Errorf("%q %q: %q, %v, want %q", c.RunType, *c.Input, got, err, want)
		}
	}
	opt := someOptions
	opt.Env = Env{"PORTAL_CONFIG": "a:1:2:/:A|b:3:4:/:Jupyter"}
	p := must(t)(PlanRent(offer(77), noon, opt, fixed()))
	if got := p.Steps[0].Call.(vastapi.CreateInstance).Env["PORTAL_CONFIG"]; got != "a:1:2:/:A" {
		t.Errorf("sends %q", got)
	}
	opt.Env = Env{"PORTAL_CONFIG": "b:3:4:/:Jupyter"}
	o := offer(77)
	if problems := opt.Validate(&o); len(problems) != 1 || problems[0].Field != "env" || !strings.Contains(problems[0].Text, "only jupyter") {
		t.Errorf("%v", problems)
	}
}

func TestVolumesAreChosenAsTheOfficialClientTakesThem(t *testing.T) {
	t.Parallel()
	for _, c := range casesOf(t, "volume_info", 9) {
		number := func(name string) int64 {
			v, _ := c.Flags[name].(float64)
			return int64(v)
		}
		text := func(name string) string {
			v, _ := c.Flags[name].(string)
			return v
		}
		v := VolumeChoice{
			Link: vastapi.VolumeID(number("link_volume")), Create: vastapi.OfferID(number("create_volume")),
			Size: vastapi.GB(number("volume_size")), Name: text("volume_label"), Mount: text("mount_path"), Price: 0.1,
		}
		o := offer(77)
		if problem := v.check(&o); (problem != "") != c.Error {
			t.Errorf("%v: %q, error wanted: %t", c.Flags, problem, c.Error)
		}
		if c.Error {
			continue
		}
		opt := someOptions
		opt.Volume = v
		p := must(t)(PlanRent(o, noon, opt, fixed()))
		body, err := p.Steps[0].Call.Body()
		if err != nil {
			t.Fatal(err)
		}
		var sent struct {
			Volume map[string]any `json:"volume_info"`
		}
		var want map[string]any
		if err := errors.Join(json.Unmarshal(body, &sent), json.Unmarshal(c.Want, &want)); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(sent.Volume, want) {
			t.Errorf("%v: sends %v, want %v", c.Flags, sent.Volume, want)
		}
	}
}

func TestAVolumeBelongsToOneMachine(t *testing.T) {
	t.Parallel()
	o := offer(77)
	o.VolumeAsk, o.VolumeGB = 900, 100
	for name, c := range map[string]struct {
		v    VolumeChoice
		want string
	}{
		"none":          {VolumeChoice{}, ""},
		"linked":        {VolumeChoice{Link: 5, Machine: 512, Mount: "/d"}, ""},
		"elsewhere":     {VolumeChoice{Link: 5, Machine: 513, Mount: "/d"}, "lies on machine 513"},
		"both":          {VolumeChoice{Link: 5, Create: 900, Mount: "/d"}, "not both"},
		"neither":       {VolumeChoice{Mount: "/d"}, "choose a volume"},
		"other offer":   {VolumeChoice{Create: 901, Mount: "/d"}, "its offer of volumes is 900"},
		"too large":     {VolumeChoice{Create: 900, Size: 101, Mount: "/d"}, "100 GB at most"},
		"half a GB":     {VolumeChoice{Create: 900, Size: 10.5, Mount: "/d"}, "whole number"},
		"bad name":      {VolumeChoice{Create: 900, Name: "a-b", Mount: "/d"}, "letters, digits and _"},
		"renamed":       {VolumeChoice{Link: 5, Name: "n", Mount: "/d"}, "leave them empty"},
		"root":          {VolumeChoice{Link: 5, Mount: "/"}, "the folder"},
		"double slash":  {VolumeChoice{Link: 5, Mount: "/a//b"}, "the folder"},
		"trailing":      {VolumeChoice{Link: 5, Mount: "/a/"}, ""},
		"two trailing":  {VolumeChoice{Link: 5, Mount: "/a//"}, "the folder"},
		"negative link": {VolumeChoice{Link: -5, Mount: "/a"}, "above 0"},
	} {
		if got := c.v.check(&o); got != c.want && (c.want == "" || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestANewVolumeIsInTheBill(t *testing.T) {
	t.Parallel()
	opt := someOptions
	opt.Volume = VolumeChoice{Create: 900, Size: 50, Price: 0.10, Mount: "/data"}
	with, without := must(t)(PlanRent(offer(77), noon, opt, fixed())), must(t)(PlanRent(offer(77), noon, someOptions, fixed()))
	const volume = 50 * 0.10 / 720
	if got := float64(with.Cost.Change - without.Cost.Change); got < volume-1e-9 || got > volume+1e-9 || with.Steps[0].Rate != with.Cost.Change {
		t.Errorf("adds %v, want %v; step %v of %v", got, volume, with.Steps[0].Rate, with.Cost.Change)
	}
	if !strings.Contains(warningsOf(with), "The new volume of 50 GB costs $5.00 a month until it is deleted") {
		t.Errorf("warnings:\n%s", warningsOf(with))
	}
	opt.Volume.Price = 0
	if _, err := PlanRent(offer(77), noon, opt, fixed()); err == nil || !strings.Contains(err.Error(), "price of a new volume is not known") {
		t.Errorf("error %v", err)
	}
}

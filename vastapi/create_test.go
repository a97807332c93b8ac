package vastapi_test

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

// recording is one line of testdata/requests.jsonl: what the official client
// sent for a command line, or what it makes of the volume flags.
type recording struct {
	Kind     string
	Argv     []string
	Requests []struct {
		Method, Path string
		Body         map[string]any
	}
	Flags struct {
		Create *int64  `json:"create_volume"`
		Link   *int64  `json:"link_volume"`
		Size   *int    `json:"volume_size"`
		Path   *string `json:"mount_path"`
		Name   *string `json:"volume_label"`
	}
	Want  map[string]any
	Error bool
}

func recordings(t *testing.T, kind string) []recording {
	t.Helper()
	f, err := os.Open("testdata/requests.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []recording
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		r := recording{}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.Kind == kind {
			all = append(all, r)
		}
	}
	if len(all) == 0 {
		t.Fatalf("no recording of the kind %s", kind)
	}
	return all
}

// spoken are the calls that stand for the command lines recorded.
func spoken() map[string]vastapi.Call {
	bid := vastapi.Rate(0.17)
	return map[string]vastapi.Call{
		"create instance 7012345 --image pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime --disk 32 --ssh --direct --env -p 8080:8080 -e TZ=UTC --onstart-cmd touch /tmp/x --label train-1 --raw": vastapi.CreateInstance{
			Offer: 7012345, Image: "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime", Disk: 32, Env: map[string]string{"-p 8080:8080": "1", "TZ": "UTC"}, OnStart: "touch /tmp/x", Label: "train-1",
		},
		"create instance 7012345 --template_hash a1b2c3 --disk 64 --raw": vastapi.CreateInstance{Offer: 7012345, Template: "a1b2c3", Disk: 64},
		"create instance 7012345 --image ubuntu:22.04 --bid_price 0.17 --jupyter --direct --jupyter-lab --jupyter-dir /workspace --raw": vastapi.CreateInstance{
			Offer: 7012345, Image: "ubuntu:22.04", Disk: 10, Type: vastapi.Interruptible, Price: &bid, RunType: "jupyter_direc ssh_direc ssh_proxy", JupyterLab: true, JupyterDir: "/workspace",
		},
		"create instance 7012345 --image vllm/vllm-openai:latest --disk 40 --login -u ann -p pw123 ghcr.io --raw --args --model org/model-7b": vastapi.CreateInstance{
			Offer: 7012345, Image: "vllm/vllm-openai:latest", Disk: 40, ImageLogin: vastapi.NewSecret("-u ann -p pw123 ghcr.io"), RunType: "args", Args: []string{"--model", "org/model-7b"},
		},
		"create instance 7012345 --image ubuntu:22.04 --ssh --create-volume 31234567 --volume-size 50 --mount-path /data --raw": vastapi.CreateInstance{
			Offer: 7012345, Image: "ubuntu:22.04", Disk: 10, RunType: "ssh_proxy", Volume: &vastapi.VolumeMount{Offer: 31234567, Size: 50, Path: "/data"},
		},
		"create instance 7012345 --image ubuntu:22.04 --ssh --link-volume 881 --mount-path /data --cancel-unavail --force --raw": vastapi.CreateInstance{
			Offer: 7012345, Image: "ubuntu:22.04", Disk: 10, RunType: "ssh_proxy", Volume: &vastapi.VolumeMount{Link: 881, Path: "/data"}, CancelUnavail: true, Force: true,
		},
		"start instance 77":          vastapi.SetInstanceState{ID: 77, State: "running"},
		"stop instance 77":           vastapi.SetInstanceState{ID: 77, State: "stopped"},
		"label instance 77 my box":   vastapi.LabelInstance{ID: 77, Label: "my box"},
		"reboot instance 77":         vastapi.RebootInstance{ID: 77},
		"destroy instance 77 -y":     vastapi.DestroyInstance{ID: 77},
		"change bid 77 --price 0.25": vastapi.ChangeBid{ID: 77, Price: 0.25},
		"prepay instance 77 10.5":    vastapi.PrepayInstance{ID: 77, Amount: 10.5},
		"change bid 77":              nil, // lets the server choose the price: never done here
		"show user --raw":            nil,
		"show ssh-keys --raw":        nil,
		"search templates --raw":     nil,
	}
}

func TestEveryCallIsWhatTheOfficialClientSends(t *testing.T) {
	t.Parallel()
	known := spoken()
	for _, r := range recordings(t, "request") {
		line := strings.Join(r.Argv, " ")
		call, ok := known[line]
		delete(known, line)
		switch {
		case !ok:
			t.Errorf("nothing stands for %q", line)
			continue
		case call == nil:
			continue
		}
		if v, ok := call.(interface{ Validate() error }); ok && v.Validate() != nil {
			t.Errorf("%q is refused: %v", line, v.Validate())
		}
		want := r.Requests[0]
		body, err := call.Body()
		got := map[string]any{}
		if err != nil || json.Unmarshal(body, &got) != nil || call.Method() != want.Method || call.Path() != want.Path {
			t.Errorf("%q: %s %s, %v", line, call.Method(), call.Path(), err)
		}
		if !reflect.DeepEqual(said(got), said(want.Body)) {
			t.Errorf("%q\n got %v\nwant %v", line, said(got), said(want.Body))
		}
	}
	for line := range known {
		t.Errorf("%q is not recorded", line)
	}
}

// said leaves out what means "not given": null, and false for what is off by
// default.
func said(body map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range body {
		if v != nil && (v != false || k == "cancel_unavail") {
			out[k] = v
		}
	}
	return out
}

func TestVolumesAreMountedAsTheOfficialClientDoes(t *testing.T) {
	t.Parallel()
	for _, r := range recordings(t, "volume_info") {
		v := &vastapi.VolumeMount{}
		if r.Flags.Create != nil {
			v.Offer = vastapi.OfferID(*r.Flags.Create)
		}
		if r.Flags.Link != nil {
			v.Link = vastapi.VolumeID(*r.Flags.Link)
		}
		if r.Flags.Size != nil {
			v.Size = *r.Flags.Size
		}
		if r.Flags.Path != nil {
			v.Path = *r.Flags.Path
		}
		if r.Flags.Name != nil {
			v.Name = *r.Flags.Name
		}
		c := vastapi.CreateInstance{Offer: 1, Image: "i", Disk: 8, Volume: v}
		if err := c.Validate(); (err != nil) != r.Error {
			t.Errorf("%+v: %v", v, err)
			continue
		}
		if r.Error {
			continue
		}
		body, err := c.Body()
		var got struct {
			Volume map[string]any `json:"volume_info"`
		}
		if err != nil || json.Unmarshal(body, &got) != nil || !reflect.DeepEqual(got.Volume, r.Want) {
			t.Errorf("%+v: %s, want %v (%v)", v, body, r.Want, err)
		}
	}
}

func TestABidNeverBecomesAnOnDemandRent(t *testing.T) {
	t.Parallel()
	bid, low, high, odd := vastapi.Rate(0.2), vastapi.Rate(0.0005), vastapi.Rate(129), vastapi.Unknown[vastapi.Rate]()
	good := vastapi.CreateInstance{Offer: 1, Image: "i", Disk: 8}
	for _, c := range []struct {
		kind  vastapi.RentalType
		price *vastapi.Rate
		ok    bool
	}{
		{"", nil, true}, {"", &bid, true}, {vastapi.OnDemand, nil, true}, {vastapi.Reserved, nil, true}, {vastapi.Interruptible, &bid, true},
		{vastapi.Interruptible, nil, false}, {vastapi.OnDemand, &bid, false}, {vastapi.Reserved, &bid, false}, {"spot", nil, false}, {"spot", &bid, false},
		{vastapi.Interruptible, &low, false}, {vastapi.Interruptible, &high, false}, {vastapi.Interruptible, &odd, false}, {"", &odd, false},
	} {
		call := good
		call.Type, call.Price = c.kind, c.price
		body, err := call.Body()
		_, shown := call.Preview()
		if valid := call.Validate(); (valid == nil) != c.ok || (err == nil) != c.ok || (shown == nil) != c.ok {
			t.Errorf("%q with %v: %v, %v, %v", c.kind, c.price, valid, err, shown)
		}
		if c.ok && strings.Contains(string(body), `"price":null`) != (c.price == nil) {
			t.Errorf("%q with %v: %s", c.kind, c.price, body)
		}
		api, s := answering(t, says(200, `{"success":true,"new_contract":3}`))
		if res := api.Do(t.Context(), call); !c.ok && (res.Outcome != vastapi.OutcomeNotSent || s.count() != 0) {
			t.Errorf("%q with %v was sent: %+v", c.kind, c.price, res)
		}
	}
}

func TestWhatCannotBeRentedIsNotSent(t *testing.T) {
	t.Parallel()
	good := vastapi.CreateInstance{Offer: 1, Image: "i", Disk: 8}
	for name, spoil := range map[string]func(*vastapi.CreateInstance){
		"no offer":              func(c *vastapi.CreateInstance) { c.Offer = 0 },
		"neither image":         func(c *vastapi.CreateInstance) { c.Image = "" },
		"long image":            func(c *vastapi.CreateInstance) { c.Image = strings.Repeat("i", 1025) },
		"template by its name":  func(c *vastapi.CreateInstance) { c.Template = "My Template" },
		"small disk":            func(c *vastapi.CreateInstance) { c.Disk = 7.9 },
		"unknown disk":          func(c *vastapi.CreateInstance) { c.Disk = vastapi.Unknown[vastapi.GB]() },
		"long label":            func(c *vastapi.CreateInstance) { c.Label = strings.Repeat("l", 257) },
		"long script":           func(c *vastapi.CreateInstance) { c.OnStart = strings.Repeat("x", vastapi.MaxOnStart+1) },
		"odd state":             func(c *vastapi.CreateInstance) { c.TargetState = "paused" },
		"nameless variable":     func(c *vastapi.CreateInstance) { c.Env = map[string]string{" ": "x"} },
		"long name":             func(c *vastapi.CreateInstance) { c.Env = map[string]string{strings.Repeat("K", 257): "x"} },
		"too many variables":    func(c *vastapi.CreateInstance) { c.Env = map[string]string{"K": strings.Repeat("v", vastapi.MaxEnv)} },
		"variable with a NUL":   func(c *vastapi.CreateInstance) { c.Env = map[string]string{"K": "a\x00b"} },
		"odd run type":          func(c *vastapi.CreateInstance) { c.RunType = "ssh_direkt" },
		"two spaces":            func(c *vastapi.CreateInstance) { c.RunType = "ssh_direc  ssh_proxy" },
		"args and more":         func(c *vastapi.CreateInstance) { c.RunType = "args ssh" },
		"volume without a path": func(c *vastapi.CreateInstance) { c.Volume = &vastapi.VolumeMount{Link: 5} },
		"volume of both kinds":  func(c *vastapi.CreateInstance) { c.Volume = &vastapi.VolumeMount{Link: 5, Offer: 6, Path: "/d"} },
		"volume of neither":     func(c *vastapi.CreateInstance) { c.Volume = &vastapi.VolumeMount{Path: "/d"} },
		"odd volume name":       func(c *vastapi.CreateInstance) { c.Volume = &vastapi.VolumeMount{Offer: 5, Path: "/d", Name: "a-b"} },
		"negative size":         func(c *vastapi.CreateInstance) { c.Volume = &vastapi.VolumeMount{Offer: 5, Path: "/d", Size: -1} },
		"VM with a volume":      func(c *vastapi.CreateInstance) { c.VM, c.Volume = true, &vastapi.VolumeMount{Link: 5, Path: "/d"} },
	} {
		c := good
		spoil(&c)
		api, s := answering(t, says(200, `{"success":true,"new_contract":3}`))
		if res := api.Do(t.Context(), c); res.Outcome != vastapi.OutcomeNotSent || s.count() != 0 || res.Err == nil {
			t.Errorf("%s: %+v", name, res)
		}
	}
	for _, call := range []vastapi.Call{
		vastapi.ChangeBid{ID: 5}, vastapi.ChangeBid{Price: 0.2}, vastapi.ChangeBid{ID: 5, Price: vastapi.Unknown[vastapi.Rate]()}, vastapi.ChangeBid{ID: 5, Price: 600},
		vastapi.PrepayInstance{ID: 5}, vastapi.PrepayInstance{Amount: 5}, vastapi.PrepayInstance{ID: 5, Amount: -1}, vastapi.PrepayInstance{ID: 5, Amount: vastapi.Unknown[vastapi.Amount]()},
	} {
		api, s := answering(t, says(200, `{"success":true}`))
		if res := api.Do(t.Context(), call); res.Outcome != vastapi.OutcomeNotSent || s.count() != 0 {
			t.Errorf("%+v: %+v", call, res)
		}
	}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
}

func TestSecretsOfARentAreInItsBodyAndNowhereElse(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-of-the-registry"
	c := vastapi.CreateInstance{
		Offer: 1, Image: "i", Disk: 8, ImageLogin: vastapi.NewSecret("-u ann -p " + secret + " ghcr.io"),
		Env: map[string]string{"-p 1:1": "1", "-h": "box", "TOKEN": "v"}, TargetState: "stopped", VM: true, User: "root", PythonUTF8: true, LangUTF8: true,
	}
	body, err := c.Body()
	if err != nil || !strings.Contains(string(body), secret) {
		t.Fatalf("%s, %v", body, err)
	}
	preview, err := c.Preview()
	if err != nil || strings.Contains(string(preview), secret) || !strings.Contains(string(preview), `"image_login":"…"`) || !strings.Contains(string(preview), `"TOKEN":"…"`) || !strings.Contains(string(preview), `"-h":"box"`) {
		t.Errorf("%s, %v", preview, err)
	}
	for _, want := range []string{`"target_state":"stopped"`, `"vm":true`, `"user":"root"`, `"python_utf8":true`, `"lang_utf8":true`} {
		if !strings.Contains(string(body), want) || !strings.Contains(string(preview), want) {
			t.Errorf("%s is missing in %s", want, body)
		}
	}
	asJSON, err := json.Marshal(c.ImageLogin)
	if err != nil || string(asJSON) != `"…"` {
		t.Errorf("%s, %v", asJSON, err)
	}
	for _, s := range printed(c, &c, c.ImageLogin, &c.ImageLogin, struct{ S vastapi.Secret }{c.ImageLogin}) {
		if strings.Contains(s, secret) || strings.Contains(s, "68756e74657232") {
			t.Errorf("printed as %s", s)
		}
	}
	none, _ := json.Marshal(vastapi.NewSecret(""))
	if vastapi.NewSecret("").Set() || !c.ImageLogin.Set() || string(none) != "null" || vastapi.NewSecret("").String() != "" {
		t.Error("no secret is none")
	}
}

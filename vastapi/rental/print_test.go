package rental

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestNoWayOfPrintingAPlanShowsASecret(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2"
	opt := someOptions
	opt.Env = map[string]string{"HF_TOKEN": secret}
	o := offer(77)
	o.InetUpCost = vastapi.Unknown[vastapi.PerGB]()
	p := must(t)(PlanRent(o, noon, opt, fixed()))
	r := Report{Plan: p, Done: []StepResult{{Step: p.Steps[0]}}}
	out, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{
		string(out), fmt.Sprintf("%v %+v %#v", p, p, p), fmt.Sprintf("%v %+v %#v", r, r, r), fmt.Sprintf("%+v", &p),
	} {
		if strings.Contains(printed, secret) {
			t.Errorf("shown: %s", printed)
		}
	}
	if !strings.Contains(string(out), `"HF_TOKEN":"…"`) || !strings.Contains(string(out), `"path":"/api/v0/asks/77/"`) {
		t.Errorf("JSON: %s", out)
	}
}

func TestAPlanOfUnknownsIsValidJSON(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanRent(offer(1), noon, someOptions, Desk{Now: noon, Caps: DefaultCaps()}))
	out, err := json.Marshal(p)
	if err != nil || !strings.Contains(string(out), `"before":null`) || !strings.Contains(string(out), `"type_to_agree":"unknown"`) {
		t.Errorf("%s, %v", out, err)
	}
}

func TestARequestIsPrintedAsItIsSent(t *testing.T) {
	t.Parallel()
	opt := someOptions
	opt.OnStart = "echo a > b && c"
	p := must(t)(PlanRent(offer(1), noon, opt, fixed()))
	out, err := p.MarshalJSON()
	if err != nil || !strings.Contains(string(out), `"onstart":"echo a > b && c"`) {
		t.Errorf("%s, %v", out, err)
	}
}

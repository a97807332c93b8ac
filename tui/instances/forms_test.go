package instances

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// form is what a key asks.
func form(t *testing.T, e view.Effect) view.Form {
	t.Helper()
	if len(e.Intents) != 1 {
		t.Fatalf("it wants %+v", e)
	}
	ask, ok := e.Intents[0].(view.Ask)
	if !ok {
		t.Fatalf("it wants %+v", e.Intents[0])
	}
	return ask.Form
}

// filled is what a form holds at first, with other values.
func filled(f view.Form, v view.Values) view.Values {
	all := view.Values{}
	for _, field := range f.Fields {
		all[field.Key] = field.Value
	}
	for k, text := range v {
		all[k] = text
	}
	return all
}

// panel is a form's panel as text.
func panel(f view.Form, v view.Values) string {
	var lines []string
	for _, p := range f.Panel(filled(f, v)) {
		lines = append(lines, strings.TrimSpace(p.Label+" "+p.Value))
	}
	return strings.Join(lines, "\n")
}

func holds(t *testing.T, what, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s: %q is not in\n%s", what, w, text)
		}
	}
}

// made is an instance that tells what it is made from.
func made() vastapi.Instance {
	i := running(18820341, "train-1 vx-abcdefghijkl")
	i.Image, i.OnStart, i.DiskUsed, i.Volumes = safetext.New("pytorch/pytorch:2.4"), safetext.New("cd /workspace\npython train.py\n"), 41.5, []vastapi.VolumeID{3}
	for _, pair := range [][2]string{{"HF_TOKEN", "hunter2"}, {"BATCH", "16"}, {"-p 8080:8080", "1"}, {"VX_OP", "abcdefghijkl"}} {
		i.Env = append(i.Env, [2]safetext.Text{safetext.New(pair[0]), safetext.New(pair[1])})
	}
	return i
}

func TestUpdateFormShowsWhatChangesAndHidesSecrets(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(made())
	s.data.Templates.Apply(feed.TemplateList{Templates: []vastapi.Template{{Hash: "abc123", Name: safetext.New("ComfyUI"), Image: safetext.New("vastai/comfy")}}}, s.now, nil)
	f := form(t, s.press("u"))
	all := filled(f, nil)
	if strings.Contains(all["env"], "16") {
		t.Errorf("values of variables are shown: %q", all["env"])
	}
	if all["image"] != "pytorch/pytorch:2.4" || all["onstart"] != "cd /workspace\npython train.py\n" || strings.Contains(fmt.Sprint(all), "hunter2") || strings.Contains(fmt.Sprint(all), "VX_OP") {
		t.Errorf("it begins with %q", all)
	}
	holds(t, "as it is", panel(f, nil), "nothing is changed yet")
	if errs := f.Check(all); errs["image"] != "nothing is changed" {
		t.Errorf("unchanged it says %v", errs)
	}
	change := view.Values{"image": "pytorch/pytorch:2.6", "env": strings.ReplaceAll(all["env"], "BATCH="+rental.Masked, "EPOCHS=3")}
	got := panel(f, change)
	holds(t, "changed", got, `image "pytorch/pytorch:2.4"`, `becomes "pytorch/pytorch:2.6"`, "env \"BATCH\": left out", "env \"EPOCHS\": added", "needs a recycle (R) to take effect")
	if strings.Contains(got, "HF_TOKEN") {
		t.Errorf("a value that keeps its mask counts as changed:\n%s", got)
	}
	change["recycle"] = view.Yes
	holds(t, "recycled", panel(f, change), "takes effect at once", "lost everything in the container, 42 GB on its disk", "kept 1 volume")
	holds(t, "the sum", f.Sum(filled(f, change)), "3 changes, takes effect at once")

	c := plan(t, f.Submit(s.env(), filled(f, change)))
	call := c.Plan.Steps[0].Call.(vastapi.UpdateInstance)
	if c.Form != "update" || c.Plan.Consent.Kind != rental.ConsentChoose || len(c.Plan.Steps) != 2 {
		t.Errorf("it asks %+v in %d steps for the form %q", c.Plan.Consent, len(c.Plan.Steps), c.Form)
	}
	if call.Env["HF_TOKEN"] != "hunter2" || call.Env["EPOCHS"] != "3" || call.Env["BATCH"] != "" || call.Env["VX_OP"] != "abcdefghijkl" || call.Image != "pytorch/pytorch:2.6" || call.OnStart != "" {
		t.Errorf("it would send %v, %q, %q", call.Env, call.Image, call.OnStart)
	}
	// Newer facts: the plan is worked out for what the instance is then.
	other := made()
	other.Image = safetext.New("pytorch/pytorch:2.6")
	s.load(other)
	if p := plan(t, c.Again(s.env(), "update")).Plan; p.Steps[0].Call.(vastapi.UpdateInstance).Image != "" {
		t.Error("the image that it has by now is sent again")
	}
	s.load()
	if e := c.Again(s.env(), ""); kindOf(e) != "view.Toast" {
		t.Errorf("of an instance that is gone it wants %+v", e.Intents)
	}
	e := f.Submit(s.env(), filled(f, change))
	if fail, ok := e.Intents[0].(view.FormFailed); !ok || fail.Form != "update" || !strings.Contains(fail.Text, "18820341 is gone") {
		t.Errorf("the form is told %+v", e.Intents)
	}
}

func TestUpdateFormNamesWhatCannotBe(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(made())
	s.data.Templates.Apply(feed.TemplateList{Templates: []vastapi.Template{{Hash: "abc123", Name: safetext.New("ComfyUI"), Image: safetext.New("vastai/comfy")}}}, s.now, nil)
	f := form(t, s.press("u"))
	for field, text := range map[string]string{"image": "two words", "env": "-x what", "onstart": strings.Repeat("x", rental.MaxOnStart+1), "template": "no such"} {
		if errs := f.Check(filled(f, view.Values{field: text})); errs[field] == "" {
			t.Errorf("%s %.20q passes: %v", field, text, errs)
		}
	}
	for _, text := range []string{"abc123", "comfyui"} {
		v := filled(f, view.Values{"template": text})
		if errs := f.Check(v); len(errs) != 0 {
			t.Errorf("%s: %v", text, errs)
		}
		if call := plan(t, f.Submit(s.env(), v)).Plan.Steps[0].Call.(vastapi.UpdateInstance); call.Template != "abc123" {
			t.Errorf("%s sends the template %q", text, call.Template)
		}
	}
	holds(t, "a mistake", panel(f, view.Values{"template": "no such"}), "choose one")
}

func TestUpdateOfAStoppedOneWaitsForItsStart(t *testing.T) {
	t.Parallel()
	i := made()
	word := safetext.New("stopped")
	i.Actual, i.Intended, i.Cur, i.Next = safetext.New("exited"), word, word, word
	s := newStage(t).load(i)
	e := s.press("u")
	f := form(t, e)
	for _, field := range f.Fields {
		if field.Key == "recycle" {
			t.Error("one that is stopped can be recycled")
		}
	}
	holds(t, "stopped", panel(f, view.Values{"image": "ubuntu:24.04"}), "takes effect at the next start")
	// Templates that come later are offered in the open form.
	msg := command.TemplatesRead{Answer: command.Answer{At: s.now}, List: feed.TemplateList{Templates: []vastapi.Template{{Hash: "abc123", Name: safetext.New("ComfyUI")}}}}
	msg.Fold(s.data)
	r, ok := s.m.Update(s.env(), msg).Intents[0].(view.Refit)
	if !ok || r.Form.ID != "update" || len(r.Form.Fields[0].Options) != 1 {
		t.Errorf("the form becomes %+v", r)
	}
}

func TestPayingAheadShowsWhatItComesToBeforeItIsPlanned(t *testing.T) {
	t.Parallel()
	i := running(18820341, "a")
	i.DiscountMax, i.End = 0.25, noon.Add(60*24*time.Hour)
	s := newStage(t).load(i)
	f := form(t, s.press("$"))
	holds(t, "25 dollars", panel(f, view.Values{"amount": " $25 "}), "now $0.820/h", "from $0.615/h, at most 25.0% less", "break-even after 1d 6h", "lasts up to 1d 16h", "less the discount got and 5% of it", "costs up to $0.31 more than on demand", "$40.00 → $15.00")
	holds(t, "the sum", f.Sum(view.Values{"amount": "25"}), "breaks even after 1d 6h", "lasts up to 1d 16h")
	for text, want := range map[string]string{"": "an amount in dollars", "x": "an amount in dollars", "-3": "an amount in dollars", "41": "the credit is $40.00", "1e9": "an amount in dollars", "0.5": "", "25": ""} {
		if got := f.Check(view.Values{"amount": text})["amount"]; (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	c := plan(t, f.Submit(s.env(), view.Values{"amount": "25"}))
	if call := c.Plan.Steps[0].Call.(vastapi.PrepayInstance); call.Amount != 25 || c.Plan.Verb != "prepay" || c.Form != "prepay" {
		t.Errorf("it plans to %s %v", c.Plan.Verb, call)
	}
	soon := i
	soon.End = noon.Add(10 * time.Hour)
	s.load(soon)
	holds(t, "ends soon", panel(f, view.Values{"amount": "25"}), "but the contract ends in")
	untold := running(1, "b")
	untold.DiscountMax = vastapi.Unknown[float64]()
	s = newStage(t).load(untold)
	f = form(t, s.press("$"))
	holds(t, "discount not told", panel(f, view.Values{"amount": "25"}), "not told", "lasts up to —")
	if text := panel(f, view.Values{"amount": "nonsense"}); strings.Contains(text, "NaN") {
		t.Errorf("nonsense comes to\n%s", text)
	}
}

func TestFormsOfMoneyShowNoFiguresOfWhatIsNotTyped(t *testing.T) {
	t.Parallel()
	i := running(18820341, "a")
	i.DiscountMax, i.End = 0.25, noon.Add(60*24*time.Hour)
	pay := form(t, newStage(t).load(i).press("$"))
	for _, text := range []string{"", "x", "."} {
		for name, got := range map[string]string{
			"pay": panel(pay, view.Values{"amount": text}) + pay.Sum(view.Values{"amount": text}),
		} {
			if strings.Contains(got, "—") || !strings.Contains(got, "type a") {
				t.Errorf("%s, %q:\n%s", name, text, got)
			}
		}
	}
}

func TestAnotherBidIsAskedForByTheViewThatKnowsBids(t *testing.T) {
	t.Parallel()
	i := standing()["outbid"]
	e := newStage(t).load(i).press("b")
	if len(e.Intents) != 1 || e.Intents[0] != (view.Tell{View: view.Bids, What: view.ChangeBid{Instance: i.ID}}) {
		t.Errorf("b wishes %+v", e.Intents)
	}
}

func TestSeveralAreRenamedAfterOneName(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(append(some(), running(5, "train-2"))...)
	s.press("g", "space", "down", "space", "down", "space")
	f := form(t, s.press("n"))
	react := f.React("name", filled(f, view.Values{"name": "train"}))
	ids := targetIDsOf(s)
	next := map[bool]string{true: "1", false: "3"}[strings.Contains(ids, "5")]
	if react["first"] != next {
		t.Errorf("of %s it goes on with %q, want %s", ids, react["first"], next)
	}
	if f.React("first", filled(f, nil)) != nil {
		t.Error("another number changes the name")
	}
	v := filled(f, view.Values{"name": "job", "first": "7"})
	holds(t, "names", panel(f, v), "→ job-7", "→ job-8", "→ job-9")
	holds(t, "the sum", f.Sum(v), "job-7 … job-9")
	for text, field := range map[string]string{"0": "first", "x": "first", "998": "first"} {
		if errs := f.Check(filled(f, view.Values{"name": "job", "first": text})); errs[field] == "" {
			t.Errorf("counted from %q passes", text)
		}
	}
	c := plan(t, f.Submit(s.env(), v))
	if len(c.Plan.Steps) != 3 || c.Plan.Consent.Kind != rental.ConsentNone || c.Form != "rename" {
		t.Errorf("it plans %d steps with %+v", len(c.Plan.Steps), c.Plan.Consent)
	}
	for n, step := range c.Plan.Steps {
		if label := step.Call.(vastapi.LabelInstance).Label; !strings.HasPrefix(label, fmt.Sprintf("job-%d", 7+n)) {
			t.Errorf("step %d names it %q", n, label)
		}
	}
	none := filled(f, view.Values{"name": ""})
	holds(t, "no name", f.Sum(none), "no name")
}

// targetIDsOf are the chosen instances.
func targetIDsOf(s *stage) string {
	var ids []string
	for _, r := range s.m.chosen() {
		ids = append(ids, r.ID.String())
	}
	return strings.Join(ids, " ")
}

func TestManyNewNamesAreCountedBehindTheFirst(t *testing.T) {
	t.Parallel()
	var list []vastapi.Instance
	for n := range 40 {
		list = append(list, running(vastapi.InstanceID(100+n), "x"))
	}
	s := newStage(t).load(list...)
	s.press("*")
	f := form(t, s.press("n"))
	holds(t, "forty", panel(f, view.Values{"name": "job"}), "→ job-12", "28 more … job-40")
}

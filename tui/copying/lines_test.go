package copying

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// hostile is what a host may call something.
const hostile = "a\x1b]52;c;aGk=\x07\u202eb\u009b2J\n$(reboot)"

func world(t *testing.T) view.Env {
	t.Helper()
	return view.Env{Theme: theme.New(true), Data: &feed.Snapshot{}, Load: command.New(t.Context(), command.Config{}).Loads(), Size: view.Size{W: 100, H: 40}}
}

func choices(l *Lines) []listing.Choice {
	return Menu("Copy", "gone", func(view.Env) *Lines { return l }).List(view.Env{})
}

func copied(t *testing.T, c listing.Choice) view.Copy {
	t.Helper()
	e := c.Do()
	if len(e.Intents) != 1 {
		t.Fatalf("%s wants %+v", c.Label, e.Intents)
	}
	return e.Intents[0].(view.Copy)
}

func TestEveryLineHasALetterOfItsOwnThatNoOtherKeyNeeds(t *testing.T) {
	t.Parallel()
	l := &Lines{}
	l.Add("u", "named", "x", "x")
	for range 30 {
		l.Add("", "another", "y", "y")
	}
	seen := map[string]bool{}
	for _, c := range choices(l) {
		if len(c.Key) != 1 || seen[c.Key] || strings.Contains("jkqyDC?:/12345678", c.Key) {
			t.Errorf("%q is taken or needed for something else: %v", c.Key, seen)
		}
		seen[c.Key] = true
	}
	if len(seen) != 31 || choices(l)[0].Key != "u" {
		t.Errorf("%d letters, the first %q", len(seen), choices(l)[0].Key)
	}
}

func TestWhatCannotBeCopiedSaysWhyBelowWhatCan(t *testing.T) {
	t.Parallel()
	l := &Lines{}
	l.Need("d", "ssh", "", "the command", "it has no address yet")
	l.Add("i", "id", "7", "the id")
	l.Add("n", "nothing", "", "nothing")
	list := choices(l)
	if len(list) != 2 || list[0].Label != "id" || list[1].Why != "it has no address yet" || list[1].Do != nil {
		t.Errorf("the lines are %+v", list)
	}
	m := Menu("Copy", "gone", func(view.Env) *Lines { return l })
	for _, a := range m.Actions(view.Env{}, "section", nil) {
		if a.Key.Keys()[0] == "d" && a.Disabled != "it has no address yet" {
			t.Errorf("d says %q", a.Disabled)
		}
	}
}

func TestWhatIsGoneIsSaidAndNothingIsCopied(t *testing.T) {
	t.Parallel()
	env := world(t)
	m := Menu("Copy", "the instance is gone", func(view.Env) *Lines { return nil })
	if body := m.Draw(env, 60, 6); !strings.Contains(body, "the instance is gone") || fit.Exact(body, 60, 6) != nil {
		t.Errorf("drawn is\n%s", body)
	}
	for _, a := range m.Actions(env, "section", nil) {
		if a.Key.Keys()[0] == "enter" && a.Disabled != "the instance is gone" {
			t.Errorf("enter says %q", a.Disabled)
		}
	}
	l := &Lines{}
	l.Make("J", "JSON", "all of it", "the JSON", func() string { return "" })
	if e := choices(l)[0].Do(); len(e.Intents) != 1 {
		t.Errorf("what has become nothing leads to %+v", e)
	} else if _, toast := e.Intents[0].(view.Toast); !toast {
		t.Errorf("what has become nothing leads to %+v", e)
	}
}

func TestATokenIsCopiedAndNeverShown(t *testing.T) {
	t.Parallel()
	l := &Lines{}
	l.Mask("", "Jupyter", "https://h/?token=…", "https://h/?token=s3cret", "the address of Jupyter")
	c := choices(l)[0]
	got := copied(t, c)
	if got.Text != "https://h/?token=s3cret" || strings.Contains(c.Detail+got.Shown+got.What, "s3cret") || got.Shown == "" {
		t.Errorf("shown is %q, copied %+v", c.Detail, got)
	}
}

func TestLongTextsAreToldInOneLine(t *testing.T) {
	t.Parallel()
	l := &Lines{}
	l.Add("a", "lines", "one\ttwo\nthree\nfour\n", "the lines")
	Each(l, "b", "ids", "the ids", "", []int{3, 0, 5}, func(n int) string { return strings.Repeat("x", n) })
	Each(l, "c", "names", "the names", "none has one", []int{0, 0}, func(n int) string { return strings.Repeat("x", n) })
	list := choices(l)
	for n, want := range []string{"one  two … 3 lines", "xxx … one a line, of 3", ""} {
		if list[n].Detail != want {
			t.Errorf("line %d shows %q, want %q", n, list[n].Detail, want)
		}
	}
	if c := copied(t, list[0]); c.Text != "one\ttwo\nthree\nfour\n" || c.Shown != "one  two … 3 lines" {
		t.Errorf("copied is %+v", c)
	}
	if c := copied(t, list[1]); c.Text != "xxx\nxxxxx" || c.Shown != "xxx … 2 lines" {
		t.Errorf("copied is %+v", c)
	}
	if list[2].Why != "none has one" {
		t.Errorf("the third says %q", list[2].Why)
	}
}

func TestHostileTextActsUponNoTerminal(t *testing.T) {
	t.Parallel()
	l := &Lines{}
	l.Add("a", hostile, hostile, "the name")
	l.Make("b", "made", hostile, "the name", func() string { return hostile })
	for _, c := range choices(l) {
		got := copied(t, c)
		for _, text := range []string{c.Label, c.Detail, strings.ReplaceAll(got.Text, "\n", ""), got.Shown} {
			if strings.ContainsAny(text, "\x1b\x07\u202e\u009b\n") {
				t.Errorf("%q acts", text)
			}
		}
	}
}

func TestSheetsTellFiguresAndAttackNoSpreadsheet(t *testing.T) {
	t.Parallel()
	s := Sheet{Columns: []string{"id", "name", "rate", "on"}, Rows: [][]any{{int64(7), "=1+1", 0.25, true}, {int64(8), "a\tb\nc", math.NaN(), false}}}
	if got, want := s.TSV(), "id\tname\trate\ton\n7\t'=1+1\t0.25\ttrue\n8\ta b c\t\tfalse\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := s.CSV(); !strings.Contains(got, "7,'=1+1,0.25,true") {
		t.Errorf("CSV is %q", got)
	}
	if got := s.JSON(); !strings.Contains(got, `"rate": null`) || !strings.Contains(got, `"version": 1`) {
		t.Errorf("JSON is %s", got)
	}
}

func TestJSONKeepsTheOrderAndSaysNullWhereNothingIsTold(t *testing.T) {
	t.Parallel()
	fields := []Field{
		{"z", safetext.New("a<b>\x1b\"")}, {"a", math.NaN()}, {"empty", safetext.New("")}, {"none", Positive(0)}, {"zero", AtLeast(0, 0)},
		{"flag", vastapi.Flag(0)}, {"when", Stamp(time.Time{})}, {"at", Stamp(time.Unix(60, 0))}, {"ids", []int64{1, 2}}, {"long", Seconds(-time.Second)},
	}
	want := "{\n  \"z\": \"a<b>␛\\\"\",\n  \"a\": null,\n  \"empty\": null,\n  \"none\": null,\n  \"zero\": 0,\n  \"flag\": null,\n" +
		"  \"when\": null,\n  \"at\": \"1970-01-01T00:01:00Z\",\n  \"ids\": [1,2],\n  \"long\": null\n}"
	if got := JSON(fields); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := JSONList([][]Field{{{"a", 1}}, {{"a", 2}}}); got != "[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": 2\n  }\n]" {
		t.Errorf("a list is %s", got)
	}
	if JSONList(nil) != "[]" {
		t.Errorf("an empty list is %s", JSONList(nil))
	}
}

func TestAnInstanceIsCopiedWithoutWhatMayBeSecret(t *testing.T) {
	t.Parallel()
	i := vastapi.Instance{
		ID: 7, MachineID: 8, Label: safetext.New(hostile), PublicIP: safetext.New("93.184.216.34\n"), SSHHost: safetext.New("-oProxyCommand=reboot"), SSHPort: 22,
		RunType: safetext.New("jupyter_direc"), Jupyter: vastapi.NewSecret("t0k3n"), OnStart: safetext.New("export KEY=t0k3n"),
		Env: [][2]safetext.Text{{safetext.New("KEY"), safetext.New("t0k3n")}}, Ports: []vastapi.PortMap{{Container: "22/tcp", Host: 41022}, {Container: "8080/tcp", Host: 41080}},
	}
	l := &Lines{}
	l.Instance(world(t), &i)
	secret := 0
	for _, c := range choices(l) {
		if c.Why != "" {
			continue
		}
		got := copied(t, c)
		if strings.Contains(c.Detail+got.Shown, "t0k3n") {
			t.Errorf("%s shows the token", c.Label)
		}
		if strings.Contains(got.Text, "t0k3n") {
			secret++
		}
		if strings.Contains(got.Text, "ProxyCommand") && c.Key != "J" {
			t.Errorf("%s copies %q", c.Label, got.Text)
		}
	}
	if secret != 1 {
		t.Errorf("the token is in %d of the lines, not in that of Jupyter alone", secret)
	}
	keys := map[string]string{}
	for _, c := range choices(l) {
		if c.Do != nil {
			keys[c.Key] = copied(t, c).Text
		}
	}
	for key, want := range map[string]string{
		"d": "ssh -p 41022 root@93.184.216.34", "s": "scp -P 41022 FILE root@93.184.216.34:/workspace/", "i": "7", "m": "8", "a": "93.184.216.34",
		"c": `curl -H "Authorization: Bearer $VAST_API_KEY" 'https://console.vast.ai/api/v0/instances/7/?owner=me'`,
	} {
		if keys[key] != want {
			t.Errorf("%s copies %q, want %q", key, keys[key], want)
		}
	}
	if _, there := keys["p"]; there {
		t.Errorf("an option of ssh is copied as its proxy: %q", keys["p"])
	}
}

func TestSeveralInstancesAreCopiedOneALine(t *testing.T) {
	t.Parallel()
	list := []*vastapi.Instance{{ID: 7, Label: safetext.New("a")}, {ID: 8, MachineID: 80}, {ID: 9, Label: safetext.New("c")}}
	l := &Lines{}
	l.Instances(list)
	got := map[string]string{}
	var why []string
	for _, c := range choices(l) {
		if c.Why != "" {
			why = append(why, c.Key)
			continue
		}
		got[c.Key] = copied(t, c).Text
	}
	if got["i"] != "7\n8\n9" || got["n"] != "a\nc" || got["m"] != "80" || !strings.HasPrefix(got["J"], "[\n  {\n    \"id\": 7,") {
		t.Errorf("copied are %q", got)
	}
	if !slices.Equal(why, []string{"d", "a"}) {
		t.Errorf("these cannot be copied: %q", why)
	}
}

package rental

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// officialFlags splits the words of a create into its flags with their values.
func officialFlags(words []string) map[string]string {
	flags := map[string]string{}
	name := "offer"
	for _, w := range words[3:] {
		if strings.HasPrefix(w, "--") && name != "--args" {
			name = w
			flags[name] = ""
			continue
		}
		flags[name] = strings.TrimSpace(flags[name] + " " + strconv.Quote(w))
	}
	return flags
}

// createOf is the call that sends what a recorded request of the official client
// has in its body.
func createOf(t *testing.T, body map[string]any) vastapi.CreateInstance {
	t.Helper()
	text := func(key string) string {
		s, _ := body[key].(string)
		return s
	}
	c := vastapi.CreateInstance{
		Image: text("image"), Template: text("template_hash_id"), Disk: vastapi.GB(body["disk"].(float64)), Label: text("label"),
		OnStart: text("onstart"), RunType: text("runtype"), JupyterDir: text("jupyter_dir"), ImageLogin: vastapi.NewSecret(text("image_login")),
		JupyterLab: body["use_jupyter_lab"] == true, CancelUnavail: body["cancel_unavail"] == true, Force: body["force"] == true,
		Env: map[string]string{},
	}
	for k, v := range body["env"].(map[string]any) {
		c.Env[k] = v.(string)
	}
	if p, ok := body["price"].(float64); ok {
		c.Price = bid(vastapi.Rate(p))
	}
	if args, ok := body["args"].([]any); ok {
		for _, a := range args {
			c.Args = append(c.Args, a.(string))
		}
	}
	if v, ok := body["volume_info"].(map[string]any); ok {
		id := v["volume_id"].(float64)
		c.Volume = &vastapi.VolumeMount{Path: v["mount_path"].(string), Link: vastapi.VolumeID(id)}
		if v["create_new"] == true {
			size, _ := v["size"].(float64)
			c.Volume.Link, c.Volume.Offer, c.Volume.Size = 0, vastapi.OfferID(id), int(size)
		}
	}
	return c
}

// recordedCreates are the recorded creates of one instance.
func recordedCreates(t *testing.T) []envCase {
	t.Helper()
	return slices.DeleteFunc(casesOf(t, "request", 43), func(c envCase) bool {
		return strings.Join(c.Argv[:2], " ") != "create instance"
	})
}

func TestARentIsWrittenAsTheLineThatWasRecordedForIt(t *testing.T) {
	t.Parallel()
	cases := recordedCreates(t)
	if len(cases) < 6 {
		t.Fatalf("%d recorded creates", len(cases))
	}
	for _, c := range cases {
		offer, err := strconv.ParseInt(c.Argv[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		call := createOf(t, c.Requests[0].Body)
		call.Offer = vastapi.OfferID(offer)
		line := Step{Call: call}.Official()
		lines := strings.Split(line, "\n")
		words, err := SplitWords(lines[len(lines)-1])
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		// What is secret stands as a placeholder, and the client's own default of
		// the disk is written out.
		want := officialFlags(append([]string{"vastai"}, slices.DeleteFunc(slices.Clone(c.Argv), func(w string) bool { return w == "--raw" })...))
		if _, ok := want["--env"]; ok {
			want["--env"] = strconv.Quote("-p 8080:8080 -e TZ='$VALUE_OF_TZ'")
		}
		if _, ok := want["--login"]; ok {
			want["--login"] = `"$REGISTRY_LOGIN"`
		}
		if _, ok := want["--disk"]; !ok {
			want["--disk"] = `"10"`
		}
		want["offer"] = `"` + c.Argv[2] + `"`
		got := officialFlags(words)
		got["offer"] = strconv.Quote(words[3])
		if !maps.Equal(got, want) {
			t.Errorf("%q\nis written as\n%s\n got %v\nwant %v", c.Argv, line, got, want)
		}
		if strings.Contains(line, "pw123") {
			t.Errorf("shows the login: %s", line)
		}
	}
}

func TestOtherStepsAreWrittenAsTheLinesThatWereRecorded(t *testing.T) {
	t.Parallel()
	for want, call := range map[string]vastapi.Call{
		"start instance 77":          vastapi.SetInstanceState{ID: 77, State: "running"},
		"stop instance 77":           vastapi.SetInstanceState{ID: 77, State: "stopped"},
		"label instance 77 'my box'": vastapi.LabelInstance{ID: 77, Label: "my box"},
		"reboot instance 77":         vastapi.RebootInstance{ID: 77},
		"destroy instance 77":        vastapi.DestroyInstance{ID: 77},
		"change bid 77 --price 0.25": vastapi.ChangeBid{ID: 77, Price: 0.25},
		"prepay instance 77 10.5":    vastapi.PrepayInstance{ID: 77, Amount: 10.5},
	} {
		got := Step{Call: call}.Official()
		if got != "vastai "+want {
			t.Errorf("%q, want %q", got, want)
		}
		words, err := SplitWords(want)
		if err != nil {
			t.Fatal(err)
		}
		recorded := slices.ContainsFunc(casesOf(t, "request", 43), func(c envCase) bool {
			return slices.Equal(slices.DeleteFunc(slices.Clone(c.Argv), func(w string) bool { return w == "-y" }), words)
		})
		if !recorded {
			t.Errorf("%q is no recorded line", want)
		}
	}
}

// everything is a rent that uses every field.
func everything() (vastapi.Offer, RentOptions) {
	o := offer(77)
	o.DirectPorts, o.VolumeAsk, o.VolumeGB = 20, 900, 500
	return o, RentOptions{
		Kind: vastapi.Interruptible, Bid: bid(0.25), Image: "ghcr.io/org/app:2.1-cuda12.4", Disk: 64, Name: "it's train 1",
		Launch: Launch{Jupyter: true, Direct: true, JupyterLab: true, JupyterDir: "/my work"},
		Env: Env{
			"HF_TOKEN": "hunter2", "TZ": "UTC", "-p 9000:9000": "1", "-p 9001:9001/udp": "1", "-h": "box", "-v V.5:/my-data": "1",
		},
		OnStart: "#!/bin/bash\necho \"hi\" > '/tmp/x'\n", Login: NewLogin("ghcr.io", "ann", "hunter2"),
		Volume: VolumeChoice{Create: 900, Size: 50, Name: "cache", Price: 0.1, Mount: "/data"}, User: "1000:1000",
	}
}

func TestPlansAsLines(t *testing.T) {
	t.Parallel()
	d := fixed()
	o, opt := everything()
	args := RentOptions{Image: "vllm/vllm-openai:latest", Disk: 40, Launch: LaunchOf("args", false, []string{"--model", "a b", "$x"}), Entrypoint: "/serve me"}
	fromTemplate := RentOptions{Template: someTemplate(), Disk: 64, Launch: DefaultLaunch}
	reserved := someOptions
	reserved.Kind, reserved.Prepay = vastapi.Reserved, 20
	for name, p := range map[string]Plan{
		"official-everything": must(t)(PlanRent(o, noon, opt, d)),
		"official-args":       must(t)(PlanRent(o, noon, args, d)),
		"official-template":   must(t)(PlanRent(o, noon, fromTemplate, d)),
		"official-reserved":   must(t)(PlanRent(o, noon, reserved, d)),
		"official-destroy":    must(t)(PlanDestroy(d.Instances, d)),
		"official-rename":     must(t)(PlanRename(d.Instances[1], "it's \"new\"", d)),
	} {
		text := p.Official() + "\n\n" + p.Curl("https://console.vast.ai/") + "\n"
		golden(t, name, text)
		for _, secret := range []string{"hunter2", "UTC", "vx-plan", opVariable} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %q:\n%s", name, secret, text)
			}
		}
	}
}

// shellExpand does what a shell does with "$NAME" in a word that was written for one.
func shellExpand(word string, values map[string]string) string {
	for _, name := range slices.SortedFunc(maps.Keys(values), func(a, b string) int { return len(b) - len(a) }) {
		word = strings.ReplaceAll(word, "$"+name, values[name])
	}
	return word
}

func TestTheCurlFormSendsTheRequest(t *testing.T) {
	t.Parallel()
	o, opt := everything()
	s := must(t)(PlanRent(o, noon, opt, fixed())).Steps[0]
	words, err := SplitWords(s.Curl("https://example.com"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"curl", "-X", "PUT", "https://example.com/api/v0/asks/77/", "-H", "Authorization: Bearer $VAST_API_KEY", "-H",
		"Content-Type: application/json", "-d",
	}
	if !slices.Equal(words[:len(words)-1], want) {
		t.Errorf("%q", words)
	}
	var sent, written map[string]any
	body := shellExpand(words[len(words)-1], map[string]string{
		"HF_TOKEN": "hunter2", "VALUE_OF_TZ": "UTC", "REGISTRY_LOGIN": "-u ann -p hunter2 ghcr.io",
	})
	whole, err := s.Call.Body()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(body), &written); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if err := json.Unmarshal(whole, &sent); err != nil {
		t.Fatal(err)
	}
	// The rental's own mark is left out.
	delete(sent["env"].(map[string]any), opVariable)
	sent["label"], _ = SplitLabel(sent["label"].(string))
	if fmt.Sprint(written) != fmt.Sprint(sent) {
		t.Errorf("written %v\nsent %v", written, sent)
	}
}

func TestAPlaceholderIsNeverAVariableTheShellHas(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"HF_TOKEN": "HF_TOKEN", "PATH": "VALUE_OF_PATH", "a.b-c": "a_b_c", "LC_ALL": "VALUE_OF_LC_ALL", "VAST_API_KEY": "VALUE_OF_VAST_API_KEY",
		"BASH_ENV": "VALUE_OF_BASH_ENV", "REGISTRY_LOGIN": "VALUE_OF_REGISTRY_LOGIN", "TZ": "VALUE_OF_TZ",
	} {
		if got := placeholder(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestTheMarkOfAPlaceholderIsFoundNowhereElse(t *testing.T) {
	t.Parallel()
	c := vastapi.CreateInstance{Offer: 1, Image: "a", Disk: 10, OnStart: "echo VALUEX0X VALUEXX0X VALUEXLX", Env: map[string]string{"A": "s"}}
	words, err := SplitWords(Step{Call: c}.Curl("http://h"))
	if err != nil || !strings.Contains(words[len(words)-1], "echo VALUEX0X VALUEXX0X VALUEXLX") || !strings.Contains(words[len(words)-1], `"A":"$A"`) {
		t.Errorf("%q, %v", words, err)
	}
}

func FuzzShellQuoting(f *testing.F) {
	for _, s := range []string{"", "a b", "it's", `"$x" \ `, "`id`", "a\nb", "\x1b[2J", "été", "\xff", "=x", "#a", "~", "a\u202eb", "'\x00'"} {
		f.Add(s, "x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		words := []string{"w", a, b}
		line := QuoteWords(words)
		got, err := shellSplit(line)
		if err != nil || !slices.Equal(got, words) {
			t.Fatalf("%q is written as %s, which is split into %q, %v", words, line, got, err)
		}
		for l := range strings.SplitSeq(strings.ReplaceAll(line, "\t", " "), "\n") {
			if l != safetext.Clean(l, math.MaxInt32) {
				t.Fatalf("%q is written as %q, which is not inert", words, line)
			}
		}
	})
}

func TestWhateverIsTypedStaysOneWordOfTheLine(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a b", "it's", `"; rm -rf / #`, "$(id)", "`id`", "$HOME", `\`, "a\nb", "x\ty", "!!", "*", "~", "a;b|c&d>e<f", "\x1b]0;x\x07", "a\u202eb", "été",
	} {
		call := vastapi.CreateInstance{
			Offer: 7, Image: "a/b", Disk: 8, Label: text, OnStart: text, RunType: "ssh_proxy", JupyterDir: text, Volume: &vastapi.VolumeMount{Path: text, Link: 3},
		}
		words, err := shellSplit(Step{Call: call}.Official())
		want := []string{
			"vastai", "create", "instance", "7", "--image", "a/b", "--disk", "8", "--label", text, "--ssh", "--jupyter-dir", text,
			"--onstart-cmd", text, "--link-volume", "3", "--mount-path", text,
		}
		if err != nil || !slices.Equal(words, want) {
			t.Errorf("%q: %q, %v", text, words, err)
		}
		call.RunType, call.Args, call.Label, call.JupyterDir, call.Volume = "args", []string{text, "x"}, "", "", nil
		words, err = shellSplit(Step{Call: call}.Official())
		if n := len(words); err != nil || n < 5 || !slices.Equal(words[n-5:], []string{"--entrypoint", text, "--args", text, "x"}) {
			t.Errorf("%q: %q, %v", text, words, err)
		}
		if line := (Step{Call: vastapi.LabelInstance{ID: 5, Label: text}}).Official(); line != "vastai label instance 5 "+shellQuote(text) {
			t.Errorf("%q", line)
		}
	}
}

func TestWhatLooksLikeAnOptionIsNoOption(t *testing.T) {
	t.Parallel()
	call := vastapi.CreateInstance{Offer: 7, Image: "a/b", Disk: 8, Label: "--force", OnStart: "-x y", RunType: "ssh_proxy"}
	for want, c := range map[string]vastapi.Call{
		`vastai create instance 7 --image a/b --disk 8 --label=--force --ssh '--onstart-cmd=-x y'`: call,
		`vastai label instance 5 -- -x`: vastapi.LabelInstance{ID: 5, Label: "-x"},
	} {
		if got := (Step{Call: c}).Official(); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// shellSplit splits like SplitWords, and knows $'…' beside, as bash does.
func shellSplit(line string) ([]string, error) {
	var plain strings.Builder
	var opened []string
	for {
		before, rest, found := cutDollarQuote(line)
		plain.WriteString(before)
		if !found {
			break
		}
		end := 0
		for end < len(rest) && rest[end] != '\'' {
			if rest[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(rest) {
			return nil, ErrOpenQuote
		}
		text, err := strconv.Unquote(`"` + strings.NewReplacer(`\'`, `'`, `"`, `\"`).Replace(rest[:end]) + `"`)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", rest[:end], err)
		}
		fmt.Fprintf(&plain, "\x00%d\x00", len(opened))
		opened = append(opened, text)
		line = rest[end+1:]
	}
	words, err := SplitWords(plain.String())
	for n := range words {
		for i, text := range opened {
			words[n] = strings.ReplaceAll(words[n], fmt.Sprintf("\x00%d\x00", i), text)
		}
	}
	return words, err
}

// cutDollarQuote finds the first $' that is not inside single quotes.
func cutDollarQuote(line string) (before, rest string, found bool) {
	inside := false
	for n := range len(line) {
		switch {
		case !inside && strings.HasPrefix(line[n:], "$'"):
			return line[:n], line[n+2:], true
		case line[n] == '\'' && (inside || n == 0 || line[n-1] != '\\'):
			inside = !inside
		}
	}
	return line, "", false
}

func TestWordsAreSplitAsAShellSplitsThem(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		"": nil, "  ": nil, "a  b\tc\nd": {"a", "b", "c", "d"}, `'a b' "c d"e`: {"a b", "c de"}, `'' ""`: {"", ""},
		`a\ b \'`: {"a b", "'"}, `"a\"b\\\$\x"`: {`a"b\$\x`}, "a\\\nb": {"ab"}, `--m=x 'it'\''s'`: {"--m=x", "it's"}, "$HOME `id`": {"$HOME", "`id`"},
	} {
		got, err := SplitWords(line)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v, want %q", line, got, err, want)
		}
	}
	for _, line := range []string{`'a`, `"a`, `a\`} {
		if got, err := SplitWords(line); err == nil || got != nil {
			t.Errorf("%q: %q", line, got)
		}
	}
}

func TestTwoVariablesNeverShareAPlaceholder(t *testing.T) {
	t.Parallel()
	env := map[string]string{"A.B": "1", "A_B": "2", "A-B": "3", "A_B_2": "4", "PATH": "5", "VALUE_OF_PATH": "6", "-p 80:80": "1"}
	create := Step{Verb: "rent", Call: vastapi.CreateInstance{Offer: 7, Disk: 8, Image: "a/b", Env: env}}
	update := Step{Verb: "update", Call: vastapi.UpdateInstance{ID: 7, Env: env}}
	for what, line := range map[string]string{"vastai": create.Official(), "curl": create.Curl("http://h"), "update": update.Official(), "update by curl": update.Curl("http://h")} {
		for _, name := range []string{"$A_B_3", "$A_B", "$A_B_4", "$A_B_2", "$VALUE_OF_PATH_2", "$VALUE_OF_PATH"} {
			if n := len(regexp.MustCompile(regexp.QuoteMeta(name)+`\b`).FindAllString(line, -1)); n != 1 {
				t.Errorf("%s: %s stands %d times in %s", what, name, n, line)
			}
		}
	}
	if got := placeholders([]string{"A-B", "A.B", "A_B", "A_B_2"}); got["A_B"] != "A_B" || got["A_B_2"] != "A_B_2" {
		t.Errorf("a name that can stand for itself does not: %v", got)
	}
}

package rental

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// envCase is one line of env-cases.jsonl: what the official client makes of an
// input. Which fields are used depends on Kind.
type envCase struct {
	Kind     string           `json:"kind"`
	Input    *string          `json:"input"`
	Want     json.RawMessage  `json:"want"`
	Error    bool             `json:"error"`
	Flags    map[string]any   `json:"flags"`
	After    []string         `json:"args_after"`
	Jupyter  bool             `json:"jupyter_after"`
	RunType  string           `json:"runtype"`
	Argv     []string         `json:"argv"`
	Requests []recordedDemand `json:"requests"`
}

type recordedDemand struct {
	Method, Path string
	Body         map[string]any
}

// mended is one line of env-mended.jsonl: where the official result is a defect.
type mended struct {
	Input  string            `json:"input"`
	Got    map[string]string `json:"got"`
	Column int               `json:"column"` // of the error, 0 = none
	Reason string            `json:"reason"`
}

// jsonLines reads a file of testdata with one value a line.
func jsonLines[T any](t testing.TB, name string) []T {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out []T
	for scan := bufio.NewScanner(bytes.NewReader(data)); scan.Scan(); {
		var v T
		if err := json.Unmarshal(scan.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v: %s", name, err, scan.Text())
		}
		out = append(out, v)
	}
	return out
}

// casesOf are the official cases of one kind.
func casesOf(t testing.TB, kind string, least int) []envCase {
	t.Helper()
	var out []envCase
	for _, c := range jsonLines[envCase](t, "env-cases.jsonl") {
		if c.Kind == kind {
			out = append(out, c)
		}
	}
	if len(out) < least {
		t.Fatalf("%d cases of %s, expected at least %d", len(out), kind, least)
	}
	return out
}

func TestEnvironmentsAreReadAsTheOfficialClientReadsThem(t *testing.T) {
	t.Parallel()
	mends := map[string]mended{}
	for _, m := range jsonLines[mended](t, "env-mended.jsonl") {
		if m.Reason == "" || m.Got == nil == (m.Column == 0) {
			t.Errorf("%q: a mended case needs a reason, and a result or a column", m.Input)
		}
		mends[m.Input] = m
	}
	used := 0
	for _, c := range casesOf(t, "env", 52) {
		input := ""
		if c.Input != nil {
			input = *c.Input
		}
		var want map[string]string
		if err := json.Unmarshal(c.Want, &want); err != nil {
			t.Fatal(err)
		}
		got, err := ParseEnv(input)
		m, isMended := mends[input]
		if isMended {
			used++
			same := err == nil && maps.Equal(got, want)
			checkMended(t, m, got, err)
			if same {
				t.Errorf("%q: is listed as mended, but gives the official result", input)
			}
			continue
		}
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: %q, %v; the official client has %q", input, got.Text(), err, Env(want).Text())
		}
	}
	if used != len(mends) {
		t.Errorf("%d of %d mended cases are official ones", used, len(mends))
	}
}

func checkMended(t *testing.T, m mended, got Env, err error) {
	t.Helper()
	if m.Column == 0 {
		if err != nil || !maps.Equal(got, m.Got) {
			t.Errorf("%q: %q, %v; mended is %q", m.Input, got.Text(), err, Env(m.Got).Text())
		}
		return
	}
	e, ok := errors.AsType[*EnvError](err)
	if !ok || e.Column != m.Column {
		t.Errorf("%q: %v, expected an error at column %d", m.Input, err, m.Column)
	}
}

func TestWhatIsNotUnderstoodIsAnErrorAtItsPlace(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]struct {
		column, length int
		token, text    string
	}{
		"FOO":                      {1, 3, "FOO", "write NAME=VALUE"},
		"-e A=1 -x 2":              {8, 2, "-x", "only -e, -p, -v, -h and -n"},
		"-e é=1":                   {4, 3, "é=1", "letters, digits"},
		"-e K=été junk":            {10, 4, "junk", "belongs to nothing"},
		"8080:8080":                {1, 9, "8080:8080", "write -p before it"},
		"-e 1A=x":                  {4, 4, "1A=x", "begins with a letter"},
		"-e =x":                    {4, 2, "=x", "a name is missing"},
		"-e A='x'y":                {9, 1, "y", "a space"},
		`-e A="x`:                  {6, 2, `"x`, "never closed"},
		"-p 1:1 -p 2:1/tcp":        {11, 7, "2:1/tcp", "opened twice"},
		"-p 0":                     {4, 1, "0", "1 to 65535"},
		"-p 65536":                 {4, 5, "65536", "1 to 65535"},
		"-p 8080:70000":            {4, 10, "8080:70000", "the same on both sides"},
		"-p 5-3":                   {4, 3, "5-3", "lower port to the higher"},
		"-p 1-2:1-3":               {4, 7, "1-2:1-3", "2 and 3 ports"},
		"-p 1-65":                  {4, 4, "1-65", "at most 64 ports"},
		"-p 1-64 -p 99":            {12, 2, "99", "more than 64"},
		"-p 80/sctp":               {4, 7, "80/sctp", "tcp or udp"},
		"-v data":                  {4, 4, "data", "a volume and a folder"},
		"-v V.1:data":              {4, 8, "V.1:data", "begins with /"},
		"-v V.1:/a:rx":             {4, 9, "V.1:/a:rx", "ro, rw"},
		"-v V.1:/a -v V.2:/a/":     {14, 7, "V.2:/a/", "mounted twice"},
		"-v V.1:/a;rm":             {4, 9, "V.1:/a;rm", "letters, digits"},
		"-h a_b":                   {4, 3, "a_b", "host name"},
		"-h a -h b":                {9, 1, "b", "set twice"},
		"A=1 --shm-size=16g":       {5, 14, "--shm-size=16g", "take this flag away"},
		"'-p 80:80 -e A=1'":        {1, 17, "'-p 80:80 -e A=1'", "take the quotes away"},
		"-help":                    {1, 5, "-help", "only -e, -p"},
		"-name x":                  {1, 5, "-name", "only -e, -p"},
		"-n a -n a":                {9, 1, "a", "named twice"},
		"-e A=\x07":                {4, 3, "A=\x07", "control characters"},
		"-e A=\xff":                {4, 3, "A=\xff", "control characters"},
		"--env":                    {1, 5, "--env", "needs NAME=VALUE"},
		"-e PASS=my hunter2":       {12, 7, "hunter2", "belongs to nothing"},
		`-e JSON={"a": 1}`:         {15, 2, "1}", "quotes around"},
		strings.Repeat("x", 65537): {1, 1, "", "longer than"},
	} {
		env, err := ParseEnv(input)
		e, ok := errors.AsType[*EnvError](err)
		if !ok || env != nil {
			t.Errorf("%.30q: %q, %v", input, env.Text(), err)
			continue
		}
		if e.Column != want.column || e.Length != want.length || e.Token != want.token || !strings.Contains(e.Text, want.text) {
			t.Errorf("%.30q: %+v, want %+v", input, *e, want)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error shows what may be a secret: %v", err)
		}
	}
}

func TestEnvironmentsBeyondTheOfficialForm(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]Env{
		"FOO=bar BAZ='a b'":                        {"FOO": "bar", "BAZ": "a b"},
		`--env=A="x y" -e=B='z' -eC=1`:             {"A": "x y", "B": "z", "C": "1"},
		`-e JSON={"a":1}`:                          {"JSON": `{"a":1}`},
		`-e A=it's -e B=\n`:                        {"A": "it's", "B": `\n`},
		"-e A=$HOME -e B=`id`":                     {"A": "$HOME", "B": "`id`"},
		"-e A='x\ny'":                              {"A": "x\ny"},
		"-p 9000-9001/udp":                         {"-p 9000/udp": "1", "-p 9001/udp": "1"},
		"-p 70000-70001:70000-70001 --hostname=h1": {"-p 70000:70000": "1", "-p 70001:70001": "1", "-h": "h1"},
		"--volume V.1:/a:rw --network n1":          {"-v V.1:/a:rw": "1", "-n n1": "1"},
		"-p 53:53/udp -p 53:53":                    {"-p 53:53/udp": "1", "-p 53:53": "1"},
		`-e 'A=1'"2"`:                              {"A": "12"},
		"'-e'=1":                                   nil,
	} {
		got, err := ParseEnv(input)
		if (err == nil) != (want != nil) || err == nil && !maps.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", input, got.Text(), err, want.Text())
		}
	}
}

func TestAnEnvironmentIsPrintedSoThatItIsReadBack(t *testing.T) {
	t.Parallel()
	e := Env{
		"A": "", "B": "two words", "C": "it's", "D": `say "it's"`, "E": `'`, "F": `"'`, "G": "a\nb\tc", "H": `x"y`, "I": "=", "J": " ",
		"-h": "box", "-p 80": "1", "-p 443:443/udp": "1", "-v V.1:/a-b:ro": "1", "-n net": "1",
	}
	back, err := ParseEnv(e.Text())
	if err != nil || !maps.Equal(back, e) {
		t.Errorf("%s\n%v\n%s", e.Text(), err, back.Text())
	}
	const canonical = `-h box -p 80 -v V.1:/a -e A= -e B='two words' -e C=it's`
	if back, err := ParseEnv(canonical); err != nil || back.Text() != canonical {
		t.Errorf("%q, %v", back.Text(), err)
	}
}

func TestPrintingAnEnvironmentMasksItsValues(t *testing.T) {
	t.Parallel()
	e := Env{"HF_TOKEN": "hunter2", "-p 80:80": "1"}
	out, err := json.Marshal(e)
	printed := string(out) + fmt.Sprintf("%v %+v %#v %s %q %x", e, e, e, e, e, e) + fmt.Sprintf("%v %#v", RentOptions{Env: e}, RentOptions{Env: e})
	if err != nil || strings.Contains(printed, "hunter2") || strings.Contains(printed, "68756e") || !strings.Contains(printed, `"-p 80:80":"1"`) {
		t.Errorf("%s, %v", printed, err)
	}
	if e.String() != "-p 80:80 -e HF_TOKEN=…" {
		t.Error(e.String())
	}
}

func TestPortsAreListedInOrder(t *testing.T) {
	t.Parallel()
	e, err := ParseEnv("-p 9000:90/udp -p 100-101 -p 8080:80")
	if got := fmt.Sprint(e.Ports()); err != nil || got != "[80/tcp 90/udp 100/tcp 101/tcp]" {
		t.Errorf("%s, %v", got, err)
	}
}

func FuzzParseEnv(f *testing.F) {
	for _, c := range casesOf(f, "env", 52) {
		if c.Input != nil {
			f.Add(*c.Input)
		}
	}
	f.Add("-n- -v-a:/b")
	f.Add(`-e A='it'"'"'s' --env=B="x y" C={"a":1} -p 1-3:4-6/udp`)
	f.Fuzz(func(t *testing.T, text string) {
		env, err := ParseEnv(text)
		if err != nil {
			e, ok := errors.AsType[*EnvError](err)
			if !ok || e.Column < 1 || e.Length < 1 || e.Column-1 > utf8.RuneCountInString(text) || e.Text == "" || !strings.Contains(text, e.Token) {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		back, err := ParseEnv(env.Text())
		if err != nil || !maps.Equal(back, env) || back.Text() != env.Text() {
			t.Fatalf("%q is printed as %q, which is read as %q, %v", text, env.Text(), back.Text(), err)
		}
		for k, v := range env {
			if complaint := checkEntry(k, v); complaint != "" {
				t.Fatalf("%q was read, but not taken: %s", text, complaint)
			}
		}
		if len(env.Ports()) > MaxPorts {
			t.Fatalf("%d ports", len(env.Ports()))
		}
		// Nothing is dropped: every word is in one of the results.
		if strings.Trim(text, " \t\r\n") != "" && len(env) == 0 {
			t.Fatalf("%q came to nothing", text)
		}
	})
}

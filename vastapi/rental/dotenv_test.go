package rental

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestDotEnvFilesAreRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want Env
	}{
		"empty":               {"", Env{}},
		"only comments":       {"# a\n\n  # b=1\n\t\n", Env{}},
		"plain":               {"A=1\nB=two words\n", Env{"A": "1", "B": "two words"}},
		"no end of line":      {"A=1", Env{"A": "1"}},
		"spaces":              {"  A = 1  \n\tB\t=\t2\t\n", Env{"A": "1", "B": "2"}},
		"export":              {"export A=1\nexport\tB=2\nexported=3\nexport=4", Env{"A": "1", "B": "2", "exported": "3", "export": "4"}},
		"empty values":        {"A=\nB=''\nC=\"\"\nD= # none\nE=\t#x", Env{"A": "", "B": "", "C": "", "D": "", "E": ""}},
		"a # at once":         {"A=#x\nB=# y\nC=#", Env{"A": "#x", "B": "# y", "C": "#"}},
		"backslash, no ASCII": {"A=\"x\\é\\你\"\nB=\"\\\u00ad\"", Env{"A": "x\\é\\你", "B": "\\\u00ad"}},
		"comments after":      {"A=1 # one\nB='2' # two\nC=a#b\nD=\"x\"# y", Env{"A": "1", "B": "2", "C": "a#b", "D": "x"}},
		"equals in a value":   {"A=b=c==\nURL=postgres://u:p@h/d?x=1", Env{"A": "b=c==", "URL": "postgres://u:p@h/d?x=1"}},
		"single quotes":       {`A='a $B \n "x"'`, Env{"A": `a $B \n "x"`}},
		"double quotes":       {`A="a\n\t\"\\\$x\z" `, Env{"A": "a\n\t\"\\$x\\z"}},
		"quotes inside":       {`A=it's "fine"`, Env{"A": `it's "fine"`}},
		"several lines":       {"KEY=\"-----BEGIN\nabc # no comment\n-----END\"\nA='x\ny'\nB=1", Env{"KEY": "-----BEGIN\nabc # no comment\n-----END", "A": "x\ny", "B": "1"}},
		"nothing looked up":   {"A=$HOME\nB=${A}\nC=\"$A\"\nD=$(id)\nE=`id`", Env{"A": "$HOME", "B": "${A}", "C": "$A", "D": "$(id)", "E": "`id`"}},
		"nothing is read":     {"A=../../etc/passwd\nB=@/etc/passwd\nC=file:///etc/passwd", Env{"A": "../../etc/passwd", "B": "@/etc/passwd", "C": "file:///etc/passwd"}},
		"CRLF":                {"A=1\r\nB='x\r\ny'\r\n# c\r\n", Env{"A": "1", "B": "x\ny"}},
		"byte order mark":     {"\ufeffA=1", Env{"A": "1"}},
		"a line that goes on": {"A=\"a\\\nb\"", Env{"A": "a\\\nb"}},
		"unicode":             {"A=été 你好", Env{"A": "été 你好"}},
	} {
		got, err := ParseDotEnv(c.text)
		if err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: %q, %v, want %q", name, got.Text(), err, c.want.Text())
		}
	}
}

func TestWhatIsWrongInADotEnvFileIsNamedByItsLine(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for n := range maxVariables + 1 {
		fmt.Fprintf(&many, "A%d=1\n", n)
	}
	for name, c := range map[string]struct {
		text string
		line int
		want string
	}{
		"no equals sign": {"A=1\nhunter2\n", 2, "there is no ="},
		"no name":        {"=hunter2", 1, "a name is missing"},
		"bad name":       {"A=1\n\nA B=hunter2", 3, "letters, digits"},
		"flag as a name": {"-p 80:80=hunter2", 1, "letters, digits"},
		"twice":          {"A=1\nB='x\ny'\nA=hunter2", 4, "set on line 1 already"},
		"open quote":     {"A=1\nB='hunter2\nC=2\n", 2, "never closed"},
		"after a quote":  {"A='hunter2'x", 1, "only a comment"},
		"binary":         {"A=1\nB=\x00hunter2", 2, "no text"},
		"escape":         {"A=\x1b[2Jhunter2", 1, "no text"},
		"not UTF-8":      {"A=\xffhunter2", 1, "UTF-8"},
		"too large":      {strings.Repeat("#", MaxDotEnv+1), 1, "more than 65536 bytes"},
		"too many":       {many.String(), maxVariables + 1, "more than 1000 variables"},
		"long name":      {strings.Repeat("A", 257) + "=hunter2", 1, "at most 256"},
	} {
		env, err := ParseDotEnv(c.text)
		e, ok := errors.AsType[*DotEnvError](err)
		if !ok || env != nil || e.Line != c.line || !strings.Contains(e.Text, c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want line %d, %q", name, err, c.line, c.want)
		}
	}
}

func TestAllMissingNamesAreListedTogether(t *testing.T) {
	t.Parallel()
	e := Env{"A": "1", "B": "", "-h": "x"}
	if got := e.Missing([]string{"C", "A", "B", "C"}); !slices.Equal(got, []string{"C", "B"}) {
		t.Error(got)
	}
	err := e.Require([]string{"C", "A", "B\x1b"})
	if f, ok := errors.AsType[FieldError](err); !ok || f.Field != "env" || f.Text != "missing: C, B\u241b" {
		t.Errorf("%#v", err)
	}
	if err := e.Require([]string{"A"}); err != nil {
		t.Error(err)
	}
}

func TestNamesThatLookSecret(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"HF_TOKEN": true, "hf_token": true, "AWS_SECRET_ACCESS_KEY": true, "OPENAI_API_KEY": true, "apikey": true, "DB_PASSWORD": true,
		"MYSQL_PWD": true, "GH_PAT": true, "SSH_PRIVATE": true, "DATABASE_DSN": true, "KEY": true, "x.auth-header": true,
		"TZ": false, "MODEL": false, "KEYBOARD": false, "PATH": false, "MONKEY": false, "PATTERN": false, "PASSES": false, "": false,
	} {
		if LooksSecret(name) != want {
			t.Errorf("%q: %t", name, !want)
		}
	}
	if got := (Env{"TZ": "1", "A_KEY": "1", "-p 1:1": "1"}).Secrets(); !slices.Equal(got, []string{"A_KEY"}) {
		t.Error(got)
	}
}

func FuzzParseDotEnv(f *testing.F) {
	for _, s := range []string{"A=1\nB='x\ny'", "export A=\"a\\n\\\"\" # c", "\ufeffA=1\r\nB=2", "A=$B\n=x", "A='x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		env, err := ParseDotEnv(text)
		if err != nil {
			e, ok := errors.AsType[*DotEnvError](err)
			if !ok || e.Line < 1 || e.Line > 1+strings.Count(text, "\n") || e.Text == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		// What was read can be sent, and written and read again.
		back, err := ParseEnv(env.Text())
		if len(env.Text()) <= MaxEnvText && (err != nil || !maps.Equal(back, env)) {
			t.Fatalf("%q: %q, %v", text, back.Text(), err)
		}
		for name, value := range env {
			quoted := name + "='" + value + "'"
			if strings.Contains(value, "'") {
				continue
			}
			if again, err := ParseDotEnv(quoted); err != nil && len(quoted) <= MaxDotEnv || err == nil && again[name] != strings.ReplaceAll(value, "\r\n", "\n") {
				t.Fatalf("%q: %v", quoted, err)
			}
		}
	})
}

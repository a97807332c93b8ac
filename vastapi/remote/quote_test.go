package remote

import (
	"os/exec"
	"strings"
	"testing"
)

var awkward = []string{
	"plain", "", "with space", "it's", `"double"`, `back\slash`, "$(touch x)", "`id`", "a;b&c|d", "new\nline", "tab\t",
	"-dash", "~", "*?[x]", "ünï 文", "#", "!!", "''", `'"'"'`,
}

func TestAShellReadsAQuotedWordAsItIs(t *testing.T) {
	t.Parallel()
	for _, word := range awkward {
		out, err := exec.Command("sh", "-c", "printf '<%s>' "+shellQuote(word)+" "+shellQuote(word)).Output()
		if want := "<" + word + "><" + word + ">"; err != nil || string(out) != want {
			t.Errorf("%q: sh printed %q, %v", word, out, err)
		}
	}
}

func FuzzAShellReadsAQuotedWordAsItIs(f *testing.F) {
	for _, word := range awkward {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		if strings.ContainsRune(word, 0) {
			return // no argument of a process can hold one
		}
		out, err := exec.Command("sh", "-c", "printf '%s' "+shellQuote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q: sh printed %q, %v", word, out, err)
		}
	})
}

// splitAsRsync splits the string of -e as rsync's do_cmd does (main.c).
func splitAsRsync(command string) []string {
	var words []string
	for i := 0; i < len(command); {
		if command[i] == ' ' {
			i++
			continue
		}
		var word []byte
		var quote byte
		for ; i < len(command) && (quote != 0 || command[i] != ' '); i++ {
			c := command[i]
			switch {
			case quote == 0 && (c == '\'' || c == '"'):
				quote = c
			case quote == c && i+1 < len(command) && command[i+1] == c:
				word = append(word, c)
				i++
			case quote == c:
				quote = 0
			default:
				word = append(word, c)
			}
		}
		words = append(words, string(word))
	}
	return words
}

func TestRsyncSplitsItsShellIntoTheSameArguments(t *testing.T) {
	t.Parallel()
	arguments := append([]string{"/usr/bin/ssh", "-o", "ControlPath=/tmp/a b/%C", "-o", "UserKnownHostsFile=/home/o'neill/k"}, awkward...)
	got := splitAsRsync(rsyncShell(arguments))
	if strings.Join(got, "\x00") != strings.Join(arguments, "\x00") {
		t.Errorf("split\n%q\nwant\n%q", got, arguments)
	}
}

func TestARemotePathIsNeverAnOption(t *testing.T) {
	t.Parallel()
	for give, want := range map[string]string{
		"-rf": "./-rf", "--": "./--", "~": ".", "~/": ".", "~/x y": "x y", "~/-x": "./-x", "~bob/x": "./~bob/x", "": ".",
		"/a/b/": "/a/b", "/": "/", "//": "/", "a//": "a", "~//x": "x", "~/~/": "./~",
	} {
		if got := remotePath(give); got != want {
			t.Errorf("%q became %q, want %q", give, got, want)
		}
	}
}

func TestPatternsInANameAreWrittenLiterally(t *testing.T) {
	t.Parallel()
	if got, want := literal(`/a\b/c*\[d]/e?`, false), `/a\b/c\*\\\[d\]/e\?`; got != want {
		t.Errorf("for rsync: %s, want %s", got, want)
	}
	if got, want := literal(`/a\b/c*`, true), `/a\\b/c\*`; got != want {
		t.Errorf("for sftp: %s, want %s", got, want)
	}
}

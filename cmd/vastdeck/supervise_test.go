package main

import (
	"slices"
	"strings"
	"testing"

	"vastdeck/store"
)

func TestChildGetsNeitherKeyNorTracing(t *testing.T) {
	t.Parallel()
	got := childEnvironment([]string{
		"HOME=/home/u", "VAST_API_KEY=secret", "VAST_URL=https://example.org", "TEA_TRACE=x", "TEA_DEBUG=1",
		"VASTDECK_CHILD=forged", "GODEBUG=http2debug=2,madvdontneed=1", "EMPTY=", "odd",
	})
	want := []string{"HOME=/home/u", "VAST_URL=https://example.org", "GODEBUG=madvdontneed=1", "EMPTY=", "odd", "VASTDECK_CHILD=1"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestHandoverFitsThePipe(t *testing.T) {
	t.Parallel()
	if text, err := encodeHandover(handover{Key: strings.Repeat("k", 4096)}); err != nil || len(text) > handoverMax {
		t.Errorf("a long key: %d bytes, %v", len(text), err)
	}
	_, err := encodeHandover(handover{Key: strings.Repeat("k", handoverMax)})
	if err == nil || strings.Contains(err.Error(), "kkk") {
		t.Errorf("a key longer than the pipe: %v", err)
	}
}

// A process that nobody started as a child must not take a file of its own for the
// supervisor's pipe.
func TestHandoverNeedsPipes(t *testing.T) {
	t.Setenv(childMark, "1")
	if told, ok := takeHandover(); ok {
		t.Errorf("took %+v from no supervisor", told)
	}
}

func TestCrashIsNamedByItsFirstLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, written, want string }{
		{"panic", "some log\npanic: oh no\n\ngoroutine 1 [running]:\n", "panic: oh no"},
		{"fatal error", "fatal error: concurrent map writes\n\ngoroutine 5\n", "fatal error: concurrent map writes"},
		{"signal", "SIGABRT: abort\nPC=0x1\n", "SIGABRT: abort"},
		{"caught by the program", "Caught panic:\r\n\r\nindex out of range\r\n\r\nRestoring terminal...\r\n", "panic: index out of range"},
		{"caught, cut short", "Caught panic:\n", ""},
		{"escape sequences", "panic: \x1b]52;c;aGk=\x07red\x1b[31m\n", "panic: red"},
		{"nothing", "", ""},
		{"an ordinary message", "vastdeck: the settings cannot be read\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := crashLine(inertLines([]byte(test.written), &store.Redactor{}))
			if strings.ContainsAny(got, "\x1b\a") || !strings.HasPrefix(got, strings.SplitN(test.want, " ", 2)[0]) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if !strings.Contains(test.name, "escape") && got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestChildsWordsReachTheTerminalWithoutKeys(t *testing.T) {
	t.Parallel()
	const key = "k3y-of-the-environment-1234567890"
	unknown := strings.Repeat("0aF", 22)
	lines := inertLines([]byte("a "+key+" b\nc "+unknown+" d\nBearer abc\n"), redactorOf(key))
	text := strings.Join(lines, "\n")
	for _, bad := range []string{key, unknown, "abc"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is in %q", bad, text)
		}
	}
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "c ") {
		t.Errorf("lines %q", lines)
	}
}

func TestStderrKeepsItsBeginningAndItsEnd(t *testing.T) {
	t.Parallel()
	k := &stderrKeeper{}
	total := 0
	for total < 4*stderrTail {
		n, err := k.Write([]byte(strings.Repeat("x", 999) + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		total += n
	}
	_, _ = k.Write([]byte("the end"))
	if len(k.head) != stderrHead {
		t.Errorf("kept %d bytes of the beginning, want %d", len(k.head), stderrHead)
	}
	if len(k.tail) > 2*stderrTail || !strings.HasSuffix(string(k.tail), "the end") {
		t.Errorf("kept %d bytes of the end: …%q", len(k.tail), k.tail[len(k.tail)-20:])
	}
}

func TestSentenceSaysOnlyWhatHappened(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	tests := []struct {
		name       string
		end        ending
		folder     string
		has, hasNo []string
	}{
		{"killed", ending{Cause: "signal: killed", Restored: true}, folder,
			[]string{"vastdeck ended unexpectedly (signal: killed); the terminal was restored\n"}, []string{"crash report"}},
		{"crashed", ending{Cause: "exit status 2", Restored: true, Written: []byte("panic: x\n")}, folder,
			[]string{"the terminal was restored; crash report in " + folder}, nil},
		{"not restored", ending{Cause: "signal: killed"}, folder, []string{"unexpectedly"}, []string{"restored"}},
		{"nowhere to write", ending{Cause: "exit status 2", Written: []byte("panic: x\n")}, "", nil, []string{"crash report"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var said strings.Builder
			test.end.Redactor = &store.Redactor{}
			test.end.tell(test.folder, &said)
			for _, text := range test.has {
				if !strings.Contains(said.String(), text) {
					t.Errorf("%q does not say %q", said.String(), text)
				}
			}
			for _, text := range test.hasNo {
				if strings.Contains(said.String(), text) {
					t.Errorf("%q says %q", said.String(), text)
				}
			}
			if strings.Count(said.String(), "\n") != 1 {
				t.Errorf("%q is not one line", said.String())
			}
		})
	}
}

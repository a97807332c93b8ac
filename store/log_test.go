package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// logLines returns the log as decoded JSON lines.
func logLines(t *testing.T, path string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for line := range bytes.Lines(must(os.ReadFile(path))(t)) {
		var decoded map[string]any
		if err := json.Unmarshal(line, &decoded); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		lines = append(lines, decoded)
	}
	return lines
}

func TestLogIsPrintableJSON(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state", "vastdeck.log")
	log, closeLog, err := OpenLog(path, slog.LevelInfo, nil)
	if err != nil {
		t.Fatal(err)
	}
	hostile := "\x1b]52;c;aGk=\a \u009b2J \u202e é \x80\xff \"quoted\" back\\slash 🙂"
	log.Debug("too low")
	log.Info(hostile, "text", hostile, hostile, 1, "error", errors.New(hostile), slog.Group(hostile, "n", 2), "count", 3, "bytes", []byte(hostile))
	log.Info(`plain "text"`, "header", "Bearer abc\"def", "nothing", nil)
	if err := closeLog(); err != nil {
		t.Fatal(err)
	}
	for i, c := range must(os.ReadFile(path))(t) {
		if c != '\n' && (c < ' ' || c > '~') {
			t.Fatalf("byte %d is %#x", i, c)
		}
	}
	lines := logLines(t, path)
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2", len(lines))
	}
	for _, name := range []string{"msg", "text", "error", "bytes"} {
		got, _ := lines[0][name].(string)
		if !isPrintable(got) || !strings.Contains(got, `\x1b]52;c;aGk=`) || !strings.Contains(got, `"quoted"`) {
			t.Errorf("%s decodes to %q", name, got)
		}
	}
	if lines[0]["count"] != 3.0 || lines[0]["level"] != "INFO" || lines[1]["msg"] != `plain "text"` || lines[1]["header"] != "Bearer [redacted]" {
		t.Errorf("got %v", lines)
	}
}

func TestLogRotatesAndKeepsOneOlderFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vastdeck.log")
	f := must(openRotating(path, 100))(t)
	defer f.Close()
	for i := range 50 {
		if _, err := fmt.Fprintf(f, "line %02d %s\n", i, strings.Repeat("x", 21)); err != nil {
			t.Fatal(err)
		}
	}
	var whole string
	for _, name := range []string{path + ".1", path} {
		content := must(os.ReadFile(name))(t)
		if len(content) > 100 || len(content) == 0 {
			t.Errorf("%s has %d bytes", name, len(content))
		}
		whole += string(content)
	}
	if !strings.HasSuffix(whole, "line 49 "+strings.Repeat("x", 21)+"\n") || !strings.Contains(whole, "line 46") {
		t.Errorf("the newest lines are not kept:\n%s", whole)
	}
	if names := must(os.ReadDir(filepath.Dir(path)))(t); len(names) != 2 {
		t.Errorf("files: %v", names)
	}
}

func TestRotationByAnotherProcessIsFollowed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vastdeck.log")
	a, b := must(openRotating(path, 30))(t), must(openRotating(path, 30))(t)
	defer a.Close()
	defer b.Close()
	for _, write := range []struct {
		to   *rotatingFile
		text string
	}{{a, "a begins, "}, {b, "b goes on, "}, {b, "b rotates, "}, {a, "a follows"}} {
		if _, err := write.to.Write([]byte(write.text)); err != nil {
			t.Fatal(err)
		}
	}
	old, now := must(os.ReadFile(path+".1"))(t), must(os.ReadFile(path))(t)
	if string(old) != "a begins, b goes on, " || string(now) != "b rotates, a follows" {
		t.Errorf("the old file holds %q, the new one %q", old, now)
	}
}

func TestTwoProcessesThatFindTheLogFullRotateItOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vastdeck.log")
	a, b := must(openRotating(path, 30))(t), must(openRotating(path, 30))(t)
	defer a.Close()
	defer b.Close()
	if _, err := a.Write([]byte("the old log")); err != nil {
		t.Fatal(err)
	}
	full := must(b.f.Stat())(t)
	if err := errors.Join(a.rotate(full), b.rotate(full)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Write([]byte("the new log")); err != nil {
		t.Fatal(err)
	}
	old, now := must(os.ReadFile(path+".1"))(t), must(os.ReadFile(path))(t)
	if string(old) != "the old log" || string(now) != "the new log" {
		t.Errorf("the old file holds %q, the new one %q", old, now)
	}
}

func TestProcessesSharingALogLoseNoLine(t *testing.T) {
	t.Parallel()
	const writers, line = 8, "a line of 24 characters\n"
	path := filepath.Join(t.TempDir(), "vastdeck.log")
	var wg sync.WaitGroup
	for range writers {
		f := must(openRotating(path, int64(30*writers*len(line))))(t) // one rotation in all
		wg.Go(func() {
			defer f.Close()
			for range 40 {
				if _, err := f.Write([]byte(line)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	all := string(must(os.ReadFile(path))(t)) + string(must(os.ReadFile(path+".1"))(t))
	if got := strings.Count(all, line); got != 40*writers || len(all) != 40*writers*len(line) {
		t.Errorf("%d of %d lines are there", got, 40*writers)
	}
}

func TestLogThatIsALinkOrCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, nil, fileMode); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, dir, filepath.Join(target, "vastdeck.log")} {
		if _, _, err := OpenLog(path, slog.LevelInfo, nil); err == nil {
			t.Errorf("%s was opened as the log", path)
		}
	}
}

func TestRedactorTakesOutEveryForm(t *testing.T) {
	t.Parallel()
	for _, text := range []string{canary, "0123456789abcdef0123456789abcdef", "quo\"te<&>back\\slash%/+ü"[:23], "abcdef"} {
		key := Key{&secret{text: []byte(text)}}
		var r Redactor
		r.Add(key)
		r.Add(key)
		asJSON := string(must(json.Marshal(text))(t))
		for name, form := range map[string]string{
			"itself":        text,
			"query":         url.QueryEscape(text),
			"path":          url.PathEscape(text),
			"json":          asJSON[1 : len(asJSON)-1],
			"quoted":        fmt.Sprintf("%q", text),
			"ascii":         fmt.Sprintf("%+q", text),
			"hex":           fmt.Sprintf("%x", text),
			"HEX":           fmt.Sprintf("%X", text),
			"bytes":         fmt.Sprint([]byte(text)),
			"base64":        base64.StdEncoding.EncodeToString([]byte(text)),
			"url base64":    base64.RawURLEncoding.EncodeToString([]byte(text)),
			"inside a word": "x" + text + "y",
		} {
			got := r.Redact("before " + form + " after")
			if strings.Contains(got, strings.Trim(form, `"[]`)) || !strings.Contains(got, redacted) || !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after") {
				t.Errorf("the %s form of %q became %q", name, text, got)
			}
		}
		for _, around := range []string{"u:", "us:", "use:", "user:"} {
			encoded := base64.StdEncoding.EncodeToString([]byte(around + text + "!"))
			if got := r.Redact(encoded); !strings.Contains(got, redacted) || len(got) > len(redacted)+12+4 {
				t.Errorf("%q in base64 after %q became %q", text, around, got)
			}
		}
	}
}

func TestRedactorTakesOutBearerTokens(t *testing.T) {
	t.Parallel()
	var none *Redactor
	for _, r := range []*Redactor{none, {}} {
		for _, text := range []string{"Authorization: Bearer abc.def", "bearer   abc.def", "BEARER\tabc.def", "Bearer%20abc.def", "{\"a\":\"Bearer abc.def\"}"} {
			if got := r.Redact(text); strings.Contains(got, "abc") || !strings.Contains(got, redacted) {
				t.Errorf("%q became %q", text, got)
			}
		}
		if got := r.Redact("nothing here"); got != "nothing here" {
			t.Errorf("became %q", got)
		}
	}
}

func TestRedactorLeavesTextsAloneWhenTheKeyIsALetter(t *testing.T) {
	t.Parallel()
	var r Redactor
	r.Add(testKey(t, "x"))
	r.Add(Key{})
	if got := r.Redact("extra box"); got != "extra box" {
		t.Errorf("became %q", got)
	}
}

func TestCrashReportIsPrintableAndRedacted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "crash")
	var r Redactor
	r.Add(testKey(t, canary))
	stack := "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:1 " + canary + "\u202e"
	path, err := WriteCrash(dir, Crash{Version: "v1.2.3", What: "boom \x1b]52;c;aGk=\a " + canary, Stack: []byte(stack)}, &r)
	if err != nil {
		t.Fatal(err)
	}
	report := string(must(os.ReadFile(path))(t))
	for _, want := range []string{"vastdeck v1.2.3", `boom \x1b]52;c;aGk=\a [redacted]`, "main.main()\n    /src/main.go:1 [redacted]\\u202e"} {
		if !strings.Contains(report, want) {
			t.Errorf("%q is missing in:\n%s", want, report)
		}
	}
	for _, c := range []byte(report) {
		if c != '\n' && (c < ' ' || c > '~') {
			t.Fatalf("byte %#x in:\n%s", c, report)
		}
	}
	if strings.Contains(report, "canary") {
		t.Errorf("the key is in:\n%s", report)
	}
}

func TestCrashReportsAreBoundedInSizeAndNumber(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	last := ""
	for range maxCrashes + 5 {
		path, err := WriteCrash(dir, Crash{What: strings.Repeat("é", maxCrash), Stack: []byte("stack")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		last = path
	}
	names := must(os.ReadDir(dir))(t)
	if len(names) != maxCrashes || names[len(names)-1].Name() != filepath.Base(last) {
		t.Errorf("%d reports are kept, the last %s", len(names), names[len(names)-1].Name())
	}
	if info := must(os.Stat(last))(t); info.Size() > maxCrash+100 {
		t.Errorf("a report has %d bytes", info.Size())
	}
}

func TestCrashReportTakesTheStackOfItsCaller(t *testing.T) {
	t.Parallel()
	path, err := WriteCrash(t.TempDir(), Crash{What: errors.New("boom")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if report := string(must(os.ReadFile(path))(t)); !strings.Contains(report, "TestCrashReportTakesTheStackOfItsCaller") {
		t.Errorf("no stack in:\n%s", report)
	}
}

func TestCrashReportThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, fileMode); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteCrash(blocked, Crash{What: "boom"}, nil); err == nil {
		t.Error("a report was written into a file")
	}
}

package rental

import (
	"compress/gzip"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// unpack is what the wrapped script puts into its file.
func unpack(t *testing.T, wrapped string) string {
	t.Helper()
	_, rest, ok := strings.Cut(wrapped, "\necho ")
	packed, run, ok2 := strings.Cut(rest, ` | base64 -d | gzip -d > "$f" && `)
	if !ok || !ok2 || !strings.HasPrefix(wrapped, "f=$(mktemp)\n") {
		t.Fatalf("wrapped as %q", wrapped)
	}
	if run != "bash \"$f\"\n" && run != "chmod +x \"$f\" && \"$f\"\n" {
		t.Errorf("run as %q", run)
	}
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestALongScriptIsPacked(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"short":       "touch /tmp/x",
		"long":        strings.Repeat("pip install --quiet 'torch>=2' && echo \"done $?\"\n", 400),
		"interpreter": "#!/usr/bin/env python3\n" + strings.Repeat("print('é')\n", 1000),
	} {
		wrapped, err := WrapOnStart(script)
		if err != nil || len(wrapped) > MaxOnStart || checkScript(wrapped) != "" {
			t.Fatalf("%s: %d bytes, %v", name, len(wrapped), err)
		}
		if got := unpack(t, wrapped); got != script {
			t.Errorf("%s: unpacks to %q", name, got)
		}
		if strings.HasPrefix(script, "#!") != strings.Contains(wrapped, "chmod +x") {
			t.Errorf("%s: run as %q", name, wrapped[len(wrapped)-40:])
		}
		if again, _ := WrapOnStart(script); again != wrapped {
			t.Errorf("%s: packed differently the second time", name)
		}
	}
}

func TestAScriptThatIsTooLongEvenWhenPackedIsRefused(t *testing.T) {
	t.Parallel()
	rnd, noise := rand.New(rand.NewPCG(1, 2)), make([]byte, 6000)
	for n := range noise {
		noise[n] = byte(' ' + rnd.IntN(94))
	}
	for name, script := range map[string]string{"noise": string(noise), "huge": strings.Repeat("a", MaxScript+1)} {
		if wrapped, err := WrapOnStart(script); err == nil || wrapped != "" || !strings.Contains(err.Error(), "fetch it from a short one") {
			t.Errorf("%s: %d bytes, %v", name, len(wrapped), err)
		}
	}
}

func TestTheLimitOfAScript(t *testing.T) {
	t.Parallel()
	if got := checkScript(strings.Repeat("x", 4048)); got != "" {
		t.Error(got)
	}
	if got := checkScript(strings.Repeat("x", 4049)); !strings.Contains(got, "at most 4048 bytes, this has 4049") {
		t.Error(got)
	}
	if got := checkScript("a\x00"); !strings.Contains(got, "NUL") {
		t.Error(got)
	}
}

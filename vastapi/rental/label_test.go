package rental

import (
	"strings"
	"testing"
	"unicode/utf8"

	"vastdeck/vastapi"
)

func TestLabelsCarryTheirToken(t *testing.T) {
	t.Parallel()
	const token = "abcdefghij27"
	for label, want := range map[string][2]string{
		"train vx-" + token:       {"train", token},
		"vx-" + token:             {"", token},
		" vx-" + token:            {"", token},
		"a b  vx-" + token:        {"a b ", token},
		"train":                   {"train", ""},
		"":                        {"", ""},
		"trainvx-" + token:        {"trainvx-" + token, ""},
		"train vx-" + token + "x": {"train vx-" + token + "x", ""},
		"train vx-ABCDEFGHIJ27":   {"train vx-ABCDEFGHIJ27", ""},
		"train vx-abcdefghij01":   {"train vx-abcdefghij01", ""},
		"é vx-" + token:           {"é", token},
	} {
		if name, got := SplitLabel(label); name != want[0] || got != want[1] {
			t.Errorf("%q: %q %q, want %q", label, name, got, want)
		}
	}
}

func TestTokensDifferByPlanAndStep(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, plan := range []string{NewID(), NewID(), "a", "b"} {
		for step := range 100 {
			token := tokenOf(plan, step)
			if seen[token] || !isToken(tokenMark+token) {
				t.Fatalf("token %q", token)
			}
			seen[token] = true
		}
	}
}

func FuzzLabel(f *testing.F) {
	f.Add("train", "p")
	f.Add(strings.Repeat("é", 200), "q")
	f.Add("x vx-abcdefghijkl", "r")
	f.Add("\xff\xfe", "")
	f.Fuzz(func(t *testing.T, name, plan string) {
		token := tokenOf(plan, 0)
		label := Label(name, token)
		got, found := SplitLabel(label)
		if len(label) > vastapi.MaxLabelCreate || found != token || !strings.HasPrefix(name, got) {
			t.Fatalf("%q became %q, %q", name, got, found)
		}
		if len(name) <= MaxName && got != name {
			t.Fatalf("%q became %q", name, got)
		}
		if utf8.ValidString(name) && !utf8.ValidString(label) {
			t.Fatalf("%q was cut inside a character", label)
		}
		if rest, again := SplitLabel(name); again != "" && Label(rest, again) != name && rest != "" {
			t.Fatalf("%q came apart as %q %q", name, rest, again)
		}
	})
}

package main

import (
	"strings"
	"testing"

	"vastdeck/vastapi/remote"
)

func TestTextOfACommandIsInertAndKeepsItsLinesAndTabs(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", inertChunk-1) + strings.Repeat("é", inertChunk)
	for name, c := range map[string]struct{ text, want string }{
		"nothing":            {"", ""},
		"lines and tabs":     {"a\tb\n\n\tc\n", "a\tb\n\n\tc\n"},
		"spaces":             {"  a  b  \n", "  a  b  \n"},
		"longer than a look": {long, long},
		"letters of others":  {"größe 日本\n", "größe 日本\n"},
	} {
		if got := inertText([]byte(c.text)); got != c.want {
			t.Errorf("%s: %d bytes became %d: %.60q", name, len(c.text), len(got), got)
		}
	}
	for _, text := range []string{"\x1b[2J", "a\rb", "\u202eabc", "\x9b31m", "\xff\xfe"} {
		if got := inertText([]byte(text)); strings.ContainsAny(got, "\x1b\r\u202e\u009b") || strings.Contains(got, "\xff") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestWayOfATargetIsFoundWithoutTheNetwork(t *testing.T) {
	t.Parallel()
	direct, proxy := remote.Endpoint{Way: remote.Direct, Host: "198.51.100.7", Port: 41022}, remote.Endpoint{Way: remote.Proxy, Host: "ssh4.vast.ai", Port: 10022}
	for name, c := range map[string]struct {
		target remote.Target
		way    remote.Way
		want   remote.Endpoint
	}{
		"both":              {remote.Target{Direct: direct, Proxy: proxy}, remote.Auto, direct},
		"both, the proxy":   {remote.Target{Direct: direct, Proxy: proxy}, remote.Proxy, proxy},
		"no direct port":    {remote.Target{Proxy: proxy}, remote.Auto, proxy},
		"direct, but none":  {remote.Target{Proxy: proxy}, remote.Direct, remote.Endpoint{}},
		"refused":           {remote.Target{Direct: direct, Proxy: proxy, Refused: "No."}, remote.Auto, remote.Endpoint{}},
		"no address at all": {remote.Target{}, remote.Auto, remote.Endpoint{}},
	} {
		if got := endpointOf(c.target, c.way); got != c.want {
			t.Errorf("%s: it is %v, want %v", name, got, c.want)
		}
		if !c.want.Given() && noWay(c.target, c.way).Error() == "" {
			t.Errorf("%s: nothing says why", name)
		}
	}
}

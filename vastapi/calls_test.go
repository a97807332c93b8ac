package vastapi_test

import (
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestARentIsWrittenAsItWasTyped(t *testing.T) {
	t.Parallel()
	c := vastapi.CreateInstance{Offer: 7, Image: "a/b", Disk: 8, Env: map[string]string{"-p 1:1": "a > b"}, OnStart: "x <in >out && y"}
	for name, write := range map[string]func() ([]byte, error){"body": c.Body, "preview": c.Preview} {
		body, err := write()
		if err != nil || strings.Contains(string(body), `\u00`) || !strings.Contains(string(body), `"x <in >out && y"`) || !strings.Contains(string(body), `"a > b"`) {
			t.Errorf("%s: %s, %v", name, body, err)
		}
		if strings.HasSuffix(string(body), "\n") {
			t.Errorf("%s ends in a new line", name)
		}
	}
}

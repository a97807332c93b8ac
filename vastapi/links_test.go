package vastapi_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestLinksNameWhatIsServedAndMaskTheirTokens(t *testing.T) {
	t.Parallel()
	const token = "t0k3n&secret"
	ports := []vastapi.PortMap{{Container: "22/tcp", Host: 30022}, {Container: "1111/tcp", Host: 31111}, {Container: "6006/tcp", Host: 36006}, {Container: "8080/tcp", Host: 30080}, {Container: "9000/udp", Host: 39000}}
	env := func(pairs ...string) (all [][2]safetext.Text) {
		for n := 0; n < len(pairs); n += 2 {
			all = append(all, [2]safetext.Text{safetext.New(pairs[n]), safetext.New(pairs[n+1])})
		}
		return all
	}
	for name, c := range map[string]struct {
		run, ip string
		env     [][2]safetext.Text
		ports   []vastapi.PortMap
		shown   []string
		full    string // of the first
	}{
		"direct jupyter and a portal": {"jupyter_direc ssh_direc ssh_proxy", " 192.0.2.17\n", env("OPEN_BUTTON_PORT", "1111", "OPEN_BUTTON_TOKEN", "1"), ports,
			[]string{"Jupyter https://192.0.2.17:30080/?token=…", "portal http://192.0.2.17:31111/", "port 6006 http://192.0.2.17:36006/"}, "https://192.0.2.17:30080/?token=t0k3n%26secret"},
		"a portal's own token": {"ssh_direc", "2001:db8::1", env("OPEN_BUTTON_PORT", "1111", "OPEN_BUTTON_TOKEN", "p w"), ports[:2],
			[]string{"portal http://[2001:db8::1]:31111/?token=…"}, "http://[2001:db8::1]:31111/?token=p+w"},
		"jupyter over the proxy":  {"jupyter_proxy ssh_proxy", "192.0.2.17", nil, ports[:1], []string{"Jupyter https://cloud.vast.ai/instances/"}, "https://cloud.vast.ai/instances/"},
		"jupyter without address": {"jupyter_direc", "", nil, ports, []string{"Jupyter https://cloud.vast.ai/instances/"}, "https://cloud.vast.ai/instances/"},
		"8080 without jupyter":    {"ssh_direc", "192.0.2.17", nil, ports[3:4], []string{"port 8080 http://192.0.2.17:30080/"}, "http://192.0.2.17:30080/"},
		"an address that is none": {"ssh_direc", "x\x1b]8;;http://evil.example\x1b\\", nil, ports, nil, ""},
		"nothing":                 {"ssh_direc", "192.0.2.17", nil, ports[:1], nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := vastapi.Instance{RunType: safetext.New(c.run), PublicIP: safetext.New(c.ip), Env: c.env, Ports: c.ports, Jupyter: vastapi.NewSecret(token)}
			list := i.Links()
			var shown []string
			for _, l := range list {
				shown = append(shown, l.Name+" "+l.String())
			}
			if !slices.Equal(shown, c.shown) || len(list) > 0 && list[0].InFull() != c.full {
				t.Fatalf("%q, in full %v", shown, list)
			}
			text, _ := json.Marshal(list)
			for _, s := range []string{fmt.Sprintf("%+v %#v %q %s", list, list, list, list), fmt.Sprintf("%+v", i), string(text)} {
				if strings.Contains(s, "t0k3n") || strings.Contains(s, "p w") && c.env == nil {
					t.Errorf("a token is printed: %s", s)
				}
			}
		})
	}
}

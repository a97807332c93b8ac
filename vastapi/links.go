package vastapi

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"vastdeck/vastapi/safetext"
)

// consoleInstances is where a Jupyter that has no port of its own is opened: its
// address is not in the API.
const consoleInstances = "https://cloud.vast.ai/instances/"

// Link is a web address of something in an instance. It prints with its token masked,
// under every verb; InFull alone holds it.
type Link struct {
	Name  string // "Jupyter", "portal", "port 8000"
	Port  int    // the container's port, 0 = none of its own
	base  string
	token string
}

// String is the address with "…" in place of the token.
func (l Link) String() string {
	if l.token == "" {
		return l.base
	}
	return l.base + "?token=" + masked
}

// Format prints what String returns, whatever the verb.
func (l Link) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, l.String()) }

// MarshalText writes what String returns.
func (l Link) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Secret reports whether the address holds a token.
func (l Link) Secret() bool { return l.token != "" }

// InFull is the address with its token: for the clipboard, never for the screen, a
// file or the log.
func (l Link) InFull() string {
	if l.token == "" {
		return l.base
	}
	return l.base + "?token=" + url.QueryEscape(l.token)
}

// Links are the web addresses of i as it was told last: Jupyter (container port 8080,
// published description), the port that OPEN_BUTTON_PORT names, then its other TCP
// ports but for ssh. A port can be listed before anything listens there.
func (i *Instance) Links() []Link {
	var list []Link
	jupyter := strings.Contains(i.RunType.String(), "jupyter")
	addr, err := netip.ParseAddr(strings.TrimSpace(i.PublicIP.String()))
	if err != nil {
		if jupyter {
			return []Link{{Name: "Jupyter", base: consoleInstances}}
		}
		return nil
	}
	open := i.variable("OPEN_BUTTON_PORT").String()
	own := false
	for _, p := range i.Ports {
		number := portNumber(p.Container)
		if !strings.HasSuffix(p.Container, "/tcp") || number == 22 || p.Host < 1 || p.Host > 65535 {
			continue
		}
		l := Link{Name: "port " + strconv.Itoa(number), Port: number}
		scheme := "http"
		switch {
		case jupyter && number == 8080:
			l.Name, l.token, scheme, own = "Jupyter", i.Jupyter.clear(), "https", true
		case open == strconv.Itoa(number):
			l.Name, l.token = "portal", buttonToken(i.variable("OPEN_BUTTON_TOKEN"))
		}
		l.base = scheme + "://" + net.JoinHostPort(addr.String(), strconv.Itoa(p.Host)) + "/"
		list = append(list, l)
	}
	if jupyter && !own {
		list = append([]Link{{Name: "Jupyter", base: consoleInstances}}, list...)
	}
	return sortedLinks(list)
}

// sortedLinks puts Jupyter first and the portal second.
func sortedLinks(list []Link) []Link {
	out := make([]Link, 0, len(list))
	for _, name := range []string{"Jupyter", "portal"} {
		for _, l := range list {
			if l.Name == name {
				out = append(out, l)
			}
		}
	}
	for _, l := range list {
		if l.Name != "Jupyter" && l.Name != "portal" {
			out = append(out, l)
		}
	}
	return out
}

// buttonToken is the token that OPEN_BUTTON_TOKEN names; 1 asks for one to be made,
// which the API does not tell.
func buttonToken(t safetext.Text) string {
	if t.String() == "1" {
		return ""
	}
	return t.Wire()
}

// variable is the value of a variable as the instance tells it, empty when it has none.
func (i *Instance) variable(name string) safetext.Text {
	for _, pair := range i.Env {
		if pair[0].String() == name {
			return pair[1]
		}
	}
	return safetext.Text{}
}

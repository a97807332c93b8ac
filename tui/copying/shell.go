package copying

import (
	"strconv"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

// SSH is the line that logs in by an endpoint, "" when there is none.
func SSH(e remote.Endpoint) string {
	if !e.Given() {
		return ""
	}
	return "ssh -p " + strconv.Itoa(e.Port) + " root@" + e.Host
}

// SSHTo is the line that logs in to an instance, the direct way first; "" while it has no address.
func SSHTo(i *vastapi.Instance) string {
	t := remote.TargetOf(i)
	if line := SSH(t.Direct); line != "" {
		return line
	}
	return SSH(t.Proxy)
}

// SCP is the line that copies a file of this machine into an instance, "" when there is no endpoint. FILE stands for
// the file.
func SCP(e remote.Endpoint) string {
	if !e.Given() {
		return ""
	}
	host := e.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return "scp -P " + strconv.Itoa(e.Port) + " FILE root@" + host + ":/workspace/"
}

// Get is a call of curl that reads a path of the API, e.g. "/api/v0/volumes/", with the key in $VAST_API_KEY.
func Get(env view.Env, path string) string {
	return `curl -H "Authorization: Bearer $VAST_API_KEY" ` + rental.QuoteWords([]string{strings.TrimSuffix(env.Load.BaseURL(), "/") + path})
}

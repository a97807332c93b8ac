package remote

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// maxHostName is how long a name of the managed configuration may be, "vast-" left out.
const maxHostName = 40

// configHead stands on top of the managed file.
const configHead = `# This file is written by vastdeck as a whole: changes made by hand are lost.
# It is taken away together with the Include line in ~/.ssh/config from the
# Sessions view.
`

// HostNames are the names under which the managed configuration knows the targets, the
// first of each "vast-<id>", which never changes, the second made from its name, if it
// has one. No two targets share a name: all that would get their id appended, so that a
// name never leads to another machine than the one it was read from. A name that could
// be taken for an id becomes "vast-name-<name>".
func HostNames(targets []Target) map[vastapi.InstanceID][]string {
	return hostNames("", targets)
}

// HostNames are those names with the Alias of the Options: "vast-<alias>.<name>". No name
// of another alias can be the same, since none has a dot in it.
func (c *Client) HostNames(targets []Target) map[vastapi.InstanceID][]string {
	return hostNames(c.alias, targets)
}

// nameWith is a name of the managed configuration.
func nameWith(alias, name string) string {
	if alias == "" {
		return "vast-" + name
	}
	return "vast-" + alias + "." + name
}

func hostNames(alias string, targets []Target) map[vastapi.InstanceID][]string {
	names := make(map[vastapi.InstanceID][]string, len(targets))
	slugs := make(map[vastapi.InstanceID]string, len(targets))
	for _, t := range targets {
		names[t.Instance] = []string{nameWith(alias, t.Instance.String())}
		s := slug(t.Name)
		if likeID(s) {
			s = "name-" + s
		}
		slugs[t.Instance] = s
	}
	tellApart(slugs)
	for id, s := range slugs {
		if s != "" {
			names[id] = append(names[id], nameWith(alias, s))
		}
	}
	return names
}

// rounds bounds how often ids are appended: a name that is still not the only one then
// was made to be so, and is left out.
const rounds = 4

// tellApart appends the ids to names that several have.
func tellApart(slugs map[vastapi.InstanceID]string) {
	for round := range rounds + 1 {
		having := map[string]int{}
		for _, s := range slugs {
			having[s]++
		}
		for id, s := range slugs {
			switch {
			case s == "" || having[s] == 1:
			case round == rounds:
				slugs[id] = ""
			default:
				slugs[id] = s + "-" + id.String()
			}
		}
	}
}

// likeID reports whether a name could be one that was made from an id alone.
func likeID(s string) bool {
	return s != "" && strings.Trim(strings.TrimSuffix(s, "-"+proxySuffix), "0123456789") == ""
}

const proxySuffix = "proxy"

// slug makes a name of lower-case letters, digits and single dashes from a label.
func slug(label string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(label) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			dash = true
			continue
		}
		if b.Len() >= maxHostName {
			break
		}
		if dash && b.Len() > 0 {
			b.WriteByte('-')
		}
		dash = false
		b.WriteRune(r)
	}
	return b.String()
}

// RenderConfig is the managed configuration for these targets, those without an
// address left out. "ssh vast-<name>" goes directly where there is a direct port, and
// "ssh vast-<id>-proxy" through the proxy: a configuration cannot try one and then the
// other. The direct port of an instance that does not run is left out: somebody else's
// may have it by now. A connection that is open already is used, but none is made to be shared: ssh
// would refuse to work at all while the folder of control sockets is not there, which
// is so after each start of the machine. Forwards are not cleared, so that -L works.
func (c *Client) RenderConfig(targets []Target) string {
	targets = slices.Clone(targets)
	slices.SortFunc(targets, func(a, b Target) int { return cmp.Compare(a.Instance, b.Instance) })
	targets = slices.CompactFunc(targets, func(a, b Target) bool { return a.Instance == b.Instance })
	names := c.HostNames(targets)
	var b strings.Builder
	b.WriteString(configHead)
	for _, t := range targets {
		direct, proxy := t.Running && t.Direct.check(c.o.AllowHosts) == nil, t.Proxy.check(c.o.AllowHosts) == nil
		throughProxy := nameWith(c.alias, t.Instance.String()) + "-" + proxySuffix
		switch {
		case t.Instance <= 0:
		case direct:
			c.block(&b, t.Instance, names[t.Instance], t.Direct, confPath(c.socket(t.Instance)))
			if proxy { // asked for by name: not by a connection that may be the direct one
				c.block(&b, t.Instance, []string{throughProxy}, t.Proxy, "none")
			}
		case proxy:
			c.block(&b, t.Instance, append(names[t.Instance], throughProxy), t.Proxy, confPath(c.socket(t.Instance)))
		}
	}
	return b.String()
}

func (c *Client) block(b *strings.Builder, id vastapi.InstanceID, names []string, e Endpoint, share string) {
	fmt.Fprintf(b, "\nHost %s\n", strings.Join(names, " "))
	put := func(name, value string) { fmt.Fprintf(b, "    %s %s\n", name, value) }
	put("HostName", e.Host)
	put("Port", strconv.Itoa(e.Port))
	put("User", c.o.User)
	for _, pair := range c.hostKeyOptions(id) {
		put(pair[0], pair[1])
	}
	for _, name := range []string{"ForwardAgent", "ForwardX11", "PermitLocalCommand", "Tunnel"} {
		put(name, "no")
	}
	put("ServerAliveInterval", "15")
	if CanShare {
		put("ControlMaster", "no")
		put("ControlPath", share)
	}
	for _, pair := range c.identityOptions() {
		put(pair[0], pair[1])
	}
}

// WriteConfig replaces the managed file with the configuration for these targets. It
// reports whether anything changed: a file that says the same is left as it is.
func (c *Client) WriteConfig(targets []Target) (bool, error) {
	if c.o.ConfigFile == "" {
		return false, errors.New("writing the ssh configuration: no file was given")
	}
	text := c.RenderConfig(targets)
	c.files.Lock()
	defer c.files.Unlock()
	if old, err := readRegular(c.o.ConfigFile, maxFile); err == nil && string(old) == text {
		return false, nil
	}
	return true, replaceFile(c.o.ConfigFile, []byte(text), 0o600)
}

// RemoveConfig removes the managed file. None is no error.
func (c *Client) RemoveConfig() error {
	c.files.Lock()
	defer c.files.Unlock()
	err := os.Remove(c.o.ConfigFile)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fmt.Errorf("removing the ssh configuration: %w", err)
}

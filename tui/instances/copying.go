package instances

import (
	"slices"
	"strconv"
	"strings"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/remote"
)

// sshLine is the line that logs in by an endpoint, "" when there is none.
func sshLine(e remote.Endpoint) string {
	if !e.Given() {
		return ""
	}
	return "ssh -p " + strconv.Itoa(e.Port) + " root@" + e.Host
}

// scpPrefix is what stands before and after the files in a line of scp.
func scpPrefix(e remote.Endpoint) string {
	if !e.Given() {
		return ""
	}
	host := e.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return "scp -P " + strconv.Itoa(e.Port) + " FILE root@" + host + ":/workspace/"
}

// sshCommand is the line that logs in to an instance, the direct way first; "" while
// it has no address.
func sshCommand(i *vastapi.Instance) string {
	t := remote.TargetOf(i)
	if line := sshLine(t.Direct); line != "" {
		return line
	}
	return sshLine(t.Proxy)
}

// newCopyMenu lists what can be copied of an instance.
func newCopyMenu(id vastapi.InstanceID) *menu {
	return &menu{listing.Menu{
		Title: "Copy of instance " + id.String(), Verb: "copy it", Empty: "the instance is gone",
		List: func(env view.Env) []listing.Choice {
			i, there := env.Data.Instance(id)
			if !there {
				return nil
			}
			return copies(env, &i)
		},
	}}
}

// copies are what can be copied. A token stands on the screen masked, and goes to the
// clipboard in full. What there is not stands at the end, with the reason.
func copies(env view.Env, i *vastapi.Instance) []listing.Choice {
	var list []listing.Choice
	keys := map[string]string{"ssh, direct": "d", "ssh, proxy": "p", "scp": "s", "id": "i", "name": "n", "IP": "a", "machine": "m", "row": "r", "vastai line": "v"}
	links := 0
	secret := func(label, shown, text, what, none string) {
		key := keys[label]
		if key == "" && links < 9 {
			links++
			key = strconv.Itoa(links)
		}
		c := listing.Choice{Label: key + "  " + label, Detail: shown, Key: key}
		if text == "" {
			c.Why = none
		}
		c.Do = func() view.Effect { return view.Do(view.Copy{Text: text, What: what, Shown: shown}) }
		list = append(list, c)
	}
	plain := func(label, text, what, none string) { secret(label, text, text, what, none) }
	t := remote.TargetOf(i)
	plain("ssh, direct", sshLine(t.Direct), "the ssh command", "it has no port of its own for ssh, or no address yet")
	plain("ssh, proxy", sshLine(t.Proxy), "the ssh command", "it has no address at the proxy yet, or its run type has no ssh")
	scp := scpPrefix(t.Direct)
	if scp == "" {
		scp = scpPrefix(t.Proxy)
	}
	plain("scp", scp, "the scp command", "it has no address for ssh yet")
	for _, l := range i.Links() {
		secret(l.Name, l.String(), l.InFull(), "the address of "+l.Name, "")
	}
	name := nameShown(i)
	if name == figure.Unknown {
		name = ""
	}
	plain("id", i.ID.String(), "the instance's id", "")
	plain("name", name, "the instance's name", "it has none")
	plain("IP", strings.TrimSpace(i.PublicIP.String()), "the address of its machine", "it is not told")
	plain("machine", i.MachineID.String(), "the machine's id", "")
	plain("vastai line", "vastai show instance "+i.ID.String(), "the line", "")
	plain("row", rowText(env, i), "the row", "")
	none := func(c listing.Choice) bool { return c.Why != "" }
	there := slices.DeleteFunc(slices.Clone(list), none)
	return append(there, slices.DeleteFunc(list, func(c listing.Choice) bool { return !none(c) })...)
}

// rowText is an instance as one line of text.
func rowText(env view.Env, i *vastapi.Instance) string {
	state := env.Data.Traced(i.ID).Watched.State(i)
	return strings.Join([]string{
		i.ID.String(), nameShown(i), strconv.Itoa(i.NumGPUs) + "× " + figure.Text(i.GPUName.String()),
		figure.Rate(float64(pricing.Now(i))), state.Word, "machine " + i.MachineID.String(), figure.Text(strings.TrimLeft(i.Geolocation.String(), ", ")),
	}, " · ")
}

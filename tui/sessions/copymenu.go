package sessions

import (
	"fmt"
	"strconv"

	"vastdeck/tui/view"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// copyMenu lists what can be copied of a row.
func copyMenu(r *row) *menu {
	return &menu{title: "Copy", verb: "copy it", empty: "there is nothing to copy", list: func(env view.Env) []choice {
		var list []choice
		pick := func(label, text, what string) {
			list = append(list, choice{label: label, detail: func(view.Env) string { return text }, do: func(view.Env) view.Effect { return view.Do(view.Copy{Text: text, What: what}) }})
		}
		if r.kind == tunnel || r.kind == saved {
			pick("address", browse(r.forward), "the address")
			pick("local", r.local, "the local address")
		}
		if r.kind == transfer {
			pick("path here", safetext.Clean(r.copy.Plan.Local, 4096), "the path")
			pick("path there", safetext.Clean(r.copy.Plan.Remote, 4096), "the path")
		}
		if i, there := env.Data.Instance(r.id); there {
			t := env.Load.Target(i)
			for _, e := range []remote.Endpoint{t.Direct, t.Proxy} {
				if e.Given() {
					pick("ssh "+e.Way.String(), sshLine(e, r), "the ssh command")
				}
			}
			pick("official", "vastai ssh-url "+i.ID.String(), "the line of the official client")
		}
		if r.id != 0 {
			pick("id", r.id.String(), "the instance's id")
		}
		return list
	}}
}

// sshLine is a command that opens the same by hand.
func sshLine(e remote.Endpoint, r *row) string {
	line := "ssh -p " + strconv.Itoa(e.Port) + " root@" + e.Host
	if r.kind == tunnel || r.kind == saved {
		f := r.forward
		host := f.Host
		if host == "" {
			host = "localhost"
		}
		line += fmt.Sprintf(" -N -L %s:%d:%s:%d", orElse(f.Bind, loopback), f.Local, safetext.Clean(host, 253), f.Remote)
	}
	return line
}

package sessions

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/copying"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// copyPage is the copy menu, in place of the list or over another page.
type copyPage struct {
	listing.Menu
	over page // what is shown again when it is left, nil = the list
}

func (p *copyPage) actions(m *Model, env view.Env) []view.Action {
	return p.Actions(env, section, func() { m.page = p.over })
}

// news goes to the page below: it is shown again.
func (p *copyPage) news(m *Model, env view.Env) {
	if p.over != nil {
		p.over.news(m, env)
	}
}

func (p *copyPage) key(view.Env, tea.Msg) view.Effect  { return view.Effect{} }
func (p *copyPage) draw(env view.Env, w, h int) string { return p.Draw(env, w, h) }

// newCopyPage lists what can be copied of rows: of one where it leads from and to, of several what they have in
// common, one a line.
func newCopyPage(m *Model, rows []*row) *copyPage {
	keys := make([]string, len(rows))
	for n, r := range rows {
		keys[n] = r.key
	}
	title, gone := "Copy of "+figure.Count(len(rows))+" rows", "the rows are gone"
	if len(rows) == 1 {
		title, gone = "Copy of "+rows[0].said(), "it is gone"
	}
	return &copyPage{Menu: copying.Menu(title, gone, func(env view.Env) *copying.Lines {
		var rows []*row
		for _, key := range keys {
			if r, there := m.table.Get(key); there {
				rows = append(rows, r)
			}
		}
		switch {
		case len(rows) == 0:
			return nil
		case len(keys) == 1:
			return copies(env, rows[0])
		default:
			return copiesOf(env, rows)
		}
	})}
}

// said names a row in a title.
func (r *row) said() string {
	switch {
	case r.name != "":
		return r.what + " of " + r.name
	case r.id != 0:
		return r.what + " of instance " + r.id.String()
	}
	return r.what
}

// copies are what can be copied of one row.
func copies(env view.Env, r *row) *copying.Lines {
	l := &copying.Lines{}
	switch r.kind {
	case tunnel, saved:
		l.Add("a", "address", browse(r.forward), "the address")
		l.Add("l", "local", r.local, "the local address")
		l.Add("e", "remote", r.remote, "the address in the instance")
	case transfer:
		l.Add("l", "path here", safetext.Clean(r.copy.Plan.Local, 4096), "the path")
		l.Add("e", "path there", safetext.Clean(r.copy.Plan.Remote, 4096), "the path")
	}
	direct, proxy, why := "", "", noInstance(r)
	if i, there := env.Data.Instance(r.id); there {
		t := env.Load.Target(i)
		direct, proxy, why = sshLine(t.Direct, r), sshLine(t.Proxy, r), "it has no address this way yet"
		if t.Refused != "" {
			why = t.Refused
		}
	}
	l.Need("d", "ssh, direct", direct, "the ssh command", why)
	l.Need("p", "ssh, proxy", proxy, "the ssh command", why)
	l.Need("s", "ssh, by name", aliasLine(env, r), "the ssh command", aliasWhy(env, r))
	l.Add("w", "what failed", failure(r), "what failed")
	if r.id != 0 {
		l.Add("i", "id", r.id.String(), "the instance's id")
		l.Add("v", "vastai line", officialLine(r.id), "the line of the official client")
	}
	l.Need("n", "name", r.name, "the instance's name", "it has none")
	l.Add("r", "row", rowText(r), "the row")
	return l
}

// copiesOf are what can be copied of several rows.
func copiesOf(env view.Env, rows []*row) *copying.Lines {
	l := &copying.Lines{}
	copying.Each(l, "a", "addresses", "the addresses", "none of them is a tunnel", rows, func(r *row) string {
		if r.kind != tunnel && r.kind != saved {
			return ""
		}
		return browse(r.forward)
	})
	copying.Each(l, "l", "local", "the local ends", "none is told", rows, func(r *row) string { return r.local })
	copying.Each(l, "e", "remote", "the far ends", "none is told", rows, func(r *row) string { return r.remote })
	copying.Each(l, "d", "ssh", "the ssh commands", "none of them can be reached now", rows, func(r *row) string {
		i, there := env.Data.Instance(r.id)
		if !there {
			return ""
		}
		t := env.Load.Target(i)
		if t.Direct.Given() {
			return sshLine(t.Direct, r)
		}
		return sshLine(t.Proxy, r)
	})
	with := func(text func(vastapi.InstanceID) string) func(*row) string {
		return func(r *row) string {
			if r.id == 0 {
				return ""
			}
			return text(r.id)
		}
	}
	const nobody = "no instance belongs to them now"
	copying.Each(l, "i", "ids", "the instances' ids", nobody, rows, with(vastapi.InstanceID.String))
	copying.Each(l, "v", "vastai lines", "the lines of the official client", nobody, rows, with(officialLine))
	copying.Each(l, "r", "rows", "the rows", "", rows, rowText)
	return l
}

// newKeyCopies lists what can be copied of an ssh key: its public half alone.
func newKeyCopies(over page, r *keyRow) *copyPage {
	return &copyPage{over: over, Menu: copying.Menu("Copy of an ssh key", "the key is gone", func(env view.Env) *copying.Lines {
		l := &copying.Lines{}
		l.Mask("u", "public key", r.print, r.public, "the public key")
		l.Add("f", "fingerprint", r.print, "the fingerprint")
		id, path := "", ""
		if r.account != nil {
			id = strconv.FormatInt(r.account.ID, 10)
		} else {
			path = r.path()
		}
		l.Need("i", "id", id, "the id of the key", "the account does not have this key")
		l.Add("p", "file", path, "the path of the file")
		l.Add("v", "vastai line", "vastai show ssh-keys", "the line of the official client")
		l.Add("c", "curl", copying.Get(env, "/api/v0/ssh/"), "the call of curl")
		return l
	})}
}

// noInstance is why nothing can be said of the instance of a row.
func noInstance(r *row) string {
	if r.id == 0 {
		return "no instance has its name now"
	}
	return "instance " + r.id.String() + " is not in the list"
}

// failure is what went wrong with a row, "" when nothing did.
func failure(r *row) string {
	if r.kind == tunnel && (r.tunnel.State == remote.TunnelFailed || r.tunnel.State == remote.TunnelWaiting) || r.kind == transfer && r.copy.Err != nil {
		return r.why
	}
	return ""
}

// officialLine is how the official client tells the address of an instance.
func officialLine(id vastapi.InstanceID) string { return "vastai ssh-url " + id.String() }

// aliasLine logs in by the name that the managed configuration of ssh has for an instance.
func aliasLine(env view.Env, r *row) string {
	if aliasWhy(env, r) != "" {
		return ""
	}
	return "ssh " + env.Load.HostNames([]remote.Target{{Instance: r.id}})[r.id][0]
}

func aliasWhy(env view.Env, r *row) string {
	switch _, there := env.Data.Instance(r.id); {
	case !there:
		return noInstance(r)
	case !env.Data.Memory.SSHConfig:
		return "ssh does not know its name: I writes ssh's configuration"
	}
	return ""
}

// rowText is a row as one line of text.
func rowText(r *row) string {
	parts := []string{r.what, r.word}
	for _, text := range []string{r.name, r.local, r.remote, r.via} {
		if text != "" && text != figure.Unknown {
			parts = append(parts, text)
		}
	}
	if r.id != 0 {
		parts = append(parts, "instance "+r.id.String())
	}
	return strings.Join(parts, " · ")
}

// sshLine is a command that opens the same by hand, "" when there is no endpoint.
func sshLine(e remote.Endpoint, r *row) string {
	line := copying.SSH(e)
	if line != "" && (r.kind == tunnel || r.kind == saved) {
		f := r.forward
		line += fmt.Sprintf(" -N -L %s:%d:%s:%d", orElse(f.Bind, loopback), f.Local, orElse(f.Host, "localhost"), f.Remote)
	}
	return line
}

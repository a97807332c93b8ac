package sessions

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// kind is what a row is about.
type kind int

const (
	connection kind = iota
	tunnel
	saved // a tunnel that is remembered and not open
	transfer
)

// row is something that is open to an instance, or could be.
type row struct {
	key  string
	kind kind
	id   vastapi.InstanceID // 0 when no instance has the name that a tunnel is remembered by
	name string             // of the instance, inert

	what          string
	glyph, word   string // the state
	class         theme.Class
	local, remote string
	via           string
	since         time.Time
	why           string // a sentence, inert

	forward remote.Forward // of a tunnel, open or saved
	copy    feed.Copy
	session remote.Session
	tunnel  remote.Tunnel
	gone    bool // the instance is not among those of the account
}

// nameInEveryRun is what a row is called in another run too; a copy is of its run alone.
func nameInEveryRun(r *row) string {
	if r.kind == transfer {
		return ""
	}
	return r.key
}

// keyNamed reads such a name.
func keyNamed(name string) (string, bool) { return name, name != "" }

// text is what a row is found by.
func (r *row) text() string {
	return strings.ToLower(strings.Join([]string{r.id.String(), r.name, r.what, r.word, r.local, r.remote, r.via, r.why}, "\x00"))
}

// rowsOf lists connections, tunnels, copies and what is remembered without being
// open. The table orders them by instance: what belongs to one machine stands together.
func rowsOf(env view.Env) []*row {
	var rows []*row
	r := env.Data.Remote
	for _, s := range r.Sessions {
		rows = append(rows, sessionRow(env, s))
	}
	for _, t := range r.Tunnels {
		if t.State != remote.TunnelClosed {
			rows = append(rows, tunnelRow(env, t))
		}
	}
	for _, c := range r.Copies {
		rows = append(rows, copyRow(env, c))
	}
	for _, f := range unopened(env) {
		rows = append(rows, savedRow(env, f))
	}
	return rows
}

// rank orders by instance; what leads nowhere now stands at the end.
func (r *row) rank() vastapi.InstanceID {
	if r.id == 0 {
		return 1 << 62
	}
	return r.id
}

func sessionRow(env view.Env, s remote.Session) *row {
	r := &row{
		key: "session/" + s.Instance.String(), kind: connection, id: s.Instance, session: s, what: "connection",
		glyph: "●", word: "open", class: theme.Good, local: "this machine", remote: "shell", via: viaText(s.Endpoint), since: s.Since,
	}
	r.named(env, "")
	if r.gone {
		r.glyph, r.word, r.class = "▲", "left over", theme.Warn
		r.why = "the instance is gone: x closes what is left of the connection"
	}
	return r
}

func tunnelRow(env view.Env, t remote.Tunnel) *row {
	r := &row{
		key: tunnelKey(t.Forward), kind: tunnel, id: t.Instance, tunnel: t, forward: t.Forward,
		what: "tunnel", word: t.State.String(), local: localText(t.Forward), remote: remoteText(t.Forward), via: viaText(t.Endpoint),
		since: t.Since, why: safetext.Clean(t.Why, 300),
	}
	if t.Keep {
		r.what = "kept tunnel"
	}
	r.glyph, r.class = tunnelLook(t.State)
	if t.State == remote.TunnelWaiting {
		r.why = waitingText(t, r.why)
	}
	r.named(env, t.Name)
	return r
}

// tunnelKey names a tunnel among the rows, open or not, so that the cursor stays on
// it when it is opened or closed. As in what is remembered, the instance is known by
// its name, if it has one.
func tunnelKey(f remote.Forward) string {
	if f.Name == "" {
		return "tunnel/" + localText(f) + "/#" + f.Instance.String()
	}
	return "tunnel/" + localText(f) + "/" + f.Name
}

// tunnelLook says the state of a tunnel without colour, and with it.
func tunnelLook(s remote.TunnelState) (string, theme.Class) {
	switch s {
	case remote.TunnelUp:
		return "●", theme.Good
	case remote.TunnelOpening:
		return "◐", theme.Accent
	case remote.TunnelWaiting:
		return "▲", theme.Warn
	case remote.TunnelFailed:
		return "✗", theme.Bad
	}
	return "○", theme.Dim
}

// waitingText says when a broken tunnel is tried again. It names a time, not a
// span, so that the line stays as it is until then.
func waitingText(t remote.Tunnel, why string) string {
	next := "It is tried again soon"
	if !t.Next.IsZero() {
		next = "It is tried again at " + t.Next.Local().Format("15:04:05")
	}
	if t.Tries > 1 {
		next += fmt.Sprintf(", after %d tries", t.Tries)
	}
	return strings.TrimSpace(ended(why) + " " + next + ".")
}

func savedRow(env view.Env, s feed.SavedTunnel) *row {
	f := s.To(named(env, s.Name))
	r := &row{
		key: tunnelKey(f), kind: saved, forward: f, id: f.Instance,
		what: "saved tunnel", glyph: "○", word: "not open", class: theme.Dim, local: localText(f), remote: remoteText(f),
	}
	r.named(env, s.Name)
	switch n := alike(env, s.Name); {
	case n > 1:
		r.why = fmt.Sprintf("%d instances have this name, so it is not known which is meant: n renames one in the instances (2), x forgets the tunnel", n)
	case r.id == 0:
		r.why = "no instance has this name now: it waits for one, or x forgets it"
	default:
		r.why = "enter opens it, x forgets it"
	}
	return r
}

func copyRow(env view.Env, c feed.Copy) *row {
	r := &row{
		key: "copy/" + strconv.Itoa(c.ID), kind: transfer, id: c.Instance, copy: c, what: "download", via: safetext.Clean(c.Progress.Tool, 12),
		local: safetext.Clean(c.Plan.Local, 120), remote: safetext.Clean(c.Plan.Remote, 120), since: c.Started,
	}
	if c.Plan.Up {
		r.what = "upload"
	}
	switch {
	case c.Ended.IsZero():
		r.glyph, r.word, r.class, r.why = "◐", shareText(c.Progress), theme.Accent, progressText(c.Progress)
	case stoppedByHand(c.Err):
		r.glyph, r.word, r.class, r.since, r.why = "■", "cancelled", theme.Warn, c.Ended, safetext.Clean(view.Sentence(c.Err), 300)
	case c.Err != nil:
		r.glyph, r.word, r.class, r.since, r.why = "✗", "failed", theme.Bad, c.Ended, safetext.Clean(view.Sentence(c.Err), 300)
	default:
		r.glyph, r.word, r.class, r.since = "●", "copied", theme.Good, c.Ended
		r.why = copiedText(c.Progress) + " in " + lasted(c.Ended.Sub(c.Started))
	}
	r.named(env, "")
	return r
}

// stoppedByHand reports whether a copy was ended by who began it.
func stoppedByHand(err error) bool {
	var s *remote.Stopped
	return errors.As(err, &s) || command.Cancelled(err)
}

// named sets the name of the row's instance, and whether it is still there.
func (r *row) named(env view.Env, known string) {
	r.name = safetext.Clean(known, 120)
	i, there := env.Data.Instance(r.id)
	if there {
		if name := nameOf(&i); name != "" {
			r.name = name
		}
	}
	r.gone = !there && r.id != 0 && env.Data.Instances.Told()
}

// nameOf is the label of an instance without the token of its rental.
func nameOf(i *vastapi.Instance) string {
	name, _ := rental.SplitLabel(i.Label.String())
	return name
}

// called says which instance is meant, with its name when it has one.
func called(env view.Env, id vastapi.InstanceID) string {
	if i, there := env.Data.Instance(id); there {
		return calledAs(&i)
	}
	return "instance " + id.String()
}

func calledAs(i *vastapi.Instance) string {
	if name := nameOf(i); name != "" {
		return fmt.Sprintf("%s (%s)", name, i.ID)
	}
	return "instance " + i.ID.String()
}

func localText(f remote.Forward) string {
	bind := f.Bind
	if bind == "" {
		bind = loopback
	}
	return safetext.Clean(remote.Endpoint{Host: bind, Port: f.Local}.Address(), 80)
}

func remoteText(f remote.Forward) string {
	host := f.Host
	if host == "" {
		host = "localhost"
	}
	return safetext.Clean(remote.Endpoint{Host: host, Port: f.Remote}.Address(), 80)
}

// viaText is the way of an endpoint, a dash when that is not known.
func viaText(e remote.Endpoint) string {
	if !e.Given() {
		return figure.Unknown
	}
	return e.Way.String()
}

// base is the last part of a path, for a sentence.
func base(p string) string { return safetext.Clean(path.Base(strings.ReplaceAll(p, `\`, "/")), 60) }

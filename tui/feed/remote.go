package feed

import (
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// Remote is what is open to instances over ssh from this machine. It is replaced
// whole, never changed in place.
type Remote struct {
	Sessions []remote.Session
	Tunnels  []remote.Tunnel
	Copies   []Copy
	Keys     []remote.LocalKey // public keys on this machine
	At       time.Time         // when it was looked at last
	Err      error             // why it could not be
}

// Copy is a transfer of files that is under way or has ended in this run.
type Copy struct {
	ID       int
	Instance vastapi.InstanceID
	Plan     remote.CopyJob
	Progress remote.CopyProgress
	Started  time.Time
	Ended    time.Time // zero while it is under way
	Err      error
}

// maxCopies is how many copies of the run are kept; those under way always are.
const maxCopies = 50

// WithCopy is r with what is known of a copy now.
func (r Remote) WithCopy(c Copy) Remote {
	r.Copies = slices.Clone(r.Copies)
	if i := slices.IndexFunc(r.Copies, func(o Copy) bool { return o.ID == c.ID }); i >= 0 {
		if r.Copies[i].Ended.IsZero() { // what comes late does not revive it
			r.Copies[i] = c
		}
		return r
	}
	r.Copies = append(r.Copies, c)
	for len(r.Copies) > maxCopies {
		i := slices.IndexFunc(r.Copies, func(o Copy) bool { return !o.Ended.IsZero() })
		if i < 0 {
			break
		}
		r.Copies = slices.Delete(r.Copies, i, i+1)
	}
	return r
}

// Copying are the copies that are under way.
func (r Remote) Copying() []Copy {
	return slices.DeleteFunc(slices.Clone(r.Copies), func(c Copy) bool { return !c.Ended.IsZero() })
}

// Active reports whether anything is open or under way.
func (r Remote) Active() bool {
	return len(r.Sessions) > 0 || len(r.Copying()) > 0 || slices.ContainsFunc(r.Tunnels, func(t remote.Tunnel) bool { return t.State != remote.TunnelClosed })
}

// Open reports how many sessions and tunnels lead to an instance, for the warning
// that destroying it ends them.
func (r Remote) Open(id vastapi.InstanceID) (sessions, tunnels int) {
	for _, s := range r.Sessions {
		if s.Instance == id {
			sessions++
		}
	}
	for _, t := range r.Tunnels {
		if t.Instance == id && t.State != remote.TunnelClosed {
			tunnels++
		}
	}
	return sessions, tunnels
}

// maxPublicKey is the longest public key that is read, in bytes.
const maxPublicKey = 16 << 10

// Fingerprint is that of a key of the account ("SHA256:…"), "" when it cannot be read.
// The key is read from its whole text, of which a line of the screen has only a part.
func Fingerprint(k vastapi.SSHKey) string {
	lines := k.Public.Lines(1, maxPublicKey)
	if lines.Len() == 0 {
		return ""
	}
	key, err := remote.ParsePublicKey(lines.At(0))
	if err != nil {
		return ""
	}
	return key.Fingerprint
}

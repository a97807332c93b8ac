package rental

import (
	"context"
	"slices"
	"time"

	"vastdeck/vastapi"
)

// keyReader reads the public keys of the account and of an instance.
type keyReader interface {
	SSHKeys(context.Context) ([]vastapi.SSHKey, error)
	InstanceSSHKeys(context.Context, vastapi.InstanceID) ([]vastapi.SSHKey, error)
}

// judgeKey decides what a look means for a change of keys: the list of the account,
// or of the instance, shows it.
func (x *execution) judgeKey(a *attempt, i *vastapi.Instance, at time.Time) {
	reader, can := x.deps.Read.(keyReader)
	if !can {
		x.judgeUnseen(a)
		return
	}
	id := a.step.Subject.Instance
	if id != 0 && i == nil {
		x.absent(a, "the instance is gone")
		return
	}
	ctx, cancel := x.reading()
	defer cancel()
	var keys []vastapi.SSHKey
	var err error
	if id != 0 {
		keys, err = reader.InstanceSSHKeys(ctx, id)
	} else {
		keys, err = reader.SSHKeys(ctx)
	}
	if err != nil {
		x.unread(a)
		return
	}
	if keyAsWanted(a.step.Call, keys) {
		x.seen(a, i)
		return
	}
	x.patient(a, at)
}

// keyAsWanted reports whether a list of keys is as c makes it.
func keyAsWanted(c vastapi.Call, keys []vastapi.SSHKey) bool {
	holds := func(public string) bool {
		return slices.ContainsFunc(keys, func(k vastapi.SSHKey) bool { return vastapi.SameSSHKey(k.Public.Wire(), public) })
	}
	has := func(id int64) bool {
		return slices.ContainsFunc(keys, func(k vastapi.SSHKey) bool { return k.ID == id })
	}
	switch c := c.(type) {
	case vastapi.AddSSHKey:
		return holds(c.Key)
	case vastapi.AttachSSHKey:
		return holds(c.Key)
	case vastapi.DeleteSSHKey:
		return !has(c.Key)
	case vastapi.DetachSSHKey:
		return !has(c.Key)
	}
	return false
}

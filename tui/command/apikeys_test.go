package command

import (
	"errors"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestTheAccountsKeysVariablesAndLogAreKeptWithTheirAge(t *testing.T) {
	t.Parallel()
	s := &server{}
	c := set(t, s, Market{})
	var d feed.Snapshot
	d.User.Value.KeyID = 7
	for n := range 2 {
		if n == 1 {
			s.err = errors.New("down")
		}
		for _, cmd := range []func() any{
			func() any { return c.Loads().LoadAPIKeys()() }, func() any { return c.Loads().LoadEnvVars()() }, func() any { return c.Loads().LoadAuditLog()() },
		} {
			a := cmd()
			if !c.Current(a.(Answered)) {
				t.Fatalf("%T is not the newest", a)
			}
			a.(feed.Folder).Fold(&d)
		}
		if len(d.APIKeys.Value) != 1 || len(d.EnvVars.Value) != 1 || !d.Audit.Value.Cut || !d.APIKeys.Told() || !d.Audit.Told() {
			t.Errorf("%+v", d)
		}
		if (d.APIKeys.Err != nil) != (n == 1) || (d.EnvVars.Err != nil) != (n == 1) || (d.Audit.Err != nil) != (n == 1) {
			t.Errorf("reading %d: %v %v %v", n, d.APIKeys.Err, d.EnvVars.Err, d.Audit.Err)
		}
	}
	if !d.Rights.Granted.All() {
		t.Errorf("the list does not tell what this run's key may do: %v", d.Rights.Granted)
	}
	s.err = nil
	d = feed.Snapshot{}
	c.Loads().LoadTwoFactor()().(feed.Folder).Fold(&d)
	if !d.TwoFactor.Value.On.Yes() || c.Loads().LoadTwoFactor() != nil || s.reads != 1 {
		t.Errorf("%+v after %d reads", d.TwoFactor, s.reads)
	}
	c.LogOut()
	if c.Loads().LoadAPIKeys() != nil || c.Loads().LoadEnvVars() != nil || c.Loads().LoadAuditLog() != nil {
		t.Error("asked for while logged out")
	}
}

func TestWhatAKeyWasGivenSaysWhatItMayNot(t *testing.T) {
	t.Parallel()
	var d feed.Snapshot
	if d.Rights.MayNot(vastapi.RightInstanceWrite) != "" || d.Rights.ReadsOnly() {
		t.Error("what is not known is forbidden")
	}
	d.User.Value = vastapi.User{KeyID: 9}
	d.APIKeys.Value = []vastapi.APIKey{{ID: 7, Grant: vastapi.FullGrant()}, {ID: 9, Name: safetext.New("ro"), Grant: vastapi.GrantOf(vastapi.RightMisc, vastapi.RightUserRead)}}
	d.DeriveRights()
	for _, call := range []vastapi.Call{vastapi.RebootInstance{ID: 1}, vastapi.DeleteEnvVar{Key: "A"}} {
		if d.Rights.MayNotDo(call) == "" {
			t.Errorf("%T is allowed", call)
		}
	}
	if d.Rights.MayNot(vastapi.RightMisc) != "" || d.Rights.MayNotAsk(vastapi.RouteSearch) != "" || !d.Rights.ReadsOnly() {
		t.Errorf("%+v", d.Rights)
	}
}

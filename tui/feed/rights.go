package feed

import "vastdeck/vastapi"

// AuditLog is what was asked of the account, the newest first.
type AuditLog struct {
	List []vastapi.AuditEntry
	Cut  bool // older lines were left out
}

// Rights is what is known of what the key may do. The zero Rights knows nothing, and
// nothing is forbidden that is not known to be.
type Rights struct {
	Refused vastapi.Refusals // what was refused for lack of rights
	Granted vastapi.Grant    // what the list of keys, or the account, says that it was given
}

// DeriveRights works out what the key was given: what the list of keys says of it, else
// what the account says.
func (s *Snapshot) DeriveRights() {
	u := s.User.Value
	granted := u.Grant
	for _, k := range s.APIKeys.Value {
		if k.ID == u.KeyID && k.Grant.Told() {
			granted = k.Grant
		}
	}
	s.Rights.Granted = granted
}

// MayNot says in one sentence why the key may not make requests of a group, "" when it
// may or nothing is known.
func (r Rights) MayNot(right vastapi.Right) string {
	if right == "" {
		return ""
	}
	if x, refused := r.Refused.Of(right); refused {
		if x.SecondFactor {
			return "This account asks for a second factor before it lets anybody " + right.Words() + "."
		}
		return mayNot(right)
	}
	if r.Granted.Has(right).No() {
		return mayNot(right)
	}
	return ""
}

// MayNotDo says in one sentence why the key may not carry out a call, "" when it may or
// nothing is known.
func (r Rights) MayNotDo(call vastapi.Call) string { return r.MayNotAsk(vastapi.RouteOf(call)) }

// MayNotAsk says in one sentence why the key may not make one kind of request, "" when
// it may or nothing is known.
func (r Rights) MayNotAsk(route vastapi.Route) string {
	if why := r.MayNot(route.Right()); why != "" {
		return why
	}
	if _, refused := r.Refused.OfRoute(route); refused {
		return "This API key may not " + string(route) + "."
	}
	return ""
}

func mayNot(right vastapi.Right) string {
	return "This API key may not " + right.Words() + " (it lacks " + string(right) + ")."
}

// ReadsOnly reports whether the key is known to be one that changes no instance.
func (r Rights) ReadsOnly() bool { return r.MayNot(vastapi.RightInstanceWrite) != "" }

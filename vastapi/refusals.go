package vastapi

import (
	"context"
	"net/http"
	"strings"
	"sync"
)

// refusals remembers what the client's key was refused for lack of rights.
type refusals struct {
	mu   sync.Mutex
	seen Refusals
}

func (r *refusals) note(x Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = r.seen.with(x)
}

func (r *refusals) clear(route Route) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = r.seen.without(route)
}

// Refusals returns what the key was refused for lack of rights up to now. What goes
// through later is forgotten: a key's rights can be changed, a second factor given.
func (c *Client) Refusals() Refusals {
	c.denied.mu.Lock()
	defer c.denied.mu.Unlock()
	return c.denied.seen
}

// learnt notes which requests the key is refused for lack of rights. A refusal that
// is about one object says nothing about others.
func (c *Client) learnt(next link) link {
	return func(ctx context.Context, r *request) (*answer, error) {
		a, err := next(ctx, r)
		switch e := asError(err); {
		case err == nil, e != nil && e.Kind.allowed():
			c.denied.clear(r.route)
		case e != nil && e.Kind == KindRights && !e.oneObject():
			c.denied.note(Refusal{Right: e.Right, Route: r.route, At: e.At, SecondFactor: e.wantsSecondFactor()})
		}
		return a, err
	}
}

// allowed reports whether a refusal shows that the key may ask for this.
func (k Kind) allowed() bool {
	switch k {
	case KindNotFound, KindGone, KindCredit, KindSpendLimit, KindBid, KindImage, KindEnv, KindSSHKey, KindRejected:
		return true
	}
	return false
}

// isRights knows the ways the API says that a key that it knows may not do this: 401
// "Your key lacks the user_read permission group", "lacks the api.ask route access",
// "lacks proper privileges … due to a constraint on id", the same with a second factor in
// place of the constraint (seen on the wire), and 403 (rate-limits-and-errors page)
// unless its words are about logging in.
func isRights(status int, code, words string, env envelope) bool {
	lacks := strings.Contains(words, "lacks") && (strings.Contains(words, "permission group") || strings.Contains(words, "privileges") || strings.Contains(words, "route access"))
	switch status {
	case http.StatusUnauthorized:
		return lacks
	case http.StatusForbidden:
		login := strings.Contains(words, "requires login") || strings.Contains(words, "user key") || strings.Contains(words, "session expired") || strings.Contains(words, "log in") || strings.Contains(words, "logged in")
		return env.isVast() && !strings.HasPrefix(code, "invalid_") && (lacks || !login && !bareAuth(code, words))
	}
	return false
}

// bareAuth is a refusal that says nothing but that it is about the key.
func bareAuth(code, words string) bool { return code == "auth_error" && (words == "" || words == code) }

// rightIn is the group that a refusal names, "… lacks the user_read permission group"
// or the like, and that of the request where it speaks of the key's permissions in general.
func rightIn(words string, route Route) Right {
	words = strings.ToLower(words)
	for word := range strings.FieldsFuncSeq(words, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
		if r := Right(word); r.known() && r != RightMisc || word == string(RightMisc) && strings.Contains(words, "misc permission") {
			return r
		}
	}
	narrow := strings.Contains(words, "route access") || strings.Contains(words, "constraint")
	if !narrow && (strings.Contains(words, "permission") || strings.Contains(words, "privileges") || strings.Contains(words, "scope")) {
		return route.Right()
	}
	return ""
}

// wantsSecondFactor reports whether the session, not the key, is what is lacking.
func (e *Error) wantsSecondFactor() bool {
	words := strings.ToLower(e.Message)
	return strings.Contains(words, "two factor") || strings.Contains(words, "two-factor") || strings.Contains(words, "2fa")
}

// oneObject reports whether the refusal is about the object that was named.
func (e *Error) oneObject() bool {
	return e.Right == "" && e.Code == "not_authorized" || strings.Contains(e.Message, "constraint")
}

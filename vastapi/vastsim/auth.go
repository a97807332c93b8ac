package vastsim

// A gate says how a route treats callers without a good key.
type gate int

const (
	login  gate = iota // no key 401, bad key 401
	detail             // as login, but no key is said in a "detail" field
	money              // no key 403, bad key 404: charges and invoices
	open               // no key needed; a bad one is 404
	public             // keys are not looked at
)

// refuse answers callers whose key is missing or wrong.
func (w *World) refuse(q *request) (answer, bool) {
	known := q.key != "" && !w.revoked[q.key] && (w.cfg.key == "" || q.key == w.cfg.key || w.isAPIKey(q.key))
	g := q.route.gate
	switch {
	case known || g == public:
		return answer{}, false
	case q.key == "" && g == open:
		return answer{}, false
	case q.key == "" && g == money:
		return fail(403, "auth_error", "This action requires login."), true
	case q.key == "" && g == detail:
		return reply(401, map[string]any{"detail": "Authentication credentials were not provided."}), true
	case q.key == "":
		return fail(401, "auth_error", "API Key not provided as bearer token."), true
	case g == open:
		return reply(404, map[string]any{"error": "auth_error", "msg": "Invalid user key"}), true
	case g == money:
		return fail(404, "auth_error", "Invalid user key"), true
	}
	return fail(401, "auth_error", "Invalid user key"), true
}

package vastsim

import (
	"slices"
	"strings"
)

// needs is the permission group of a request, "" when it needs none. The groups and
// what belongs to them are those of the published description of permissions.
func needs(method, name string) string {
	section, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	kind := "_write"
	if method == "GET" {
		kind = "_read"
	}
	switch {
	case section == "bundles", section == "search", section == "benchmarks", name == "/volumes/search", name == "/network_volumes/search":
		return "misc"
	case strings.HasPrefix(name, "/instances/request_logs/"):
		return "instance_read"
	case section == "metrics", section == "machines":
		return "machine_read"
	case section == "charges", section == "invoices":
		return "billing_read"
	}
	switch section {
	case "instances", "volumes", "network_volumes", "asks", "launch_instance", "commands":
		return "instance" + kind
	case "users", "ssh", "template", "secrets", "auth":
		return "user" + kind
	}
	return "" // catalogues, the audit log, the second factor
}

// lacking refuses a request that the key has no right to. A key that the world does
// not know by name may do everything.
func (w *World) lacking(q *request) (answer, bool) {
	k := w.keyOf(q.key)
	if k == nil || k.groups == nil || q.route.needs == "" || k.groups[q.route.needs] {
		return answer{}, false
	}
	msg := "Your key lacks the " + q.route.needs + " permission group"
	if w.cfg.refusal == 403 {
		return fail(403, "auth_error", msg), true
	}
	return fail(401, "auth_error", msg), true
}

// keyOf is the key of the account that a request was made with: one that was created,
// else the first; nil for a request without a key.
func (w *World) keyOf(secret string) *apiKey {
	if secret == "" {
		return nil
	}
	n := slices.IndexFunc(w.apiKeys, func(k apiKey) bool { return k.secret == secret })
	if n < 0 {
		n = slices.IndexFunc(w.apiKeys, func(k apiKey) bool { return k.ID == primaryKey })
	}
	if n < 0 {
		return nil
	}
	return &w.apiKeys[n]
}

// groupsOf are the permission groups of {"api": {"misc": {}, …}}; nil allows everything.
// Constraints inside a group are not looked at.
func groupsOf(permissions any) map[string]bool {
	top, isObject := permissions.(map[string]any)
	if !isObject {
		return nil
	}
	api, isObject := top["api"].(map[string]any)
	if !isObject {
		return nil
	}
	groups := map[string]bool{}
	for name := range api {
		groups[name] = true
	}
	return groups
}

// MakeKey makes an API key of the account that has these permission groups ("misc",
// "instance_read" …) and no others, and returns it. Without groups it may do everything.
func (w *World) MakeKey(name string, groups ...string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var permissions any
	if len(groups) > 0 {
		api := map[string]any{}
		for _, g := range groups {
			api[g] = map[string]any{}
		}
		permissions = map[string]any{"api": api}
	}
	return w.makeKey(name, permissions).secret
}

// EnvVars are the variables of the account with their values.
func (w *World) EnvVars() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make(map[string]string, len(w.secrets))
	for k, v := range w.secrets {
		out[k] = v
	}
	return out
}

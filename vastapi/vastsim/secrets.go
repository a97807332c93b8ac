package vastsim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// apiKey is one key of the account as lists show it.
type apiKey struct {
	ID       int64   `json:"id"`
	UserID   int64   `json:"user_id"`
	Name     string  `json:"name"`
	Rights   any     `json:"rights"`
	TeamID   *int64  `json:"team_id"`
	TeamName *string `json:"team_name"`
	Created  float64 `json:"created_at"`
	Kind     string  `json:"key_type"`
	Key      *string `json:"key"` // never told
	secret   string
	groups   map[string]bool // what it may do; nil = everything
}

// primaryKey is the id of the key that the account began with.
const primaryKey = 1

var secretKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z0-9_]{1,256}$`) })

// listSecrets is GET /secrets/; values never leave the server.
func (w *World) listSecrets(*request) answer {
	masked := map[string]string{}
	for k := range w.secrets {
		masked[k] = "*****"
	}
	return ok(map[string]any{"secrets": masked})
}

// secretOf reads key and value; keys are stored in upper case.
func secretOf(b body) (key, value string, a answer, bad bool) {
	key, value = strings.ToUpper(b.str("key")), b.str("value")
	switch {
	case key == "":
		return "", "", fail(400, "empty_input", "Key must not be empty"), true
	case !secretKey().MatchString(key):
		return "", "", fail(400, "invalid_characters", "Keys are letters, digits and underscores"), true
	case len(value) > 32768:
		return "", "", fail(400, "input_too_long", "Value is too long"), true
	}
	return key, value, answer{}, false
}

func (w *World) createSecret(q *request) answer {
	key, value, a, bad := secretOf(q.body)
	if bad {
		return a
	}
	if _, exists := w.secrets[key]; exists {
		return fail(400, "existing_key", "Key already exists: "+key)
	}
	if len(w.secrets) >= 100 {
		return fail(400, "max_secrets", "Too many environment variables")
	}
	w.secrets[key] = value
	return ok(map[string]any{"msg": "Environment variable created"})
}

func (w *World) updateSecret(q *request) answer {
	key, value, a, bad := secretOf(q.body)
	if bad {
		return a
	}
	if _, exists := w.secrets[key]; !exists {
		return fail(400, "nonexistent_key", "No such key: "+key)
	}
	w.secrets[key] = value
	return ok(map[string]any{"msg": "Environment variable updated"})
}

func (w *World) deleteSecret(q *request) answer {
	key, _, a, bad := secretOf(q.body)
	if bad {
		return a
	}
	if _, exists := w.secrets[key]; !exists {
		return fail(400, "nonexistent_key", "No such key: "+key)
	}
	delete(w.secrets, key)
	return ok(map[string]any{"msg": "Environment variable deleted"})
}

// isAPIKey says whether key was made by createAPIKey.
func (w *World) isAPIKey(key string) bool {
	return slices.ContainsFunc(w.apiKeys, func(k apiKey) bool { return k.secret != "" && k.secret == key })
}

func (w *World) listAPIKeys(*request) answer {
	return reply(200, map[string]any{"apikeys": w.apiKeys})
}

func (w *World) createAPIKey(q *request) answer {
	name := q.body.str("name")
	if name == "" {
		return fail(400, "missing_input", "name is required")
	}
	given, has := q.body["permissions"]
	if _, isObject := given.(map[string]any); has && given != nil && !isObject {
		return fail(400, "invalid_args", "permissions must be an object")
	}
	k := w.makeKey(name, given)
	return ok(map[string]any{"id": k.ID, "key": k.secret, "permissions": k.Rights})
}

// makeKey adds a key to the account. Without permissions it may do everything.
func (w *World) makeKey(name string, permissions any) apiKey {
	w.serial++
	k := apiKey{
		ID: 500 + int64(w.serial), UserID: w.account.id, Name: name, Rights: permissions, Kind: "api",
		Created: w.epochSeconds(w.clock), secret: w.token(int64(w.serial)), groups: groupsOf(permissions),
	}
	if k.groups == nil {
		k.Rights = "all"
	}
	w.apiKeys = append(w.apiKeys, k)
	return k
}

func (w *World) apiKeyAt(q *request) (int, answer, bool) {
	id, _ := q.id()
	i := slices.IndexFunc(w.apiKeys, func(k apiKey) bool { return k.ID == id })
	return i, fail(404, "not_found", fmt.Sprintf("API key not found: %d", id)), i < 0
}

func (w *World) showAPIKey(q *request) answer {
	i, a, missing := w.apiKeyAt(q)
	if missing {
		return a
	}
	return reply(200, w.apiKeys[i])
}

func (w *World) deleteAPIKey(q *request) answer {
	i, a, missing := w.apiKeyAt(q)
	if missing {
		return a
	}
	if w.apiKeys[i].ID == primaryKey {
		return fail(400, "invalid_args", "You cannot delete your primary key.")
	}
	if s := w.apiKeys[i].secret; s != "" {
		w.revoked[s] = true
	}
	w.apiKeys = slices.Delete(w.apiKeys, i, i+1)
	return ok(map[string]any{"msg": "Successfully Deleted API Key"})
}

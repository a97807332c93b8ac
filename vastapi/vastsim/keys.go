package vastsim

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// sshKey is one public key of the account or of an instance.
type sshKey struct {
	ID      int64   `json:"id"`
	UserID  int64   `json:"user_id"`
	Public  string  `json:"public_key"`
	Key     string  `json:"key"`
	Created string  `json:"created_at"`
	Deleted *string `json:"deleted_at"`
}

func (w *World) newKey(text string) sshKey {
	w.lastKey++
	return sshKey{
		ID: w.lastKey, UserID: w.account.id, Public: text, Key: text,
		Created: w.born.Add(w.clock).UTC().Format(time.RFC3339),
	}
}

// listKeys is GET /ssh/. An account without keys is a 404.
func (w *World) listKeys(*request) answer {
	if len(w.keys) == 0 {
		return fail(404, "no_ssh_key", "No SSH keys found.")
	}
	return reply(200, w.keys)
}

// keyText reads and checks the key of a body.
func keyText(b body) (string, answer, bool) {
	text := strings.TrimSpace(b.str("ssh_key"))
	switch {
	case text == "":
		return "", fail(400, "no_ssh_key", "No ssh key provided"), true
	case strings.Contains(text, "PRIVATE KEY") || len(strings.Fields(text)) < 2:
		return "", fail(400, "invalid_args", "Invalid ssh key: not a public key"), true
	}
	return text, answer{}, false
}

func (w *World) createKey(q *request) answer {
	text, a, bad := keyText(q.body)
	if bad {
		return a
	}
	k := w.newKey(text)
	w.keys = append(w.keys, k)
	return ok(map[string]any{"key": k})
}

// keyAt finds the key of a path; a missing one is a 400, as documented.
func (w *World) keyAt(q *request) (int, answer, bool) {
	id, _ := q.id()
	i := slices.IndexFunc(w.keys, func(k sshKey) bool { return k.ID == id })
	return i, fail(400, "no_ssh_key", "No such ssh key"), i < 0
}

func (w *World) updateKey(q *request) answer {
	i, a, missing := w.keyAt(q)
	if missing {
		return a
	}
	text, a, bad := keyText(q.body)
	if bad {
		return a
	}
	w.keys[i].Public, w.keys[i].Key = text, text
	return ok(map[string]any{"key": w.keys[i]})
}

func (w *World) deleteKey(q *request) answer {
	i, a, missing := w.keyAt(q)
	if missing {
		return a
	}
	w.keys = slices.Delete(w.keys, i, i+1)
	return ok(nil)
}

// instanceKeys is GET /instances/{id}/ssh/: a list inside a text.
func (w *World) instanceKeys(q *request) answer {
	in, found := w.target(q)
	if !found {
		return noInstance("no_such_instance")
	}
	type row struct {
		ID     int64  `json:"id"`
		Public string `json:"public_key"`
	}
	rows := []row{}
	for _, k := range in.keys {
		rows = append(rows, row{k.ID, k.Public})
	}
	inner, err := json.Marshal(rows)
	if err != nil {
		return fail(500, "server_error", err.Error())
	}
	return ok(map[string]any{"ssh_keys": string(inner)})
}

// attachKey is POST /instances/{id}/ssh/, which takes the text of a key.
func (w *World) attachKey(q *request) answer {
	in, found := w.target(q)
	if !found {
		return noInstance("no_such_instance")
	}
	text, a, bad := keyText(q.body)
	if bad {
		return a
	}
	same := func(k sshKey) bool { return k.Public == text }
	if slices.ContainsFunc(in.keys, same) {
		return ok(map[string]any{"msg": "SSH key already associated with instance."})
	}
	if i := slices.IndexFunc(w.keys, same); i >= 0 {
		in.keys = append(in.keys, w.keys[i])
	} else {
		in.keys = append(in.keys, w.newKey(text))
	}
	return ok(map[string]any{"msg": "SSH key attached successfully"})
}

func (w *World) detachKey(q *request) answer {
	in, found := w.target(q)
	if !found {
		return noInstance("no_such_instance")
	}
	id, _ := q.number(1)
	i := slices.IndexFunc(in.keys, func(k sshKey) bool { return k.ID == id })
	if i < 0 {
		return fail(404, "no_such_ssh_key", "No such ssh key on this instance.")
	}
	in.keys = slices.Delete(in.keys, i, i+1)
	return ok(map[string]any{"msg": "SSH key detached successfully"})
}

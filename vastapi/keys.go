package vastapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// SSHKey is a public key of the account; new instances get all of them (GET
// /api/v0/ssh/).
type SSHKey struct {
	ID      int64
	Public  safetext.Text // "ssh-ed25519 AAAA… comment"; shown it may be cut short
	Type    string        // its first word when it is one of ssh's, e.g. "ssh-ed25519", else ""
	Comment safetext.Text // what stands after the key
	Created time.Time     // zero = not told
}

// SSHKeys returns the account's public keys. The server answers 404 when there
// is none yet; that is an empty list here. Deleted keys are left out.
func (c *Client) SSHKeys(ctx context.Context) ([]SSHKey, error) {
	var keys []SSHKey
	err := c.get(ctx, RouteSSHKeys, "/api/v0/ssh/", "", func(body []byte) (err error) {
		keys, err = readSSHKeys(body)
		return err
	})
	if e := asError(err); e != nil && e.Kind == KindNotFound && e.Status == http.StatusNotFound {
		return []SSHKey{}, nil
	}
	if err != nil {
		return nil, err
	}
	return keys, nil
}

// InstanceSSHKeys returns the public keys that were put into an instance (GET
// /api/v0/instances/{id}/ssh/, whose list is JSON inside a text). Those that the
// account had when it was rented need not be among them.
func (c *Client) InstanceSSHKeys(ctx context.Context, id InstanceID) ([]SSHKey, error) {
	var keys []SSHKey
	err := c.get(ctx, RouteKeysOf, instancePath(id)+"ssh/", "", func(body []byte) (err error) {
		keys, err = readInstanceKeys(body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return keys, nil
}

// readInstanceKeys takes the list out of its text; a list that stands there as such
// is taken as well.
func readInstanceKeys(body []byte) ([]SSHKey, error) {
	var outer struct {
		Keys json.RawMessage `json:"ssh_keys"`
	}
	if err := json.Unmarshal(body, &outer); err != nil {
		return nil, err
	}
	if outer.Keys == nil {
		return nil, errors.New("the answer has no list of keys")
	}
	list := []byte(outer.Keys)
	var text string
	if json.Unmarshal(outer.Keys, &text) == nil {
		list = []byte(text)
	}
	if s := strings.TrimSpace(string(list)); s == "" || s == "null" {
		return []SSHKey{}, nil
	}
	return readSSHKeys(list)
}

func readSSHKeys(body []byte) ([]SSHKey, error) {
	keys, d := []SSHKey{}, newSorter()
	err := d.list(body, "ssh_keys", func(s *scanner) error {
		k, deleted, err := d.sshKey(s)
		if err == nil && !deleted {
			keys = append(keys, k)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return keys, nil
}

// sshKey reads one row. The text of the key has had three names.
func (d *sorter) sshKey(s *scanner) (SSHKey, bool, error) {
	k, deleted := SSHKey{}, false
	err := s.fields(func(key []byte, v value) error {
		switch string(key) {
		case "id":
			if n, ok := v.id(); ok {
				k.ID = n
			}
		case "public_key", "key", "ssh_key":
			if k.Public.Empty() && v.kind == kindString {
				k.Public = d.text(v)
			}
		case "created_at":
			k.Created = v.when()
		case "deleted_at":
			deleted = v.kind != kindNull && len(v.raw) > 0
		}
		return nil
	})
	if err == nil && k.ID <= 0 {
		err = errNoID
	}
	words := strings.Fields(k.Public.Wire())
	if len(words) > 1 && (strings.HasPrefix(words[0], "ssh-") || strings.HasPrefix(words[0], "ecdsa-") || strings.HasPrefix(words[0], "sk-")) {
		k.Type = safetext.Clean(words[0], 64)
		k.Comment = safetext.New(strings.Join(words[2:], " "))
	}
	return k, deleted, err
}

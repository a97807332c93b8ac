package vastapi

import (
	"context"
	"strconv"
	"time"

	"vastdeck/vastapi/safetext"
)

// APIKey is one key of the account as lists show it, without the key itself (GET
// /api/v0/auth/apikeys/).
type APIKey struct {
	ID      int64
	Name    safetext.Text
	Type    safetext.Text // "api" for one that was made by the user; empty = not told
	Team    safetext.Text // of a team's key; empty = none
	Created time.Time     // zero = not told
	Grant   Grant
}

// APIKeys returns the keys of the account.
func (c *Client) APIKeys(ctx context.Context) ([]APIKey, error) {
	var keys []APIKey
	err := c.get(ctx, RouteAPIKeys, "/api/v0/auth/apikeys/", "", func(body []byte) (err error) {
		keys, err = readAPIKeys(body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return keys, nil
}

// APIKey returns one key of the account (GET /api/v0/auth/apikeys/{id}/).
func (c *Client) APIKey(ctx context.Context, id int64) (APIKey, error) {
	var key APIKey
	err := c.get(ctx, RouteAPIKeys, apiKeyPath(id), "", func(body []byte) (err error) {
		key, err = newSorter().apiKey(&scanner{b: body})
		return err
	})
	if err != nil {
		return APIKey{}, err
	}
	return key, nil
}

func apiKeyPath(id int64) string { return "/api/v0/auth/apikeys/" + strconv.FormatInt(id, 10) + "/" }

func readAPIKeys(body []byte) ([]APIKey, error) {
	keys, d := []APIKey{}, newSorter()
	err := d.list(body, "apikeys", func(s *scanner) error {
		k, err := d.apiKey(s)
		if err == nil {
			keys = append(keys, k)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return keys, nil
}

// apiKey reads one row and leaves out the key itself, which the server sets to null
// anyway. What it may do stands under rights or permissions.
func (d *sorter) apiKey(s *scanner) (APIKey, error) {
	k := APIKey{}
	err := s.fields(func(key []byte, v value) error {
		switch string(key) {
		case "id":
			if n, ok := v.id(); ok {
				k.ID = n
			}
		case "name":
			k.Name = d.text(v)
		case "key_type":
			k.Type = d.text(v)
		case "team_name":
			k.Team = d.text(v)
		case "created_at":
			k.Created = v.when()
		case "rights", "permissions":
			if g := readGrant(v); g.told {
				k.Grant = g
			}
		}
		return nil
	})
	if err == nil && k.ID <= 0 {
		err = errNoID
	}
	return k, err
}

// readGrant reads {"api": {"misc": {}, "instance_read": {"api.instance.request_logs":
// {"constraints": …}}}}, with or without the outermost name (published description
// of permissions), and the word "all". What is none of these is not told.
func readGrant(v value) Grant {
	switch v.kind {
	case kindString:
		if w := v.words(); w == "all" || w == "*" {
			return FullGrant()
		}
	case kindObject:
		return readGroups(v.raw)
	}
	return Grant{}
}

func readGroups(raw []byte) Grant {
	g := Grant{told: true}
	var inner []byte
	s := scanner{b: raw}
	given := map[Right]bool{}
	err := s.fields(func(key []byte, v value) error {
		switch r := Right(key); {
		case string(key) == "api" && v.kind == kindObject:
			inner = v.raw
		case r.known() && v.kind == kindObject:
			given[r] = true
			if v.holdsSome() {
				g.narrow = append(g.narrow, r)
			}
		case r.known() && v.flag().Yes():
			given[r] = true
		}
		return nil
	})
	if err != nil {
		return Grant{}
	}
	if inner != nil {
		return readGroups(inner)
	}
	if len(given) == 0 {
		return Grant{} // nothing in it is known: that is not the same as nothing being allowed
	}
	for _, r := range AllRights() {
		if given[r] {
			g.groups = append(g.groups, r)
		}
	}
	return g
}

// holdsSome reports whether an object holds anything.
func (v value) holdsSome() bool {
	some := false
	s := scanner{b: v.raw}
	_ = s.fields(func([]byte, value) error { some = true; return nil })
	return some
}

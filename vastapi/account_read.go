package vastapi

import (
	"context"
)

// User returns the account the key belongs to.
func (c *Client) User(ctx context.Context) (User, error) {
	var u User
	err := c.get(ctx, RouteUser, "/api/v0/users/current/", "", func(body []byte) (err error) {
		u, err = readUser(body)
		return err
	})
	if err != nil {
		return User{}, err
	}
	return u, nil
}

// readUser leaves out api_key and everything else that is not shown.
func readUser(body []byte) (User, error) {
	u := User{Credit: Unknown[Amount](), Balance: Unknown[Amount]()}
	d := newSorter()
	err := readAnswer(body, "id", func(s *scanner, key []byte) (bool, error) {
		name := string(key)
		v, err := s.value()
		if err != nil {
			return true, err
		}
		switch name {
		case "id":
			id, ok := v.id()
			if !ok {
				return true, errNoID
			}
			u.ID = id
		case "email":
			u.Email = d.text(v)
		case "username":
			u.Username = d.text(v)
		case "credit":
			u.Credit = v.amount()
		case "balance":
			u.Balance = v.amount()
		case "ssh_key":
			u.SSHKey = v.kind == kindString && len(v.raw) > 0
		}
		return true, nil
	})
	if err != nil {
		return User{}, err
	}
	return u, nil
}

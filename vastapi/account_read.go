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
	none := Unknown[Amount]()
	u := User{Credit: none, Balance: none, TotalSpend: none, WarnBelow: none, TopUpBelow: none, TopUp: none}
	warns := FlagUnknown
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
		case "balance_threshold_enabled":
			warns = v.flag()
		default:
			d.more(&u, name, v)
		}
		return true, nil
	})
	if err != nil {
		return User{}, err
	}
	if warns.No() {
		u.WarnBelow = none
	}
	return u, nil
}

// more reads what is shown of the account beside its name and money.
func (d *sorter) more(u *User, name string, v value) {
	switch name {
	case "fullname":
		u.FullName = d.text(v)
	case "email_verified":
		u.Verified = v.flag()
	case "billing_creditonly":
		u.CreditOnly = v.flag()
	case "can_pay":
		u.CanPay = v.flag()
	case "key_id":
		u.KeyID, _ = v.id()
	case "rights":
		u.Grant = readGrant(v)
	case "total_spend":
		u.TotalSpend = v.amount()
	case "balance_threshold":
		u.WarnBelow = v.amount()
	case "autobill_threshold":
		u.TopUpBelow = v.amount()
	case "autobill_amount":
		u.TopUp = v.amount()
	}
}

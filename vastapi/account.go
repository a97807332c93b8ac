package vastapi

import "vastdeck/vastapi/safetext"

// User is the account the key belongs to (GET /api/v0/users/current/). The
// answer's api_key field is dropped on arrival.
type User struct {
	ID       int64
	Email    safetext.Text
	Username safetext.Text
	Credit   Amount // spendable; may be below 0
	Balance  Amount // often 0 on accounts that pay in advance
	SSHKey   bool   // a legacy account key is set
}

// Spendable is the money that can be spent: credit, or the balance when no
// credit is told; never their sum.
func (u User) Spendable() Amount {
	if Known(u.Credit) {
		return u.Credit
	}
	return u.Balance
}

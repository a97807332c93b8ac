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

	FullName   safetext.Text // empty = not told
	Verified   Flag          // the e-mail address is
	CreditOnly Flag          // the account pays in advance
	CanPay     Flag          // it has a way to pay
	KeyID      int64         // of the key that asked, in the list of API keys; 0 = not told
	Grant      Grant         // what that key may do, as far as the answer says
	TotalSpend Amount        // ever; unknown = not told
	// WarnBelow is the credit below which the account wants to be told; unknown = not at all, or not told.
	WarnBelow Amount
	// Below TopUpBelow the account pays TopUp by itself; unknown = it does not, or not told.
	TopUpBelow, TopUp Amount
}

// Spendable is the money that can be spent: credit, or the balance when no
// credit is told; never their sum.
func (u User) Spendable() Amount {
	if Known(u.Credit) {
		return u.Credit
	}
	return u.Balance
}

// Package account knows what is shown about the account and how one logs in. It
// must not keep a key.
package account

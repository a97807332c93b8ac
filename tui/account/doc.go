// Package account knows what is shown about the account, its API keys, variables and
// audit log, and how one logs in. It must not keep a key of the API, nor the value of
// a variable, for longer than the plan that carries it needs.
package account

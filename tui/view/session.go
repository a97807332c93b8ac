package view

// Session is with what a run talks to the API.
type Session struct {
	Profile string // "" = not told
	Host    string // "" = the API's own
	Demo    bool
	// Source is where the key came from, in words: "keyring", "environment
	// VAST_API_KEY", "this run only"; "" = there is none.
	Source string
}

// LogOut leaves the account: nothing of it stays on the screen, and nothing is asked
// for until there is a key again. The key stays where it is kept.
type LogOut struct{}

func (LogOut) intent() {}

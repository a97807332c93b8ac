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

// RunOnly is the Source of a key that is kept nowhere.
const RunOnly = "this run only"

// KeyAfterLogOut says what becomes of a key from source when its account is left. It goes
// on after the words "the key", without a full stop.
func KeyAfterLogOut(source string) string {
	switch source {
	case RunOnly:
		return "is kept nowhere: logging in again takes it anew"
	case "keyring", "encrypted file":
		return "stays in the " + source + ", and the next start uses it; `vastdeck logout` deletes it"
	case "environment VAST_API_KEY":
		return "stays in the environment as VAST_API_KEY, and the next start from there uses it; `vastdeck logout` does not change that"
	case "":
		return "stays where it is kept"
	}
	return "stays where the " + source + " has it, and the next start with that uses it; `vastdeck logout` does not change that"
}

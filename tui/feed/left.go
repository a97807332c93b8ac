package feed

import "time"

// MaxMarks is how many marks of a list are remembered. More are a filter rather than a choice:
// of those none is.
const MaxMarks = 1000

// MarksLast is how long marks are remembered after the run that had them last.
const MarksLast = 7 * 24 * time.Hour

// Left is what was marked in a list, and what was under its cursor, when it was left. Rows are
// known by names that mean the same in another run; what they look like is the list's.
type Left struct {
	Account string    // whose list it was: the id of the account
	At      time.Time // when that was so last
	Marks   []string  // at most MaxMarks; never changed in place
	Cursor  string    // "" = none
}

// Of is l as a list of that account may take it up now: empty when it is another account's, or
// nobody's, and without marks once they are too old.
func (l Left) Of(account string, now time.Time) Left {
	if account == "" || l.Account != account {
		return Left{}
	}
	if now.Sub(l.At) > MarksLast {
		l.Marks = nil
	}
	return l
}

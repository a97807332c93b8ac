package feed

import (
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// maxRecent is how many operations are shown, the newest; the journal keeps all.
const maxRecent = 500

// Journal is what the journals of this machine tell of an account's operations.
type Journal struct {
	Ops     rental.Ops
	Account string        // whose key was used when it was read, "" = not known yet
	Recent  []rental.Past // the newest 500 of the account, the newest first
	Total   int           // operations of the account
	Open    int           // operations of the account that have no answer
	// Orders are what was last asked of each instance from this machine.
	Orders map[vastapi.InstanceID]rental.Order
}

// JournalOf works out what is shown of ops. With years of operations it takes a
// while, so it is not done in Update.
func JournalOf(ops rental.Ops, account string) Journal {
	j := Journal{Ops: ops, Account: account}
	if account != "" {
		all := ops.Recent(account)
		j.Recent, j.Total = slices.Clone(all[:min(len(all), maxRecent)]), len(all)
		j.Open = len(ops.OpenFor(account))
		j.Orders = ops.Orders(account)
	}
	return j
}

// Event is something that was noticed and that the user may want to find again:
// a watched machine that came back, an instance that is ready, an alert.
type Event struct {
	At       time.Time
	Level    EventLevel
	Kind     string // "watch", "instance", "market" … one word
	Text     string // a sentence, inert
	Machine  vastapi.MachineID
	Instance vastapi.InstanceID
	Query    string // the search it is about, "" = none
}

// EventLevel is how much an event matters.
type EventLevel int

// The levels.
const (
	EventInfo EventLevel = iota
	EventGood
	EventWarn
	EventBad
)

// MaxEvents is how many events of a run are kept, the newest.
const MaxEvents = 500

// Note adds an event to what was noticed in this run. The older list is not
// changed in place.
func (s *Snapshot) Note(e Event) {
	old := s.Events
	old = old[max(0, len(old)-MaxEvents+1):]
	s.Events = append(old[:len(old):len(old)], e)
	s.Noted++
}

// NewEvents are the last n events, or as many as are kept.
func (s *Snapshot) NewEvents(n int) []Event { return s.Events[max(0, len(s.Events)-n):] }

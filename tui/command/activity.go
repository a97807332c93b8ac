package command

import (
	"errors"

	"vastdeck/vastapi/rental"
)

// Noted tells the views that an event was added to the snapshot.
type Noted struct{}

// Tended is a journal that also looks after files of processes that have ended.
type Tended interface {
	// Adopt makes this process the keeper of files whose process has ended: what is
	// found out about their operations is written there.
	Adopt() error
	// Tidy gives the files back and puts what is old and settled together.
	Tidy() error
}

// tended recovers between adopting and tidying, if the journal can. Neither keeps
// what was left open from being looked for.
func tended(journal rental.Journal, recover func() ([]rental.Settled, error)) ([]rental.Settled, error) {
	t, ok := journal.(Tended)
	if !ok {
		return recover()
	}
	adopted := t.Adopt()
	list, err := recover()
	return list, errors.Join(err, adopted, t.Tidy())
}

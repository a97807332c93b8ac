package store

import (
	"errors"
	"io/fs"
)

// StateHealth is how a file of states is, as far as reading it tells.
type StateHealth int

// The healths of a file of states.
const (
	StateNone    StateHealth = iota // there is none
	StateSound                      // it is read and written
	StateNewer                      // a newer version wrote it: it is read and never written
	StateDamaged                    // the next start sets it aside and begins anew
	StateShut                       // it cannot be read, and is not written either
)

// CheckState tells what OpenState would make of the file at path, and changes nothing.
func CheckState(path string) StateHealth {
	data, err := readFile(path, maxDocument)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return StateNone
	case errors.Is(err, errNotRegular), errors.Is(err, errLink):
		return StateDamaged
	case err != nil:
		return StateShut
	}
	e, err := decodeEnvelope(data)
	switch {
	case err != nil:
		return StateDamaged
	case e.Version > stateVersion:
		return StateNewer
	case e.Version < stateVersion:
		_, err = olderState(e.Version, e.Data)
	default:
		err = decodeData(e.Data, new(State))
	}
	if err != nil {
		return StateDamaged
	}
	return StateSound
}

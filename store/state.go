package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	// stateVersion is the version of the shape of State.
	stateVersion = 1
	// maxRentForms is how many rent forms are remembered.
	maxRentForms = 20

	stateLockTries = 200
	stateLockPause = 10 * time.Millisecond
)

// State is what the program remembers of one profile between runs. Names of views, columns and
// the rest are the caller's.
type State struct {
	LastView  string              `json:"last_view,omitempty"`
	Sort      map[string]Sort     `json:"sort,omitempty"`    // by view
	Columns   map[string][]string `json:"columns,omitempty"` // columns shown, in order, by view
	Searches  []Search            `json:"searches,omitempty"`
	Blocks    []Block             `json:"blocks,omitempty"`
	Notes     map[string]string   `json:"notes,omitempty"`      // by subject, e.g. "machine 123"
	RentForms []RentForm          `json:"rent_forms,omitempty"` // the newest first, at most 20
}

// Sort is the order of one table.
type Sort struct {
	Column  string `json:"column"`
	Reverse bool   `json:"reverse,omitempty"`
}

// Search is a query saved under a name.
type Search struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// Block is a subject the user does not want to see again, e.g. "host 42".
type Block struct {
	Subject string    `json:"subject"`
	Reason  string    `json:"reason,omitempty"`
	Since   time.Time `json:"since"`
}

// RentForm is what was filled into the rent form. Environment values, the start script and the
// registry login have no field here: they may hold secrets and are never stored.
type RentForm struct {
	Image  string    `json:"image"`
	DiskGB float64   `json:"disk_gb"`
	Name   string    `json:"name,omitempty"`
	At     time.Time `json:"at"`
}

// AddRentForm puts f first among the remembered forms, in place of one with the same image, disk
// and name, and forgets the oldest above 20.
func (s *State) AddRentForm(f RentForm) {
	same := func(old RentForm) bool {
		return old.Image == f.Image && old.DiskGB == f.DiskGB && old.Name == f.Name
	}
	forms := append([]RentForm{f}, slices.DeleteFunc(slices.Clone(s.RentForms), same)...)
	s.RentForms = forms[:min(len(forms), maxRentForms)]
}

// ErrReadOnly says that the state is not written in this run: see the notice of OpenState.
var ErrReadOnly = errors.New("the state is read-only in this run")

// StateFile is the state.json of one profile. Its methods may be called from several goroutines.
type StateFile struct {
	path string

	mu       sync.Mutex
	state    State
	readOnly bool
}

// OpenState reads state.json in dir, the profile's folder. It always gives a usable state: a
// missing file is an empty one, a damaged file is set aside and begun anew, one of a newer
// version is read and never written. The notice is a sentence for the user about that, or "".
func OpenState(dir string) (*StateFile, string) {
	f := &StateFile{path: filepath.Join(dir, "state.json")}
	return f, f.read()
}

// read loads the file into f and returns the notice. Without a usable file, f keeps its state.
func (f *StateFile) read() string {
	got := loadDocument(f.path, stateVersion, &f.state)
	f.readOnly = got.readOnly
	return got.notice
}

// State returns a copy of the state as this process last read or wrote it. Maps and slices are
// shared: change them through Update only.
func (f *StateFile) State() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

// ReadOnly reports whether Update will refuse.
func (f *StateFile) ReadOnly() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.readOnly
}

// Update reads the file again, lets change alter the state and replaces the file with it. Copies
// of the program take turns, so that none undoes what another has just saved. It fails with
// ErrReadOnly, or when the file cannot be written; the state in memory is changed all the same,
// so that the run goes on with it. A file that was damaged or removed meanwhile is replaced by
// what this process remembers.
func (f *StateFile) Update(change func(*State)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readOnly {
		change(&f.state)
		return ErrReadOnly
	}
	release, err := f.lock()
	if err != nil {
		change(&f.state)
		return fmt.Errorf("save the state: %w", err)
	}
	defer release()
	f.read()
	change(&f.state)
	if f.readOnly {
		return ErrReadOnly
	}
	return saveDocument(f.path, stateVersion, f.state)
}

// lock waits up to two seconds for another copy that is saving.
func (f *StateFile) lock() (func(), error) {
	if err := makeDir(filepath.Dir(f.path)); err != nil {
		return nil, err
	}
	for range stateLockTries {
		release, err := lockPath(f.path + ".lock")
		if release != nil || err != nil {
			return release, err
		}
		time.Sleep(stateLockPause)
	}
	return nil, errors.New("another copy of the program is saving it")
}

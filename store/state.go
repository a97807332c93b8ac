package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

const (
	// stateVersion is the version of the shape of State.
	stateVersion = 2

	stateLockTries = 1000
	stateLockPause = 10 * time.Millisecond
)

// State is what the program remembers of one profile between runs. Names of views, columns and
// the rest are the caller's. What is read from the file is bounded in size but otherwise as it
// stands there: whoever shows it makes it inert.
type State struct {
	LastView  string            `json:"last_view,omitempty"`
	Tables    map[string]Table  `json:"tables,omitempty"` // by view
	Left      map[string]Left   `json:"left,omitempty"`   // by list
	Searches  []Search          `json:"searches,omitempty"`
	Blocks    []Block           `json:"blocks,omitempty"`
	Notes     map[string]string `json:"notes,omitempty"` // by subject, e.g. "machine 123"
	Watches   []Watch           `json:"watches,omitempty"`
	Workload  Workload          `json:"workload,omitzero"`
	Query     string            `json:"query,omitempty"`
	RentForms []RentForm        `json:"rent_forms,omitempty"` // the newest first, at most 20
	Tunnels   []Tunnel          `json:"tunnels,omitempty"`
	Lines     []string          `json:"lines,omitempty"`      // what was done by typing it, the newest first, at most 50
	SSHConfig bool              `json:"ssh_config,omitempty"` // the user wants ssh's configuration to be kept current
	Month730  bool              `json:"month_730,omitempty"`  // months are reckoned with 730 hours, not 720
}

// Table is how one table is arranged.
type Table struct {
	Columns []string       `json:"columns,omitempty"` // those shown, in order; none = the table's own choice
	Widths  map[string]int `json:"widths,omitempty"`  // cells by column
	Sort    string         `json:"sort,omitempty"`
	Reverse bool           `json:"reverse,omitempty"`
	Query   string         `json:"query,omitempty"` // what it was filtered by when it was left
}

// Left is what was marked in a list, and what was under its cursor, when it was left.
type Left struct {
	Account string    `json:"account,omitempty"` // whose list it was
	At      time.Time `json:"at"`                // when that was so last
	Marks   []string  `json:"marks,omitempty"`   // names of rows, 1,000 at most
	Cursor  string    `json:"cursor,omitempty"`  // the name of a row, "" = none
}

// Search is a query saved under a name.
type Search struct {
	Name    string `json:"name"`
	Query   string `json:"query"`
	Kind    string `json:"kind,omitempty"` // of the rental; "" = the usual one
	Sort    string `json:"sort,omitempty"`
	Reverse bool   `json:"reverse,omitempty"`
}

// Block is a machine or a host that the user does not want to see again.
type Block struct {
	Machine int64     `json:"machine,omitempty"` // 0 when the whole host is meant
	Host    int64     `json:"host,omitempty"`    // 0 when only a machine is meant
	Reason  string    `json:"reason,omitempty"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until,omitzero"` // zero = until it is taken away
}

// Watch is a machine or a search that is looked at from time to time.
type Watch struct {
	Name    string    `json:"name,omitempty"`
	Machine int64     `json:"machine,omitempty"` // 0 when a query is watched
	Query   string    `json:"query,omitempty"`
	Kind    string    `json:"kind,omitempty"`
	Added   time.Time `json:"added"`
}

// Workload is what prices are worked out for: sizes in GB, a time in hours. The zero value is
// nobody's choice.
type Workload struct {
	DiskGB float64 `json:"disk_gb,omitempty"`
	Hours  float64 `json:"hours,omitempty"`
	InGB   float64 `json:"in_gb,omitempty"`
	OutGB  float64 `json:"out_gb,omitempty"`
}

// RentForm is what was filled into the rent form. Environment values, the start script and the
// registry login have no field here: they may hold secrets and are never stored; the names of
// variables are.
type RentForm struct {
	At       time.Time `json:"at"`
	Image    string    `json:"image,omitempty"`
	Template string    `json:"template,omitempty"`
	DiskGB   float64   `json:"disk_gb,omitempty"`
	Name     string    `json:"name,omitempty"`
	Kind     string    `json:"kind,omitempty"`
	RunType  string    `json:"run_type,omitempty"`
	Direct   bool      `json:"direct,omitempty"`
	EnvNames []string  `json:"env_names,omitempty"`
	Ports    []string  `json:"ports,omitempty"`
	GPU      string    `json:"gpu,omitempty"`
	NumGPUs  int       `json:"num_gpus,omitempty"`
	Bid      float64   `json:"bid,omitempty"` // $/h; 0 = none
	Machine  int64     `json:"machine,omitempty"`
}

// Tunnel is a forwarded port that is opened again when the instance of that name runs.
type Tunnel struct {
	Name   string `json:"name"` // of the instance
	Bind   string `json:"bind,omitempty"`
	Local  int    `json:"local"`
	Host   string `json:"host,omitempty"` // as the instance sees it
	Remote int    `json:"remote"`
	Keep   bool   `json:"keep,omitempty"` // goes on after the program has ended
}

// ErrReadOnly says that the state is not written in this run: see the notice of OpenState.
var ErrReadOnly = errors.New("the state is read-only in this run")

// stateName is the name of the file in the profile's folder.
const stateName = "state.json"

// StateFile is the state.json of one profile. Its methods may be called from several goroutines.
type StateFile struct {
	path  string
	tries int // how often another copy that is saving is looked after

	mu       sync.Mutex
	state    State
	readOnly bool
}

// OpenState reads state.json in dir, the profile's folder. It always gives a usable state: a
// missing file is an empty one, one of an older version is taken over, a damaged file is set
// aside and begun anew, one of a newer version is read and never written. The notice is a
// sentence for the user about that, or "".
func OpenState(dir string) (*StateFile, string) {
	f := &StateFile{path: filepath.Join(dir, stateName), tries: stateLockTries}
	return f, f.read()
}

// read loads the file into f and returns the notice. Without a usable file, f keeps its state.
func (f *StateFile) read() string {
	got := loadDocument(f.path, stateVersion, &f.state, olderState)
	f.readOnly = got.readOnly
	f.state = f.state.bounded()
	return got.notice
}

// olderState takes over the data of a file of an older version.
func olderState(version int, data json.RawMessage) (State, error) {
	if version != 1 {
		return State{}, fmt.Errorf("version %d was never written", version)
	}
	return stateOf1(data)
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
// what this process remembers. What exceeds the bounds of a state is left out.
func (f *StateFile) Update(change func(*State)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readOnly {
		f.apply(change)
		return ErrReadOnly
	}
	release, err := f.lock()
	if err != nil {
		f.apply(change)
		return fmt.Errorf("save the state: %w", err)
	}
	defer release()
	f.read()
	f.apply(change)
	if f.readOnly {
		return ErrReadOnly
	}
	return saveDocument(f.path, stateVersion, f.state)
}

func (f *StateFile) apply(change func(*State)) {
	change(&f.state)
	f.state = f.state.bounded()
}

// lock waits up to ten seconds for another copy that is saving: a slow disk takes
// some tenths of a second for each that stands before this one.
func (f *StateFile) lock() (func(), error) {
	if err := makeDir(filepath.Dir(f.path)); err != nil {
		return nil, err
	}
	for range f.tries {
		release, err := lockPath(f.path + ".lock")
		if release != nil || err != nil {
			return release, err
		}
		time.Sleep(stateLockPause)
	}
	return nil, errors.New("another copy of the program is saving it")
}

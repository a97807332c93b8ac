package feed

import (
	"maps"
	"slices"
	"time"

	"vastdeck/vastapi"
)

// Memory is what is remembered of one profile between runs. It is part of the
// snapshot and replaced whole, never changed in place: a view that wants it
// changed returns view.Remember.
type Memory struct {
	LastView  int                   // number of the view that was open last, 0 = none
	Tables    map[string]TableState // by view: "market", "instances" …
	Left      map[string]Left       // by list: what was marked in it when it was left
	Searches  []SavedSearch
	Blocks    []Block
	Notes     map[string]string // by subject: "machine 123", "host 42"
	Watches   []Watch
	Workload  Workload
	Query     string     // the market's query when it was left
	RentForms []RentSpec // the newest first, at most 20
	Tunnels   []SavedTunnel
	SSHConfig bool     // the user wants ssh's configuration to be kept current
	Lines     []string // what was done in the palette, the newest first, at most 50
	Month730  bool     // months are reckoned with 730 hours, not 720
}

// maxRentForms is how many rent forms are remembered.
const maxRentForms = 20

// Clone returns a copy that shares nothing with m.
func (m Memory) Clone() Memory {
	m.Tables = maps.Clone(m.Tables)
	for name, t := range m.Tables {
		t.Columns, t.Widths = slices.Clone(t.Columns), maps.Clone(t.Widths)
		m.Tables[name] = t
	}
	m.Left = maps.Clone(m.Left)
	for name, l := range m.Left {
		l.Marks = slices.Clone(l.Marks)
		m.Left[name] = l
	}
	m.Searches, m.Blocks, m.Watches = slices.Clone(m.Searches), slices.Clone(m.Blocks), slices.Clone(m.Watches)
	m.Lines = slices.Clone(m.Lines)
	m.Notes, m.Tunnels = maps.Clone(m.Notes), slices.Clone(m.Tunnels)
	m.RentForms = slices.Clone(m.RentForms)
	for n := range m.RentForms {
		f := &m.RentForms[n]
		f.EnvNames, f.Ports = slices.Clone(f.EnvNames), slices.Clone(f.Ports)
	}
	return m
}

// SetTable notes how the table of a view is arranged.
func (m *Memory) SetTable(name string, t TableState) {
	if m.Tables == nil {
		m.Tables = map[string]TableState{}
	}
	m.Tables[name] = t
}

// SetLeft notes what is marked in a list. The map is replaced, never changed in place.
func (m *Memory) SetLeft(list string, l Left) {
	next := make(map[string]Left, len(m.Left)+1)
	maps.Copy(next, m.Left)
	next[list] = l
	m.Left = next
}

// AddRentForm puts f first among the remembered forms, in place of one that
// differs in its time alone, and forgets the oldest above 20.
func (m *Memory) AddRentForm(f RentSpec) {
	same := func(old RentSpec) bool {
		old.At = f.At
		return old.equal(f)
	}
	forms := append([]RentSpec{f}, slices.DeleteFunc(slices.Clone(m.RentForms), same)...)
	m.RentForms = forms[:min(len(forms), maxRentForms)]
}

// maxPaletteLines is how many lines of the palette are remembered.
const maxPaletteLines = 50

// AddLine puts a line of the palette first among the remembered ones.
func (m *Memory) AddLine(line string) {
	lines := append([]string{line}, slices.DeleteFunc(slices.Clone(m.Lines), func(l string) bool { return l == line })...)
	m.Lines = lines[:min(len(lines), maxPaletteLines)]
}

// Blocked finds the block that hides a machine of a host at a moment.
func (m Memory) Blocked(machine vastapi.MachineID, host vastapi.HostID, now time.Time) (Block, bool) {
	for _, b := range m.Blocks {
		if b.hides(machine, host) && b.holds(now) {
			return b, true
		}
	}
	return Block{}, false
}

func (b Block) hides(machine vastapi.MachineID, host vastapi.HostID) bool {
	return b.Machine != 0 && b.Machine == machine || b.Machine == 0 && b.Host != 0 && b.Host == host
}

func (b Block) holds(now time.Time) bool { return b.Until.IsZero() || now.Before(b.Until) }

// TableState is how the user has arranged a table.
type TableState struct {
	Columns []string       // ids in the order shown; nil = the table's own choice
	Widths  map[string]int // cells by column; those that are not in it have their own
	Sort    string         // id of the column, "" = the table's own choice
	Desc    bool
	Query   string // what it was filtered by when it was left, where Memory.Query is not about it
}

// SavedSearch is a query kept under a name.
type SavedSearch struct {
	Name  string
	Query string
	Kind  vastapi.RentalType // "" = on-demand
	Sort  string
	Desc  bool
}

// Block hides a host or a machine from the market until it expires.
type Block struct {
	Machine vastapi.MachineID // 0 when the whole host is blocked
	Host    vastapi.HostID    // 0 when only a machine is blocked
	Reason  string
	Since   time.Time
	Until   time.Time // zero = until it is taken away
}

// Watch is a machine or a search that is looked at from time to time.
type Watch struct {
	Name    string
	Machine vastapi.MachineID // 0 when a query is watched
	Query   string
	Kind    vastapi.RentalType
	Added   time.Time
}

// Workload is what the user means to do with a machine: the figures that make
// prices comparable. The zero value is replaced by DefaultWorkload.
type Workload struct {
	Disk  vastapi.GB // sent as allocated_storage and asked for when renting
	Hours float64    // how long the job runs
	In    vastapi.GB // traffic to the machine
	Out   vastapi.GB // traffic from the machine
}

// DefaultWorkload is what prices are worked out for until the user says otherwise.
func DefaultWorkload() Workload { return Workload{Disk: 10, Hours: 24} }

// RentAgain is what a rent form is to be filled with: a remembered form and, when
// they are known from elsewhere in this run, what is never stored.
type RentAgain struct {
	RentSpec
	Env     string // as it is typed: "-e NAME=VALUE -p 80:80"
	OnStart string
	Field   string          // the field to begin with, "" = the first
	Tried   vastapi.OfferID // an offer that could not be had, 0 = none
}

// RentSpec is what was filled into the rent form. Values of environment
// variables, the start script and the registry login have no field here: they
// may hold secrets and are never stored; names of variables are.
type RentSpec struct {
	At       time.Time
	Image    string
	Template string // hash_id of a template, "" = none
	Disk     vastapi.GB
	Name     string
	Kind     vastapi.RentalType
	RunType  string   // "ssh", "jupyter" or "args"
	Direct   bool     // ports of the machine itself, not the proxy
	EnvNames []string // names of the variables, without their values
	Ports    []string // "-p 8080:8080"
	GPU      string   // what it was rented on, to find a match again
	NumGPUs  int
	Bid      vastapi.Rate // NaN or 0 = none
	Machine  vastapi.MachineID
}

// equal compares all that was filled in; forms without a bid may have 0 or NaN there.
func (s RentSpec) equal(o RentSpec) bool {
	bid := func(r vastapi.Rate) vastapi.Rate {
		if vastapi.Known(r) {
			return r
		}
		return 0
	}
	return s.At.Equal(o.At) && s.Image == o.Image && s.Template == o.Template && s.Disk == o.Disk && s.Name == o.Name &&
		s.Kind == o.Kind && s.RunType == o.RunType && s.Direct == o.Direct && slices.Equal(s.EnvNames, o.EnvNames) &&
		slices.Equal(s.Ports, o.Ports) && s.GPU == o.GPU && s.NumGPUs == o.NumGPUs && bid(s.Bid) == bid(o.Bid) && s.Machine == o.Machine
}
